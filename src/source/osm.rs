//! OpenStreetMap objects with their tags, as Overpass writes them: `[out:csv(::id,::type,::lat,::lon,name,"name:ru",old_name,place)]`.
//!
//! Every column that is named like a tag with names is read: `name`, `official_name`, `short_name`, `alt_name`, `old_name`, `loc_name`,
//! `int_name`, each with a language behind a colon or without. Several names in a value are separated by semicolons.

use super::cells::Cells;
use super::vocabulary::tag;
use crate::error::Result;
use crate::record::{Kind, Name, NameKind, Record};

/// What values of `place` are in the words of GeoNames.
const PLACES: [(&str, &str); 19] = [
    ("continent", "L.CONT"),
    ("country", "A.PCLI"),
    ("state", "A.ADM1"),
    ("region", "L.RGN"),
    ("province", "A.ADM1"),
    ("county", "A.ADM2"),
    ("district", "A.ADM2"),
    ("city", "P.PPL"),
    ("town", "P.PPL"),
    ("village", "P.PPL"),
    ("hamlet", "P.PPL"),
    ("suburb", "P.PPLX"),
    ("quarter", "P.PPLX"),
    ("neighbourhood", "P.PPLX"),
    ("island", "T.ISL"),
    ("islet", "T.ISL"),
    ("archipelago", "T.ISLS"),
    ("sea", "H.SEA"),
    ("ocean", "H.OCN"),
];

pub(super) fn record(row: &Cells<'_>) -> Result<Option<Record>> {
    let number = row.need("@id", "a number")?;
    if number.parse::<u64>().is_err() {
        return Err(row.fail("@id", &format!("id is {number:?}, expected a number such as 27043984")));
    }
    let letter = match row.need("@type", "node, way or relation")? {
        "node" | "n" => 'n',
        "way" | "w" => 'w',
        "relation" | "r" => 'r',
        other => return Err(row.fail("@type", &format!("is {other:?}, expected node, way or relation"))),
    };
    let mut record = Record::new(row.id("@id", &format!("osm:{letter}{number}"))?);
    for (column, text, _) in row.all() {
        let (what, lang) = column.split_once(':').unwrap_or((column, ""));
        let kind = match (what, lang) {
            ("name", "") => NameKind::Preferred,
            ("name" | "int_name", _) => NameKind::Alternate,
            ("official_name", _) => NameKind::Official,
            ("short_name", _) => NameKind::Short,
            ("alt_name", _) => NameKind::Alternate,
            ("old_name", _) => NameKind::Historic,
            ("loc_name" | "nickname", _) => NameKind::Colloquial,
            _ => continue,
        };
        // Behind the colon may stand other things than languages, such as name:pronunciation or name:left.
        let lang = lang.replace('_', "-");
        let is_tag = lang.split('-').next().is_some_and(|first| (2..=3).contains(&first.len()));
        if !lang.is_empty() && (!is_tag || tag(&lang).is_empty()) {
            continue;
        }
        for name in text.split(';').map(str::trim).filter(|name| !name.is_empty()) {
            record.names.push(Name { kind, source: "osm".to_owned(), ..Name::new(name, &lang) });
        }
    }
    if record.names.is_empty() {
        return Ok(None);
    }
    let place = row.get("place").unwrap_or("");
    let capital = place == "city" && row.get("capital") == Some("yes");
    let feature = PLACES.iter().find(|(known, _)| *known == place).map(|(_, feature)| *feature);
    let feature = if capital { Some("P.PPLC") } else { feature };
    record.feature = feature.map(str::parse).transpose()?;
    record.kind = Some(if place == "country" { Kind::State } else { Kind::Place });
    record.point = row.point("@lat", "@lon")?;
    // People write "about 300" and the like.
    record.population =
        row.get("population").and_then(|n| n.replace([' ', ','], "").parse().ok()).filter(|n| *n > 0);
    if let Some(item) = row.get("wikidata") {
        for item in item.split(';').map(str::trim).filter(|item| item.starts_with('Q')) {
            record.same_as.push(row.id("wikidata", &format!("wd:{item}"))?);
        }
    }
    for column in ["ISO3166-1", "ISO3166-1:alpha2", "ISO3166-2"] {
        if let Some(code) = row.get(column) {
            let id = row.id(column, &format!("iso:{code}"))?;
            record.country = code.get(..2).map(|code| row.country(column, code)).transpose()?;
            if !record.same_as.contains(&id) {
                record.same_as.push(id);
            }
        }
    }
    Ok(Some(record))
}
