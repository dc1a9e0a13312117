//! The bytes of a stored gazetteer: magic, versions, section table, checksums and the rows of every table.
//!
//! This folder alone knows offsets; `docs/format.md` describes the same in prose. Everything is little-endian. Reading is
//! by checked getters on byte slices, so that no alignment is needed and damaged bytes give `None`, never a panic.

mod rows;

pub(crate) use rows::{
    ExtraRow, LinkRow, NameRow, PackedId, RecordRow, push_string, row, string, u32_at, u64_at,
};

use crate::error::{Error, Result};
use crate::fold::FOLD_VERSION;

/// First bytes of every gazetteer; the control characters give away a file that was sent as text.
pub(crate) const MAGIC: [u8; 8] = *b"exonym\x1a\n";
/// Version of the layout below; raised with every change that old readers would misread.
pub const FORMAT_VERSION: u32 = 1;
/// Length of the fixed part of the header; the section table follows it.
pub(crate) const HEADER_LEN: usize = 64;
/// Length of one entry of the section table.
pub(crate) const ENTRY_LEN: usize = 32;
/// Sections begin at multiples of this, so that a block of the filter is one cache line.
pub(crate) const ALIGN: usize = 64;
/// Most sections a file may have; a header that says more is damaged.
const MAX_SECTIONS: usize = 256;
/// Flag of a section that a reader must know to read the file rightly.
const REQUIRED: u32 = 1;

/// The sections of this version, in the order of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    /// Licence text, UTF-8.
    Licence,
    /// The keys: an `fst` map from key to entry number.
    Keys,
    /// One `u32` per key: a name, or a list in [`Section::Lists`].
    Entries,
    /// Lists of names: count, then names, all `u32`.
    Lists,
    /// Which words begin a key.
    Filter,
    /// Which words follow the first of a key.
    Pairs,
    /// Fixed rows, [`NameRow`].
    Names,
    /// Rare fields of names, [`ExtraRow`], sorted.
    Extras,
    /// Lists of languages, a string each.
    Langs,
    /// Sources of names, a string each.
    Sources,
    /// Fixed rows, [`RecordRow`].
    Records,
    /// Feature codes, a string each.
    Features,
    /// Country, first- and second-level unit: three strings each.
    Regions,
    /// Further ids and dates of records, [`LinkRow`], sorted.
    Links,
    /// Rows of [`Section::Links`] that are further ids, sorted by id.
    SameAs,
    /// Length-prefixed strings.
    Strings,
}

impl Section {
    /// Every section, in the order of the file.
    pub(crate) const ALL: [Section; 16] = [
        Section::Licence,
        Section::Keys,
        Section::Entries,
        Section::Lists,
        Section::Filter,
        Section::Pairs,
        Section::Names,
        Section::Extras,
        Section::Langs,
        Section::Sources,
        Section::Records,
        Section::Features,
        Section::Regions,
        Section::Links,
        Section::SameAs,
        Section::Strings,
    ];

    /// Its name in the section table and in messages, at most eight bytes.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Section::Licence => "licence",
            Section::Keys => "keys",
            Section::Entries => "entries",
            Section::Lists => "lists",
            Section::Filter => "filter",
            Section::Pairs => "pairs",
            Section::Names => "names",
            Section::Extras => "extras",
            Section::Langs => "langs",
            Section::Sources => "sources",
            Section::Records => "records",
            Section::Features => "features",
            Section::Regions => "regions",
            Section::Links => "links",
            Section::SameAs => "same_as",
            Section::Strings => "strings",
        }
    }

    /// Length of one row, where the section is a table.
    pub(crate) fn row_len(self) -> usize {
        match self {
            Section::Licence | Section::Keys | Section::Strings => 1,
            Section::Entries | Section::Lists | Section::SameAs => 4,
            Section::Langs | Section::Sources | Section::Features => 4,
            Section::Filter => 64,
            Section::Pairs => 8,
            Section::Names => NameRow::LEN,
            Section::Extras => ExtraRow::LEN,
            Section::Records => RecordRow::LEN,
            Section::Regions => 12,
            Section::Links => LinkRow::LEN,
        }
    }
}

/// What the header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) records: u32,
    pub(crate) names: u32,
    pub(crate) keys: u32,
    /// `YYYY-MM-DD` or zeros.
    pub(crate) date: [u8; 10],
}

/// Where a section lies, and what its bytes must sum to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) offset: usize,
    pub(crate) len: usize,
    pub(crate) crc: u32,
}

/// Header and section table of a file, checked against its length.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) header: Header,
    /// All sections of the file, also those this version does not know.
    pub(crate) entries: Vec<Entry>,
    known: [(usize, usize); Section::ALL.len()],
}

impl Layout {
    /// Offset and length of a known section.
    #[inline]
    pub(crate) fn range(&self, section: Section) -> (usize, usize) {
        self.known.get(section as usize).copied().unwrap_or((0, 0))
    }
}

/// Writes header and table of sections, of each of which length and checksum are given; gives how much it wrote.
pub(crate) fn write_head(
    header: &Header,
    sections: impl ExactSizeIterator<Item = (Section, u64, u32)>,
    out: &mut impl std::io::Write,
) -> std::io::Result<u64> {
    let count = sections.len();
    let mut table = Vec::with_capacity(count * ENTRY_LEN);
    let head_len = HEADER_LEN + count * ENTRY_LEN;
    let mut offset = head_len.next_multiple_of(ALIGN) as u64;
    let mut end = offset;
    for (section, len, crc) in sections {
        let mut name = [0; 8];
        name.iter_mut().zip(section.name().bytes()).for_each(|(to, from)| *to = from);
        table.extend_from_slice(&name);
        table.extend_from_slice(&REQUIRED.to_le_bytes());
        table.extend_from_slice(&crc.to_le_bytes());
        table.extend_from_slice(&offset.to_le_bytes());
        table.extend_from_slice(&len.to_le_bytes());
        end = offset + len;
        offset = end.next_multiple_of(ALIGN as u64);
    }
    let mut head = Vec::with_capacity(head_len);
    head.extend_from_slice(&MAGIC);
    head.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
    head.extend_from_slice(&FOLD_VERSION.to_le_bytes());
    head.extend_from_slice(&end.to_le_bytes());
    head.extend_from_slice(&header.records.to_le_bytes());
    head.extend_from_slice(&header.names.to_le_bytes());
    head.extend_from_slice(&header.keys.to_le_bytes());
    head.extend_from_slice(&(count as u32).to_le_bytes());
    head.extend_from_slice(&header.date);
    head.resize(HEADER_LEN - 4, 0);
    let mut sum = crc32fast::Hasher::new();
    sum.update(&head);
    sum.update(&table);
    head.extend_from_slice(&sum.finalize().to_le_bytes());
    head.extend_from_slice(&table);
    out.write_all(&head)?;
    Ok(head.len() as u64)
}

/// Writes what stands before a section of this length, which begins behind `at` bytes, and goes on to its end.
pub(crate) fn pad(at: &mut u64, len: u64, out: &mut impl std::io::Write) -> std::io::Result<()> {
    let start = at.next_multiple_of(ALIGN as u64);
    out.write_all([0; ALIGN].get(..(start - *at) as usize).unwrap_or(&[]))?;
    *at = start + len;
    Ok(())
}

/// Reads header and section table, and nothing else. `name` is the file's name for messages.
pub(crate) fn read_layout(data: &[u8], name: &str) -> Result<Layout> {
    let refuse = |what: String| Err(Error::format(format!("{name} {what}")));
    if data.is_empty() {
        return refuse("is empty; build it with: exonym build".into());
    }
    let common = data.len().min(MAGIC.len());
    if data.get(..common) != MAGIC.get(..common) {
        return match crate::source::compressed(data) {
            Some(how) => refuse(format!("is {how}-compressed; decompress it first")),
            None => {
                refuse("is not a gazetteer; build one from CSV, TSV or JSON Lines with: exonym build".into())
            }
        };
    }
    let truncated = |expected: usize| {
        refuse(format!(
            "is truncated: expected {expected} bytes, found {}; copy it again or rebuild it with: exonym build",
            data.len()
        ))
    };
    let damaged =
        |what: &str| refuse(format!("is damaged: {what}; copy it again or rebuild it with: exonym build"));
    let (Some(version), Some(fold)) = (u32_at(data, 8), u32_at(data, 12)) else {
        return truncated(HEADER_LEN);
    };
    if version != FORMAT_VERSION {
        return refuse(format!(
            "has format version {version}, this program reads {FORMAT_VERSION}; rebuild it with: exonym build"
        ));
    }
    if fold != FOLD_VERSION {
        return refuse(format!(
            "was built with fold version {fold}, this program folds with {FOLD_VERSION}; rebuild it with: exonym build"
        ));
    }
    if data.len() < HEADER_LEN {
        return truncated(HEADER_LEN);
    }
    let number = |at| u32_at(data, at).unwrap_or(0);
    let count = number(36) as usize;
    if count > MAX_SECTIONS {
        return damaged(&format!("the header says it has {count} sections, expected at most {MAX_SECTIONS}"));
    }
    let head_len = HEADER_LEN + count * ENTRY_LEN;
    let (Some(fixed), Some(table)) = (data.get(..HEADER_LEN - 4), data.get(HEADER_LEN..head_len)) else {
        return truncated(head_len);
    };
    let mut sum = crc32fast::Hasher::new();
    sum.update(fixed);
    sum.update(table);
    let (found, expected) = (sum.finalize(), number(HEADER_LEN - 4));
    if found != expected {
        return damaged(&format!("the header has checksum {found:08x}, expected {expected:08x}"));
    }
    let length = u64_at(data, 16).and_then(|n| usize::try_from(n).ok()).unwrap_or(usize::MAX);
    if data.len() < length {
        return truncated(length);
    }
    if data.len() > length {
        return damaged(&format!("it has {} bytes, expected {length}", data.len()));
    }
    let mut date = [0; 10];
    date.copy_from_slice(data.get(40..50).unwrap_or(&[0; 10]));
    let header = Header { records: number(24), names: number(28), keys: number(32), date };
    let mut entries = Vec::with_capacity(count);
    let mut known = [None; Section::ALL.len()];
    for row in table.chunks_exact(ENTRY_LEN) {
        let text = row.get(..8).unwrap_or(&[]);
        let section: String = text.iter().take_while(|b| **b != 0).map(|b| char::from(*b)).collect();
        let place = |at| u64_at(row, at).and_then(|n| usize::try_from(n).ok());
        let (Some(flags), Some(crc)) = (u32_at(row, 8), u32_at(row, 12)) else { continue };
        let (Some(offset), Some(len)) = (place(16), place(24)) else {
            return damaged(&format!("section {section} lies outside the file"));
        };
        if offset.checked_add(len).is_none_or(|end| end > data.len()) {
            return damaged(&format!("section {section} lies outside the file"));
        }
        match Section::ALL.into_iter().find(|s| s.name() == section) {
            Some(s) => {
                if let Some(slot) = known.get_mut(s as usize) {
                    *slot = Some((offset, len));
                }
            }
            None if flags & REQUIRED != 0 => {
                return refuse(format!(
                    "has a section {section:?} that this program does not know; use a newer exonym, or rebuild it with: \
                     exonym build"
                ));
            }
            None => {}
        }
        entries.push(Entry { name: section, offset, len, crc });
    }
    for (section, range) in Section::ALL.into_iter().zip(known) {
        let Some((_, len)) = range else {
            return damaged(&format!("section {} is missing", section.name()));
        };
        let rows = match section {
            Section::Names => Some(header.names),
            Section::Records => Some(header.records),
            Section::Entries => Some(header.keys),
            _ => None,
        };
        if let Some(rows) = rows
            && len as u64 != u64::from(rows) * section.row_len() as u64
        {
            let expected = u64::from(rows) * section.row_len() as u64;
            return damaged(&format!("section {} has {len} bytes, expected {expected}", section.name()));
        }
        if len % section.row_len() != 0 {
            let row = section.row_len();
            return damaged(&format!(
                "section {} has {len} bytes, expected a multiple of {row}",
                section.name()
            ));
        }
    }
    Ok(Layout { header, entries, known: known.map(|range| range.unwrap_or((0, 0))) })
}

/// Bit of an entry that is a list in [`Section::Lists`] rather than one name.
pub(crate) const LIST: u32 = 1 << 31;
