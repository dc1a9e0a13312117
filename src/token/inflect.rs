//! A word → the forms it may stand for: bounded rules from `rules/inflection.tsv` and `rules/attached.tsv`.
//!
//! A rule takes a folded word and gives a folded word. Rules are tried only where the word as written is no name, so a text
//! without names pays little for them. Nothing here knows which forms are names.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::fold::fold;
use crate::rules::rows;
use crate::script::Script;

/// One ending or attached word, as its table gives it.
#[derive(Clone, Debug)]
pub struct Rule {
    affix: Box<str>,
    replacements: Vec<Box<str>>,
    min: u8,
    in_span: bool,
    strip: usize,
    langs: Vec<Box<str>>,
    note: Box<str>,
}

impl Rule {
    /// The folded ending (or attached word) the text has.
    pub fn affix(&self) -> &str {
        &self.affix
    }

    /// The languages it belongs to, as BCP 47 tags.
    pub fn langs(&self) -> impl Iterator<Item = &str> {
        self.langs.iter().map(|l| &**l)
    }

    /// Whether the affix is no part of the name's span, and stands before it.
    pub(crate) fn is_attached(&self) -> bool {
        self.strip > 0
    }

    /// Whether the affix belongs to the name's span.
    pub(crate) fn is_in_span(&self) -> bool {
        self.in_span
    }

    /// What the form is called in the grammar, such as `loc.sg f`.
    pub fn note(&self) -> &str {
        &self.note
    }

    fn fits(&self, lang: Option<&str>) -> bool {
        lang.is_none_or(|lang| self.langs.iter().any(|l| **l == *lang))
    }
}

/// A form that a word may stand for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form<'r> {
    pub(crate) rule: &'r Rule,
    /// Bytes of the key at its end that are no part of the name (a Korean particle).
    pub(crate) cut_end: usize,
    /// Characters at the word's start that are no part of the name (an Arabic preposition).
    pub(crate) cut_start: usize,
}

/// Suffixes by their bytes from the last to the first.
#[derive(Debug, Default)]
struct Endings {
    /// Where the last byte leads; none is the first node, which stands for the empty suffix.
    last: Vec<u32>,
    nodes: Vec<Ending>,
}

#[derive(Debug, Default)]
struct Ending {
    /// Where the byte before leads.
    longer: Vec<(u8, u32)>,
    rules: Vec<u32>,
    /// The suffix without its first byte.
    shorter: u32,
}

impl Endings {
    fn add(&mut self, affix: &str, rule: u32) {
        if self.nodes.is_empty() {
            self.nodes.push(Ending::default());
            self.last = vec![0; 256];
        }
        let mut at = 0;
        for byte in affix.bytes().rev() {
            let next = self.next(at, byte).unwrap_or_else(|| {
                let next = self.nodes.len() as u32;
                self.nodes.push(Ending { shorter: at, ..Ending::default() });
                match at {
                    0 => self.last[usize::from(byte)] = next,
                    at => self.nodes[at as usize].longer.push((byte, next)),
                }
                next
            });
            at = next;
        }
        self.nodes[at as usize].rules.push(rule);
    }

    #[inline]
    fn next(&self, at: u32, byte: u8) -> Option<u32> {
        match at {
            0 => self.last.get(usize::from(byte)).copied().filter(|next| *next != 0),
            at => self.nodes.get(at as usize)?.longer.iter().find(|(b, _)| *b == byte).map(|(_, next)| *next),
        }
    }

    /// The longest suffix of a word that ends one with rules, or is one.
    #[inline]
    fn longest(&self, word: &[u8]) -> u32 {
        let mut at = 0;
        for byte in word.iter().rev() {
            match self.next(at, *byte) {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }
}

/// The rules of all languages.
#[derive(Debug, Default)]
pub struct Morphology {
    suffixes: Vec<Rule>,
    /// The suffix rules of each script.
    endings: Vec<Endings>,
    /// The prefix rules of each script, longest prefix first.
    prefixes: Vec<Vec<Rule>>,
    elisions: HashMap<Box<str>, ()>,
    languages: HashMap<Box<str>, ()>,
}

impl Morphology {
    /// The rules that come with the library.
    pub fn builtin() -> &'static Morphology {
        static BUILTIN: OnceLock<Morphology> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            Morphology::from_tables(
                include_str!("../../rules/inflection.tsv"),
                include_str!("../../rules/attached.tsv"),
                include_str!("../../rules/elisions.tsv"),
            )
        })
    }

    /// Rules from the text of the three tables; rows that are not as documented are passed over (a test finds none).
    fn from_tables(inflection: &'static str, attached: &'static str, elisions: &'static str) -> Morphology {
        let mut all = Morphology::default();
        for row in rows(inflection) {
            if let [langs, script, suffix, lemma, min, span, note, ..] = row[..]
                && let Some(script) = Script::from_code(script)
            {
                let rule = Rule {
                    affix: fold(suffix).into(),
                    replacements: replacements(lemma),
                    min: min.parse().unwrap_or(3),
                    in_span: span != "stem",
                    strip: 0,
                    langs: langs.split(';').map(Into::into).collect(),
                    note: note.into(),
                };
                if rule.affix.is_empty() {
                    continue;
                }
                of_script(&mut all.endings, script).add(&rule.affix, all.suffixes.len() as u32);
                all.languages.extend(rule.langs.iter().map(|l| (l.clone(), ())));
                all.suffixes.push(rule);
            }
        }
        for row in rows(attached) {
            if let [script, langs, prefix, strip, insert, min, note, ..] = row[..]
                && let Some(script) = Script::from_code(script)
            {
                of_script(&mut all.prefixes, script).push(Rule {
                    affix: fold(prefix).into(),
                    replacements: replacements(insert),
                    min: min.parse().unwrap_or(3),
                    in_span: false,
                    strip: strip.chars().count(),
                    langs: langs.split(';').map(Into::into).collect(),
                    note: note.into(),
                });
            }
        }
        for list in &mut all.prefixes {
            list.sort_by_key(|rule| std::cmp::Reverse(rule.affix.len()));
        }
        all.elisions.extend(rows(elisions).filter_map(|row| Some((fold(row.first()?).into(), ()))));
        all
    }

    /// Whether a name may begin after this folded word and an apostrophe.
    ///
    /// ```
    /// use exonym::token::inflect::Morphology;
    /// assert!(Morphology::builtin().elides("l") && !Morphology::builtin().elides("xi"));
    /// ```
    pub fn elides(&self, word: &str) -> bool {
        self.elisions.contains_key(word)
    }

    /// Whether a folded word is one of the endings that a text may set off by an apostrophe.
    pub(crate) fn is_ending(&self, word: &str, script: Script) -> bool {
        let mut is_one = false;
        self.suffixes(word.as_bytes(), script, |rule| {
            is_one = *rule.affix == *word;
            is_one
        });
        is_one
    }

    /// Whether any ending rule belongs to a language.
    pub fn inflects(&self, lang: &str) -> bool {
        self.languages.contains_key(lang)
    }

    fn prefixes(&self, script: Script) -> &[Rule] {
        self.prefixes.get(script as usize).map_or(&[], Vec::as_slice)
    }

    /// The rules whose suffix a word has, the longest suffix first, until `visit` says stop by returning true.
    #[inline]
    fn suffixes<'r>(&'r self, key: &[u8], script: Script, mut visit: impl FnMut(&'r Rule) -> bool) {
        let Some(endings) = self.endings.get(script as usize) else { return };
        let mut at = endings.longest(key);
        while let Some(ending) = endings.nodes.get(at as usize).filter(|_| at != 0) {
            if ending.rules.iter().filter_map(|rule| self.suffixes.get(*rule as usize)).any(&mut visit) {
                return;
            }
            at = ending.shorter;
        }
    }

    /// How many bytes at its beginning a word has in common with all forms it may stand for; `None` if there are none.
    pub(crate) fn shared(&self, key: &[u8], script: Script) -> Option<usize> {
        if self.prefixes(script).iter().any(|rule| key.starts_with(rule.affix.as_bytes())) {
            return Some(0);
        }
        let mut longest = None;
        self.suffixes(key, script, |rule| {
            longest = Some(key.len() - rule.affix.len());
            true
        });
        longest
    }

    /// Give each form a word may stand for to `visit`, the longest affix first, until it says stop by returning true. A form comes
    /// in two parts: behind an ending the beginning it [shares](Morphology::shared) with the word and more, and the rest.
    pub(crate) fn forms<'r>(
        &'r self,
        key: &[u8],
        script: Script,
        lang: Option<&str>,
        mut visit: impl FnMut(&[u8], &[u8], Form<'r>) -> bool,
    ) {
        for rule in self.prefixes(script) {
            if let Some(rest) = key.strip_prefix(rule.affix.as_bytes())
                && long_enough(rest, rule.min)
                && rule.fits(lang)
            {
                let form = Form { rule, cut_end: 0, cut_start: rule.strip };
                if rule.replacements.iter().any(|insert| visit(insert.as_bytes(), rest, form)) {
                    return;
                }
            }
        }
        self.suffixes(key, script, |rule| {
            let Some(stem) = key.strip_suffix(rule.affix.as_bytes()) else { return false };
            if !long_enough(stem, rule.min) || !rule.fits(lang) {
                return false;
            }
            let cut_end = if rule.in_span { 0 } else { rule.affix.len() };
            let form = Form { rule, cut_end, cut_start: 0 };
            rule.replacements.iter().any(|lemma| visit(stem, lemma.as_bytes(), form))
        });
    }
}

/// What a list has for a script.
fn of_script<T: Default>(list: &mut Vec<T>, script: Script) -> &mut T {
    let at = script as usize;
    if list.len() <= at {
        list.resize_with(at + 1, T::default);
    }
    &mut list[at]
}

fn replacements(field: &str) -> Vec<Box<str>> {
    field.split('|').map(|r| if r == "-" { "".into() } else { fold(r).into() }).collect()
}

/// Whether enough letters remain; a least of none means that the affix is the whole word.
fn long_enough(stem: &[u8], min: u8) -> bool {
    match usize::from(min) {
        0 => stem.is_empty(),
        // Bytes that begin a character.
        min => stem.iter().filter(|byte| **byte & 0xc0 != 0x80).nth(min - 1).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a form leads to a lemma by a rule of a language.
    fn leads(form: &str, lemma: &str, lang: Option<&str>) -> bool {
        let mut found = false;
        let (form, lemma) = (fold(form), fold(lemma));
        Morphology::builtin().forms(form.as_bytes(), Script::of_text(&form), lang, |stem, rest, _| {
            found |= [stem, rest].concat() == lemma.as_bytes();
            found
        });
        found
    }

    #[test]
    fn every_row_does_what_its_example_says() {
        for (table, columns) in
            [(include_str!("../../rules/inflection.tsv"), 8), (include_str!("../../rules/attached.tsv"), 8)]
        {
            for row in rows(table) {
                assert_eq!(row.len(), columns, "{row:?}");
                let (langs, script) = if row[1].len() == 4 { (row[0], row[1]) } else { (row[1], row[0]) };
                assert!(Script::from_code(script).is_some(), "{row:?}");
                assert!(row[4].parse::<u8>().is_ok() || row[5].parse::<u8>().is_ok(), "{row:?}");
                let (form, lemma) = row[7].split_once('=').unwrap_or_else(|| panic!("no example in {row:?}"));
                for lang in langs.split(';') {
                    assert!(leads(form, lemma, Some(lang)), "{row:?} does not lead from {form} to {lemma}");
                }
            }
        }
    }

    #[test]
    fn rules_of_other_languages_are_left_alone() {
        assert!(leads("Степанакерте", "Степанакерт", Some("ru")));
        assert!(!leads("Степанакерте", "Степанакерт", Some("fi")));
        assert!(leads("Хельсинкиге", "Хельсинки", None));
    }

    #[test]
    fn particles_are_cut_off_and_endings_are_not() {
        let mut cut = None;
        let form = "서울에서".as_bytes();
        Morphology::builtin().forms(form, Script::Hang, Some("ko"), |stem, rest, form| {
            cut = ([stem, rest].concat() == "서울".as_bytes()).then_some(form.cut_end);
            cut.is_some()
        });
        assert_eq!(cut, Some("에서".len()));
    }
}
