//! Comma-, semicolon- and tab-separated files: one row is one name of one record. Only a file of claims may do without names.
//!
//! Lines are counted and gathered into rows here, so that every message tells the true line and byte (csv 1.4 puts a row of
//! line 4 that follows two blank lines on line 2, and has no byte for a field that is not UTF-8); rows with quotes are then
//! split by the csv crate. A `.tsv` file has no quoting: every tab ends a field.

use std::io::Read;
use std::path::Path;

use super::{Column, Fields, Lines, meant};
use crate::error::{Error, Place, Result};
use crate::record::Record;

/// Longest row, in bytes; a quote that is never closed must not swallow a whole file.
const MAX_ROW: usize = 1 << 20;

/// Reads the rows of a CSV or TSV file; an iterator of records with one name each.
///
/// ```
/// use exonym::source::csv::CsvReader;
/// let text = "id,name,lang,lat,lon\ngn:1526384,Алматы,kk;ru,43.25667,76.92861\n";
/// let (record, place) = CsvReader::from_reader(text.as_bytes(), "names.csv")?.next().expect("one row")?;
/// assert_eq!((record.names[0].text.as_str(), record.names[0].langs.len()), ("Алматы", 2));
/// assert_eq!(place.to_string(), "names.csv:2");
/// # Ok::<(), exonym::Error>(())
/// ```
pub struct CsvReader {
    table: Table,
    /// What each column of the header is.
    columns: Vec<Option<Column>>,
    ignored: Vec<String>,
    /// Whether rows have a name.
    names: bool,
    done: bool,
}

impl std::fmt::Debug for CsvReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CsvReader")
            .field("file", &self.table.lines.file)
            .field("header", &self.table.header)
            .finish_non_exhaustive()
    }
}

impl CsvReader {
    /// Opens a file and reads its header. A `.tsv` file is separated by tabs and has no quotes; for others the header tells
    /// whether tabs, semicolons or commas separate.
    pub fn from_path(path: impl AsRef<Path>) -> Result<CsvReader> {
        CsvReader::new(Lines::open(path.as_ref())?)
    }

    /// Reads from any input; `name` stands for the file in messages, and its extension counts as that of a file.
    pub fn from_reader(input: impl Read + Send + 'static, name: impl AsRef<Path>) -> Result<CsvReader> {
        CsvReader::new(Lines::new(Box::new(input), name.as_ref())?)
    }

    pub(super) fn new(lines: Lines) -> Result<CsvReader> {
        let table = Table::new(lines)?;
        let place = table.lines.place();
        let (mut columns, mut ignored) = (vec![], vec![]);
        for (i, word) in table.header.iter().enumerate() {
            let column = Column::named(word);
            if column.is_some() && table.header.iter().take(i).any(|before| before == word) {
                return Err(Error::input(format!("has two columns {word:?}; remove one")).at(place));
            }
            if column.is_none() && !word.is_empty() {
                ignored.push(word.clone());
            }
            columns.push(column);
        }
        // Claims are told of records that other files name.
        let has = |column| columns.contains(&Some(column));
        let names = has(Column::Name) || !(has(Column::ClaimedBy) || has(Column::ControlledBy));
        for needed in [Column::Id, Column::Name] {
            if !columns.contains(&Some(needed)) && (needed == Column::Id || names) {
                let needed = needed.as_str();
                let near = ignored.iter().find(|word| meant(word, needed));
                let near = near.map_or(String::new(), |word| format!(" (is {word:?} meant?)"));
                return Err(Error::input(format!(
                    "has no column {needed:?}{near}; the header needs at least: id, name"
                ))
                .at(place));
            }
        }
        Ok(CsvReader { table, columns, ignored, names, done: false })
    }

    /// Columns of the header that have no meaning here, as written. A near miss of a known column is worth a warning.
    pub fn ignored_columns(&self) -> &[String] {
        &self.ignored
    }

    fn row(&mut self) -> Result<Option<(Record, Place)>> {
        let Some(place) = self.table.row()? else { return Ok(None) };
        let mut fields = Fields::new();
        for (column, text) in self.columns.iter().zip(&self.table.fields) {
            if let Some(column) = column {
                fields.set(*column, text);
            }
        }
        let mut record = fields.record(&place)?;
        if self.names {
            record.names.extend(fields.name_of(&record, &place)?);
        }
        Ok(Some((record, place)))
    }
}

/// What separates the fields of a header: the most frequent of commas, tabs and semicolons.
pub(super) fn delimiter(header: &[u8]) -> u8 {
    let count = |byte| header.iter().filter(|b| **b == byte).count();
    let counts = [b',', b'\t', b';'].map(|byte| (byte, count(byte)));
    // The first of equals, so that a header of one column is one of commas.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(byte, _)| byte)
}

/// The rows of a file with a header, field by field.
pub(super) struct Table {
    pub(super) lines: Lines,
    delimiter: u8,
    quoting: bool,
    pub(super) header: Vec<String>,
    pub(super) fields: Vec<String>,
}

impl Table {
    /// Reads the header. A `.tsv` file is separated by tabs and has no quotes; for others the header tells whether tabs, semicolons
    /// or commas separate.
    pub(super) fn new(lines: Lines) -> Result<Table> {
        let tsv = lines.file.extension().is_some_and(|e| e.eq_ignore_ascii_case("tsv"));
        let mut table = Table { lines, delimiter: b'\t', quoting: !tsv, header: vec![], fields: vec![] };
        loop {
            if !table.lines.read()? {
                return Err(Error::input("is empty").at(Place::file(&table.lines.file)));
            }
            if !table.lines.bytes().is_empty() {
                break;
            }
        }
        if !tsv {
            table.delimiter = delimiter(table.lines.bytes());
        }
        let found = table.split()?;
        table.header = table.fields.iter().take(found).map(|word| word.trim().to_owned()).collect();
        Ok(table)
    }

    /// Reads one row into `fields`, after the lines that are blank; gives where it begins.
    pub(super) fn row(&mut self) -> Result<Option<Place>> {
        loop {
            if !self.lines.read()? {
                return Ok(None);
            }
            if !self.lines.bytes().is_empty() {
                break;
            }
        }
        let place = self.lines.place();
        let found = self.split()?;
        if found != self.header.len() {
            let expected = self.header.len();
            let remedy = match (self.quoting, self.delimiter) {
                (true, b',') => "; put a field that contains a comma in double quotes",
                (true, b';') => "; put a field that contains a semicolon in double quotes",
                _ => "",
            };
            let fields = if found == 1 { "field" } else { "fields" };
            return Err(Error::input(format!(
                "has {found} {fields}, expected {expected} as in the header{remedy}"
            ))
            .at(place));
        }
        Ok(Some(place))
    }

    /// Splits the line in the buffer into `fields`, reading on where a quoted field holds a line end; gives their number.
    fn split(&mut self) -> Result<usize> {
        let place = self.lines.place();
        // Unquoted rows, nearly all there are, need not be looked at twice.
        let quoted = self.quoting && self.lines.bytes().contains(&b'"');
        let mut at = At::Start;
        let mut seen = 0;
        loop {
            if quoted {
                at = at.after(self.lines.bytes().get(seen..).unwrap_or(&[]), self.delimiter);
            }
            seen = self.lines.bytes().len();
            if at != At::Quoted {
                break;
            }
            self.lines.push(b'\n');
            let unclosed = |what: &str| {
                Err(Error::input(format!(
                    "a quoted field {what}; close the quote, or double a quote that is meant"
                ))
                .at(place.clone()))
            };
            if self.lines.bytes().len() > MAX_ROW {
                return unclosed("goes on for more than 1 MiB");
            }
            if !self.lines.append()? {
                return unclosed("is not closed before the end of the file");
            }
        }
        let text = match self.lines.text() {
            Ok(text) => text,
            Err(error) => return Err(self.in_column(error, place)),
        };
        let delimiter = char::from(self.delimiter);
        let mut count = 0;
        let mut put = |text: &str| {
            if self.fields.len() == count {
                self.fields.push(String::new());
            }
            if let Some(field) = self.fields.get_mut(count) {
                field.clear();
                field.push_str(text);
            }
            count += 1;
        };
        if !quoted {
            for field in text.split(delimiter) {
                put(field);
            }
            return Ok(count);
        }
        if let Some(byte) = after_quote(text.as_bytes(), self.delimiter) {
            return Err(Error::input(
                "text follows a closing quote; double a quote that is meant, and quote the whole field",
            )
            .at(place.byte(byte as u64 + 1)));
        }
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .buffer_capacity(text.len())
            .from_reader(text.as_bytes());
        let mut row = csv::StringRecord::new();
        reader
            .read_record(&mut row)
            .map_err(|e| Error::input("is no row of a CSV file").at(place).because(e))?;
        row.iter().for_each(&mut put);
        Ok(count)
    }

    /// Adds the column to an error that has a byte.
    fn in_column(&self, error: Error, place: Place) -> Error {
        let Some(byte) = error.place().and_then(|p| p.byte) else { return error };
        let before = self.lines.bytes().get(..usize::try_from(byte - 1).unwrap_or(0)).unwrap_or(&[]);
        let quoted = self.quoting && before.contains(&b'"');
        let number = before.iter().filter(|b| **b == self.delimiter).count();
        let place = place.byte(byte);
        match self.header.get(number).filter(|_| !quoted) {
            Some(column) => error.at(place.column(column)),
            None => error.at(place),
        }
    }
}

/// Where in a row a byte stands.
#[derive(Clone, Copy, PartialEq)]
enum At {
    /// At the beginning of a field.
    Start,
    /// In a field without quotes; a quote there is a letter.
    Plain,
    /// Between quotes.
    Quoted,
    /// After a quote between quotes: the closing one, or the first of a doubled one.
    Quote,
}

impl At {
    fn after(self, bytes: &[u8], delimiter: u8) -> At {
        bytes.iter().fold(self, |at, byte| match (at, *byte) {
            (At::Start | At::Quote, b'"') => At::Quoted,
            (At::Quoted, b'"') => At::Quote,
            (At::Quoted, _) => At::Quoted,
            (_, byte) if byte == delimiter => At::Start,
            _ => At::Plain,
        })
    }
}

/// Where text follows a closing quote before the field ends.
fn after_quote(row: &[u8], delimiter: u8) -> Option<usize> {
    let mut at = At::Start;
    row.iter().position(|byte| {
        let astray = at == At::Quote && *byte != b'"' && *byte != delimiter;
        at = at.after(&[*byte], delimiter);
        astray
    })
}

impl Iterator for CsvReader {
    type Item = Result<(Record, Place)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        super::item(self.row(), &mut self.done)
    }
}
