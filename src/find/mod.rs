//! Tokens × gazetteer → matches: which spans of a text are names.
//!
//! A match begins and ends on word borders, covers the whole word (an inflected one too) and says which key it is; who bears the
//! name is a lookup away. What always holds: the stored automaton is only asked about words that pass the first-word filter,
//! so text without names costs a hash and one cache line a word; time is linear in the text for a bounded name length.

mod overlap;
#[cfg(test)]
mod tests;
mod urls;

use std::borrow::Cow;

use crate::gazetteer::{Cursor, Gazetteer, Lookup, filter};
use crate::token::inflect::{Form, Morphology, Rule};
use crate::token::{Gap, Key, Token, Tokenizer, Tokens};
pub use overlap::Overlap;

/// A span of text that is a name of the gazetteer.
#[derive(Clone, Copy, Debug)]
pub struct Match<'r> {
    /// First byte in the text.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
    entry: u32,
    rule: Option<&'r Rule>,
    pub(crate) first: u32,
    pub(crate) last: u32,
}

impl<'r> Match<'r> {
    /// The records that bear this name, the most prominent first.
    pub fn candidates<'g>(&self, gazetteer: &'g Gazetteer) -> Lookup<'g> {
        gazetteer.entry(self.entry)
    }

    /// The rule by which an inflected form was found, or `None` if the name stands as it is in the gazetteer.
    pub fn rule(&self) -> Option<&'r Rule> {
        self.rule
    }

    /// The number of its key in the gazetteer.
    pub fn entry(&self) -> u32 {
        self.entry
    }
}

/// Finds the names of a gazetteer in texts. Cheap to make, `Send + Sync`, used by many threads at once.
///
/// ```
/// # use exonym::{Finder, Gazetteer, GazetteerBuilder, Record, record::Name};
/// # let mut builder = GazetteerBuilder::new();
/// # let mut almaty = Record::new("gn:1526384".parse()?);
/// # almaty.names = vec![Name::new("Almaty", "en"), Name::new("Алма-Ата", "ru")];
/// # builder.add(almaty, None)?;
/// # let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
/// let finder = Finder::new(&gazetteer);
/// let text = "АЛМА-АТА, ныне Almaty";
/// let spans: Vec<&str> = finder.find_iter(text).map(|m| &text[m.start..m.end]).collect();
/// assert_eq!(spans, ["АЛМА-АТА", "Almaty"]);
/// # Ok::<(), exonym::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Finder<'g> {
    gazetteer: &'g Gazetteer,
    morphology: Option<&'g Morphology>,
    overlap: Overlap,
    lang: Option<String>,
}

/// Memory that is used again from one text to the next.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(crate) tokens: Tokens,
    room: Vec<u8>,
    next_room: Vec<u8>,
}

impl<'g> Finder<'g> {
    /// A finder with the rules of all languages and the longest match at each place.
    pub fn new(gazetteer: &'g Gazetteer) -> Finder<'g> {
        Finder { gazetteer, morphology: Some(Morphology::builtin()), overlap: Overlap::Longest, lang: None }
    }

    /// Which of several matches that share text are given.
    #[must_use]
    pub fn overlap(mut self, overlap: Overlap) -> Self {
        self.overlap = overlap;
        self
    }

    /// Whether inflected forms and words with attached prepositions are found. On by default.
    #[must_use]
    pub fn inflect(mut self, yes: bool) -> Self {
        self.morphology = yes.then(Morphology::builtin);
        self
    }

    /// Only use the inflection rules of one language (BCP 47); all languages' by default.
    #[must_use]
    pub fn lang(mut self, lang: Option<&str>) -> Self {
        self.lang = lang.map(|tag| primary(tag).into_owned());
        self
    }

    /// The matches of a text, one after the other, in the order of their first byte.
    pub fn find_iter<'f, 't>(&'f self, text: &'t str) -> FindIter<'f, 'g, 't> {
        FindIter {
            finder: self,
            text,
            tokenizer: Tokenizer::new(text),
            scratch: Scratch::default(),
            more: true,
            at: 0,
            found: Vec::new(),
            given: 0,
            free_from: 0,
        }
    }

    /// Read the words of a text into `scratch`.
    pub(crate) fn read(&self, text: &str, scratch: &mut Scratch) {
        scratch.tokens.clear();
        Tokenizer::new(text).fill(&mut scratch.tokens, usize::MAX);
    }

    /// All matches at every word in `scratch`, longest first at each, into `out`. Of one span, the name as written comes first,
    /// and inflected forms of other names follow it.
    pub(crate) fn find_all(
        &self,
        text: &str,
        lang: Option<&str>,
        scratch: &mut Scratch,
        out: &mut Vec<Match<'g>>,
    ) {
        out.clear();
        for i in 0..scratch.tokens.len() {
            self.at_word(text, lang, scratch, i, Forms::All, out);
        }
    }

    /// Add the matches that begin at a word, longest first.
    fn at_word(
        &self,
        text: &str,
        lang: Option<&str>,
        scratch: &mut Scratch,
        i: usize,
        forms: Forms,
        out: &mut Vec<Match<'g>>,
    ) {
        let Scratch { tokens, room, next_room } = scratch;
        let Some(token) = tokens.get(i) else { return };
        match token.gap {
            Gap::Inner => return,
            Gap::Apostrophe => {
                let before = i.checked_sub(1).map_or("", |b| tokens.key_str(b));
                if !self.morphology.is_some_and(|m| m.elides(before)) {
                    return;
                }
            }
            _ => {}
        }
        let from = out.len();
        let mut walk = Walk { finder: self, text, tokens, lang, first: i, out: &mut *out, room: next_room };
        // Where the word goes on without a separator, the filter was asked about a longer word.
        let joined = tokens.get(i + 1).is_some_and(|t| match t.gap {
            Gap::Apostrophe | Gap::Inner | Gap::LineHyphen => true,
            Gap::Nothing => !token.script.is_unspaced(),
            _ => false,
        });
        if joined
            || token.shape.expands()
            || !self.gazetteer.filter().query(filter::hash(tokens.key(i))).is_none()
        {
            let mut cursor = self.gazetteer.cursor();
            if cursor.steps(tokens.key(i)) {
                walk.go_on(cursor, i, None);
            }
        }
        let as_written = walk.out.len();
        if (as_written == from || forms == Forms::All)
            && let Some(morphology) = self.morphology
            && may_inflect(token)
        {
            morphology.forms(tokens.key_str(i), token.script, lang, room, |key, form| {
                let goes_on = joined && form.cut_start > 0;
                if goes_on || !self.gazetteer.filter().query(filter::hash(key)).is_none() {
                    let mut cursor = self.gazetteer.cursor();
                    if cursor.steps(key) {
                        walk.go_on(cursor, i, Some(form));
                    }
                }
                false
            });
        }
        let found = &mut out[from..];
        if found.len() > 1 {
            // The longest first; of equally long ones the form found first.
            found.sort_by_key(|m| std::cmp::Reverse(m.end));
            let mut kept = from + 1;
            for i in from + 1..out.len() {
                let same = |m: &Match<'_>| {
                    m.end == out[i].end
                        && (forms == Forms::First || m.start == out[i].start && m.entry == out[i].entry)
                };
                if !out[from..kept].iter().any(same) {
                    out[kept] = out[i];
                    kept += 1;
                }
            }
            out.truncate(kept);
        }
        if out.len() > from && urls::is_inside(text, token.start as usize) {
            out.truncate(from);
        }
    }
}

/// Which readings of a span are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Forms {
    /// The name as written, else the form found first.
    First,
    /// That, and every other name it may be a form of.
    All,
}

/// Words that are tried in other forms: not figures, and in cased scripts not words in small letters of other than the
/// languages that write demonyms small; those are tried too, since the gazetteer holds their forms.
fn may_inflect(token: &Token) -> bool {
    !token.shape.is_cased() || token.shape.is_capitalized() || token.shape.is_lowercase()
}

/// The primary subtag of a language tag, in lower case.
pub(crate) fn primary(tag: &str) -> Cow<'_, str> {
    let primary = tag.split(['-', '_']).next().unwrap_or_default();
    match primary.bytes().any(|b| b.is_ascii_uppercase()) {
        true => Cow::Owned(primary.to_ascii_lowercase()),
        false => Cow::Borrowed(primary),
    }
}

/// One walk through the automaton from one word of the text.
struct Walk<'w, 'g> {
    finder: &'w Finder<'g>,
    text: &'w str,
    tokens: &'w Tokens,
    lang: Option<&'w str>,
    first: usize,
    out: &'w mut Vec<Match<'g>>,
    room: &'w mut Vec<u8>,
}

impl<'g> Walk<'_, 'g> {
    /// The automaton stands behind word `last`: take the match there, if any, and try the words that follow.
    fn go_on(&mut self, cursor: Cursor<'g>, last: usize, form: Option<Form<'g>>) {
        let next = self.tokens.get(last + 1);
        let inner = next.is_some_and(|t| t.gap == Gap::Inner);
        if !inner && let Some(entry) = cursor.value() {
            self.take(entry, last, form);
        }
        // A particle cut off at the end, or a long chain, ends the name.
        let Some(next) = next else { return };
        if form.is_some_and(|f| f.cut_end > 0) || last + 1 - self.first >= Key::MAX_TOKENS {
            return;
        }
        let gaps: &[Option<u8>] = match next.gap {
            Gap::LineHyphen => &[None, Some(b' ')],
            gap => &[gap.byte()],
        };
        for gap in gaps {
            let mut cursor = cursor;
            if gap.is_some_and(|byte| !cursor.step(byte)) {
                continue;
            }
            let mut ahead = cursor;
            if ahead.steps(self.tokens.key(last + 1)) {
                self.go_on(ahead, last + 1, form);
            } else if (gap.is_some() || next.gap == Gap::Apostrophe)
                && let Some(morphology) = self.finder.morphology
            {
                let mut room = std::mem::take(self.room);
                let mut hit = None;
                morphology.forms(
                    self.tokens.key_str(last + 1),
                    next.script,
                    self.lang,
                    &mut room,
                    |key, form| {
                        let mut ahead = cursor;
                        if form.cut_start == 0 && ahead.steps(key) {
                            hit = Some((ahead, form));
                        }
                        hit.is_some_and(|(ahead, _)| ahead.value().is_some())
                    },
                );
                *self.room = room;
                if let Some((ahead, form)) = hit {
                    self.go_on(ahead, last + 1, Some(form));
                }
            }
        }
    }

    fn take(&mut self, entry: u32, last: usize, form: Option<Form<'g>>) {
        let (Some(first), Some(end)) = (self.tokens.get(self.first), self.tokens.get(last)) else { return };
        let mut span = (first.start as usize, end.end as usize);
        if let Some(form) = form {
            if form.cut_start > 0 {
                span.0 += skip_chars(&self.text[span.0..span.1], form.cut_start);
            }
            if form.cut_end > 0 {
                span.1 = end.start as usize
                    + folded_len(
                        &self.text[end.start as usize..span.1],
                        self.tokens.key(last).len() - form.cut_end,
                    );
            }
        }
        let found = Match {
            start: span.0,
            end: span.1,
            entry,
            rule: form.map(|f| f.rule),
            first: self.first as u32,
            last: last as u32,
        };
        self.out.push(found);
    }
}

/// The bytes of the first `count` characters that are more than marks and tatweel.
fn skip_chars(word: &str, count: usize) -> usize {
    let mut left = count;
    for (at, c) in word.char_indices() {
        if left == 0 && !crate::fold::fold(c.encode_utf8(&mut [0; 4])).is_empty() {
            return at;
        }
        left = left.saturating_sub(usize::from(!crate::fold::fold(c.encode_utf8(&mut [0; 4])).is_empty()));
    }
    word.len()
}

/// The bytes of a word whose folded form has `len` bytes.
fn folded_len(word: &str, len: usize) -> usize {
    let mut folded = 0;
    for (at, c) in word.char_indices() {
        if folded >= len {
            return at;
        }
        folded += crate::fold::fold(c.encode_utf8(&mut [0; 4])).len();
    }
    word.len()
}

/// The matches of one text; see [`Finder::find_iter`].
#[derive(Debug)]
pub struct FindIter<'f, 'g, 't> {
    finder: &'f Finder<'g>,
    text: &'t str,
    tokenizer: Tokenizer<'t>,
    scratch: Scratch,
    more: bool,
    at: usize,
    found: Vec<Match<'g>>,
    given: usize,
    free_from: usize,
}

/// Words read at a time; memory does not grow with the text.
const BLOCK: usize = 4096;

impl<'g> Iterator for FindIter<'_, 'g, '_> {
    type Item = Match<'g>;

    fn next(&mut self) -> Option<Match<'g>> {
        loop {
            while let Some(found) = self.found.get(self.given).copied() {
                self.given += 1;
                if self.finder.overlap.admits(&found, &mut self.free_from) {
                    return Some(found);
                }
            }
            self.found.clear();
            self.given = 0;
            if self.more && self.at + Key::MAX_TOKENS + 1 >= self.scratch.tokens.len() {
                // Keep one word before the next, for what it says of the border.
                let keep_from = self.at.saturating_sub(1);
                self.scratch.tokens.drop_front(keep_from);
                self.at -= keep_from;
                self.more = self.tokenizer.fill(&mut self.scratch.tokens, BLOCK);
            }
            let token = self.scratch.tokens.get(self.at)?;
            if self.finder.overlap != Overlap::Longest || token.start as usize >= self.free_from {
                let lang = self.finder.lang.as_deref();
                self.finder.at_word(
                    self.text,
                    lang,
                    &mut self.scratch,
                    self.at,
                    Forms::First,
                    &mut self.found,
                );
            }
            self.at += 1;
        }
    }
}
