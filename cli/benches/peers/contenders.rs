//! The others: two automata, a plain walk over an FST, and a trie of words.

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use anyhow::{Context, Result};
use cpu_time::ProcessTime;
use daachorse::{DoubleArrayAhoCorasick, DoubleArrayAhoCorasickBuilder};
use fst::raw::{Fst, Output};
use rustc_hash::FxHashMap;

use crate::encode::{Encoded, Patterns};
use crate::report::Report;

pub(crate) struct Contenders<'p> {
    entries: Vec<u32>,
    aho: AhoCorasick,
    daac: DoubleArrayAhoCorasick<u32>,
    fst: Fst<Vec<u8>>,
    trie: TokenTrie<'p>,
}

impl<'p> Contenders<'p> {
    pub(crate) const NAMES: [&'static str; 4] = ["aho-corasick", "daachorse", "fst-walk", "token-trie"];

    pub(crate) fn build(patterns: &'p Patterns, report: &mut Report) -> Result<Contenders<'p>> {
        let mut sorted: Vec<(&[u8], u32)> =
            patterns.all.iter().map(|(bytes, pattern)| (bytes.as_slice(), pattern.entry)).collect();
        sorted.sort_unstable();
        let count = sorted.len() as f64;
        let mut told = |name, seconds: f64, bytes: Option<usize>| {
            report.add("build", "", name, seconds * 1e6 / count, "CPU-s per million names", None);
            if let Some(bytes) = bytes {
                report.add("bytes-a-name", "", name, bytes as f64 / count, "B", None);
            }
        };
        let start = ProcessTime::now();
        let aho = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(sorted.iter().map(|(pattern, _)| pattern))?;
        told("aho-corasick", start.elapsed().as_secs_f64(), Some(aho.memory_usage()));
        let start = ProcessTime::now();
        let daac = DoubleArrayAhoCorasickBuilder::new()
            .match_kind(daachorse::MatchKind::LeftmostLongest)
            .build_with_values(sorted.iter().copied())
            .ok()
            .context("daachorse cannot build the automaton")?;
        told("daachorse", start.elapsed().as_secs_f64(), Some(daac.heap_bytes()));
        let start = ProcessTime::now();
        let mut builder = fst::raw::Builder::memory();
        for (pattern, entry) in &sorted {
            builder.insert(pattern, u64::from(*entry))?;
        }
        let fst = builder.into_fst();
        told("fst-walk", start.elapsed().as_secs_f64(), Some(fst.size()));
        let start = ProcessTime::now();
        let trie = TokenTrie::new(patterns);
        told("token-trie", start.elapsed().as_secs_f64(), None);
        Ok(Contenders { entries: sorted.iter().map(|(_, entry)| *entry).collect(), aho, daac, fst, trie })
    }

    /// Let one of them find all matches: first byte, byte after the last one, number of the key.
    pub(crate) fn run(&self, name: &str, text: &Encoded, mut visit: impl FnMut(usize, usize, u32)) {
        match name {
            "aho-corasick" => self
                .aho
                .find_iter(&text.bytes)
                .for_each(|m| visit(m.start(), m.end(), self.entries[m.pattern().as_usize()])),
            "daachorse" => {
                self.daac.leftmost_find_iter(&text.bytes).for_each(|m| visit(m.start(), m.end(), m.value()))
            }
            "fst-walk" => self.walk(text, visit),
            _ => self.trie.find(text, visit),
        }
    }

    fn walk(&self, text: &Encoded, mut visit: impl FnMut(usize, usize, u32)) {
        let mut first = 0;
        while let Some(word) = text.words.get(first) {
            let longest = if word.begins { self.longest(text, first) } else { None };
            first = match longest {
                Some((last, entry)) => {
                    visit(word.start as usize, text.words[last].end as usize, entry);
                    last + 1
                }
                None => first + 1,
            };
        }
    }

    /// The longest name that begins with a word: its last word and key.
    fn longest(&self, text: &Encoded, first: usize) -> Option<(usize, u32)> {
        let mut node = self.fst.root();
        let mut sum = Output::zero();
        let mut at = text.words[first].start as usize;
        let mut longest = None;
        for (last, word) in text.words.iter().enumerate().skip(first) {
            for byte in &text.bytes[at..word.end as usize] {
                let Some(i) = node.find_input(*byte) else { return longest };
                let transition = node.transition(i);
                sum = sum.cat(transition.out);
                node = self.fst.node(transition.addr);
            }
            at = word.end as usize;
            if node.is_final() {
                longest = Some((last, sum.cat(node.final_output()).value() as u32));
            }
        }
        longest
    }
}

/// Words by number, and from each state by the next word's number to a state.
struct TokenTrie<'p> {
    words: FxHashMap<&'p [u8], u32>,
    steps: FxHashMap<(u32, u32, u8), u32>,
    entries: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl<'p> TokenTrie<'p> {
    fn new(patterns: &'p Patterns) -> TokenTrie<'p> {
        let mut trie =
            TokenTrie { words: FxHashMap::default(), steps: FxHashMap::default(), entries: vec![NONE] };
        for (bytes, pattern) in &patterns.all {
            let (mut state, mut at) = (0, 0);
            for (gap, skip, len) in &pattern.words {
                at += usize::from(*skip);
                let word = &bytes[at..at + usize::from(*len)];
                at += usize::from(*len);
                let next = trie.words.len() as u32;
                let word = *trie.words.entry(word).or_insert(next);
                let next = trie.entries.len() as u32;
                state = *trie.steps.entry((state, word, *gap)).or_insert(next);
                if state == next {
                    trie.entries.push(NONE);
                }
            }
            trie.entries[state as usize] = pattern.entry;
        }
        trie
    }

    fn find(&self, text: &Encoded, mut visit: impl FnMut(usize, usize, u32)) {
        let ids: Vec<u32> = (text.words.iter())
            .map(|w| self.words.get(&text.bytes[w.start as usize..w.end as usize]).copied().unwrap_or(NONE))
            .collect();
        let mut first = 0;
        while let Some(word) = text.words.get(first) {
            let (mut state, mut longest) = (0, None);
            let known = ids.iter().enumerate().skip(first).take_while(|(_, id)| **id != NONE);
            for (last, id) in known.take_while(|_| word.begins) {
                let gap = if last == first { 0 } else { text.words[last].gap };
                let Some(next) = self.steps.get(&(state, *id, gap)) else { break };
                state = *next;
                if self.entries[state as usize] != NONE {
                    longest = Some((last, self.entries[state as usize]));
                }
            }
            first = match longest {
                Some((last, entry)) => {
                    visit(word.start as usize, text.words[last].end as usize, entry);
                    last + 1
                }
                None => first + 1,
            };
        }
    }
}
