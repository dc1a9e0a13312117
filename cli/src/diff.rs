//! `exonym diff`: which records, fields and names two gazetteers do not share.

use std::io::Write;

use anyhow::Result;
use exonym::Gazetteer;
use exonym::gazetteer::RecordRef;
use exonym::record::{Claim, Name, Record};

use crate::args::{Diff, Outcome};
use crate::sink::{Sink, tell};

#[derive(Default)]
struct Counts {
    added: u64,
    removed: u64,
    changed: u64,
    names_added: u64,
    names_removed: u64,
}

pub(crate) fn run(args: &Diff) -> Result<Outcome> {
    let (old, new) = (Gazetteer::open(&args.old)?, Gazetteer::open(&args.new)?);
    let mut out = Sink::open(None)?;
    let mut counts = Counts::default();
    for before in old.records() {
        match same(&new, before) {
            Some(after) => compare(before, after, &mut counts, args.quiet, &mut out)?,
            None => {
                counts.removed += 1;
                if !args.quiet {
                    writeln!(out, "- {}  {}", before.id(), before.name().text())?;
                }
            }
        }
    }
    for after in new.records().filter(|after| same(&old, *after).is_none()) {
        counts.added += 1;
        if !args.quiet {
            writeln!(out, "+ {}  {}", after.id(), after.name().text())?;
        }
    }
    out.close()?;
    let Counts { added, removed, changed, names_added, names_removed } = counts;
    tell(format!(
        "records: {added} added, {removed} removed, {changed} changed; names of those in both: {names_added} added, \
         {names_removed} removed"
    ));
    Ok(if added + removed + changed == 0 { Outcome::Found } else { Outcome::Nothing })
}

/// The record with the same id of its own, not one that says it is the same.
fn same<'g>(gazetteer: &'g Gazetteer, record: RecordRef<'_>) -> Option<RecordRef<'g>> {
    let id = record.id().to_string();
    gazetteer.by_id(&id).filter(|other| other.id() == id.as_str())
}

fn compare(
    before: RecordRef<'_>,
    after: RecordRef<'_>,
    counts: &mut Counts,
    quiet: bool,
    out: &mut Sink,
) -> Result<()> {
    let names = |record: RecordRef<'_>| {
        let mut names = record.names().map(|name| name.to_name()).collect::<exonym::Result<Vec<Name>>>()?;
        names.sort();
        exonym::Result::Ok(names)
    };
    let (old, new) = (names(before)?, names(after)?);
    let gone: Vec<&Name> = old.iter().filter(|name| new.binary_search(name).is_err()).collect();
    let come: Vec<&Name> = new.iter().filter(|name| old.binary_search(name).is_err()).collect();
    let mut fields = fields(&before.to_record()?, &after.to_record()?);
    if before.name().text() != after.name().text() {
        fields.push(("name", before.name().text().to_owned(), after.name().text().to_owned()));
    }
    counts.names_removed += gone.len() as u64;
    counts.names_added += come.len() as u64;
    counts.changed += u64::from(!(gone.is_empty() && come.is_empty() && fields.is_empty()));
    if quiet {
        return Ok(());
    }
    let id = before.id();
    for (field, old, new) in fields {
        writeln!(out, "~ {id}  {field}: {old} -> {new}")?;
    }
    for (sign, names) in [('-', gone), ('+', come)] {
        for name in names {
            writeln!(out, "{sign} {id}  name {}  ({}, {})", name.text, name.kind, name.langs.join(" "))?;
        }
    }
    Ok(())
}

/// The fields that differ, as a person reads them.
fn fields(old: &Record, new: &Record) -> Vec<(&'static str, String, String)> {
    let all = |record: &Record| {
        fn some<T: ToString>(value: &Option<T>) -> String {
            value.as_ref().map_or_else(|| "nothing".to_owned(), T::to_string)
        }
        let ids = |ids: &[exonym::record::RecordId]| {
            let mut ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
            ids.sort_unstable();
            if ids.is_empty() { "nothing".to_owned() } else { ids.join(" ") }
        };
        let claims = |claims: &[Claim]| match claims {
            [] => "nothing".to_owned(),
            some => some.iter().map(Claim::to_string).collect::<Vec<_>>().join(" | "),
        };
        [
            ("kind", some(&record.kind)),
            ("feature", some(&record.feature)),
            ("country", some(&record.country)),
            ("admin1", some(&record.admin1)),
            ("admin2", some(&record.admin2)),
            ("point", some(&record.point.map(|point| format!("{},{}", point.lat(), point.lon())))),
            ("population", some(&record.population)),
            ("exists_from", some(&record.period.from)),
            ("exists_to", some(&record.period.to)),
            ("same_as", ids(&record.same_as)),
            ("part_of", ids(&record.part_of)),
            ("successors", ids(&record.successors)),
            ("claimed_by", claims(&record.claimed_by)),
            ("controlled_by", claims(&record.controlled_by)),
        ]
    };
    let pairs = all(old).into_iter().zip(all(new));
    pairs.filter(|((_, a), (_, b))| a != b).map(|((field, a), (_, b))| (field, a, b)).collect()
}
