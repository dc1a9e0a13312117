//! JSON Lines: one object a line, with the fields that CSV has as columns.
//!
//! `name` is one name, with its fields beside it; `names` is a list of objects with `text` (or `name`), `lang`, `kind` (or
//! `name_kind`), `from`, `to`, `perspective`, `case` and `source`. Lists are arrays or strings with `;`.

use std::io::Read;
use std::path::Path;

use serde_json::{Map, Value};

use super::{Column, Fields, Lines, no_object};
use crate::error::{Error, Place, Result};
use crate::record::{Hide, Record};

/// Reads the objects of a JSON Lines file; an iterator of records with their names.
///
/// ```
/// use exonym::source::jsonl::JsonlReader;
/// let text = r#"{"id":"gn:146970","lat":39.8153,"lon":46.7519,"names":[
///     {"text":"Ստեփանակերտ","lang":"hy"},{"text":"Xankəndi","lang":["az","tr"]}]}"#.replace('\n', "");
/// let reader = JsonlReader::from_reader(std::io::Cursor::new(text), "names.jsonl")?;
/// let records: Vec<_> = reader.map(|row| row.map(|(record, _)| record)).collect::<Result<_, _>>()?;
/// assert_eq!(records[0].names[1].langs, ["az", "tr"]);
/// # Ok::<(), exonym::Error>(())
/// ```
pub struct JsonlReader {
    lines: Lines,
    ignored: Vec<String>,
    done: bool,
}

impl std::fmt::Debug for JsonlReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JsonlReader").field("file", &self.lines.file).finish_non_exhaustive()
    }
}

impl JsonlReader {
    /// Opens a file.
    pub fn from_path(path: impl AsRef<Path>) -> Result<JsonlReader> {
        Ok(JsonlReader::new(Lines::open(path.as_ref())?))
    }

    /// Reads from any input; `name` stands for the file in messages.
    pub fn from_reader(input: impl Read + Send + 'static, name: impl AsRef<Path>) -> Result<JsonlReader> {
        Ok(JsonlReader::new(Lines::new(Box::new(input), name.as_ref())?))
    }

    pub(super) fn new(lines: Lines) -> JsonlReader {
        JsonlReader { lines, ignored: vec![], done: false }
    }

    /// Fields met so far that have no meaning here.
    pub fn ignored_columns(&self) -> &[String] {
        &self.ignored
    }

    fn row(&mut self) -> Result<Option<(Record, Place)>> {
        loop {
            if !self.lines.read()? {
                return Ok(None);
            }
            if !self.lines.bytes().trim_ascii().is_empty() {
                break;
            }
        }
        let place = self.lines.place();
        let object: Map<String, Value> = serde_json::from_str(self.lines.text()?)
            .map_err(|error| no_object(&error).at(place.clone().byte(error.column().max(1) as u64)))?;
        let names = object.get("names");
        let own = texts(&object, &place, |key| {
            let column = Column::named(key);
            if column.is_none() && key != "names" && !self.ignored.iter().any(|known| known == key) {
                self.ignored.push(key.to_owned());
            }
            column
        })?;
        let fields = fields(&own);
        let mut record = fields.record(&place)?;
        if object.contains_key("name") {
            record.names.extend(fields.name_of(&record, &place)?);
        }
        match names {
            None | Some(Value::Null) => {}
            Some(Value::Array(list)) => {
                for name in list {
                    let Value::Object(name) = name else {
                        return Err(wrong("names", "an array of objects", &place));
                    };
                    let column = |key: &str| match key {
                        "text" => Some(Column::Name),
                        "kind" => Some(Column::NameKind),
                        "name" | "lang" | "name_kind" | "from" | "to" | "perspective" | "case" | "source" => {
                            Column::named(key)
                        }
                        _ => None,
                    };
                    let own = texts(name, &place, column)?;
                    record.names.push(self::fields(&own).name(&place)?);
                }
            }
            Some(_) => return Err(wrong("names", "an array of objects", &place)),
        }
        if record.names.is_empty() && record.hide != Some(Hide::Record) {
            return Err(Error::input("has no name; give \"name\" or \"names\"").at(place));
        }
        Ok(Some((record, place)))
    }
}

fn fields(texts: &[(Column, String)]) -> Fields<'_> {
    let mut fields = Fields::new();
    texts.iter().for_each(|(column, text)| fields.set(*column, text));
    fields
}

fn wrong(column: &str, expected: &str, place: &Place) -> Error {
    Error::input(format!("has another type, expected {expected}")).at(place.clone().column(column))
}

/// The values of an object as the text that CSV would have.
fn texts(
    object: &Map<String, Value>,
    place: &Place,
    mut column: impl FnMut(&str) -> Option<Column>,
) -> Result<Vec<(Column, String)>> {
    let mut texts = Vec::with_capacity(object.len());
    for (key, value) in object {
        let Some(column) = column(key) else { continue };
        let text = match value {
            Value::Null => continue,
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Array(list) => {
                let items: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
                let Some(items) = items else { return Err(wrong(key, "an array of strings", place)) };
                items.join(";")
            }
            _ => return Err(wrong(key, "a string or number", place)),
        };
        texts.push((column, text));
    }
    Ok(texts)
}

impl Iterator for JsonlReader {
    type Item = Result<(Record, Place)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        super::item(self.row(), &mut self.done)
    }
}
