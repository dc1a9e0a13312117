//! Records and names → one stored gazetteer.
//!
//! Takes rows in any order: the same rows give the same bytes, whatever their order, however much memory there is and however
//! many threads work. What could not be taken in, and where sources contradict themselves, stands in the [`BuildReport`].

use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::format::{self, Header, RecordRow};
use super::intern::Interner;
use super::join::Joiner;
use super::progress::{Progress, Stage, Watch};
use super::rows::{Origin, put_row};
use super::sort::Sorter;
use super::spill::{Scratch, Stored};
use super::tables::{self, Filled, Means};
use crate::error::{Error, Place, Result};
use crate::record::{Date, Record};

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
    /// Rows by id; made when the first comes, for what they may use is known then.
    rows: Option<Sorter>,
    row_count: u64,
    shared: Interner,
    files: Vec<PathBuf>,
    layer: u16,
    strict: bool,
    transliterate: bool,
    date: String,
    licence: String,
    scratch: Scratch,
    threads: usize,
    watch: Watch,
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
            rows: None,
            row_count: 0,
            shared: Interner::new(),
            files: vec![],
            layer: 0,
            strict: false,
            transliterate: false,
            date: String::new(),
            licence: String::new(),
            scratch: Scratch::none(),
            threads: 1,
            watch: Watch::default(),
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

    /// Keeps about this many bytes in memory, and what is more in temporary files in a folder, which should not itself be
    /// in memory. Besides, each name takes four bytes, each first word of a name sixteen, and languages, sources, units and
    /// the like are always in memory. Without a limit, all is.
    ///
    /// The files have no names, and are gone when the build ends, however it does.
    ///
    /// ```
    /// use exonym::GazetteerBuilder;
    /// use exonym::record::{Name, Record};
    /// let build = |mut builder: GazetteerBuilder| {
    ///     for (id, text) in [("gn:1526384", "Алматы"), ("gn:587084", "Bakı"), ("gn:587084", "Бакы")] {
    ///         let mut record = Record::new(id.parse()?);
    ///         record.names.push(Name::new(text, ""));
    ///         builder.add(record, None)?;
    ///     }
    ///     builder.build()
    /// };
    /// let small = build(GazetteerBuilder::new().memory(16, std::env::temp_dir()).threads(2))?;
    /// assert_eq!(small, build(GazetteerBuilder::new())?);
    /// # Ok::<(), exonym::Error>(())
    /// ```
    #[must_use]
    pub fn memory(mut self, bytes: usize, folder: impl Into<PathBuf>) -> GazetteerBuilder {
        self.scratch = Scratch::new(bytes, folder.into());
        self
    }

    /// How many threads work; one by default.
    #[must_use]
    pub fn threads(mut self, count: usize) -> GazetteerBuilder {
        self.threads = count.max(1);
        self
    }

    /// Tells `listener` now and then how far [`build`](GazetteerBuilder::build) or [`write`](GazetteerBuilder::write) is, which
    /// ends with an error as soon as the answer is to break off.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// let builder = exonym::GazetteerBuilder::new().on_progress(|_| ControlFlow::Break(()));
    /// let error = builder.build().unwrap_err();
    /// assert_eq!(error.to_string(), "the build was stopped; nothing was written");
    /// ```
    #[must_use]
    pub fn on_progress(
        mut self,
        listener: impl FnMut(Progress) -> ControlFlow<()> + Send + 'static,
    ) -> GazetteerBuilder {
        self.watch = Watch::new(listener);
        self
    }

    /// Ends a layer. Fields of records given from now on take the place of those given before, also their `part_of`,
    /// `successors`, `claimed_by` and `controlled_by`; names and `same_as` are added. A record keeps its canonical name unless a
    /// later layer has one of kind `preferred`.
    pub fn next_layer(&mut self) {
        self.layer = self.layer.saturating_add(1);
    }

    /// Adds what one row tells of a record: all rows with the same id are one record. `place` says where the row stands, for
    /// messages.
    ///
    /// Within a layer, the row with most fields decides between two values, and the smaller value between two such rows; the
    /// report counts it as a conflict, and a strict builder refuses to build.
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
        if let Some(hide) = record.hide {
            return fail(format!(
                "hides a {hide}, and there is no layer below; lay the file over another with -g"
            ));
        }
        if record.names.iter().any(|name| name.text.trim().is_empty()) {
            return fail(format!("id {} has an empty name", record.id));
        }
        let mut claims = record.claimed_by.iter().chain(&record.controlled_by);
        if let Some(claim) = claims.find(|claim| claim.source.contains(|c: char| c == ';' || c.is_control()))
        {
            return fail(format!(
                "the source of the claim {claim:?} contains ';' or a control character; write a comma"
            ));
        }
        if self.shared.is_full() {
            return fail(
                "there are more languages, sources, units and dates than one gazetteer can hold; split it into layers"
                    .to_owned(),
            );
        }
        let origin = self.origin(place.unwrap_or_default());
        let (scratch, helpers) = (&self.scratch, self.threads - 1);
        let rows = self.rows.get_or_insert_with(|| Sorter::new(scratch, scratch.memory(), helpers));
        self.row_count += 1;
        let shared = &mut self.shared;
        rows.push(|out| put_row(out, &record, origin, shared))
    }

    fn origin(&mut self, place: Place) -> Origin {
        // Files beyond the numbers there are have none, and are told of as 'another row'.
        let number = |at: usize| u16::try_from(at + 1).unwrap_or(0);
        let file = match (place.file, self.files.last()) {
            (None, _) => 0,
            (Some(path), Some(last)) if path == *last => number(self.files.len() - 1),
            (Some(path), _) => {
                number(self.files.iter().position(|known| *known == path).unwrap_or_else(|| {
                    self.files.push(path);
                    self.files.len() - 1
                }))
            }
        };
        let line = place.line.and_then(|line| u32::try_from(line).ok()).unwrap_or(0);
        Origin { layer: self.layer, file, line }
    }

    /// The bytes of the gazetteer, and what became of the rows.
    pub fn build(self) -> Result<(Vec<u8>, BuildReport)> {
        let mut built = self.finish()?;
        let mut bytes = Vec::with_capacity(usize::try_from(built.report.bytes()).unwrap_or(0));
        built
            .write(&mut bytes, |section, out| section.append(out))?
            .map_err(|error| Error::io("cannot build the gazetteer", error))?;
        Ok((bytes, built.report))
    }

    /// Builds into a file. It is written beside its place as `NAME.tmpPID`, flushed to the disk and renamed, so that a crash
    /// or a full disk never leaves half a gazetteer; whatever fails, the temporary file is removed.
    pub fn write(self, path: impl AsRef<Path>) -> Result<BuildReport> {
        let path = path.as_ref();
        let mut built = self.finish()?;
        let bytes = built.report.bytes();
        let fail = |error: io::Error| {
            let doing = format!("cannot write {}", path.display());
            match error.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    Error::io(format!("{doing}, which takes {bytes} bytes; make room for it"), error)
                }
                _ => Error::io(doing, error),
            }
        };
        let mut temporary = Temporary::beside(path)?;
        built.write(&mut temporary.file, |section, file| section.copy(file))?.map_err(fail)?;
        temporary.file.sync_all().map_err(fail)?;
        temporary.rename(path).map_err(fail)?;
        Ok(built.report)
    }

    fn finish(self) -> Result<Built> {
        let date_is_fine = self.date.parse::<Date>().is_ok()
            && self.date.len() == 10
            && !self.date.contains(['X', '?', '~']);
        if !date_is_fine && !self.date.is_empty() {
            return Err(Error::usage(format!(
                "data date is {:?}, expected YYYY-MM-DD such as 2025-11-01",
                self.date
            )));
        }
        let mut watch = self.watch;
        watch.tell(Stage::Joining, 0, self.row_count)?;
        let joiner = Joiner::new(self.shared, self.files, self.strict, self.transliterate);
        let mut means = Means { scratch: self.scratch, threads: self.threads, watch };
        let rows = Sorter::merge(self.rows.into_iter().collect())?;
        let (mut header, sections, counts, conflicts) =
            tables::fill(rows, self.row_count, joiner, &self.licence, self.strict, &mut means)?;
        header.date.iter_mut().zip(self.date.bytes()).for_each(|(to, from)| *to = from);
        let report = BuildReport {
            records: header.records,
            names: header.names,
            keys: header.keys,
            transliterated: counts.transliterated,
            colliding: counts.colliding,
            not_indexed: counts.left_out,
            conflicts: conflicts.shown,
            conflict_count: conflicts.count,
            sections: sections.iter().map(|(s, stored)| (s.name().to_owned(), stored.len)).collect(),
        };
        Ok(Built { header, sections, report, watch: means.watch })
    }
}

/// All parts of a file.
struct Built {
    header: Header,
    sections: Vec<Filled>,
    report: BuildReport,
    watch: Watch,
}

impl Built {
    /// Writes the parts one after the other, each of which is gone once it is written.
    fn write<W: Write>(
        &mut self,
        out: &mut W,
        append: impl Fn(Stored, &mut W) -> io::Result<()>,
    ) -> Result<io::Result<()>> {
        let total = self.report.bytes();
        let lens = self.sections.iter().map(|(section, stored)| (*section, stored.len, stored.crc));
        let mut at = match format::write_head(&self.header, lens, out) {
            Ok(at) => at,
            Err(error) => return Ok(Err(error)),
        };
        let mut done = 0;
        for (_, stored) in self.sections.drain(..) {
            self.watch.tell(Stage::Writing, done, total)?;
            done += stored.len;
            let written = format::pad(&mut at, stored.len, out).and_then(|()| append(stored, out));
            if written.is_err() {
                return Ok(written);
            }
        }
        self.watch.tell(Stage::Writing, total, total)?;
        Ok(Ok(()))
    }
}

/// A file that is removed unless it was renamed.
struct Temporary {
    file: File,
    path: PathBuf,
    keep: bool,
}

impl Temporary {
    fn beside(path: &Path) -> Result<Temporary> {
        let path = temporary_of(path)?;
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

/// The file that [`GazetteerBuilder::write`] writes before it renames it.
///
/// ```
/// let path = exonym::gazetteer::temporary_of("data/world.gaz".as_ref())?;
/// assert_eq!(path.display().to_string(), format!("data/world.gaz.tmp{}", std::process::id()));
/// # Ok::<(), exonym::Error>(())
/// ```
pub fn temporary_of(path: &Path) -> Result<PathBuf> {
    let Some(name) = path.file_name() else {
        let path = path.display();
        return Err(Error::usage(format!("{path} is no file name, expected one such as world.gaz")));
    };
    let mut name = name.to_owned();
    name.push(format!(".tmp{}", std::process::id()));
    Ok(path.with_file_name(name))
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
