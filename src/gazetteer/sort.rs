//! Sorting of more than fits into memory: byte strings in, the same in order out.
//!
//! Items are compared byte by byte, so what comes out depends on the items alone: not on their order, on how much memory
//! there is, or on how many threads sort. What fills the memory is sorted, by a helper while the next is filled, and
//! written to a file of its own; at last the files are merged.

use std::cmp::{Ordering, Reverse};
use std::collections::VecDeque;
use std::collections::binary_heap::{BinaryHeap, PeekMut};
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::thread::JoinHandle;

use super::spill::Scratch;
use crate::error::{Error, Result};

/// Most files merged at once.
const FAN: usize = 64;
/// Bytes written at a time; read at a time at most.
const BUFFER: usize = 1 << 18;
/// Bytes of a run in memory, whose items are found by numbers of four bytes.
const MAX_RUN: usize = u32::MAX as usize / 2;

/// The first sixteen bytes of an item, so that most comparisons need no more.
type Prefix = [u64; 2];

/// Where an item lies in its run.
#[derive(Clone, Copy, Debug)]
struct Item {
    prefix: Prefix,
    start: u32,
    len: u32,
}

/// Items in memory.
#[derive(Debug, Default)]
struct Run {
    bytes: Vec<u8>,
    items: Vec<Item>,
}

impl Run {
    fn get(&self, item: &Item) -> &[u8] {
        let start = item.start as usize;
        self.bytes.get(start..start + item.len as usize).unwrap_or(&[])
    }

    fn sort(&mut self) {
        let mut items = std::mem::take(&mut self.items);
        items.sort_unstable_by(|a, b| a.prefix.cmp(&b.prefix).then_with(|| self.get(a).cmp(self.get(b))));
        self.items = items;
    }

    fn size(&self) -> usize {
        self.bytes.len() + self.items.len() * size_of::<Item>()
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.items.clear();
    }

    /// Sorts and writes all items; the emptied run comes back to be filled again.
    fn spill(mut self, scratch: &Scratch) -> Result<(File, Run)> {
        self.sort();
        let file = write(scratch, |put| self.items.iter().try_for_each(|item| put(self.get(item))))?;
        self.clear();
        Ok((file, self))
    }
}

fn prefix(item: &[u8]) -> Prefix {
    let bytes = item.first_chunk::<16>().copied().unwrap_or_else(|| {
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(item).for_each(|(to, from)| *to = *from);
        bytes
    });
    let number = u128::from_be_bytes(bytes);
    [(number >> 64) as u64, number as u64]
}

/// Writes items to a new file.
fn write(
    scratch: &Scratch,
    items: impl FnOnce(&mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()>,
) -> Result<File> {
    let mut out = BufWriter::with_capacity(BUFFER, scratch.file()?);
    items(&mut |item| {
        let len = (item.len() as u32).to_le_bytes();
        let written = out.write_all(&len).and_then(|()| out.write_all(item));
        written.map_err(|error| scratch.failed(error))
    })?;
    let mut file = out.into_inner().map_err(|error| scratch.failed(error.into_error()))?.into_inner();
    file.seek(SeekFrom::Start(0)).map_err(|error| scratch.failed(error))?;
    Ok(file)
}

/// Takes items in any order.
#[derive(Debug)]
pub(crate) struct Sorter {
    scratch: Scratch,
    /// Bytes of one run.
    limit: usize,
    run: Run,
    /// Full runs, where all is kept in memory.
    kept: Vec<Run>,
    /// Sorted files; those of one level hold about as much.
    files: Vec<Vec<File>>,
    /// Runs being sorted by helpers, and how many may be.
    sorting: VecDeque<JoinHandle<Result<(File, Run)>>>,
    helpers: usize,
}

impl Sorter {
    /// A sorter that keeps about `memory` bytes, in as many parts as `helpers` sort meanwhile, and one more.
    pub(crate) fn new(scratch: &Scratch, memory: usize, helpers: usize) -> Sorter {
        Sorter {
            scratch: scratch.clone(),
            limit: memory / (helpers + 1),
            run: Run::default(),
            kept: vec![],
            files: vec![],
            sorting: VecDeque::new(),
            helpers,
        }
    }

    /// Adds the item that is appended.
    pub(crate) fn push(&mut self, append: impl FnOnce(&mut Vec<u8>)) -> Result<()> {
        let Run { bytes, items } = &mut self.run;
        let start = bytes.len();
        append(bytes);
        let item = bytes.get(start..).unwrap_or(&[]);
        items.push(Item { prefix: prefix(item), start: start as u32, len: item.len() as u32 });
        if self.run.size() >= self.limit || self.run.bytes.len() >= MAX_RUN {
            self.full()?;
        }
        Ok(())
    }

    fn full(&mut self) -> Result<()> {
        let mut run = std::mem::take(&mut self.run);
        if self.limit >= MAX_RUN && self.scratch.memory() == usize::MAX {
            run.sort();
            self.kept.push(run);
        } else if self.helpers == 0 {
            self.run = self.add_file(run.spill(&self.scratch)?)?;
        } else {
            if self.sorting.len() == self.helpers {
                self.run = self.await_one()?;
            }
            let scratch = self.scratch.clone();
            self.sorting.push_back(std::thread::spawn(move || run.spill(&scratch)));
        }
        Ok(())
    }

    fn await_one(&mut self) -> Result<Run> {
        match self.sorting.pop_front().map(JoinHandle::join) {
            Some(Ok(spilled)) => self.add_file(spilled?),
            // A helper can fail in no other way, and if it did, so would this.
            Some(Err(_)) => Err(self.scratch.failed(io::Error::other("a thread ended"))),
            None => Ok(Run::default()),
        }
    }

    fn add_file(&mut self, (mut file, run): (File, Run)) -> Result<Run> {
        for level in 0.. {
            if self.files.len() <= level {
                self.files.push(vec![]);
            }
            let Some(files) = self.files.get_mut(level) else { break };
            files.push(file);
            if files.len() < FAN {
                break;
            }
            let mut merge = Merge::new(vec![], std::mem::take(files), &self.scratch)?;
            file = write(&self.scratch, |put| {
                while let Some(item) = merge.next()? {
                    put(item)?;
                }
                Ok(())
            })?;
        }
        Ok(run)
    }

    /// The items of several sorters in order.
    pub(crate) fn merge(sorters: Vec<Sorter>) -> Result<Merge> {
        let (mut runs, mut files, mut scratch) = (vec![], vec![], Scratch::none());
        for mut sorter in sorters {
            // Where anything had to be written, all is: the memory is needed for what comes next.
            if !sorter.files.is_empty() || !sorter.sorting.is_empty() {
                let last = std::mem::take(&mut sorter.run);
                while !sorter.sorting.is_empty() {
                    drop(sorter.await_one()?);
                }
                drop(sorter.add_file(last.spill(&sorter.scratch)?)?);
            } else {
                sorter.run.sort();
                runs.push(sorter.run);
            }
            runs.append(&mut sorter.kept);
            files.extend(sorter.files.into_iter().flatten());
            scratch = sorter.scratch;
        }
        Merge::new(runs, files, &scratch)
    }

    /// The items in order.
    pub(crate) fn sorted(self) -> Result<Merge> {
        Sorter::merge(vec![self])
    }
}

/// A sorted run, at one of its items.
#[derive(Debug)]
struct Head {
    prefix: Prefix,
    from: From,
}

#[derive(Debug)]
enum From {
    Memory { run: Run, at: usize },
    File { file: BufReader<File>, item: Vec<u8> },
}

impl Head {
    /// The first item, if there is one.
    fn first(from: From) -> io::Result<Option<Head>> {
        let mut head = Head { prefix: [0; 2], from };
        Ok(head.advance(false)?.then_some(head))
    }

    fn item(&self) -> &[u8] {
        match &self.from {
            From::Memory { run, at } => run.items.get(*at).map_or(&[], |item| run.get(item)),
            From::File { item, .. } => item,
        }
    }

    /// Goes on to the next item, from before the first unless it `stands` at one; tells whether there is one.
    fn advance(&mut self, stands: bool) -> io::Result<bool> {
        match &mut self.from {
            From::Memory { run, at } => {
                *at += usize::from(stands);
                let Some(item) = run.items.get(*at) else { return Ok(false) };
                self.prefix = item.prefix;
            }
            From::File { file, item } => {
                if file.fill_buf()?.is_empty() {
                    return Ok(false);
                }
                let mut len = [0; 4];
                file.read_exact(&mut len)?;
                item.resize(u32::from_le_bytes(len) as usize, 0);
                file.read_exact(item)?;
                self.prefix = prefix(item);
            }
        }
        Ok(true)
    }
}

impl Ord for Head {
    fn cmp(&self, other: &Head) -> Ordering {
        self.prefix.cmp(&other.prefix).then_with(|| self.item().cmp(other.item()))
    }
}

impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Head) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Head {
    fn eq(&self, other: &Head) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Head {}

/// Gives items in order.
#[derive(Debug)]
pub(crate) struct Merge {
    heads: BinaryHeap<Reverse<Head>>,
    /// Whether the first of the heads was given.
    given: bool,
}

fn lost(error: io::Error) -> Error {
    Error::io("cannot read a temporary file", error)
}

impl Merge {
    fn new(runs: Vec<Run>, files: Vec<File>, scratch: &Scratch) -> Result<Merge> {
        let buffer = (scratch.memory() / 4 / files.len().max(1)).clamp(1 << 12, BUFFER);
        let runs = runs.into_iter().map(|run| From::Memory { run, at: 0 });
        let files = files
            .into_iter()
            .map(|file| From::File { file: BufReader::with_capacity(buffer, file), item: vec![] });
        let mut heads = BinaryHeap::new();
        for from in runs.chain(files) {
            heads.extend(Head::first(from).map_err(lost)?.map(Reverse));
        }
        Ok(Merge { heads, given: false })
    }

    pub(crate) fn next(&mut self) -> Result<Option<&[u8]>> {
        if self.given
            && let Some(mut head) = self.heads.peek_mut()
            && !head.0.advance(true).map_err(lost)?
        {
            PeekMut::pop(head);
        }
        self.given = true;
        Ok(self.heads.peek().map(|head| head.0.item()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(items: &[Vec<u8>], memory: usize, helpers: usize) -> Vec<Vec<u8>> {
        let scratch = Scratch::new(memory, std::env::temp_dir());
        let mut sorter = Sorter::new(&scratch, memory, helpers);
        for item in items {
            sorter.push(|out| out.extend_from_slice(item)).unwrap();
        }
        let mut merge = sorter.sorted().unwrap();
        let mut out = vec![];
        while let Some(item) = merge.next().unwrap() {
            out.push(item.to_vec());
        }
        out
    }

    #[test]
    fn memory_and_threads_change_nothing() {
        let mut state = 1u64;
        let mut number = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state >> 33
        };
        let items: Vec<Vec<u8>> =
            (0..20_000).map(|_| (0..number() % 14).map(|_| (number() % 3) as u8).collect()).collect();
        let mut expected = items.clone();
        expected.sort();
        // With the least memory there are more files than are merged at once.
        for (memory, helpers) in [(usize::MAX, 0), (100_000, 0), (100_000, 2), (3_000, 0), (3_000, 1)] {
            assert!(sorted(&items, memory, helpers) == expected, "{memory} bytes, {helpers} helpers");
        }
        assert!(sorted(&[], 1000, 1).is_empty());
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        let scratch = Scratch::new(10, "/no/such/folder".into());
        let mut sorter = Sorter::new(&scratch, 10, 0);
        let error = sorter.push(|out| out.extend_from_slice(b"more than ten bytes")).unwrap_err().to_string();
        assert!(
            error.starts_with("cannot write temporary files in /no/such/folder after 0 bytes"),
            "{error}"
        );
    }
}
