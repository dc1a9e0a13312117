//! The stored gazetteer: one immutable file, read in place.
//!
//! Takes bytes (a mapped file, a vector, bytes within the program) and gives records and names by key, by id and by number.
//! Opening reads the header only. No byte is trusted: a damaged file gives wrong or no answers, never a panic;
//! [`Gazetteer::verify`] tells whether it is sound.

mod build;
mod check;
mod export;
pub mod filter;
mod format;
mod graft;
mod intern;
mod join;
mod joiner;
mod keys;
mod label;
mod names;
mod overlay;
pub(crate) mod pairs;
mod progress;
mod rows;
mod search;
mod sort;
mod spill;
mod splice;
mod store;
mod tables;
mod time;
mod variants;
mod view;
mod walk;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

pub use build::{BuildReport, GazetteerBuilder, temporary_of};
use filter::Filter;
pub use format::FORMAT_VERSION;
use format::{Layout, NameRow, PackedId, RecordRow, Section};
pub use joiner::{Joined, Joiner};
pub use label::LabelOptions;
pub(crate) use names::handicap;
pub use names::prominence;
pub use overlay::Stack;
use pairs::Pairs;
pub use progress::{Progress, Stage};
pub use search::{Fuzzy, Prefix};
use store::Store;
pub use view::{ClaimRef, IdRef, NameRef, RecordRef};
pub use walk::Cursor;
pub(crate) use walk::Place;

use crate::error::Result;
use crate::fold::FOLD_VERSION;
use crate::token::Key;

/// A stored gazetteer.
///
/// ```
/// use exonym::gazetteer::{Gazetteer, GazetteerBuilder};
/// use exonym::record::{Name, Record};
///
/// let mut record = Record::new("gn:146970".parse()?);
/// record.names = vec![Name::new("Ստեփանակերտ", "hy"), Name::new("Xankəndi", "az"), Name::new("Stepanakert", "en")];
/// let mut builder = GazetteerBuilder::new();
/// builder.add(record, None)?;
/// let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
///
/// let town = gazetteer.by_id("gn:146970").expect("it was added");
/// assert_eq!(town.name().text(), "Stepanakert");
/// assert!(gazetteer.lookup("XANKƏNDI").all(|name| name.record() == town && name.lang() == "az"));
/// assert_eq!(gazetteer.lookup("Ստեփանակերտ").len(), 1);
/// # Ok::<(), exonym::Error>(())
/// ```
pub struct Gazetteer {
    store: Store,
    layout: Layout,
    info: Info,
    name: String,
    /// Whether it was put together in memory, so that numbers of keys are not in their order.
    stacked: bool,
}

/// What a gazetteer says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Info {
    /// Number of records.
    pub records: u32,
    /// Number of names.
    pub names: u32,
    /// Number of distinct keys.
    pub keys: u32,
    /// Version of the layout.
    pub format_version: u32,
    /// Version of the folding rules that made the keys.
    pub fold_version: u32,
    /// The date of the data, `YYYY-MM-DD`, if it was given.
    pub data_date: Option<String>,
    /// Sections and their length in bytes.
    pub sections: Vec<(String, u64)>,
}

impl fmt::Debug for Gazetteer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gazetteer")
            .field("name", &self.name)
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

impl Gazetteer {
    /// Opens a file. With the feature `mmap` it is mapped, and only its header read, so that any size opens at once.
    pub fn open(path: impl AsRef<Path>) -> Result<Gazetteer> {
        let path = path.as_ref();
        Gazetteer::new(Store::open(path)?, path.display().to_string())
    }

    /// A gazetteer in memory, as [`GazetteerBuilder::build`] gives it.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Gazetteer> {
        Gazetteer::new(Store::Owned(bytes), "the data".to_owned())
    }

    /// A gazetteer in the program itself (`include_bytes!`), which is not copied.
    pub fn from_static(bytes: &'static [u8]) -> Result<Gazetteer> {
        Gazetteer::new(Store::Static(bytes), "the embedded data".to_owned())
    }

    fn new(store: Store, name: String) -> Result<Gazetteer> {
        let layout = format::read_layout(store.bytes(), &name)?;
        let header = &layout.header;
        let info = Info {
            records: header.records,
            names: header.names,
            keys: header.keys,
            format_version: FORMAT_VERSION,
            fold_version: FOLD_VERSION,
            data_date: std::str::from_utf8(&header.date)
                .ok()
                .filter(|date| !date.starts_with('\0'))
                .map(str::to_owned),
            sections: layout.entries.iter().map(|e| (e.name.clone(), e.len as u64)).collect(),
        };
        Ok(Gazetteer { store, layout, info, name, stacked: false })
    }

    /// What the gazetteer says of itself.
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// Licence and attribution of the data.
    pub fn licence(&self) -> &str {
        std::str::from_utf8(self.section(Section::Licence)).unwrap_or("")
    }

    /// Reads everything: the checksum of every section, that each reference leads somewhere, and that the tables are in
    /// order. The error names the section that is damaged.
    pub fn verify(&self) -> Result<()> {
        check::verify(self)
    }

    /// The names that fold to the same key as this text, the most prominent first (see [`prominence`]; a demonym, code or
    /// historic name stands somewhat lower than its record).
    pub fn lookup(&self, text: &str) -> Lookup<'_> {
        self.get(&Key::new(text))
    }

    /// The names with this key, as [`lookup`](Gazetteer::lookup).
    pub fn get(&self, key: &Key) -> Lookup<'_> {
        // The filters know most keys that are not there; asking them costs less than walking to where those leave the others.
        let may_be = key.plain_word().is_none_or(|word| {
            let flags = self.filter().query(filter::hash(word));
            if word.len() == key.as_bytes().len() { flags.single() } else { flags.continues() }
        });
        let may_be = may_be && pairs::of_key(key.as_bytes()).all(|pair| self.pairs().may_hold(pair));
        let mut cursor = self.cursor();
        let found = may_be && !key.is_empty() && cursor.steps(key.as_bytes());
        match cursor.value().filter(|_| found) {
            Some(entry) => self.entry(entry),
            None => Lookup { gazetteer: self, rest: Rest::One(None) },
        }
    }

    /// The names of the key with this number, which [`Cursor::value`] tells; those of a file are numbered in their
    /// order.
    #[inline]
    pub fn entry(&self, entry: u32) -> Lookup<'_> {
        let rest =
            match format::row(self.section(Section::Entries), entry).map(|row| u32::from_le_bytes(*row)) {
                Some(at) if at & format::LIST != 0 => Rest::List(self.list(at & !format::LIST)),
                one => Rest::One(one.filter(|name| *name < self.info.names)),
            };
        Lookup { gazetteer: self, rest }
    }

    /// The names in the list at this row.
    fn list(&self, at: u32) -> &[[u8; 4]] {
        let (rows, _) = self.section(Section::Lists).as_chunks::<4>();
        let read = || {
            let (count, rest) = rows.get(at as usize..)?.split_first()?;
            rest.get(..u32::from_le_bytes(*count) as usize)
        };
        read().unwrap_or(&[])
    }

    /// At the root of the keys, for walking them byte by byte.
    #[inline]
    pub fn cursor(&self) -> Cursor<'_> {
        Cursor::new(self.section(Section::Keys))
    }

    /// Which words begin a key.
    #[inline]
    pub fn filter(&self) -> Filter<'_> {
        Filter::new(self.section(Section::Filter))
    }

    /// Which words follow the first of a key.
    #[inline]
    pub(crate) fn pairs(&self) -> Pairs<'_> {
        Pairs::new(self.section(Section::Pairs))
    }

    /// The record with this id, or the one that says it is the same as this id.
    pub fn by_id(&self, id: &str) -> Option<RecordRef<'_>> {
        let (wanted, text) = match PackedId::number(id) {
            Some(packed) => (packed, ""),
            None => (PackedId::text(0), id),
        };
        let own = partition_point(self.info.records, |i| {
            self.record_row(i).is_some_and(|row| self.compare_ids(PackedId(row.id), wanted, text).is_lt())
        });
        let is = |packed: u64| self.compare_ids(PackedId(packed), wanted, text).is_eq();
        if let Some(row) = self.record_row(own)
            && is(row.id)
        {
            return self.record(own);
        }
        let same_as = self.section(Section::SameAs);
        let link = |i: u32| {
            let at = format::row(same_as, i)?;
            format::row(self.section(Section::Links), u32::from_le_bytes(*at)).map(format::LinkRow::read)
        };
        let count = u32::try_from(same_as.len() / 4).unwrap_or(u32::MAX);
        let first = partition_point(count, |i| {
            link(i).is_some_and(|link| self.compare_ids(PackedId(link.value), wanted, text).is_lt())
        });
        let link = link(first).filter(|link| is(link.value))?;
        self.record(link.owner >> 3)
    }

    /// How a stored id stands to a wanted one; `text` is the wanted one if it is not a number.
    fn compare_ids(&self, stored: PackedId, wanted: PackedId, text: &str) -> std::cmp::Ordering {
        match (stored.as_text(), wanted.as_text()) {
            (Some(at), Some(_)) => self.string(at).cmp(text),
            _ => stored.cmp(&wanted),
        }
    }

    /// The record with this number; records stand in the order of their ids.
    #[inline]
    pub fn record(&self, index: u32) -> Option<RecordRef<'_>> {
        (index < self.info.records).then_some(RecordRef { gazetteer: self, index })
    }

    /// All records.
    pub fn records(&self) -> impl ExactSizeIterator<Item = RecordRef<'_>> + Clone {
        (0..self.info.records).map(|index| RecordRef { gazetteer: self, index })
    }

    /// The name with this number; the names of a record stand together, its canonical one first.
    #[inline]
    pub fn name(&self, index: u32) -> Option<NameRef<'_>> {
        (index < self.info.names).then_some(NameRef { gazetteer: self, index })
    }

    /// All names.
    pub fn names(&self) -> impl ExactSizeIterator<Item = NameRef<'_>> + Clone {
        (0..self.info.names).map(|index| NameRef { gazetteer: self, index })
    }

    /// How many names each language has; a name of several languages counts for each, one of none for `und`.
    pub fn languages(&self) -> BTreeMap<String, u64> {
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for name in self.names() {
            *counts.entry(name.lang_list()).or_default() += 1;
        }
        let mut languages = BTreeMap::new();
        for (list, count) in counts {
            for lang in if list.is_empty() { "und" } else { list }.split(';') {
                *languages.entry(lang.to_owned()).or_default() += count;
            }
        }
        languages
    }

    /// How many records there are of each kind.
    pub fn kinds(&self) -> BTreeMap<String, u64> {
        counted(self.records().map(|record| record.kind().as_str()))
    }

    /// How many records have each country (ISO 3166-1); those without one are not counted.
    pub fn countries(&self) -> BTreeMap<String, u64> {
        counted(self.records().filter_map(RecordRef::country))
    }

    /// How many names there are of each kind.
    pub fn name_kinds(&self) -> BTreeMap<String, u64> {
        counted(self.names().map(|name| name.kind().as_str()))
    }

    /// How many names come from each source.
    pub fn sources(&self) -> BTreeMap<String, u64> {
        counted(self.names().map(NameRef::source))
    }

    #[inline]
    fn section(&self, section: Section) -> &[u8] {
        let (offset, len) = self.layout.range(section);
        // The range was checked when the file was opened; the getter makes sure of it once more.
        self.store.bytes().get(offset..offset + len).unwrap_or(&[])
    }

    #[inline]
    fn string(&self, at: u32) -> &str {
        format::string(self.section(Section::Strings), at).unwrap_or("")
    }

    /// A string by its row in a table of strings.
    #[inline]
    fn string_in(&self, table: Section, row: u32) -> &str {
        format::row(self.section(table), row).map_or("", |at| self.string(u32::from_le_bytes(*at)))
    }

    #[inline]
    fn name_row(&self, index: u32) -> Option<NameRow> {
        format::row(self.section(Section::Names), index).map(NameRow::read)
    }

    #[inline]
    fn record_row(&self, index: u32) -> Option<RecordRow> {
        format::row(self.section(Section::Records), index).map(RecordRow::read)
    }
}

fn counted<'a>(words: impl Iterator<Item = &'a str>) -> BTreeMap<String, u64> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    words.for_each(|word| *counts.entry(word).or_default() += 1);
    counts.into_iter().map(|(word, count)| (word.to_owned(), count)).collect()
}

/// The first number below `count` for which this does not hold.
fn partition_point(count: u32, holds: impl Fn(u32) -> bool) -> u32 {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

/// Names that share a key, the most prominent first.
#[derive(Clone)]
pub struct Lookup<'g> {
    gazetteer: &'g Gazetteer,
    rest: Rest<'g>,
}

#[derive(Clone)]
enum Rest<'g> {
    One(Option<u32>),
    List(&'g [[u8; 4]]),
}

impl fmt::Debug for Lookup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl Lookup<'_> {
    /// Whether no name is left.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<'g> Iterator for Lookup<'g> {
    type Item = NameRef<'g>;

    #[inline]
    fn next(&mut self) -> Option<NameRef<'g>> {
        let index = match &mut self.rest {
            Rest::One(one) => one.take(),
            Rest::List(list) => {
                let (first, rest) = list.split_first()?;
                *list = rest;
                Some(u32::from_le_bytes(*first))
            }
        }?;
        Some(NameRef { gazetteer: self.gazetteer, index })
    }

    #[inline]
    fn size_hint(&self) -> (usize, Option<usize>) {
        let len = match &self.rest {
            Rest::One(one) => usize::from(one.is_some()),
            Rest::List(list) => list.len(),
        };
        (len, Some(len))
    }
}

impl ExactSizeIterator for Lookup<'_> {}
