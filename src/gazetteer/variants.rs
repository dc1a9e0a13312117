//! Spellings that no source lists: names transliterated by the published schemes of `rules/transliteration.tsv`.
//!
//! Takes the joined names of a record and adds names of kind `transliteration`, with the scheme as their source. Nothing is
//! made where the record has a name in the scheme's target language, or where the spelling is a name of it already.

use std::sync::OnceLock;

use super::intern::Strings;
use super::names::Draft;
use crate::record::{CaseRule, NameKind};
use crate::rules::rows;
use crate::script::Script;
use crate::token::Key;

/// One published way to write the names of a language in another script or alphabet.
#[derive(Debug)]
struct Scheme {
    name: &'static str,
    /// The language and script of the names it writes.
    lang: &'static str,
    script: Script,
    /// The language of what it makes.
    to: &'static str,
    /// Whether every letter must have its pair.
    whole: bool,
    /// Sorted so that of pairs with the same first letter, the longest and most bound come first.
    pairs: Vec<Pair>,
}

/// Letters and what is written for them.
#[derive(Debug)]
struct Pair {
    from: Vec<char>,
    to: &'static str,
    /// Where it may stand.
    place: At,
    /// Only at a word's end.
    last: bool,
}

/// Where in a word a pair holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Any,
    Start,
    /// At its start or after a vowel or sign.
    Open,
}

fn schemes() -> &'static [Scheme] {
    static SCHEMES: OnceLock<Vec<Scheme>> = OnceLock::new();
    SCHEMES.get_or_init(|| {
        rows(include_str!("../../rules/transliteration.tsv"))
            .filter_map(|row| {
                let [name, lang, script, to, whole, pairs] = row[..] else { return None };
                let mut pairs: Vec<Pair> = pairs.split(' ').filter_map(Pair::new).collect();
                pairs.sort_by_key(|p| std::cmp::Reverse((p.from.len(), p.place != At::Any || p.last)));
                Some(Scheme {
                    name,
                    lang,
                    script: Script::from_code(script)?,
                    to,
                    whole: whole == "yes",
                    pairs,
                })
            })
            .collect()
    })
}

impl Pair {
    fn new(text: &'static str) -> Option<Pair> {
        let (from, to) = text.split_once('=')?;
        let (place, from) = match (from.strip_prefix('^'), from.strip_prefix('*')) {
            (Some(rest), _) => (At::Start, rest),
            (_, Some(rest)) => (At::Open, rest),
            _ => (At::Any, from),
        };
        let (last, from) = from.strip_suffix('$').map_or((false, from), |rest| (true, rest));
        Some(Pair { from: from.chars().collect(), to, place, last })
    }
}

impl Scheme {
    /// What the scheme writes for a name, or nothing if it cannot write a letter of it or changes none.
    fn write(&self, name: &str) -> Option<String> {
        let capitals: Vec<char> = name.chars().collect();
        let small: Vec<char> = capitals.iter().map(|c| one(c.to_lowercase()).unwrap_or(*c)).collect();
        let mut out = String::with_capacity(name.len());
        let mut at = 0;
        let mut met = false;
        while let Some(c) = small.get(at) {
            let before = at.checked_sub(1).and_then(|i| small.get(i)).copied();
            match self.pairs.iter().find(|pair| pair.fits(&small, at, before)) {
                Some(pair) => {
                    met = true;
                    let mut letters = pair.to.chars();
                    if capitals.get(at).is_some_and(|c| c.is_uppercase()) {
                        out.extend(letters.next().into_iter().flat_map(char::to_uppercase));
                    }
                    out.extend(letters);
                    at += pair.from.len();
                }
                None if self.whole && c.is_alphabetic() => return None,
                None => {
                    out.extend(capitals.get(at));
                    at += 1;
                }
            }
        }
        met.then_some(out)
    }
}

impl Pair {
    fn fits(&self, word: &[char], at: usize, before: Option<char>) -> bool {
        let end = at + self.from.len();
        let starts = before.is_none_or(|c| !c.is_alphabetic());
        word.get(at..end) == Some(&self.from[..])
            && (self.place == At::Any || starts || self.place == At::Open && before.is_some_and(is_open))
            && (!self.last || word.get(end).is_none_or(|c| !c.is_alphabetic()))
    }
}

/// Vowels and signs after which Slavic and other alphabets read a following letter as at a word's start.
fn is_open(c: char) -> bool {
    "аеёиоуыэюяіїєўйьъaeəiıoöuüαεηιουω".contains(c)
}

fn one(mut chars: impl Iterator<Item = char>) -> Option<char> {
    chars.next().filter(|_| chars.next().is_none())
}

/// Adds to the joined names of a record what the schemes make of them. `home` is the main language of the record's country, in
/// which names without a language are read; `None` leaves those alone.
pub(crate) fn add(names: &mut Vec<Draft>, home: Option<&str>, strings: &mut Strings) {
    let mut made: Vec<(String, &Scheme, Draft)> = Vec::new();
    let has_lang = |tag: &str, strings: &Strings| {
        names
            .iter()
            .any(|n| n.kind != NameKind::Demonym && strings.shared.get(n.langs).split(';').any(|l| l == tag))
    };
    for scheme in schemes() {
        let mut is_wanted = None;
        for name in names.iter().filter(|n| may_vary(n)) {
            let langs = strings.shared.get(name.langs);
            let is_own = if langs.is_empty() {
                home == Some(scheme.lang)
            } else {
                langs.split(';').any(|l| l == scheme.lang)
            };
            if !is_own || Script::of_text(strings.texts.get(name.text)) != scheme.script {
                continue;
            }
            // The alphabets of one language are not told from one another by what the record has in it.
            let is_wanted = *is_wanted.get_or_insert_with(|| !scheme.whole || !has_lang(scheme.to, strings));
            if is_wanted && let Some(text) = scheme.write(strings.texts.get(name.text)) {
                made.push((text, scheme, *name));
            }
        }
    }
    if made.is_empty() {
        return;
    }
    let mut known: Vec<Key> = names.iter().map(|name| Key::new(strings.texts.get(name.text))).collect();
    for (text, scheme, of) in made {
        let key = Key::new(&text);
        if key.is_empty() || known.contains(&key) {
            continue;
        }
        known.push(key);
        names.push(Draft {
            text: strings.texts.add(&text),
            langs: strings.shared.add(scheme.to),
            source: strings.shared.add(scheme.name),
            kind: NameKind::Transliteration,
            ..of
        });
    }
}

/// Names that are words written by sound: no acronyms, codes or adjectives.
fn may_vary(name: &Draft) -> bool {
    use NameKind::*;
    matches!(name.kind, Preferred | Official | Short | Alternate | Historic) && name.case != CaseRule::Exact
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(scheme: &str, name: &str) -> Option<String> {
        schemes().iter().find(|s| s.name == scheme).unwrap().write(name)
    }

    #[test]
    fn schemes_write_names_as_published() {
        for (scheme, name, written) in [
            ("bgn-pcgn-ru", "Нижний Тагил", "Nizhny Tagil"),
            ("bgn-pcgn-ru", "Екатеринбург", "Yekaterinburg"),
            ("bgn-pcgn-ru", "Юрьевец", "Yuryevets"),
            ("duden-ru", "Челябинск", "Tscheljabinsk"),
            ("french-ru", "Чебоксары", "Tcheboksary"),
            ("polish-ru", "Челябинск", "Czelabinsk"),
            ("national-uk", "Чернівці", "Chernivtsi"),
            ("national-uk", "Єнакієве", "Yenakiieve"),
            ("duden-uk", "Чернівці", "Tscherniwzi"),
            ("national-bg", "Търговище", "Targovishte"),
            ("latin-sr", "Крагујевац", "Kragujevac"),
            ("latin-2021-kk", "Өзбекстан", "Özbekstan"),
            ("latin-2021-kk", "Қазақстан", "Qazaqstan"),
            ("cyrillic-uz", "Toshkent", "Тошкент"),
            ("bgn-pcgn-hy", "Երևան", "Yerevan"),
            ("bgn-pcgn-hy", "Վանաձոր", "Vanadzor"),
            ("national-ka", "ქუთაისი", "kutaisi"),
            ("elot-743", "Θεσσαλονίκη", "Thessaloniki"),
            ("english-az", "Xankəndi", "Khankəndi"),
            ("russian-az", "Xocalı", "Ходжалы"),
            ("russian-tr", "Eskişehir", "Эскишехир"),
            ("ascii-de", "Köln", "Koeln"),
        ] {
            assert_eq!(write(scheme, name).as_deref(), Some(written), "{scheme}");
        }
    }

    #[test]
    fn a_letter_without_a_pair_ends_a_whole_scheme() {
        assert_eq!(write("national-uk", "Черновцы"), None);
        assert_eq!(write("ascii-de", "Berlin"), None);
    }

    #[test]
    fn every_scheme_writes_each_letter_once() {
        for scheme in schemes() {
            for (i, pair) in scheme.pairs.iter().enumerate() {
                let same = |p: &Pair| (&p.from, p.place, p.last) == (&pair.from, pair.place, pair.last);
                assert!(!scheme.pairs[..i].iter().any(same), "{} has {:?} twice", scheme.name, pair.from);
            }
        }
    }
}
