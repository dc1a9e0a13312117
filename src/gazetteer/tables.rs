//! Rows → the sections of the file, in an order that depends on their content alone.
//!
//! Records stand by id (numbers of a scheme by value, texts after them), the names of one record together, the strings in
//! the order in which names and tables first need them. Three passes: rows become records, whose names are set down and
//! sorted by key; keys in order make the index, and tell which text is new; names and records, read again, get their rows.

use std::io::{BufReader, Read};

use foldhash::HashMap;
use tempfile::SpooledTempFile;

use super::format::{self, ExtraRow, Header, LinkRow, NameRow, PackedId, RecordRow, Section};
use super::intern::Interner;
use super::join::{Conflicts, Joiner, damaged, value};
use super::keys::{Counts, Keys, Use, index};
use super::names::{Draft, prominence, reason};
use super::progress::{Stage, Watch};
use super::rows::{Id, Reader, put_number, put_text};
use super::sort::{Merge, Sorter};
use super::spill::{Scratch, Spool, Stored};
use crate::error::{Error, Result};

/// A section and its bytes.
pub(crate) type Filled = (Section, Stored);

/// The fields of records that hold several ids or claims, in the order of the file.
const LINKS: [u32; 5] =
    [LinkRow::SAME_AS, LinkRow::PART_OF, LinkRow::SUCCESSOR, LinkRow::CLAIMED_BY, LinkRow::CONTROLLED_BY];

/// How a build is done.
pub(crate) struct Means {
    pub(crate) scratch: Scratch,
    pub(crate) threads: usize,
    pub(crate) watch: Watch,
}

/// Fills all sections.
pub(crate) fn fill(
    rows: Merge,
    row_count: u64,
    mut joiner: Joiner,
    licence: &str,
    strict: bool,
    means: &mut Means,
) -> Result<(Header, Vec<Filled>, Counts, Conflicts)> {
    let Means { scratch, threads, watch } = means;
    let mut counts = Counts::default();
    let mut passed = FirstPass::new(scratch, *threads);
    passed.run(rows, row_count, &mut joiner, strict, &mut counts, watch)?;
    let Joiner { strings, conflicts, .. } = joiner;
    let shared = strings.shared;
    let FirstPass { records, names, keys, uses, .. } = passed;
    let (names, records) = (names.finish()?, records.finish()?);
    let (all, sorters) = (keys.count, keys.finish()?);
    let index = index(sorters, uses.names, all, scratch, &mut counts, watch)?;
    let header =
        Header { records: uses.records, names: uses.names, keys: count(index.count, "keys")?, date: [0; 10] };
    let mut section = scratch.spool();
    section.put(licence.as_bytes())?;
    let mut sections = vec![
        (Section::Licence, section.finish()?),
        (Section::Keys, index.keys),
        (Section::Entries, index.entries),
        (Section::Lists, index.lists),
        (Section::Filter, index.filter),
        (Section::Pairs, index.pairs),
    ];
    let mut pool = Pool::new(&shared, index.first, scratch)?;
    let total = u64::from(uses.names) + u64::from(uses.records);
    sections.extend(name_tables(names, &uses, &mut pool, scratch, |done| {
        watch.step(Stage::Placing, done, total)
    })?);
    sections.extend(record_tables(records, uses, &mut pool, scratch, |done| {
        watch.step(Stage::Placing, u64::from(header.names) + done, total)
    })?);
    sections.push((Section::Strings, pool.out.finish()?));
    Ok((header, sections, counts, conflicts))
}

fn count(n: u64, what: &str) -> Result<u32> {
    u32::try_from(n).map_err(|_| {
        Error::usage(format!("there are {n} {what}, and one gazetteer can hold {} at most", u32::MAX))
    })
}

/// How often what was used, and in what order regions were met.
#[derive(Debug, Default)]
struct Uses {
    records: u32,
    names: u32,
    /// Ids and claims that are text, in the order in which the records need them.
    ids: u32,
    langs: Vec<u64>,
    sources: Vec<u64>,
    features: Vec<u64>,
    regions: HashMap<Region, u32>,
}

/// Country, first- and second-level unit.
type Region = (u32, u32, u32);

fn tally(counts: &mut Vec<u64>, string: u32) {
    let at = string as usize;
    if counts.len() <= at {
        counts.resize(at + 1, 0);
    }
    if let Some(count) = counts.get_mut(at) {
        *count += 1;
    }
}

/// Rows become records and names.
struct FirstPass {
    records: Spool,
    names: Spool,
    keys: Keys,
    uses: Uses,
    /// Memory to work in.
    room: Vec<u8>,
}

impl FirstPass {
    fn new(scratch: &Scratch, threads: usize) -> FirstPass {
        FirstPass {
            records: scratch.spool(),
            names: scratch.spool(),
            // The rest is for reading the sorted rows.
            keys: Keys::new(scratch, scratch.memory() / 4 * 3, threads),
            uses: Uses::default(),
            room: vec![],
        }
    }

    fn run(
        &mut self,
        mut rows: Merge,
        row_count: u64,
        joiner: &mut Joiner,
        strict: bool,
        counts: &mut Counts,
        watch: &mut Watch,
    ) -> Result<()> {
        let mut id = vec![];
        let mut done = 0;
        while let Some(row) = rows.next()? {
            let mut rest = Reader(row);
            let this = rest.id().ok_or_else(damaged)?;
            let bytes = row.get(..row.len() - rest.0.len()).unwrap_or(row);
            if bytes != id {
                self.end(joiner, strict, counts, id.is_empty())?;
                id.clear();
                id.extend_from_slice(bytes);
                joiner.begin(this);
            }
            joiner.add(rest)?;
            done += 1;
            watch.step(Stage::Joining, done, row_count)?;
        }
        self.end(joiner, strict, counts, id.is_empty())
    }

    /// Ends a record, unless none was begun.
    fn end(&mut self, joiner: &mut Joiner, strict: bool, counts: &mut Counts, none: bool) -> Result<()> {
        if none {
            return Ok(());
        }
        joiner.end();
        if joiner.names.is_empty() {
            if strict {
                let id = joiner.id();
                return Err(Error::input(format!("id {id} has no name in any row; give it one")));
            }
            counts.leave_out(reason::NO_NAME, 1);
            return Ok(());
        }
        self.put_record(joiner)?;
        let record = &joiner.record;
        let feature = joiner.strings.shared.get(value(&record.feature));
        let prominence = prominence(record.kind(), feature, record.population());
        for (at, name) in joiner.names.iter().enumerate() {
            let text = joiner.strings.texts.get(name.text);
            self.put_name(name, text, at == 0)?;
            self.keys.add(Use { text, number: self.uses.names, name: Some((name.kind, prominence)) })?;
            self.uses.names += 1;
            if self.uses.names >= format::LIST {
                return Err(Error::usage(format!(
                    "there are more than {} names, which is all one gazetteer can hold",
                    format::LIST
                )));
            }
        }
        self.uses.records += 1;
        if self.uses.records >= LinkRow::MAX_RECORDS {
            return Err(Error::usage(format!(
                "there are more than {} records, which is all one gazetteer can hold",
                LinkRow::MAX_RECORDS
            )));
        }
        Ok(())
    }

    fn put_record(&mut self, joiner: &Joiner) -> Result<()> {
        let (record, texts) = (&joiner.record, &joiner.strings.texts);
        let region = (value(&record.country), value(&record.admin1), value(&record.admin2));
        let next = self.uses.regions.len() as u32;
        let region = *self.uses.regions.entry(region).or_insert(next);
        tally(&mut self.uses.features, value(&record.feature));
        let (lat, lon) = record.point.map_or((RecordRow::NOWHERE, 0), |p| p.value);
        let out = &mut self.room;
        out.clear();
        out.push(record.kind() as u8);
        out.extend_from_slice(&lat.to_le_bytes());
        out.extend_from_slice(&lon.to_le_bytes());
        for number in [value(&record.feature), region, value(&record.from), value(&record.to)] {
            put_number(out, u64::from(number));
        }
        put_number(out, record.population());
        put_number(out, joiner.names.len() as u64);
        let (keys, uses) = (&mut self.keys, &mut self.uses);
        let mut put_id = |out: &mut Vec<u8>, id: u64| {
            let id = match PackedId(id).as_text() {
                Some(text) => {
                    let text = texts.get(text);
                    keys.add(Use { text, number: uses.ids, name: None })?;
                    uses.ids += 1;
                    Id::Text(text)
                }
                None => Id::Number(PackedId(id)),
            };
            id.put(out);
            Result::Ok(())
        };
        for field in LINKS {
            let ids = record.links(field, texts);
            put_number(out, ids.len() as u64);
            ids.into_iter().try_for_each(|id| put_id(out, id))?;
        }
        put_id(out, record.id)?;
        put_block(&mut self.records, out)
    }

    fn put_name(&mut self, name: &Draft, text: &str, is_first: bool) -> Result<()> {
        tally(&mut self.uses.langs, name.langs);
        tally(&mut self.uses.sources, name.source);
        let out = &mut self.room;
        out.clear();
        out.push(name.kind as u8 | (name.case as u8) << 4);
        let rare = [name.from, name.to, name.perspective];
        out.push(u8::from(is_first) | u8::from(rare != [0; 3]) << 1);
        put_number(out, u64::from(name.langs));
        put_number(out, u64::from(name.source));
        if rare != [0; 3] {
            rare.iter().for_each(|string| put_number(out, u64::from(*string)));
        }
        put_text(out, text);
        put_block(&mut self.names, out)
    }
}

/// Puts bytes with their length, for [`Blocks`].
fn put_block(out: &mut Spool, bytes: &[u8]) -> Result<()> {
    out.put(&(bytes.len() as u32).to_le_bytes())?;
    out.put(bytes)
}

/// Gives back what [`put_block`] put.
struct Blocks {
    input: BufReader<SpooledTempFile>,
    block: Vec<u8>,
}

impl Blocks {
    fn new(stored: Stored) -> Blocks {
        Blocks { input: stored.reader(), block: vec![] }
    }

    fn next(&mut self) -> Result<Reader<'_>> {
        let lost = |error| Error::io("cannot read a temporary file", error);
        let mut len = [0; 4];
        self.input.read_exact(&mut len).map_err(lost)?;
        self.block.resize(u32::from_le_bytes(len) as usize, 0);
        self.input.read_exact(&mut self.block).map_err(lost)?;
        Ok(Reader(&self.block))
    }
}

/// The tables of names. Texts come first in the pool, in the order of the names.
fn name_tables(
    names: Stored,
    uses: &Uses,
    pool: &mut Pool<'_>,
    scratch: &Scratch,
    mut step: impl FnMut(u64) -> Result<()>,
) -> Result<[Filled; 4]> {
    let mut names = Blocks::new(names);
    let (mut rows, mut extra_rows) = (scratch.spool(), scratch.spool());
    let langs = Numbers::by_frequency(&uses.langs, pool.shared);
    let sources = Numbers::by_frequency(&uses.sources, pool.shared);
    let mut record = 0u32;
    let (mut row, mut extras) = (vec![], vec![]);
    for index in 0..uses.names {
        let name = StoredName::read(names.next()?).ok_or_else(damaged)?;
        record += u32::from(name.is_first && index > 0);
        let lang = u16::try_from(langs.get(name.langs)).unwrap_or(NameRow::FAR_LANGS);
        let source = u8::try_from(sources.get(name.source)).unwrap_or(NameRow::FAR_SOURCE);
        let text = pool.text(index, name.text)?;
        row.clear();
        extras.clear();
        let [from, to, perspective] = name.rare;
        for (field, string, rare) in [
            (ExtraRow::FROM, from, true),
            (ExtraRow::TO, to, true),
            (ExtraRow::PERSPECTIVE, perspective, true),
            (ExtraRow::LANGS, name.langs, lang == NameRow::FAR_LANGS),
            (ExtraRow::SOURCE, name.source, source == NameRow::FAR_SOURCE),
        ] {
            if rare && string != 0 {
                ExtraRow { name: index, field, value: pool.shared(string)? }.write(&mut extras);
            }
        }
        let flags = name.flags | if extras.is_empty() { 0 } else { NameRow::EXTRAS };
        NameRow { text, record, langs: lang, flags, source }.write(&mut row);
        rows.put(&row)?;
        extra_rows.put(&extras)?;
        step(u64::from(index))?;
    }
    let langs = pool.table(langs.first(usize::from(NameRow::FAR_LANGS)), scratch)?;
    let sources = pool.table(sources.first(usize::from(NameRow::FAR_SOURCE)), scratch)?;
    Ok([
        (Section::Names, rows.finish()?),
        (Section::Extras, extra_rows.finish()?),
        (Section::Langs, langs),
        (Section::Sources, sources),
    ])
}

/// A name as the first pass set it down.
struct StoredName<'a> {
    flags: u8,
    is_first: bool,
    langs: u32,
    source: u32,
    rare: [u32; 3],
    text: &'a str,
}

impl StoredName<'_> {
    fn read(mut block: Reader<'_>) -> Option<StoredName<'_>> {
        let (flags, bits) = (block.byte()?, block.byte()?);
        let (langs, source) = (block.small()?, block.small()?);
        let rare = match bits & 2 {
            0 => [0; 3],
            _ => [block.small()?, block.small()?, block.small()?],
        };
        Some(StoredName { flags, is_first: bits & 1 != 0, langs, source, rare, text: block.text()? })
    }
}

/// The tables of records.
fn record_tables(
    records: Stored,
    uses: Uses,
    pool: &mut Pool<'_>,
    scratch: &Scratch,
    mut step: impl FnMut(u64) -> Result<()>,
) -> Result<[Filled; 5]> {
    let mut blocks = Blocks::new(records);
    let features = Numbers::by_frequency(&uses.features, pool.shared);
    if features.strings.len() > usize::from(u16::MAX) {
        return Err(Error::usage(
            "there are more than 65535 feature codes, which is all one gazetteer can hold",
        ));
    }
    let (region_strings, regions) = regions(&uses.regions, pool.shared);
    let (mut rows, mut link_rows) = (scratch.spool(), scratch.spool());
    let mut same_as = Sorter::new(scratch, scratch.memory() / 4, 0);
    let (mut row, mut first_name, mut link, mut id_use) = (vec![], 0, 0u32, uses.names);
    for index in 0..uses.records {
        let mut read = || -> Result<Option<()>> {
            let mut block = blocks.next()?;
            let fixed = |block: &mut Reader<'_>| {
                Some((
                    block.byte()?,
                    block.grid()?,
                    [block.small()?, block.small()?, block.small()?, block.small()?],
                ))
            };
            let Some((kind, (lat, lon), [feature, region, from, to])) = fixed(&mut block) else {
                return Ok(None);
            };
            let (Some(population), Some(names)) = (block.number(), block.small()) else { return Ok(None) };
            row.clear();
            let before = link;
            for (field, date) in [(LinkRow::FROM, from), (LinkRow::TO, to)] {
                if date != 0 {
                    LinkRow { owner: index << 3 | field, value: u64::from(pool.shared(date)?) }
                        .write(&mut row);
                    link += 1;
                }
            }
            for field in LINKS {
                let Some(count) = block.number() else { return Ok(None) };
                for _ in 0..count {
                    let Some(id) = block.id() else { return Ok(None) };
                    if field == LinkRow::SAME_AS {
                        same_as.push(|out| {
                            id.put(out);
                            out.extend_from_slice(&link.to_be_bytes());
                        })?;
                    }
                    LinkRow { owner: index << 3 | field, value: pool.id(id, &mut id_use)? }.write(&mut row);
                    link += 1;
                }
            }
            link_rows.put(&row)?;
            row.clear();
            let Some(id) = block.id() else { return Ok(None) };
            RecordRow {
                id: pool.id(id, &mut id_use)?,
                first_name,
                region: regions.get(region as usize).copied().unwrap_or(0),
                lat,
                lon,
                population,
                feature: u16::try_from(features.get(feature)).unwrap_or(0),
                flags: kind | if link > before { RecordRow::LINKS } else { 0 },
            }
            .write(&mut row);
            rows.put(&row)?;
            first_name += names;
            Ok(Some(()))
        };
        read()?.ok_or_else(damaged)?;
        step(u64::from(index))?;
    }
    let (mut sorted, mut by_id) = (same_as.sorted()?, scratch.spool());
    while let Some(item) = sorted.next()? {
        let link = item.last_chunk::<4>().ok_or_else(damaged)?;
        by_id.put(&u32::from_be_bytes(*link).to_le_bytes())?;
    }
    Ok([
        (Section::Records, rows.finish()?),
        (Section::Features, pool.table(&features.strings, scratch)?),
        (Section::Regions, pool.table(&region_strings, scratch)?),
        (Section::Links, link_rows.finish()?),
        (Section::SameAs, by_id.finish()?),
    ])
}

/// The strings of all regions, in order, and the row of each by the order in which they were met. Row 0 is that of nothing known.
fn regions(met: &HashMap<Region, u32>, shared: &Interner) -> (Vec<u32>, Vec<u32>) {
    let mut rows: Vec<Region> = met.keys().copied().filter(|region| *region != (0, 0, 0)).collect();
    rows.push((0, 0, 0));
    let text = |r: &Region| (shared.get(r.0), shared.get(r.1), shared.get(r.2));
    rows.sort_unstable_by(|a, b| text(a).cmp(&text(b)));
    let mut numbers = vec![0; met.len()];
    for (row, region) in (0u32..).zip(&rows) {
        if let Some(number) = met.get(region).and_then(|met| numbers.get_mut(*met as usize)) {
            *number = row;
        }
    }
    (rows.into_iter().flat_map(|(a, b, c)| [a, b, c]).collect(), numbers)
}

/// Small numbers for strings, the most frequent first; number 0 is always the empty string.
struct Numbers {
    strings: Vec<u32>,
    numbers: Vec<u32>,
}

impl Numbers {
    fn by_frequency(counts: &[u64], shared: &Interner) -> Numbers {
        let used = (0u32..).zip(counts).filter(|(string, count)| *string != 0 && **count > 0);
        let mut order: Vec<(u32, u64)> = used.map(|(string, count)| (string, *count)).collect();
        order.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| shared.compare(a.0, b.0)));
        let strings: Vec<u32> = [0].into_iter().chain(order.into_iter().map(|(string, _)| string)).collect();
        let mut numbers = vec![0; counts.len()];
        for (number, string) in (0u32..).zip(&strings) {
            if let Some(slot) = numbers.get_mut(*string as usize) {
                *slot = number;
            }
        }
        Numbers { strings, numbers }
    }

    /// The strings with numbers below `count`.
    fn first(&self, count: usize) -> &[u32] {
        self.strings.get(..count).unwrap_or(&self.strings)
    }

    fn get(&self, string: u32) -> u32 {
        self.numbers.get(string as usize).copied().unwrap_or(0)
    }
}

/// The string pool: each string once, where it is first needed.
struct Pool<'s> {
    shared: &'s Interner,
    out: Spool,
    len: u64,
    /// Offsets of shared strings, or [`Pool::NOWHERE`].
    offsets: Vec<u32>,
    /// Of each use of a text the first of an equal one; of those passed that are first, the offset.
    first: Vec<u32>,
    room: Vec<u8>,
}

impl Pool<'_> {
    const NOWHERE: u32 = u32::MAX;

    fn new<'s>(shared: &'s Interner, first: Vec<u32>, scratch: &Scratch) -> Result<Pool<'s>> {
        let mut offsets = vec![Pool::NOWHERE; shared.len()];
        if let Some(first) = offsets.first_mut() {
            *first = 0;
        }
        let mut out = scratch.spool();
        out.put(&[0])?;
        Ok(Pool { shared, out, len: 1, offsets, first, room: vec![] })
    }

    fn push(&mut self, text: &str) -> Result<u32> {
        let offset = u32::try_from(self.len).ok().filter(|n| *n != Pool::NOWHERE).ok_or_else(|| {
            Error::usage(
                "the names and other strings take more than 4 GiB, which is all one gazetteer can hold",
            )
        })?;
        self.room.clear();
        format::push_string(&mut self.room, text);
        self.out.put(&self.room)?;
        self.len += self.room.len() as u64;
        Ok(offset)
    }

    fn shared(&mut self, string: u32) -> Result<u32> {
        match self.offsets.get(string as usize) {
            Some(&Pool::NOWHERE) => {}
            known => return Ok(known.copied().unwrap_or(0)),
        }
        let offset = self.push(self.shared.get(string))?;
        if let Some(slot) = self.offsets.get_mut(string as usize) {
            *slot = offset;
        }
        Ok(offset)
    }

    /// The text of a use; uses come in their order.
    fn text(&mut self, number: u32, text: &str) -> Result<u32> {
        let first = self.first.get(number as usize).copied().ok_or_else(damaged)?;
        if first != number {
            return self.first.get(first as usize).copied().ok_or_else(damaged);
        }
        let offset = match self.shared.find(text) {
            Some(string) => self.shared(string)?,
            None => self.push(text)?,
        };
        if let Some(slot) = self.first.get_mut(number as usize) {
            *slot = offset;
        }
        Ok(offset)
    }

    /// An id, with an offset of the pool in place of its text.
    fn id(&mut self, id: Id<'_>, number: &mut u32) -> Result<u64> {
        match id {
            Id::Number(id) => Ok(id.0),
            Id::Text(text) => {
                let offset = self.text(*number, text)?;
                *number += 1;
                Ok(PackedId::text(offset).0)
            }
        }
    }

    /// A table of strings.
    fn table(&mut self, strings: &[u32], scratch: &Scratch) -> Result<Stored> {
        let mut rows = scratch.spool();
        for string in strings {
            let offset = self.shared(*string)?;
            rows.put(&offset.to_le_bytes())?;
        }
        rows.finish()
    }
}
