//! Annotations → bytes: one file per format.
//!
//! Offsets are counted here: inside the library they are always bytes.

pub mod jsonl;

use std::str::FromStr;

use crate::error::{Error, Result};

/// What `start` and `end` count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Offsets {
    /// Unicode code points, as Python and most tools count.
    #[default]
    Char,
    /// UTF-8 bytes, as Rust, Go and the shell count.
    Byte,
    /// UTF-16 units, as JavaScript, Java and C# count.
    Utf16,
}

impl Offsets {
    /// The word used on the command line and in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Offsets::Char => "char",
            Offsets::Byte => "byte",
            Offsets::Utf16 => "utf16",
        }
    }

    fn of(self, stretch: &str) -> usize {
        match self {
            Offsets::Char => stretch.chars().count(),
            Offsets::Byte => stretch.len(),
            Offsets::Utf16 => stretch.chars().map(char::len_utf16).sum(),
        }
    }
}

impl FromStr for Offsets {
    type Err = Error;

    fn from_str(text: &str) -> Result<Offsets> {
        match text {
            "char" => Ok(Offsets::Char),
            "byte" => Ok(Offsets::Byte),
            "utf16" => Ok(Offsets::Utf16),
            _ => Err(Error::usage(format!("offsets are {text:?}, expected char, byte or utf16"))),
        }
    }
}

/// Turns ascending byte offsets into another unit, in one pass over the text.
#[derive(Clone, Debug)]
pub struct Counter<'t> {
    text: &'t str,
    unit: Offsets,
    byte: usize,
    count: usize,
}

impl<'t> Counter<'t> {
    /// A counter at the start of a text.
    pub fn new(text: &'t str, unit: Offsets) -> Counter<'t> {
        Counter { text, unit, byte: 0, count: 0 }
    }

    /// The offset of a byte. Bytes asked for in ascending order cost one pass together; going back starts again.
    pub fn at(&mut self, byte: usize) -> usize {
        if byte < self.byte {
            (self.byte, self.count) = (0, 0);
        }
        if let Some(stretch) = self.text.get(self.byte..byte) {
            self.count += self.unit.of(stretch);
            self.byte = byte;
        }
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_units() {
        let text = "İ👩 Баку";
        let at = text.find("Баку").unwrap();
        assert_eq!(Counter::new(text, Offsets::Byte).at(at), at);
        assert_eq!(Counter::new(text, Offsets::Char).at(at), 3);
        assert_eq!(Counter::new(text, Offsets::Utf16).at(at), 4);
    }

    #[test]
    fn going_back_starts_again() {
        let mut counter = Counter::new("ааб", Offsets::Char);
        assert_eq!((counter.at(4), counter.at(2), counter.at(6)), (2, 1, 3));
    }
}
