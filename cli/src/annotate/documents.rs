//! Records of the input as texts: with their ids, languages and dates, and where in the record the text stands.

use std::borrow::Cow;
use std::ops::Range;

use anyhow::{Error, Result, anyhow, bail};
use exonym::record::Date;
use serde::{Deserialize, Deserializer};
use serde_json::value::{RawValue, to_raw_value};

use super::args::{Annotate, InputKind};
use crate::input::records::{Batch, Cut, without_end};
use crate::input::{Decoder, Text};
use crate::json_path::{Members, Path, fault, text as string};
use crate::settings::date as date_of;
use crate::table::cells::Style;
use crate::table::header::Header;

/// What the records are.
pub(super) enum Reading {
    /// A record is a text; of several inputs its id tells which.
    Plain { whole: bool, several: bool },
    /// An object with the text at a path, or in its field `text`.
    Jsonl(Option<Path>),
    /// A row with the text in a cell.
    Table(Table),
}

/// The columns of a table.
pub(super) struct Table {
    style: Style,
    column: usize,
    id: Option<usize>,
    lang: Option<usize>,
    date: Option<usize>,
    /// The header of the first file, without its line end.
    header: Option<Vec<u8>>,
    several: bool,
}

/// A text with what its record says of it.
pub(super) struct Document<'b> {
    pub(super) id: Option<Cow<'b, RawValue>>,
    pub(super) date: Option<Cow<'b, RawValue>>,
    pub(super) lang: Option<String>,
    pub(super) text: Text<'b>,
    /// The line its record begins at.
    pub(super) line: u64,
    pub(super) stands: Stands<'b>,
}

/// Where in a record its text stands.
pub(super) enum Stands<'b> {
    /// It is the record's own bytes.
    Itself(&'b [u8]),
    /// It is a JSON string.
    String(&'b [u8], Range<usize>),
    /// It is a cell.
    Cell(&'b [u8], Range<usize>, Style),
}

/// What is done with the records of a batch.
pub(super) trait Visit {
    /// A text, with the line end behind its record.
    fn text(&mut self, document: &Document<'_>, end: &[u8]) -> Result<()>;

    /// Bytes that belong to no text: an empty line, a mark.
    fn pass(&mut self, bytes: &[u8]);

    /// A record that is not as it should be; an error ends all.
    fn bad(&mut self, error: Error) -> Result<()>;
}

/// One line of jsonl. The id is carried over as it is written: a number of thirty digits stays one.
#[derive(Deserialize)]
struct Line<'l> {
    #[serde(borrow, default, deserialize_with = "even_null")]
    id: Option<&'l RawValue>,
    #[serde(borrow, default, deserialize_with = "even_null")]
    date: Option<&'l RawValue>,
    #[serde(borrow)]
    text: Cow<'l, str>,
    lang: Option<String>,
}

impl Document<'_> {
    /// Its date, if it is one.
    pub(super) fn as_of(&self) -> Option<Date> {
        let date = self.date.as_ref()?.get();
        // A year may be a number.
        date_of(&serde_json::from_str::<String>(date).unwrap_or_else(|_| date.to_owned()))
    }
}

impl Reading {
    /// How inputs are cut into records.
    pub(super) fn cut(kind: InputKind, delimiter: u8) -> Cut {
        match kind {
            InputKind::Text | InputKind::Html | InputKind::Xml | InputKind::Markdown => Cut::Whole,
            InputKind::Csv => Cut::Rows { delimiter },
            InputKind::Lines | InputKind::Jsonl | InputKind::Tsv => Cut::Lines,
        }
    }

    /// What the records of a kind are; of a table the first tells the columns.
    pub(super) fn new(
        args: &Annotate,
        kind: InputKind,
        delimiter: u8,
        several: bool,
        first: Option<&Batch>,
    ) -> Result<Reading> {
        Ok(match kind {
            InputKind::Text | InputKind::Html | InputKind::Xml | InputKind::Markdown => {
                Reading::Plain { whole: true, several }
            }
            InputKind::Lines => Reading::Plain { whole: false, several },
            InputKind::Jsonl => {
                // To write an object as it came one must know where in it the text is.
                let field = args.texts.field.as_deref().or((args.replace || args.mark).then_some(".text"));
                Reading::Jsonl(field.map(|path| Path::parse(path, "--field")).transpose()?)
            }
            InputKind::Csv | InputKind::Tsv => {
                let style = Style { delimiter, quoted: kind == InputKind::Csv };
                Reading::Table(Table::new(args, style, several, first)?)
            }
        })
    }

    /// The header of a table, for one that is written as it came.
    pub(super) fn header(&self, first: Option<&Batch>, out: &mut Vec<u8>) {
        let row = first.and_then(|batch| batch.records().next());
        if let (Reading::Table(Table { header: Some(_), .. }), Some((row, _))) = (self, row) {
            out.extend(row);
        }
    }

    /// Give each text of a batch, and what is none, to a visitor.
    pub(super) fn each(&self, batch: &Batch, decoder: &mut Decoder, visit: &mut impl Visit) -> Result<()> {
        for (i, (record, line)) in batch.records().enumerate() {
            let (content, end) = without_end(record);
            let place = || format!("{}:{line}", batch.name);
            match self {
                Reading::Plain { whole: true, .. } => {
                    let text = decoder.decode(record, || batch.name.to_string())?;
                    let id = batch.is_file.then(|| to_raw_value(&*batch.name)).transpose()?.map(Cow::Owned);
                    let document =
                        Document { id, date: None, lang: None, text, line, stands: Stands::Itself(record) };
                    visit.text(&document, b"")?;
                }
                Reading::Plain { several, .. } => {
                    let text = decoder.decode(content, place)?;
                    let id = Some(Cow::Owned(number(*several, line, place)?));
                    let document =
                        Document { id, date: None, lang: None, text, line, stands: Stands::Itself(content) };
                    visit.text(&document, end)?;
                }
                Reading::Jsonl(path) => {
                    let content = match content.strip_prefix(b"\xef\xbb\xbf") {
                        Some(behind) if batch.first && i == 0 => behind,
                        _ => content,
                    };
                    visit.pass(without_end(record).0.strip_suffix(content).unwrap_or_default());
                    if content.trim_ascii().is_empty() {
                        visit.pass(content);
                        visit.pass(end);
                        continue;
                    }
                    let decoded;
                    let document = match decoder.decode(content, place) {
                        Ok(text) => {
                            decoded = text;
                            object(&decoded.text, path.as_ref(), line, &place)
                        }
                        Err(error) => Err(error),
                    };
                    match document {
                        Ok(document) => visit.text(&document, end)?,
                        Err(error) => visit.bad(error)?,
                    }
                }
                Reading::Table(table) => {
                    if batch.first && i == 0 && table.header.is_some() {
                        table.check_header(batch, content)?;
                        continue;
                    }
                    if content.is_empty() {
                        visit.pass(record);
                        continue;
                    }
                    let document = table.document(content, decoder, line, place)?;
                    visit.text(&document, end)?;
                }
            }
        }
        Ok(())
    }
}

/// The number of a line, among several inputs with the name of its own.
fn number(several: bool, line: u64, place: impl Fn() -> String) -> Result<Box<RawValue>> {
    Ok(if several { to_raw_value(&place()) } else { to_raw_value(&line) }?)
}

/// The text of an object. Offsets count in the string itself, whatever escapes it has.
fn object<'o>(
    object: &'o str,
    path: Option<&Path>,
    number: u64,
    place: &impl Fn() -> String,
) -> Result<Document<'o>> {
    let whole = object.as_bytes();
    let Some(path) = path else {
        let line: Line<'_> = serde_json::from_str(object)
            .map_err(|error| bad(&place(), "{\"id\":1,\"text\":\"…\"}", &error))?;
        let text = Text::from(line.text);
        let id = line.id.map(Cow::Borrowed);
        return Ok(Document {
            id,
            date: line.date.map(Cow::Borrowed),
            lang: line.lang,
            text,
            line: number,
            stands: Stands::String(whole, 0..0),
        });
    };
    let members: Members<'o> =
        serde_json::from_str(object).map_err(|error| bad(&place(), "{\"id\":1,…}", &error))?;
    let member = |name: &str| members.0.iter().find(|(key, _)| key == name).map(|(_, value)| *value);
    let value = path.find(&members).filter(|value| value.get().starts_with('"'));
    let Some((value, text)) = value.and_then(|value| Some((value, string(value)?))) else {
        bail!(
            "{}: there is no string at --field {path}; give the path to the text, or pass over such lines with --skip-bad",
            place()
        );
    };
    let start = value.get().as_ptr() as usize - object.as_ptr() as usize;
    Ok(Document {
        id: member("id").map(Cow::Borrowed),
        date: member("date").map(Cow::Borrowed),
        lang: member("lang").and_then(string).map(Cow::into_owned),
        text: Text::from(text),
        line: number,
        stands: Stands::String(whole, start..start + value.get().len()),
    })
}

/// A line that is no document: where it stands, what was expected, and what is wrong.
fn bad(place: &str, expected: &str, error: &serde_json::Error) -> Error {
    let (byte, what) = fault(error);
    anyhow!("{place}: byte {byte}: expected an object such as {expected}: {what}")
}

/// A value that is there, be it null.
fn even_null<'de: 'l, 'l, D: Deserializer<'de>>(from: D) -> Result<Option<&'l RawValue>, D::Error> {
    Deserialize::deserialize(from).map(Some)
}

impl Table {
    fn new(args: &Annotate, style: Style, several: bool, first: Option<&Batch>) -> Result<Table> {
        let row =
            first.and_then(|batch| batch.records().next()).map_or(&b""[..], |(row, _)| without_end(row).0);
        let names = style.values(row);
        let file = first.map_or("the input", |batch| &*batch.name);
        let header = Header { file, names: (!args.no_header).then_some(&*names) };
        let texts = &args.texts;
        let Some(column) = &texts.column else {
            bail!("{file}: which column has the texts? give --column, one of {}", names.join(", "));
        };
        // Of an input that is empty nothing is asked.
        let one = |word: &str, option| if first.is_some() { header.one(word, option) } else { Ok(0) };
        Ok(Table {
            style,
            column: one(column, "--column")?,
            id: texts.id_column.as_deref().map(|w| one(w, "--id-column")).transpose()?,
            lang: texts.lang_column.as_deref().map(|w| one(w, "--lang-column")).transpose()?,
            date: texts.date_column.as_deref().map(|w| one(w, "--date-column")).transpose()?,
            header: (!args.no_header).then(|| row.to_owned()),
            several,
        })
    }

    fn check_header(&self, batch: &Batch, content: &[u8]) -> Result<()> {
        if self.header.as_ref().is_some_and(|header| header != content) {
            bail!("{}: its header is not that of the first file; run exonym once for each", batch.name);
        }
        Ok(())
    }

    fn document<'r>(
        &self,
        row: &'r [u8],
        decoder: &mut Decoder,
        line: u64,
        place: impl Fn() -> String,
    ) -> Result<Document<'r>> {
        let mut cells = Vec::new();
        self.style.cells(row, &mut cells);
        let value = |column: usize| {
            self.style.value(cells.get(column).and_then(|c| row.get(c.clone())).unwrap_or_default())
        };
        // What is wrong in it is counted, or refused.
        decoder.decode(row, &place)?;
        let id = match self.id {
            Some(column) => to_raw_value(&value(column))?,
            None => number(self.several, line, place)?,
        };
        let lang = self.lang.map(|column| value(column).trim().to_owned()).filter(|lang| !lang.is_empty());
        let date = self.date.map(|column| to_raw_value(&value(column))).transpose()?;
        let cell = cells.get(self.column).cloned().unwrap_or(row.len()..row.len());
        Ok(Document {
            id: Some(Cow::Owned(id)),
            date: date.map(Cow::Owned),
            lang,
            text: Text::from(value(self.column)),
            line,
            stands: Stands::Cell(row, cell, self.style),
        })
    }
}
