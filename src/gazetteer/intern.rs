//! Strings kept once while a gazetteer is built: text → number, number → text.
//!
//! The numbers depend on the order of arrival and never reach the file.

use std::cmp::Ordering;

use super::filter::hash;

/// The strings of a build.
#[derive(Debug)]
pub(crate) struct Strings {
    /// Of the record at hand: the texts of its names, and ids.
    pub(crate) texts: Interner,
    /// Those that many names and records share: languages, sources, countries, units, features, dates.
    pub(crate) shared: Interner,
}

impl Strings {
    pub(crate) fn new() -> Strings {
        Strings { texts: Interner::new(), shared: Interner::new() }
    }
}

/// Strings by number; number 0 is the empty string.
#[derive(Debug)]
pub(crate) struct Interner {
    bytes: String,
    /// Where each string ends; it begins where the one before ends.
    ends: Vec<usize>,
    /// Open addressing, linear probing: number + 1, or 0.
    table: Vec<u32>,
}

impl Interner {
    pub(crate) fn new() -> Interner {
        let mut interner = Interner { bytes: String::new(), ends: vec![], table: vec![0; 1024] };
        interner.add("");
        interner
    }

    /// How many strings there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether numbers are running out: 16 million are kept for what one more record may need.
    pub(crate) fn is_full(&self) -> bool {
        self.ends.len() > (u32::MAX - (1 << 24)) as usize
    }

    /// The string with this number.
    pub(crate) fn get(&self, number: u32) -> &str {
        let at = number as usize;
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        self.ends.get(at).and_then(|end| self.bytes.get(start..*end)).unwrap_or("")
    }

    /// Which of two strings comes first.
    pub(crate) fn compare(&self, a: u32, b: u32) -> Ordering {
        if a == b { Ordering::Equal } else { self.get(a).cmp(self.get(b)) }
    }

    /// Forgets all strings.
    pub(crate) fn clear(&mut self) {
        let mask = self.table.len() - 1;
        // Those added last are in nobody's way.
        for number in (1..self.ends.len() as u32).rev() {
            let mut at = hash(self.get(number).as_bytes()) as usize & mask;
            while let Some(slot) = self.table.get_mut(at)
                && *slot != 0
            {
                if *slot == number + 1 {
                    *slot = 0;
                    break;
                }
                at = (at + 1) & mask;
            }
        }
        self.ends.truncate(1);
        self.bytes.clear();
    }

    /// The number of a string, if it is there.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        let mask = self.table.len() - 1;
        let mut at = hash(text.as_bytes()) as usize & mask;
        while let Some(found) = self.table.get(at).copied()
            && found != 0
        {
            if self.get(found - 1) == text {
                return Some(found - 1);
            }
            at = (at + 1) & mask;
        }
        None
    }

    /// The number of a string, which is added if it is new. Callers ask [`is_full`](Interner::is_full) before they go on.
    pub(crate) fn add(&mut self, text: &str) -> u32 {
        let mask = self.table.len() - 1;
        let mut at = hash(text.as_bytes()) as usize & mask;
        while let Some(found) = self.table.get(at).copied()
            && found != 0
        {
            if self.get(found - 1) == text {
                return found - 1;
            }
            at = (at + 1) & mask;
        }
        let number = self.ends.len() as u32;
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
        if let Some(slot) = self.table.get_mut(at) {
            *slot = number + 1;
        }
        if self.ends.len() * 3 > self.table.len() * 2 {
            self.grow();
        }
        number
    }

    fn grow(&mut self) {
        let mask = self.table.len() * 2 - 1;
        let mut table = vec![0u32; mask + 1];
        for number in 0..self.ends.len() as u32 {
            let mut at = hash(self.get(number).as_bytes()) as usize & mask;
            while table.get(at).is_some_and(|slot| *slot != 0) {
                at = (at + 1) & mask;
            }
            if let Some(slot) = table.get_mut(at) {
                *slot = number + 1;
            }
        }
        self.table = table;
    }

    /// The number of a list (items sorted, once each, joined by `;`).
    pub(crate) fn add_list<'a>(&mut self, items: impl Iterator<Item = &'a str>) -> u32 {
        let mut items: Vec<&str> = items.filter(|item| !item.is_empty()).collect();
        items.sort_unstable();
        items.dedup();
        match items.as_slice() {
            [] => 0,
            [one] => self.add(one),
            _ => self.add(&items.join(";")),
        }
    }

    /// The list that has the items of both.
    pub(crate) fn union(&mut self, a: u32, b: u32) -> u32 {
        if a == b || b == 0 {
            return a;
        }
        if a == 0 {
            return b;
        }
        let both = format!("{};{}", self.get(a), self.get(b));
        self.add_list(both.split(';'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_keeps_its_number() {
        let mut strings = Interner::new();
        let numbers: Vec<u32> = (0..5000).map(|i| strings.add(&format!("Ստեփանակերտ {i}"))).collect();
        for (i, number) in numbers.iter().enumerate() {
            assert_eq!(strings.get(*number), format!("Ստեփանակերտ {i}"));
            assert_eq!(strings.add(&format!("Ստեփանակերտ {i}")), *number);
        }
        assert_eq!(strings.len(), 5001);
        assert_eq!((strings.add(""), strings.get(0), strings.get(u32::MAX)), (0, "", ""));
        assert_eq!((strings.find("Ստեփանակերտ 7"), strings.find("Ստեփանակերտ")), (Some(numbers[7]), None));
        strings.clear();
        assert_eq!((strings.len(), strings.find("Ստեփանակերտ 7"), strings.find("")), (1, None, Some(0)));
        assert_eq!(strings.add("Ստեփանակերտ 9"), 1);
        assert!(strings.table.iter().filter(|slot| **slot != 0).count() == 2);
    }

    #[test]
    fn lists_unite() {
        let mut strings = Interner::new();
        let (a, b) = (strings.add_list(["ru", "kk", "ru"].into_iter()), strings.add_list(["de"].into_iter()));
        let both = strings.union(a, b);
        assert_eq!(strings.get(both), "de;kk;ru");
        assert_eq!((strings.union(0, b), strings.union(both, a)), (b, both));
    }
}
