//! Questions with dates and perspectives, answered by the library: `cases/time.toml`.

use exonym::gazetteer::{LabelOptions, RecordRef};
use exonym::resolve::Scratch;
use exonym::{Annotator, Options};
use exonym_gazetteer::embedded;
use toml::{Table, Value};

fn ask(question: &Table) -> Result<(), String> {
    let text = |key: &str| question.get(key).and_then(Value::as_str);
    let yes = |key: &str| question.get(key).and_then(Value::as_bool);
    let mut options = Options::default();
    options.lang = text("lang").map(str::to_owned);
    options.as_of = text("date").map(|date| date.parse().unwrap());
    options.countries = text("country").map(str::to_owned).into_iter().collect();
    options.to_current = yes("current") == Some(true);
    let mut labels = LabelOptions::default();
    labels.lang = text("name_lang").map(str::to_owned);
    labels.perspective = text("perspective").map(str::to_owned);
    labels.neutral = yes("neutral") == Some(true);

    let annotator = Annotator::new(embedded());
    let mut scratch = Scratch::default();
    let (record, name, former) = match text("text") {
        Some(whole) => {
            let mut found = Vec::new();
            annotator.annotate_into(whole, &options, &mut scratch, &mut found);
            let mention = found.iter().find(|a| whole.get(a.start..a.end) == text("mention"));
            mention.map(|a| (a.record, a.name, a.former)).ok_or("is not found")?
        }
        None => {
            let found = annotator.normalize(text("name").unwrap(), &options, &mut scratch);
            found.first().map(|c| (c.record, c.name, c.former)).ok_or("is not found")?
        }
    };
    let wanted = |id| embedded().by_id(id).ok_or_else(|| format!("there is no {id}"));
    let is = |record: Option<RecordRef<'_>>| record.map(|r| format!("{} {}", r.id(), r.name().text()));
    if record != wanted(text("id").unwrap())? {
        return Err(format!("is {:?}", is(Some(record))));
    }
    if former != text("former").map(wanted).transpose()? {
        return Err(format!("was {:?}", is(former)));
    }
    let valid = options.as_of.as_ref().and_then(|date| name.validity(date));
    if yes("valid").is_some() && yes("valid") != valid {
        return Err(format!(
            "{:?} {}/{} has validity {valid:?}",
            name.text(),
            name.from().unwrap_or(".."),
            name.to().unwrap_or("..")
        ));
    }
    let label = record.label(&labels);
    match text("label").filter(|wanted| *wanted != label) {
        Some(_) => Err(format!("is called {label}")),
        None => Ok(()),
    }
}

#[test]
fn names_have_their_time_and_their_users() {
    let cases: Table = include_str!("cases/time.toml").parse().unwrap();
    let questions = cases["question"].as_array().unwrap();
    assert!(questions.len() >= 60, "only {}", questions.len());
    let ask = |question: &Value| {
        let question = question.as_table().unwrap();
        ask(question).err().map(|error| format!("{question:?}\n{error}"))
    };
    let faults: Vec<String> = questions.iter().filter_map(ask).collect();
    assert!(faults.is_empty(), "{} of {}:\n\n{}", faults.len(), questions.len(), faults.join("\n\n"));
}
