//! Tables of others that have a header: a record or a name a row, by the names of its columns.

use super::csv::Table;
use super::{Format, Lines, lptsv, osm, sparql};
use crate::error::{Error, Place, Result};
use crate::record::{Date, Point, Record, RecordId};

/// The format of a table with this header, if it is one of others.
pub(super) fn told(header: &[&[u8]]) -> Option<Format> {
    let has = |word: &str| header.contains(&word.as_bytes());
    let variable = |word: &str| has(word) || has(&format!("?{word}"));
    if has("id") && has("name") {
        None
    } else if has("id") && has("title") {
        Some(Format::LpTsv)
    } else if has("@id") {
        Some(Format::Osm)
    } else if variable("item") {
        Some(Format::Sparql)
    } else {
        None
    }
}

/// What a row of a format is: a record, or nothing that has a name.
type Read = fn(&Cells<'_>) -> Result<Option<Record>>;

/// Reads a table of another's format: an iterator of records with their names. Made by [`read_from`](super::read_from).
pub struct TableReader {
    table: Table,
    read: Read,
    passed_over: u64,
    done: bool,
}

impl std::fmt::Debug for TableReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TableReader").field("file", &self.table.lines.file).finish_non_exhaustive()
    }
}

impl TableReader {
    pub(super) fn lptsv(lines: Lines) -> Result<TableReader> {
        TableReader::new(lines, &["id", "title"], lptsv::record)
    }

    pub(super) fn osm(lines: Lines) -> Result<TableReader> {
        TableReader::new(lines, &["@id", "@type"], osm::record)
    }

    pub(super) fn sparql(lines: Lines) -> Result<TableReader> {
        TableReader::new(lines, &["item"], sparql::record)
    }

    fn new(lines: Lines, needed: &[&str], read: Read) -> Result<TableReader> {
        let mut table = Table::new(lines)?;
        // Variables of SPARQL have a mark in TSV.
        for word in &mut table.header {
            *word = word.trim_start_matches('?').to_owned();
        }
        for word in needed {
            if !table.header.iter().any(|known| known == word) {
                let needed = needed.join(", ");
                let message = format!("has no column {word:?}; the header needs at least: {needed}");
                return Err(Error::input(message).at(table.lines.place()));
            }
        }
        Ok(TableReader { table, read, passed_over: 0, done: false })
    }

    /// Rows so far that are nothing to be found in a text.
    pub fn passed_over(&self) -> u64 {
        self.passed_over
    }

    fn row(&mut self) -> Result<Option<(Record, Place)>> {
        loop {
            let Some(place) = self.table.row()? else { return Ok(None) };
            let header = self.table.header.iter().map(String::as_str);
            let cells = header.zip(self.table.fields.iter().map(|text| text.trim()));
            let cells = Cells { cells: cells.map(|(name, text)| (name, text, "")).collect(), place: &place };
            match (self.read)(&cells)? {
                Some(record) => return Ok(Some((record, place))),
                None => self.passed_over += 1,
            }
        }
    }
}

impl Iterator for TableReader {
    type Item = Result<(Record, Place)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        super::item(self.row(), &mut self.done)
    }
}

/// The cells of a row: column, text, and its language where the source tells that.
pub(super) struct Cells<'r> {
    pub(super) cells: Vec<(&'r str, &'r str, &'r str)>,
    pub(super) place: &'r Place,
}

impl<'r> Cells<'r> {
    /// The text in a column, unless it is empty or there is none.
    pub(super) fn get(&self, column: &str) -> Option<&'r str> {
        self.all().find(|(name, ..)| *name == column).map(|(_, text, _)| text)
    }

    /// All cells that are not empty.
    pub(super) fn all(&self) -> impl Iterator<Item = (&'r str, &'r str, &'r str)> {
        self.cells.iter().copied().filter(|(_, text, _)| !text.is_empty())
    }

    /// The text that a column must have.
    pub(super) fn need(&self, column: &str, expected: &str) -> Result<&'r str> {
        self.get(column).ok_or_else(|| self.fail(column, &format!("is empty, expected {expected}")))
    }

    pub(super) fn fail(&self, column: &str, message: &str) -> Error {
        self.at(column, Error::input(message))
    }

    pub(super) fn at(&self, column: &str, error: Error) -> Error {
        error.at(self.place.clone().column(column))
    }

    /// An id made of what a column has.
    pub(super) fn id(&self, column: &str, text: &str) -> Result<RecordId> {
        text.parse().map_err(|error| self.at(column, error))
    }

    /// A date as people write it, with or without a time.
    pub(super) fn date(&self, column: &str, text: &str) -> Result<Date> {
        super::vocabulary::date(text).map_err(|error| self.at(column, error))
    }

    /// The point of two columns; none where both are empty.
    pub(super) fn point(&self, lat: &str, lon: &str) -> Result<Option<Point>> {
        let number = |column: &str| self.get(column).map(|text| self.number(column, text)).transpose();
        match (number(lat)?, number(lon)?) {
            (Some(a), Some(b)) => Point::new(a, b)
                .map(Some)
                .map_err(|error| self.at(if (-90.0..=90.0).contains(&a) { lon } else { lat }, error)),
            (None, None) => Ok(None),
            (Some(_), None) => Err(self.fail(lon, "is empty, expected a longitude beside the latitude")),
            (None, Some(_)) => Err(self.fail(lat, "is empty, expected a latitude beside the longitude")),
        }
    }

    /// The point of well-known text: `Point(76.9 43.25)`, longitude first; none for other shapes.
    pub(super) fn wkt(&self, column: &str, text: &str) -> Result<Option<Point>> {
        let Some((shape, rest)) = text.split_once('(') else {
            return Err(self.fail(column, &format!("is {text:?}, expected one such as Point(76.9 43.25)")));
        };
        if !shape.trim().eq_ignore_ascii_case("point") {
            return Ok(None);
        }
        let mut numbers = rest.trim_end_matches(')').split_whitespace();
        let (lon, lat) = (numbers.next().unwrap_or(""), numbers.next().unwrap_or(""));
        let (lat, lon) = (self.number(column, lat)?, self.number(column, lon)?);
        Point::new(lat, lon).map(Some).map_err(|error| self.at(column, error))
    }

    pub(super) fn number(&self, column: &str, text: &str) -> Result<f64> {
        text.parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(|| {
            self.fail(column, &format!("{text:?} is no number, expected one such as 43.25667"))
        })
    }

    /// An ISO 3166-1 code in a column.
    pub(super) fn country(&self, column: &str, code: &str) -> Result<String> {
        if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) {
            return Ok(code.to_owned());
        }
        Err(self.fail(column, &format!("country is {code:?}, expected ISO 3166-1 alpha-2 such as KZ")))
    }
}
