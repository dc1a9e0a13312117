//! Names → what finds them: keys in order, the names of each, and the filter of first words.
//!
//! Every text that will stand in the string pool passes through here once, so that equal texts, which have equal keys, meet
//! and are stored once.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use foldhash::HashMap;

use super::filter::{self, Flags, hash};
use super::format;
use super::join::damaged;
use super::names::{self, reason};
use super::pairs;
use super::progress::{Stage, Watch};
use super::rows::{Reader, put_number};
use super::sort::Sorter;
use super::spill::{Scratch, Spool, Stored};
use crate::error::{Error, Result};
use crate::record::NameKind;
use crate::token::Key;

/// Bytes of texts handed to another thread at once.
const BATCH: usize = 1 << 16;
/// First byte of what is sorted for a text without a key; no key begins with it.
const NO_KEY: u8 = 0;
/// Reasons for having none.
const EMPTY: u8 = 1;
const LONG: u8 = 2;

/// A text that will stand in the string pool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Use<'a> {
    pub(crate) text: &'a str,
    /// Its number among the names, or among the ids that are text.
    pub(crate) number: u32,
    /// The name's kind and the prominence of its record; `None` for an id.
    pub(crate) name: Option<(NameKind, u32)>,
}

/// Puts a use of a text behind its key: of equal keys the most prominent name comes first, and ids come last.
fn put_use(out: &mut Vec<u8>, text: &str, last: u32, number: u32, kind: u8) {
    let key = Key::new(text);
    let (bytes, word) = (key.as_bytes(), key.first_word());
    let why = match bytes.len() {
        0 => Some(EMPTY),
        len if len > names::MAX_KEY => Some(LONG),
        _ => None,
    };
    match why {
        Some(why) => {
            out.extend_from_slice(&[NO_KEY, why]);
            out.extend_from_slice(&hash(text.as_bytes()).to_be_bytes());
        }
        None => {
            out.extend_from_slice(bytes);
            out.push(0);
        }
    }
    out.extend_from_slice(&last.to_be_bytes());
    out.extend_from_slice(&number.to_be_bytes());
    out.push(kind);
    out.extend_from_slice(&(word.len() as u16).to_be_bytes());
    out.extend_from_slice(text.as_bytes());
}

/// What [`put_use`] put behind a key.
struct Posting {
    last: u32,
    number: u32,
    kind: u8,
    first_word: u16,
    text: Range<usize>,
}

/// Key, the rest; of a text without a key, what stands for it.
fn split(item: &[u8]) -> Option<(&[u8], Reader<'_>)> {
    let end = match item.first()? {
        &NO_KEY => 10,
        _ => item.iter().position(|byte| *byte == 0)? + 1,
    };
    let (key, rest) = item.split_at_checked(end)?;
    Some((key, Reader(rest)))
}

/// Takes texts, and has them folded and sorted by as many threads as may be.
pub(crate) struct Keys {
    own: Option<Sorter>,
    batch: Vec<u8>,
    sender: Option<SyncSender<Vec<u8>>>,
    workers: Vec<JoinHandle<Result<Sorter>>>,
    pub(crate) count: u64,
}

impl Keys {
    pub(crate) fn new(scratch: &Scratch, memory: usize, threads: usize) -> Keys {
        let (mut own, mut sender, mut workers) = (None, None, vec![]);
        if threads < 2 {
            own = Some(Sorter::new(scratch, memory, 0));
        } else {
            let (send, receive) = sync_channel(2 * threads);
            let receive = Arc::new(Mutex::new(receive));
            for _ in 0..threads {
                let sorter = Sorter::new(scratch, memory / threads, 0);
                let receive = Arc::clone(&receive);
                workers.push(std::thread::spawn(move || fold(&receive, sorter)));
            }
            sender = Some(send);
        }
        Keys { own, batch: vec![], sender, workers, count: 0 }
    }

    pub(crate) fn add(&mut self, used: Use<'_>) -> Result<()> {
        self.count += 1;
        let (last, kind) = match used.name {
            Some((kind, prominence)) => (u32::MAX / 2 - prominence + names::handicap(kind), kind as u8),
            None => (u32::MAX, 0),
        };
        if let Some(own) = &mut self.own {
            return own.push(|out| put_use(out, used.text, last, used.number, kind));
        }
        let out = &mut self.batch;
        out.extend_from_slice(&last.to_be_bytes());
        out.extend_from_slice(&used.number.to_be_bytes());
        out.push(kind);
        put_number(out, used.text.len() as u64);
        out.extend_from_slice(used.text.as_bytes());
        if out.len() >= BATCH { self.send() } else { Ok(()) }
    }

    fn send(&mut self) -> Result<()> {
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH + 1024));
        match &self.sender {
            Some(sender) if sender.send(batch).is_err() => self.join().map(|_| ()),
            _ => Ok(()),
        }
    }

    fn join(&mut self) -> Result<Vec<Sorter>> {
        self.sender = None;
        let joined = std::mem::take(&mut self.workers).into_iter().map(|worker| match worker.join() {
            Ok(sorter) => sorter,
            Err(_) => Err(Error::usage("a thread that folds names ended before its work was done")),
        });
        joined.collect()
    }

    /// The sorters that have all texts.
    pub(crate) fn finish(mut self) -> Result<Vec<Sorter>> {
        if !self.batch.is_empty() {
            self.send()?;
        }
        let mut sorters = self.join()?;
        sorters.extend(self.own);
        Ok(sorters)
    }
}

/// Folds batches until there are no more.
fn fold(batches: &Mutex<Receiver<Vec<u8>>>, mut sorter: Sorter) -> Result<Sorter> {
    loop {
        let next = batches.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(batch) = next else { return Ok(sorter) };
        let mut rest = Reader(&batch);
        while !rest.is_empty() {
            let mut read = || {
                let (last, number) = (rest.array()?, rest.array()?);
                let kind = rest.byte()?;
                Some((u32::from_be_bytes(last), u32::from_be_bytes(number), kind, rest.text()?))
            };
            let (last, number, kind, text) = read().ok_or_else(damaged)?;
            sorter.push(|out| put_use(out, text, last, number, kind))?;
        }
    }
}

/// The sections that find names.
pub(crate) struct Index {
    pub(crate) count: u64,
    pub(crate) keys: Stored,
    pub(crate) entries: Stored,
    pub(crate) lists: Stored,
    pub(crate) filter: Stored,
    pub(crate) pairs: Stored,
    /// For each text used, names first and ids after them, the number of the first use of an equal one.
    pub(crate) first: Vec<u32>,
}

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

impl Counts {
    pub(crate) fn leave_out(&mut self, reason: &str, count: u64) {
        *self.left_out.entry(reason.to_owned()).or_default() += count;
    }
}

/// Builds the sections from all texts.
pub(crate) fn index(
    sorters: Vec<Sorter>,
    names: u32,
    uses: u64,
    scratch: &Scratch,
    counts: &mut Counts,
    watch: &mut Watch,
) -> Result<Index> {
    let mut sorted = Sorter::merge(sorters)?;
    let first = vec![0; usize::try_from(uses).unwrap_or(usize::MAX)];
    let mut builder = Builder {
        first,
        keys: fst::MapBuilder::new(scratch.spool()).map_err(failed)?,
        count: 0,
        entries: scratch.spool(),
        lists: scratch.spool(),
        list_len: 0,
        words: vec![],
        pairs: vec![],
        group: Group::default(),
    };
    let mut done = 0;
    while let Some(item) = sorted.next()? {
        let (key, rest) = split(item).ok_or_else(damaged)?;
        if key != builder.group.key {
            builder.end_group(counts)?;
            builder.group.begin(key);
        }
        builder.group.add(rest, names).ok_or_else(damaged)?;
        done += 1;
        watch.step(Stage::Indexing, done, uses)?;
    }
    builder.end_group(counts)?;
    drop(sorted);
    let keys = builder.keys.into_inner().map_err(failed)?.finish()?;
    if keys.len > u64::from(u32::MAX) {
        return Err(Error::usage("the keys take more than 4 GiB, which is all one gazetteer can hold"));
    }
    let mut filter = scratch.spool();
    filter.put(&filter::build(&mut builder.words))?;
    let mut pairs = scratch.spool();
    pairs.put(&pairs::build(&mut builder.pairs))?;
    Ok(Index {
        count: builder.count,
        keys,
        entries: builder.entries.finish()?,
        lists: builder.lists.finish()?,
        filter: filter.finish()?,
        pairs: pairs.finish()?,
        first: builder.first,
    })
}

fn failed(error: fst::Error) -> Error {
    Error::format("cannot build the index of keys").because(error)
}

/// All uses of texts with one key.
#[derive(Default)]
struct Group {
    key: Vec<u8>,
    postings: Vec<Posting>,
    texts: Vec<u8>,
}

impl Group {
    fn begin(&mut self, key: &[u8]) {
        self.key.clear();
        self.key.extend_from_slice(key);
        self.postings.clear();
        self.texts.clear();
    }

    fn add(&mut self, mut rest: Reader<'_>, names: u32) -> Option<()> {
        let last = u32::from_be_bytes(rest.array()?);
        let number = u32::from_be_bytes(rest.array()?);
        let (kind, first_word) = (rest.byte()?, u16::from_be_bytes(rest.array()?));
        let start = self.texts.len();
        self.texts.extend_from_slice(rest.0);
        // Ids are numbered on behind the names.
        let number = if last == u32::MAX { names.checked_add(number)? } else { number };
        self.postings.push(Posting { last, number, kind, first_word, text: start..self.texts.len() });
        Some(())
    }

    fn text(&self, posting: &Posting) -> &[u8] {
        self.texts.get(posting.text.clone()).unwrap_or(&[])
    }
}

struct Builder {
    first: Vec<u32>,
    keys: fst::MapBuilder<Spool>,
    count: u64,
    entries: Spool,
    lists: Spool,
    /// Numbers in `lists`.
    list_len: u64,
    words: Vec<(u64, Flags)>,
    pairs: Vec<u64>,
    group: Group,
}

impl Builder {
    fn end_group(&mut self, counts: &mut Counts) -> Result<()> {
        self.find_first_uses();
        let group = &self.group;
        let bearers = group.postings.partition_point(|p| p.last != u32::MAX);
        let bearers = group.postings.get(..bearers).unwrap_or(&[]);
        let Some(first) = bearers.first() else { return Ok(()) };
        let key = match group.key.as_slice() {
            [NO_KEY, why, ..] => {
                let why = if *why == EMPTY { reason::EMPTY_KEY } else { reason::LONG_KEY };
                counts.leave_out(why, bearers.len() as u64);
                return Ok(());
            }
            [key @ .., _] => key,
            [] => return Ok(()),
        };
        self.keys.insert(key, self.count).map_err(failed)?;
        self.count += 1;
        let word = key.get(..usize::from(first.first_word)).unwrap_or(key);
        let flags = if word.len() == key.len() { Flags::SINGLE } else { Flags::CONTINUES };
        let word = hash(word);
        match self.words.last_mut() {
            Some((last, known)) if *last == word => *known = *known | flags,
            _ => self.words.push((word, flags)),
        }
        for pair in pairs::of_key(key) {
            // Keys that begin alike stand together.
            if self.pairs.last() != Some(&pair) {
                self.pairs.push(pair);
            }
        }
        let made = bearers.iter().filter(|p| p.kind == NameKind::Transliteration as u8).count();
        counts.transliterated += made as u64;
        counts.colliding += if made < bearers.len() { made as u64 } else { 0 };
        let entry = match bearers {
            [one] => one.number,
            several => {
                let at = u32::try_from(self.list_len).ok().filter(|at| *at < format::LIST);
                let at = at.ok_or_else(|| Error::usage("too many names share a key"))?;
                self.lists.put(&(several.len() as u32).to_le_bytes())?;
                several.iter().try_for_each(|p| self.lists.put(&p.number.to_le_bytes()))?;
                self.list_len += several.len() as u64 + 1;
                at | format::LIST
            }
        };
        self.entries.put(&entry.to_le_bytes())
    }

    /// Tells of each use in the group which is the first of an equal text.
    fn find_first_uses(&mut self) {
        let group = &self.group;
        let mut set = |number: u32, to: u32| {
            if let Some(first) = self.first.get_mut(number as usize) {
                *first = to;
            }
        };
        let Some(first) = group.postings.first() else { return };
        let text = group.text(first);
        if group.postings.iter().all(|posting| group.text(posting) == text) {
            let first = group.postings.iter().map(|p| p.number).min().unwrap_or(0);
            group.postings.iter().for_each(|posting| set(posting.number, first));
            return;
        }
        let mut firsts: HashMap<&[u8], u32> = HashMap::default();
        for posting in &group.postings {
            let first = firsts.entry(group.text(posting)).or_insert(posting.number);
            *first = posting.number.min(*first);
        }
        for posting in &group.postings {
            set(posting.number, firsts.get(group.text(posting)).copied().unwrap_or(posting.number));
        }
    }
}
