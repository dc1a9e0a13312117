//! What can be told of a record, by name: `--add`, `--replace` and `--template`.

use std::borrow::Cow;

use anyhow::{Result, bail};
use exonym::gazetteer::{ClaimRef, NameRef, RecordRef};
use serde_json::Value;

use crate::similar;

/// The words for fields of a record; a name in a table has a status besides, one in a text is a text with a role.
const WORDS: [&str; 18] = [
    "id",
    "name",
    "used",
    "kind",
    "feature",
    "country",
    "admin1",
    "lat",
    "lon",
    "population",
    "from",
    "to",
    "same_as",
    "disputed",
    "claimed_by",
    "controlled_by",
    "score",
    "name:LANG",
];

/// What fields are told of: a record, the name it was found by, and how.
pub(crate) struct Facts<'g, 't> {
    pub(crate) record: RecordRef<'g>,
    /// What the record is called.
    pub(crate) label: Cow<'g, str>,
    pub(crate) name: NameRef<'g>,
    pub(crate) score: f64,
    /// `matched` or `ambiguous`, in a table.
    pub(crate) status: &'static str,
    /// What stands in a text, how it is used there, and the record's number among those of its kind in the text.
    pub(crate) text: &'t str,
    pub(crate) role: &'static str,
    pub(crate) number: usize,
}

/// Where a field is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Table,
    Text,
}

/// A field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Field {
    Text,
    Role,
    Number,
    Status,
    Score,
    Id,
    Name,
    NameIn(String),
    Used,
    Kind,
    Feature,
    Country,
    Admin1,
    Lat,
    Lon,
    Population,
    From,
    To,
    SameAs,
    SameAsOf(String),
    Disputed,
    ClaimedBy,
    ControlledBy,
}

impl Field {
    /// The field of a word; `option` is where it was typed.
    pub(crate) fn parse(word: &str, option: &str, place: Place) -> Result<Field> {
        Ok(match word {
            "status" if place == Place::Table => Field::Status,
            "text" if place == Place::Text => Field::Text,
            "role" if place == Place::Text => Field::Role,
            "number" if place == Place::Text => Field::Number,
            "score" => Field::Score,
            "id" => Field::Id,
            "name" => Field::Name,
            "used" => Field::Used,
            "kind" => Field::Kind,
            "feature" => Field::Feature,
            "country" => Field::Country,
            "admin1" => Field::Admin1,
            "lat" => Field::Lat,
            "lon" => Field::Lon,
            "population" => Field::Population,
            "from" => Field::From,
            "to" => Field::To,
            "same_as" => Field::SameAs,
            "disputed" => Field::Disputed,
            "claimed_by" => Field::ClaimedBy,
            "controlled_by" => Field::ControlledBy,
            _ => match word.split_once(':') {
                Some(("name", lang)) if !lang.is_empty() => Field::NameIn(lang.to_ascii_lowercase()),
                Some(("same_as", scheme)) if !scheme.is_empty() => Field::SameAsOf(scheme.to_owned()),
                _ => {
                    let more: &[&str] =
                        if place == Place::Table { &["status"] } else { &["text", "role", "number"] };
                    let words = [&WORDS[..], more].concat();
                    bail!(
                        "{option} has no field {word:?}{}; the fields are {}, same_as:SCHEME",
                        similar::meant(word, words.iter().copied()),
                        words.join(", ")
                    )
                }
            },
        })
    }

    /// The end of the column's name.
    pub(crate) fn column(&self) -> String {
        match self {
            Field::Text => "text".to_owned(),
            Field::Role => "role".to_owned(),
            Field::Number => "number".to_owned(),
            Field::Status => "status".to_owned(),
            Field::Score => "score".to_owned(),
            Field::Id => "id".to_owned(),
            Field::Name => "name".to_owned(),
            Field::NameIn(lang) => format!("name_{lang}"),
            Field::Used => "used".to_owned(),
            Field::Kind => "kind".to_owned(),
            Field::Feature => "feature".to_owned(),
            Field::Country => "country".to_owned(),
            Field::Admin1 => "admin1".to_owned(),
            Field::Lat => "lat".to_owned(),
            Field::Lon => "lon".to_owned(),
            Field::Population => "population".to_owned(),
            Field::From => "from".to_owned(),
            Field::To => "to".to_owned(),
            Field::SameAs => "same_as".to_owned(),
            Field::Disputed => "disputed".to_owned(),
            Field::ClaimedBy => "claimed_by".to_owned(),
            Field::ControlledBy => "controlled_by".to_owned(),
            Field::SameAsOf(scheme) => format!("same_as_{scheme}"),
        }
    }

    /// Its value; null where there is none.
    pub(crate) fn value(&self, facts: &Facts<'_, '_>) -> Value {
        let of = |text: Option<&str>| text.map_or(Value::Null, Value::from);
        let record = facts.record;
        let coordinate =
            |degrees: Option<f64>| degrees.map_or(Value::Null, |d| ((d * 1e5).round() / 1e5).into());
        match self {
            Field::Text => facts.text.into(),
            Field::Role => facts.role.into(),
            Field::Number => facts.number.into(),
            Field::Status => facts.status.into(),
            Field::Score => facts.score.into(),
            Field::Id => record.id().to_string().into(),
            Field::Name => facts.label.as_ref().into(),
            Field::NameIn(lang) => of(record.name_in(lang).map(NameRef::text)),
            Field::Used => facts.name.text().into(),
            Field::Kind => record.kind().as_str().into(),
            Field::Feature => of(record.feature()),
            Field::Country => of(record.country()),
            Field::Admin1 => of(record.admin1()),
            Field::Lat => coordinate(record.point().map(|p| p.lat())),
            Field::Lon => coordinate(record.point().map(|p| p.lon())),
            Field::Population => {
                Some(record.population()).filter(|n| *n > 0).map_or(Value::Null, Value::from)
            }
            Field::From => of(record.from()),
            Field::To => of(record.to()),
            Field::SameAs => list(record.same_as().map(|id| id.to_string())),
            Field::Disputed => {
                if record.is_disputed() {
                    "disputed".into()
                } else {
                    Value::Null
                }
            }
            Field::ClaimedBy => list(open(record.claimed_by())),
            Field::ControlledBy => list(open(record.controlled_by())),
            Field::SameAsOf(scheme) => {
                let all = std::iter::once(record.id()).chain(record.same_as());
                all.filter(|id| id.scheme() == scheme)
                    .map(|id| id.to_string().into())
                    .next()
                    .unwrap_or(Value::Null)
            }
        }
    }
}

/// Words with a space between them; null if there are none.
fn list(words: impl Iterator<Item = String>) -> Value {
    let words: Vec<String> = words.collect();
    if words.is_empty() { Value::Null } else { words.join(" ").into() }
}

/// Who claims or holds something to this day.
pub(crate) fn open<'g>(claims: impl Iterator<Item = ClaimRef<'g>>) -> impl Iterator<Item = String> {
    claims.filter(|claim| claim.is_open()).map(|claim| claim.by().to_owned())
}

/// A value as the text of a cell.
pub(crate) fn cell(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        // 1.0 is 1 to a reader of tables.
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), |n| n.to_string()),
        other => other.to_string(),
    }
}
