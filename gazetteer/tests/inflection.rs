//! Inflected forms in many languages lead to the record that the name itself leads to: `cases/inflection.tsv`.

use exonym::resolve::Scratch;
use exonym::{Annotator, Options};
use exonym_gazetteer::embedded;

/// Whether the mark of a case agrees with what is found.
fn check(lang: &str, case: &str) -> Result<(), String> {
    let annotator = Annotator::new(embedded());
    let mut scratch = Scratch::default();
    let (form, name) = case.split_once('=').ok_or_else(|| format!("{case:?} has no ="))?;
    let (known_missing, form) = match form.strip_prefix('!') {
        Some(form) => (true, form),
        None => (false, form),
    };
    let (form, name) = (form.replace('_', " "), name.replace('_', " "));
    let wanted = annotator.normalize(&name, &Options::default(), &mut scratch);
    let wanted = wanted.first().ok_or_else(|| format!("nothing is named {name:?}"))?.record;
    let mut options = Options::default();
    options.lang = Some(lang.to_owned());
    options.min_score = 0.0;
    let mut found = Vec::new();
    annotator.annotate_into(&form, &options, &mut scratch, &mut found);
    // All of the word is the span, but for what is set off by an apostrophe or attached before it.
    let right = found.iter().any(|a| a.record == wanted);
    match (right, known_missing) {
        (false, false) => Err(format!(
            "{lang}: {form} is not {} but {:?}",
            wanted.id(),
            found.iter().map(|a| a.record.id().to_string()).collect::<Vec<_>>()
        )),
        (true, true) => Err(format!("{lang}: {form} is found now: take its mark away")),
        _ => Ok(()),
    }
}

#[test]
fn inflected_forms_lead_to_the_name() {
    let rows = include_str!("cases/inflection.tsv").lines().filter(|l| !l.starts_with('#')).skip(1);
    let mut tried = 0;
    let mut faults = Vec::new();
    for (lang, forms) in rows.filter_map(|row| row.split_once('\t')) {
        for case in forms.split(' ') {
            tried += 1;
            faults.extend(check(lang, case).err());
        }
    }
    assert!(tried > 350, "only {tried} cases");
    assert!(faults.is_empty(), "{} of {tried}:\n{}", faults.len(), faults.join("\n"));
}
