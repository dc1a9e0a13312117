//! Counts of the curated files: by subject, file, language and country.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;

use exonym::Result;
use exonym::record::{Kind, NameKind, Record};
use exonym::source::csv::CsvReader;

/// Languages and countries listed.
const SHOWN: usize = 40;
/// In so many languages a record is well named.
const WELL_NAMED: usize = 8;

/// What the files say of one record, all together.
#[derive(Default)]
struct Told {
    kind: Option<Kind>,
    is_past: bool,
    names: usize,
    renamed: bool,
    langs: BTreeSet<String>,
    sides: BTreeSet<String>,
    claims: usize,
    successors: bool,
    country: Option<String>,
}

impl Told {
    fn add(&mut self, record: Record) {
        self.kind = self.kind.or(record.kind);
        self.is_past |= record.period.to.is_some_and(|to| to.as_str() != "..");
        self.successors |= !record.successors.is_empty();
        self.claims += record.claimed_by.len() + record.controlled_by.len();
        self.country = self.country.take().or(record.country);
        self.names += record.names.len();
        for name in record.names {
            self.renamed |= name.kind == NameKind::Historic || !name.period.is_empty();
            self.langs.extend(name.langs);
            self.sides.extend(name.perspective);
        }
    }
}

/// The counts, as the tables of `docs/records.md`.
pub fn report(files: &[PathBuf]) -> Result<String> {
    let (mut by_file, mut languages) = (String::new(), BTreeMap::new());
    let mut all: BTreeMap<String, Told> = BTreeMap::new();
    for file in files {
        let (mut ids, mut names, mut dated, mut langs) = (BTreeSet::new(), 0, 0, BTreeSet::new());
        for row in CsvReader::from_path(file)? {
            let (record, _) = row?;
            for name in &record.names {
                names += 1;
                dated += u32::from(!name.period.is_empty());
                for lang in &name.langs {
                    langs.insert(lang.clone());
                    *languages.entry(lang.clone()).or_insert(0) += 1;
                }
            }
            ids.insert(record.id.as_str().to_owned());
            all.entry(record.id.as_str().to_owned()).or_default().add(record);
        }
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let (records, langs) = (ids.len(), langs.len());
        let _ = writeln!(by_file, "| `{name}` | {records} | {names} | {dated} | {langs} |");
    }
    let mut countries: BTreeMap<String, usize> = BTreeMap::new();
    for country in all.values().filter_map(|told| told.country.clone()) {
        *countries.entry(country).or_default() += 1;
    }
    let names: usize = all.values().map(|told| told.names).sum();
    let (records, tongues) = (all.len(), languages.len());
    let mut out = format!("{records} records, {names} names in {tongues} languages.\n\n");
    let _ = writeln!(
        out,
        "| subject | records | names | in {WELL_NAMED} languages or more |\n|---|---|---|---|\n{}",
        subjects(&all)
    );
    let _ = writeln!(
        out,
        "| file | records | names | with dates | languages |\n|---|---|---|---|---|\n{by_file}"
    );
    let _ = writeln!(out, "| language | names |\n|---|---|\n{}", most(&languages));
    let _ = write!(out, "| country | records |\n|---|---|\n{}", most(&countries));
    Ok(out)
}

fn subjects(all: &BTreeMap<String, Told>) -> String {
    let mut out = String::new();
    let mut row = |what: &str, is: &dyn Fn(&Told) -> bool| {
        let these: Vec<&Told> = all.values().filter(|told| is(told)).collect();
        let names: usize = these.iter().map(|told| told.names).sum();
        let well = these.iter().filter(|told| told.langs.len() >= WELL_NAMED).count();
        let _ = writeln!(out, "| {what} | {} | {names} | {well} |", these.len());
    };
    row("claimed or held by someone, with sources", &|told| told.claims > 0);
    row("called differently by sides", &|told| told.sides.len() > 1);
    let is_past = |told: &Told| told.is_past && matches!(told.kind, Some(Kind::State | Kind::Place));
    row("past states and territories", &is_past);
    row("… of which successors are told", &|told| is_past(told) && told.successors);
    row("places with names of the past", &|told| told.renamed && told.kind.is_none_or(|k| k == Kind::Place));
    for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Place) {
        row(&format!("{kind}s"), &|told| told.kind == Some(*kind));
    }
    out
}

/// The rows of the largest counts; the rest in one.
fn most(counts: &BTreeMap<String, usize>) -> String {
    let mut rows: Vec<(&String, &usize)> = counts.iter().collect();
    rows.sort_by_key(|(word, count)| (std::cmp::Reverse(**count), *word));
    let mut out = String::new();
    for (word, count) in rows.iter().take(SHOWN) {
        let _ = writeln!(out, "| {word} | {count} |");
    }
    if let Some(rest) = rows.get(SHOWN..).filter(|rest| !rest.is_empty()) {
        let sum: usize = rest.iter().map(|(_, count)| **count).sum();
        let _ = writeln!(out, "| {} more | {sum} |", rest.len());
    }
    out
}
