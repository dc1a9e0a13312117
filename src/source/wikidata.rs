//! Items of the Wikidata dump, a line or a member of its one array each.
//!
//! Taken are items with a point (P625), and those whose class (P31) is in a table of ours: persons, states, organisations,
//! events, documents. Labels and aliases become names; so do official names (P1448) and native labels (P1705), with the
//! dates of their qualifiers. Statements of deprecated rank are passed over.

use super::objects::At;
use super::vocabulary::{CLASSES, tag};
use crate::error::Result;
use crate::record::{Date, Kind, Name, NameKind, Record};

pub(super) fn record(item: &At<'_>) -> Result<Option<Record>> {
    let id = item.need("id")?;
    if !id.text()?.starts_with('Q') {
        // Properties and lexemes are in the dump too.
        return Ok(None);
    }
    let mut record = Record::new(id.id(&format!("wd:{}", id.text()?))?);
    let point = statements(item, "P625")?.into_iter().next();
    if let Some(point) = &point {
        let at = &point.value;
        record.point = Some(at.point(&at.need("latitude")?, &at.need("longitude")?)?);
    }
    let classes = items(item, "P31")?;
    let of_class = |class: &String| CLASSES.iter().find(|(known, _)| known == class).map(|(_, kind)| *kind);
    // A battle has a point too; the class tells more.
    record.kind = classes.iter().find_map(of_class).or(point.map(|_| Kind::Place));
    if record.kind.is_none() {
        return Ok(None);
    }
    names(item, &mut record)?;
    if record.names.is_empty() {
        return Ok(None);
    }
    for (property, scheme) in [
        ("P1566", "gn"),
        ("P297", "iso"),
        ("P300", "iso"),
        ("P238", "iata"),
        ("P239", "icao"),
        ("P6782", "ror"),
    ] {
        for statement in statements(item, property)? {
            record.same_as.push(statement.value.id(&format!("{scheme}:{}", statement.value.text()?))?);
        }
    }
    let country = record.same_as.iter().find(|id| id.scheme() == "iso" && id.value().len() == 2);
    record.country = country.map(|id| id.value().to_owned());
    for property in ["P131", "P17", "P361"] {
        for other in items(item, property)? {
            let other = item.id(&format!("wd:{other}"))?;
            if other != record.id && !record.part_of.contains(&other) {
                record.part_of.push(other);
            }
        }
    }
    for other in items(item, "P1366")? {
        record.successors.push(item.id(&format!("wd:{other}"))?);
    }
    if let Some(people) = statements(item, "P1082")?.first() {
        let amount = people.value.need("amount")?;
        record.population = amount.text()?.trim_start_matches('+').parse().ok();
    }
    // Of a person the dates of life say when it existed.
    for (property, is_end) in [("P571", false), ("P576", true), ("P569", false), ("P570", true)] {
        let Some(statement) = statements(item, property)?.into_iter().next() else { continue };
        let date = date(&statement.value)?;
        if is_end { record.period.to = date } else { record.period.from = date }
    }
    Ok(Some(record))
}

fn names(item: &At<'_>, record: &mut Record) -> Result<()> {
    let mut add = |text: &At<'_>, kind, lang: &str| {
        let text = text.text()?.trim();
        if !text.is_empty() {
            record.names.push(Name { kind, source: "wikidata".to_owned(), ..Name::new(text, tag(lang)) });
        }
        Ok::<(), crate::Error>(())
    };
    for (lang, label) in item.get("labels").map_or(Ok(vec![]), |labels| labels.members())? {
        let kind = if matches!(lang, "en" | "mul") { NameKind::Preferred } else { NameKind::Alternate };
        add(&label.need("value")?, kind, lang)?;
    }
    if let Some(aliases) = item.get("aliases") {
        for (lang, _) in aliases.members()? {
            for alias in aliases.items(lang)? {
                add(&alias.need("value")?, NameKind::Alternate, lang)?;
            }
        }
    }
    for property in ["P1448", "P1705"] {
        for statement in statements(item, property)? {
            let (text, lang) = (statement.value.need("text")?, statement.value.need("language")?);
            let (from, to) = (statement.qualifier("P580")?, statement.qualifier("P582")?);
            let kind = if to.is_some() { NameKind::Historic } else { NameKind::Official };
            let mut name = Name {
                kind,
                source: "wikidata".to_owned(),
                ..Name::new(text.text()?.trim(), tag(lang.text()?))
            };
            (name.period.from, name.period.to) = (from, to);
            if !name.text.is_empty() {
                record.names.push(name);
            }
        }
    }
    Ok(())
}

/// A statement that says something.
struct Statement<'v> {
    value: At<'v>,
    whole: At<'v>,
    preferred: bool,
}

impl Statement<'_> {
    /// The date of a qualifier.
    fn qualifier(&self, property: &str) -> Result<Option<Date>> {
        let Some(qualifiers) = self.whole.get("qualifiers") else { return Ok(None) };
        let first = qualifiers.items(property)?.into_iter().next();
        first.and_then(|snak| snak.find(&["datavalue", "value"])).map_or(Ok(None), |value| date(&value))
    }
}

/// The statements of a property that are not deprecated, those preferred first.
fn statements<'v>(item: &At<'v>, property: &str) -> Result<Vec<Statement<'v>>> {
    let Some(claims) = item.get("claims") else { return Ok(vec![]) };
    let mut statements = vec![];
    for whole in claims.items(property)? {
        let rank = whole.get("rank").map_or(Ok("normal"), |rank| rank.text())?;
        if let Some(value) = whole.find(&["mainsnak", "datavalue", "value"]).filter(|_| rank != "deprecated")
        {
            statements.push(Statement { value, whole, preferred: rank == "preferred" });
        }
    }
    statements.sort_by_key(|statement| !statement.preferred);
    Ok(statements)
}

/// The items that a property leads to.
fn items(item: &At<'_>, property: &str) -> Result<Vec<String>> {
    let ids = statements(item, property)?.into_iter().map(|statement| statement.value.need("id")?.word());
    ids.collect()
}

/// A point in time, as far as it is known; none beyond four digits of a year.
fn date(value: &At<'_>) -> Result<Option<Date>> {
    let (time, precision) = (value.need("time")?, value.need("precision")?.count()?);
    let text = time.text()?;
    let (sign, rest) = match text.split_at_checked(1) {
        Some(("+", rest)) => ("", rest),
        Some(("-", rest)) => ("-", rest),
        _ => return Err(time.fail(&format!("time is {text:?}, expected one such as +1991-12-16T00:00:00Z"))),
    };
    let date = rest.split('T').next().unwrap_or("");
    let part = |range| date.get(range).unwrap_or("");
    let known = match precision {
        7 => format!("{}XX", part(0..2)),
        8 => format!("{}X", part(0..3)),
        9 => part(0..4).to_owned(),
        10 => part(0..7).to_owned(),
        11.. => date.to_owned(),
        _ => return Ok(None),
    };
    let four = date.find('-') == Some(4);
    if four { time.date(&format!("{sign}{known}")).map(Some) } else { Ok(None) }
}
