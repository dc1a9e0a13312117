//! The result of a query to Wikidata, as CSV, TSV or JSON: a row for each item, name and whatever else was asked for.
//!
//! Variables are known by their names: `item`, `itemLabel` and `itemAltLabel` as the label service makes them, `label`, `altLabel`,
//! `official`, `native`, `lang`, `class`, `coord`, `lat`, `lon`, `country`, `iso`, `geonames`, `population`, `inception`, `dissolved`,
//! `start`, `end`. JSON tells the language of each text; in CSV `lang` does.

use super::cells::Cells;
use super::vocabulary::{CLASSES, tag};
use crate::error::Result;
use crate::record::{Kind, Name, NameKind, Record};

pub(super) fn record(row: &Cells<'_>) -> Result<Option<Record>> {
    let mut record = Record::new(row.id("item", &item(row.need("item", "an IRI of Wikidata")?))?);
    for (column, text, lang) in row.all() {
        let lang = if lang.is_empty() { row.get("lang").unwrap_or("") } else { lang };
        let (text, lang) = literal(text, tag(lang.trim_start_matches('@')));
        let kind = match column {
            "itemLabel" | "label" | "name" if lang == "en" || lang.is_empty() => NameKind::Preferred,
            "itemLabel" | "label" | "name" | "itemAltLabel" | "altLabel" | "alias" => NameKind::Alternate,
            "official" | "native" | "officialName" | "nativeLabel" if row.get("end").is_some() => {
                NameKind::Historic
            }
            "official" | "native" | "officialName" | "nativeLabel" => NameKind::Official,
            _ => continue,
        };
        // The label service gives the number of what has no label, and all aliases in one text.
        let several = column == "itemAltLabel";
        for name in text.split(if several { ", " } else { "\n" }).map(str::trim) {
            if !name.is_empty() && format!("wd:{name}") != record.id.as_str() {
                let mut name = Name { kind, source: "wikidata".to_owned(), ..Name::new(name, lang) };
                if matches!(kind, NameKind::Official | NameKind::Historic) {
                    name.period.from = row.get("start").map(|text| row.date("start", text)).transpose()?;
                    name.period.to = row.get("end").map(|text| row.date("end", text)).transpose()?;
                }
                record.names.push(name);
            }
        }
    }
    if record.names.is_empty() {
        return Ok(None);
    }
    record.point = match row.get("coord").or_else(|| row.get("coordinates")) {
        Some(text) => row.wkt("coord", literal(text, "").0)?,
        None => row.point("lat", "lon")?,
    };
    let class = row.get("class").or_else(|| row.get("type")).map(item);
    let class = class.and_then(|class| {
        CLASSES.iter().find(|(known, _)| class.strip_prefix("wd:") == Some(known)).map(|(_, kind)| *kind)
    });
    record.kind = class.or(record.point.map(|_| Kind::Place));
    if let Some(other) = row.get("country") {
        record.part_of.push(row.id("country", &item(other))?);
    }
    if let Some(code) = row.get("iso") {
        record.same_as.push(row.id("iso", &format!("iso:{code}"))?);
        record.country = code.get(..2).map(|code| row.country("iso", code)).transpose()?;
    }
    if let Some(number) = row.get("geonames") {
        record.same_as.push(row.id("geonames", &format!("gn:{number}"))?);
    }
    if let Some(people) = row.get("population") {
        record.population = Some(row.number("population", people)? as u64).filter(|n| *n > 0);
    }
    record.period.from = row.get("inception").map(|text| row.date("inception", text)).transpose()?;
    record.period.to = row.get("dissolved").map(|text| row.date("dissolved", text)).transpose()?;
    Ok(Some(record))
}

/// A row of a result in JSON: an object of variables, each with a value and perhaps a language.
#[cfg(feature = "serde")]
pub(super) fn binding(object: &super::objects::At<'_>) -> Result<Option<Record>> {
    let mut cells = vec![];
    for (name, value) in object.members()? {
        let lang = value.get("xml:lang").map(|lang| lang.text()).transpose()?.unwrap_or("");
        cells.push((name, value.need("value")?.text()?.trim(), lang));
    }
    record(&Cells { cells, place: object.place() })
}

/// `http://www.wikidata.org/entity/Q35493`, `<…>` and `wd:Q35493` as an id; anything else as it is.
fn item(text: &str) -> String {
    super::vocabulary::short_iri(text.trim_start_matches('<').trim_end_matches('>'))
}

/// A text of TSV, which has quotes and a language: `"Алматы"@kk`.
fn literal<'t>(text: &'t str, lang: &'t str) -> (&'t str, &'t str) {
    let quoted = text.strip_prefix('"').and_then(|rest| rest.rsplit_once('"'));
    match quoted {
        Some((text, behind)) => match behind.strip_prefix('@') {
            Some(own) => (text, tag(own)),
            None => (text, lang),
        },
        None => (text, lang),
    }
}
