//! `cases/learned.toml`: acronyms, other names and short forms that a text gives for the names in it.

use exonym::resolve::Scratch;
use exonym::{Annotator, Options};
use toml::Table;

fn strings<'t>(case: &'t Table, key: &str) -> Vec<&'t str> {
    let list = case.get(key).and_then(|v| v.as_array());
    list.into_iter().flatten().filter_map(|v| v.as_str()).collect()
}

fn check(case: &Table, scratch: &mut Scratch<'static>) -> Result<(), String> {
    let text = case["text"].as_str().unwrap_or_default();
    let mut options = Options::default();
    options.lang = case.get("lang").and_then(|v| v.as_str()).map(str::to_owned);
    let mut found = Vec::new();
    Annotator::new(exonym_gazetteer::embedded()).annotate_into(text, &options, scratch, &mut found);
    let surface = |a: &exonym::Annotation<'_>| &text[a.start..a.end];
    let of = case["of"].as_str().unwrap_or_default();
    let defined =
        found.iter().find(|a| surface(a) == of).ok_or_else(|| format!("{text}: {of} is not annotated"))?;
    let learned: Vec<&str> = found.iter().filter(|a| a.learned.is_some()).map(surface).collect();
    if learned != strings(case, "learned") {
        return Err(format!("{text}: learned {learned:?}, expected {:?}", strings(case, "learned")));
    }
    for annotation in found.iter().filter(|a| a.learned.is_some()) {
        if annotation.record.id() != defined.record.id() {
            return Err(format!("{text}: {} is {}", surface(annotation), annotation.record.id()));
        }
    }
    match strings(case, "not").iter().find(|not| found.iter().any(|a| surface(a) == **not)) {
        Some(not) => Err(format!("{text}: {not} is annotated")),
        None => Ok(()),
    }
}

#[test]
fn names_given_by_the_text_hold_in_it() {
    let all: Table = include_str!("cases/learned.toml").parse().unwrap();
    let cases = all["case"].as_array().unwrap();
    let mut scratch = Scratch::default();
    let wrong: Vec<String> =
        cases.iter().filter_map(|case| check(case.as_table().unwrap(), &mut scratch).err()).collect();
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
