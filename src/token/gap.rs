//! What stands between two words: whether a name may go on across it, and which byte it is in a key.

use crate::fold::{Class, entry};
use crate::script::Script;

use super::Shape;

/// What stands between two words of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Gap {
    /// A sentence end, a quote, a bracket, a tab, several lines: no name of this gazetteer goes on, but for the few that hold
    /// such punctuation themselves.
    #[default]
    Break,
    /// A space, a hyphen, a slash, one line end, the point of a short abbreviation.
    Space,
    /// A comma.
    Comma,
    /// An opening parenthesis.
    Paren,
    /// An apostrophe inside a word.
    Apostrophe,
    /// Nothing or a raised dot: between two characters of an unspaced script, or where the script changes.
    Nothing,
    /// The point inside an acronym: nothing in the key, and no border either.
    Inner,
    /// A hyphen at a line end: either nothing or a space.
    LineHyphen,
}

impl Gap {
    /// The byte in a key, if any.
    pub(crate) fn byte(self) -> Option<u8> {
        match self {
            Gap::Break => Some(1),
            Gap::Space | Gap::LineHyphen => Some(b' '),
            Gap::Comma => Some(b','),
            Gap::Paren => Some(b'('),
            Gap::Apostrophe | Gap::Nothing | Gap::Inner => None,
        }
    }
}

/// What the gap needs to know of the word before it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Before {
    any: bool,
    single: bool,
    short: bool,
    capital: bool,
    hebrew: bool,
}

impl Before {
    pub(super) fn new(key: &[u8], shape: Shape, script: Script) -> Before {
        let letters = std::str::from_utf8(key).map_or(usize::MAX, |k| k.chars().count());
        Before {
            any: true,
            single: super::single_letter(key),
            short: letters <= 4,
            capital: shape.is_capitalized(),
            hebrew: script == Script::Hebr,
        }
    }

    /// The gap made by the text between this word and the next, which may be a single letter.
    pub(super) fn gap(&self, between: &str, single_after: bool) -> Gap {
        if !self.any {
            return Gap::Break;
        }
        match between {
            " " | "-" => return Gap::Space,
            "" => return Gap::Nothing,
            _ => {}
        }
        let (
            mut spaces,
            mut lines,
            mut hyphens,
            mut points,
            mut commas,
            mut parens,
            mut joints,
            mut slashes,
            mut dots,
        ) = (0, 0, 0, 0, 0, 0, 0, 0, 0);
        let (mut quotes, mut last_cr, mut hyphen_first, mut nonjoiner) = (0, false, false, 0);
        for (i, c) in between.char_indices() {
            let class = entry(c).class();
            match class {
                Class::Space => spaces += 1,
                Class::Newline if c == '\n' && last_cr => {}
                Class::Newline => lines += 1,
                Class::Hyphen => {
                    hyphen_first |= i == 0;
                    hyphens += 1;
                }
                Class::Period => points += 1,
                Class::Comma => commas += 1,
                Class::Paren => parens += 1,
                Class::Apostrophe => joints += 1,
                Class::Quote => quotes += 1,
                Class::Slash => slashes += 1,
                Class::Dot => dots += 1,
                Class::NonJoiner => nonjoiner += 1,
                Class::Ignored | Class::Attached => {}
                _ => return Gap::Break,
            }
            last_cr = c == '\r';
        }
        let marks = (hyphens, points, commas, parens, joints, slashes, dots, quotes);
        let spaced = spaces + lines > 0;
        match marks {
            _ if lines > 1 => Gap::Break,
            (0, 0, 0, 0, 0, 0, 0, 0) if spaced || nonjoiner > 0 => Gap::Space,
            (0, 0, 0, 0, 0, 0, 0, 0) => Gap::Nothing,
            (1, 0, 0, 0, 0, 0, 0, 0) if lines == 1 && hyphen_first => Gap::LineHyphen,
            (1, 0, 0, 0, 0, 0, 0, 0) | (0, 0, 0, 0, 0, 1, 0, 0) if !spaced => Gap::Space,
            // The point of an acronym, an initial or a short abbreviation.
            (0, 1, 0, 0, 0, 0, 0, 0) if self.single && single_after && lines == 0 => Gap::Inner,
            (0, 1, 0, 0, 0, 0, 0, 0) if self.short && self.capital && (spaced || self.single) => Gap::Space,
            // St.-Petersburg
            (1, 1, 0, 0, 0, 0, 0, 0) if self.short && self.capital && !spaced => Gap::Space,
            (0, 0 | 1, 1, 0, 0, 0, 0, 0) => Gap::Comma,
            (0, 0, 0, 1, 0, 0, 0, 0) if lines == 0 => Gap::Paren,
            (0, 0, 0, 0, 1, 0, 0, 0) if !spaced => Gap::Apostrophe,
            (0, 0, 0, 0, 0, 0, 0, 1) if !spaced && self.hebrew => Gap::Apostrophe,
            (0, 0, 0, 0, 0, 0, 1, 0) if !spaced => Gap::Nothing,
            _ => Gap::Break,
        }
    }
}
