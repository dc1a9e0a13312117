//! Names that the text itself gives: an acronym in parentheses (`Nagorno-Karabakh Republic (NKR)`), another name behind a cue word
//! (`Almaty, formerly Verny`), a family name after the full one. They hold for the document.
//!
//! A definition stands beside an annotation; the cue words are in `rules/cues.tsv`. Time is linear in the text.

use std::sync::OnceLock;

use foldhash::{HashMap, HashSet};

use crate::gazetteer::filter::hash;
use crate::rules::rows;
use crate::token::inflect::Morphology;
use crate::token::{Gap, Token, Tokens};

use super::words::{Head, Languages, Words};
use super::{Annotation, Reason, Role};

/// Most words of a name that is given behind a cue.
const MOST_WORDS: usize = 4;
/// Most letters of an acronym.
const MOST_LETTERS: usize = 8;
/// Letters a learned name must have to stand with an ending.
const LEAST_STEM: usize = 4;
/// What is left of the definition's score.
const TRUST: f32 = 0.9;

/// A name the text gives.
#[derive(Clone, Copy, Debug)]
struct Learned {
    /// Its first word and its last one, where it is given.
    words: (usize, usize),
    /// The annotation that it is another name of.
    of: usize,
    how: How,
    /// How its first word begins.
    beginning: [u8; 4],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// In parentheses or behind a cue: it holds in all of the text.
    Given,
    /// The last word of a person's name, or the head of a longer one: it holds behind it.
    Shortened,
}

/// Memory that is used again from one text to the next.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// In the order of their beginnings, then of the text.
    learned: Vec<Learned>,
    /// Names that are known to be learned, as hashes of name and record: each is learned once.
    known: HashSet<u64>,
}

/// A cue, by its folded words; an empty word stands for one to three of the text.
#[derive(Debug)]
struct Cue {
    words: Vec<Box<[u8]>>,
    in_parentheses: bool,
}

/// The cues by their first word, the longest first.
fn cues() -> &'static HashMap<Box<[u8]>, Vec<Cue>> {
    static CUES: OnceLock<HashMap<Box<[u8]>, Vec<Cue>>> = OnceLock::new();
    CUES.get_or_init(|| {
        let mut all: HashMap<Box<[u8]>, Vec<Cue>> = HashMap::default();
        for row in rows(include_str!("../../rules/cues.tsv")) {
            let [cue, _, place, ..] = row[..] else { continue };
            let tokens = Tokens::of(cue);
            let mut words: Vec<Box<[u8]>> = (0..tokens.len()).map(|i| tokens.key(i).into()).collect();
            if let Some((before, _)) = cue.split_once('*') {
                words.insert(Tokens::of(before).len(), Box::default());
            }
            let Some(first) = words.first().cloned() else { continue };
            all.entry(first).or_default().push(Cue { words, in_parentheses: place == "()" });
        }
        for cues in all.values_mut() {
            cues.sort_by_key(|cue| std::cmp::Reverse(cue.words.len()));
        }
        all
    })
}

/// The text as the search for definitions needs it.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) tokens: &'t Tokens,
    pub(super) words: &'static Words,
    pub(super) lang: Option<&'t str>,
    pub(super) explain: bool,
}

impl Reader<'_> {
    /// Learn names beside the annotations and add an annotation wherever one stands; `out` stays in the order of the text.
    pub(super) fn learn<'g>(&self, room: &mut Room, out: &mut Vec<Annotation<'g>>) {
        room.learned.clear();
        room.known.clear();
        let mut from = 0;
        for (i, annotation) in out.iter().enumerate() {
            if matches!(annotation.role, Role::Demonym | Role::Embedded) {
                continue;
            }
            // Both are in the order of the text.
            from += self.tokens.as_slice()[from..].partition_point(|t| (t.start as usize) < annotation.start);
            let mut last = from;
            while self.tokens.get(last + 1).is_some_and(|t| (t.start as usize) < annotation.end) {
                last += 1;
            }
            let first = from;
            let mut add = |words: Option<(usize, usize)>, how| {
                // A shortening stands inside the mention itself.
                let is_free = |w: &(usize, usize)| how == How::Shortened || !self.is_taken(*w, out);
                let Some(words) = words.filter(is_free) else { return };
                let name =
                    (words.0..=words.1).map(|i| hash(self.tokens.key(i)).rotate_left((i - words.0) as u32));
                let record = u64::from(annotation.record.index());
                if room.known.insert(name.fold(record, |all, word| all.wrapping_mul(31) ^ word)) {
                    let beginning = beginning(self.tokens.key(words.0));
                    room.learned.push(Learned { words, of: i, how, beginning });
                }
            };
            add(self.acronym_behind(annotation, first, last), How::Given);
            add(self.acronym_before(annotation, first, last), How::Given);
            add(self.behind_cue(last), How::Given);
            add(self.family_name(annotation, first, last), How::Shortened);
            add(self.head(annotation, first, last), How::Shortened);
        }
        if !room.learned.is_empty() {
            self.find(&mut room.learned, out);
        }
    }

    /// What stands between two words.
    fn between(&self, before: usize, after: usize) -> &str {
        match (self.tokens.get(before), self.tokens.get(after)) {
            (Some(a), Some(b)) => self.text.get(a.end as usize..b.start as usize).unwrap_or_default().trim(),
            _ => "",
        }
    }

    /// What stands behind a word, up to the next one.
    fn behind(&self, word: usize) -> &str {
        let Some(token) = self.tokens.get(word) else { return "" };
        let to = self.tokens.get(word + 1).map_or(self.text.len(), |next| next.start as usize);
        self.text.get(token.end as usize..to).unwrap_or_default().trim_start()
    }

    /// Whether words are named by an annotation already, with others or alone.
    fn is_taken(&self, words: (usize, usize), out: &[Annotation<'_>]) -> bool {
        let (Some(first), Some(last)) = (self.tokens.get(words.0), self.tokens.get(words.1)) else {
            return true;
        };
        let (start, end) = (first.start as usize, last.end as usize);
        let next = out.partition_point(|a| a.end <= start);
        out.get(next).is_some_and(|a| a.start < end)
    }

    /// `Nagorno-Karabakh Republic (NKR)`.
    fn acronym_behind(&self, of: &Annotation<'_>, first: usize, last: usize) -> Option<(usize, usize)> {
        if !is_opening(self.between(last, last + 1)) {
            return None;
        }
        let words = self.in_parentheses(last + 1)?;
        self.is_short_for(words, of, first, last).then_some(words)
    }

    /// `NKR (Nagorno-Karabakh Republic)`.
    fn acronym_before(&self, of: &Annotation<'_>, first: usize, last: usize) -> Option<(usize, usize)> {
        let before = first.checked_sub(1)?;
        let is_one = is_opening(self.between(before, first)) && is_closing(self.behind(last));
        (is_one && self.is_short_for((before, before), of, first, last)).then_some((before, before))
    }

    /// The words up to the closing parenthesis, if they are few and nothing else stands between them.
    fn in_parentheses(&self, first: usize) -> Option<(usize, usize)> {
        let mut last = first;
        while !is_closing(self.behind(last)) {
            let next = self.tokens.get(last + 1)?;
            if last - first >= MOST_LETTERS || !matches!(next.gap, Gap::Nothing | Gap::Inner) {
                return None;
            }
            last += 1;
        }
        Some((first, last))
    }

    /// Whether words are an acronym or a shortening of an annotated name: capitals, or letters of a script without case, that stand in
    /// it in this order, the first one first. The acronym of an organisation may be of another language.
    fn is_short_for(&self, words: (usize, usize), of: &Annotation<'_>, first: usize, last: usize) -> bool {
        let Some(token) = self.tokens.get(words.0) else { return false };
        let short = (words.0..=words.1).flat_map(|i| self.tokens.key_str(i).chars());
        let letters = short.clone().count();
        let capitals = !token.shape.is_cased() || token.shape.is_all_caps();
        if !(2..=MOST_LETTERS).contains(&letters) || !capitals || last == first && letters > 4 {
            return false;
        }
        let mut long = (first..=last).flat_map(|i| self.tokens.key_str(i).chars()).peekable();
        if long.peek() == short.clone().next().as_ref() && short.clone().all(|c| long.any(|l| l == c)) {
            // More than its own beginning would be no shortening.
            return last > first || letters < self.tokens.key_str(first).chars().count();
        }
        of.role == Role::Organization && last > first && token.shape.is_all_caps()
    }

    /// `X, formerly Y`, `X (Armenian: Y)`, `X (known in Azerbaijan as Y)`.
    fn behind_cue(&self, last: usize) -> Option<(usize, usize)> {
        let between = self.between(last, last + 1);
        let in_parentheses = is_opening(between);
        if !in_parentheses && !matches!(between, "," | "،" | "、" | "，" | "–" | "—") {
            return None;
        }
        let cue = self.cue_end(last + 1, in_parentheses);
        // The name of a language and a colon.
        let named = (in_parentheses && matches!(self.behind(last + 1).trim_end(), ":" | "：" | ".:"))
            .then_some(last + 2);
        let first = cue.or(named)?;
        let token = self.tokens.get(first)?;
        let is_cased = token.shape.is_cased();
        let fits = |t: &Token| t.shape.is_capitalized() || !is_cased;
        if !fits(token) {
            return None;
        }
        let mut end = first;
        while let Some(next) = self.tokens.get(end + 1) {
            let goes_on = matches!(next.gap, Gap::Space | Gap::Nothing | Gap::Inner | Gap::Apostrophe);
            if !goes_on || !fits(next) && next.gap == Gap::Space || end - first >= MOST_WORDS {
                break;
            }
            end += 1;
        }
        let closed = if in_parentheses {
            self.behind(end).starts_with([')', '）', ',', ';', '،', '，', '"', '”', '»'])
        } else {
            is_cased && self.behind(end).starts_with([',', '.', ';', ')', '"', '”', '»', '–', '—'])
        };
        (closed && end - first < MOST_WORDS).then_some((first, end))
    }

    /// The first word behind the longest cue that begins here.
    fn cue_end(&self, from: usize, in_parentheses: bool) -> Option<usize> {
        self.tokens.get(from)?;
        let found = cues().get(self.tokens.key(from))?;
        let mut fitting = found.iter().filter(|cue| in_parentheses || !cue.in_parentheses);
        fitting.find_map(|cue| self.fits(&cue.words, from))
    }

    fn fits(&self, cue: &[Box<[u8]>], from: usize) -> Option<usize> {
        let Some((word, rest)) = cue.split_first() else { return Some(from) };
        self.tokens.get(from)?;
        match word.is_empty() {
            true => (1..=3).find_map(|n| self.fits(rest, from + n)),
            false if self.tokens.key(from) == &**word => self.fits(rest, from + 1),
            false => None,
        }
    }

    /// The last word of a person's full name.
    fn family_name(&self, of: &Annotation<'_>, first: usize, last: usize) -> Option<(usize, usize)> {
        let token = self.tokens.get(last)?;
        let is_one = of.role == Role::Person
            && last > first
            && token.gap == Gap::Space
            && token.shape.is_capitalized()
            && self.tokens.key_str(last).chars().count() >= LEAST_STEM
            && self.lang != Some("hu");
        is_one.then_some((last, last))
    }

    /// The head of a longer name of a state or unit: `the Republic` behind `the Republic of Artsakh`.
    fn head(&self, of: &Annotation<'_>, first: usize, last: usize) -> Option<(usize, usize)> {
        // Where all nouns have capitals, a capital says nothing.
        if of.role != Role::Place || first == last || matches!(self.lang, Some("de" | "lb")) {
            return None;
        }
        let langs = self.lang.map_or(Languages::MAX, |lang| self.words.language(lang));
        let is_head = |i: &usize| {
            let capital = self.tokens.get(*i).is_some_and(|t| t.shape.is_cased() && t.shape.is_capitalized());
            capital && self.words.kind_of_place(self.tokens.key(*i), langs) == Some(Head::Unit)
        };
        [last, first].into_iter().find(is_head).map(|i| (i, i))
    }

    /// Annotate the learned names wherever they stand alone.
    fn find<'g>(&self, learned: &mut [Learned], out: &mut Vec<Annotation<'g>>) {
        learned.sort_by_key(|one| one.beginning);
        let annotated = out.len();
        let mut next = 0;
        for (i, token) in self.tokens.as_slice().iter().enumerate() {
            // Most words begin no learned name.
            let beginning = beginning(self.tokens.key(i));
            let from = learned.partition_point(|one| one.beginning < beginning);
            let those = learned[from..].iter().take_while(|one| one.beginning == beginning);
            let Some(one) = those.filter(|one| self.is_at(one, i, &out[one.of])).last() else { continue };
            let Some(last) = self.tokens.get(i + one.words.1 - one.words.0) else { continue };
            let (start, end) = (token.start as usize, last.end as usize);
            next += out[next..annotated].partition_point(|a| a.end <= start);
            let there = out[..annotated].get(next).filter(|a| a.start < end);
            let of = &out[one.of];
            // The text says what its acronyms and persons are, whatever else is called so.
            let is_other = |a: &&Annotation<'_>| {
                (a.start, a.end) == (start, end) && a.record.index() != of.record.index()
            };
            match (there, there.filter(is_other)) {
                (None, _) => out.push(self.annotation(of, start, end)),
                (_, Some(_)) => out[next] = self.annotation(of, start, end),
                (Some(_), None) => {}
            }
        }
        out.sort_by_key(|a| a.start);
    }

    fn is_at(&self, one: &Learned, i: usize, of: &Annotation<'_>) -> bool {
        let (first, last) = one.words;
        let (Some(token), Some(given)) = (self.tokens.get(i), self.tokens.get(first)) else { return false };
        let is_same = |a: usize, b: usize| {
            let (Some(given), Some(token)) = (self.tokens.get(a), self.tokens.get(b)) else { return false };
            let (name, word) = (self.tokens.key_str(a), self.tokens.key_str(b));
            let ending = word.strip_prefix(name).unwrap_or("-");
            let is_inflected = || {
                a == last
                    && name.chars().count() >= LEAST_STEM
                    && Morphology::builtin().is_ending(ending, token.script)
            };
            (a == first || given.gap == token.gap) && (ending.is_empty() || is_inflected())
        };
        if !(first..=last).zip(i..).all(|(a, b)| is_same(a, b)) {
            return false;
        }
        if given.shape.is_all_caps() && !token.shape.is_all_caps() {
            return false;
        }
        if given.shape.is_capitalized() && !token.shape.is_capitalized() {
            return false;
        }
        if one.how == How::Given {
            return true;
        }
        let capital =
            |i: usize| self.tokens.get(i).is_some_and(|t| t.gap == Gap::Space && t.shape.is_capitalized());
        let before = i.checked_sub(1).and_then(|b| self.tokens.get(b));
        let behind_capital =
            token.gap == Gap::Space && before.is_some_and(|t| t.shape.is_capitalized() && t.shape.is_cased());
        let is_behind = token.start as usize >= of.end;
        let stands_alone = !capital(i + 1) && !behind_capital;
        let is_person = of.role == Role::Person;
        // A head has a small word before it, in English its article.
        let follows_small = token.gap == Gap::Space
            && before.is_some_and(|t| t.shape.is_lowercase())
            && (self.lang != Some("en") || self.tokens.key(i - 1) == b"the");
        is_behind && stands_alone && (is_person || follows_small)
    }

    fn annotation<'g>(&self, of: &Annotation<'g>, start: usize, end: usize) -> Annotation<'g> {
        let reasons = if self.explain {
            let beside = self.text.get(of.start..of.end).unwrap_or_default();
            vec![Reason { text: format!("the text names it so beside {beside}"), weight: 0.0 }]
        } else {
            vec![]
        };
        Annotation {
            start,
            end,
            score: of.score * TRUST,
            learned: Some((of.start, of.end)),
            rule: None,
            candidates: vec![],
            reasons,
            ..*of
        }
    }
}

/// How a word begins.
fn beginning(word: &[u8]) -> [u8; 4] {
    let mut bytes = [0; 4];
    bytes.iter_mut().zip(word).for_each(|(to, byte)| *to = *byte);
    bytes
}

fn is_opening(between: &str) -> bool {
    matches!(between, "(" | "（" | "(\"" | "(“" | "(«" | "(„" | "[")
}

fn is_closing(behind: &str) -> bool {
    behind.trim_start_matches(['"', '”', '»', '“']).starts_with([')', '）', ']'])
}
