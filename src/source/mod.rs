//! Files → records: one file per format, one record with its names per row.
//!
//! Every format has the same fields (see `gazetteer/README.md`). A bad row is an error of its own, with file, line and
//! column, and does not end the reading: the caller decides whether to go on.

mod cells;
mod columns;
pub mod csv;
#[cfg(feature = "sqlite")]
mod database;
pub mod geonames;
#[cfg(feature = "serde")]
pub mod jsonl;
mod lines;
#[cfg(feature = "serde")]
mod lpf;
mod lptsv;
#[cfg(feature = "serde")]
pub mod objects;
mod osm;
#[cfg(feature = "serde")]
mod ror;
pub mod select;
mod sparql;
mod vocabulary;
#[cfg(feature = "serde")]
mod wikidata;
#[cfg(feature = "serde")]
mod wof;

use std::fs::File;
use std::io::{BufRead, Read};
use std::path::Path;
use std::str::FromStr;

pub use cells::TableReader;
#[cfg(feature = "sqlite")]
pub use database::DatabaseReader;

pub(crate) use columns::Column;
use columns::{Fields, meant};
use lines::Lines;
pub(crate) use lines::compressed;

use crate::error::{Error, Place, Result};
use crate::record::Record;

/// The formats that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Our own columns, separated by commas, semicolons or tabs.
    Csv,
    /// Our own columns as JSON Lines.
    Jsonl,
    /// The tables of GeoNames.
    GeoNames,
    /// The Research Organization Registry, schema 2.
    Ror,
    /// The dump of Wikidata.
    Wikidata,
    /// Linked Places.
    Lpf,
    /// Linked Places as a table (LP-TSV).
    LpTsv,
    /// Who's On First.
    Wof,
    /// The result of a query to Wikidata, as CSV, TSV or JSON.
    Sparql,
    /// A table of OpenStreetMap objects with their tags, as Overpass writes it.
    Osm,
}

impl Format {
    /// Every format.
    pub const ALL: &'static [Format] = &[
        Format::Csv,
        Format::Jsonl,
        Format::GeoNames,
        Format::Ror,
        Format::Wikidata,
        Format::Lpf,
        Format::LpTsv,
        Format::Wof,
        Format::Sparql,
        Format::Osm,
    ];

    /// The word for it on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Jsonl => "jsonl",
            Format::GeoNames => "geonames",
            Format::Ror => "ror",
            Format::Wikidata => "wikidata",
            Format::Lpf => "lpf",
            Format::LpTsv => "lptsv",
            Format::Wof => "wof",
            Format::Sparql => "sparql",
            Format::Osm => "osm",
        }
    }

    /// The format a file of this name has. `.json` and `.geojson` may be several: the caller must say which.
    ///
    /// ```
    /// use exonym::source::Format;
    /// assert_eq!(Format::of("names.tsv")?, Format::Csv);
    /// assert_eq!(Format::of("alternateNamesV2.txt")?, Format::GeoNames);
    /// assert!(Format::of("world.gaz").unwrap_err().to_string().contains("expected .csv"));
    /// # Ok::<(), exonym::Error>(())
    /// ```
    pub fn of(path: impl AsRef<Path>) -> Result<Format> {
        let path = path.as_ref();
        let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("").to_ascii_lowercase();
        Ok(match extension.as_str() {
            "csv" | "tsv" => Format::Csv,
            "jsonl" | "ndjson" => Format::Jsonl,
            "txt" => Format::GeoNames,
            "json" | "geojson" => {
                return Err(Error::usage(format!(
                    "{} may be of several formats; say which with --format: ror, wikidata, sparql, lpf or wof",
                    path.display()
                )));
            }
            _ => {
                return Err(Error::usage(format!(
                    "{} has the extension {extension:?}, expected .csv, .tsv, .jsonl or .ndjson, or .txt of GeoNames",
                    path.display()
                )));
            }
        })
    }
}

impl Format {
    /// The format that the name and the beginning of a file tell.
    fn told(path: &Path, start: &[u8]) -> Result<Format> {
        let format = Format::of(path);
        let has = |word: &str| start.windows(word.len()).any(|at| at == word.as_bytes());
        match format {
            Ok(Format::Csv) => {
                let line = start.split(|b| *b == b'\n').find(|line| !line.trim_ascii().is_empty());
                let line = line.unwrap_or(&[]).trim_ascii();
                let header: Vec<&[u8]> = line
                    .split(|b| *b == csv::delimiter(line))
                    .map(|field| field.trim_ascii())
                    .map(|field| field.strip_prefix(b"\"").unwrap_or(field))
                    .map(|field| field.strip_suffix(b"\"").unwrap_or(field))
                    .collect();
                Ok(cells::told(&header).unwrap_or(Format::Csv))
            }
            Err(error) if has("{") => {
                let words = [
                    ("\"wof:id\"", Format::Wof),
                    ("\"bindings\"", Format::Sparql),
                    ("https://ror.org/", Format::Ror),
                    ("\"toponym\"", Format::Lpf),
                    ("\"labels\"", Format::Wikidata),
                ];
                let json = path.extension().is_some_and(|e| e == "json" || e == "geojson" || e == "jsonld");
                words.into_iter().find(|(word, _)| json && has(word)).map(|(_, format)| format).ok_or(error)
            }
            other => other,
        }
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(text: &str) -> Result<Format> {
        Format::ALL.iter().copied().find(|format| format.as_str() == text).ok_or_else(|| {
            let known: Vec<&str> = Format::ALL.iter().map(|format| format.as_str()).collect();
            Error::usage(format!("format is {text:?}, expected one of: {}", known.join(", ")))
        })
    }
}

/// The rows of a file of any format, in its order; a row that cannot be understood is an error, and the next one follows.
#[derive(Debug)]
#[non_exhaustive]
pub enum Rows {
    /// Comma-, semicolon- or tab-separated.
    Csv(csv::CsvReader),
    /// JSON Lines.
    #[cfg(feature = "serde")]
    Jsonl(jsonl::JsonlReader),
    /// Tables of GeoNames.
    GeoNames(geonames::GeoNamesReader),
    /// Tables of others, a record or name a row.
    Table(TableReader),
    /// The SQLite distribution of Who's On First.
    #[cfg(feature = "sqlite")]
    Database(DatabaseReader),
    /// JSON with an object for each record.
    #[cfg(feature = "serde")]
    Objects(objects::ObjectReader),
}

impl Rows {
    /// Columns or keys met so far that are none of ours, and are passed over: perhaps misspelt.
    pub fn ignored_columns(&self) -> &[String] {
        match self {
            Rows::Csv(reader) => reader.ignored_columns(),
            #[cfg(feature = "serde")]
            Rows::Jsonl(reader) => reader.ignored_columns(),
            Rows::GeoNames(_) | Rows::Table(_) => &[],
            #[cfg(feature = "sqlite")]
            Rows::Database(_) => &[],
            #[cfg(feature = "serde")]
            Rows::Objects(_) => &[],
        }
    }

    /// How much was read so far that is nothing to be found in a text, or tells of records that are not there.
    pub fn passed_over(&self) -> u64 {
        match self {
            Rows::GeoNames(reader) => reader.passed_over(),
            Rows::Table(reader) => reader.passed_over(),
            #[cfg(feature = "sqlite")]
            Rows::Database(reader) => reader.passed_over(),
            #[cfg(feature = "serde")]
            Rows::Objects(reader) => reader.passed_over(),
            _ => 0,
        }
    }
}

impl Iterator for Rows {
    type Item = Result<(Record, Place)>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Rows::Csv(reader) => reader.next(),
            #[cfg(feature = "serde")]
            Rows::Jsonl(reader) => reader.next(),
            Rows::GeoNames(reader) => reader.next(),
            Rows::Table(reader) => reader.next(),
            #[cfg(feature = "sqlite")]
            Rows::Database(reader) => reader.next(),
            #[cfg(feature = "serde")]
            Rows::Objects(reader) => reader.next(),
        }
    }
}

/// The error for what is no JSON object, without the line that the JSON reader counts.
#[cfg(feature = "serde")]
fn no_object(error: &serde_json::Error) -> Error {
    let message = error.to_string();
    let what = message.rsplit_once(" at line ").map_or(message.as_str(), |(what, _)| what);
    Error::input(format!("is no JSON object: {what}"))
}

/// What an iterator of rows gives for what was read: a row that cannot be understood is passed over, a file that cannot be
/// read ends.
fn item(row: Result<Option<(Record, Place)>>, done: &mut bool) -> Option<Result<(Record, Place)>> {
    *done |= row.as_ref().is_err_and(Error::is_io);
    row.transpose()
}

/// Reads a file in the format that its name and its beginning tell.
///
/// ```no_run
/// let mut builder = exonym::gazetteer::GazetteerBuilder::new();
/// for row in exonym::source::read("names.csv")? {
///     let (record, place) = row?;
///     builder.add(record, Some(place))?;
/// }
/// builder.write("names.gaz")?;
/// # Ok::<(), exonym::Error>(())
/// ```
pub fn read(path: impl AsRef<Path>) -> Result<Rows> {
    let path = path.as_ref();
    if is_database(path) { database(path) } else { told(Lines::open(path)?) }
}

/// Whether a file is an SQLite database by its beginning.
///
/// ```
/// assert!(!exonym::source::is_database("Cargo.toml"));
/// ```
pub fn is_database(path: impl AsRef<Path>) -> bool {
    const MAGIC: &[u8; 16] = b"SQLite format 3\0";
    // A pipe must not lose its beginning.
    let is_file = path.as_ref().metadata().is_ok_and(|about| about.is_file());
    let mut start = [0; MAGIC.len()];
    is_file && File::open(path).is_ok_and(|mut file| file.read_exact(&mut start).is_ok()) && start == *MAGIC
}

/// Reads the SQLite distribution of Who's On First; messages give the number of a row of its table `geojson` for a line.
///
/// ```
/// assert!(exonym::source::database("absent.db").is_err());
/// ```
pub fn database(path: impl AsRef<Path>) -> Result<Rows> {
    let path = path.as_ref();
    #[cfg(feature = "sqlite")]
    return DatabaseReader::open(path).map(Rows::Database);
    #[cfg(not(feature = "sqlite"))]
    Err(Error::usage(format!(
        "{0} is an SQLite database, which this program was built without; build it with the feature sqlite, or write what it has with: \
         sqlite3 {0} 'SELECT body FROM geojson' > wof.json",
        path.display()
    )))
}

/// Reads any input in the format that its name and its beginning tell.
///
/// ```
/// use exonym::source;
/// let table = "@id\t@type\tname\tname:ru\n27043984\tnode\tBakı\tБаку\n";
/// let (record, _) = source::read_any(table.as_bytes(), "baku.csv")?.next().expect("one row")?;
/// assert_eq!((record.id.as_str(), record.names[1].langs[0].as_str()), ("osm:n27043984", "ru"));
/// # Ok::<(), exonym::Error>(())
/// ```
pub fn read_any(input: impl Read + Send + 'static, name: impl AsRef<Path>) -> Result<Rows> {
    let name = name.as_ref();
    let mut input = input;
    let mut start = vec![];
    let read = (&mut input).take(TELLING).read_to_end(&mut start);
    read.map_err(|error| Error::io(format!("cannot read {}", name.display()), error))?;
    told(Lines::new(Box::new(std::io::Cursor::new(start).chain(input)), name)?)
}

/// Bytes at the beginning of a file that tell its format.
const TELLING: u64 = 1 << 15;

fn told(mut lines: Lines) -> Result<Rows> {
    let file = lines.file.clone();
    let start = lines.input.fill_buf();
    let start = start.map_err(|error| Error::io(format!("cannot read {}", file.display()), error))?;
    rows(Format::told(&file, start)?, lines)
}

/// Reads any input in a format; `name` stands for the file in messages, and the extension `.tsv` counts as that of a file.
///
/// ```
/// use exonym::source::{self, Format};
/// let rows = source::read_from("id,name\ngn:587084,Bakı\n".as_bytes(), "names.csv", Format::Csv)?;
/// assert_eq!(rows.count(), 1);
/// # Ok::<(), exonym::Error>(())
/// ```
pub fn read_from(input: impl Read + Send + 'static, name: impl AsRef<Path>, format: Format) -> Result<Rows> {
    rows(format, Lines::new(Box::new(input), name.as_ref())?)
}

fn rows(format: Format, lines: Lines) -> Result<Rows> {
    Ok(match format {
        Format::Csv => Rows::Csv(csv::CsvReader::new(lines)?),
        Format::GeoNames => Rows::GeoNames(geonames::GeoNamesReader::new(lines)?),
        Format::LpTsv => Rows::Table(TableReader::lptsv(lines)?),
        Format::Osm => Rows::Table(TableReader::osm(lines)?),
        #[cfg(feature = "serde")]
        Format::Sparql if is_json(&lines.file) => Rows::Objects(objects::ObjectReader::sparql(lines)),
        Format::Sparql => Rows::Table(TableReader::sparql(lines)?),
        #[cfg(feature = "serde")]
        Format::Jsonl => Rows::Jsonl(jsonl::JsonlReader::new(lines)),
        #[cfg(feature = "serde")]
        Format::Ror => Rows::Objects(objects::ObjectReader::ror(lines)),
        #[cfg(feature = "serde")]
        Format::Wikidata => Rows::Objects(objects::ObjectReader::wikidata(lines)),
        #[cfg(feature = "serde")]
        Format::Lpf => Rows::Objects(objects::ObjectReader::lpf(lines)),
        #[cfg(feature = "serde")]
        Format::Wof => Rows::Objects(objects::ObjectReader::wof(lines)),
        #[cfg(not(feature = "serde"))]
        _ => {
            return Err(Error::usage(format!(
                "{} is JSON, which this program was built without; build it with the feature serde, or convert it to CSV",
                lines.file.display()
            )));
        }
    })
}

#[cfg(feature = "serde")]
fn is_json(file: &Path) -> bool {
    file.extension().is_some_and(|e| e.eq_ignore_ascii_case("json") || e.eq_ignore_ascii_case("srj"))
}
