//! Looking up by the beginning of a name, and by names that are nearly the same.
//!
//! Both walk the keys with a [`Cursor`] and give names as they are met, in the order of the keys. The steps of a walk are
//! limited, so that a damaged file with endless paths comes to an end.

use super::names::MAX_KEY;
use super::{Cursor, Gazetteer, Lookup, NameRef, Rest};
use crate::token::Key;

impl Gazetteer {
    /// The names whose key begins with that of a text, in the order of the keys.
    ///
    /// ```
    /// # use exonym::{Gazetteer, GazetteerBuilder, source::csv::CsvReader};
    /// # let rows = "id,name\ngn:1,Almaty\ngn:2,Алма-Ата\ngn:3,Алматы\ngn:4,Алмалық\n";
    /// # let mut builder = GazetteerBuilder::new();
    /// # for row in CsvReader::from_reader(rows.as_bytes(), "rows.csv")? { builder.add(row?.0, None)?; }
    /// # let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
    /// let names: Vec<&str> = gazetteer.prefix("АЛМА").map(|name| name.text()).collect();
    /// assert_eq!(names, ["Алма-Ата", "Алмалық", "Алматы"]);
    /// # Ok::<(), exonym::Error>(())
    /// ```
    pub fn prefix(&self, text: &str) -> Prefix<'_> {
        let key = Key::new(text);
        let mut cursor = self.cursor();
        let found = !key.is_empty() && cursor.steps(key.as_bytes());
        Prefix {
            stack: if found { vec![cursor] } else { vec![] },
            names: self.no_names(),
            steps: self.most_steps(),
        }
    }

    /// The names whose key is that of a text with at most so many letters put in, left out, changed, or swapped with their
    /// neighbour (optimal string alignment), each with how many; in the order of the keys.
    ///
    /// Letters are those of the keys, so that case, marks and other ways of writing the same do not count. Never more than
    /// half of the letters of the text may differ, which leaves a name of two Han characters one.
    ///
    /// ```
    /// # use exonym::{Gazetteer, GazetteerBuilder, source::csv::CsvReader};
    /// # let rows = "id,name\ngn:1,Almaty\ngn:2,Алма-Ата\ngn:3,Алматы\ngn:4,Алмалық\n";
    /// # let mut builder = GazetteerBuilder::new();
    /// # for row in CsvReader::from_reader(rows.as_bytes(), "rows.csv")? { builder.add(row?.0, None)?; }
    /// # let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
    /// let near: Vec<_> = gazetteer.fuzzy("Amlaty", 2).map(|(name, edits)| (name.text(), edits)).collect();
    /// assert_eq!(near, [("Almaty", 1)]);
    /// # Ok::<(), exonym::Error>(())
    /// ```
    pub fn fuzzy(&self, text: &str, distance: usize) -> Fuzzy<'_> {
        let key = Key::new(text);
        let wanted: Vec<char> = String::from_utf8_lossy(key.as_bytes()).chars().collect();
        let first = (0..=wanted.len()).collect();
        Fuzzy {
            bound: distance.min(wanted.len() / 2),
            stack: vec![Step { cursor: self.cursor(), depth: 0, bytes: [0; 4], len: 0 }],
            path: vec![],
            rows: vec![first],
            wanted,
            names: self.no_names(),
            distance: 0,
            gazetteer: self,
            steps: self.most_steps(),
        }
    }

    fn no_names(&self) -> Lookup<'_> {
        Lookup { gazetteer: self, rest: Rest::One(None) }
    }

    /// As many as all keys have bytes, were they as long as they may be.
    fn most_steps(&self) -> u64 {
        u64::from(self.info.keys) * (MAX_KEY as u64 + 1)
    }
}

/// Names that begin as wanted; made by [`Gazetteer::prefix`].
#[derive(Clone, Debug)]
pub struct Prefix<'g> {
    stack: Vec<Cursor<'g>>,
    names: Lookup<'g>,
    steps: u64,
}

impl<'g> Iterator for Prefix<'g> {
    type Item = NameRef<'g>;

    fn next(&mut self) -> Option<NameRef<'g>> {
        loop {
            if let Some(name) = self.names.next() {
                return Some(name);
            }
            self.steps = self.steps.checked_sub(1)?;
            let cursor = self.stack.pop()?;
            let kept = self.stack.len();
            self.stack.extend(cursor.next_bytes().map(|(_, next)| next));
            self.stack.get_mut(kept..).unwrap_or_default().reverse();
            if let Some(entry) = cursor.value() {
                self.names = self.names.gazetteer.entry(entry);
            }
        }
    }
}

/// Names nearly as wanted, each with its distance; made by [`Gazetteer::fuzzy`].
#[derive(Clone, Debug)]
pub struct Fuzzy<'g> {
    gazetteer: &'g Gazetteer,
    wanted: Vec<char>,
    bound: usize,
    stack: Vec<Step<'g>>,
    /// The letters that lead to where the walk is.
    path: Vec<char>,
    /// For each letter of the path, and before the first, its distances from every beginning of what is wanted.
    rows: Vec<Vec<usize>>,
    names: Lookup<'g>,
    distance: usize,
    steps: u64,
}

/// A place still to be looked at: after so many letters, and some bytes of the next one.
#[derive(Clone, Copy, Debug)]
struct Step<'g> {
    cursor: Cursor<'g>,
    depth: usize,
    bytes: [u8; 4],
    len: usize,
}

impl<'g> Fuzzy<'g> {
    /// Takes a letter after so many others; whether a name near enough may still follow.
    fn letter(&mut self, depth: usize, letter: char) -> bool {
        self.path.truncate(depth);
        self.rows.truncate(depth + 1);
        let Some(above) = self.rows.get(depth) else { return false };
        let before = depth.checked_sub(1).and_then(|at| Some((self.rows.get(at)?, self.path.get(at)?)));
        let mut row = Vec::with_capacity(above.len());
        row.push(depth + 1);
        let at = |row: &[usize], i: usize| row.get(i).copied().unwrap_or(usize::MAX / 2);
        let mut last = None;
        for (i, wanted) in self.wanted.iter().enumerate() {
            let changed = at(above, i) + usize::from(*wanted != letter);
            let mut best = changed.min(at(above, i + 1) + 1).min(at(&row, i) + 1);
            if let (Some((before, other)), Some(last)) = (before, last)
                && wanted == other
                && last == letter
            {
                best = best.min(at(before, i - 1) + 1);
            }
            last = Some(*wanted);
            row.push(best);
        }
        let least = |row: &[usize]| row.iter().min().copied().unwrap_or(usize::MAX / 2);
        // A swap with the next letter counts from the row above.
        let may_follow = least(&row) <= self.bound || least(above) < self.bound;
        self.path.push(letter);
        self.rows.push(row);
        may_follow
    }

    fn expand(&mut self, from: Step<'g>) {
        let kept = self.stack.len();
        self.stack.extend(from.cursor.next_bytes().filter_map(|(byte, cursor)| {
            let mut step = Step { cursor, len: from.len + 1, ..from };
            *step.bytes.get_mut(from.len)? = byte;
            Some(step)
        }));
        self.stack.get_mut(kept..).unwrap_or_default().reverse();
    }
}

impl<'g> Iterator for Fuzzy<'g> {
    type Item = (NameRef<'g>, usize);

    fn next(&mut self) -> Option<(NameRef<'g>, usize)> {
        loop {
            if let Some(name) = self.names.next() {
                return Some((name, self.distance));
            }
            self.steps = self.steps.checked_sub(1)?;
            let mut step = self.stack.pop()?;
            if let Some(bytes) = step.bytes.get(..step.len).filter(|bytes| !bytes.is_empty()) {
                match std::str::from_utf8(bytes) {
                    Ok(text) => {
                        let Some(letter) = text.chars().next() else { continue };
                        if !self.letter(step.depth, letter) {
                            continue;
                        }
                        (step.depth, step.len) = (step.depth + 1, 0);
                    }
                    // The letter has more bytes.
                    Err(error) if error.error_len().is_none() => {
                        self.expand(step);
                        continue;
                    }
                    Err(_) => continue,
                }
            }
            let distance = self.rows.get(step.depth).and_then(|row| row.last()).copied();
            self.expand(step);
            if let Some(distance) = distance.filter(|d| *d <= self.bound)
                && let Some(entry) = step.cursor.value()
            {
                self.distance = distance;
                self.names = self.gazetteer.entry(entry);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::record::{Name, Record};
    use crate::{Gazetteer, GazetteerBuilder};

    fn gazetteer(names: &[String]) -> Gazetteer {
        let mut builder = GazetteerBuilder::new();
        for (i, name) in names.iter().enumerate() {
            let mut record = Record::new(format!("gn:{}", i + 1).parse().unwrap());
            record.names.push(Name::new(name.as_str(), ""));
            builder.add(record, None).unwrap();
        }
        Gazetteer::from_bytes(builder.build().unwrap().0).unwrap()
    }

    /// Optimal string alignment, by its definition.
    fn distance(a: &[char], b: &[char]) -> usize {
        let mut d = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                d[i][j] = match (i, j) {
                    (0, n) | (n, 0) => n,
                    _ => {
                        let change = d[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                        let mut best = change.min(d[i - 1][j] + 1).min(d[i][j - 1] + 1);
                        if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                            best = best.min(d[i - 2][j - 2] + 1);
                        }
                        best
                    }
                };
            }
        }
        d[a.len()][b.len()]
    }

    proptest! {
        #[test]
        fn near_names_are_those_of_the_definition(
            names in prop::collection::btree_set("[abж漢]{1,6}", 1..40),
            wanted in "[abж]{1,6}",
            bound in 0usize..4,
        ) {
            let names: Vec<String> = names.into_iter().collect();
            let all = gazetteer(&names);
            let letters = |text: &str| {
                String::from_utf8(crate::token::Key::new(text).as_bytes().to_vec()).unwrap().chars().collect::<Vec<_>>()
            };
            let limit = bound.min(letters(&wanted).len() / 2);
            let mut expected: Vec<(String, usize)> = names
                .iter()
                .map(|name| (name.clone(), distance(&letters(name), &letters(&wanted))))
                .filter(|(_, d)| *d <= limit)
                .collect();
            let mut found: Vec<_> = all.fuzzy(&wanted, bound).map(|(name, d)| (name.text().to_owned(), d)).collect();
            expected.sort();
            found.sort();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn nothing_is_found_for_nothing() {
        let all = gazetteer(&["Баку".to_owned()]);
        assert_eq!((all.prefix("").count(), all.fuzzy("", 3).count(), all.prefix("баку").count()), (0, 0, 1));
        assert_eq!(all.fuzzy("бкау", 1).count(), 1);
    }
}
