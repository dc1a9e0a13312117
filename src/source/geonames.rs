//! The tables of GeoNames as they are downloaded: `allCountries.txt`, `KZ.txt`, `cities500.txt`; `alternateNamesV2.txt`;
//! `countryInfo.txt`, `admin1CodesASCII.txt`, `admin2Codes.txt`, `hierarchy.txt`; and, to be laid over what these made, the daily
//! `modifications-`, `deletes-`, `alternateNamesModifications-` and `alternateNamesDeletes-`.
//!
//! Tab-separated, without quotes or header; which table a file is, its first line tells, and its name where that line is
//! damaged. Rows are read one by one: of the tables that give records only the numbers are remembered (a bit each), so that
//! `alternateNamesV2.txt` read after them gives the names of those records and no others.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io::Read;
use std::path::Path;

use super::Lines;
use crate::error::{Error, Place, Result};
use crate::record::{Date, Feature, Hide, Name, NameKind, Point, Record, RecordId};
use crate::token::Key;

/// Reads tables of GeoNames; an iterator of records. Ids have the scheme `gn`.
///
/// Of `allCountries.txt` come the record and its main name (`preferred`); of `alternateNamesV2.txt` one name a row, with
/// languages and dates. Of its pseudo-languages `wkdt` becomes the id of the same thing in Wikidata, `iata`, `icao` and
/// `faac` become an id and a code, `post` and `unlc` a code, `abbr` an abbreviation and `piny` a transliteration; `link`,
/// `phon` and `tcid` are passed over.
///
/// ```
/// use exonym::source::geonames::GeoNamesReader;
/// let town = "1526384\tAlmaty\tAlmaty\tAlmati,Алматы\t43.25249\t76.9115\tP\tPPLA\tKZ\t\t02\t\t\t\t1977011\t\t787\tAsia/Almaty\t2024-01-01\n";
/// let names = "1\t1526384\tru\tАлма-Ата\t\t\t\t1\t1921\t1993\n2\t1526384\twkdt\tQ35493\n3\t99\tru\tЗабытое\t\t\t\t\t\t\n";
/// let rows = GeoNamesReader::from_reader(town.as_bytes(), "KZ.txt")?
///     .then(GeoNamesReader::from_reader(names.as_bytes(), "alternateNamesV2.txt")?);
/// let rows: Vec<_> = rows.collect();
/// assert_eq!(rows[0].as_ref().unwrap().0.names[0].text, "Almaty");
/// assert_eq!(rows[1].as_ref().unwrap().0.names[0].period.to.as_ref().unwrap().as_str(), "1993");
/// // The short row is refused, the name of an unknown record passed over.
/// assert_eq!(
///     rows[2].as_ref().unwrap_err().to_string(),
///     "alternateNamesV2.txt:2: has 4 fields, expected 10 separated by tabs; download the file again"
/// );
/// assert_eq!(rows.len(), 3);
/// # Ok::<(), exonym::Error>(())
/// ```
#[derive(Debug)]
pub struct GeoNamesReader {
    file: File,
    rest: VecDeque<File>,
    known: Known,
    parents: Parents,
    /// Whether names without a language are to be taken from the main table.
    plain_names: bool,
    passed_over: u64,
    done: bool,
}

#[derive(Debug)]
struct File {
    lines: Lines,
    table: Table,
    /// Whether the line in the buffer is still to be read.
    held: bool,
    /// Fields of a row.
    width: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Table {
    Features,
    AlternateNames,
    Countries,
    Admin1,
    Admin2,
    Hierarchy,
    Deletes,
    NameDeletes,
}

const FEATURES: [&str; 19] = [
    "geonameid",
    "name",
    "asciiname",
    "alternatenames",
    "latitude",
    "longitude",
    "feature class",
    "feature code",
    "country code",
    "cc2",
    "admin1 code",
    "admin2 code",
    "admin3 code",
    "admin4 code",
    "population",
    "elevation",
    "dem",
    "timezone",
    "modification date",
];
const ALTERNATE_NAMES: [&str; 10] = [
    "alternateNameId",
    "geonameid",
    "isolanguage",
    "alternate name",
    "isPreferredName",
    "isShortName",
    "isColloquial",
    "isHistoric",
    "from",
    "to",
];
const COUNTRIES: [&str; 19] = [
    "ISO",
    "ISO3",
    "ISO-Numeric",
    "fips",
    "Country",
    "Capital",
    "Area",
    "Population",
    "Continent",
    "tld",
    "CurrencyCode",
    "CurrencyName",
    "Phone",
    "Postal Code Format",
    "Postal Code Regex",
    "Languages",
    "geonameid",
    "neighbours",
    "EquivalentFipsCode",
];
const UNITS: [&str; 4] = ["code", "name", "name ascii", "geonameid"];
const HIERARCHY: [&str; 3] = ["parentId", "childId", "type"];
const DELETES: [&str; 3] = ["geonameid", "name", "comment"];
const NAME_DELETES: [&str; 4] = ["alternateNameId", "geonameid", "alternate name", "comment"];

impl Table {
    /// The table a line is of, and how many fields its rows have.
    fn of_line(line: &str) -> Option<(Table, usize)> {
        let fields: Vec<&str> = line.split('\t').collect();
        let number =
            |n: usize| fields.get(n).is_some_and(|f| !f.is_empty() && f.bytes().all(|b| b.is_ascii_digit()));
        let first = fields.first().copied().unwrap_or("");
        let table = match fields.len() {
            19 if number(0) => Table::Features,
            19 if first.len() == 2 => Table::Countries,
            8 | 10 if number(0) && number(1) => Table::AlternateNames,
            4 if number(3) && first.matches('.').count() == 1 => Table::Admin1,
            4 if number(3) && first.matches('.').count() == 2 => Table::Admin2,
            4 if number(0) && number(1) => Table::NameDeletes,
            2 | 3 if number(0) && number(1) => Table::Hierarchy,
            3 if number(0) => Table::Deletes,
            _ => return None,
        };
        Some((table, fields.len()))
    }

    /// The table that a file of this name is.
    fn of_file(file: &Path) -> Option<Table> {
        let name = file.file_name()?.to_str()?;
        let stem = name.split('.').next()?;
        let begins = |what: &str| stem.starts_with(what);
        Some(match stem {
            _ if begins("alternateNamesDeletes") => Table::NameDeletes,
            _ if begins("alternateNames") => Table::AlternateNames,
            _ if begins("deletes") => Table::Deletes,
            _ if begins("modifications") => Table::Features,
            _ if begins("admin1Codes") => Table::Admin1,
            _ if begins("admin2Codes") => Table::Admin2,
            _ if begins("countryInfo") => Table::Countries,
            _ if begins("hierarchy") => Table::Hierarchy,
            _ if begins("allCountries") || begins("cities") || begins("no-country") => Table::Features,
            _ if stem.len() == 2 && stem.bytes().all(|b| b.is_ascii_uppercase()) => Table::Features,
            _ => return None,
        })
    }

    fn columns(self) -> &'static [&'static str] {
        match self {
            Table::Features => &FEATURES,
            Table::AlternateNames => &ALTERNATE_NAMES,
            Table::Countries => &COUNTRIES,
            Table::Admin1 | Table::Admin2 => &UNITS,
            Table::Hierarchy => &HIERARCHY,
            Table::Deletes => &DELETES,
            Table::NameDeletes => &NAME_DELETES,
        }
    }

    /// The column with the id of the record that a row is of.
    fn id_column(self) -> usize {
        match self {
            Table::Features | Table::Deletes => 0,
            Table::AlternateNames | Table::Hierarchy | Table::NameDeletes => 1,
            Table::Countries => 16,
            Table::Admin1 | Table::Admin2 => 3,
        }
    }

    /// Whether rows make records, rather than add to them.
    fn makes_records(self) -> bool {
        matches!(self, Table::Features | Table::Countries | Table::Admin1 | Table::Admin2)
    }
}

impl GeoNamesReader {
    /// Opens a file.
    pub fn from_path(path: impl AsRef<Path>) -> Result<GeoNamesReader> {
        GeoNamesReader::new(Lines::open(path.as_ref())?)
    }

    /// Reads from any input; `name` stands for the file in messages.
    pub fn from_reader(input: impl Read + Send + 'static, name: impl AsRef<Path>) -> Result<GeoNamesReader> {
        GeoNamesReader::new(Lines::new(Box::new(input), name.as_ref())?)
    }

    pub(super) fn new(mut lines: Lines) -> Result<GeoNamesReader> {
        let commented = lines.read()? && lines.bytes().starts_with(b"#");
        let by_line =
            if commented { Some((Table::Countries, 19)) } else { lines.text().ok().and_then(Table::of_line) };
        let by_name = || Table::of_file(&lines.file).map(|table| (table, table.columns().len()));
        // A name of what was deleted may be a number, as ids are.
        let deletes = by_name().filter(|(table, _)| *table == Table::Deletes && by_line.is_some());
        let Some((table, width)) = deletes.or(by_line).or_else(by_name) else {
            let found = lines.bytes().split(|b| *b == b'\t').count();
            return Err(Error::input(format!(
                "is no table of GeoNames: its first line has {found} field{}, expected 19 as in allCountries.txt or 10 as in \
                 alternateNamesV2.txt, separated by tabs",
                if found == 1 { "" } else { "s" }
            ))
            .at(lines.place()));
        };
        let file = File { lines, table, held: true, width };
        Ok(GeoNamesReader {
            file,
            rest: VecDeque::new(),
            known: Known::default(),
            parents: Parents::default(),
            plain_names: true,
            passed_over: 0,
            done: false,
        })
    }

    /// Reads another table after this one. Alternate names and the hierarchy count for records that came before them; the
    /// names without a language that the main table has are then passed over, since the alternate names have them too.
    #[must_use]
    pub fn then(mut self, next: GeoNamesReader) -> GeoNamesReader {
        self.rest.push_back(next.file);
        self.rest.extend(next.rest);
        self.plain_names = !self.rest.iter().any(|file| file.table == Table::AlternateNames);
        self
    }

    /// Names and links so far of records that are in none of the tables.
    pub fn passed_over(&self) -> u64 {
        self.passed_over
    }

    fn row(&mut self) -> Result<Option<(Record, Place)>> {
        loop {
            let File { lines, table, held, width } = &mut self.file;
            if !std::mem::take(held) && !lines.read()? {
                match self.rest.pop_front() {
                    Some(next) => self.file = next,
                    None => return Ok(None),
                }
                continue;
            }
            if lines.bytes().trim_ascii().is_empty() || lines.bytes().starts_with(b"#") {
                continue;
            }
            let place = lines.place();
            let columns = table.columns();
            let text = lines.text().map_err(|error| in_column(error, lines.bytes(), columns))?;
            let fields: Vec<&str> = text.split('\t').map(str::trim).collect();
            let found = fields.len();
            // Rows of the hierarchy end where they like.
            if found != *width && !(*table == Table::Hierarchy && (2..=3).contains(&found)) {
                let fields = if found == 1 { "field" } else { "fields" };
                return Err(Error::input(format!(
                    "has {found} {fields}, expected {width} separated by tabs; download the file again"
                ))
                .at(place));
            }
            let row = Row { fields: &fields, columns, place: &place };
            let id = row.id(table.id_column())?;
            let adds = matches!(table, Table::AlternateNames | Table::Hierarchy);
            if adds && !self.known.may_take(id) {
                self.passed_over += 1;
                continue;
            }
            let record = match table {
                Table::Features => row.feature(id, self.plain_names)?,
                Table::AlternateNames => match row.alternate_name(id)? {
                    Some(record) => record,
                    None => continue,
                },
                Table::Countries => row.country(id)?,
                Table::Admin1 | Table::Admin2 => row.unit(id)?,
                Table::Hierarchy => {
                    let parent = row.id(0)?;
                    if self.parents.has_above(parent, id) {
                        let message = format!("{parent} is itself a part of {id}; remove one of the rows");
                        return Err(row.fail(0, Error::input(message)));
                    }
                    self.parents.0.entry(id).or_default().push(parent);
                    let mut record = Record::new(gn(id)?);
                    record.part_of.push(gn(parent)?);
                    record
                }
                Table::Deletes => Record { hide: Some(Hide::Record), ..Record::new(gn(id)?) },
                Table::NameDeletes if row.get(2).is_empty() => continue,
                Table::NameDeletes => {
                    let names = vec![named(row.get(2), "", NameKind::Alternate)];
                    Record { hide: Some(Hide::Name), names, ..Record::new(gn(id)?) }
                }
            };
            if table.makes_records() {
                self.known.insert(id);
            }
            return Ok(Some((record, place)));
        }
    }
}

impl Iterator for GeoNamesReader {
    type Item = Result<(Record, Place)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        super::item(self.row(), &mut self.done)
    }
}

/// The same error, with the column its byte is in.
fn in_column(error: Error, line: &[u8], columns: &[&str]) -> Error {
    let Some(place) = error.place().cloned() else { return error };
    let at = place.byte.and_then(|byte| usize::try_from(byte - 1).ok()).unwrap_or(0);
    let number = line.get(..at).unwrap_or(&[]).iter().filter(|b| **b == b'\t').count();
    match columns.get(number) {
        Some(column) => error.at(place.column(*column)),
        None => error,
    }
}

fn gn(id: u32) -> Result<RecordId> {
    format!("gn:{id}").parse()
}

/// What each number was said to be a part of.
#[derive(Debug, Default)]
struct Parents(HashMap<u32, Vec<u32>>);

impl Parents {
    /// Whether going up from one number leads to another, or is there already.
    fn has_above(&self, from: u32, wanted: u32) -> bool {
        let (mut above, mut seen) = (vec![from], HashSet::new());
        while let Some(id) = above.pop() {
            if id == wanted {
                return true;
            }
            if seen.insert(id) {
                above.extend(self.0.get(&id).into_iter().flatten());
            }
        }
        false
    }
}

/// The numbers met so far, a bit each.
#[derive(Debug, Default)]
struct Known(Vec<u64>);

impl Known {
    /// More than GeoNames has given out (13 million in 2025), and a bit for each is still little.
    const MAX_ID: u32 = 99_999_999;

    fn insert(&mut self, id: u32) {
        let word = id as usize / 64;
        if word >= self.0.len() {
            self.0.resize(word + 1, 0);
        }
        if let Some(bits) = self.0.get_mut(word) {
            *bits |= 1 << (id % 64);
        }
    }

    /// Whether the number was met; any may be where there were no records yet.
    fn may_take(&self, id: u32) -> bool {
        self.0.is_empty() || self.0.get(id as usize / 64).is_some_and(|bits| bits >> (id % 64) & 1 == 1)
    }
}

/// The fields of one row.
struct Row<'r> {
    fields: &'r [&'r str],
    columns: &'static [&'static str],
    place: &'r Place,
}

impl<'r> Row<'r> {
    fn get(&self, column: usize) -> &'r str {
        self.fields.get(column).copied().unwrap_or("")
    }

    fn fail(&self, column: usize, error: Error) -> Error {
        error.at(self.place.clone().column(self.columns.get(column).copied().unwrap_or("")))
    }

    fn number<T: std::str::FromStr>(&self, column: usize, example: &str) -> Result<T> {
        let text = self.get(column);
        text.parse().map_err(|_| {
            self.fail(column, Error::input(format!("{text:?} is no number, expected one such as {example}")))
        })
    }

    fn parse<T: std::str::FromStr<Err = Error>>(&self, column: usize, text: &str) -> Result<T> {
        text.parse().map_err(|error| self.fail(column, error))
    }

    fn id(&self, column: usize) -> Result<u32> {
        let text = self.get(column);
        let id = text.parse().ok().filter(|id| (1..=Known::MAX_ID).contains(id));
        id.ok_or_else(|| {
            let expected = format!("id is {text:?}, expected a number from 1 to {}", Known::MAX_ID);
            self.fail(column, Error::input(expected))
        })
    }

    fn country_code(&self, column: usize) -> Result<Option<String>> {
        match self.get(column) {
            "" => Ok(None),
            code if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) => {
                Ok(Some(code.to_owned()))
            }
            code => Err(self.fail(
                column,
                Error::input(format!("country is {code:?}, expected ISO 3166-1 alpha-2 such as KZ")),
            )),
        }
    }

    /// The name in one column, and that in another if it is not the same when folded.
    fn names(&self, name: usize, ascii: usize) -> Result<Vec<Name>> {
        // Of a few units only the second is given.
        let text = if self.get(name).is_empty() { self.get(ascii) } else { self.get(name) };
        if text.is_empty() {
            return Err(self.fail(name, Error::input("the name is empty, expected the written form")));
        }
        let mut names = vec![named(text, "", NameKind::Preferred)];
        let ascii = self.get(ascii);
        if !ascii.is_empty() && Key::new(ascii) != Key::new(text) {
            names.push(named(ascii, "", NameKind::Alternate));
        }
        Ok(names)
    }

    /// A row of the main table.
    fn feature(&self, id: u32, plain_names: bool) -> Result<Record> {
        let mut record = Record::new(gn(id)?);
        record.names = self.names(1, 2)?;
        if plain_names {
            for text in self.get(3).split(',').map(str::trim).filter(|text| !text.is_empty()) {
                record.names.push(named(text, "", NameKind::Alternate));
            }
        }
        let (lat, lon): (f64, f64) = (self.number(4, "43.25667")?, self.number(5, "76.92861")?);
        let column = if (-90.0..=90.0).contains(&lat) { 5 } else { 4 };
        record.point = Some(Point::new(lat, lon).map_err(|error| self.fail(column, error))?);
        let (class, code) = (self.get(6), self.get(7));
        if !class.is_empty() && !code.is_empty() {
            let feature: Feature = self.parse(7, &format!("{class}.{code}"))?;
            record.kind = Some(match feature.as_str() {
                "A.PCL" | "A.PCLI" | "A.PCLH" => crate::record::Kind::State,
                _ => crate::record::Kind::Place,
            });
            record.feature = Some(feature);
        }
        record.country = self.country_code(8)?;
        // 00 is a place of which the unit is not known.
        let unit = |column| Some(self.get(column)).filter(|c| !c.is_empty() && *c != "00").map(str::to_owned);
        (record.admin1, record.admin2) = (unit(10), unit(11));
        if !self.get(14).is_empty() {
            record.population = Some(self.number(14, "2000900")?).filter(|n| *n > 0);
        }
        Ok(record)
    }

    /// A row of the alternate names; none if it is nothing a text would have.
    fn alternate_name(&self, id: u32) -> Result<Option<Record>> {
        let mut record = Record::new(gn(id)?);
        let text = self.get(3);
        if text.is_empty() {
            return Err(self.fail(3, Error::input("the name is empty, expected the written form")));
        }
        let flag = |column: usize| match self.get(column) {
            "" | "0" => Ok(false),
            "1" => Ok(true),
            other => {
                Err(self.fail(column, Error::input(format!("flag is {other:?}, expected 1 or nothing"))))
            }
        };
        let (preferred, short, colloquial, historic) = (flag(4)?, flag(5)?, flag(6)?, flag(7)?);
        let kind = match () {
            () if historic => NameKind::Historic,
            () if colloquial => NameKind::Colloquial,
            () if short => NameKind::Short,
            () if preferred => NameKind::Official,
            () => NameKind::Alternate,
        };
        let mut name = match self.get(2) {
            "link" | "phon" | "tcid" => return Ok(None),
            "wkdt" => {
                let fine = text
                    .strip_prefix('Q')
                    .is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
                if !fine {
                    let expected = format!("Wikidata id is {text:?}, expected one such as Q35493");
                    return Err(self.fail(3, Error::input(expected)));
                }
                record.same_as.push(self.parse(3, &format!("wd:{text}"))?);
                return Ok(Some(record));
            }
            scheme @ ("iata" | "icao" | "faac") => {
                record.same_as.push(self.parse(3, &format!("{scheme}:{text}"))?);
                named(text, "", NameKind::Code)
            }
            "post" | "unlc" => named(text, "", NameKind::Code),
            "abbr" => named(text, "", NameKind::Abbreviation),
            "piny" => named(text, "zh-Latn", NameKind::Transliteration),
            "fr_1793" => named(text, "fr", NameKind::Historic),
            lang => {
                let fine = lang.len() <= 35 && lang.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
                if !fine || lang.len() == 1 {
                    let expected =
                        format!("language is {lang:?}, expected a BCP 47 tag such as kk or zh-Hant");
                    return Err(self.fail(2, Error::input(expected)));
                }
                named(text, lang, kind)
            }
        };
        name.period.from = self.date(8)?;
        name.period.to = self.date(9)?;
        record.names.push(name);
        Ok(Some(record))
    }

    /// A date as people type it there: `1918`, `19180216`, `325`.
    fn date(&self, column: usize) -> Result<Option<Date>> {
        let text = self.get(column);
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        Ok(Some(match (text.len(), digits) {
            (0, _) => return Ok(None),
            (1..=3, true) => self.parse(column, &format!("{text:0>4}"))?,
            (8, true) => {
                let part = |range| text.get(range).unwrap_or("");
                self.parse(column, &format!("{}-{}-{}", part(0..4), part(4..6), part(6..8)))?
            }
            _ => self.parse(column, text)?,
        }))
    }

    /// A row of `countryInfo.txt`. It does not tell a state from a dependency; the main table does.
    fn country(&self, id: u32) -> Result<Record> {
        let mut record = Record::new(gn(id)?);
        let Some(code) = self.country_code(0)? else {
            return Err(
                self.fail(0, Error::input("the code is empty, expected ISO 3166-1 alpha-2 such as KZ"))
            );
        };
        if self.get(4).is_empty() {
            return Err(self.fail(4, Error::input("the name is empty, expected the written form")));
        }
        record.names.push(named(self.get(4), "en", NameKind::Preferred));
        record.names.extend(
            [self.get(0), self.get(1)].iter().filter(|c| !c.is_empty()).map(|c| named(c, "", NameKind::Code)),
        );
        record.same_as.push(self.parse(0, &format!("iso:{code}"))?);
        if !self.get(7).is_empty() {
            record.population = Some(self.number(7, "2000900")?).filter(|n| *n > 0);
        }
        record.country = Some(code);
        Ok(record)
    }

    /// A row of `admin1CodesASCII.txt` or `admin2Codes.txt`.
    fn unit(&self, id: u32) -> Result<Record> {
        let mut record = Record::new(gn(id)?);
        record.names = self.names(1, 2)?;
        let code = self.get(0);
        let mut parts = code.split('.').map(str::to_owned);
        (record.country, record.admin1, record.admin2) = (parts.next(), parts.next(), parts.next());
        let fine = record
            .country
            .as_ref()
            .is_some_and(|c| c.len() == 2 && c.bytes().all(|b| b.is_ascii_uppercase()));
        if !fine || record.admin1.is_none() || parts.next().is_some() {
            return Err(self.fail(0, Error::input(format!("code is {code:?}, expected one such as KZ.02"))));
        }
        record.kind = Some(crate::record::Kind::Place);
        record.feature = Some(if record.admin2.is_none() { "A.ADM1" } else { "A.ADM2" }.parse()?);
        Ok(record)
    }
}

fn named(text: &str, lang: &str, kind: NameKind) -> Name {
    Name { kind, source: "geonames".to_owned(), ..Name::new(text, lang) }
}
