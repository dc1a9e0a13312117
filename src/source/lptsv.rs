//! Linked Places as a table (LP-TSV 0.5): a place a row, its names in `title` and `variants`.
//!
//! Ids are those of whoever made the table, unless they are IRIs; `matches` tell those of others. Dates of `start` and `end` are of
//! the place; a range stands for its outer end.

use super::cells::Cells;
use super::vocabulary::tag;
use crate::error::Result;
use crate::record::{Kind, Name, NameKind, Record};

pub(super) fn record(row: &Cells<'_>) -> Result<Option<Record>> {
    let id = row.need("id", "an identifier")?;
    let mut record = Record::new(row.id("id", &short(id, "lp"))?);
    record.kind = Some(Kind::Place);
    let named = |text: &str, lang: &str, kind| {
        // A script stands behind the language, as in grc-latn; what is none says nothing.
        Name { kind, source: "lptsv".to_owned(), ..Name::new(text, tag(lang)) }
    };
    let title = row.need("title", "the written form")?;
    let (text, lang) = title.rsplit_once('@').unwrap_or((title, ""));
    record.names.push(named(text.trim(), row.get("title_lang").unwrap_or(lang), NameKind::Preferred));
    for variant in items(row.get("variants")) {
        let (text, lang) = variant.rsplit_once('@').unwrap_or((variant, ""));
        if text.trim().is_empty() {
            return Err(
                row.fail("variants", &format!("{variant:?} has no name, expected one such as Pekin@fr"))
            );
        }
        record.names.push(named(text.trim(), lang.trim(), NameKind::Alternate));
    }
    if let [country] = items(row.get("ccodes")).collect::<Vec<_>>().as_slice() {
        record.country = Some(row.country("ccodes", country)?);
    }
    record.point = match (row.point("lat", "lon")?, row.get("geowkt")) {
        (None, Some(text)) => row.wkt("geowkt", text)?,
        (point, _) => point,
    };
    for item in items(row.get("matches")) {
        record.same_as.push(row.id("matches", &short(item, ""))?);
    }
    for item in items(row.get("parent_id")) {
        record.part_of.push(row.id("parent_id", &short(item, "lp"))?);
    }
    let bound = |column: &str, last: bool| {
        let Some(text) = row.get(column) else { return Ok(None) };
        let (from, to) = text.split_once('/').unwrap_or((text, text));
        row.date(column, if last { to } else { from }).map(Some)
    };
    record.period.from = bound("start", false)?;
    record.period.to = bound("end", true)?;
    Ok(Some(record))
}

fn items(list: Option<&str>) -> impl Iterator<Item = &str> {
    list.unwrap_or("").split(';').map(str::trim).filter(|item| !item.is_empty())
}

/// An IRI or an id of a known scheme in short; anything else in the scheme given.
fn short(text: &str, scheme: &str) -> String {
    let short = super::vocabulary::short_iri(text);
    if short.contains(':') || scheme.is_empty() { short } else { format!("{scheme}:{short}") }
}
