//! What is done with each name, whatever it stands in.

use std::rc::Rc;

use anyhow::{Result, bail};
use exonym::record::Point;
use serde_json::Value;

use super::answer::{Answer, Context, Normalizer};
use super::args::{OnMiss, Table};
use crate::fields::{Field, Place, cell};

/// The fields added to a table where none are asked for, and the columns of a list behind the input.
const USUAL: [&str; 6] = ["status", "id", "name", "country", "kind", "score"];

/// The fields to add and to replace, and how names stand in a cell.
pub(super) struct Task {
    pub(super) add: Vec<Field>,
    pub(super) replace: Option<Field>,
    pub(super) on_miss: OnMiss,
    pub(super) split: Option<String>,
    prefix: Option<String>,
    /// Whether one column has the names.
    single: bool,
}

/// A cell with its answers: one, or one for each of its parts.
pub(super) struct Answered<'g, 't> {
    pub(super) parts: Vec<(&'t str, Rc<Answer<'g>>)>,
}

impl Task {
    pub(super) fn new(table: &Table) -> Result<Task> {
        let replace =
            table.replace.as_deref().map(|word| Field::parse(word, "--replace", Place::Table)).transpose()?;
        let words: Vec<&str> = table.add.iter().map(String::as_str).collect();
        let words = if words.is_empty() && replace.is_none() { USUAL.to_vec() } else { words };
        if table.split.as_deref() == Some("") {
            bail!("--split is empty, expected what stands between names, such as ;");
        }
        Ok(Task {
            add: words
                .into_iter()
                .map(|word| Field::parse(word, "--add", Place::Table))
                .collect::<Result<_>>()?,
            replace,
            on_miss: table.on_miss,
            split: table.split.clone(),
            prefix: table.prefix.clone(),
            single: table.column.len() <= 1,
        })
    }

    /// The name of an added column.
    pub(super) fn column(&self, label: &str, field: &Field) -> String {
        match &self.prefix {
            None => format!("{label}_{}", field.column()),
            Some(prefix) if self.single => format!("{prefix}{}", field.column()),
            Some(prefix) => format!("{prefix}{label}_{}", field.column()),
        }
    }

    /// Several columns share a prefix with their own names behind it.
    pub(super) fn set_single(&mut self, single: bool) {
        self.single = single;
    }

    /// The answers to a cell. `place` tells where it stands.
    pub(super) fn answer<'g, 't>(
        &self,
        text: &'t str,
        row: &Context<'_>,
        normalizer: &mut Normalizer<'_, 'g>,
        place: impl Fn() -> String,
    ) -> Result<Answered<'g, 't>> {
        let parts: Vec<&str> = match &self.split {
            Some(split) => text.split(split.as_str()).collect(),
            None => vec![text],
        };
        let mut answered = Answered { parts: Vec::with_capacity(parts.len()) };
        for part in parts {
            let name = part.trim();
            let answer = normalizer.answer(name, row);
            if answer.candidates.is_empty() && self.on_miss == OnMiss::Fail && !name.is_empty() {
                bail!("{}: {name:?} matches nothing; mend it, or leave out --on-miss fail", place());
            }
            answered.parts.push((part, answer));
        }
        Ok(answered)
    }

    /// What stands in the place of a cell.
    pub(super) fn replaced(&self, field: &Field, answered: &Answered<'_, '_>) -> String {
        let one = |(part, answer): &(&str, Rc<Answer<'_>>)| {
            let (value, name) = (cell(answer.value(field)), part.trim());
            match value.is_empty() {
                true if self.on_miss == OnMiss::Empty => String::new(),
                true => (*part).to_owned(),
                // White space around a name stays.
                false if name.is_empty() => value,
                false => part.replacen(name, &value, 1),
            }
        };
        let parts: Vec<String> = answered.parts.iter().map(one).collect();
        parts.join(self.split.as_deref().unwrap_or_default())
    }
}

impl Answered<'_, '_> {
    /// Whether every name that is there matches.
    pub(super) fn all_match(&self) -> bool {
        self.parts.iter().all(|(_, answer)| !answer.candidates.is_empty())
    }

    /// The values of a field.
    pub(super) fn values(&self, field: &Field) -> impl Iterator<Item = Value> {
        self.parts.iter().map(|(_, answer)| answer.value(field))
    }
}

/// The point of two cells, if they tell one.
pub(super) fn point(lat: &str, lon: &str) -> Option<Point> {
    Point::new(lat.trim().parse().ok()?, lon.trim().parse().ok()?).ok()
}

/// A word that is there.
pub(super) fn some(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.is_empty()).then_some(text)
}
