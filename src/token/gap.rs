//! What stands between two words: whether a name may go on across it, and which byte it is in a key.

use crate::fold::{Class, entry};
use crate::script::Script;

use super::Shape;

/// What stands between two words of a text.
///
/// ```
/// use exonym::token::{Gap, Tokens};
/// let tokens = Tokens::of("Washington, D.C. (USA)");
/// let gaps: Vec<Gap> = tokens.as_slice().iter().map(|token| token.gap).collect();
/// assert_eq!(gaps, [Gap::Break, Gap::Comma, Gap::Inner, Gap::Break]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gap {
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
    /// Whether nothing may stand for it in a key.
    #[inline]
    pub(crate) fn may_join(self) -> bool {
        matches!(self, Gap::Apostrophe | Gap::Nothing | Gap::Inner | Gap::LineHyphen)
    }

    /// Whether what stands behind it may be an inflected word of its own.
    #[inline]
    pub(crate) fn parts_words(self) -> bool {
        self == Gap::Apostrophe || self.byte().is_some()
    }

    /// All that [`byte`](Gap::byte) gives.
    pub(crate) const BYTES: [u8; 4] = [1, b' ', b',', b'('];

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
pub(super) struct Before(u8);

impl Before {
    const ANY: u8 = 1;
    const SINGLE: u8 = 2;
    const SHORT: u8 = 4;
    const CAPITAL: u8 = 8;
    const HEBREW: u8 = 16;

    pub(super) fn new(key: &[u8], shape: Shape, script: Script) -> Before {
        if key.is_empty() {
            return Before::default();
        }
        // Bytes that begin a character.
        let is_short = key.iter().filter(|byte| **byte & 0xc0 != 0x80).nth(4).is_none();
        let mut flags = Before::ANY;
        for (flag, holds) in [
            (Before::SINGLE, is_short && single_letter(std::str::from_utf8(key).unwrap_or_default())),
            (Before::SHORT, is_short),
            (Before::CAPITAL, shape.is_capitalized()),
            (Before::HEBREW, script == Script::Hebr),
        ] {
            flags |= if holds { flag } else { 0 };
        }
        Before(flags)
    }

    fn is(self, flag: u8) -> bool {
        self.0 & flag != 0
    }

    /// Whether there is a word before.
    #[inline]
    pub(super) fn is_any(self) -> bool {
        self.is(Before::ANY)
    }

    /// Whether the word is one letter, as between the points of an acronym.
    pub(super) fn is_single(self) -> bool {
        self.is(Before::SINGLE)
    }

    /// The gap made by the text between this word and the next, which may be a single letter.
    pub(super) fn gap(self, between: &str, single_after: bool) -> Gap {
        if !self.is_any() {
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
            (0, 1, 0, 0, 0, 0, 0, 0) if self.is_single() && single_after && lines == 0 => Gap::Inner,
            (0, 1, 0, 0, 0, 0, 0, 0)
                if self.is(Before::SHORT) && self.is(Before::CAPITAL) && (spaced || self.is_single()) =>
            {
                Gap::Space
            }
            // St.-Petersburg
            (1, 1, 0, 0, 0, 0, 0, 0) if self.is(Before::SHORT) && self.is(Before::CAPITAL) && !spaced => {
                Gap::Space
            }
            (0, 0 | 1, 1, 0, 0, 0, 0, 0) => Gap::Comma,
            (0, 0, 0, 1, 0, 0, 0, 0) if lines == 0 => Gap::Paren,
            (0, 0, 0, 0, 1, 0, 0, 0) if !spaced => Gap::Apostrophe,
            (0, 0, 0, 0, 0, 0, 0, 1) if !spaced && self.is(Before::HEBREW) => Gap::Apostrophe,
            (0, 0, 0, 0, 0, 0, 1, 0) if !spaced => Gap::Nothing,
            _ => Gap::Break,
        }
    }
}

fn single_letter(key: &str) -> bool {
    let mut chars = key.chars();
    chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
}
