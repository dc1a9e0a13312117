//! What can be told of a record, by name: `--add` and `--replace`.

use anyhow::{Result, bail};
use exonym::gazetteer::{NameRef, RecordRef};
use exonym::record::NameKind;
use serde_json::Value;

use super::answer::{Answer, rounded};
use crate::similar;

/// The fields added to a table where none are asked for, and the columns of a list behind the input.
pub(super) const USUAL: [&str; 6] = ["status", "id", "name", "country", "kind", "score"];

const WORDS: [&str; 16] = [
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
    "status",
    "score",
    "name:LANG",
];

/// A field.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Field {
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
}

impl Field {
    /// The field of a word; `option` is where it was typed.
    pub(super) fn parse(word: &str, option: &str) -> Result<Field> {
        Ok(match word {
            "status" => Field::Status,
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
            _ => match word.split_once(':') {
                Some(("name", lang)) if !lang.is_empty() => Field::NameIn(lang.to_ascii_lowercase()),
                Some(("same_as", scheme)) if !scheme.is_empty() => Field::SameAsOf(scheme.to_owned()),
                _ => bail!(
                    "{option} has no field {word:?}{}; the fields are {}, same_as:SCHEME",
                    similar::meant(word, WORDS),
                    WORDS.join(", ")
                ),
            },
        })
    }

    /// The end of the column's name.
    pub(super) fn column(&self) -> String {
        match self {
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
            Field::SameAsOf(scheme) => format!("same_as_{scheme}"),
        }
    }

    /// Its value in an answer; null where there is none.
    pub(super) fn value(&self, answer: &Answer<'_>) -> Value {
        let of = |text: Option<&str>| text.map_or(Value::Null, Value::from);
        if *self == Field::Status {
            return answer.status.into();
        }
        let Some(best) = answer.candidates.first() else { return Value::Null };
        let record = best.record;
        let coordinate =
            |degrees: Option<f64>| degrees.map_or(Value::Null, |d| ((d * 1e5).round() / 1e5).into());
        match self {
            Field::Status => answer.status.into(),
            Field::Score => rounded(best.score).into(),
            Field::Id => record.id().to_string().into(),
            Field::Name => record.name().text().into(),
            Field::NameIn(lang) => of(name_in(record, lang).map(NameRef::text)),
            Field::Used => best.name.text().into(),
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
            Field::SameAs => {
                let ids: Vec<String> = record.same_as().map(|id| id.to_string()).collect();
                if ids.is_empty() { Value::Null } else { ids.join(" ").into() }
            }
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

/// A value as the text of a cell.
pub(super) fn cell(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        // 1.0 is 1 to a reader of tables.
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), |n| n.to_string()),
        other => other.to_string(),
    }
}

/// The name of a record in a language, as one would write it there today.
fn name_in<'g>(record: RecordRef<'g>, lang: &str) -> Option<NameRef<'g>> {
    let of_lang = |name: &NameRef<'_>| {
        name.langs().any(|l| l.eq_ignore_ascii_case(lang) || l.split('-').next() == Some(lang))
    };
    let rank = |name: &NameRef<'_>| match name.kind() {
        NameKind::Preferred => Some(0),
        NameKind::Official => Some(1),
        NameKind::Short => Some(2),
        NameKind::Alternate => Some(3),
        NameKind::Transliteration => Some(4),
        _ => None,
    };
    let names = record.names().filter(|name| of_lang(name) && name.to().is_none());
    names.filter_map(|name| Some((rank(&name)?, name))).min_by_key(|(rank, _)| *rank).map(|(_, name)| name)
}
