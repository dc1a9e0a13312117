//! What each character is to the tokenizer: part of a word, a joint inside a name, or a break.

/// The part a character plays. The numbers are stored in the fold table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Class {
    /// Ends whatever stands before it.
    Break = 0,
    /// A letter, digit or mark that belongs to a word.
    Word,
    /// A character of a script written without spaces: a word of its own.
    Unspaced,
    /// A mark or vowel that belongs to the character before it.
    Attached,
    /// Joins the following character to its own cluster (Thai leading vowels, Khmer coeng, Burmese virama).
    Leading,
    /// Nothing at all: zero-width characters, soft hyphen, tatweel.
    Ignored,
    /// Zero-width non-joiner: a word border in Arabic script, nothing elsewhere.
    NonJoiner,
    /// A space of any width.
    Space,
    /// A line end.
    Newline,
    /// A hyphen or dash that joins words.
    Hyphen,
    /// An apostrophe or a letter written like one.
    Apostrophe,
    /// A double quote that stands for gershayim inside Hebrew acronyms.
    Quote,
    /// A full stop.
    Period,
    /// A comma.
    Comma,
    /// An opening parenthesis.
    Paren,
    /// A slash or underscore.
    Slash,
    /// A raised dot that joins the parts of a name.
    Dot,
    /// The ampersand, a word of its own.
    Ampersand,
}

impl Class {
    /// The class stored as this number.
    pub(crate) fn from_u8(n: u8) -> Class {
        use Class::*;
        const ALL: [Class; 18] = [
            Break, Word, Unspaced, Attached, Leading, Ignored, NonJoiner, Space, Newline, Hyphen, Apostrophe,
            Quote, Period, Comma, Paren, Slash, Dot, Ampersand,
        ];
        ALL.get(usize::from(n)).copied().unwrap_or(Break)
    }
}

/// Whether a character is an apostrophe or written like one.
pub(crate) fn is_apostrophe(c: char) -> bool {
    class(c) == Some(Class::Apostrophe)
}

/// The class of a character that is no letter, digit or mark, or that is written as one but acts as punctuation.
pub(super) fn class(c: char) -> Option<Class> {
    Some(match c {
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{b}' | '\u{c}' => Class::Newline,
        '\t' | '\u{2029}' => Class::Break,
        // Tibetan tsheg and Ethiopic wordspace stand between syllables and words.
        '\u{f0b}' | '\u{f0c}' | '\u{1361}' => Class::Space,
        c if c.is_whitespace() => Class::Space,
        '-' | '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2013}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}'
        | '\u{58a}' | '\u{5be}' | '\u{30a0}' => Class::Hyphen,
        '\'' | '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2bb}' | '\u{2bc}' | '\u{2bd}' | '\u{2be}'
        | '\u{2bf}' | '\u{2b9}' | '\u{2c8}' | '\u{2032}' | '`' | '\u{b4}' | '\u{ff07}' | '\u{5f3}'
        | '\u{55a}' | '\u{7f4}' | '\u{a78c}' | '\u{a78b}' | '\u{2c0}' | '\u{2c1}' => Class::Apostrophe,
        '"' | '\u{5f4}' | '\u{201d}' | '\u{201c}' => Class::Quote,
        '.' | '\u{ff0e}' | '\u{2024}' => Class::Period,
        ',' | '\u{ff0c}' | '\u{60c}' | '\u{55d}' => Class::Comma,
        '(' | '\u{ff08}' => Class::Paren,
        '/' | '_' | '\u{ff0f}' | '\u{2044}' => Class::Slash,
        '\u{b7}' | '\u{30fb}' | '\u{2027}' | '\u{22c5}' | '\u{ff65}' | '\u{387}' => Class::Dot,
        '&' | '\u{ff06}' => Class::Ampersand,
        '\u{200c}' => Class::NonJoiner,
        // Soft hyphen, zero-width space and joiners, direction marks, word joiner, byte-order mark, tatweel, variation selectors.
        '\u{ad}'
        | '\u{200b}'
        | '\u{200d}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}'
        | '\u{640}'
        | '\u{61c}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{34f}'
        | '\u{180b}'..='\u{180e}' => Class::Ignored,
        _ => return None,
    })
}
