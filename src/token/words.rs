//! The distinct words of texts: each is folded once, however often it is met.
//!
//! A word is known again by its bytes as written. A table of places, eight to a cache line, leads to the word, of which the first and
//! last eight bytes stand there, which are the whole word in most scripts up to 16 bytes; longer words are compared in full. Words
//! stand in the order in which they were met, so the frequent ones stand together. Nothing is trusted to a hash, and a probe looks
//! at eight places at most, so no text makes it wrong or slow.

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

/// All of a word.
#[derive(Clone, Copy, Debug)]
struct Known {
    first: u64,
    last: u64,
    /// Where its key stands.
    key: (u32, u32),
    /// Where its bytes as written end, which begin behind the key, if they are kept.
    raw_end: u32,
    /// Its length as written; 0 if it is not known again.
    len: u8,
    shape: Shape,
    script: Script,
    before: Before,
}

/// Eight places of the table, one cache line: bits of the hash, and the number of the word plus one; 0 marks a free one.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Places {
    bits: [u32; 8],
    numbers: [u32; 8],
}

impl Places {
    /// The number of the word with these bits, plus one; nothing of use if there are several.
    #[inline]
    fn find(&self, bits: u32) -> u32 {
        let pairs = self.bits.iter().zip(&self.numbers);
        pairs.fold(0, |found, (here, number)| found | if *here == bits { *number } else { 0 })
    }

    fn free(&self) -> Option<usize> {
        self.numbers.iter().position(|number| *number == 0)
    }
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
    words: Vec<Known>,
    /// The keys of words, and the bytes of long ones as written.
    bytes: Vec<u8>,
    /// As many as a power of two, at least half of the places free; none if words are not to be known again.
    places: Vec<Places>,
}

/// Distinct words kept from one stretch of text to the next.
const MANY: usize = 1 << 17;
/// Longest word that is known again, in bytes.
const LONGEST: usize = 64;
/// Eights of places at first: enough for a paragraph.
const FEW: usize = 32;

impl Words {
    /// Words that are known again.
    pub(super) fn remembering() -> Words {
        Words { places: vec![Places::default(); FEW], ..Words::default() }
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
        !self.places.is_empty()
    }

    /// Forget all words, keep the memory.
    pub(super) fn clear(&mut self) {
        self.words.clear();
        self.bytes.clear();
        self.places.fill(Places::default());
    }

    /// A word met before.
    #[inline]
    pub(super) fn known(&self, raw: &Raw<'_>) -> Option<Word> {
        let mask = self.places.len().wrapping_sub(1);
        let (home, bits) = hash(raw.first, raw.last, raw.bytes.len());
        let places = self.places.get(home & mask)?;
        self.word(places.find(bits), raw).or_else(|| {
            // A full line may have sent it to the next one.
            let is_full = places.free().is_none();
            is_full
                .then(|| self.places.get(home.wrapping_add(1) & mask))?
                .and_then(|next| self.word(next.find(bits), raw))
        })
    }

    /// The word with a number, counted from one, if it is written so.
    #[inline]
    fn word(&self, number: u32, raw: &Raw<'_>) -> Option<Word> {
        let number = number.wrapping_sub(1);
        let known = self.words.get(number as usize)?;
        let is_same = known.first == raw.first
            && known.last == raw.last
            && usize::from(known.len) == raw.bytes.len()
            && (raw.bytes.len() <= 16 || self.raw(known) == raw.bytes);
        let Known { shape, script, before, .. } = *known;
        is_same.then_some(Word { number, shape, script, before })
    }

    fn raw(&self, known: &Known) -> &[u8] {
        self.bytes.get(known.key.1 as usize..known.raw_end as usize).unwrap_or_default()
    }

    /// Where the key of a new word is written, before it is [`added`](Words::add).
    pub(super) fn room(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Add the word whose key was written to the [`room`](Words::room) from `key_start` on.
    pub(super) fn add(&mut self, raw: &Raw<'_>, key_start: usize, shape: Shape, script: Script) -> Word {
        let key_end = self.bytes.len();
        let before = Before::new(&self.bytes[key_start..], shape, script);
        let number = self.words.len() as u32;
        let is_kept = self.remembers() && (1..=LONGEST).contains(&raw.bytes.len());
        let (first, last) = (raw.first, raw.last);
        let len = if is_kept { raw.bytes.len() as u8 } else { 0 };
        if len > 16 {
            self.bytes.extend_from_slice(raw.bytes);
        }
        let (key, raw_end) = ((key_start as u32, key_end as u32), self.bytes.len() as u32);
        self.words.push(Known { first, last, key, raw_end, len, shape, script, before });
        if is_kept {
            if self.words.len() > self.places.len() * 4 {
                self.places = vec![Places::default(); self.places.len() * 4];
                (0..number).for_each(|number| self.put(number));
            }
            self.put(number);
        }
        Word { number, shape, script, before }
    }

    /// Put a word into a free place, or in place of another if there is none where it is looked for.
    fn put(&mut self, number: u32) {
        let Some(known) = self.words.get(number as usize).filter(|known| known.len > 0) else { return };
        let mask = self.places.len().wrapping_sub(1);
        let (home, bits) = hash(known.first, known.last, usize::from(known.len));
        let line = |line: usize| Some((line, self.places.get(line)?.free()?));
        let (line, place) =
            line(home & mask).or_else(|| line(home.wrapping_add(1) & mask)).unwrap_or((home & mask, 0));
        if let Some(places) = self.places.get_mut(line) {
            (places.bits[place], places.numbers[place]) = (bits, number + 1);
        }
    }
}

/// Where a word is looked for, and the bits by which it is known there.
#[inline]
fn hash(first: u64, last: u64, len: usize) -> (usize, u32) {
    let product = u128::from(first ^ 0xa076_1d64_78bd_642f)
        * u128::from(last ^ 0xe703_7ed1_a0b4_28db ^ (len as u64) << 56);
    let hash = product as u64 ^ (product >> 64) as u64;
    (hash as usize, (hash >> 32) as u32)
}
