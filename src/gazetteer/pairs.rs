//! The second-word filter: does any key go on with this word behind that one? One word of memory tells, for nearly every pair that
//! stands in no key.
//!
//! A pair is the hash of what a key has before its first separator, the separator, and the first [`LETTERS`] letters behind
//! it, so that an inflected second word is asked about by the beginning that it shares with its lemma. In scripts without spaces
//! it is the first two characters. The filter is an array of words of 64 bits, eight pairs to a word, each of which sets four bits:
//! a pair of a key always passes; of others, about 1 in 20 does.

use super::filter::{hash, mix};
use crate::token::Gap;

/// Bytes of a word of the filter.
pub(crate) const WORD: usize = 8;
/// Pairs to a word.
const LOAD: usize = 8;
/// Letters of the second word that count.
const LETTERS: usize = 4;

/// The filter of a gazetteer. A damaged one may let too little or too much pass, and does no further harm.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pairs<'g> {
    words: &'g [[u8; WORD]],
}

impl<'g> Pairs<'g> {
    /// The filter stored in these bytes.
    pub(crate) fn new(bytes: &'g [u8]) -> Pairs<'g> {
        Pairs { words: bytes.as_chunks().0 }
    }

    /// Whether a key may begin with this [`pair`].
    #[inline]
    pub(crate) fn may_hold(self, pair: u64) -> bool {
        let Some(word) = self.words.get(word_of(pair, self.words.len())) else { return false };
        let bits = bits_of(pair);
        u64::from_le_bytes(*word) & bits == bits
    }
}

#[inline]
fn word_of(pair: u64, words: usize) -> usize {
    (((pair >> 32) * words as u64) >> 32) as usize
}

#[inline]
fn bits_of(pair: u64) -> u64 {
    1 << (pair & 63) | 1 << (pair >> 6 & 63) | 1 << (pair >> 12 & 63) | 1 << (pair >> 18 & 63)
}

/// One number for a pair: the hash of the first word, the byte between, and the [`beginning`] of the second word, hashed.
#[inline]
pub(crate) fn pair(first: u32, between: Option<u8>, second: u32) -> u64 {
    let first = u64::from(first) << 8 | u64::from(between.unwrap_or(0));
    mix(first ^ 0xa076_1d64_78bd_642f, u64::from(second) ^ 0x9e37_79b9_7f4a_7c15)
}

/// Half of the hash of a word, which is enough for a pair.
#[inline]
pub(crate) fn half(word: &[u8]) -> u32 {
    hash(word) as u32
}

/// What of a folded second word counts, and whether that may be all of it, so that what is joined to it would count too.
#[inline]
pub(crate) fn beginning(word: &[u8]) -> (&[u8], bool) {
    // Bytes that begin a character.
    match word.iter().enumerate().filter(|(_, byte)| **byte & 0xc0 != 0x80).nth(LETTERS) {
        Some((end, _)) => (&word[..end], false),
        None => (word, word.iter().filter(|byte| **byte & 0xc0 != 0x80).nth(LETTERS - 1).is_none()),
    }
}

/// The character of three bytes that folded text begins with, if it is one that may stand in a script without spaces.
#[inline]
pub(crate) fn wide(text: &[u8]) -> Option<&[u8]> {
    text.get(..3).filter(|_| matches!(text.first(), Some(0xe3..=0xef)))
}

/// The pairs that a key begins with.
pub(crate) fn of_key(key: &[u8]) -> impl Iterator<Item = u64> {
    let is_gap = |byte: &u8| Gap::BYTES.contains(byte);
    let spaced = key.iter().position(is_gap).and_then(|end| {
        let (first, rest) = key.split_at(end);
        let (between, rest) = rest.split_first()?;
        let second = rest.split(is_gap).next().unwrap_or_default();
        Some(pair(half(first), Some(*between), half(beginning(second).0)))
    });
    let unspaced = wide(key).and_then(|first| Some(pair(half(first), None, half(wide(key.get(3..)?)?))));
    spaced.into_iter().chain(unspaced)
}

/// Puts one more pair into a filter.
pub(crate) fn insert(filter: &mut [u8], pair: u64) {
    let words = filter.as_chunks_mut::<WORD>().0;
    let at = word_of(pair, words.len());
    if let Some(word) = words.get_mut(at) {
        *word = (u64::from_le_bytes(*word) | bits_of(pair)).to_le_bytes();
    }
}

/// The bytes of a filter of these pairs; a pair may come more than once.
pub(crate) fn build(pairs: &mut Vec<u64>) -> Vec<u8> {
    pairs.sort_unstable();
    pairs.dedup();
    let count = pairs.len().div_ceil(LOAD);
    let mut words = vec![0u64; count];
    for pair in pairs {
        if let Some(word) = words.get_mut(word_of(*pair, count)) {
            *word |= bits_of(*pair);
        }
    }
    words.into_iter().flat_map(u64::to_le_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pair_is_missed_and_few_others_pass() {
        for count in [0usize, 1, 9, 100_000] {
            let key = |i: usize| format!("new {i:04}");
            let mut pairs: Vec<u64> =
                (0..count).flat_map(|i| of_key(key(i).as_bytes()).collect::<Vec<_>>()).collect();
            assert_eq!(pairs.len(), count);
            let bytes = build(&mut pairs);
            let holds = |i: usize| of_key(key(i).as_bytes()).all(|pair| Pairs::new(&bytes).may_hold(pair));
            assert!((0..count).all(holds));
            let others = |i: &usize| {
                of_key(format!("old {i:04}").as_bytes()).all(|pair| Pairs::new(&bytes).may_hold(pair))
            };
            let wrong = (0..10_000).filter(others).count();
            assert!(wrong < 800, "{wrong} of 10 000 pass, with {count} pairs");
        }
    }

    #[test]
    fn pairs_are_of_what_a_key_begins_with() {
        let pairs = |key: &str| of_key(key.as_bytes()).collect::<Vec<_>>();
        assert_eq!(pairs("new yorker zeitung"), pairs("new york"));
        assert_ne!(pairs("new york"), pairs("new,york"));
        assert_ne!(pairs("нью йорк"), pairs("нью йод"));
        assert_eq!(pairs("阿拉木图"), pairs("阿拉"));
        assert!(pairs("almaty").is_empty());
        assert_eq!(beginning("ата".as_bytes()), ("ата".as_bytes(), true));
        assert_eq!(beginning("йорке".as_bytes()), ("йорк".as_bytes(), false));
    }
}
