//! The first-word filter: can a word begin any key at all? One cache line tells, for nearly every word that cannot.
//!
//! The filter is an array of blocks of 64 bytes, 32 slots of 16 bits each. A word belongs to one block, by the high half of
//! its [`hash`]; its slot holds 14 bits of the low half and two flags. A slot with bits but without flags is the mark of a
//! block that overflowed: each of its 14 bits lets the words of one part of that block pass unseen. A word that begins a
//! key always passes; of those that begin none, about 1 in 100 does.

/// Slots in a block.
const SLOTS: usize = 32;
/// Bytes of a block: one cache line.
pub(crate) const BLOCK: usize = 2 * SLOTS;
/// Words a block holds on average: 2.67 bytes a word, and 1 block in 20 overflows by a word or two.
const LOAD: usize = 24;
const PRINT: u16 = 0x3fff;
/// Parts of an overflowed block, one bit each.
const PARTS: u64 = 14;

const P0: u64 = 0xa076_1d64_78bd_642f;
const P1: u64 = 0xe703_7ed1_a0b4_28db;
const P2: u64 = 0x8ebc_6af0_9c88_c6e3;

/// The stable 64-bit hash of a word's folded bytes; part of the stored format (its definition is in `docs/format.md`).
///
/// Each 16 bytes are read as two little-endian words, mixed with the state and multiplied to 128 bits, of which both halves
/// are combined; the rest (up to 16 bytes) is read in at most two overlapping words, and the length is mixed in last.
///
/// ```
/// use exonym::gazetteer::filter::hash;
/// assert_ne!(hash("алматы".as_bytes()), hash("алмата".as_bytes()));
/// assert_eq!(hash(b"almaty"), 0x333f_1e62_a054_e8c4);
/// ```
#[inline]
pub fn hash(word: &[u8]) -> u64 {
    let mut state = P0;
    let mut rest = word;
    while let Some((head, tail)) = rest.split_first_chunk::<16>()
        && !tail.is_empty()
    {
        let (low, high) = halves(head);
        state = mix(low ^ P1, high ^ state);
        rest = tail;
    }
    let (low, high) = match (rest.first_chunk::<8>(), rest.last_chunk::<8>()) {
        (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
        _ => match (rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)))
            }
            _ => match (rest.first(), rest.get(rest.len() / 2), rest.last()) {
                (Some(a), Some(b), Some(c)) => (u64::from(*a) << 16 | u64::from(*b) << 8 | u64::from(*c), 0),
                _ => (0, 0),
            },
        },
    };
    mix(P2 ^ word.len() as u64, mix(low ^ P1, high ^ state))
}

#[inline]
fn halves(bytes: &[u8; 16]) -> (u64, u64) {
    let all = u128::from_le_bytes(*bytes);
    (all as u64, (all >> 64) as u64)
}

#[inline]
pub(super) fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    product as u64 ^ (product >> 64) as u64
}

/// What the filter says of a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags(u16);

impl Flags {
    /// The word begins no key.
    pub const NONE: Flags = Flags(0);
    /// The word alone is a whole key.
    pub const SINGLE: Flags = Flags(0x4000);
    /// Some key begins with the word and goes on after it.
    pub const CONTINUES: Flags = Flags(0x8000);

    /// Whether the word begins no key.
    #[inline]
    pub fn is_none(self) -> bool {
        self.0 == 0
    }

    /// Whether the word alone may be a key.
    #[inline]
    pub fn single(self) -> bool {
        self.0 & Flags::SINGLE.0 != 0
    }

    /// Whether some key may go on after the word.
    #[inline]
    pub fn continues(self) -> bool {
        self.0 & Flags::CONTINUES.0 != 0
    }
}

impl std::ops::BitOr for Flags {
    type Output = Flags;

    fn bitor(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }
}

/// The filter of a gazetteer. A damaged one may let too little or too much pass, and does no further harm.
///
/// ```
/// # use exonym::{gazetteer::{Gazetteer, GazetteerBuilder, filter}, record::{Name, Record}};
/// # let mut builder = GazetteerBuilder::new();
/// # let mut record = Record::new("gn:5128581".parse()?);
/// # record.names = vec![Name::new("Нью Йорк", "ru")];
/// # builder.add(record, None)?;
/// # let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
/// let flags = gazetteer.filter().query(filter::hash("нью".as_bytes()));
/// assert!(flags.continues() && !flags.single());
/// assert!(gazetteer.filter().query(filter::hash("йорк".as_bytes())).is_none());
/// # Ok::<(), exonym::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Filter<'g> {
    blocks: &'g [[u8; BLOCK]],
}

impl<'g> Filter<'g> {
    /// The filter stored in these bytes.
    pub(crate) fn new(bytes: &'g [u8]) -> Filter<'g> {
        Filter { blocks: bytes.as_chunks().0 }
    }

    /// What is known of the word with this [`hash`]: no word that begins a key is ever missed.
    #[inline]
    pub fn query(self, hash: u64) -> Flags {
        let Some(block) = self.blocks.get(block_of(hash, self.blocks.len())) else { return Flags::NONE };
        let print = hash as u16 & PRINT;
        let mut found = 0;
        let mut last = 0;
        for slot in block.as_chunks::<2>().0 {
            let slot = u16::from_le_bytes(*slot);
            found |= if slot & PRINT == print { slot & !PRINT } else { 0 };
            last = slot;
        }
        if last != 0 && last & !PRINT == 0 && last >> part_of(hash) & 1 != 0 {
            found = !PRINT;
        }
        Flags(found)
    }
}

#[inline]
fn block_of(hash: u64, blocks: usize) -> usize {
    (((hash >> 32) * blocks as u64) >> 32) as usize
}

#[inline]
fn part_of(hash: u64) -> u64 {
    (((hash >> 14) & 0xffff) * PARTS) >> 16
}

/// Puts one more word into a filter, without knowing those it was built of: of a block that overflows now, every word passes.
pub(crate) fn insert(filter: &mut [u8], hash: u64, flags: Flags) {
    let blocks = filter.as_chunks_mut::<BLOCK>().0;
    let at = block_of(hash, blocks.len());
    let Some(block) = blocks.get_mut(at) else { return };
    let (slots, _) = block.as_chunks_mut::<2>();
    let print = hash as u16 & PRINT;
    let found = |slot: &[u8; 2]| {
        let slot = u16::from_le_bytes(*slot);
        slot == 0 || (slot & PRINT == print && slot & !PRINT != 0)
    };
    if let Some(slot) = slots.iter_mut().find(|slot| found(slot)) {
        *slot = (u16::from_le_bytes(*slot) | print | flags.0).to_le_bytes();
    } else if let Some(last) = slots.last_mut() {
        let mark = u16::from_le_bytes(*last);
        let parts = if mark & !PRINT == 0 { mark | 1 << part_of(hash) } else { PRINT };
        *last = parts.to_le_bytes();
    }
}

/// Words that can be put into a filter of so many bytes before it lets too many others pass.
pub(crate) fn room(filter: &[u8]) -> usize {
    filter.len() / BLOCK
}

/// The bytes of a filter of these words; a word may come more than once, and its flags are joined.
pub(crate) fn build(words: &mut Vec<(u64, Flags)>) -> Vec<u8> {
    words.sort_unstable_by_key(|(hash, flags)| (*hash, flags.0));
    words.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 = kept.1 | next.1;
        }
        same
    });
    let count = words.len().div_ceil(LOAD);
    let mut out = Vec::with_capacity(count * BLOCK);
    // Sorted by hash is sorted by block, since a block is a range of hashes.
    let mut rest = words.as_slice();
    for block in 0..count {
        let here = rest.partition_point(|(hash, _)| block_of(*hash, count) <= block);
        let (mine, next) = rest.split_at(here);
        rest = next;
        // Words of one block with equal bits share a slot; each remembers the parts of the block its words lie in.
        let mut slots: Vec<(u16, u16)> = Vec::with_capacity(SLOTS);
        for (hash, flags) in mine {
            let (print, part) = (*hash as u16 & PRINT, 1 << part_of(*hash));
            match slots.iter_mut().find(|(slot, _)| slot & PRINT == print) {
                Some((slot, parts)) => (*slot, *parts) = (*slot | flags.0, *parts | part),
                None => slots.push((print | flags.0, part)),
            }
        }
        if slots.len() > SLOTS {
            let mark = slots.drain(SLOTS - 1..).fold(0, |mark, (_, parts)| mark | parts);
            slots.push((mark, 0));
        }
        slots.resize(SLOTS, (0, 0));
        slots.iter().for_each(|(slot, _)| out.extend_from_slice(&slot.to_le_bytes()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_missed_and_few_others_pass() {
        for count in [0usize, 1, 24, 25, 1000, 200_000] {
            let word = |i: usize| format!("word{i}");
            let flag = |i: usize| if i.is_multiple_of(3) { Flags::SINGLE } else { Flags::CONTINUES };
            let mut words: Vec<_> = (0..count).map(|i| (hash(word(i).as_bytes()), flag(i))).collect();
            let bytes = build(&mut words);
            assert!(bytes.len() <= count * 8 / 3 + BLOCK);
            let filter = Filter::new(&bytes);
            for i in 0..count {
                let got = filter.query(hash(word(i).as_bytes()));
                assert_eq!(got | flag(i), got, "word {i} of {count}");
            }
            let wrong = (count..count + 100_000)
                .filter(|i| !filter.query(hash(word(*i).as_bytes())).is_none())
                .count();
            assert!(wrong < 2_000, "{wrong} of 100 000 pass, with {count} words");
        }
    }

    #[test]
    fn words_put_in_later_are_not_missed() {
        for (built, more) in [(24, 200), (10_000, 400), (1000, 3000)] {
            let hash_of = |i: usize| hash(format!("слово{i}").as_bytes());
            let mut words: Vec<_> = (0..built).map(|i| (hash_of(i), Flags::CONTINUES)).collect();
            let mut bytes = build(&mut words);
            (built / 2..built + more).for_each(|i| insert(&mut bytes, hash_of(i), Flags::SINGLE));
            let query = |i| Filter::new(&bytes).query(hash_of(i));
            assert!((0..built).all(|i| query(i).continues()));
            assert!((built / 2..built + more).all(|i| query(i).single()));
            let wrong = (100_000..110_000).filter(|i| !query(*i).is_none()).count();
            assert!(more > room(&bytes) || wrong < 500, "{wrong} of 10 000 pass");
        }
    }

    #[test]
    fn prefixes_and_zeros_hash_apart() {
        let text = [0; 70];
        let mut seen: Vec<u64> = (0..text.len()).map(|n| hash(&text[..n])).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), text.len());
    }

    #[test]
    fn bits_of_the_hash_are_even() {
        for bit in 0..64 {
            let ones = (0..10_000).filter(|i| hash(format!("сло{i}").as_bytes()) >> bit & 1 == 1).count();
            assert!((4_700..5_300).contains(&ones), "bit {bit}: {ones}");
        }
    }
}
