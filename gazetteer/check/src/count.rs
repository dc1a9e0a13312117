//! Counts of the curated files: by subject, country and language.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;

use exonym::Result;
use exonym::source::csv::CsvReader;

/// Languages and countries listed.
const SHOWN: usize = 40;

/// The counts, as the tables of `docs/records.md`.
pub fn report(files: &[PathBuf]) -> Result<String> {
    let (mut subjects, mut languages, mut countries) = (String::new(), BTreeMap::new(), BTreeMap::new());
    let mut all = BTreeSet::new();
    let (mut rows, mut claims, mut claimed) = (0, 0, BTreeSet::new());
    for file in files {
        let (mut ids, mut names, mut langs, mut places, mut dated) =
            (BTreeSet::new(), 0, BTreeSet::new(), BTreeSet::new(), 0);
        for row in CsvReader::from_path(file)? {
            let (record, _) = row?;
            let id = record.id.as_str().to_owned();
            let told = record.claimed_by.len() + record.controlled_by.len();
            if told > 0 {
                claimed.insert(id.clone());
            }
            claims += told;
            for name in &record.names {
                names += 1;
                dated += u32::from(!name.period.is_empty());
                for lang in &name.langs {
                    langs.insert(lang.clone());
                    *languages.entry(lang.clone()).or_insert(0) += 1;
                }
            }
            if let Some(country) = record.country {
                countries.entry(country.clone()).or_insert_with(BTreeSet::new).insert(id.clone());
                places.insert(country);
            }
            ids.insert(id);
        }
        rows += names;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let (records, langs, places) = (ids.len(), langs.len(), places.len());
        let _ = writeln!(subjects, "| `{name}` | {records} | {names} | {dated} | {langs} | {places} |");
        all.extend(ids);
    }
    let countries: BTreeMap<String, usize> =
        countries.into_iter().map(|(country, ids)| (country, ids.len())).collect();
    let mut out = format!(
        "{} records, {rows} names in {} languages; {claims} claims and times of control of {} records.\n\n",
        all.len(),
        languages.len(),
        claimed.len()
    );
    let head = "| file | records | names | with dates | languages | countries |\n|---|---|---|---|---|---|\n";
    let _ = writeln!(out, "{head}{subjects}");
    let _ = writeln!(out, "| language | names |\n|---|---|\n{}", most(&languages));
    let _ = write!(out, "| country | records |\n|---|---|\n{}", most(&countries));
    Ok(out)
}

/// The rows of the largest counts; the rest in one.
fn most(counts: &BTreeMap<String, usize>) -> String {
    let mut rows: Vec<(&String, &usize)> = counts.iter().collect();
    rows.sort_by_key(|(word, count)| (std::cmp::Reverse(**count), *word));
    let mut out: String =
        rows.iter().take(SHOWN).map(|(word, count)| format!("| {word} | {count} |\n")).collect();
    if let Some(rest) = rows.get(SHOWN..).filter(|rest| !rest.is_empty()) {
        let sum: usize = rest.iter().map(|(_, count)| **count).sum();
        let _ = writeln!(out, "| {} more | {sum} |", rest.len());
    }
    out
}
