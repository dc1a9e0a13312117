//! Words on a terminal that open a page when they are clicked on (OSC 8).

use exonym::gazetteer::RecordRef;

use crate::sink::Sink;

/// What an address stands between.
pub(crate) const BEGIN: &str = "\u{1b}]8;;";
pub(crate) const END: &str = "\u{1b}\\";

/// A text that leads to an address.
pub(crate) fn link(text: &str, address: &str) -> String {
    format!("{BEGIN}{address}{END}{text}{BEGIN}{END}")
}

/// The id of a record, which leads to its page at GeoNames or Wikidata where the output has links.
pub(crate) fn id(record: RecordRef<'_>, out: &Sink) -> String {
    id_if(record, out.has_links())
}

/// The same, where it is known whether there are links.
pub(crate) fn id_if(record: RecordRef<'_>, linked: bool) -> String {
    let id = record.id().to_string();
    let page = if linked { exonym::output::link(record) } else { None };
    page.map_or_else(|| id.clone(), |page| link(&id, &page))
}
