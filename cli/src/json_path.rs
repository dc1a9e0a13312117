//! A value inside a JSON text, found by its path and given as it is written.

use std::borrow::Cow;
use std::fmt;

use anyhow::{Result, bail};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// A path as `jq` has it: `.place.name`, `.names[0]`; or a plain key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Path {
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
    Key(String),
    Item(usize),
}

/// The members of an object, in their order, each value as it is written.
pub(crate) struct Members<'a>(pub(crate) Vec<(Cow<'a, str>, &'a RawValue)>);

/// A key, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Members<'a>, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Vec<(Cow<'de, str>, &'de RawValue)>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((Key(key), value)) = map.next_entry()? {
                    members.push((key, value));
                }
                Ok(members)
            }
        }
        from.deserialize_map(Read).map(Members)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.steps.iter().try_for_each(|step| match step {
            Step::Key(key) => write!(f, ".{key}"),
            Step::Item(n) => write!(f, "[{n}]"),
        })
    }
}

impl Path {
    /// The path written so; `option` is where it was typed.
    pub(crate) fn parse(text: &str, option: &str) -> Result<Path> {
        let bad =
            || anyhow::anyhow!("{option} is {text:?}, expected a path such as .place.name or .names[0]");
        let Some(mut rest) = text.strip_prefix('.') else {
            if text.is_empty() {
                bail!(bad());
            }
            return Ok(Path { steps: vec![Step::Key(text.to_owned())] });
        };
        let mut steps = Vec::new();
        loop {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (key, behind) = rest.split_at(end);
            if key.is_empty() {
                bail!(bad());
            }
            steps.push(Step::Key(key.to_owned()));
            rest = behind;
            while let Some(index) = rest.strip_prefix('[') {
                let (number, behind) = index.split_once(']').ok_or_else(bad)?;
                steps.push(Step::Item(number.parse().map_err(|_| bad())?));
                rest = behind;
            }
            match rest.strip_prefix('.') {
                Some(behind) => rest = behind,
                None if rest.is_empty() => return Ok(Path { steps }),
                None => bail!(bad()),
            }
        }
    }

    /// The last key of the path.
    pub(crate) fn label(&self) -> &str {
        let mut keys = self.steps.iter().rev().filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Item(_) => None,
        });
        keys.next().unwrap_or_default()
    }

    /// The value in an object, if there is one.
    pub(crate) fn find<'a>(&self, members: &Members<'a>) -> Option<&'a RawValue> {
        let mut steps = self.steps.iter();
        let Some(Step::Key(key)) = steps.next() else { return None };
        let mut value = members.0.iter().find(|(name, _)| name == key)?.1;
        for step in steps {
            value = match step {
                Step::Key(key) => {
                    let inner: Members<'a> = serde_json::from_str(value.get()).ok()?;
                    inner.0.iter().find(|(name, _)| name == key)?.1
                }
                Step::Item(n) => {
                    let inner: Vec<&'a RawValue> = serde_json::from_str(value.get()).ok()?;
                    inner.get(*n).copied()?
                }
            };
        }
        Some(value)
    }
}

/// The string of a value; of a number its digits.
pub(crate) fn text(value: &RawValue) -> Option<Cow<'_, str>> {
    match value.get().as_bytes().first()? {
        b'"' => {
            let Key(text) = serde_json::from_str(value.get()).ok()?;
            Some(text)
        }
        b'-' | b'0'..=b'9' => Some(Cow::Borrowed(value.get())),
        _ => None,
    }
}

/// What is wrong with a line that is no JSON, and at which byte.
pub(crate) fn fault(error: &serde_json::Error) -> (usize, String) {
    let message = error.to_string();
    // The line number serde_json gives is always 1 here.
    let what = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
    (error.column().max(1), what.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_as_they_are_written() {
        let text = r#"{"a.b":1.50,"a":{"b":[ {"c\n":"é"} ,null]},"n":-7}"#;
        let members: Members<'_> = serde_json::from_str(text).unwrap();
        for (path, expected) in [
            ("a.b", Some("1.50")),
            (".a.b", Some("[ {\"c\\n\":\"é\"} ,null]")),
            (".a.b[1]", Some("null")),
            (".a.b[2]", None),
            (".a[0]", None),
            ("n", Some("-7")),
            (".x", None),
        ] {
            let found = Path::parse(path, "--field").unwrap().find(&members);
            assert_eq!(found.map(RawValue::get), expected, "{path}");
        }
        for path in ["", ".", ".a.", ".a[", ".a[x]", ".a[1]b", "..a"] {
            assert!(Path::parse(path, "--field").is_err(), "{path}");
        }
        assert_eq!(Path::parse(".place.names[0]", "").unwrap().label(), "names");
    }
}
