//! Checks the curated records against what was imported and against each other.
//!
//! Takes the folder `gazetteer/`, gives a [`Fault`] for each row that is not right. What is checked stands with [`Rule`].
//!
//! ```
//! use exonym_gazetteer_check::{Imported, Rule, check};
//! use std::path::Path;
//! let imported = Imported::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import"))?;
//! let faults = check(&imported, &[Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wrong/dates.csv")])?;
//! assert!(faults.iter().all(|fault| fault.rule == Rule::Dates));
//! # Ok::<(), exonym::Error>(())
//! ```

pub mod count;
mod facts;
mod imported;
mod names;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};

use exonym::error::Place;
use exonym::record::{Date, Kind, Period, Record};
use exonym::source::csv::CsvReader;
use exonym::{Error, Result};

pub use imported::Imported;

/// What a row can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The row can be read: its columns are known, its dates are EDTF, its lists are well-formed.
    Row,
    /// The id is imported, or the curated rows say what it is; the country and the ids it refers to are there.
    Ids,
    /// The position is that of the imported record, and near places of the country.
    Position,
    /// What begins ends later.
    Dates,
    /// A name is written in the script of its language.
    Script,
    /// No name of a record is told twice.
    Twice,
    /// The source is named: a key of `NOTICE`, or an act with its year.
    Source,
    /// A claim is labelled with a name of its record, and is not told twice.
    Claim,
}

impl Rule {
    /// Every rule.
    pub const ALL: [Rule; 8] = [
        Rule::Row,
        Rule::Ids,
        Rule::Position,
        Rule::Dates,
        Rule::Script,
        Rule::Twice,
        Rule::Source,
        Rule::Claim,
    ];

    /// Its word in messages; a file with wrong rows of the rule has this name in `tests/wrong/`.
    pub fn as_str(self) -> &'static str {
        match self {
            Rule::Row => "row",
            Rule::Ids => "ids",
            Rule::Position => "position",
            Rule::Dates => "dates",
            Rule::Script => "script",
            Rule::Twice => "twice",
            Rule::Source => "source",
            Rule::Claim => "claim",
        }
    }
}

/// A row that is not right.
#[derive(Debug)]
pub struct Fault {
    /// Where it stands.
    pub place: Place,
    /// What it breaks.
    pub rule: Rule,
    /// In words, with the remedy where there is one.
    pub message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.place, self.rule.as_str(), self.message)
    }
}

/// A curated row and its place.
pub(crate) type Row = (Record, Place);

/// All that the curated files say of one record.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) described: bool,
    pub(crate) is_organization: bool,
    pub(crate) names: HashSet<String>,
}

/// The faults of curated files, in their order.
pub fn check(imported: &Imported, files: &[PathBuf]) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    for file in files {
        let reader = CsvReader::from_path(file)?;
        for column in reader.ignored_columns().iter().filter(|column| *column != facts::LABEL) {
            let message = format!("column {column:?} has no meaning; see gazetteer/README.md");
            faults.push(Fault { place: Place::file(file).line(1), rule: Rule::Row, message });
        }
        for row in reader {
            match row {
                Ok(row) => rows.push(row),
                Err(error) => faults.push(unreadable(file, &error)),
            }
        }
    }
    let mut known: HashMap<&str, Known> = HashMap::new();
    for (record, _) in &rows {
        let of = known.entry(record.id.as_str()).or_default();
        of.is_organization |= record.kind == Some(Kind::Organization);
        of.described |= record.kind.is_some() || record.feature.is_some();
        of.names.extend(record.names.iter().map(|name| name.text.clone()));
    }
    let same: HashSet<&str> =
        rows.iter().flat_map(|(record, _)| &record.same_as).map(|id| id.as_str()).collect();
    let exists = |id: &str| imported.has(id) || known.contains_key(id) || same.contains(id);
    for row in &rows {
        facts::check(imported, row, &known, &exists, &mut faults);
        names::check(imported, row, &known, &mut faults);
    }
    names::twice(&rows, &mut faults);
    facts::claims(files, imported, &rows, &known, &mut faults)?;
    faults.sort_by(|a, b| (&a.place.file, a.place.line, a.rule).cmp(&(&b.place.file, b.place.line, b.rule)));
    Ok(faults)
}

fn unreadable(file: &Path, error: &Error) -> Fault {
    let place = error.place().cloned().unwrap_or_else(|| Place::file(file));
    let message = error.to_string();
    let message = message.strip_prefix(&format!("{place}: ")).map_or(message.clone(), str::to_owned);
    Fault { place, rule: Rule::Row, message }
}

/// The CSV files of a folder, sorted.
pub fn files(folder: impl AsRef<Path>) -> Result<Vec<PathBuf>> {
    let folder = folder.as_ref();
    let fail = |error| Error::io(format!("cannot read {}", folder.display()), error);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a period ends before it begins.
pub(crate) fn is_backward(period: &Period) -> bool {
    let day = |date: &Option<Date>| date.as_ref().and_then(Date::days);
    day(&period.from).zip(day(&period.to)).is_some_and(|((from, _), (_, to))| from > to)
}
