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

/// The rules of all languages.
#[derive(Debug, Default)]
pub struct Morphology {
    suffixes: Vec<Rule>,
    /// Suffix rules by script and last character, longest suffix first.
    by_end: HashMap<(Script, char), Vec<u32>>,
    prefixes: HashMap<Script, Vec<Rule>>,
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
                let Some(end) = rule.affix.chars().next_back() else { continue };
                all.by_end.entry((script, end)).or_default().push(all.suffixes.len() as u32);
                all.languages.extend(rule.langs.iter().map(|l| (l.clone(), ())));
                all.suffixes.push(rule);
            }
        }
        for list in all.by_end.values_mut() {
            list.sort_by_key(|i| std::cmp::Reverse(all.suffixes[*i as usize].affix.len()));
        }
        for row in rows(attached) {
            if let [script, langs, prefix, strip, insert, min, note, ..] = row[..]
                && let Some(script) = Script::from_code(script)
            {
                all.prefixes.entry(script).or_default().push(Rule {
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
        for list in all.prefixes.values_mut() {
            list.sort_by_key(|rule| std::cmp::Reverse(rule.affix.len()));
        }
        all.elisions.extend(rows(elisions).filter_map(|row| Some((fold(row.first()?).into(), ()))));
        all
    }

    /// Whether a name may begin after this word and an apostrophe.
    pub(crate) fn elides(&self, word: &str) -> bool {
        self.elisions.contains_key(word)
    }

    /// Whether a folded word is one of the endings that a text may set off by an apostrophe.
    pub(crate) fn is_ending(&self, word: &str, script: Script) -> bool {
        let end = word.chars().next_back();
        let rules = end.and_then(|end| self.by_end.get(&(script, end))).map_or(&[][..], Vec::as_slice);
        rules.iter().any(|rule| *self.suffixes[*rule as usize].affix == *word)
    }

    /// Whether any ending rule belongs to a language.
    pub fn inflects(&self, lang: &str) -> bool {
        self.languages.contains_key(lang)
    }

    /// Give each form a word may stand for to `visit`, the longest affix first, until it says stop by returning true.
    pub(crate) fn forms<'r>(
        &'r self,
        key: &str,
        script: Script,
        lang: Option<&str>,
        room: &mut Vec<u8>,
        mut visit: impl FnMut(&[u8], Form<'r>) -> bool,
    ) {
        for rule in self.prefixes.get(&script).map_or(&[][..], Vec::as_slice) {
            if let Some(rest) = key.strip_prefix(&*rule.affix)
                && long_enough(rest, rule.min)
                && rule.fits(lang)
            {
                for insert in &rule.replacements {
                    room.clear();
                    room.extend_from_slice(insert.as_bytes());
                    room.extend_from_slice(rest.as_bytes());
                    if visit(room, Form { rule, cut_end: 0, cut_start: rule.strip }) {
                        return;
                    }
                }
            }
        }
        let Some(end) = key.chars().next_back() else { return };
        for index in self.by_end.get(&(script, end)).map_or(&[][..], Vec::as_slice) {
            let rule = &self.suffixes[*index as usize];
            if let Some(stem) = key.strip_suffix(&*rule.affix)
                && long_enough(stem, rule.min)
                && rule.fits(lang)
            {
                for lemma in &rule.replacements {
                    room.clear();
                    room.extend_from_slice(stem.as_bytes());
                    room.extend_from_slice(lemma.as_bytes());
                    let cut_end = if rule.in_span { 0 } else { rule.affix.len() };
                    if visit(room, Form { rule, cut_end, cut_start: 0 }) {
                        return;
                    }
                }
            }
        }
    }
}

fn replacements(field: &str) -> Vec<Box<str>> {
    field.split('|').map(|r| if r == "-" { "".into() } else { fold(r).into() }).collect()
}

/// Whether enough letters remain; a least of none means that the affix is the whole word.
fn long_enough(stem: &str, min: u8) -> bool {
    match usize::from(min) {
        0 => stem.is_empty(),
        min => stem.chars().nth(min - 1).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a form leads to a lemma by a rule of a language.
    fn leads(form: &str, lemma: &str, lang: Option<&str>) -> bool {
        let mut found = false;
        let (form, lemma) = (fold(form), fold(lemma));
        Morphology::builtin().forms(&form, Script::of_text(&form), lang, &mut Vec::new(), |key, _| {
            found |= key == lemma.as_bytes();
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
        Morphology::builtin().forms(
            "서울에서",
            Script::Hang,
            Some("ko"),
            &mut Vec::new(),
            |key, form| {
                cut = (key == "서울".as_bytes()).then_some(form.cut_end);
                cut.is_some()
            },
        );
        assert_eq!(cut, Some("에서".len()));
    }
}
