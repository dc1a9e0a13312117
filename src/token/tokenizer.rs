//! Reading words off a text: where each begins and ends, and what stands before it.

use super::words::{Raw, Word};
use super::{Gap, Shape, Token, Tokens, gap};
use crate::fold::{Class, Entry, compose, entries, entry, push, settle};
use crate::script::Script;

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
        if !out.words.remembers() {
            while out.len() < at_most {
                if !self.next_any(out) {
                    return false;
                }
            }
        }
        while out.len() < at_most {
            if !self.next_word(out) {
                return false;
            }
        }
        true
    }

    /// Add the next word; false at the end of the text.
    #[inline]
    fn next_word(&mut self, out: &mut Tokens) -> bool {
        self.next_common(out) || self.next_any(out)
    }

    /// Add the next word if it is of a most common sort, and known: of up to 15 letters of ASCII behind one space, line end, hyphen or comma, or one character
    /// of a script without spaces behind another word.
    #[inline]
    fn next_common(&mut self, out: &mut Tokens) -> bool {
        if !self.before.is_any() {
            return false;
        }
        let bytes = self.text.as_bytes();
        let (gap, skip) = match bytes.get(self.at..) {
            Some([b' ' | b'\n' | b'-', ..]) => (Gap::Space, 1),
            Some([b',', b' ', ..]) => (Gap::Comma, 2),
            Some([0xe3..=0xef, ..]) => (Gap::Nothing, 0),
            _ => return false,
        };
        match bytes.get(self.at + skip..) {
            Some([0..0x80, ..]) => {
                let Some(chunk) = bytes[self.at + skip..].first_chunk::<16>() else { return false };
                let all = u128::from_le_bytes(*chunk);
                let low = others(all as u64);
                let (len, first, last) = if low != 0 {
                    let len = low.trailing_zeros() as usize / 8;
                    (len, all as u64 & ((1 << (8 * len)) - 1), 0)
                } else {
                    let high = others((all >> 64) as u64);
                    let len = 8 + high.trailing_zeros() as usize / 8;
                    (len, all as u64, (all >> (8 * (len - 8))) as u64)
                };
                if len == 0 || len == 16 || chunk[len] >= 0x80 {
                    return false;
                }
                let known = out.words.known(&Raw::short(&chunk[..len], first, last));
                known.is_some_and(|word| self.take(word, self.at + skip, len, gap, out))
            }
            Some([0xe3..=0xef, _, _, rest @ ..]) if skip == 0 => {
                let is_alone = wide(&bytes[self.at..]).is_some_and(|e| e.class() == Class::Unspaced)
                    && match rest {
                        [] | [..0x80, ..] => true,
                        // What follows may be a part of it.
                        rest => wide(rest).is_some_and(|e| !e.is_odd() && e.class() != Class::Attached),
                    };
                if !is_alone {
                    return false;
                }
                let known = out.words.known(&Raw::new(bytes, self.at, self.at + 3));
                known.is_some_and(|word| self.take(word, self.at, 3, gap, out))
            }
            _ => false,
        }
    }

    /// Add a word of so many bytes.
    #[inline]
    fn take(&mut self, word: Word, start: usize, len: usize, gap: Gap, out: &mut Tokens) -> bool {
        let Word { number, shape, script, before } = word;
        if !before.is_any() {
            return false;
        }
        self.before = before;
        self.at = start + len;
        out.tokens.push(Token { start: start as u32, end: self.at as u32, word: number, gap, shape, script });
        true
    }

    fn next_any(&mut self, out: &mut Tokens) -> bool {
        let bytes = self.text.as_bytes();
        loop {
            let gap_start = self.at;
            if !self.skip_gap() {
                return false;
            }
            let start = self.at;
            let plain = self.plain_end();
            let known =
                plain.and_then(|end| Some((out.words.known(&Raw::new(bytes, start, end))?, end - start)));
            let (word, len) = known.unwrap_or_else(|| self.add_word(start, plain.is_some(), out));
            let gap = match bytes[gap_start..start] {
                [b' '] if self.before.is_any() => Gap::Space,
                [b',', b' '] if self.before.is_any() => Gap::Comma,
                [] if self.before.is_any() => Gap::Nothing,
                _ => self.before.gap(&self.text[gap_start..start], word.before.is_single()),
            };
            if self.take(word, start, len, gap, out) {
                return true;
            }
            // A word of marks that fold to nothing; go on behind it.
            self.at = start + len;
        }
    }

    /// Read a word that is not known; gives its length too.
    #[cold]
    fn add_word(&mut self, start: usize, is_plain: bool, out: &mut Tokens) -> (Word, usize) {
        let key_start = out.words.room().len();
        let (end, shape, script) = self.read_word(out.words.room());
        // What follows a word that is not plain may have a say in where it ends: it is not known again.
        let kept = if is_plain { end } else { start };
        let raw = Raw::new(self.text.as_bytes(), start, kept);
        (out.words.add(&raw, key_start, shape, script), end - start)
    }

    /// Go to where the next word begins; false if there is none.
    #[inline]
    fn skip_gap(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            // Most of what stands between words is one space.
            if byte == b' ' {
                self.at += 1;
                continue;
            }
            if byte.is_ascii_alphanumeric() {
                return true;
            }
            let Some(c) = self.text[self.at..].chars().next() else { return false };
            match entry(c).class() {
                Class::Word | Class::Unspaced | Class::Leading | Class::Ampersand => return true,
                _ => self.at += c.len_utf8(),
            }
        }
        false
    }

    /// Where the word that begins here ends, if that is plain to see: it is made of letters, digits and marks of scripts with spaces,
    /// or one character of a script without, and nothing is near that needs a closer look.
    fn plain_end(&self) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut end = self.at;
        if bytes.get(end).is_some_and(u8::is_ascii) {
            end += ascii_word(&bytes[end..]);
            if end > self.at && bytes.get(end).is_none_or(u8::is_ascii) {
                return Some(end);
            }
        }
        // Letters of two bytes, from Latin-1 to Arabic, mostly of one block.
        let mut page = usize::MAX;
        let mut block = entries(0);
        while let Some([lead @ 0xc2..=0xdf, trail, ..]) = bytes.get(end..) {
            let code = usize::from(lead & 0x1f) << 6 | usize::from(trail & 0x3f);
            if code >> 8 != page {
                page = code >> 8;
                block = entries(page);
            }
            if !block[code & 0xff].is_plain() {
                break;
            }
            end += 2;
        }
        for c in self.text[end..].chars() {
            let e = entry(c);
            if e.is_plain() {
                end += c.len_utf8();
            } else if e.is_odd() {
                return None;
            } else if end > self.at {
                break;
            } else if e.class() == Class::Unspaced {
                end += c.len_utf8();
                let next = self.text[end..].chars().next().map(entry);
                return next.is_none_or(|e| !e.is_odd() && e.class() != Class::Attached).then_some(end);
            } else {
                return None;
            }
        }
        Some(end)
    }

    /// Where the word ends that stands here; its key is added to `room`.
    pub(super) fn word_end(&self, room: &mut Vec<u8>) -> usize {
        self.read_word(room).0.min(self.text.len())
    }

    /// Read the word that begins here into `key`; gives its end, shape and script.
    fn read_word(&self, key: &mut Vec<u8>) -> (usize, Shape, Script) {
        let bytes = self.text.as_bytes();
        let key_start = key.len();
        let mut at = self.at;
        let mut shape = 0;
        let mut letters = 0;
        let mut script = Script::Zyyy;
        // ASCII words, the most of many texts.
        let ascii = &bytes[at..at + ascii_word(&bytes[at..])];
        if let [first, rest @ ..] = ascii {
            let any = |bytes: &[u8], of: fn(&u8) -> bool, flag| if bytes.iter().any(of) { flag } else { 0 };
            shape |= any(&[*first], u8::is_ascii_uppercase, Shape::FIRST_UPPER | Shape::ANY_UPPER);
            shape |= any(rest, u8::is_ascii_uppercase, Shape::REST_UPPER | Shape::ANY_UPPER);
            shape |= any(ascii, u8::is_ascii_lowercase, Shape::ANY_LOWER);
            key.extend_from_slice(ascii);
            key[key_start..].make_ascii_lowercase();
            letters = ascii.len();
            at += letters;
        }
        if shape != 0 {
            script = Script::Latn;
        }
        if at > self.at && bytes.get(at).is_none_or(u8::is_ascii) {
            return (at, Shape(shape), script);
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
                    return (at + c.len_utf8(), Shape(shape), script);
                }
                _ => break,
            }
            composes |= e.composes();
            push(c, e, key);
            at += c.len_utf8();
        }
        if composes {
            key.truncate(key_start);
            for c in compose(&self.text[self.at..end]) {
                let e = entry(c);
                if matches!(e.class(), Class::Word | Class::Unspaced | Class::Attached | Class::Leading) {
                    push(c, e, key);
                }
            }
            settle(key, key_start);
        }
        (end.max(self.at + 1), Shape(shape), script)
    }
}

/// The entry of the character of three bytes that a text begins with.
#[inline]
fn wide(text: &[u8]) -> Option<&'static Entry> {
    let [lead @ 0xe0..=0xef, middle, trail, ..] = text else { return None };
    let code = usize::from(lead & 0x0f) << 12 | usize::from(middle & 0x3f) << 6 | usize::from(trail & 0x3f);
    Some(&entries(code >> 8)[code & 0xff])
}

/// How many letters and digits of ASCII stand at the beginning, eight at a time.
#[inline]
pub(super) fn ascii_word(bytes: &[u8]) -> usize {
    let mut len = 0;
    while let Some(chunk) = bytes[len..].first_chunk::<8>() {
        let others = others(u64::from_le_bytes(*chunk));
        if others != 0 {
            return len + others.trailing_zeros() as usize / 8;
        }
        len += 8;
    }
    len + bytes[len..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count()
}

/// The high bit of each of eight bytes that is no letter or digit of ASCII.
#[inline]
fn others(word: u64) -> u64 {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    // The sum has its high bit where the other bits are at least the byte.
    let at_least = |byte: u8, word: u64| word + ONES * u64::from(0x80 - byte);
    let low = word & !HIGH;
    let small = low | (ONES * 0x20);
    let letters = at_least(b'a', small) & !at_least(b'z' + 1, small);
    let digits = at_least(b'0', low) & !at_least(b'9' + 1, low);
    (!(letters | digits) | word) & HIGH
}
