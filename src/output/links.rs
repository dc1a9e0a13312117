//! Where a record can be read about.

use crate::gazetteer::RecordRef;

/// The page of a record at GeoNames or Wikidata, by its id or else by one of its further ids.
///
/// ```
/// # use exonym::{Gazetteer, GazetteerBuilder, Record, record::Name};
/// # let mut builder = GazetteerBuilder::new();
/// # let mut kazakhstan = Record::new("iso:KZ".parse()?);
/// # kazakhstan.names = vec![Name::new("Kazakhstan", "en")];
/// # kazakhstan.same_as = vec!["wd:Q232".parse()?];
/// # builder.add(kazakhstan, None)?;
/// # let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
/// let kazakhstan = gazetteer.by_id("iso:KZ").unwrap();
/// assert_eq!(exonym::output::link(kazakhstan).unwrap(), "https://www.wikidata.org/wiki/Q232");
/// # Ok::<(), exonym::Error>(())
/// ```
pub fn link(record: RecordRef<'_>) -> Option<String> {
    let of = |id: &str| match id.split_once(':')? {
        ("gn", number) => Some(format!("https://www.geonames.org/{number}/")),
        ("wd", item) => Some(format!("https://www.wikidata.org/wiki/{item}")),
        _ => None,
    };
    of(&record.id().to_string()).or_else(|| record.same_as().find_map(|id| of(&id.to_string())))
}

/// The record as Linked Data names it: the IRI of GeoNames or Wikidata, else its own id, which is one as it stands.
pub(super) fn iri(record: RecordRef<'_>) -> String {
    let of = |id: &str| match id.split_once(':')? {
        ("gn", number) => Some(format!("https://sws.geonames.org/{number}/")),
        ("wd", item) => Some(format!("http://www.wikidata.org/entity/{item}")),
        _ => None,
    };
    let id = record.id().to_string();
    of(&id).or_else(|| record.same_as().find_map(|other| of(&other.to_string()))).unwrap_or(id)
}
