//! Keys put into a stored automaton, or taken out of it, without building it anew.
//!
//! The nodes on the way to a changed key are written again behind those there are, and lead to the old ones for all the rest. So a
//! change costs the length of its key, and what reads the keys knows no difference. The nodes that nothing leads to any more stay.

use super::walk;

/// A key, and its value; none if it is to be taken out.
pub(super) type Change<'k> = (&'k [u8], Option<u32>);

/// The automaton `keys` with these changes, which are in the order of their keys, each key once and none empty.
pub(super) fn graft(keys: &[u8], changes: &[Change<'_>], count: u32) -> Vec<u8> {
    let (body, root) = match walk::body(keys) {
        Some((body, root)) => (body.to_vec(), Some(root)),
        // fst's version of its format, and a type that means nothing to it.
        None => ([3u64.to_le_bytes(), 0u64.to_le_bytes()].concat(), None),
    };
    let mut tree = Tree { base: keys, bytes: body };
    let root = tree.change(root, 0, 0, changes).unwrap_or(0);
    tree.bytes.extend_from_slice(&u64::from(count).to_le_bytes());
    tree.bytes.extend_from_slice(&u64::from(root).to_le_bytes());
    // The checksum of the fst crate, which is not read here: the sections of a file have their own.
    tree.bytes.extend_from_slice(&[0; 4]);
    tree.bytes
}

struct Tree<'b> {
    /// The automaton as it was, whose nodes are read.
    base: &'b [u8],
    /// Its nodes, and those written.
    bytes: Vec<u8>,
}

impl Tree<'_> {
    /// Writes a node again with the changes below it; gives its address, or none if no key is left there. `depth` bytes of the
    /// keys lead to it, and add up to `sum`.
    fn change(&mut self, node: Option<u32>, sum: u32, depth: usize, changes: &[Change<'_>]) -> Option<u32> {
        let mut value = node.and_then(|node| walk::value_at(self.base, node, sum));
        let mut next = node.map(|node| walk::transitions(self.base, node)).unwrap_or_default();
        let (here, below) = match changes.split_first() {
            Some((first, rest)) if first.0.len() == depth => (Some(first.1), rest),
            _ => (None, changes),
        };
        value = here.unwrap_or(value);
        let byte = |change: &Change<'_>| change.0.get(depth).copied();
        for group in below.chunk_by(|a, b| byte(a) == byte(b)) {
            let Some(byte) = group.first().and_then(byte) else { continue };
            let place = next.binary_search_by_key(&byte, |(known, ..)| *known);
            let old = place.ok().and_then(|at| next.get(at)).copied();
            let output = old.map_or(0, |(_, output, _)| output);
            let target =
                self.change(old.map(|(.., target)| target), sum.wrapping_add(output), depth + 1, group);
            match (place, target) {
                (Ok(at), None) => drop(next.remove(at)),
                (Ok(at), Some(target)) => next[at].2 = target,
                (Err(at), Some(target)) => next.insert(at, (byte, 0, target)),
                (Err(_), None) => {}
            }
        }
        let output = value.map(|value| value.wrapping_sub(sum));
        match (output, next.is_empty()) {
            (None, true) => None,
            (Some(0), true) => Some(0),
            _ => Some(self.write(output, &next)),
        }
    }

    /// Writes a node in the form that fits all; `docs/format.md` has the layout.
    fn write(&mut self, value: Option<u32>, next: &[(u8, u32, u32)]) -> u32 {
        let start = self.bytes.len() as u32;
        let distance = |target: u32| if target == 0 { 0 } else { start - target };
        let most = next.iter().map(|(.., target)| distance(*target)).max().unwrap_or(0);
        let output = next.iter().map(|(_, output, _)| *output).chain(value).max().unwrap_or(0);
        let (address_size, output_size) = (size(most).max(1), size(output));
        if let Some(value) = value {
            self.number(value, output_size);
        }
        next.iter().rev().for_each(|(_, output, _)| self.number(*output, output_size));
        next.iter().rev().for_each(|(.., target)| self.number(distance(*target), address_size));
        self.bytes.extend(next.iter().rev().map(|(byte, ..)| *byte));
        if next.len() > walk::INDEXED {
            let mut table = [u8::MAX; 256];
            for (place, (byte, ..)) in (0..=u8::MAX).zip(next) {
                table[usize::from(*byte)] = place;
            }
            self.bytes.extend_from_slice(&table);
        }
        self.bytes.push((address_size << 4 | output_size) as u8);
        let small = u8::try_from(next.len()).ok().filter(|count| *count <= walk::LOW && *count > 0);
        if small.is_none() {
            self.bytes.push(if next.len() == 256 { 1 } else { next.len() as u8 });
        }
        let last = if value.is_some() { walk::FINAL } else { 0 };
        self.bytes.push(last | small.unwrap_or(0));
        (self.bytes.len() - 1) as u32
    }

    fn number(&mut self, number: u32, size: usize) {
        self.bytes.extend_from_slice(number.to_le_bytes().get(..size).unwrap_or(&[]));
    }
}

/// Bytes that a number takes.
fn size(number: u32) -> usize {
    (32 - number.leading_zeros()).div_ceil(8) as usize
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::super::Cursor;
    use super::*;

    fn all(data: &[u8]) -> BTreeMap<Vec<u8>, u32> {
        let mut found = BTreeMap::new();
        let mut places = vec![(vec![], Cursor::new(data))];
        while let Some((key, cursor)) = places.pop() {
            if let Some(value) = cursor.value() {
                found.insert(key.clone(), value);
            }
            for (byte, next) in cursor.next_bytes() {
                places.push(([&key[..], &[byte]].concat(), next));
            }
        }
        found
    }

    fn check(mut keys: BTreeMap<Vec<u8>, u32>, changes: BTreeMap<Vec<u8>, Option<u32>>) {
        let mut builder = fst::MapBuilder::memory();
        for ((key, value), dense) in keys.iter_mut().zip(0..) {
            builder.insert(key, dense).unwrap();
            *value = dense as u32;
        }
        let built = builder.into_inner().unwrap();
        let list: Vec<Change<'_>> = changes.iter().map(|(key, value)| (&key[..], *value)).collect();
        let grafted = graft(&built, &list, 0);
        for (key, value) in changes {
            match value {
                Some(value) => drop(keys.insert(key, value)),
                None => drop(keys.remove(&key)),
            }
        }
        assert_eq!(all(&grafted), keys);
    }

    #[test]
    fn wide_nodes_and_none_at_all() {
        let wide = |n: usize| (0..n).map(|b| (vec![b'x', b as u8], Some(1000 + b as u32))).collect();
        for width in [1, 32, 33, 63, 64, 255, 256] {
            check(BTreeMap::new(), wide(width));
            let half: BTreeMap<_, _> = (0..width).step_by(2).map(|b| (vec![b'x', b as u8], 0)).collect();
            check(half, wide(width));
        }
        check([(b"a".to_vec(), 0)].into(), [(b"a".to_vec(), None)].into());
    }

    proptest! {
        #[test]
        fn agrees_with_a_map(
            keys in prop::collection::btree_map("[a-cё]{1,5}", any::<u32>(), 0..60),
            changes in prop::collection::btree_map("[a-cё]{1,5}", any::<Option<u32>>(), 1..60),
        ) {
            let bytes = |key: String| key.into_bytes();
            check(
                keys.into_iter().map(|(k, v)| (bytes(k), v)).collect(),
                changes.into_iter().map(|(k, v)| (bytes(k), v)).collect(),
            );
        }

        #[test]
        fn damaged_bytes_do_no_harm(mut data in prop::collection::vec(any::<u8>(), 36..400), root in 17u64..380) {
            let at = data.len() - 12;
            data[..8].copy_from_slice(&3u64.to_le_bytes());
            data[at..at + 8].copy_from_slice(&root.to_le_bytes());
            let changes: [Change<'_>; 3] = [(b"almaty", Some(1)), (b"baku", None), (b"t e", Some(9))];
            graft(&data, &changes, 3);
        }
    }
}
