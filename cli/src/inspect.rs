//! `exonym inspect`: what a gazetteer holds.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Result;
use serde::Serialize;

use crate::args::{Inspect, Outcome};
use crate::sink::Sink;

/// Languages and countries listed for people; `--json` has all.
const SHOWN: usize = 20;

#[derive(Serialize)]
struct Report<'a> {
    records: u32,
    names: u32,
    keys: u32,
    /// How many language tags its names have.
    languages: usize,
    kinds: BTreeMap<String, u64>,
    name_kinds: BTreeMap<String, u64>,
    by_language: BTreeMap<String, u64>,
    /// How many records lie in each country.
    by_country: BTreeMap<String, u64>,
    /// How many records sides differ on, and how many claims and times of control are told of all.
    disputed: u64,
    claims: u64,
    control: u64,
    sources: BTreeMap<String, u64>,
    data_date: Option<&'a str>,
    licence: &'a str,
    format_version: u32,
    fold_version: u32,
    bytes: u64,
    sections: BTreeMap<&'a str, u64>,
}

pub(crate) fn run(args: &Inspect) -> Result<Outcome> {
    let gazetteer = args.gazetteer.open()?;
    let info = gazetteer.info();
    let by_language = gazetteer.languages();
    let report = Report {
        records: info.records,
        names: info.names,
        keys: info.keys,
        languages: by_language.keys().filter(|l| *l != "und").count(),
        kinds: gazetteer.kinds(),
        name_kinds: gazetteer.name_kinds(),
        by_language,
        by_country: gazetteer.countries(),
        disputed: gazetteer.records().filter(|record| record.is_disputed()).count() as u64,
        claims: gazetteer.records().map(|record| record.claimed_by().count() as u64).sum(),
        control: gazetteer.records().map(|record| record.controlled_by().count() as u64).sum(),
        sources: gazetteer.sources(),
        data_date: info.data_date.as_deref(),
        licence: gazetteer.licence(),
        format_version: info.format_version,
        fold_version: info.fold_version,
        bytes: info.sections.iter().map(|(_, bytes)| bytes).sum(),
        sections: info.sections.iter().map(|(name, bytes)| (name.as_ref(), *bytes)).collect(),
    };
    let out = Sink::paged();
    out.report(&report, args.json, people)?;
    Ok(Outcome::Found)
}

fn people(out: &mut Sink, report: &Report<'_>) -> Result<()> {
    writeln!(
        out,
        "{} records, {} names, {} keys, {} language tags, {} bytes",
        report.records, report.names, report.keys, report.languages, report.bytes
    )?;
    writeln!(
        out,
        "data of {}, format version {}, fold version {}",
        report.data_date.unwrap_or("an unknown date"),
        report.format_version,
        report.fold_version
    )?;
    let Report { disputed, claims, control, .. } = report;
    writeln!(out, "records in dispute: {disputed}; claims: {claims}; times of control: {control}")?;
    table(out, "kind", &report.kinds, usize::MAX)?;
    table(out, "kind of name", &report.name_kinds, usize::MAX)?;
    table(out, "language", &report.by_language, SHOWN)?;
    table(out, "country", &report.by_country, SHOWN)?;
    table(out, "source", &report.sources, usize::MAX)?;
    writeln!(out, "\nsection                bytes")?;
    for (name, bytes) in &report.sections {
        writeln!(out, "{name:16} {bytes:11}")?;
    }
    let licence = report.licence.trim();
    writeln!(out, "\n{}", if licence.is_empty() { "no licence is stated" } else { licence })?;
    Ok(())
}

fn table(out: &mut Sink, head: &str, counts: &BTreeMap<String, u64>, most: usize) -> Result<()> {
    let mut rows: Vec<(&String, &u64)> = counts.iter().collect();
    rows.sort_by_key(|(name, count)| (std::cmp::Reverse(**count), *name));
    writeln!(out, "\n{head:16}       count")?;
    for (name, count) in rows.iter().take(most) {
        writeln!(out, "{name:16} {count:11}")?;
    }
    if rows.len() > most {
        writeln!(out, "and {} more; --json has all", rows.len() - most)?;
    }
    Ok(())
}
