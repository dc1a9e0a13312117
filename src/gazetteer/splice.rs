//! A gazetteer with some of its records taken out and those of another put in.
//!
//! Both are built already, so no name of the base is folded, sorted or joined again: its rows are copied with new numbers, and the
//! keys that change are grafted. The result is a gazetteer like any other, except that its keys are not numbered in their order.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use super::filter::{self, Flags};
use super::format::{self, ExtraRow, Header, LinkRow, NameRow, PackedId, RecordRow, Section};
use super::graft::{Change, graft};
use super::names::{MAX_KEY, handicap};
use super::store::Store;
use super::{Cursor, Gazetteer, NameRef, pairs};
use crate::error::{Error, Result};
use crate::token::{self, Key};

/// What became of a row that is no more.
const GONE: u32 = u32::MAX;

/// `base` without the records `gone` (ascending), and with those of `more`, whose ids are none of the rest.
pub(super) fn splice(base: &Gazetteer, gone: &[u32], more: &Gazetteer) -> Result<Gazetteer> {
    let mut parts = Parts::new(base, more)?;
    let (mut old, mut new) = (0, 0);
    let mut gone = gone.iter().copied().peekable();
    loop {
        while gone.next_if_eq(&old).is_some() {
            parts.skip(old)?;
            old += 1;
        }
        let order = match (base.record_row(old), more.record_row(new)) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => compare((base, a.id), (more, b.id)),
        };
        if order == Ordering::Less {
            parts.record(Side::Base, old)?;
            old += 1;
        } else {
            parts.record(Side::More, new)?;
            new += 1;
        }
    }
    parts.finish()
}

fn compare(a: (&Gazetteer, u64), b: (&Gazetteer, u64)) -> Ordering {
    match (PackedId(a.1).as_text(), PackedId(b.1).as_text()) {
        (Some(x), Some(y)) => a.0.string(x).cmp(b.0.string(y)),
        _ => a.1.cmp(&b.1),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Base,
    More,
}

/// One of the two gazetteers, and how far its rows were read.
struct From<'g> {
    gazetteer: &'g Gazetteer,
    /// New numbers of names and links.
    names: Vec<u32>,
    links: Vec<u32>,
    next_name: u32,
    next_extra: u32,
    next_link: u32,
    /// New rows of the regions.
    regions: Vec<u32>,
    /// What is added to the offset of a string.
    shift: u32,
}

impl<'g> From<'g> {
    fn new(gazetteer: &'g Gazetteer, shift: u32) -> From<'g> {
        let links = gazetteer.section(Section::Links).len() / LinkRow::LEN;
        From {
            gazetteer,
            names: vec![GONE; gazetteer.info.names as usize],
            links: vec![GONE; links],
            next_name: 0,
            next_extra: 0,
            next_link: 0,
            regions: vec![],
            shift,
        }
    }

    fn string(&self, at: u32) -> u32 {
        if at == 0 { 0 } else { at.saturating_add(self.shift) }
    }

    /// The new offset of a string that lies in the gazetteer's own.
    fn offset(&self, text: &'g str) -> u32 {
        let pool = self.gazetteer.section(Section::Strings).as_ptr().addr();
        let length = (usize::BITS - text.len().leading_zeros()).div_ceil(7).max(1) as usize;
        let at = text.as_ptr().addr().checked_sub(pool + length).and_then(|at| u32::try_from(at).ok());
        self.string(at.filter(|_| !text.is_empty()).unwrap_or(0))
    }

    fn id(&self, id: u64) -> u64 {
        PackedId(id).as_text().map_or(id, |at| PackedId::text(self.string(at)).0)
    }

    /// The names of a record, which stand behind those of the one before.
    fn names_of(&mut self, record: u32) -> Result<std::ops::Range<u32>> {
        let first = |index| self.gazetteer.record_row(index).map(|row| row.first_name);
        let end = first(record + 1).unwrap_or(self.gazetteer.info.names);
        if first(record) != Some(self.next_name) || end < self.next_name || end > self.gazetteer.info.names {
            return Err(Error::format(format!(
                "{} is damaged: section records row {record} is out of order; copy it again or rebuild it with: exonym build",
                self.gazetteer.name
            )));
        }
        Ok(std::mem::replace(&mut self.next_name, end)..end)
    }

    fn extra(&mut self, below: u32) -> Option<ExtraRow> {
        let row = format::row(self.gazetteer.section(Section::Extras), self.next_extra).map(ExtraRow::read);
        let row = row.filter(|row| row.name < below)?;
        self.next_extra += 1;
        Some(row)
    }

    fn link(&mut self, below: u32) -> Option<(u32, LinkRow)> {
        let row = format::row(self.gazetteer.section(Section::Links), self.next_link).map(LinkRow::read);
        let row = row.filter(|row| row.owner >> 3 < below)?;
        self.next_link += 1;
        Some((self.next_link - 1, row))
    }
}

/// The sections of the new gazetteer as they grow.
struct Parts<'g> {
    base: From<'g>,
    more: From<'g>,
    langs: Table<'g>,
    sources: Table<'g>,
    features: Table<'g>,
    regions: Vec<u8>,
    names: Vec<u8>,
    extras: Vec<u8>,
    records: Vec<u8>,
    links: Vec<u8>,
    record_count: u32,
    name_count: u32,
    link_count: u32,
    /// Names of the records taken out.
    hidden: Vec<u32>,
}

impl<'g> Parts<'g> {
    fn new(base: &'g Gazetteer, more: &'g Gazetteer) -> Result<Parts<'g>> {
        let strings = base.section(Section::Strings).len();
        let total = strings + more.section(Section::Strings).len();
        if u32::try_from(total).is_err() {
            return Err(Error::usage(
                "the names and other strings of the layers take more than 4 GiB, which is all one gazetteer can hold",
            ));
        }
        let mut base = From::new(base, 0);
        let mut more = From::new(more, strings as u32);
        let regions = regions(&mut base, &mut more);
        Ok(Parts {
            langs: Table::new(base.gazetteer, Section::Langs, NameRow::FAR_LANGS.into()),
            sources: Table::new(base.gazetteer, Section::Sources, NameRow::FAR_SOURCE.into()),
            features: Table::new(base.gazetteer, Section::Features, 1 << 16),
            regions,
            names: Vec::with_capacity(base.gazetteer.section(Section::Names).len()),
            extras: Vec::with_capacity(base.gazetteer.section(Section::Extras).len()),
            records: Vec::with_capacity(base.gazetteer.section(Section::Records).len()),
            links: Vec::with_capacity(base.gazetteer.section(Section::Links).len()),
            record_count: 0,
            name_count: 0,
            link_count: 0,
            hidden: vec![],
            base,
            more,
        })
    }

    /// Passes over a record of the base.
    fn skip(&mut self, record: u32) -> Result<()> {
        let names = self.base.names_of(record)?;
        while self.base.extra(names.end).is_some() {}
        while self.base.link(record + 1).is_some() {}
        self.hidden.extend(names);
        Ok(())
    }

    /// Takes over a record with its names.
    fn record(&mut self, side: Side, record: u32) -> Result<()> {
        let from = if side == Side::Base { &mut self.base } else { &mut self.more };
        let Some(row) = from.gazetteer.record_row(record) else { return Ok(()) };
        let range = from.names_of(record)?;
        let first_name = self.name_count;
        for index in range.clone() {
            let Some(mut name) = from.gazetteer.name_row(index) else { continue };
            name.record = self.record_count;
            name.text = from.string(name.text);
            let before = self.extras.len();
            let mut extra = |field, value| {
                ExtraRow { name: self.name_count, field, value }.write(&mut self.extras);
            };
            while let Some(row) = from.extra(index + 1) {
                let is_moved = side == Side::More && matches!(row.field, ExtraRow::LANGS | ExtraRow::SOURCE);
                if row.name == index && !is_moved {
                    extra(row.field, from.string(row.value));
                }
            }
            if side == Side::More {
                let named = NameRef { gazetteer: from.gazetteer, index };
                let (langs, source) = (named.lang_list(), named.source());
                name.langs = self.langs.row(langs, from).map_or(NameRow::FAR_LANGS, |row| row as u16);
                name.source = self.sources.row(source, from).map_or(NameRow::FAR_SOURCE, |row| row as u8);
                if name.langs == NameRow::FAR_LANGS {
                    extra(ExtraRow::LANGS, from.offset(langs));
                }
                if name.source == NameRow::FAR_SOURCE {
                    extra(ExtraRow::SOURCE, from.offset(source));
                }
            }
            name.flags &= !NameRow::EXTRAS;
            if self.extras.len() > before {
                name.flags |= NameRow::EXTRAS;
            }
            name.write(&mut self.names);
            if let Some(slot) = from.names.get_mut(index as usize) {
                *slot = self.name_count;
            }
            self.name_count += 1;
        }
        while let Some((index, link)) = from.link(record + 1) {
            let field = link.owner & 7;
            let value = match field {
                LinkRow::FROM | LinkRow::TO => from.string(link.value as u32).into(),
                _ => from.id(link.value),
            };
            LinkRow { owner: self.record_count << 3 | field, value }.write(&mut self.links);
            if let Some(slot) = from.links.get_mut(index as usize) {
                *slot = self.link_count;
            }
            self.link_count += 1;
        }
        let feature = match side {
            Side::Base => Some(row.feature),
            Side::More => {
                let text = from.gazetteer.string_in(Section::Features, row.feature.into());
                self.features.row(text, from).map(|row| row as u16)
            }
        };
        let Some(feature) = feature else {
            return Err(Error::usage("the layers have more feature codes than one gazetteer can hold"));
        };
        let region = from.regions.get(row.region as usize).copied().unwrap_or(0);
        RecordRow { id: from.id(row.id), first_name, region, feature, ..row }.write(&mut self.records);
        self.record_count += 1;
        Ok(())
    }

    fn finish(self) -> Result<Gazetteer> {
        let keys = self.keys();
        let same_as = self.same_as();
        let (base, more) = (self.base.gazetteer, self.more.gazetteer);
        let strings = [base.section(Section::Strings), more.section(Section::Strings)].concat();
        let date = more.layout.header.date.max(base.layout.header.date);
        let header = Header {
            records: self.record_count,
            names: self.name_count,
            keys: (keys.entries.len() / 4) as u32,
            date,
        };
        let sections = [
            (Section::Licence, more.section(Section::Licence).to_vec()),
            (Section::Keys, keys.keys),
            (Section::Entries, keys.entries),
            (Section::Lists, keys.lists),
            (Section::Filter, keys.filter),
            (Section::Pairs, keys.pairs),
            (Section::Names, self.names),
            (Section::Extras, self.extras),
            (Section::Langs, self.langs.rows),
            (Section::Sources, self.sources.rows),
            (Section::Records, self.records),
            (Section::Features, self.features.rows),
            (Section::Regions, self.regions),
            (Section::Links, self.links),
            (Section::SameAs, same_as),
            (Section::Strings, strings),
        ];
        let size: usize = sections.iter().map(|(_, bytes)| bytes.len() + format::ALIGN).sum();
        let mut bytes = Vec::with_capacity(size + format::HEADER_LEN + sections.len() * format::ENTRY_LEN);
        lay_out(&header, &sections, &mut bytes)
            .map_err(|error| Error::io("cannot lay the gazetteers over each other", error))?;
        let mut stacked = Gazetteer::new(Store::Owned(bytes), format!("the stack over {}", base.name))?;
        stacked.stacked = true;
        Ok(stacked)
    }

    /// Both lists of further ids as one.
    fn same_as(&self) -> Vec<u8> {
        let link = |from: &From<'_>, at: &[u8; 4]| {
            let at = u32::from_le_bytes(*at);
            let new = from.links.get(at as usize).copied().filter(|new| *new != GONE)?;
            let row = format::row(from.gazetteer.section(Section::Links), at).map(LinkRow::read)?;
            Some((row.value, new))
        };
        let all = |from: &'_ From<'_>| -> Vec<(u64, u32)> {
            let rows = from.gazetteer.section(Section::SameAs).as_chunks().0;
            rows.iter().filter_map(|at| link(from, at)).collect()
        };
        let (old, new) = (all(&self.base), all(&self.more));
        let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
        let mut out = vec![];
        loop {
            let first = match (old.peek(), new.peek()) {
                (Some(a), Some(b)) => compare((self.base.gazetteer, a.0), (self.more.gazetteer, b.0)).is_le(),
                (a, _) => a.is_some(),
            };
            let Some((_, link)) = (if first { old.next() } else { new.next() }) else { return out };
            out.extend_from_slice(&link.to_le_bytes());
        }
    }

    fn keys(&self) -> Keys {
        let (base, more) = (self.base.gazetteer, self.more.gazetteer);
        let renumber = |name: u32| self.base.names.get(name as usize).copied().unwrap_or(GONE);
        let mut entries: Vec<u32> = base
            .section(Section::Entries)
            .as_chunks()
            .0
            .iter()
            .map(|at| u32::from_le_bytes(*at))
            .map(|at| if at & format::LIST == 0 { renumber(at) } else { at })
            .collect();
        let mut lists: Vec<u32> = Vec::with_capacity(base.section(Section::Lists).len() / 4);
        let mut names_left = 0;
        for number in base.section(Section::Lists).as_chunks().0 {
            let number = u32::from_le_bytes(*number);
            names_left = if names_left == 0 {
                lists.push(number);
                number
            } else {
                // Lists with names that are gone are written again below; until then they only must lead somewhere.
                lists.push(renumber(number));
                names_left - 1
            };
        }
        let mut changed = BTreeSet::new();
        let mut room = vec![];
        for name in self.hidden.iter().filter_map(|index| base.name(*index)).chain(more.names()) {
            let key = Key::new(name.text());
            if !key.is_empty() && key.as_bytes().len() <= MAX_KEY {
                changed.insert(key);
            }
        }
        let mut filter = base.section(Section::Filter).to_vec();
        let mut changes: Vec<Change<'_>> = vec![];
        let mut words = vec![];
        for key in &changed {
            let entry = find(base, key);
            let mut bearers: Vec<(u32, u32)> = vec![];
            for name in entry.map(|entry| base.entry(entry)).into_iter().flatten() {
                bearers.push((rank(name), renumber(name.index())));
            }
            bearers.retain(|(_, name)| *name != GONE);
            for name in find(more, key).map(|entry| more.entry(entry)).into_iter().flatten() {
                bearers
                    .push((rank(name), self.more.names.get(name.index() as usize).copied().unwrap_or(GONE)));
            }
            bearers.sort_unstable();
            let at = match bearers.as_slice() {
                [(_, one)] => *one,
                several => {
                    let at = lists.len() as u32;
                    lists.push(several.len() as u32);
                    lists.extend(several.iter().map(|(_, name)| *name));
                    at | format::LIST
                }
            };
            match entry {
                Some(entry) => {
                    if let Some(slot) = entries.get_mut(entry as usize) {
                        *slot = at;
                    }
                    if bearers.is_empty() {
                        changes.push((key.as_bytes(), None));
                    }
                }
                None if !bearers.is_empty() => {
                    changes.push((key.as_bytes(), Some(entries.len() as u32)));
                    entries.push(at);
                    words.push(word(key.as_bytes(), &mut room));
                }
                None => {}
            }
        }
        let count = entries.len() as u32;
        let keys = if changes.is_empty() {
            base.section(Section::Keys).to_vec()
        } else {
            graft(base.section(Section::Keys), &changes, count)
        };
        let mut pairs = base.section(Section::Pairs).to_vec();
        if words.len() <= filter::room(&filter) && words.len() <= pairs.len() / pairs::WORD {
            words.iter().for_each(|(hash, flags)| filter::insert(&mut filter, *hash, *flags));
            let keys = changes.iter().filter(|(_, entry)| entry.is_some());
            keys.flat_map(|(key, _)| pairs::of_key(key)).for_each(|pair| pairs::insert(&mut pairs, pair));
        } else {
            (filter, pairs) = filters(&keys);
        }
        let bytes = |numbers: Vec<u32>| numbers.into_iter().flat_map(u32::to_le_bytes).collect();
        Keys { keys, entries: bytes(entries), lists: bytes(lists), filter, pairs }
    }
}

struct Keys {
    keys: Vec<u8>,
    entries: Vec<u8>,
    lists: Vec<u8>,
    filter: Vec<u8>,
    pairs: Vec<u8>,
}

fn find(gazetteer: &Gazetteer, key: &Key) -> Option<u32> {
    let mut cursor = gazetteer.cursor();
    cursor.steps(key.as_bytes()).then(|| cursor.value()).flatten()
}

/// Names of one key stand by falling prominence, as the builder puts them.
fn rank(name: NameRef<'_>) -> u32 {
    (u32::MAX / 2).saturating_sub(name.record().prominence()) + handicap(name.kind())
}

/// The first word of a key, as the filter knows it.
fn word(key: &[u8], room: &mut Vec<u8>) -> (u64, Flags) {
    let word = token::first_word(key, room);
    let flags = if word.len() == key.len() { Flags::SINGLE } else { Flags::CONTINUES };
    (filter::hash(word), flags)
}

/// The filters of all keys.
fn filters(keys: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (mut words, mut pairs, mut room) = (vec![], vec![], vec![]);
    let mut key: Vec<u8> = vec![];
    let mut places: Vec<(usize, u8, Cursor<'_>)> =
        Cursor::new(keys).next_bytes().map(|(byte, cursor)| (0, byte, cursor)).collect();
    while let Some((depth, byte, cursor)) = places.pop() {
        key.truncate(depth);
        key.push(byte);
        if cursor.value().is_some() {
            words.push(word(&key, &mut room));
            pairs.extend(pairs::of_key(&key));
        }
        if key.len() < MAX_KEY {
            places.extend(cursor.next_bytes().map(|(byte, next)| (key.len(), byte, next)));
        }
    }
    (filter::build(&mut words), pairs::build(&mut pairs))
}

/// Country, first- and second-level unit of both, in order; and the new row of each.
fn regions(base: &mut From<'_>, more: &mut From<'_>) -> Vec<u8> {
    let rows = |from: &From<'_>| from.gazetteer.section(Section::Regions).as_chunks::<12>().0.len() as u32;
    let text = |from: &From<'_>, row: u32| {
        [0, 1, 2].map(|part| from.gazetteer.string_in(Section::Regions, row * 3 + part).to_owned())
    };
    let mut out = vec![];
    let (mut old, mut new) = (0, 0);
    loop {
        let (a, b) = (old < rows(base), new < rows(more));
        let order = match (a, b) {
            (false, false) => return out,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (true, true) => text(base, old).cmp(&text(more, new)),
        };
        let row = (out.len() / 12) as u32;
        let (from, at) = if order.is_le() { (&*base, old) } else { (&*more, new) };
        for part in 0..3 {
            let string = format::row(from.gazetteer.section(Section::Regions), at * 3 + part);
            out.extend_from_slice(&from.string(string.map_or(0, |at| u32::from_le_bytes(*at))).to_le_bytes());
        }
        if order.is_le() {
            base.regions.push(row);
            old += 1;
        }
        if order.is_ge() {
            more.regions.push(row);
            new += 1;
        }
    }
}

/// A table of strings that grows, to a limit.
struct Table<'g> {
    rows: Vec<u8>,
    numbers: HashMap<&'g str, u32>,
    limit: usize,
}

impl<'g> Table<'g> {
    fn new(base: &'g Gazetteer, section: Section, limit: usize) -> Table<'g> {
        let rows = base.section(section).to_vec();
        let at = |at: &[u8; 4]| base.string(u32::from_le_bytes(*at));
        let strings = base.section(section).as_chunks().0.iter().map(at);
        Table { numbers: strings.zip(0..).collect(), rows, limit }
    }

    /// The row of a string of another gazetteer, which is added if there is none; `None` if there is no room for it.
    fn row(&mut self, text: &'g str, from: &From<'g>) -> Option<u32> {
        if let Some(row) = self.numbers.get(text) {
            return Some(*row);
        }
        let row = self.rows.len() / 4;
        if row >= self.limit {
            return None;
        }
        self.rows.extend_from_slice(&from.offset(text).to_le_bytes());
        self.numbers.insert(text, row as u32);
        Some(row as u32)
    }
}

/// Writes header, table and sections one after the other.
fn lay_out(header: &Header, sections: &[(Section, Vec<u8>)], out: &mut Vec<u8>) -> std::io::Result<()> {
    let table =
        sections.iter().map(|(section, bytes)| (*section, bytes.len() as u64, crc32fast::hash(bytes)));
    let mut at = format::write_head(header, table, out)?;
    for (_, bytes) in sections {
        format::pad(&mut at, bytes.len() as u64, out)?;
        out.extend_from_slice(bytes);
    }
    Ok(())
}
