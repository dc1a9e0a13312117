//! The Research Organization Registry: a list of organisations, schema 2.
//!
//! The name displayed becomes `preferred`, labels in other languages `official`, aliases `alternate`, acronyms
//! `abbreviation`. Withdrawn organisations are passed over.

use super::objects::At;
use super::vocabulary::tag;
use crate::error::Result;
use crate::record::{Kind, Name, NameKind, Record, RecordId};

pub(super) fn record(organisation: &At<'_>) -> Result<Option<Record>> {
    let id = organisation.need("id")?;
    let mut record = Record::new(id_of(&id)?);
    if let Some(status) = organisation.get("status")
        && status.text()? == "withdrawn"
    {
        return Ok(None);
    }
    if organisation.get("names").is_none() && organisation.get("name").is_some() {
        return Err(organisation
            .fail("is of schema 1, expected schema 2; take the file of the dump that ends in _v2.json"));
    }
    record.kind = Some(Kind::Organization);
    for name in organisation.items("names")? {
        let kind = match () {
            () if name.has("types", "ror_display") => NameKind::Preferred,
            () if name.has("types", "label") => NameKind::Official,
            () if name.has("types", "acronym") => NameKind::Abbreviation,
            () => NameKind::Alternate,
        };
        let lang = name.get("lang").map(|lang| lang.text()).transpose()?.unwrap_or("");
        let text = name.need("value")?.written()?;
        record.names.push(Name { kind, source: "ror".to_owned(), ..Name::new(text, tag(lang)) });
    }
    if record.names.is_empty() {
        return Err(organisation.fail("has no names"));
    }
    if let Some(year) = organisation.get("established") {
        record.period.from = Some(year.date(&year.word()?)?);
    }
    // Of several places the first is the main one.
    if let Some(details) =
        organisation.items("locations")?.first().and_then(|place| place.get("geonames_details"))
    {
        record.country = details.get("country_code").map(|code| code.text()).transpose()?.map(str::to_owned);
        if let (Some(lat), Some(lon)) = (details.get("lat"), details.get("lng")) {
            record.point = Some(details.point(&lat, &lon)?);
        }
    }
    for external in organisation.items("external_ids")? {
        let scheme = match external.need("type")?.text()? {
            "wikidata" => "wd",
            scheme @ ("grid" | "isni" | "fundref") => scheme,
            _ => continue,
        };
        for id in external.items("all")? {
            record.same_as.push(id.id(&format!("{scheme}:{}", id.word()?.replace(' ', "")))?);
        }
    }
    for relation in organisation.items("relationships")? {
        let other = relation.need("id")?;
        match relation.need("type")?.text()? {
            "parent" => record.part_of.push(id_of(&other)?),
            "successor" => record.successors.push(id_of(&other)?),
            _ => {}
        }
    }
    Ok(Some(record))
}

/// `https://ror.org/05dxps055` → `ror:05dxps055`.
fn id_of(iri: &At<'_>) -> Result<RecordId> {
    match iri.text()?.strip_prefix("https://ror.org/") {
        Some(own) => iri.id(&format!("ror:{own}")),
        None => {
            Err(iri.fail(&format!("id is {:?}, expected one such as https://ror.org/05dxps055", iri.text()?)))
        }
    }
}
