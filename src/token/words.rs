//! The distinct words of texts: each is folded once, however often it is met.
//!
//! A word is known again by its bytes as written. The table holds the first and last eight bytes of each, which are the whole word
//! in most scripts up to 16 bytes; longer words are compared in full. Nothing is trusted to a hash, and a probe looks at eight
//! places at most, so no text makes it wrong or slow.

use super::{Shape, gap::Before};
use crate::script::Script;

/// What is known of a word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Word {
    /// Its number among the distinct words.
    pub(super) number: u32,
    pub(super) shape: Shape,
    pub(super) script: Script,
    /// What the gap behind it needs to know of it; nothing if it folds to nothing.
    pub(super) before: Before,
}

/// A place in the table; a length of none marks a free one.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    first: u64,
    last: u64,
    len: u8,
    word: Word,
}

/// Where the key of a word stands, and its bytes as written if there are more than the table holds.
#[derive(Clone, Copy, Debug)]
struct Bytes {
    key: (u32, u32),
    raw: (u32, u32),
}

/// A word as the table knows it.
#[derive(Clone, Copy)]
pub(super) struct Raw<'t> {
    bytes: &'t [u8],
    first: u64,
    last: u64,
}

impl<'t> Raw<'t> {
    /// A word of at most 16 bytes, of which these are the first and last eight.
    #[inline]
    pub(super) fn short(bytes: &'t [u8], first: u64, last: u64) -> Raw<'t> {
        Raw { bytes, first, last }
    }

    /// The bytes `start..end` of a text.
    #[inline]
    pub(super) fn new(text: &'t [u8], start: usize, end: usize) -> Raw<'t> {
        let bytes = text.get(start..end).unwrap_or_default();
        let (first, last) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => match text[start..].first_chunk::<8>() {
                Some(chunk) => (u64::from_le_bytes(*chunk) & ((1 << (8 * bytes.len())) - 1), 0),
                None => (bytes.iter().rev().fold(0, |all, byte| all << 8 | u64::from(*byte)), 0),
            },
        };
        Raw { bytes, first, last }
    }
}

/// The words met so far, by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    words: Vec<Bytes>,
    /// The keys of words, and the bytes of long ones as written.
    bytes: Vec<u8>,
    /// As many as a power of two, at least half of them free; none if words are not to be known again.
    slots: Vec<Slot>,
}

/// Places looked at for one word.
const PROBES: usize = 8;
/// Distinct words kept from one stretch of text to the next.
const MANY: usize = 1 << 17;
/// Longest word that is known again, in bytes.
const LONGEST: usize = 64;
/// Places at first: enough for a paragraph.
const FEW: usize = 256;

impl Words {
    /// Words that are known again.
    pub(super) fn remembering() -> Words {
        Words { slots: vec![Slot::default(); FEW], ..Words::default() }
    }

    /// Whether it is time to forget them.
    pub(super) fn are_many(&self) -> bool {
        self.words.len() > MANY || self.bytes.len() > MANY * 32
    }

    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    #[inline]
    pub(super) fn key(&self, word: u32) -> &[u8] {
        let (start, end) = self.words.get(word as usize).map_or((0, 0), |word| word.key);
        self.bytes.get(start as usize..end as usize).unwrap_or_default()
    }

    /// Whether words are known again.
    pub(super) fn remembers(&self) -> bool {
        !self.slots.is_empty()
    }

    /// Forget all words, keep the memory.
    pub(super) fn clear(&mut self) {
        self.words.clear();
        self.bytes.clear();
        self.slots.fill(Slot::default());
    }

    /// A word met before.
    #[inline]
    pub(super) fn known(&self, raw: &Raw<'_>) -> Option<Word> {
        let mask = self.slots.len().wrapping_sub(1);
        let home = home(raw.first, raw.last, raw.bytes.len());
        for probe in 0..PROBES {
            let slot = self.slots.get(home.wrapping_add(probe) & mask)?;
            if slot.first == raw.first && slot.last == raw.last && usize::from(slot.len) == raw.bytes.len() {
                if raw.bytes.len() <= 16 || self.long(slot.word.number) == raw.bytes {
                    return Some(slot.word);
                }
            } else if slot.len == 0 {
                return None;
            }
        }
        None
    }

    fn long(&self, word: u32) -> &[u8] {
        let (start, end) = self.words.get(word as usize).map_or((0, 0), |word| word.raw);
        self.bytes.get(start as usize..end as usize).unwrap_or_default()
    }

    /// Where the key of a new word is written, before it is [`added`](Words::add).
    pub(super) fn room(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Add the word whose key was written to the [`room`](Words::room) from `key_start` on.
    pub(super) fn add(&mut self, raw: &Raw<'_>, key_start: usize, shape: Shape, script: Script) -> Word {
        let key_end = self.bytes.len();
        let before = Before::new(&self.bytes[key_start..], shape, script);
        let word = Word { number: self.words.len() as u32, shape, script, before };
        let is_kept = self.remembers() && (1..=LONGEST).contains(&raw.bytes.len());
        if is_kept {
            if raw.bytes.len() > 16 {
                self.bytes.extend_from_slice(raw.bytes);
            }
            if (self.words.len() + 1) * 2 > self.slots.len() {
                let grown = vec![Slot::default(); self.slots.len() * 4];
                for slot in std::mem::replace(&mut self.slots, grown).into_iter().filter(|s| s.len > 0) {
                    self.put(slot);
                }
            }
            self.put(Slot { first: raw.first, last: raw.last, len: raw.bytes.len() as u8, word });
        }
        let raw = (key_end as u32, self.bytes.len() as u32);
        self.words.push(Bytes { key: (key_start as u32, key_end as u32), raw });
        word
    }

    /// Put a word into the first free place, or in place of another if there is none near.
    fn put(&mut self, new: Slot) {
        let mask = self.slots.len().wrapping_sub(1);
        let home = home(new.first, new.last, usize::from(new.len));
        let free =
            (0..PROBES).map(|probe| home.wrapping_add(probe) & mask).find(|at| self.slots[*at].len == 0);
        self.slots[free.unwrap_or(home & mask)] = new;
    }
}

#[inline]
fn home(first: u64, last: u64, len: usize) -> usize {
    let product = u128::from(first ^ 0xa076_1d64_78bd_642f)
        * u128::from(last ^ 0xe703_7ed1_a0b4_28db ^ (len as u64) << 56);
    (product as u64 ^ (product >> 64) as u64) as usize
}
