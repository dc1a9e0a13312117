//! Files → records: one file per format, one record with its names per row.
//!
//! Every format has the same fields (see `gazetteer/README.md`). A bad row is an error of its own, with file, line and
//! column, and does not end the reading: the caller decides whether to go on.

mod cells;
pub mod csv;
#[cfg(feature = "sqlite")]
mod database;
pub mod geonames;
#[cfg(feature = "serde")]
pub mod jsonl;
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
#[cfg(feature = "serde")]
mod wikidata;
#[cfg(feature = "serde")]
mod wof;

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;

pub use cells::TableReader;
#[cfg(feature = "sqlite")]
pub use database::DatabaseReader;

use crate::error::{Error, Place, Result};
use crate::record::{Date, Hide, Kind, Name, Period, Point, Record};

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

/// The error for bytes that are no text.
fn no_utf8(bytes: &[u8], error: std::str::Utf8Error) -> Error {
    let byte = bytes.get(error.valid_up_to()).copied().unwrap_or(0);
    Error::input(format!("0x{byte:02X} is not UTF-8; save the file as UTF-8"))
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

/// How these bytes are compressed, if their beginning says so.
pub(crate) fn compressed(bytes: &[u8]) -> Option<&'static str> {
    const KNOWN: [(&[u8], &str); 5] = [
        (b"\x1f\x8b", "gzip"),
        (b"\xfd7zXZ\0", "xz"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"BZh", "bzip2"),
        (b"PK\x03\x04", "zip"),
    ];
    KNOWN.into_iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, how)| how)
}

/// The columns a row can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Id,
    Kind,
    Feature,
    Country,
    Admin1,
    Admin2,
    Lat,
    Lon,
    Population,
    ExistsFrom,
    ExistsTo,
    SameAs,
    PartOf,
    Successors,
    ClaimedBy,
    ControlledBy,
    Name,
    Lang,
    NameKind,
    From,
    To,
    Perspective,
    Case,
    Source,
    Hide,
}

impl Column {
    pub(crate) const COUNT: usize = 25;
    pub(crate) const ALL: [(Column, &'static str); Column::COUNT] = [
        (Column::Id, "id"),
        (Column::Kind, "kind"),
        (Column::Feature, "feature"),
        (Column::Country, "country"),
        (Column::Admin1, "admin1"),
        (Column::Admin2, "admin2"),
        (Column::Lat, "lat"),
        (Column::Lon, "lon"),
        (Column::Population, "population"),
        (Column::ExistsFrom, "exists_from"),
        (Column::ExistsTo, "exists_to"),
        (Column::SameAs, "same_as"),
        (Column::PartOf, "part_of"),
        (Column::Successors, "successors"),
        (Column::ClaimedBy, "claimed_by"),
        (Column::ControlledBy, "controlled_by"),
        (Column::Name, "name"),
        (Column::Lang, "lang"),
        (Column::NameKind, "name_kind"),
        (Column::From, "from"),
        (Column::To, "to"),
        (Column::Perspective, "perspective"),
        (Column::Case, "case"),
        (Column::Source, "source"),
        (Column::Hide, "hide"),
    ];

    pub(crate) fn named(name: &str) -> Option<Column> {
        Column::ALL.into_iter().find(|(_, known)| *known == name).map(|(column, _)| column)
    }

    pub(crate) fn as_str(self) -> &'static str {
        Column::ALL.get(self as usize).map_or("", |(_, name)| name)
    }
}

/// The fields of one row, as text; absent and empty are the same.
pub(crate) struct Fields<'r>([&'r str; Column::COUNT]);

impl<'r> Fields<'r> {
    pub(crate) fn new() -> Fields<'r> {
        Fields([""; Column::COUNT])
    }

    pub(crate) fn set(&mut self, column: Column, text: &'r str) {
        if let Some(field) = self.0.get_mut(column as usize) {
            *field = text.trim();
        }
    }

    pub(crate) fn get(&self, column: Column) -> &'r str {
        self.0.get(column as usize).copied().unwrap_or("")
    }

    /// Reads a field, if there is one; a failure names the column.
    fn parse<T: std::str::FromStr<Err = Error>>(&self, column: Column, at: &Place) -> Result<Option<T>> {
        match self.get(column) {
            "" => Ok(None),
            text => {
                text.parse().map(Some).map_err(|error: Error| error.at(at.clone().column(column.as_str())))
            }
        }
    }

    fn number<T: std::str::FromStr>(&self, column: Column, example: &str, at: &Place) -> Result<Option<T>> {
        match self.get(column) {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| {
                Error::input(format!("{text:?} is no number, expected one such as {example}"))
                    .at(at.clone().column(column.as_str()))
            }),
        }
    }

    /// The items of a list.
    fn all<T: FromStr<Err = Error>>(&self, column: Column, at: &Place) -> Result<Vec<T>> {
        items(self.get(column))
            .map(|item| item.parse().map_err(|error: Error| error.at(at.clone().column(column.as_str()))))
            .collect()
    }

    /// The fields that belong to the record.
    pub(crate) fn record(&self, at: &Place) -> Result<Record> {
        let Some(id) = self.parse(Column::Id, at)? else {
            return Err(Error::input("the id is empty, expected scheme:value such as gn:1526384")
                .at(at.clone().column(Column::Id.as_str())));
        };
        let mut record = Record::new(id);
        record.kind = self.parse(Column::Kind, at)?;
        record.feature = self.parse(Column::Feature, at)?;
        record.country = match self.get(Column::Country) {
            "" => None,
            code if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) => Some(code.to_owned()),
            code => {
                return Err(Error::input(format!(
                    "country is {code:?}, expected ISO 3166-1 alpha-2 such as KZ"
                ))
                .at(at.clone().column(Column::Country.as_str())));
            }
        };
        let text = |column| Some(self.get(column)).filter(|text| !text.is_empty()).map(str::to_owned);
        record.admin1 = text(Column::Admin1);
        record.admin2 = text(Column::Admin2);
        record.point = self.point(at)?;
        record.population = self.number(Column::Population, "2000900", at)?;
        record.period = self.period(Column::ExistsFrom, Column::ExistsTo, at)?;
        record.same_as = self.all(Column::SameAs, at)?;
        record.part_of = self.all(Column::PartOf, at)?;
        record.successors = self.all(Column::Successors, at)?;
        record.claimed_by = self.all(Column::ClaimedBy, at)?;
        record.controlled_by = self.all(Column::ControlledBy, at)?;
        record.hide = self.parse(Column::Hide, at)?;
        Ok(record)
    }

    fn point(&self, at: &Place) -> Result<Option<Point>> {
        let lat: Option<f64> = self.number(Column::Lat, "43.25667", at)?;
        let lon: Option<f64> = self.number(Column::Lon, "76.92861", at)?;
        match (lat, lon) {
            (Some(lat), Some(lon)) => Point::new(lat, lon).map(Some).map_err(|error| {
                let column = if (-90.0..=90.0).contains(&lat) { Column::Lon } else { Column::Lat };
                error.at(at.clone().column(column.as_str()))
            }),
            (None, None) => Ok(None),
            (Some(_), None) => {
                Err(Error::input("the row has a latitude, but no longitude; give both or neither")
                    .at(at.clone().column(Column::Lon.as_str())))
            }
            (None, Some(_)) => {
                Err(Error::input("the row has a longitude, but no latitude; give both or neither")
                    .at(at.clone().column(Column::Lat.as_str())))
            }
        }
    }

    fn period(&self, from: Column, to: Column, at: &Place) -> Result<Period> {
        Ok(Period { from: self.parse(from, at)?, to: self.parse(to, at)? })
    }

    /// The name, which only a row that hides a whole record may lack.
    pub(crate) fn name_of(&self, record: &Record, at: &Place) -> Result<Option<Name>> {
        let none = record.hide == Some(Hide::Record) && self.get(Column::Name).is_empty();
        if none { Ok(None) } else { self.name(at).map(Some) }
    }

    /// The fields that belong to the name.
    pub(crate) fn name(&self, at: &Place) -> Result<Name> {
        let text = self.get(Column::Name);
        if text.is_empty() {
            return Err(Error::input("the name is empty, expected the written form")
                .at(at.clone().column(Column::Name.as_str())));
        }
        let mut langs = vec![];
        for tag in items(self.get(Column::Lang)).filter(|tag| *tag != "und") {
            if !tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
                return Err(Error::input(format!(
                    "language is {tag:?}, expected a BCP 47 tag such as kk or zh-Hant"
                ))
                .at(at.clone().column(Column::Lang.as_str())));
            }
            langs.push(tag.to_owned());
        }
        langs.sort_unstable();
        langs.dedup();
        Ok(Name {
            text: text.to_owned(),
            langs,
            kind: self.parse(Column::NameKind, at)?.unwrap_or_default(),
            period: self.period(Column::From, Column::To, at)?,
            perspective: items(self.get(Column::Perspective)).map(str::to_owned).collect(),
            case: self.parse(Column::Case, at)?,
            source: self.get(Column::Source).to_owned(),
        })
    }
}

/// What an item of Wikidata of these classes is. Subclasses are not followed, since an item does not tell them.
const CLASSES: [(&str, Kind); 31] = [
    ("Q5", Kind::Person),
    ("Q6256", Kind::State),
    ("Q3624078", Kind::State),
    ("Q3024240", Kind::State),
    ("Q1790360", Kind::State),
    ("Q15634554", Kind::State),
    ("Q43229", Kind::Organization),
    ("Q4830453", Kind::Organization),
    ("Q783794", Kind::Organization),
    ("Q891723", Kind::Organization),
    ("Q6881511", Kind::Organization),
    ("Q7278", Kind::Organization),
    ("Q484652", Kind::Organization),
    ("Q245065", Kind::Organization),
    ("Q163740", Kind::Organization),
    ("Q79913", Kind::Organization),
    ("Q3918", Kind::Organization),
    ("Q31855", Kind::Organization),
    ("Q192350", Kind::Organization),
    ("Q327333", Kind::Organization),
    ("Q11032", Kind::Organization),
    ("Q476028", Kind::Organization),
    ("Q198", Kind::Event),
    ("Q178561", Kind::Event),
    ("Q180684", Kind::Event),
    ("Q1656682", Kind::Event),
    ("Q2020153", Kind::Event),
    ("Q10931", Kind::Event),
    ("Q131569", Kind::Document),
    ("Q49848", Kind::Document),
    ("Q7755", Kind::Document),
];

/// A language tag, if it is one; nothing for other marks.
fn tag(text: &str) -> &str {
    let fine = (2..=35).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fine && !matches!(text, "mul" | "und" | "zxx" | "mis") { text } else { "" }
}

/// An IRI as an id, in short where it is one that others use; anything else as it is.
fn short_iri(iri: &str) -> String {
    let bare = iri.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let known = [
        ("geonames.org/", "gn:"),
        ("sws.geonames.org/", "gn:"),
        ("wikidata.org/entity/", "wd:"),
        ("wikidata.org/wiki/", "wd:"),
        ("pleiades.stoa.org/places/", "pleiades:"),
        ("vocab.getty.edu/tgn/", "tgn:"),
        ("vocab.getty.edu/page/tgn/", "tgn:"),
        ("viaf.org/viaf/", "viaf:"),
    ];
    let short = known.into_iter().find_map(|(long, scheme)| {
        bare.strip_prefix(long).map(|own| format!("{scheme}{}", own.trim_end_matches('/')))
    });
    short.unwrap_or_else(|| iri.to_owned())
}

/// A date as people write years: `1991`, `850`, `-44`, `1991-12-26T00:00:00Z`.
fn date(text: &str) -> Result<Date> {
    let text = text.split('T').next().unwrap_or("").trim();
    let (sign, year) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let short = (1..=3).contains(&year.len()) && year.bytes().all(|b| b.is_ascii_digit());
    if short { format!("{sign}{year:0>4}").parse() } else { text.parse() }
}

/// The items of a list written with `;`.
fn items(list: &str) -> impl Iterator<Item = &str> {
    list.split(';').map(str::trim).filter(|item| !item.is_empty())
}

/// A known column that a header's word may have been meant for.
pub(crate) fn meant(word: &str, known: &str) -> bool {
    let plain =
        |s: &str| s.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<Vec<_>>();
    let (a, b) = (plain(word), plain(known));
    a == b || (a.len().min(b.len()) > 2 && distance(&a, &b) <= 1) || (b.len() > 4 && distance(&a, &b) <= 2)
}

/// Optimal string alignment distance: insertions, deletions, changes and swaps of neighbours.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows = [vec![0; b.len() + 1], (0..=b.len()).collect::<Vec<usize>>(), vec![0; b.len() + 1]];
    for (i, x) in a.iter().enumerate() {
        let [before, above, row] = &mut rows;
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
        for (j, y) in b.iter().enumerate() {
            let at = |row: &Vec<usize>, j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let mut best = (at(above, j) + usize::from(x != y)).min(at(above, j + 1) + 1).min(at(row, j) + 1);
            if i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x) {
                best = best.min(at(before, j - 1) + 1);
            }
            if let Some(cell) = row.get_mut(j + 1) {
                *cell = best;
            }
        }
        rows.rotate_left(1);
    }
    rows.get(1).and_then(|row| row.last()).copied().unwrap_or(0)
}

/// Longest line, in bytes.
const MAX_LINE: u64 = 64 << 20;
/// How much more of a line or object that is too long is passed over, before the whole file is given up.
const MAX_SKIP: u64 = 256 << 20;

/// The error that ends the reading of a file whose line or object has no end, such as what a zip bomb unpacks to.
fn endless(place: &Place) -> Error {
    let message = "a line or object goes on for more than 256 MiB; is it a text file?";
    Error::io(format!("cannot read {place}"), std::io::Error::new(std::io::ErrorKind::InvalidData, message))
}

/// The lines of a source, with their numbers; begins after a byte order mark, and refuses what is no text.
pub(crate) struct Lines {
    input: BufReader<Box<dyn Read + Send>>,
    pub(crate) file: PathBuf,
    /// Number of the line read last, counted from 1.
    pub(crate) line: u64,
    buffer: Vec<u8>,
}

impl std::fmt::Debug for Lines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lines").field("file", &self.file).field("line", &self.line).finish_non_exhaustive()
    }
}

impl Lines {
    pub(crate) fn open(path: &Path) -> Result<Lines> {
        let file =
            File::open(path).map_err(|error| Error::io(format!("cannot open {}", path.display()), error))?;
        Lines::new(Box::new(file), path)
    }

    pub(crate) fn new(input: Box<dyn Read + Send>, file: &Path) -> Result<Lines> {
        let mut lines = Lines {
            input: BufReader::with_capacity(1 << 16, input),
            file: file.to_owned(),
            line: 0,
            buffer: vec![],
        };
        let start = match lines.input.fill_buf() {
            Ok(start) => start,
            Err(error) => return Err(Error::io(format!("cannot read {}", file.display()), error)),
        };
        let refuse = |what: &str| Err(Error::input(what).at(Place::file(file)));
        if start.is_empty() {
            return refuse("is empty");
        }
        if let Some(how) = compressed(start) {
            return refuse(&format!("is {how}-compressed; decompress it first"));
        }
        if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
            return refuse("is UTF-16, expected UTF-8; save it as UTF-8");
        }
        if start.starts_with(b"\xef\xbb\xbf") {
            lines.input.consume(3);
        }
        Ok(lines)
    }

    /// Reads the next line into the buffer, without its end; false after the last one.
    pub(crate) fn read(&mut self) -> Result<bool> {
        self.buffer.clear();
        self.append()
    }

    /// Reads the next line to the end of the buffer, as part of a field that goes over several lines.
    pub(crate) fn append(&mut self) -> Result<bool> {
        let failed = |error| Error::io(format!("cannot read {}", self.file.display()), error);
        let read = (&mut self.input).take(MAX_LINE).read_until(b'\n', &mut self.buffer).map_err(failed)?;
        self.line += u64::from(read > 0);
        if read as u64 == MAX_LINE && !self.buffer.ends_with(b"\n") {
            self.buffer.clear();
            let skipped = (&mut self.input).take(MAX_SKIP).skip_until(b'\n').map_err(failed)?;
            if skipped as u64 == MAX_SKIP {
                return Err(endless(&self.place()));
            }
            return Err(
                Error::input("is longer than 64 MiB, expected a line; is it a text file?").at(self.place())
            );
        }
        if self.buffer.ends_with(b"\n") {
            self.buffer.pop();
            if self.buffer.ends_with(b"\r") {
                self.buffer.pop();
            }
        }
        Ok(read > 0)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer
    }

    pub(crate) fn push(&mut self, byte: u8) {
        self.buffer.push(byte);
    }

    pub(crate) fn place(&self) -> Place {
        Place::file(&self.file).line(self.line)
    }

    /// The line as text.
    pub(crate) fn text(&self) -> Result<&str> {
        std::str::from_utf8(&self.buffer).map_err(|error| {
            no_utf8(&self.buffer, error).at(self.place().byte(error.valid_up_to() as u64 + 1))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_at_their_number() {
        for (i, (column, name)) in Column::ALL.into_iter().enumerate() {
            assert_eq!((column as usize, column.as_str(), Column::named(name)), (i, name, Some(column)));
        }
    }

    #[test]
    fn near_misses_are_recognised() {
        for (word, known) in
            [("Name", "name"), ("nmae", "name"), ("same-as", "same_as"), ("longitude", "lon")]
        {
            assert_eq!(meant(word, known), word != "longitude", "{word}");
        }
        assert!(!meant("id", "lat") && !meant("to", "id") && !meant("case", "name"));
    }
}
