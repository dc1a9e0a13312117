//! Tokens × gazetteer → matches: which spans of a text are names.
//!
//! A match begins and ends on word borders, covers the whole word (an inflected one too) and says which key it is; who bears the
//! name is a lookup away. What always holds: the stored automaton is only asked about words that pass the first-word filter,
//! so text without names costs a hash and one cache line a word; time is linear in the text for a bounded name length.

mod ahead;
mod known;
mod overlap;
#[cfg(test)]
mod tests;
mod urls;

use std::borrow::Cow;
use std::ops::Range;

use crate::gazetteer::{Cursor, Gazetteer, Lookup};
use crate::token::inflect::{Form, Morphology, Rule};
use crate::token::{Gap, Key, Token, Tokenizer, Tokens};
use ahead::{Ahead, Outlook};
use known::{Known, LATER, NONE};
pub use overlap::Overlap;
pub use urls::is_inside_address;

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
    morphology: Option<&'static Morphology>,
    overlap: Overlap,
    lang: Option<String>,
}

/// Memory that is used again from one text to the next.
#[derive(Debug)]
pub struct Scratch {
    pub(crate) tokens: Tokens,
    known: Known,
    /// What may begin with each of the words that come next.
    outlook: Outlook,
    addresses: urls::Addresses,
}

impl Default for Scratch {
    fn default() -> Scratch {
        Scratch {
            tokens: Tokens::remembering(),
            known: Known::default(),
            outlook: Outlook::default(),
            addresses: urls::Addresses::default(),
        }
    }
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

    /// The same matches into `out`, with memory that is used again: what was learned of the words of one text serves the next, which
    /// makes short texts several times as fast.
    ///
    /// ```
    /// # use exonym::{Finder, Gazetteer, GazetteerBuilder, Record, find::Scratch, record::Name};
    /// # let mut builder = GazetteerBuilder::new();
    /// # let mut almaty = Record::new("gn:1526384".parse()?);
    /// # almaty.names = vec![Name::new("Almaty", "en")];
    /// # builder.add(almaty, None)?;
    /// # let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
    /// let (finder, mut scratch, mut out) = (Finder::new(&gazetteer), Scratch::default(), Vec::new());
    /// for text in ["from Almaty", "to Almaty"] {
    ///     finder.find_into(text, &mut scratch, &mut out);
    ///     assert_eq!(out.len(), 1);
    /// }
    /// # Ok::<(), exonym::Error>(())
    /// ```
    pub fn find_into(&self, text: &str, scratch: &mut Scratch, out: &mut Vec<Match<'g>>) {
        self.read(text, scratch);
        self.find_all(text, self.lang.as_deref(), scratch, out);
        let mut free_from = 0;
        out.retain(|found| self.overlap.admits(found, &mut free_from));
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
        self.prepare(lang, scratch);
        scratch.addresses = urls::Addresses::default();
        let count = scratch.tokens.len();
        for from in (0..count).step_by(BLOCK) {
            let to = count.min(from + BLOCK);
            self.look_ahead(lang, scratch, from..to);
            for i in from..to {
                if scratch.outlook.of(i) != Ahead::Nothing {
                    self.matches_at(text, lang, scratch, i, Forms::All, out);
                }
            }
        }
    }

    /// Make sure that what is known of words holds for this finder and the words in `scratch`.
    fn prepare(&self, lang: Option<&str>, scratch: &mut Scratch) {
        scratch.known.prepare(self.gazetteer, self.morphology.is_some(), lang, &scratch.tokens);
    }

    /// Tell what may begin with each of some words.
    fn look_ahead(&self, lang: Option<&str>, scratch: &mut Scratch, range: Range<usize>) {
        let Scratch { tokens, known, outlook, .. } = scratch;
        let end = tokens.len().min(range.end + 1);
        let some = tokens.as_slice().get(range.start..end).unwrap_or_default();
        known.ask(self.gazetteer, self.morphology, lang, tokens, some);
        known.look_ahead(self.gazetteer.pairs(), tokens, range, outlook);
    }

    /// Add the matches that begin at a word, longest first.
    fn matches_at(
        &self,
        text: &str,
        lang: Option<&str>,
        scratch: &mut Scratch,
        i: usize,
        forms: Forms,
        out: &mut Vec<Match<'g>>,
    ) {
        let Some(token) = scratch.tokens.get(i).copied() else { return };
        match token.gap {
            Gap::Inner => return,
            Gap::Apostrophe => {
                let before = i.checked_sub(1).map_or("", |b| scratch.tokens.key_str(b));
                if !self.morphology.is_some_and(|m| m.elides(before)) {
                    return;
                }
            }
            _ => {}
        }
        let from = out.len();
        let Scratch { tokens, known, outlook, addresses } = scratch;
        let is_alone = outlook.of(i) == Ahead::Alone;
        let start = match tokens.get(i + 1) {
            Some(next) if !is_alone && next.gap.may_join() => {
                known.joined(self.gazetteer, tokens, token.word)
            }
            _ => *known.start(token.word),
        };
        if is_alone && start.entry != NONE && (forms == Forms::First || !start.form_is_key) {
            let (entry, start, end) = (start.entry, token.start as usize, token.end as usize);
            if !addresses.cover(text, start, end) {
                out.push(Match { start, end, entry, rule: None, first: i as u32, last: i as u32 });
            }
            return;
        }
        let root = self.gazetteer.cursor();
        let mut walk =
            Walk { finder: self, text, tokens, lang, first: i, is_alone, known, root, out: &mut *out };
        if start.exact < LATER {
            walk.follow(start.exact);
        }
        if walk.out.len() == from || forms == Forms::All {
            for state in start.forms.0..start.forms.1 {
                walk.follow(state);
            }
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
        if out.len() > from && addresses.cover(text, token.start as usize, token.end as usize) {
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
    /// Whether no name goes on behind the first word.
    is_alone: bool,
    known: &'w mut Known,
    root: Cursor<'g>,
    out: &'w mut Vec<Match<'g>>,
}

impl<'g> Walk<'_, 'g> {
    /// Take the matches on the way from a state behind the first word.
    #[inline]
    fn follow(&mut self, mut number: u32) {
        let tokens = self.tokens;
        let mut last = self.first;
        while let Some(state) = self.known.state(number).copied() {
            let next = tokens.get(last + 1);
            let form = self.known.form(&state);
            if state.entry != NONE && next.is_none_or(|next| next.gap != Gap::Inner) {
                self.take(state.entry, last, form);
            }
            let Some(next) = next.filter(|_| !self.is_alone) else { return };
            if next.gap == Gap::Space && state.ends() || self.is_over(last, form) {
                return;
            }
            if next.gap == Gap::LineHyphen {
                return self.across_line_end(self.root.at(state.place), last, form);
            }
            number = match self.known.step(number, next.gap, next.word) {
                Some(to) => to,
                None => {
                    let ahead = state.behind(self.root, next.gap);
                    let ahead = ahead.and_then(|c| self.enter(c, last, form, next.gap.parts_words()));
                    let to = ahead.map_or(NONE, |(cursor, form)| self.known.add(cursor, form, 0));
                    self.known.set_step(number, next.gap, next.word, to);
                    to
                }
            };
            last += 1;
        }
    }

    /// Whether a particle cut off at the end, or a long chain, ends the name.
    #[inline]
    fn is_over(&self, last: usize, form: Option<Form<'_>>) -> bool {
        form.is_some_and(|form| form.cut_end > 0) || last + 1 - self.first >= Key::MAX_TOKENS
    }

    /// The automaton stands behind word `last`, and a hyphen at a line end behind that: try both readings of it.
    #[cold]
    fn across_line_end(&mut self, cursor: Cursor<'g>, last: usize, form: Option<Form<'static>>) {
        for gap in [None, Some(b' ')] {
            let mut cursor = cursor;
            if gap.is_none_or(|byte| cursor.step(byte))
                && let Some((ahead, form)) = self.enter(cursor, last, form, gap.is_some())
            {
                self.go_on(ahead, last + 1, form);
            }
        }
    }

    /// The automaton stands behind word `last`: take the match there, if any, and try the words that follow.
    fn go_on(&mut self, mut cursor: Cursor<'g>, last: usize, form: Option<Form<'static>>) {
        let next = self.tokens.get(last + 1);
        if let Some(entry) = cursor.value()
            && next.is_none_or(|next| next.gap != Gap::Inner)
        {
            self.take(entry, last, form);
        }
        let Some(next) = next.filter(|_| !self.is_over(last, form)) else { return };
        if next.gap == Gap::LineHyphen {
            self.across_line_end(cursor, last, form);
        } else if next.gap.byte().is_none_or(|byte| cursor.step(byte))
            && let Some((ahead, form)) = self.enter(cursor, last, form, next.gap.parts_words())
        {
            self.go_on(ahead, last + 1, form);
        }
    }

    /// Go on into the word behind `last`, before which the automaton stands, as it is or in another form.
    fn enter(
        &mut self,
        cursor: Cursor<'g>,
        last: usize,
        form: Option<Form<'static>>,
        apart: bool,
    ) -> Option<(Cursor<'g>, Option<Form<'static>>)> {
        let next = self.tokens.get(last + 1)?;
        let key = self.tokens.word_key(next.word);
        let mut ahead = cursor;
        let fits = ahead.advance(key);
        if fits == key.len() {
            return Some((ahead, form));
        }
        let morphology = self.finder.morphology.filter(|_| apart)?;
        // Forms share their beginning with the word: where that does not fit, none of them does.
        let shared = match self.known.shared(next.word) {
            Some(shared) => shared as usize,
            None => morphology.shared(key, next.script)?,
        };
        let mut stem = cursor;
        if fits < shared || !stem.steps(key.get(..shared)?) {
            return None;
        }
        let mut hit = None;
        morphology.forms(key, next.script, self.lang, |head, tail, form| {
            let mut ahead = stem;
            if form.cut_start == 0 && ahead.steps(head.get(shared..).unwrap_or_default()) && ahead.steps(tail)
            {
                hit = Some((ahead, Some(form)));
            }
            hit.is_some_and(|(ahead, _)| ahead.value().is_some())
        });
        hit
    }

    fn take(&mut self, entry: u32, last: usize, form: Option<Form<'static>>) {
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
const BLOCK: usize = 1024;

impl<'g> Iterator for FindIter<'_, 'g, '_> {
    type Item = Match<'g>;

    fn next(&mut self) -> Option<Match<'g>> {
        let FindIter { finder, scratch, found, .. } = self;
        let lang = finder.lang.as_deref();
        loop {
            while let Some(match_) = found.get(self.given) {
                self.given += 1;
                if finder.overlap.admits(match_, &mut self.free_from) {
                    return Some(*match_);
                }
            }
            found.clear();
            self.given = 0;
            if self.more && self.at == scratch.outlook.words.end {
                // Keep one word before the next, for what it says of the border.
                let keep_from = self.at.saturating_sub(1);
                scratch.tokens.drop_front(keep_from);
                self.at -= keep_from;
                self.more = self.tokenizer.fill(&mut scratch.tokens, BLOCK);
                finder.prepare(lang, scratch);
                let end = match self.more {
                    true => scratch.tokens.len().saturating_sub(Key::MAX_TOKENS + 1),
                    false => scratch.tokens.len(),
                };
                finder.look_ahead(lang, scratch, self.at..end.max(self.at));
            }
            // Most words begin no name.
            let end = scratch.outlook.words.end;
            while self.at < end && scratch.outlook.of(self.at) == Ahead::Nothing {
                self.at += 1;
            }
            let token = match scratch.tokens.get(self.at).filter(|_| self.at < end) {
                Some(token) => token,
                None if self.more => continue,
                None => return None,
            };
            if finder.overlap != Overlap::Longest || token.start as usize >= self.free_from {
                finder.matches_at(self.text, lang, scratch, self.at, Forms::First, found);
            }
            self.at += 1;
        }
    }
}
