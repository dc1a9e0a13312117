//! What rows say of records: ids, positions, dates, claims.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use exonym::error::Place;
use exonym::record::Record;
use exonym::{Error, Result};

use crate::{Fault, Imported, Known, Row, Rule, is_backward};

/// The column of a claim that says, for people, whose it is.
pub(crate) const LABEL: &str = "label";

/// Kilometres that a curated position of a populated place may be away from the imported one.
const TOWN_KM: f64 = 60.0;
/// The same of all else: the import has the middle of a unit's towns, which lies far from the middle of Canada.
const OTHER_KM: f64 = 2000.0;
/// Kilometres from a position to the nearest town of its country.
const COUNTRY_KM: f64 = 1100.0;
/// Countries without towns, or with islands thousands of kilometres from the one town.
const SCATTERED: [&str; 2] = ["AQ", "TF"];

pub(crate) fn check(
    imported: &Imported,
    (record, place): &Row,
    known: &HashMap<&str, Known>,
    exists: &impl Fn(&str) -> bool,
    faults: &mut Vec<Fault>,
) {
    let mut fault = |rule, message| faults.push(Fault { place: place.clone(), rule, message });
    let id = record.id.as_str();
    if !imported.has(id) && !known.get(id).is_some_and(|known| known.described) {
        fault(Rule::Ids, format!("{id} is not imported and no row says what it is; give kind or feature"));
    }
    let claims = record.claimed_by.iter().chain(&record.controlled_by);
    let others = record.part_of.iter().chain(&record.successors).chain(claims.clone().map(|claim| &claim.by));
    for other in others.filter(|other| !exists(other.as_str())) {
        fault(Rule::Ids, format!("{id} refers to {other}, which is not there"));
    }
    if let Some(country) = record.country.as_ref().filter(|country| !exists(&format!("iso:{country}"))) {
        fault(
            Rule::Ids,
            format!("{id} has country {country}, which is no code of ISO 3166 that was imported"),
        );
    }
    for message in positions(imported, record) {
        fault(Rule::Position, message);
    }
    let periods = std::iter::once(("it existed", &record.period))
        .chain(record.names.iter().map(|name| (name.text.as_str(), &name.period)))
        .chain(claims.map(|claim| (claim.by.as_str(), &claim.period)));
    for (what, _) in periods.filter(|(_, period)| is_backward(period)) {
        fault(Rule::Dates, format!("{id}: {what}: the end is before the beginning"));
    }
}

fn positions(imported: &Imported, record: &Record) -> Vec<String> {
    let Some(point) = record.point else { return vec![] };
    let id = record.id.as_str();
    let mut messages = Vec::new();
    if let Some(place) = imported.place(id)
        && let Some(there) = place.point
    {
        let (km, most) = (there.distance_km(point), if place.is_town { TOWN_KM } else { OTHER_KM });
        if km > most {
            messages
                .push(format!("{id} lies {km:.0} km from where it was imported, expected at most {most}"));
        }
    }
    let country = record.country.as_deref().filter(|country| !SCATTERED.contains(country));
    if let Some((country, km)) = country.and_then(|c| Some((c, imported.nearest_town(c, point)?)))
        && km > COUNTRY_KM
    {
        messages.push(format!(
            "{id} lies {km:.0} km from the nearest town of {country}, expected at most {COUNTRY_KM}"
        ));
    }
    messages
}

/// Claims: labelled with a name of the record, sourced, told once.
pub(crate) fn claims(
    files: &[PathBuf],
    imported: &Imported,
    rows: &[Row],
    known: &HashMap<&str, Known>,
    faults: &mut Vec<Fault>,
) -> Result<()> {
    let mut seen = HashSet::new();
    for (record, place) in rows {
        let claims = record.claimed_by.iter().map(|claim| ("claimed_by", claim));
        for (relation, claim) in claims.chain(record.controlled_by.iter().map(|c| ("controlled_by", c))) {
            let id = record.id.as_str();
            if claim.source.is_empty() {
                let message = format!("{id}: {relation} {}: no source is named", claim.by);
                faults.push(Fault { place: place.clone(), rule: Rule::Source, message });
            }
            if !seen.insert((id, relation, claim.by.as_str(), &claim.period)) {
                let message = format!("{id}: {relation} {} is told twice; keep one", claim.by);
                faults.push(Fault { place: place.clone(), rule: Rule::Claim, message });
            }
        }
    }
    for file in files {
        let fail = |error: csv::Error| Error::input("is no CSV file").at(Place::file(file)).because(error);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(file).map_err(fail)?;
        let header = reader.headers().map_err(fail)?.clone();
        let column = |name| header.iter().position(|column| column == name);
        let Some((id, label)) = column("id").zip(column(LABEL)) else { continue };
        for row in reader.records() {
            let row = row.map_err(fail)?;
            let (Some(id), Some(label)) = (row.get(id), row.get(label)) else { continue };
            if !imported.is_named(id, label) && !known.get(id).is_some_and(|k| k.names.contains(label)) {
                let line = row.position().map_or(0, csv::Position::line);
                let message = format!("{label:?} is no name of {id}; the id may be wrong");
                faults.push(Fault { place: Place::file(file).line(line), rule: Rule::Claim, message });
            }
        }
    }
    Ok(())
}
