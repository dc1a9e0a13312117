//! The objects of a JSON file, one at a time, whatever holds them: lines, an array, or the `features` of a GeoJSON file.
//!
//! Only one object is in memory. A bad one is an error of its own, and the next one follows.

use std::io::BufRead;

use serde_json::Value;

use super::lines::no_utf8;
use super::{Lines, lpf, no_object, ror, sparql, wikidata, wof};
use crate::error::{Error, Place, Result};
use crate::record::{Date, Point, Record, RecordId};

/// Longest object, in bytes.
const MAX_OBJECT: usize = 64 << 20;

/// What an object of a format is: a record, or nothing that has a name.
type Read = fn(&At<'_>) -> Result<Option<Record>>;

/// Reads a JSON file of a format that has one object for each record: an iterator of records with their names. Made by
/// [`read_from`](super::read_from).
pub struct ObjectReader {
    lines: Lines,
    read: Read,
    state: State,
    buffer: Vec<u8>,
    passed_over: u64,
    done: bool,
}

impl std::fmt::Debug for ObjectReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ObjectReader").field("file", &self.lines.file).finish_non_exhaustive()
    }
}

impl ObjectReader {
    pub(super) fn ror(lines: Lines) -> ObjectReader {
        ObjectReader::new(lines, ror::record)
    }

    pub(super) fn wikidata(lines: Lines) -> ObjectReader {
        ObjectReader::new(lines, wikidata::record)
    }

    pub(super) fn lpf(lines: Lines) -> ObjectReader {
        ObjectReader::new(lines, lpf::record)
    }

    pub(super) fn wof(lines: Lines) -> ObjectReader {
        ObjectReader::new(lines, wof::record)
    }

    pub(super) fn sparql(lines: Lines) -> ObjectReader {
        ObjectReader::new(lines, sparql::binding)
    }

    fn new(lines: Lines, read: Read) -> ObjectReader {
        let state = State { line: 1, ..State::default() };
        ObjectReader { lines, read, state, buffer: vec![], passed_over: 0, done: false }
    }

    /// Objects so far that are nothing to be found in a text.
    pub fn passed_over(&self) -> u64 {
        self.passed_over
    }

    fn row(&mut self) -> Result<Option<(Record, Place)>> {
        loop {
            let Some(place) = self.object()? else { return Ok(None) };
            let text = std::str::from_utf8(&self.buffer).map_err(|error| {
                let before = self.buffer.get(..error.valid_up_to()).unwrap_or(&[]);
                let lines = before.iter().filter(|b| **b == b'\n').count() as u64;
                let place = place.clone().line(place.line.unwrap_or(1) + lines);
                no_utf8(&self.buffer, error).at(place)
            })?;
            let value: Value = serde_json::from_str(text).map_err(|error| {
                let place = place.clone().line(place.line.unwrap_or(1) + error.line().max(1) as u64 - 1);
                no_object(&error).at(place)
            })?;
            match (self.read)(&At::new(&value, &place))? {
                Some(record) => return Ok(Some((record, place))),
                None => self.passed_over += 1,
            }
        }
    }

    /// Reads the bytes of the next object; gives where it begins.
    fn object(&mut self) -> Result<Option<Place>> {
        self.buffer.clear();
        let place = |line| Place::file(&self.lines.file).line(line);
        loop {
            let chunk = self.lines.input.fill_buf();
            let chunk =
                chunk.map_err(|e| Error::io(format!("cannot read {}", self.lines.file.display()), e))?;
            if chunk.is_empty() {
                self.done = true;
                let unclosed = |what, line| {
                    let message =
                        format!("{what} is not closed before the end of the file; download it again");
                    Err(Error::input(message).at(place(line)))
                };
                return match &self.state {
                    state if state.depth > 0 => unclosed("the object that begins here", state.start),
                    state if state.lists > 0 || state.wrapped > 0 => unclosed("a list", state.line),
                    _ => Ok(None),
                };
            }
            let mut step = Step::More;
            let mut used = 0;
            for byte in chunk {
                used += 1;
                step = self.state.take(*byte, &mut self.buffer);
                if step != Step::More {
                    break;
                }
            }
            self.lines.input.consume(used);
            let start = self.state.start;
            match step {
                Step::More => {}
                Step::Object => return Ok(Some(place(start))),
                Step::Long => {
                    let message =
                        "the object that begins here is longer than 64 MiB; remove what it has besides names";
                    return Err(Error::input(message).at(place(start)));
                }
                Step::Endless => {
                    self.done = true;
                    return Err(super::lines::endless(&place(start)));
                }
                Step::Stray => {
                    let message = "text stands between the objects, expected { or [; is it a JSON file?";
                    return Err(Error::input(message).at(place(self.state.line)));
                }
            }
        }
    }
}

impl Iterator for ObjectReader {
    type Item = Result<(Record, Place)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        super::item(self.row(), &mut self.done)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Step {
    More,
    Object,
    Long,
    Endless,
    Stray,
}

/// Where in the file a byte stands.
#[derive(Default)]
struct State {
    line: u64,
    /// Line on which the object begins.
    start: u64,
    /// Brackets open within the object.
    depth: usize,
    in_string: bool,
    escaped: bool,
    /// Arrays open around the objects.
    lists: usize,
    /// How deep in another object the list is whose items the objects are.
    wrapped: usize,
    /// Whether what is read is the rest of the one that holds the features.
    tail: bool,
    /// Bytes of the object beyond those that are kept.
    beyond: u64,
    /// Whether stray text was told, and is passed over to the end of its line.
    stray: bool,
}

impl State {
    fn take(&mut self, byte: u8, buffer: &mut Vec<u8>) -> Step {
        self.line += u64::from(byte == b'\n');
        if self.depth == 0 {
            return self.between(byte, buffer);
        }
        if buffer.len() < MAX_OBJECT {
            if !self.tail {
                buffer.push(byte);
            }
        } else {
            self.beyond += 1;
            if self.beyond > super::lines::MAX_SKIP {
                return Step::Endless;
            }
        }
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return Step::More;
        }
        match byte {
            b'"' => self.in_string = true,
            b'[' if self.wrapped == 0 && ends_with_objects(buffer, self.depth) => {
                (self.wrapped, self.depth) = (self.depth, 0);
                buffer.clear();
            }
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth -= 1;
                if self.depth == 0 && self.tail {
                    (self.tail, self.wrapped) = (false, 0);
                } else if self.depth == 0 {
                    return if std::mem::take(&mut self.beyond) > 0 { Step::Long } else { Step::Object };
                }
            }
            _ => {}
        }
        Step::More
    }

    fn between(&mut self, byte: u8, buffer: &mut Vec<u8>) -> Step {
        match byte {
            b'\n' => self.stray = false,
            _ if self.stray => {}
            b'{' => {
                buffer.clear();
                buffer.push(byte);
                (self.depth, self.start) = (1, self.line);
            }
            b']' if self.wrapped > 0 => (self.tail, self.depth) = (true, self.wrapped),
            b'[' => self.lists += 1,
            b']' => self.lists = self.lists.saturating_sub(1),
            b',' | b' ' | b'\t' | b'\r' => {}
            _ => {
                self.stray = true;
                return Step::Stray;
            }
        }
        Step::More
    }
}

/// Whether the bytes end with the key whose value is a list of objects of their own; its bracket is the last of them. GeoJSON has
/// `features`, and the result of a SPARQL query `bindings` within `results`.
fn ends_with_objects(bytes: &[u8], depth: usize) -> bool {
    let read = || {
        let key = bytes.strip_suffix(b"[")?.trim_ascii_end().strip_suffix(b":")?.trim_ascii_end();
        Some(match depth {
            1 => key.ends_with(b"\"features\""),
            2 => key.ends_with(b"\"bindings\""),
            _ => false,
        })
    };
    read().unwrap_or(false)
}

/// A value with the way that leads to it, for messages.
pub(super) struct At<'v> {
    value: &'v Value,
    path: String,
    place: &'v Place,
}

impl<'v> At<'v> {
    /// A whole object.
    pub(super) fn new(value: &'v Value, place: &'v Place) -> At<'v> {
        At { value, path: String::new(), place }
    }

    /// A member, unless it is absent or null.
    pub(super) fn get(&self, key: &str) -> Option<At<'v>> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        Some(At { value, path, place: self.place })
    }

    /// A member of members.
    pub(super) fn find(&self, path: &[&str]) -> Option<At<'v>> {
        let (first, rest) = path.split_first()?;
        let member = self.get(first)?;
        if rest.is_empty() { Some(member) } else { member.find(rest) }
    }

    /// A member that must be there.
    pub(super) fn need(&self, key: &str) -> Result<At<'v>> {
        self.get(key).ok_or_else(|| self.fail(&format!("has no {key:?}")))
    }

    /// The items of the list that is this member; none if it is absent.
    pub(super) fn items(&self, key: &str) -> Result<Vec<At<'v>>> {
        let Some(list) = self.get(key) else { return Ok(vec![]) };
        let Value::Array(items) = list.value else {
            return Err(list.fail("has another type, expected a list"));
        };
        let at = |(i, value)| At { value, path: format!("{}[{i}]", list.path), place: self.place };
        Ok(items.iter().enumerate().map(at).collect())
    }

    /// The members of an object, by key. Wikidata writes an object of none as an empty list.
    pub(super) fn members(&self) -> Result<Vec<(&'v str, At<'v>)>> {
        if self.value.as_array().is_some_and(Vec::is_empty) {
            return Ok(vec![]);
        }
        let Value::Object(members) = self.value else {
            return Err(self.fail("has another type, expected an object"));
        };
        Ok(members.keys().filter_map(|key| Some((key.as_str(), self.get(key)?))).collect())
    }

    /// This as text.
    pub(super) fn text(&self) -> Result<&'v str> {
        self.value.as_str().ok_or_else(|| self.fail("has another type, expected a string"))
    }

    /// This as text, where a number is as good.
    pub(super) fn word(&self) -> Result<String> {
        match self.value {
            Value::String(text) => Ok(text.trim().to_owned()),
            Value::Number(number) => Ok(number.to_string()),
            _ => Err(self.fail("has another type, expected a string or number")),
        }
    }

    /// This as a number.
    pub(super) fn number(&self) -> Result<f64> {
        self.value.as_f64().ok_or_else(|| self.fail("has another type, expected a number"))
    }

    /// This as a whole number that is not negative.
    pub(super) fn count(&self) -> Result<u64> {
        self.value.as_u64().ok_or_else(|| self.fail("has another value, expected a whole number from 0"))
    }

    /// This as the written form of a name, which is never empty.
    pub(super) fn written(&self) -> Result<&'v str> {
        match self.text()?.trim() {
            "" => Err(self.fail("the name is empty, expected the written form")),
            text => Ok(text),
        }
    }

    /// The point that two numbers of this make.
    pub(super) fn point(&self, lat: &At<'_>, lon: &At<'_>) -> Result<Point> {
        Point::new(lat.number()?, lon.number()?).map_err(|error| self.at(error))
    }

    /// Whether a list of texts has this one.
    pub(super) fn has(&self, key: &str, text: &str) -> bool {
        let items = self.value.get(key).and_then(Value::as_array);
        items.is_some_and(|items| items.iter().any(|item| item == text))
    }

    /// An id made of this.
    pub(super) fn id(&self, text: &str) -> Result<RecordId> {
        text.parse().map_err(|error: Error| self.at(error))
    }

    /// A date as people write years: `1991`, `850`, `-44`, `1991-12-26T00:00:00Z`.
    pub(super) fn date(&self, text: &str) -> Result<Date> {
        super::vocabulary::date(text).map_err(|error| self.at(error))
    }

    /// Where the object stands.
    pub(super) fn place(&self) -> &'v Place {
        self.place
    }

    /// The place of this value put to an error.
    pub(super) fn at(&self, error: Error) -> Error {
        error.at(if self.path.is_empty() {
            self.place.clone()
        } else {
            self.place.clone().column(&self.path)
        })
    }

    pub(super) fn fail(&self, message: &str) -> Error {
        self.at(Error::input(message))
    }
}
