//! Text → tokens: words with their span in the original text and their folded form, and what stands between them.
//!
//! Names and texts go through the same tokenizer, so a name in a gazetteer is findable in any text that writes it the same
//! way. A [`Key`] is a name's words joined by what stands between them. Spans are byte ranges of the original text, on
//! character borders, ascending and without overlap.

mod gap;
pub mod inflect;
mod tokenizer;
mod words;

use crate::script::Script;
pub use gap::Gap;
pub use tokenizer::Tokenizer;
use tokenizer::ascii_word;
use words::{Raw, Words};

/// The casing of a word, as evidence of what it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shape(u8);

impl Shape {
    const FIRST_UPPER: u8 = 1;
    const ANY_UPPER: u8 = 2;
    const ANY_LOWER: u8 = 4;
    const REST_UPPER: u8 = 8;

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
    /// Its number among the distinct words.
    pub(crate) word: u32,
    /// What stands between the word before and this one.
    pub gap: Gap,
    /// Its casing.
    pub shape: Shape,
    /// The script of its first letter that has one.
    pub script: Script,
}

/// The words of a text or of a stretch of it, with their keys in one buffer that is used again and again.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    tokens: Vec<Token>,
    words: Words,
    generation: u64,
}

impl Tokens {
    /// No words yet; those met are known again, also after [`clear`](Tokens::clear), so that a word of many texts is folded once.
    ///
    /// ```
    /// use exonym::token::{Tokenizer, Tokens};
    /// let mut tokens = Tokens::remembering();
    /// for text in ["Baku, Ganja, Baku", "Ganja"] {
    ///     tokens.clear();
    ///     Tokenizer::new(text).fill(&mut tokens, usize::MAX);
    /// }
    /// assert_eq!((tokens.len(), tokens.key_str(0)), (1, "ganja"));
    /// ```
    pub fn remembering() -> Tokens {
        Tokens { words: Words::remembering(), ..Tokens::default() }
    }

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
        self.tokens.get(index).map_or(&[], |token| self.words.key(token.word))
    }

    /// The same as text.
    pub fn key_str(&self, index: usize) -> &str {
        std::str::from_utf8(self.key(index)).unwrap_or_default()
    }

    /// The folded form of a distinct word.
    #[inline]
    pub(crate) fn word_key(&self, word: u32) -> &[u8] {
        self.words.key(word)
    }

    /// How many distinct words there are.
    #[inline]
    pub(crate) fn distinct(&self) -> usize {
        self.words.len()
    }

    /// Changes whenever the numbers of distinct words are given anew.
    #[inline]
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// Forget all words, keep the memory.
    pub fn clear(&mut self) {
        self.tokens.clear();
        if !self.words.remembers() || self.words.are_many() {
            self.words.clear();
            self.generation += 1;
        }
    }

    /// Forget the first `count` words.
    pub(crate) fn drop_front(&mut self, count: usize) {
        self.tokens.drain(..count.min(self.tokens.len()));
        if !self.words.are_many() && self.words.remembers() {
            return;
        }
        // What is left of the text keeps its words, numbered anew and not known again.
        let before = std::mem::take(&mut self.words);
        if before.remembers() {
            self.words = Words::remembering();
        }
        self.generation += 1;
        for token in &mut self.tokens {
            let key_start = self.words.room().len();
            self.words.room().extend_from_slice(before.key(token.word));
            token.word = self.words.add(&Raw::new(b"", 0, 0), key_start, token.shape, token.script).number;
        }
    }
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
        Key::with(name, &mut Tokens::default())
    }

    /// The key of a name, with memory that is used again.
    pub(crate) fn with(name: &str, tokens: &mut Tokens) -> Key {
        tokens.clear();
        Tokenizer::new(name).fill(tokens, usize::MAX);
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

    /// Its first word, if that is plain to see: letters and digits up to Arabic before the end or what separates words.
    pub(crate) fn plain_word(&self) -> Option<&[u8]> {
        plain_word(&self.0)
    }

    /// Whether nothing is left of the name.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes up to the first separator; in a script without spaces, or before one, the first character with its marks.
    pub fn first_word(&self) -> &[u8] {
        first_word(&self.0, &mut Vec::new())
    }
}

fn plain_word(key: &[u8]) -> Option<&[u8]> {
    let mut end = ascii_word(key);
    // Scripts without spaces, and with more than letters in a word, begin with three bytes a character.
    end += key[end..]
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || (0x80..0xe0).contains(*byte))
        .count();
    let (word, rest) = key.split_at(end);
    let ends = rest.first().is_none_or(|byte| Gap::BYTES.contains(byte));
    (ends && !word.is_empty()).then_some(word)
}

/// The first word of a folded text, as the tokenizer cuts it: less than the key of one token where a character stands for several
/// (ໜ). `room` is memory to work in.
pub(crate) fn first_word<'k>(key: &'k [u8], room: &mut Vec<u8>) -> &'k [u8] {
    plain_word(key).unwrap_or_else(|| {
        room.clear();
        &key[..Tokenizer::new(std::str::from_utf8(key).unwrap_or_default()).word_end(room)]
    })
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
    fn plain_words_are_what_the_tokenizer_would_cut() {
        for c in ('a'..='\u{7ff}').filter(|c| c.is_alphanumeric()) {
            for name in
                [format!("{c}"), format!("x{c}"), format!("{c}x"), format!("{c}{c} y"), format!("{c}阿")]
            {
                let key = Key::new(&name);
                let text = std::str::from_utf8(key.as_bytes()).unwrap();
                let cut = &text[..Tokenizer::new(text).word_end(&mut vec![])];
                assert!(key.plain_word().is_none_or(|word| word == cut.as_bytes()), "{name:?}");
            }
        }
        assert_eq!(Key::new("Нью-Йорк").plain_word(), Some("нью".as_bytes()));
    }

    #[test]
    fn first_words() {
        assert_eq!(Key::new("Alma-Ata").first_word(), b"alma");
        assert_eq!(Key::new("Xi'an").first_word(), b"xian");
        assert_eq!(Key::new("阿拉木图").first_word(), "阿".as_bytes());
    }
}
