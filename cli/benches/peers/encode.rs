//! Texts and names as the others get them: folded, with a mark wherever a name may begin or end.
//!
//! With the marks, an automaton's longest match from the left is the longest name on word borders, with no check afterwards.
//! `\x02` stands before a word that may begin a name, `\x03` behind one that may end it; words side by side need no space.
//! Characters of scripts without spaces stand bare, since a name may begin and end at any of them.

use std::fmt::Write;

use anyhow::{Result, ensure};
use exonym::find::is_inside_address;
use exonym::token::inflect::Morphology;
use exonym::token::{Gap, Key, Tokens};
use exonym::{Finder, Gazetteer};
use rustc_hash::FxHashMap;

/// A match by the words it covers, both included, and the number of its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    first: u32,
    last: u32,
    pub(crate) entry: u32,
}

/// One word of a text.
#[derive(Clone, Copy)]
pub(crate) struct Word {
    /// The raw text.
    raw: (u32, u32),
    /// With its marks, in the encoded bytes.
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) begins: bool,
    /// What stands before it, as a number.
    pub(crate) gap: u8,
}

#[derive(Default)]
pub(crate) struct Encoded {
    pub(crate) bytes: Vec<u8>,
    pub(crate) words: Vec<Word>,
}

impl Encoded {
    pub(crate) fn text(text: &str) -> Encoded {
        Encoded::new(text, |tokens, i| is_inside_address(text, start_of(tokens, i)), |_, _| false)
    }

    /// The same, when the patterns are known: the finder does not inflect a word such as iOS or macOS that begins a name, so
    /// where an added pattern would begin at one, the word gets another mark, which only begins what the finder finds there.
    pub(crate) fn mixed_case(self, text: &str, patterns: &Patterns) -> Encoded {
        let is_added = |i: usize| {
            let last = (i + Key::MAX_TOKENS).min(self.words.len());
            (i..last).any(|j| patterns.all.get(self.slice(i as u32, j as u32)).is_some_and(|p| p.added))
        };
        Encoded::new(
            text,
            |tokens, i| is_inside_address(text, start_of(tokens, i)),
            |tokens, i| {
                let shape = tokens.as_slice()[i].shape;
                shape.is_cased() && !shape.is_capitalized() && !shape.is_lowercase() && is_added(i)
            },
        )
    }

    fn name(name: &str) -> Encoded {
        Encoded::new(name, |_, _| false, |_, _| false)
    }

    fn new(
        text: &str,
        is_closed: impl Fn(&Tokens, usize) -> bool,
        is_mixed: impl Fn(&Tokens, usize) -> bool,
    ) -> Encoded {
        let tokens = Tokens::of(text);
        let all = tokens.as_slice();
        let (mut bytes, mut words) =
            (String::with_capacity(text.len() * 5 / 4), Vec::with_capacity(all.len()));
        let mut bare_before = false;
        for (i, token) in all.iter().enumerate() {
            let elided = || i > 0 && Morphology::builtin().elides(tokens.key_str(i - 1));
            let begins = match token.gap {
                Gap::Inner => false,
                Gap::Apostrophe => elided(),
                _ => true,
            } && !is_closed(&tokens, i);
            let ends = all.get(i + 1).is_none_or(|next| next.gap != Gap::Inner);
            let bare = token.script.is_unspaced();
            let gap = match token.gap {
                Gap::Space if bare || bare_before => " ",
                Gap::Space => "",
                Gap::Inner => "\x08",
                Gap::Nothing if bare || bare_before => "",
                Gap::Nothing => "\x04",
                Gap::Comma => ",",
                Gap::Paren => "(",
                Gap::Apostrophe => "'",
                Gap::LineHyphen => "\x05",
                Gap::Break => "\x01",
            };
            bytes.push_str(gap);
            let start = bytes.len() as u32;
            let key = tokens.key_str(i);
            match (bare, begins, ends) {
                (true, true, true) => bytes.push_str(key),
                // Such as the second half of 东.京: no name may begin here, so it must look like no name.
                (true, ..) => {
                    bytes.push('\x06');
                    key.bytes().for_each(|b| write!(bytes, "{b:02x}").expect("strings take all"));
                }
                (false, ..) => {
                    if begins {
                        bytes.push(if is_mixed(&tokens, i) { '\x0e' } else { '\x02' });
                    }
                    bytes.push_str(key);
                    if ends {
                        bytes.push('\x03');
                    }
                }
            }
            words.push(Word {
                raw: (token.start, token.end),
                start,
                end: bytes.len() as u32,
                begins,
                gap: gap.bytes().next().unwrap_or(0),
            });
            bare_before = bare;
        }
        Encoded { bytes: bytes.into_bytes(), words }
    }

    /// Number of words.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// The bytes of some words, both included.
    fn slice(&self, first: u32, last: u32) -> &[u8] {
        &self.bytes[self.words[first as usize].start as usize..self.words[last as usize].end as usize]
    }

    fn pattern(&self, first: u32, last: u32, entry: u32, added: bool) -> Pattern {
        let words = &self.words[first as usize..=last as usize];
        let mut before = words[0].start;
        let words = words.iter().enumerate().map(|(i, word)| {
            let skip = word.start - std::mem::replace(&mut before, word.end);
            (if i == 0 { 0 } else { word.gap }, skip as u16, (word.end - word.start) as u16)
        });
        Pattern { entry, added, words: words.collect() }
    }

    /// The words that a match of encoded bytes covers.
    pub(crate) fn at(&self, start: usize, end: usize, entry: u32) -> Found {
        let first = self.words.partition_point(|word| (word.start as usize) < start) as u32;
        let last = self.words.partition_point(|word| (word.end as usize) < end) as u32;
        Found { first, last, entry }
    }

    /// What the finder finds, by whole words.
    pub(crate) fn found(&self, finder: &Finder<'_>, raw: &str) -> Vec<Found> {
        let word = |at: usize| self.words.partition_point(|word| word.raw.1 as usize <= at) as u32;
        finder
            .find_iter(raw)
            .map(|m| Found { first: word(m.start), last: word(m.end - 1), entry: m.entry() })
            .collect()
    }

    pub(crate) fn show(&self, found: &Found, raw: &str) -> String {
        let word = |i: u32| self.words[i as usize].raw;
        let (start, end) = (word(found.first).0 as usize, word(found.last).1 as usize);
        format!("{:?} (bytes {start} to {end}, key {})", &raw[start..end], found.entry)
    }
}

fn start_of(tokens: &Tokens, i: usize) -> usize {
    tokens.as_slice()[i].start as usize
}

/// What the others look for: each pattern with the number of its key.
pub(crate) struct Patterns {
    pub(crate) all: FxHashMap<Vec<u8>, Pattern>,
}

pub(crate) struct Pattern {
    pub(crate) entry: u32,
    /// Whether it is no spelling of the list, but what the finder found in a text.
    added: bool,
    /// Of each word: what stands before it, the bytes of that, and its own.
    pub(crate) words: Box<[(u8, u16, u16)]>,
}

impl Patterns {
    /// The names that can be found: those of at most [`Key::MAX_TOKENS`] words.
    pub(crate) fn new(gazetteer: &Gazetteer, names: &[String]) -> Patterns {
        let mut all = FxHashMap::default();
        for name in names {
            let encoded = Encoded::name(name);
            let mut cursor = gazetteer.cursor();
            if (1..=Key::MAX_TOKENS).contains(&encoded.len())
                && cursor.steps(Key::new(name).as_bytes())
                && let Some(entry) = cursor.value()
            {
                let last = encoded.len() as u32 - 1;
                all.insert(encoded.slice(0, last).to_vec(), encoded.pattern(0, last, entry, false));
            }
        }
        Patterns { all }
    }

    pub(crate) fn len(&self) -> usize {
        self.all.len()
    }

    /// Add the forms in a text that the finder knows for names of the list.
    pub(crate) fn add_found(&mut self, text: &Encoded, finder: &Finder<'_>, raw: &str) -> Result<()> {
        for found in text.found(finder, raw) {
            let pattern = text.slice(found.first, found.last);
            match self.all.get(pattern) {
                Some(known) => ensure!(
                    known.entry == found.entry,
                    "{} is pattern {} elsewhere",
                    text.show(&found, raw),
                    known.entry
                ),
                None => {
                    let new = text.pattern(found.first, found.last, found.entry, true);
                    self.all.insert(pattern.to_vec(), new);
                }
            }
        }
        Ok(())
    }
}
