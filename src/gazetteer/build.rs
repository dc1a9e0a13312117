//! Records and names → one stored gazetteer.
//!
//! Takes rows in any order: the same rows give the same bytes, whatever their order. What could not be taken in, and where
//! sources contradict themselves, stands in the [`BuildReport`].

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::format::{self, LinkRow, PackedId, RecordRow};
use super::intern::Interner;
use super::names::Draft;
use super::tables;
use crate::error::{Error, Place, Result};
use crate::record::{Date, Kind, Point, Record, RecordId};

/// Conflicts told in full in a report.
const SHOWN: usize = 20;

/// A value, and which row gave it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<T> {
    pub(crate) value: T,
    layer: u16,
    fields: u8,
    file: u32,
    line: u32,
}

/// A record on its way into the file; strings by their number.
#[derive(Debug, Default)]
pub(crate) struct RecordDraft {
    /// [`PackedId`], with the number of the string for an id that is text.
    pub(crate) id: u64,
    pub(crate) kind: Option<Given<Kind>>,
    pub(crate) feature: Option<Given<u32>>,
    pub(crate) country: Option<Given<u32>>,
    pub(crate) admin1: Option<Given<u32>>,
    pub(crate) admin2: Option<Given<u32>>,
    /// Degrees × 10⁷.
    pub(crate) point: Option<Given<(i32, i32)>>,
    pub(crate) population: Option<Given<u64>>,
    pub(crate) from: Option<Given<u32>>,
    pub(crate) to: Option<Given<u32>>,
    /// Layer, field of [`LinkRow`], id or text of a claim.
    pub(crate) links: Vec<(u16, u32, u64)>,
    /// Fields of which a conflict was counted in the present layer.
    conflicts: u16,
    /// Its number in the order of arrival, which its names carry; set when records are put in order.
    pub(crate) slot: u32,
}

/// Everything added so far.
#[derive(Debug)]
pub(crate) struct Drafts {
    pub(crate) strings: Interner,
    pub(crate) records: Vec<RecordDraft>,
    /// Number of the record, name.
    pub(crate) names: Vec<(u32, Draft)>,
}

/// Collects records and builds the stored gazetteer from them.
///
/// ```
/// use exonym::gazetteer::{Gazetteer, GazetteerBuilder};
/// use exonym::record::{Name, Record};
///
/// let mut builder = GazetteerBuilder::new().data_date("2025-11-01").licence("CC BY 4.0");
/// for (text, lang) in [("Almaty", "en"), ("Алматы", "kk"), ("Алматы", "ru"), ("阿拉木图", "zh")] {
///     let mut record = Record::new("gn:1526384".parse()?);
///     record.names.push(Name::new(text, lang));
///     builder.add(record, None)?;
/// }
/// let (bytes, report) = builder.build()?;
/// assert_eq!((report.records, report.names), (1, 3));
///
/// let gazetteer = Gazetteer::from_bytes(bytes)?;
/// let name = gazetteer.lookup("АЛМАТЫ").next().expect("it was added");
/// assert_eq!(name.record().name().text(), "Almaty");
/// assert_eq!(name.langs().collect::<Vec<_>>(), ["kk", "ru"]);
/// # Ok::<(), exonym::Error>(())
/// ```
#[derive(Debug)]
pub struct GazetteerBuilder {
    drafts: Drafts,
    ids: HashMap<u64, u32>,
    files: Vec<PathBuf>,
    layer: u16,
    strict: bool,
    transliterate: bool,
    date: String,
    licence: String,
    conflicts: Vec<String>,
    conflict_count: u64,
}

impl Default for GazetteerBuilder {
    fn default() -> GazetteerBuilder {
        GazetteerBuilder::new()
    }
}

impl GazetteerBuilder {
    /// An empty builder.
    pub fn new() -> GazetteerBuilder {
        GazetteerBuilder {
            drafts: Drafts { strings: Interner::new(), records: vec![], names: vec![] },
            ids: HashMap::new(),
            files: vec![],
            layer: 0,
            strict: false,
            transliterate: false,
            date: String::new(),
            licence: String::new(),
            conflicts: vec![],
            conflict_count: 0,
        }
    }

    /// The date of the data, `YYYY-MM-DD`.
    #[must_use]
    pub fn data_date(mut self, date: &str) -> GazetteerBuilder {
        date.clone_into(&mut self.date);
        self
    }

    /// The licence and attribution of the data, stored with it.
    #[must_use]
    pub fn licence(mut self, text: &str) -> GazetteerBuilder {
        text.clone_into(&mut self.licence);
        self
    }

    /// Whether rows that contradict each other, and records without a name, are errors rather than lines of the report.
    #[must_use]
    pub fn strict(mut self, strict: bool) -> GazetteerBuilder {
        self.strict = strict;
        self
    }

    /// Whether names are also stored as the press of other languages spells them, by the schemes of
    /// `rules/transliteration.tsv`. Off by default.
    ///
    /// ```
    /// use exonym::record::{Name, Record};
    /// use exonym::{Gazetteer, GazetteerBuilder};
    /// let mut builder = GazetteerBuilder::new().transliterate(true);
    /// let mut record = Record::new("gn:710719".parse()?);
    /// record.names.push(Name::new("Чернівці", "uk"));
    /// builder.add(record, None)?;
    /// let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
    /// assert_eq!(gazetteer.lookup("Tscherniwzi").len(), 1);
    /// # Ok::<(), exonym::Error>(())
    /// ```
    #[must_use]
    pub fn transliterate(mut self, yes: bool) -> GazetteerBuilder {
        self.transliterate = yes;
        self
    }

    /// Ends a layer. Fields of records given from now on take the place of those given before, also their `part_of`,
    /// `successors`, `claimed_by` and `controlled_by`; names and `same_as` are added. A record keeps its canonical name unless a later layer has one of kind
    /// `preferred`.
    pub fn next_layer(&mut self) {
        self.layer = self.layer.saturating_add(1);
    }

    /// Adds what one row tells of a record: all rows with the same id are one record. `place` says where the row stands, for
    /// messages.
    ///
    /// Within a layer, the row with most fields decides between two values, and the smaller value between two such rows; the
    /// report counts it as a conflict, and a strict builder refuses it.
    pub fn add(&mut self, record: Record, place: Option<Place>) -> Result<()> {
        let fail = |message: String| {
            let error = Error::input(message);
            Err(match place.clone() {
                Some(place) => error.at(place),
                None => error,
            })
        };
        if let Some(n) = record.population.filter(|n| *n > RecordRow::MAX_POPULATION) {
            return fail(format!("population is {n}, expected at most {}", RecordRow::MAX_POPULATION));
        }
        if record.names.iter().any(|name| name.text.trim().is_empty()) {
            return fail(format!("id {} has an empty name", record.id));
        }
        let mut claims = record.claimed_by.iter().chain(&record.controlled_by);
        if let Some(claim) = claims.find(|claim| claim.source.contains(';')) {
            return fail(format!("the source of the claim {claim:?} contains ';'; write a comma"));
        }
        if self.drafts.strings.is_full() {
            return fail(
                "there are more strings than one gazetteer can hold; split it into layers".to_owned(),
            );
        }
        if self.drafts.names.len().saturating_add(record.names.len()) >= format::LIST as usize {
            return fail(format!(
                "there are more than {} names, which is all one gazetteer can hold",
                format::LIST
            ));
        }
        let id = self.pack(&record.id);
        let next = self.drafts.records.len() as u32;
        if next >= LinkRow::MAX_RECORDS {
            return fail(format!("there are more than {next} records, which is all one gazetteer can hold"));
        }
        let slot = *self.ids.entry(id).or_insert(next);
        if slot == next {
            self.drafts.records.push(RecordDraft { id, ..RecordDraft::default() });
        }
        let fields = record.fields_given() as u8;
        self.add_fields(slot, &record, fields, place)?;
        for name in record.names {
            let strings = &mut self.drafts.strings;
            let mut date = |d: &Option<Date>| d.as_ref().map_or(0, |d| strings.add(d.as_str()));
            let (from, to) = (date(&name.period.from), date(&name.period.to));
            let draft = Draft {
                text: strings.add(&name.text),
                langs: strings.add_list(name.langs.iter().map(String::as_str).filter(|lang| *lang != "und")),
                from,
                to,
                perspective: strings.add_list(name.perspective.iter().map(String::as_str)),
                source: strings.add(&name.source),
                layer: self.layer,
                kind: name.kind,
                case: name.case_rule(),
                fields,
            };
            self.drafts.names.push((slot, draft));
        }
        Ok(())
    }

    fn pack(&mut self, id: &RecordId) -> u64 {
        let text = id.as_str();
        PackedId::number(text).unwrap_or_else(|| PackedId::text(self.drafts.strings.add(text))).0
    }

    fn add_fields(&mut self, slot: u32, record: &Record, fields: u8, place: Option<Place>) -> Result<()> {
        if fields == 0 {
            return Ok(());
        }
        for (field, ids) in [
            (LinkRow::SAME_AS, &record.same_as),
            (LinkRow::PART_OF, &record.part_of),
            (LinkRow::SUCCESSOR, &record.successors),
        ] {
            for id in ids.iter().filter(|id| **id != record.id) {
                let link = (self.layer, field, self.pack(id));
                if let Some(draft) = self.drafts.records.get_mut(slot as usize)
                    && !draft.links.contains(&link)
                {
                    draft.links.push(link);
                }
            }
        }
        for (field, claims) in
            [(LinkRow::CLAIMED_BY, &record.claimed_by), (LinkRow::CONTROLLED_BY, &record.controlled_by)]
        {
            for claim in claims {
                let text = PackedId::text(self.drafts.strings.add(&claim.to_string())).0;
                if let Some(draft) = self.drafts.records.get_mut(slot as usize)
                    && !draft.links.contains(&(self.layer, field, text))
                {
                    draft.links.push((self.layer, field, text));
                }
            }
        }
        let place = place.unwrap_or_default();
        let file = match (&place.file, self.files.last()) {
            (None, _) => 0,
            (Some(path), Some(last)) if path == last => self.files.len() as u32,
            (Some(path), _) => match self.files.iter().position(|known| known == path) {
                Some(at) => at as u32 + 1,
                None => {
                    self.files.push(path.clone());
                    self.files.len() as u32
                }
            },
        };
        let line = place.line.and_then(|line| u32::try_from(line).ok()).unwrap_or(0);
        let (layer, strings) = (self.layer, &mut self.drafts.strings);
        let Some(draft) = self.drafts.records.get_mut(slot as usize) else { return Ok(()) };
        let mut clashes: Vec<(&str, String, String, (u32, u32))> = vec![];
        macro_rules! give {
            ($bit:literal, $field:ident, $value:expr, $compare:expr, $show:expr) => {
                if let Some(value) = $value {
                    let new = Given { value, layer, fields, file, line };
                    if let Some(kept) =
                        give(&mut draft.$field, new, $compare, &mut draft.conflicts, 1 << $bit)
                    {
                        let (name, shown, other): (&str, String, String) = $show(new.value, kept.value);
                        clashes.push((name, shown, other, (kept.file, kept.line)));
                    }
                }
            };
        }
        let [feature, country, admin1, admin2, from, to] = [
            record.feature.as_ref().map(|f| f.as_str()),
            record.country.as_deref(),
            record.admin1.as_deref(),
            record.admin2.as_deref(),
            record.period.from.as_ref().map(Date::as_str),
            record.period.to.as_ref().map(Date::as_str),
        ]
        .map(|text| text.map(|text| strings.add(text)));
        let text = |a: u32, b: u32| if a == b { Ordering::Equal } else { strings.get(a).cmp(strings.get(b)) };
        let words = |name, a: u32, b: u32| (name, strings.get(a).to_owned(), strings.get(b).to_owned());
        give!(0, kind, record.kind, |a: Kind, b| a.cmp(&b), |a: Kind, b: Kind| (
            "kind",
            a.to_string(),
            b.to_string()
        ));
        give!(1, feature, feature, text, |a, b| words("feature", a, b));
        give!(2, country, country, text, |a, b| words("country", a, b));
        give!(3, admin1, admin1, text, |a, b| words("admin1", a, b));
        give!(4, admin2, admin2, text, |a, b| words("admin2", a, b));
        give!(5, from, from, text, |a, b| words("exists_from", a, b));
        give!(6, to, to, text, |a, b| words("exists_to", a, b));
        give!(7, population, record.population, |a: u64, b| a.cmp(&b), |a: u64, b: u64| (
            "population",
            a.to_string(),
            b.to_string()
        ));
        give!(
            8,
            point,
            record.point.map(grid),
            |a: (i32, i32), b| a.cmp(&b),
            |a: (i32, i32), b: (i32, i32)| {
                let degrees = |n: i32| (f64::from(n) / 1e7).to_string();
                if a.0 == b.0 {
                    ("lon", degrees(a.1), degrees(b.1))
                } else {
                    ("lat", degrees(a.0), degrees(b.0))
                }
            }
        );
        for (field, new, old, (file, line)) in clashes {
            let other = match self.files.get((file as usize).wrapping_sub(1)) {
                Some(path) => Place::file(path).line(u64::from(line)).to_string(),
                None => "another row".to_owned(),
            };
            let message = format!("id {} has {field} {new}, but {other} gave {old}; keep one", record.id);
            let error = Error::input(message);
            let error = if place == Place::default() { error } else { error.at(place.clone()) };
            if self.strict {
                return Err(error);
            }
            self.conflict_count += 1;
            if self.conflicts.len() < SHOWN {
                self.conflicts.push(error.to_string());
            }
        }
        Ok(())
    }

    /// The bytes of the gazetteer, and what became of the rows.
    pub fn build(self) -> Result<(Vec<u8>, BuildReport)> {
        let (header, sections, report) = self.finish()?;
        let mut bytes = Vec::with_capacity(usize::try_from(report.bytes()).unwrap_or(0));
        format::write_file(&header, &sections, |part| {
            bytes.extend_from_slice(part);
            Ok(())
        })
        .map_err(|error| Error::io("cannot build the gazetteer", error))?;
        Ok((bytes, report))
    }

    /// Builds into a file. It is written beside its place as `NAME.tmpPID`, flushed to the disk and renamed, so that a crash
    /// or a full disk never leaves half a gazetteer; whatever fails, the temporary file is removed.
    pub fn write(self, path: impl AsRef<Path>) -> Result<BuildReport> {
        let path = path.as_ref();
        let (header, sections, report) = self.finish()?;
        let fail = |error| Error::io(format!("cannot write {}", path.display()), error);
        let mut temporary = Temporary::beside(path)?;
        format::write_file(&header, &sections, |part| temporary.file.write_all(part)).map_err(fail)?;
        temporary.file.sync_all().map_err(fail)?;
        temporary.rename(path).map_err(fail)?;
        Ok(report)
    }

    fn finish(self) -> Result<(format::Header, Vec<tables::Filled>, BuildReport)> {
        let date_is_fine = self.date.parse::<Date>().is_ok()
            && self.date.len() == 10
            && !self.date.contains(['X', '?', '~']);
        if !date_is_fine && !self.date.is_empty() {
            return Err(Error::usage(format!(
                "data date is {:?}, expected YYYY-MM-DD such as 2025-11-01",
                self.date
            )));
        }
        let mut date = [0; 10];
        date.iter_mut().zip(self.date.bytes()).for_each(|(to, from)| *to = from);
        let mut counts = tables::Counts::default();
        let (header, sections) =
            tables::fill(self.drafts, date, self.licence, self.strict, self.transliterate, &mut counts)?;
        let report = BuildReport {
            records: header.records,
            names: header.names,
            keys: header.keys,
            transliterated: counts.transliterated,
            colliding: counts.colliding,
            not_indexed: counts.left_out,
            conflicts: self.conflicts,
            conflict_count: self.conflict_count,
            sections: sections.iter().map(|(s, bytes)| (s.name().to_owned(), bytes.len() as u64)).collect(),
        };
        Ok((header, sections, report))
    }
}

/// Takes a value in; gives the one it contradicts, the first time this happens to the field in a layer.
fn give<T: Copy>(
    slot: &mut Option<Given<T>>,
    new: Given<T>,
    compare: impl Fn(T, T) -> Ordering,
    conflicts: &mut u16,
    bit: u16,
) -> Option<Given<T>> {
    let Some(old) = *slot else {
        *slot = Some(new);
        return None;
    };
    let order = compare(new.value, old.value);
    let better = (new.layer, new.fields).cmp(&(old.layer, old.fields)).then(order.reverse());
    if better == Ordering::Greater {
        *slot = Some(new);
    }
    if new.layer != old.layer {
        *conflicts &= !bit;
        return None;
    }
    let told = *conflicts & bit != 0;
    if order == Ordering::Equal || told {
        return None;
    }
    *conflicts |= bit;
    Some(old)
}

/// A point in units of 10⁻⁷ degree; a [`Point`] is always in range.
fn grid(point: Point) -> (i32, i32) {
    ((point.lat() * 1e7).round() as i32, (point.lon() * 1e7).round() as i32)
}

/// A file that is removed unless it was renamed.
struct Temporary {
    file: File,
    path: PathBuf,
    keep: bool,
}

impl Temporary {
    fn beside(path: &Path) -> Result<Temporary> {
        let Some(name) = path.file_name() else {
            return Err(Error::usage(format!(
                "{} is no file name, expected one such as world.gaz",
                path.display()
            )));
        };
        let mut name = name.to_owned();
        name.push(format!(".tmp{}", std::process::id()));
        let path = path.with_file_name(name);
        let file = File::create(&path)
            .map_err(|error| Error::io(format!("cannot create {}", path.display()), error))?;
        Ok(Temporary { file, path, keep: false })
    }

    fn rename(mut self, to: &Path) -> std::io::Result<()> {
        std::fs::rename(&self.path, to)?;
        self.keep = true;
        // The new name itself reaches the disk with its folder; where folders cannot be flushed, the file still is whole.
        #[cfg(unix)]
        if let Some(folder) = to.parent() {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.keep {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// What became of the rows of a build.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BuildReport {
    /// Records stored.
    pub records: u32,
    /// Names stored, after equal ones were joined.
    pub names: u32,
    /// Distinct keys.
    pub keys: u32,
    /// Names made by the schemes of `rules/transliteration.tsv`.
    pub transliterated: u64,
    /// Those of them that are a name of another record, which comes first.
    pub colliding: u64,
    /// What cannot be found, by reason.
    pub not_indexed: BTreeMap<String, u64>,
    /// The first contradictions among the rows, each with both places.
    pub conflicts: Vec<String>,
    /// How many contradictions there are.
    pub conflict_count: u64,
    /// Sections of the file and their length in bytes.
    pub sections: Vec<(String, u64)>,
}

impl BuildReport {
    /// Bytes of all sections.
    pub fn bytes(&self) -> u64 {
        self.sections.iter().map(|(_, bytes)| bytes).sum()
    }
}

impl fmt::Display for BuildReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.bytes();
        write!(f, "{} records, {} names, {} keys, {bytes} bytes", self.records, self.names, self.keys)?;
        if self.transliterated > 0 {
            let (made, colliding) = (self.transliterated, self.colliding);
            write!(f, "\ntransliterated: {made} names, {colliding} of them a name of another record too")?;
        }
        for (reason, count) in &self.not_indexed {
            write!(f, "\nnot indexed: {count} × {reason}")?;
        }
        if self.conflict_count > 0 {
            write!(f, "\nrows that contradict each other: {}", self.conflict_count)?;
            for conflict in &self.conflicts {
                write!(f, "\n  {conflict}")?;
            }
            if self.conflict_count > self.conflicts.len() as u64 {
                write!(f, "\n  …")?;
            }
        }
        Ok(())
    }
}
