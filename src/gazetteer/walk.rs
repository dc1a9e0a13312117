//! Stepping through the keys byte by byte: the hot path of finding names in a text.
//!
//! Our own reader of the bytes that `fst::MapBuilder` writes (fst 0.4, format version 3). The crate's own reader panics on
//! damaged bytes and decodes more of a node than a step needs; this one checks every offset, allocates nothing, and takes
//! 0.6 of the time where the nodes are in the cache (0.85 where they are not). A test holds it to the crate's answers.
//!
//! A node is written back to front, and its address is that of its last byte, the state byte. Address 0 stands for the one
//! node that is final and has no transitions. `docs/format.md` has the layout.

/// Bytes with a short form in the state byte: `COMMON[i - 1]` for the six-bit number `i` (fst's own table, by frequency in
/// its author's corpus; part of that format).
const COMMON: [u8; 63] = *b"te/oasripcnw.hlm-du012g=:bf3y5&_4v9678k%?xCDASFIBEjPTzRNM+LOqHG";

const ONE: u8 = 0b1000_0000;
const NEXT: u8 = 0b0100_0000;
pub(super) const FINAL: u8 = 0b0100_0000;
pub(super) const LOW: u8 = 0b0011_1111;
/// Nodes with more transitions than this carry a table of 256 bytes that finds them.
pub(super) const INDEXED: usize = 32;
/// Bytes before the first node: version and type.
const START: usize = 16;
/// Bytes after the root node: number of keys, address of the root, checksum.
const FOOTER: usize = 20;

/// An address inside the head of the file, where no node can be.
const NO_NODE: u32 = 1;

/// A place among the keys, reached by the bytes taken so far.
///
/// ```
/// # use exonym::{gazetteer::{Gazetteer, GazetteerBuilder}, record::{Name, Record}, token::Key};
/// # let mut builder = GazetteerBuilder::new();
/// # let mut record = Record::new("gn:1526384".parse()?);
/// # record.names = vec![Name::new("Алма-Ата", "ru")];
/// # builder.add(record, None)?;
/// # let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
/// let key = Key::new("Алма-Ата");
/// let mut cursor = gazetteer.cursor();
/// assert!(cursor.steps(key.first_word()) && cursor.value().is_none());
/// assert!(cursor.steps(&key.as_bytes()[key.first_word().len()..]));
/// let entry = cursor.value().expect("the key ends here");
/// assert_eq!(gazetteer.entry(entry).next().map(|name| name.text()), Some("Алма-Ата"));
/// # Ok::<(), exonym::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Cursor<'g> {
    data: &'g [u8],
    node: u32,
    sum: u32,
}

/// Where a cursor stands, without the keys it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    node: u32,
    sum: u32,
}

impl Place {
    /// Where no key goes on.
    pub(crate) const NOWHERE: Place = Place { node: NO_NODE, sum: 0 };

    pub(crate) fn is_nowhere(self) -> bool {
        self.node == NO_NODE
    }
}

impl std::fmt::Debug for Cursor<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cursor").field("node", &self.node).field("sum", &self.sum).finish_non_exhaustive()
    }
}

impl<'g> Cursor<'g> {
    /// At the root of these keys; bytes that are no keys give a cursor that cannot step.
    pub(crate) fn new(data: &'g [u8]) -> Cursor<'g> {
        let nowhere = Cursor { data: &[], node: NO_NODE, sum: 0 };
        let Some((_, footer)) = data.split_last_chunk::<FOOTER>().filter(|(body, _)| body.len() >= START)
        else {
            return nowhere;
        };
        let version = data.first_chunk().map(|bytes| u64::from_le_bytes(*bytes));
        let root = footer.get(8..16).and_then(|bytes| bytes.try_into().ok()).map(u64::from_le_bytes);
        match (version, root.and_then(|root| u32::try_from(root).ok())) {
            // An empty map has address 0 for its root too, but the root of ours never is final.
            (Some(3), Some(root)) if root != 0 => Cursor { data, node: root, sum: 0 },
            _ => nowhere,
        }
    }

    /// A cursor put back where one of the same keys stood.
    #[inline]
    pub(crate) fn at(self, place: Place) -> Cursor<'g> {
        Cursor { node: place.node, sum: place.sum, ..self }
    }

    #[inline]
    pub(crate) fn place(&self) -> Place {
        Place { node: self.node, sum: self.sum }
    }

    /// Takes as many bytes as fit; tells how many.
    #[inline]
    pub(crate) fn advance(&mut self, bytes: &[u8]) -> usize {
        bytes.iter().position(|byte| !self.step(*byte)).unwrap_or(bytes.len())
    }

    /// Takes one more byte; false, with the cursor where it was, if no key goes on with it.
    #[inline]
    pub fn step(&mut self, byte: u8) -> bool {
        match find(self.data, self.node as usize, byte) {
            Some((node, output)) => {
                self.node = node;
                self.sum = self.sum.wrapping_add(output);
                true
            }
            None => false,
        }
    }

    /// Takes several bytes; false if no key goes on with all of them, with the cursor after those that fit.
    #[inline]
    pub fn steps(&mut self, bytes: &[u8]) -> bool {
        bytes.iter().all(|byte| self.step(*byte))
    }

    /// The entry of the key that ends here, if one does.
    #[inline]
    pub fn value(&self) -> Option<u32> {
        if self.node == 0 {
            return Some(self.sum);
        }
        let node = self.node as usize;
        let state = *self.data.get(node)?;
        if state & (ONE | FINAL) != FINAL {
            return None;
        }
        let any = Any::read(self.data, node, state)?;
        let output = match any.output {
            0 => 0,
            size => packed(self.data, any.outputs().checked_sub((any.count + 1) * size)?, size)?,
        };
        Some(self.sum.wrapping_add(output as u32))
    }

    /// Whether nothing can follow.
    #[inline]
    pub fn is_leaf(&self) -> bool {
        self.node == 0
    }

    /// The bytes that can follow, ascending, each with the place it leads to.
    pub fn next_bytes(self) -> impl Iterator<Item = (u8, Cursor<'g>)> {
        let mut bytes = self.inputs().to_vec();
        bytes.sort_unstable();
        bytes.into_iter().filter_map(move |byte| {
            let mut next = self;
            next.step(byte).then_some((byte, next))
        })
    }

    /// The bytes that can follow, in the order stored.
    fn inputs(&self) -> &'g [u8] {
        let node = self.node as usize;
        let read = || {
            let state = *self.data.get(node).filter(|_| node != 0)?;
            if state & ONE == 0 {
                let any = Any::read(self.data, node, state)?;
                self.data.get(any.inputs()?..any.inputs()? + any.count)
            } else {
                match usize::from(state & LOW).checked_sub(1) {
                    Some(i) => COMMON.get(i..=i),
                    None => self.data.get(node.checked_sub(1)?..node),
                }
            }
        };
        read().unwrap_or(&[])
    }
}

/// A node with none or several transitions, or a final one.
#[derive(Clone, Copy)]
struct Any {
    /// Address of the byte that tells the sizes.
    sizes: usize,
    count: usize,
    /// Bytes of an address.
    address: usize,
    /// Bytes of an output.
    output: usize,
}

impl Any {
    #[inline]
    fn read(data: &[u8], node: usize, state: u8) -> Option<Any> {
        let (count, sizes) = match state & LOW {
            0 => match *data.get(node.checked_sub(1)?)? {
                1 => (256, node.checked_sub(2)?),
                n => (usize::from(n), node.checked_sub(2)?),
            },
            n => (usize::from(n), node.checked_sub(1)?),
        };
        let packs = *data.get(sizes)?;
        Some(Any { sizes, count, address: usize::from(packs >> 4), output: usize::from(packs & 15) })
    }

    /// Address of the first input byte; they stand in descending order.
    #[inline]
    fn inputs(self) -> Option<usize> {
        self.sizes.checked_sub(self.count + if self.count > INDEXED { 256 } else { 0 })
    }

    /// Address after the outputs. Whoever subtracts from it checks; zero if there is no room.
    #[inline]
    fn outputs(self) -> usize {
        self.inputs().and_then(|at| at.checked_sub(self.count * self.address)).unwrap_or(0)
    }
}

/// Where a byte leads from a node, and what it adds.
#[inline(always)]
fn find(data: &[u8], node: usize, byte: u8) -> Option<(u32, u32)> {
    if node == 0 {
        return None;
    }
    let state = *data.get(node)?;
    if state & ONE != 0 {
        let (input, at) = match usize::from(state & LOW).checked_sub(1) {
            Some(i) => (*COMMON.get(i)?, node),
            None => (*data.get(node.checked_sub(1)?)?, node - 1),
        };
        if input != byte {
            return None;
        }
        let at = at.checked_sub(1)?;
        if state & NEXT != 0 {
            return Some((at as u32, 0));
        }
        let packs = *data.get(at)?;
        let (address, output) = (usize::from(packs >> 4), usize::from(packs & 15));
        let addresses = at.checked_sub(address)?;
        let end = addresses.checked_sub(output)?;
        let sum = if output == 0 { 0 } else { packed(data, end, output)? as u32 };
        return Some((target(end, packed(data, addresses, address)?)?, sum));
    }
    let any = Any::read(data, node, state)?;
    let inputs = any.inputs()?;
    let place = if any.count > INDEXED {
        let i = usize::from(*data.get(inputs + any.count + usize::from(byte))?);
        if i >= any.count {
            return None;
        }
        i
    } else {
        any.count - (position(data, inputs, any.count, byte)? + 1)
    };
    let addresses = inputs.checked_sub((place + 1) * any.address)?;
    let outputs = any.outputs();
    let finals = usize::from(state & FINAL != 0);
    let end = outputs.checked_sub((any.count + finals) * any.output)?;
    let sum = if any.output == 0 {
        0
    } else {
        packed(data, outputs.checked_sub((place + 1) * any.output)?, any.output)? as u32
    };
    Some((target(end, packed(data, addresses, any.address)?)?, sum))
}

/// Where a byte stands among `count` ones, eight at a time (the exact test for a zero byte in a word, Hacker's Delight 6-1;
/// only the lowest hit counts, so that the borrow of the usual test does no harm).
#[inline]
fn position(data: &[u8], at: usize, count: usize, byte: u8) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    let mut done = 0;
    while done < count {
        let word = packed(data, at + done, 8)? ^ (ONES * u64::from(byte));
        let zeros = word.wrapping_sub(ONES) & !word & HIGH;
        if zeros != 0 {
            let found = done + zeros.trailing_zeros() as usize / 8;
            return (found < count).then_some(found);
        }
        done += 8;
    }
    None
}

/// The node a distance before the beginning of another one; distance 0 means the empty final node.
#[inline]
fn target(end: usize, distance: u64) -> Option<u32> {
    if distance == 0 {
        return Some(0);
    }
    let node = (end as u64).checked_sub(distance).filter(|node| *node >= START as u64)?;
    Some(node as u32)
}

/// A number of `len` bytes. The footer makes sure that eight bytes can be read wherever a node has a number.
#[inline]
fn packed(data: &[u8], at: usize, len: usize) -> Option<u64> {
    let bytes = data.get(at..at.checked_add(8)?)?;
    let all = u64::from_le_bytes(bytes.try_into().ok()?);
    match len {
        1..=7 => Some(all & ((1 << (8 * len)) - 1)),
        8 => Some(all),
        _ => None,
    }
}

/// What can follow a node: each byte, what it adds, and where it leads; ascending.
pub(super) fn transitions(data: &[u8], node: u32) -> Vec<(u8, u32, u32)> {
    let mut bytes = Cursor { data, node, sum: 0 }.inputs().to_vec();
    bytes.sort_unstable();
    let step = |byte: u8| find(data, node as usize, byte).map(|(target, output)| (byte, output, target));
    bytes.into_iter().filter_map(step).collect()
}

/// Where a cursor over these bytes would stand, with its value.
pub(super) fn value_at(data: &[u8], node: u32, sum: u32) -> Option<u32> {
    Cursor { data, node, sum }.value()
}

/// The bytes of an automaton without their footer, and its root; none if they are no automaton, or one without keys.
pub(super) fn body(data: &[u8]) -> Option<(&[u8], u32)> {
    let root = Some(Cursor::new(data).node).filter(|node| *node != NO_NODE)?;
    Some((data.get(..data.len().checked_sub(FOOTER)?)?, root))
}

/// Number of keys that the footer tells, for checking.
pub(crate) fn stated_len(data: &[u8]) -> Option<u64> {
    let at = data.len().checked_sub(FOOTER)?;
    super::format::u64_at(data, at)
}

/// Walks all keys in order and tells whether their values are 0, 1, 2, … up to `count`.
pub(crate) fn values_are_dense(data: &[u8], count: u32) -> bool {
    if count == 0 {
        return Cursor::new(data).inputs().is_empty();
    }
    // A hostile automaton may have more paths than keys. Bytes of keys are what a walk costs, and no key is longer.
    let mut budget = u64::from(count) * (super::names::MAX_KEY as u64 + 1);
    let mut next = 0;
    let mut stack: Vec<Vec<(u8, Cursor<'_>)>> = vec![descending(Cursor::new(data))];
    while let Some(top) = stack.last_mut() {
        let Some((_, cursor)) = top.pop() else {
            stack.pop();
            continue;
        };
        if let Some(value) = cursor.value() {
            if value != next || value >= count {
                return false;
            }
            next += 1;
        }
        let below = descending(cursor);
        budget = budget.saturating_sub(1);
        if budget == 0
            || stack.len() > super::names::MAX_KEY
            || (below.is_empty() && cursor.value().is_none())
        {
            return false;
        }
        if !below.is_empty() {
            stack.push(below);
        }
    }
    next == count
}

fn descending(cursor: Cursor<'_>) -> Vec<(u8, Cursor<'_>)> {
    let mut next: Vec<_> = cursor.next_bytes().collect();
    next.reverse();
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn build(keys: &[Vec<u8>], value: impl Fn(usize) -> u64) -> Vec<u8> {
        let mut builder = fst::MapBuilder::memory();
        for (i, key) in keys.iter().enumerate() {
            builder.insert(key, value(i)).unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn get(data: &[u8], key: &[u8]) -> Option<u32> {
        let mut cursor = Cursor::new(data);
        cursor.steps(key).then(|| cursor.value()).flatten()
    }

    fn agree(mut keys: Vec<Vec<u8>>, probes: &[Vec<u8>]) {
        keys.retain(|key| !key.is_empty());
        keys.sort();
        keys.dedup();
        if keys.is_empty() {
            return;
        }
        for value in [|i: usize| i as u64, |i: usize| (i as u64 * 2_654_435_761) & 0x7fff_ffff, |_| 0] {
            let data = build(&keys, value);
            let map = fst::Map::new(&data).unwrap();
            for key in keys.iter().chain(probes).filter(|key| !key.is_empty()) {
                for len in 1..=key.len() {
                    let part = &key[..len];
                    assert_eq!(get(&data, part).map(u64::from), map.get(part), "{part:?}");
                }
            }
        }
        let data = build(&keys, |i| i as u64);
        assert!(values_are_dense(&data, keys.len() as u32));
        assert!(
            !values_are_dense(&data, keys.len() as u32 + 1)
                && !values_are_dense(&data, keys.len() as u32 - 1)
        );
        assert_eq!(stated_len(&data), Some(keys.len() as u64));
    }

    #[test]
    fn wide_nodes_are_read() {
        for width in [1usize, 2, 31, 32, 33, 62, 63, 64, 65, 255, 256] {
            let keys: Vec<_> =
                (0..width).flat_map(|b| [vec![b'x', b as u8], vec![b as u8, b'y', b as u8]]).collect();
            let probes: Vec<_> = (0..=255u8).map(|b| vec![b'x', b]).collect();
            agree(keys, &probes);
        }
    }

    #[test]
    fn no_keys_and_no_bytes_lead_nowhere() {
        for data in [vec![], vec![0; 36], build(&[], |_| 0)] {
            assert_eq!(get(&data, b"a"), None);
            assert!(Cursor::new(&data).value().is_none());
        }
        assert!(values_are_dense(&build(&[], |_| 0), 0));
    }

    proptest! {
        #[test]
        fn agrees_with_fst(keys in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..6), 1..200),
                           probes in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..6), 20)) {
            agree(keys, &probes);
        }

        #[test]
        fn agrees_on_words(keys in prop::collection::vec("[a-eё]{1,9}( [a-c]{1,4})?", 1..300)) {
            agree(keys.into_iter().map(String::into_bytes).collect(), &[]);
        }

        #[test]
        fn damaged_bytes_do_no_harm(
            keys in prop::collection::btree_set("[a-e]{1,6}", 1..100),
            flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        ) {
            let keys: Vec<Vec<u8>> = keys.into_iter().map(String::into_bytes).collect();
            let mut data = build(&keys, |i| i as u64);
            for (at, byte) in flips {
                let at = at.index(data.len());
                data[at] = byte;
            }
            for key in &keys {
                get(&data, key);
            }
            values_are_dense(&data, keys.len() as u32);
        }

        #[test]
        fn random_bytes_do_no_harm(mut data in prop::collection::vec(any::<u8>(), 36..400), root in any::<u16>()) {
            let at = data.len() - 12;
            data[..8].copy_from_slice(&3u64.to_le_bytes());
            data[at..at + 8].copy_from_slice(&(u64::from(root) % 400).to_le_bytes());
            values_are_dense(&data, 1000);
            let mut places = vec![Cursor::new(&data)];
            for _ in 0..1000 {
                let Some(place) = places.pop() else { break };
                place.value();
                places.extend(place.next_bytes().map(|(_, next)| next));
            }
        }
    }
}
