//! Folding: the one definition of "written the same".
//!
//! Text goes in character by character, folded UTF-8 comes out. The steps, in order:
//!
//! 1. punctuation is classed, zero-width characters vanish (`punctuation`);
//! 2. compatibility decomposition (NFKD): ligatures, full-width and half-width forms, presentation forms;
//! 3. marks are dropped in Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew and Arabic script, and kept everywhere else;
//! 4. full case folding;
//! 5. the letters of one script that are written for one another (`latin`, `cyrillic`, `arabic`, …);
//! 6. kana and Hangul are composed again.
//!
//! What always holds: folding a folded text changes nothing; NFC and NFD of a text fold alike; no input panics. A key is never
//! used to find a place in a text: folding may lengthen or shorten a word.

mod arabic;
mod armenian;
mod cyrillic;
mod greek;
mod han;
mod hebrew;
mod indic;
mod latin;
pub(crate) mod punctuation;

use std::borrow::Cow;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};

use crate::script::Script;
pub(crate) use punctuation::Class;

/// Version of the folding rules. A stored gazetteer is only read by a program that folds as its builder did.
pub const FOLD_VERSION: u32 = 1;

const UPPER: u8 = 1;
const LOWER: u8 = 2;
const COMPOSES: u8 = 4;
const LONG: u8 = 8;
const PLAIN: u8 = 16;
const ODD: u8 = 32;
const YIWN: u8 = 64;

/// What folding knows of one character: 16 bytes, four to a cache line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    class: u8,
    script: u8,
    flags: u8,
    len: u8,
    bytes: [u8; 12],
}

impl Entry {
    #[inline]
    pub(crate) fn class(&self) -> Class {
        Class::from_u8(self.class)
    }

    #[inline]
    pub(crate) fn script(&self) -> Script {
        Script::from_u8(self.script)
    }

    #[inline]
    pub(crate) fn is_upper(&self) -> bool {
        self.flags & UPPER != 0
    }

    #[inline]
    pub(crate) fn is_lower(&self) -> bool {
        self.flags & LOWER != 0
    }

    /// Whether it may form one letter with the character before it, so that the word must be composed first.
    #[inline]
    pub(crate) fn composes(&self) -> bool {
        self.flags & COMPOSES != 0
    }

    /// Whether it goes on with any word of a script with spaces.
    #[inline]
    pub(crate) fn is_plain(&self) -> bool {
        self.flags & PLAIN != 0
    }

    /// Whether it depends on what stands around it what becomes of it, so that the tokenizer must look closer.
    #[inline]
    pub(crate) fn is_odd(&self) -> bool {
        self.flags & ODD != 0
    }

    fn of(c: char) -> Entry {
        // Two blocks without case, marks and compatibility forms, in which most characters of most alphabets lie.
        match c {
            '\u{4e00}'..='\u{9fff}' => {
                Entry::plain(han::simplified(c).unwrap_or(c), Class::Unspaced, Script::Hani, 0)
            }
            '\u{ac00}'..='\u{d7a3}' => Entry::plain(c, Class::Word, Script::Hang, PLAIN),
            c => Entry::worked_out(c),
        }
    }

    fn plain(folded: char, class: Class, script: Script, flags: u8) -> Entry {
        let mut bytes = [0; 12];
        let len = folded.encode_utf8(&mut bytes).len() as u8;
        Entry { class: class as u8, script: script as u8, flags, len, bytes }
    }

    fn worked_out(c: char) -> Entry {
        let mut folded = String::new();
        let class = classify(c);
        if matches!(class, Class::Word | Class::Unspaced | Class::Attached | Class::Leading) {
            fold_letter(c, &mut folded);
        } else if class == Class::Ampersand {
            folded.push('&');
        }
        let mut entry = Entry {
            class: class as u8,
            script: Script::of(folded.chars().next().unwrap_or(c)) as u8,
            flags: 0,
            len: 0,
            bytes: [0; 12],
        };
        let (upper, lower) = (c.is_uppercase(), c.is_lowercase());
        // Titlecase digraphs (ǅ) count as capitals.
        if upper || (!lower && c.to_lowercase().next() != Some(c)) {
            entry.flags |= UPPER;
        } else if lower {
            entry.flags |= LOWER;
        }
        entry.flags |= match class {
            Class::Word if entry.script() == Script::Kana => ODD,
            Class::Word | Class::Attached => PLAIN,
            Class::Ignored | Class::NonJoiner | Class::Leading => ODD,
            _ => 0,
        };
        // A Hangul letter by itself (ㅃ) stands for one that does.
        if may_compose(c) || folded.chars().any(may_compose) {
            entry.flags |= COMPOSES;
        }
        if folded == "ւ" {
            entry.flags |= YIWN;
        }
        match entry.bytes.get_mut(..folded.len()) {
            Some(room) => {
                room.copy_from_slice(folded.as_bytes());
                entry.len = folded.len() as u8;
            }
            None => entry.flags |= LONG,
        }
        entry
    }
}

/// The entry of a character.
#[inline]
pub(crate) fn entry(c: char) -> &'static Entry {
    let code = c as usize;
    &entries(code >> 8)[code & 0xFF]
}

/// The entries of 256 characters, made when one of them is first met; the last block stands for all beyond.
#[inline]
pub(crate) fn entries(block: usize) -> &'static [Entry; 256] {
    static BLOCKS: [OnceLock<Box<[Entry; 256]>>; 0x1100] = [const { OnceLock::new() }; 0x1100];
    let block = block.min(BLOCKS.len() - 1);
    BLOCKS[block].get_or_init(|| {
        let first = (block as u32) << 8;
        Box::new(std::array::from_fn(|i| {
            char::from_u32(first + i as u32).map_or_else(|| Entry::of('\0'), Entry::of)
        }))
    })
}

/// Add the folded form of a character to a word under construction.
#[inline]
pub(crate) fn push(c: char, entry: &Entry, word: &mut Vec<u8>) {
    if entry.flags & (LONG | YIWN) == 0 {
        // Copying all bytes is cheaper than copying as many as there are.
        let end = word.len() + usize::from(entry.len);
        word.extend_from_slice(&entry.bytes);
        word.truncate(end);
    } else if entry.flags & LONG != 0 {
        let mut folded = String::new();
        fold_letter(c, &mut folded);
        word.extend_from_slice(folded.as_bytes());
    } else {
        // Armenian ւ: part of the vowel ու, else written for վ.
        let is_vowel = word.ends_with("ո".as_bytes());
        word.extend_from_slice(if is_vowel { "ւ" } else { "վ" }.as_bytes());
    }
}

/// Compose a word that holds a character which [`Entry::composes`], so that folding it character by character is right.
pub(crate) fn compose(word: &str) -> impl Iterator<Item = char> {
    word.nfkc()
}

/// Add the folded form of words with a space between them to `out`, if it is plain to see: no other punctuation, no letter of which the
/// neighbours decide what becomes of it. It is the key of the words then.
pub(crate) fn push_plain(words: &str, out: &mut Vec<u8>) -> bool {
    let mut is_gap = true;
    for c in words.chars() {
        let e = entry(c);
        match e.class() {
            Class::Space if c == ' ' && !is_gap => out.push(b' '),
            Class::Word | Class::Unspaced if !e.is_odd() && !e.composes() && e.len > 0 => push(c, e, out),
            _ => return false,
        }
        is_gap = c == ' ';
    }
    !is_gap
}

/// A text with every word folded, apostrophes and zero-width characters gone, ASCII punctuation as it was, and a space for
/// every other character.
///
/// ```
/// use exonym::fold::fold;
/// assert_eq!(fold("Xankəndi"), "xankendi");
/// assert_eq!(fold("АЛМА-АТА"), "алма ата");
/// assert_eq!(fold("Xi’an"), fold("XI'AN"));
/// assert_eq!(fold("阿拉木圖"), "阿拉木图");
/// ```
pub fn fold(text: &str) -> String {
    let composes = text.chars().any(|c| entry(c).composes());
    let text = if composes { Cow::Owned(compose(text).collect()) } else { Cow::Borrowed(text) };
    let mut out = Vec::with_capacity(text.len());
    for c in text.chars() {
        let e = entry(c);
        match e.class() {
            Class::Word | Class::Unspaced | Class::Attached | Class::Leading => push(c, e, &mut out),
            Class::Space | Class::Newline | Class::Hyphen | Class::Slash => out.push(b' '),
            Class::Ignored | Class::NonJoiner | Class::Apostrophe | Class::Dot => {}
            _ if c.is_ascii() => out.push(c as u8),
            _ => out.push(b' '),
        }
    }
    if composes {
        settle(&mut out, 0);
    }
    // Only whole folded characters are ever appended, so this cannot fail.
    String::from_utf8(out).unwrap_or_default()
}

/// Puts the marks of folded characters from `start` on in canonical order again: what was dropped between them, or taken apart,
/// may have stood in its way.
pub(crate) fn settle(folded: &mut Vec<u8>, start: usize) {
    let text = std::str::from_utf8(folded.get(start..).unwrap_or_default()).unwrap_or_default();
    let class = |c: &char| canonical_combining_class(*c);
    if text.chars().map(|c| class(&c)).is_sorted_by(|a, b| *b == 0 || a <= b) {
        return;
    }
    let mut chars: Vec<char> = text.chars().collect();
    for marks in chars.chunk_by_mut(|_, next| class(next) != 0) {
        // The first of a run is what its marks stand on, unless the text begins with one.
        let from = usize::from(marks.first().is_some_and(|c| class(c) == 0));
        marks[from..].sort_by_key(class);
    }
    folded.truncate(start);
    folded.extend(chars.iter().collect::<String>().bytes());
}

fn classify(c: char) -> Class {
    if let Some(class) = punctuation::class(c) {
        return class;
    }
    let script = Script::of(c);
    match c {
        // Thai and Lao vowels written before their consonant.
        '\u{e40}'..='\u{e44}' | '\u{ec0}'..='\u{ec4}' => return Class::Leading,
        // Vowels written after it as letters of their own; repetition marks.
        '\u{e30}' | '\u{e32}' | '\u{e33}' | '\u{e45}' | '\u{e46}' | '\u{eb0}' | '\u{eb2}' | '\u{eb3}'
        | '\u{ec6}' => {
            return Class::Attached;
        }
        // Khmer coeng and Burmese virama stack the following consonant.
        '\u{17d2}' | '\u{1039}' => return Class::Leading,
        // Superscript and subscript figures are notes, not part of a word.
        '\u{b2}' | '\u{b3}' | '\u{b9}' | '\u{2070}'..='\u{209c}' => return Class::Break,
        _ => {}
    }
    if is_combining_mark(c) {
        return if dropped(c) || script.is_unspaced() || matches!(c, '\u{3099}' | '\u{309a}') {
            Class::Attached
        } else {
            Class::Word
        };
    }
    match script {
        _ if !c.is_alphanumeric() => Class::Break,
        s if s.is_unspaced() && digit(c).is_none() => Class::Unspaced,
        _ => Class::Word,
    }
}

/// Whether a combining mark is left out of keys.
fn dropped(mark: char) -> bool {
    !matches!(mark, '\u{3099}' | '\u{309a}') && Script::of(mark).drops_marks()
}

fn may_compose(c: char) -> bool {
    matches!(c, '\u{3099}' | '\u{309a}' | '\u{ff9e}' | '\u{ff9f}' | '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97f}'
        | '\u{d7b0}'..='\u{d7ff}' | '\u{ffa0}'..='\u{ffdc}')
}

/// Steps 2 to 6 for one letter, digit or mark.
fn fold_letter(c: char, out: &mut String) {
    if ('\u{ac00}'..='\u{d7a3}').contains(&c) {
        out.push(c);
        return;
    }
    let from = out.len();
    // The Armenian ligature decomposes into ե and ւ, which stand for եվ; see `armenian`.
    if let Some(text) = armenian::map(c) {
        out.push_str(text);
        return;
    }
    for d in std::iter::once(c).nfkd() {
        if is_combining_mark(d) && dropped(d) {
            continue;
        }
        // By way of the capital, which makes this full case folding: ß, ſ and ς meet SS, S and Σ.
        for lower in d.to_uppercase().flat_map(char::to_lowercase) {
            // Lower-casing İ leaves a mark.
            if !(is_combining_mark(lower) && dropped(lower)) {
                map(lower, out);
            }
        }
    }
    if out[from..].chars().any(may_compose) {
        let composed: String = out[from..].nfc().collect();
        out.truncate(from);
        out.push_str(&composed);
    }
}

fn map(c: char, out: &mut String) {
    if c.is_ascii() {
        // Decomposition also makes punctuation, as in ½ and ŉ.
        if c.is_ascii_alphanumeric() {
            out.push(c);
        }
        return;
    }
    if punctuation::class(c).is_some() || !(c.is_alphanumeric() || is_combining_mark(c)) {
        return;
    }
    let mapped = match Script::of(c) {
        Script::Latn => latin::map(c),
        Script::Cyrl => cyrillic::map(c),
        Script::Grek => greek::map(c),
        Script::Arab => arabic::map(c),
        Script::Hebr => hebrew::map(c),
        Script::Deva | Script::Guru => indic::map(c),
        Script::Hani => {
            out.push(han::simplified(c).unwrap_or(c));
            return;
        }
        _ => None,
    };
    match (mapped, digit(c)) {
        (Some(text), _) => out.push_str(text),
        (None, Some(digit)) => out.push(digit),
        (None, None) => out.push(c),
    }
}

/// The ASCII digit of a decimal digit of another script.
fn digit(c: char) -> Option<char> {
    const ZEROS: [u32; 20] = [
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
        0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810,
    ];
    ZEROS.iter().find_map(|zero| char::from_digit((c as u32).wrapping_sub(*zero), 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kana_and_hangul_compose() {
        assert_eq!(fold("ｶｻﾞﾌｽﾀﾝ"), "カザフスタン");
        assert_eq!(fold("か\u{3099}"), "が");
        assert_eq!(fold("\u{1109}\u{1165}\u{110b}\u{116e}\u{11af}"), "서울");
    }

    #[test]
    fn compatibility_forms() {
        assert_eq!(fold("ＡＬＭＡＴＹ"), "almaty");
        assert_eq!(fold("Aﬃliate"), "affiliate");
        assert_eq!(fold("ﷺ"), fold(&fold("ﷺ")));
    }

    #[test]
    fn plain_characters_are_what_would_be_worked_out() {
        for c in ('\u{4e00}'..='\u{9fff}').chain('\u{ac00}'..='\u{d7a3}') {
            assert_eq!(Entry::of(c), Entry::worked_out(c), "U+{:04X}", c as u32);
        }
    }

    #[test]
    fn zero_width_characters_vanish() {
        assert_eq!(fold("Bish\u{ad}kek\u{200b}"), "bishkek");
    }

    #[test]
    fn letters_that_compose_leave_the_rest_of_the_text_alone() {
        // Found by fuzzing: where a letter composes (or stands for one that does), all marks of the text are put in order.
        for text in ["\u{f78}\u{e48} ㅃ", "\u{d4b} フ\u{3099}"] {
            assert_eq!(fold(&fold(text)), fold(text));
        }
    }

    #[test]
    fn every_character_folds_once_and_in_both_normal_forms() {
        for c in (0..=0x10FFFF).filter_map(char::from_u32) {
            let text = c.to_string();
            let once = fold(&text);
            assert_eq!(fold(&once), once, "U+{:04X}", c as u32);
            // Symbols (≠) are no part of any word.
            if entry(c).class() == Class::Break {
                continue;
            }
            let (nfc, nfd): (String, String) = (text.nfc().collect(), text.nfd().collect());
            assert_eq!(fold(&nfc), fold(&nfd), "U+{:04X}", c as u32);
        }
    }
}
