//! Linked Places: GeoJSON whose features carry names, dates (`when`) and links, as historical gazetteers are exchanged.
//!
//! The id is the `@id` of the feature; IRIs of GeoNames and Wikidata become `gn:` and `wd:`. A point is taken from a
//! geometry that has one; of lines and areas none is made up.

use super::objects::At;
use super::vocabulary::tag;
use crate::error::Result;
use crate::record::{Kind, Name, NameKind, Period, Point, Record, RecordId};

pub(super) fn record(feature: &At<'_>) -> Result<Option<Record>> {
    let id = match feature.get("@id") {
        Some(id) => id,
        None => feature.need("id").map_err(|_| feature.fail("has no \"@id\", expected an IRI"))?,
    };
    let mut record = Record::new(short(&id)?);
    record.kind = Some(Kind::Place);
    if let Some(properties) = feature.get("properties") {
        let countries = properties.items("ccodes")?;
        if let [country] = countries.as_slice() {
            let code = country.text()?;
            if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
                return Err(
                    country.fail(&format!("country is {code:?}, expected ISO 3166-1 alpha-2 such as KZ"))
                );
            }
            record.country = Some(code.to_owned());
        }
    }
    record.period = when(feature)?;
    for name in feature.items("names")? {
        let text = name.need("toponym")?.written()?;
        let lang = name.get("lang").map(|lang| lang.text()).transpose()?.unwrap_or("");
        let period = when(&name)?;
        record.names.push(Name { period, source: "lpf".to_owned(), ..Name::new(text, tag(lang)) });
    }
    if let Some(title) = feature.find(&["properties", "title"]) {
        let text = title.text()?.trim();
        if !text.is_empty() {
            record.names.push(Name {
                kind: NameKind::Preferred,
                source: "lpf".to_owned(),
                ..Name::new(text, "")
            });
        }
    }
    if record.names.is_empty() {
        return Err(feature.fail("has no names, expected \"names\" with a \"toponym\", or a \"title\""));
    }
    if let Some(geometry) = feature.get("geometry") {
        record.point = point(&geometry)?;
    }
    for link in feature.items("links")? {
        let kind = link.need("type")?;
        if matches!(kind.text()?, "exactMatch" | "closeMatch" | "primary" | "sameAs") {
            record.same_as.push(short(&link.need("identifier")?)?);
        }
    }
    for relation in feature.items("relations")? {
        let kind = relation.need("relationType")?;
        if matches!(kind.text()?, "gvp:broaderPartitive" | "broaderPartitive" | "partOf") {
            record.part_of.push(short(&relation.need("relationTo")?)?);
        }
    }
    Ok(Some(record))
}

/// The whole time that the spans of a feature or name cover.
fn when(of: &At<'_>) -> Result<Period> {
    let mut period = Period::default();
    let Some(when) = of.get("when") else { return Ok(period) };
    let spans = when.items("timespans")?;
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return Ok(period) };
    for (end, span, words) in [("start", first, ["in", "earliest"]), ("end", last, ["in", "latest"])] {
        let bound = span.get(end).and_then(|end| words.iter().find_map(|word| end.get(word)));
        let date = bound.map(|bound| bound.date(&bound.word()?)).transpose()?;
        if end == "start" { period.from = date } else { period.to = date }
    }
    Ok(period)
}

fn point(geometry: &At<'_>) -> Result<Option<Point>> {
    match geometry.need("type")?.text()? {
        "Point" => match geometry.items("coordinates")?.as_slice() {
            [lon, lat, ..] => geometry.point(lat, lon).map(Some),
            _ => Err(geometry.fail("has less than two coordinates, expected longitude and latitude")),
        },
        "GeometryCollection" => {
            for part in geometry.items("geometries")? {
                // A collection may hold a collection; what is nested deeper has no point.
                if part.need("type")?.text()? == "Point" {
                    return point(&part);
                }
            }
            Ok(None)
        }
        _ => Ok(None),
    }
}

/// An IRI as an id, in short where it is one that others use.
fn short(iri: &At<'_>) -> Result<RecordId> {
    iri.id(&super::vocabulary::short_iri(&iri.word()?))
}
