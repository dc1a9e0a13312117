//! Drafts → the sections of the file, in an order that depends on their content alone.
//!
//! Records stand by id (numbers of a scheme by value, texts after them), the names of one record together, the strings in
//! the order in which names and tables first need them.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use super::build::{Drafts, RecordDraft};
use super::filter::{self, Flags};
use super::format::{self, ExtraRow, Header, LinkRow, NameRow, PackedId, RecordRow, Section};
use super::intern::Interner;
use super::names::{self, Draft, reason};
use super::{pairs, variants};
use crate::error::{Error, Result};
use crate::record::{Claim, Day, NameKind};
use crate::rules;
use crate::token::Key;

/// Inhabitants from which on a place's names without a language are read in the main language of its country.
const HOME_PEOPLE: u64 = 10_000;

/// A section and its bytes.
pub(crate) type Filled = (Section, Vec<u8>);

/// What is counted on the way.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// What is not indexed, by reason.
    pub(crate) left_out: BTreeMap<String, u64>,
    /// Spellings made by a scheme.
    pub(crate) transliterated: u64,
    /// Those that another record bears as a name.
    pub(crate) colliding: u64,
}

/// Fills all sections.
pub(crate) fn fill(
    drafts: Drafts,
    date: [u8; 10],
    licence: String,
    strict: bool,
    transliterate: bool,
    counts: &mut Counts,
) -> Result<(Header, Vec<Filled>)> {
    let Drafts { mut strings, records, names } = drafts;
    let records = ordered(records, &names, &strings, strict, counts)?;
    let (names, owners, firsts) = joined(names, &records, transliterate, &mut strings);
    let index = index(&names, &owners, &prominences(&records, &strings), &strings, counts)?;
    let header = Header {
        records: count(records.len(), "records")?,
        names: count(names.len(), "names")?,
        keys: count(index.entries.len() / 4, "keys")?,
        date,
    };
    let mut sections = vec![
        (Section::Licence, licence.into_bytes()),
        (Section::Keys, index.keys),
        (Section::Entries, index.entries),
        (Section::Lists, index.lists),
        (Section::Filter, index.filter),
        (Section::Pairs, index.pairs),
    ];
    let mut pool = Pool::new(&strings);
    sections.extend(name_tables(&names, &owners, &mut pool)?);
    sections.extend(record_tables(&records, firsts, &mut pool)?);
    sections.push((Section::Strings, pool.bytes));
    Ok((header, sections))
}

/// The tables of names. Texts come first in the pool, in the order of the names.
fn name_tables(names: &[Draft], owners: &[u32], pool: &mut Pool<'_>) -> Result<[Filled; 4]> {
    let (mut rows, mut extra_rows) = (Vec::with_capacity(names.len() * NameRow::LEN), vec![]);
    let langs = Numbers::by_frequency(names.iter().map(|n| n.langs), pool.strings);
    let sources = Numbers::by_frequency(names.iter().map(|n| n.source), pool.strings);
    for ((index, name), record) in (0u32..).zip(names).zip(owners) {
        let lang = langs.get(name.langs).and_then(|n| u16::try_from(n).ok());
        let lang = lang.unwrap_or(NameRow::FAR_LANGS);
        let source = sources.get(name.source).and_then(|n| u8::try_from(n).ok());
        let source = source.unwrap_or(NameRow::FAR_SOURCE);
        let text = pool.add(name.text)?;
        let before = extra_rows.len();
        for (field, string, rare) in [
            (ExtraRow::FROM, name.from, true),
            (ExtraRow::TO, name.to, true),
            (ExtraRow::PERSPECTIVE, name.perspective, true),
            (ExtraRow::LANGS, name.langs, lang == NameRow::FAR_LANGS),
            (ExtraRow::SOURCE, name.source, source == NameRow::FAR_SOURCE),
        ] {
            if rare && string != 0 {
                ExtraRow { name: index, field, value: pool.add(string)? }.write(&mut extra_rows);
            }
        }
        let extras = if extra_rows.len() > before { NameRow::EXTRAS } else { 0 };
        let flags = name.kind as u8 | (name.case as u8) << 4 | extras;
        NameRow { text, record: *record, langs: lang, flags, source }.write(&mut rows);
    }
    let langs = pool.table(langs.first(usize::from(NameRow::FAR_LANGS)))?;
    let sources = pool.table(sources.first(usize::from(NameRow::FAR_SOURCE)))?;
    Ok([
        (Section::Names, rows),
        (Section::Extras, extra_rows),
        (Section::Langs, langs),
        (Section::Sources, sources),
    ])
}

/// The tables of records.
fn record_tables(records: &[RecordDraft], firsts: Vec<u32>, pool: &mut Pool<'_>) -> Result<[Filled; 5]> {
    let strings = pool.strings;
    let features = Numbers::by_frequency(records.iter().map(|r| value(&r.feature)), strings);
    if features.strings.len() > usize::from(u16::MAX) {
        return Err(Error::usage(
            "there are more than 65535 feature codes, which is all one gazetteer can hold",
        ));
    }
    let region = |r: &RecordDraft| (value(&r.country), value(&r.admin1), value(&r.admin2));
    let (region_strings, regions) = regions(records.iter().map(region), strings);
    let (mut rows, mut links) = (Vec::with_capacity(records.len() * RecordRow::LEN), vec![]);
    for ((index, record), first_name) in (0u32..).zip(records).zip(firsts) {
        let before = links.len();
        add_links(record, index, pool, &mut links)?;
        let (lat, lon) = record.point.map_or((RecordRow::NOWHERE, 0), |p| p.value);
        let kind = record.kind.map(|k| k.value).unwrap_or_default();
        RecordRow {
            id: pool.id(record.id)?,
            first_name,
            region: regions.get(&region(record)).copied().unwrap_or(0),
            lat,
            lon,
            population: record.population.map_or(0, |p| p.value),
            feature: features.get(value(&record.feature)).and_then(|n| u16::try_from(n).ok()).unwrap_or(0),
            flags: kind as u8 | if links.len() > before { RecordRow::LINKS } else { 0 },
        }
        .write(&mut rows);
    }
    let (mut link_rows, mut same_as) = (Vec::with_capacity(links.len() * LinkRow::LEN), vec![]);
    for (index, (link, id)) in (0u32..).zip(&links) {
        link.write(&mut link_rows);
        if link.owner & 7 == LinkRow::SAME_AS {
            same_as.push((*id, index));
        }
    }
    same_as.sort_unstable_by(|a, b| by_id(a.0, b.0, strings).then(a.1.cmp(&b.1)));
    Ok([
        (Section::Records, rows),
        (Section::Features, pool.table(&features.strings)?),
        (Section::Regions, pool.table(&region_strings)?),
        (Section::Links, link_rows),
        (Section::SameAs, same_as.into_iter().flat_map(|(_, index)| index.to_le_bytes()).collect()),
    ])
}

fn prominences(records: &[RecordDraft], strings: &Interner) -> Vec<u32> {
    let of = |r: &RecordDraft| {
        let kind = r.kind.map(|k| k.value).unwrap_or_default();
        names::prominence(kind, strings.get(value(&r.feature)), r.population.map_or(0, |p| p.value))
    };
    records.iter().map(of).collect()
}

fn value(given: &Option<super::build::Given<u32>>) -> u32 {
    given.map_or(0, |g| g.value)
}

fn count(n: usize, what: &str) -> Result<u32> {
    u32::try_from(n).map_err(|_| {
        Error::usage(format!("there are {n} {what}, and one gazetteer can hold {} at most", u32::MAX))
    })
}

fn by_id(a: u64, b: u64, strings: &Interner) -> Ordering {
    let (text_a, text_b) = (PackedId(a).as_text(), PackedId(b).as_text());
    match (text_a, text_b) {
        (Some(a), Some(b)) if a == b => Ordering::Equal,
        (Some(a), Some(b)) => strings.get(a).cmp(strings.get(b)),
        // The tag of texts is the highest.
        _ => a.cmp(&b),
    }
}

/// Records by id, those without a name left out. Each keeps its number of before as second value.
fn ordered(
    records: Vec<RecordDraft>,
    names: &[(u32, Draft)],
    strings: &Interner,
    strict: bool,
    counts: &mut Counts,
) -> Result<Vec<RecordDraft>> {
    let mut named = vec![false; records.len()];
    for (slot, _) in names {
        if let Some(named) = named.get_mut(*slot as usize) {
            *named = true;
        }
    }
    let mut kept: Vec<(u32, RecordDraft)> = Vec::with_capacity(records.len());
    for ((slot, record), named) in (0u32..).zip(records).zip(named) {
        if named {
            kept.push((slot, record));
        } else if strict {
            let id = PackedId(record.id);
            let (prefix, number) = id.parts();
            let id =
                id.as_text().map_or_else(|| format!("{prefix}{number}"), |text| strings.get(text).to_owned());
            return Err(Error::input(format!("id {id} has no name in any row; give it one")));
        } else {
            *counts.left_out.entry(reason::NO_NAME.to_owned()).or_default() += 1;
        }
    }
    kept.sort_by(|a, b| by_id(a.1.id, b.1.id, strings));
    Ok(kept
        .into_iter()
        .map(|(slot, mut record)| {
            record.slot = slot;
            record
        })
        .collect())
}

/// Names in the order of their records, joined; the record of each; the first name of each record.
fn joined(
    mut names: Vec<(u32, Draft)>,
    records: &[RecordDraft],
    transliterate: bool,
    strings: &mut Interner,
) -> (Vec<Draft>, Vec<u32>, Vec<u32>) {
    let slots = names.iter().map(|(slot, _)| *slot as usize + 1).max().unwrap_or(0);
    let mut place = vec![u32::MAX; slots];
    for (index, record) in (0u32..).zip(records) {
        if let Some(place) = place.get_mut(record.slot as usize) {
            *place = index;
        }
    }
    for (slot, _) in &mut names {
        *slot = place.get(*slot as usize).copied().unwrap_or(u32::MAX);
    }
    names.sort_unstable_by_key(|(record, _)| *record);
    let (mut all, mut owners, mut firsts) = (Vec::with_capacity(names.len()), vec![], vec![]);
    let mut some = vec![];
    for group in names.chunk_by(|a, b| a.0 == b.0) {
        some.clear();
        some.extend(group.iter().map(|(_, name)| *name));
        names::join(&mut some, strings);
        if transliterate {
            let record = group.first().and_then(|(record, _)| records.get(*record as usize));
            variants::add(&mut some, record.and_then(|r| home_of(r, strings)), strings);
        }
        firsts.push(all.len() as u32);
        all.extend_from_slice(&some);
        owners.resize(all.len(), group.first().map_or(0, |(record, _)| *record));
    }
    (all, owners, firsts)
}

/// The main language of the country of a record that is well enough known for names without a language to be read in it.
fn home_of(record: &RecordDraft, strings: &Interner) -> Option<&'static str> {
    let people = record.population.map_or(0, |p| p.value);
    let country = record.country.filter(|_| people >= HOME_PEOPLE)?;
    rules::main_language(strings.get(country.value))
}

/// Country, first- and second-level unit.
type Region = (u32, u32, u32);

/// The strings of all regions, in order, and the number of each. Row 0 is that of nothing known.
fn regions(all: impl Iterator<Item = Region>, strings: &Interner) -> (Vec<u32>, HashMap<Region, u32>) {
    let mut numbers: HashMap<_, u32> = all.map(|region| (region, 0)).collect();
    numbers.insert((0, 0, 0), 0);
    let mut rows: Vec<_> = numbers.keys().copied().collect();
    let text = |r: &Region| (strings.get(r.0), strings.get(r.1), strings.get(r.2));
    rows.sort_unstable_by(|a, b| text(a).cmp(&text(b)));
    for (number, row) in (0u32..).zip(&rows) {
        numbers.insert(*row, number);
    }
    (rows.into_iter().flat_map(|(a, b, c)| [a, b, c]).collect(), numbers)
}

/// The links of a record in their stored order, each with its id as drafted.
fn add_links(
    record: &RecordDraft,
    index: u32,
    pool: &mut Pool<'_>,
    links: &mut Vec<(LinkRow, u64)>,
) -> Result<()> {
    for (field, date) in [(LinkRow::FROM, &record.from), (LinkRow::TO, &record.to)] {
        if let Some(date) = date {
            let value = u64::from(pool.add(date.value)?);
            links.push((LinkRow { owner: index << 3 | field, value }, 0));
        }
    }
    for field in
        [LinkRow::SAME_AS, LinkRow::PART_OF, LinkRow::SUCCESSOR, LinkRow::CLAIMED_BY, LinkRow::CONTROLLED_BY]
    {
        let mine = || record.links.iter().filter(|(_, f, _)| *f == field);
        let last = mine().map(|(layer, ..)| *layer).max();
        let mut ids: Vec<u64> = mine()
            .filter(|(layer, ..)| field == LinkRow::SAME_AS || Some(*layer) == last)
            .map(|(_, _, id)| *id)
            .collect();
        ids.sort_by(|a, b| by_id(*a, *b, pool.strings));
        ids.dedup();
        if field >= LinkRow::CLAIMED_BY {
            ids.sort_by_key(|text| begun(*text, pool.strings));
        }
        for id in ids {
            links.push((LinkRow { owner: index << 3 | field, value: pool.id(id)? }, id));
        }
    }
    Ok(())
}

/// The first day of a claim: the oldest stand first.
fn begun(text: u64, strings: &Interner) -> Option<Day> {
    let claim: Claim = strings.get(PackedId(text).as_text()?).parse().ok()?;
    Some(claim.period.from?.days()?.0)
}

/// Small numbers for strings, the most frequent first; number 0 is always the empty string.
struct Numbers {
    strings: Vec<u32>,
    numbers: HashMap<u32, u32>,
}

impl Numbers {
    fn by_frequency(all: impl Iterator<Item = u32>, strings: &Interner) -> Numbers {
        let mut counts: HashMap<u32, u64> = HashMap::from([(0, u64::MAX / 2)]);
        all.for_each(|string| *counts.entry(string).or_default() += 1);
        let mut order: Vec<(u32, u64)> = counts.into_iter().collect();
        order.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| strings.get(a.0).cmp(strings.get(b.0))));
        let strings: Vec<u32> = order.into_iter().map(|(string, _)| string).collect();
        let numbers = strings.iter().copied().zip(0..).collect();
        Numbers { strings, numbers }
    }

    /// The strings with numbers below `count`.
    fn first(&self, count: usize) -> &[u32] {
        self.strings.get(..count).unwrap_or(&self.strings)
    }

    fn get(&self, string: u32) -> Option<u32> {
        self.numbers.get(&string).copied()
    }
}

/// The string pool: each string once, where it is first needed.
struct Pool<'s> {
    strings: &'s Interner,
    bytes: Vec<u8>,
    offsets: Vec<u32>,
}

impl Pool<'_> {
    fn new(strings: &Interner) -> Pool<'_> {
        let mut offsets = vec![u32::MAX; strings.len()];
        if let Some(first) = offsets.first_mut() {
            *first = 0;
        }
        Pool { strings, bytes: vec![0], offsets }
    }

    fn add(&mut self, string: u32) -> Result<u32> {
        let Some(offset) = self.offsets.get_mut(string as usize) else { return Ok(0) };
        if *offset == u32::MAX {
            *offset = u32::try_from(self.bytes.len()).ok().filter(|n| *n != u32::MAX).ok_or_else(|| {
                Error::usage(
                    "the names and other strings take more than 4 GiB, which is all one gazetteer can hold",
                )
            })?;
            format::push_string(&mut self.bytes, self.strings.get(string));
        }
        Ok(*offset)
    }

    /// A table of strings.
    fn table(&mut self, strings: &[u32]) -> Result<Vec<u8>> {
        let mut rows = Vec::with_capacity(strings.len() * 4);
        for string in strings {
            rows.extend_from_slice(&self.add(*string)?.to_le_bytes());
        }
        Ok(rows)
    }

    /// An id, with an offset of the pool in place of the string's number.
    fn id(&mut self, id: u64) -> Result<u64> {
        match PackedId(id).as_text() {
            Some(string) => Ok(PackedId::text(self.add(string)?).0),
            None => Ok(id),
        }
    }
}

/// What finds names: the sections of keys.
struct Index {
    keys: Vec<u8>,
    entries: Vec<u8>,
    lists: Vec<u8>,
    filter: Vec<u8>,
    pairs: Vec<u8>,
}

/// A name under its key.
struct Posting {
    /// The first eight bytes of the key, so that most comparisons need no more.
    prefix: u64,
    start: usize,
    len: u16,
    first_word: u16,
    /// Names of one key are stored by falling prominence.
    last: u32,
    name: u32,
}

fn index(
    names: &[Draft],
    owners: &[u32],
    prominence: &[u32],
    strings: &Interner,
    counts: &mut Counts,
) -> Result<Index> {
    let mut bytes: Vec<u8> = vec![];
    // Key of a text: start, length, length of the first word; the same text is folded once.
    let mut folded: Vec<Option<(usize, u16, u16)>> = vec![None; strings.len()];
    let mut postings: Vec<Posting> = Vec::with_capacity(names.len());
    for ((index, name), record) in (0u32..).zip(names).zip(owners) {
        let Some(slot) = folded.get_mut(name.text as usize) else { continue };
        let (start, len, first_word) = *slot.get_or_insert_with(|| {
            let key = Key::new(strings.get(name.text));
            if key.as_bytes().len() > names::MAX_KEY {
                return (0, u16::MAX, 0);
            }
            let start = bytes.len();
            bytes.extend_from_slice(key.as_bytes());
            (start, key.as_bytes().len() as u16, key.first_word().len() as u16)
        });
        let why = match len {
            0 => Some(reason::EMPTY_KEY),
            u16::MAX => Some(reason::LONG_KEY),
            _ => None,
        };
        if let Some(why) = why {
            *counts.left_out.entry(why.to_owned()).or_default() += 1;
            continue;
        }
        let rank = prominence.get(*record as usize).copied().unwrap_or(0);
        let prefix = bytes.get(start..).unwrap_or(&[]).iter().take(usize::from(len.min(8)));
        let prefix = prefix.fold((0u64, 64u32), |(sum, shift), byte| {
            let shift = shift - 8;
            (sum | u64::from(*byte) << shift, shift)
        });
        let last = u32::MAX / 2 - rank + names::handicap(name.kind);
        postings.push(Posting { prefix: prefix.0, start, len, first_word, last, name: index });
    }
    let key = |p: &Posting| bytes.get(p.start..p.start + usize::from(p.len)).unwrap_or(&[]);
    postings.sort_unstable_by(|a, b| {
        let keys = a
            .prefix
            .cmp(&b.prefix)
            .then_with(|| if a.start == b.start { Ordering::Equal } else { key(a).cmp(key(b)) });
        keys.then_with(|| (a.last, a.name).cmp(&(b.last, b.name)))
    });
    let failed = |error: fst::Error| Error::format("cannot build the index of keys").because(error);
    let mut keys = fst::MapBuilder::memory();
    let (mut entries, mut lists) = (Vec::with_capacity(postings.len() * 4), vec![]);
    let (mut words, mut pairs) = (vec![], vec![]);
    for (ordinal, group) in (0u64..).zip(postings.chunk_by(|a, b| a.prefix == b.prefix && key(a) == key(b))) {
        let Some(first) = group.first() else { continue };
        keys.insert(key(first), ordinal).map_err(failed)?;
        let flags = if first.first_word == first.len { Flags::SINGLE } else { Flags::CONTINUES };
        let word = key(first).get(..usize::from(first.first_word)).unwrap_or(&[]);
        words.push((filter::hash(word), flags));
        pairs.extend(pairs::of_key(key(first)));
        let is_made = |p: &&Posting| {
            names.get(p.name as usize).is_some_and(|name| name.kind == NameKind::Transliteration)
        };
        let made = group.iter().filter(is_made).count();
        counts.transliterated += made as u64;
        counts.colliding += if made < group.len() { made as u64 } else { 0 };
        let entry = match group {
            [one] => one.name,
            several => {
                let at = u32::try_from(lists.len() / 4).ok().filter(|at| *at < format::LIST);
                let at = at.ok_or_else(|| Error::usage("too many names share a key"))?;
                lists.extend_from_slice(&(several.len() as u32).to_le_bytes());
                several.iter().for_each(|p| lists.extend_from_slice(&p.name.to_le_bytes()));
                at | format::LIST
            }
        };
        entries.extend_from_slice(&entry.to_le_bytes());
    }
    let keys = keys.into_inner().map_err(failed)?;
    count(keys.len(), "bytes of keys")?;
    Ok(Index { keys, entries, lists, filter: filter::build(&mut words), pairs: pairs::build(&mut pairs) })
}
