//! What rows say of names: script, source, and that each is told once.

use std::collections::HashMap;
use std::sync::LazyLock;

use exonym::error::Place;
use exonym::record::{Name, NameKind};
use exonym::script::Script;

use crate::{Fault, Imported, Known, Row, Rule};

/// The scripts of each language, by their codes, that is not written in Latin letters alone.
static SCRIPTS: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let rows = include_str!("scripts.tsv").lines().filter(|line| !line.starts_with('#'));
    rows.filter_map(|row| row.split_once('\t'))
        .map(|(lang, scripts)| (lang, scripts.split(' ').collect()))
        .collect()
});

/// Kinds whose names are written in any script: `NATO` stands in Russian texts, too.
const ANY_SCRIPT: [NameKind; 3] = [NameKind::Abbreviation, NameKind::Code, NameKind::Transliteration];

pub(crate) fn check(
    imported: &Imported,
    (record, place): &Row,
    known: &HashMap<&str, Known>,
    faults: &mut Vec<Fault>,
) {
    let id = &record.id;
    let mut fault = |rule, message| faults.push(Fault { place: place.clone(), rule, message });
    for name in &record.names {
        let is_brand = known.get(id.as_str()).is_some_and(|known| known.is_organization);
        if let Some(message) = wrong_script(name, is_brand) {
            fault(Rule::Script, format!("{id}: {message}"));
        }
        if name.source.is_empty() {
            fault(Rule::Source, format!("{id}: {} has no source", name.text));
        } else if !imported.knows_source(&name.source) && !is_citation(&name.source) {
            let source = &name.source;
            fault(
                Rule::Source,
                format!("{id}: source {source:?} is no key of NOTICE and no act with its year"),
            );
        }
    }
}

/// Whether a source is one of its own, such as `Verkhovna Rada resolution 1351-VIII of 2016-05-12`: words with a year.
fn is_citation(source: &str) -> bool {
    let mut numbers = source.split(|c: char| !c.is_ascii_digit());
    source.contains(' ') && numbers.any(|number| number.len() == 4)
}

/// What is wrong with the script of a name, if it is none of one of its languages. Names of firms and papers stand in Latin letters
/// in any text.
fn wrong_script(name: &Name, is_brand: bool) -> Option<String> {
    if name.langs.is_empty() || ANY_SCRIPT.contains(&name.kind) {
        return None;
    }
    let mut written: Vec<&str> = name
        .text
        .chars()
        .map(Script::of)
        .filter(|script| *script != Script::Zyyy)
        .map(Script::code)
        .collect();
    written.dedup();
    let letters = name.text.chars().filter(|c| c.is_alphabetic()).count();
    if written == ["Latn"] && (is_brand || letters < 2) {
        return None;
    }
    let fits = |lang: &String| {
        let wanted = scripts(lang);
        wanted.contains(&"*") || written.is_empty() || written.iter().any(|script| wanted.contains(script))
    };
    let lang = name.langs.iter().find(|lang| !fits(lang))?;
    Some(format!("{} is written in {}, which is no script of {lang}", name.text, written.join(" and ")))
}

fn scripts(lang: &str) -> Vec<&str> {
    let mut parts = lang.split('-');
    let primary = parts.next().unwrap_or_default();
    match parts.find(|part| part.len() == 4) {
        Some("Hans" | "Hant") => vec!["Hani"],
        Some(script) => vec![script],
        None => SCRIPTS.get(primary).cloned().unwrap_or_else(|| vec!["Latn"]),
    }
}

/// Names of a record that rows tell twice, in all that is said of them.
pub(crate) fn twice(rows: &[Row], faults: &mut Vec<Fault>) {
    let mut seen: HashMap<_, &Place> = HashMap::new();
    for (record, place) in rows {
        for name in &record.names {
            for lang in name.langs.iter().map(String::as_str).chain(name.langs.is_empty().then_some("und")) {
                let key = (&record.id, &name.text, lang, &name.period, &name.perspective);
                if let Some(first) = seen.insert(key, place) {
                    let message =
                        format!("{}: {} ({lang}) was told at {first}; keep one", record.id, name.text);
                    faults.push(Fault { place: place.clone(), rule: Rule::Twice, message });
                }
            }
        }
    }
}
