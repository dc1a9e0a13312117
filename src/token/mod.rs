//! Text → tokens: words with their span in the original text and their folded form, and what stands between them.
//!
//! Names and texts go through the same tokenizer, so a name in a gazetteer is findable in any text that writes it the same
//! way. A [`Key`] is a name's words joined by what stands between them. Spans are byte ranges of the original text, on
//! character borders, ascending and without overlap.

mod gap;
pub mod inflect;

use crate::fold::{Class, compose, entry, push};
use crate::script::Script;
pub(crate) use gap::Gap;

/// The casing of a word, as evidence of what it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape(u8);

impl Shape {
    const FIRST_UPPER: u8 = 1;
    const ANY_UPPER: u8 = 2;
    const ANY_LOWER: u8 = 4;
    const REST_UPPER: u8 = 8;
    const EXPANDS: u8 = 16;

    /// Whether it begins with a capital.
    pub fn is_capitalized(self) -> bool {
        self.0 & Shape::FIRST_UPPER != 0
    }

    /// Whether all its letters are capitals (and at least one is).
    pub fn is_all_caps(self) -> bool {
        self.0 & (Shape::ANY_UPPER | Shape::ANY_LOWER) == Shape::ANY_UPPER
    }

    /// Whether it has a letter with case at all.
    pub fn is_cased(self) -> bool {
        self.0 & (Shape::ANY_UPPER | Shape::ANY_LOWER) != 0
    }

    /// Whether all its letters are small (and at least one is).
    pub fn is_lowercase(self) -> bool {
        self.0 & (Shape::ANY_UPPER | Shape::ANY_LOWER) == Shape::ANY_LOWER
    }

    /// Whether its key holds more than one word, from a character that stands for several.
    pub(crate) fn expands(self) -> bool {
        self.0 & Shape::EXPANDS != 0
    }

    /// Whether a capital stands after the first letter.
    pub fn has_inner_capital(self) -> bool {
        self.0 & Shape::REST_UPPER != 0
    }
}

/// One word of a text.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    /// First byte in the original text.
    pub start: u32,
    /// Byte after the last one.
    pub end: u32,
    key: (u32, u32),
    /// What stands between the word before and this one.
    pub(crate) gap: Gap,
    /// Its casing.
    pub shape: Shape,
    /// The script of its first letter that has one.
    pub script: Script,
}

/// The words of a text or of a stretch of it, with their keys in one buffer that is used again and again.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    tokens: Vec<Token>,
    keys: Vec<u8>,
}

impl Tokens {
    /// All words of a text.
    ///
    /// ```
    /// use exonym::token::Tokens;
    /// let tokens = Tokens::of("Алма-Ата, 1985");
    /// let keys: Vec<&str> = (0..tokens.len()).map(|i| tokens.key_str(i)).collect();
    /// assert_eq!(keys, ["алма", "ата", "1985"]);
    /// ```
    pub fn of(text: &str) -> Tokens {
        let mut tokens = Tokens::default();
        Tokenizer::new(text).fill(&mut tokens, usize::MAX);
        tokens
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// The word at an index.
    pub fn get(&self, index: usize) -> Option<&Token> {
        self.tokens.get(index)
    }

    /// All words.
    pub fn as_slice(&self) -> &[Token] {
        &self.tokens
    }

    /// The folded form of the word at an index; empty if there is none.
    #[inline]
    pub fn key(&self, index: usize) -> &[u8] {
        let range = self.tokens.get(index).map_or((0, 0), |t| t.key);
        self.keys.get(range.0 as usize..range.1 as usize).unwrap_or_default()
    }

    /// The same as text.
    pub fn key_str(&self, index: usize) -> &str {
        std::str::from_utf8(self.key(index)).unwrap_or_default()
    }

    /// Forget all words, keep the memory.
    pub fn clear(&mut self) {
        self.tokens.clear();
        self.keys.clear();
    }

    /// Forget the first `count` words.
    pub(crate) fn drop_front(&mut self, count: usize) {
        let count = count.min(self.tokens.len());
        let cut = self.tokens.get(count).map_or(self.keys.len() as u32, |t| t.key.0);
        self.tokens.drain(..count);
        self.keys.drain(..cut as usize);
        for token in &mut self.tokens {
            token.key.0 -= cut;
            token.key.1 -= cut;
        }
    }
}

/// Reads words off a text, some at a time.
#[derive(Clone, Debug)]
pub struct Tokenizer<'t> {
    text: &'t str,
    at: usize,
    before: gap::Before,
}

impl<'t> Tokenizer<'t> {
    /// A tokenizer at the start of a text. Texts beyond 4 GiB are read up to there.
    pub fn new(text: &'t str) -> Tokenizer<'t> {
        let mut end = text.len().min(u32::MAX as usize);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        Tokenizer { text: &text[..end], at: 0, before: gap::Before::default() }
    }

    /// Add words to `out` until it holds `at_most` or the text ends; says whether there may be more.
    pub fn fill(&mut self, out: &mut Tokens, at_most: usize) -> bool {
        while out.len() < at_most {
            if !self.next_word(out) {
                return false;
            }
        }
        true
    }

    /// Add the next word; false at the end of the text.
    fn next_word(&mut self, out: &mut Tokens) -> bool {
        let bytes = self.text.as_bytes();
        let gap_start = self.at;
        loop {
            let Some(&byte) = bytes.get(self.at) else { return false };
            // Most of what stands between words is one space.
            if byte == b' ' {
                self.at += 1;
                continue;
            }
            if byte.is_ascii_alphanumeric() {
                break;
            }
            let Some(c) = self.text[self.at..].chars().next() else { return false };
            match entry(c).class() {
                Class::Word | Class::Unspaced | Class::Leading | Class::Ampersand => break,
                _ => self.at += c.len_utf8(),
            }
        }
        let start = self.at;
        let key_start = out.keys.len();
        let end = self.read_word(&mut out.keys);
        let (shape, script) = end.1;
        self.at = end.0;
        if out.keys.len() == key_start {
            // A word of marks that fold to nothing; go on behind it.
            return self.next_word(out);
        }
        let gap = self.before.gap(&self.text[gap_start..start], single_letter(&out.keys[key_start..]));
        self.before = gap::Before::new(&out.keys[key_start..], shape, script);
        out.tokens.push(Token {
            start: start as u32,
            end: self.at as u32,
            key: (key_start as u32, out.keys.len() as u32),
            gap,
            shape,
            script,
        });
        true
    }

    /// Read the word that begins here into `key`; gives its end, shape and script.
    fn read_word(&self, key: &mut Vec<u8>) -> (usize, (Shape, Script)) {
        let bytes = self.text.as_bytes();
        let key_start = key.len();
        let mut at = self.at;
        let mut shape = 0;
        let mut letters = 0;
        let mut script = Script::Zyyy;
        // ASCII words, the most of many texts.
        while let Some(&byte) = bytes.get(at) {
            if byte.is_ascii_lowercase() {
                shape |= Shape::ANY_LOWER;
            } else if byte.is_ascii_uppercase() {
                shape |= Shape::ANY_UPPER | if letters == 0 { Shape::FIRST_UPPER } else { Shape::REST_UPPER };
            } else if !byte.is_ascii_digit() {
                break;
            }
            key.push(byte.to_ascii_lowercase());
            letters += 1;
            at += 1;
        }
        if shape != 0 {
            script = Script::Latn;
        }
        if at > self.at && bytes.get(at).is_none_or(u8::is_ascii) {
            return (at, (Shape(shape), script));
        }
        let mut end = at;
        let mut composes = false;
        let mut unspaced = false;
        let mut leading = false;
        for c in self.text[at..].chars() {
            let e = entry(c);
            match e.class() {
                Class::Word if unspaced => break,
                Class::Word => {
                    let s = e.script();
                    // Katakana is a word of its own wherever it meets another script.
                    if s != Script::Zyyy {
                        if script != Script::Zyyy
                            && s != script
                            && (s == Script::Kana || script == Script::Kana)
                        {
                            break;
                        }
                        if script == Script::Zyyy {
                            script = s;
                        }
                    }
                    if e.is_upper() {
                        shape |= Shape::ANY_UPPER
                            | if letters == 0 { Shape::FIRST_UPPER } else { Shape::REST_UPPER };
                    } else if e.is_lower() {
                        shape |= Shape::ANY_LOWER;
                    }
                    letters += 1;
                    end = at + c.len_utf8();
                }
                Class::Unspaced if letters > 0 && !leading => break,
                Class::Unspaced => {
                    (unspaced, leading) = (true, false);
                    script = e.script();
                    letters += 1;
                    end = at + c.len_utf8();
                }
                Class::Attached => end = at + c.len_utf8(),
                Class::Leading => {
                    // A vowel before its consonant begins a cluster; a stacking sign goes on with one.
                    if letters > 0 && !matches!(c, '\u{17d2}' | '\u{1039}') {
                        break;
                    }
                    (unspaced, leading) = (true, true);
                    letters += 1;
                    end = at + c.len_utf8();
                }
                Class::Ignored => {}
                Class::NonJoiner if script != Script::Arab => {}
                Class::Ampersand if letters == 0 => {
                    key.push(b'&');
                    return (at + c.len_utf8(), (Shape(shape), script));
                }
                _ => break,
            }
            composes |= e.composes();
            if e.expands() {
                shape |= Shape::EXPANDS;
            }
            push(c, &e, key);
            at += c.len_utf8();
        }
        if composes {
            key.truncate(key_start);
            for c in compose(&self.text[self.at..end]) {
                let e = entry(c);
                if matches!(e.class(), Class::Word | Class::Unspaced | Class::Attached | Class::Leading) {
                    push(c, &e, key);
                }
            }
        }
        (end.max(self.at + 1), (Shape(shape), script))
    }
}

/// Whether a key is one letter, as between the points of an acronym.
fn single_letter(key: &[u8]) -> bool {
    std::str::from_utf8(key).is_ok_and(|k| {
        let mut chars = k.chars();
        chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
    })
}

/// The folded form of a whole name: its words' keys, joined by one byte for what stands between them (a space for a space, a
/// hyphen or a line end; a comma; an opening parenthesis; nothing for an apostrophe or between characters of unspaced scripts).
///
/// ```
/// use exonym::token::Key;
/// assert_eq!(Key::new("Alma-Ata"), Key::new("ALMA ATA"));
/// assert_eq!(Key::new("N’Djamena").as_bytes(), b"ndjamena");
/// assert_eq!(Key::new("U.S."), Key::new("US"));
/// assert_ne!(Key::new("Washington, D.C."), Key::new("Washington DC"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(Vec<u8>);

impl Key {
    /// Most words a key may have to be indexed.
    pub const MAX_TOKENS: usize = 32;

    /// The key of a name; empty if it has no letter or digit.
    pub fn new(name: &str) -> Key {
        let tokens = Tokens::of(name);
        let mut key = Vec::with_capacity(name.len());
        for (i, token) in tokens.as_slice().iter().enumerate() {
            if i > 0 {
                key.extend(token.gap.byte());
            }
            key.extend_from_slice(tokens.key(i));
        }
        Key(key)
    }

    /// The key's bytes: UTF-8, never 0xFF.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether nothing is left of the name.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes up to the first separator; in a script without spaces, or before one, the first character with its marks.
    pub fn first_word(&self) -> &[u8] {
        let text = std::str::from_utf8(&self.0).unwrap_or_default();
        let end = Tokens::of(text).as_slice().first().map_or(text.len(), |t| t.end as usize);
        &self.0[..end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<(String, &str, Gap)> {
        let tokens = Tokens::of(text);
        (0..tokens.len())
            .map(|i| {
                let t = tokens.get(i).unwrap();
                (tokens.key_str(i).to_owned(), &text[t.start as usize..t.end as usize], t.gap)
            })
            .collect()
    }

    fn spans(text: &str) -> Vec<&str> {
        words(text).into_iter().map(|w| w.1).collect()
    }

    #[test]
    fn words_and_what_stands_between() {
        let gaps: Vec<Gap> =
            words("St. Petersburg, Alma-Ata (N'Djamena) — U.S. is").into_iter().map(|w| w.2).collect();
        use Gap::*;
        assert_eq!(gaps, [Break, Space, Comma, Space, Paren, Apostrophe, Break, Inner, Space]);
    }

    #[test]
    fn spans_keep_marks_and_leave_punctuation() {
        assert_eq!(
            spans("«Xankəndi», İstanbul'da e\u{301}té."),
            ["Xankəndi", "İstanbul", "da", "e\u{301}té"]
        );
    }

    #[test]
    fn unspaced_scripts_break_at_characters() {
        assert_eq!(
            spans("印度尼西亚JR東京タイヤ"),
            ["印", "度", "尼", "西", "亚", "JR", "東", "京", "タイヤ"]
        );
        assert_eq!(spans("เชียงใหม่"), ["เชี", "ย", "ง", "ให", "ม่"]);
        assert_eq!(spans("កម្ពុជា"), ["ក", "ម្ពុ", "ជា"]);
    }

    #[test]
    fn hyphenation_at_a_line_end_may_be_either() {
        assert_eq!(words("Stepana-\nkert")[1].2, Gap::LineHyphen);
        assert_eq!(words("Buenos\n  Aires")[1].2, Gap::Space);
        assert_eq!(words("Buenos\n\nAires")[1].2, Gap::Break);
    }

    #[test]
    fn casing() {
        let tokens = Tokens::of("Baku BAKU baku McCoy 阿");
        let shapes: Vec<_> = tokens.as_slice().iter().map(|t| t.shape).collect();
        assert!(shapes[0].is_capitalized() && !shapes[0].is_all_caps());
        assert!(shapes[1].is_all_caps());
        assert!(shapes[2].is_lowercase());
        assert!(shapes[3].has_inner_capital());
        assert!(!shapes[4].is_cased());
    }

    #[test]
    fn dropping_words_keeps_the_rest() {
        let mut tokens = Tokens::of("one two three");
        tokens.drop_front(2);
        assert_eq!((tokens.len(), tokens.key_str(0)), (1, "three"));
        tokens.drop_front(9);
        assert!(tokens.is_empty());
    }

    #[test]
    fn first_words() {
        assert_eq!(Key::new("Alma-Ata").first_word(), b"alma");
        assert_eq!(Key::new("Xi'an").first_word(), b"xian");
        assert_eq!(Key::new("阿拉木图").first_word(), "阿".as_bytes());
    }
}
