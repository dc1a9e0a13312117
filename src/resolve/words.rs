//! What single words say about the names beside them: head words of bigger names, common words, personal names.
//!
//! The tables are `rules/heads.tsv`, `rules/words.tsv` and `rules/persons.tsv`; words are folded when they are read.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::script::Script;
use crate::token::{Gap, Key, Token, Tokens};

/// What a word beside a name makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Head {
    /// A university, newspaper, club, company, agency.
    Organization,
    /// A treaty, declaration, protocol.
    Document,
    /// A war, battle, conference, championship.
    Event,
    /// A street, airport, stadium, museum.
    Facility,
    /// A form of address or office before a personal name.
    Title,
    /// A word for a kind of place: city, province, village.
    Unit,
    /// A river, lake, mountain, sea.
    Feature,
}

impl Head {
    fn from_str(text: &str) -> Option<Head> {
        Some(match text {
            "organization" => Head::Organization,
            "document" => Head::Document,
            "event" => Head::Event,
            "facility" => Head::Facility,
            "title" => Head::Title,
            "unit" => Head::Unit,
            "feature" => Head::Feature,
            _ => return None,
        })
    }

    /// Whether a place named beside it is no place of its own.
    pub(crate) fn embeds(self) -> bool {
        !matches!(self, Head::Unit | Head::Feature)
    }
}

/// How common a word is as a word of some language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Commonness {
    /// In no list.
    #[default]
    None,
    /// In a dictionary.
    Word,
    /// Frequent.
    Common,
    /// A function word.
    Function,
}

#[derive(Debug)]
struct HeadRow {
    head: Head,
    before: bool,
    after: bool,
}

#[derive(Debug)]
struct WordRow {
    langs: Box<str>,
    commonness: Commonness,
}

/// The word tables.
#[derive(Debug, Default)]
pub(crate) struct Words {
    heads: HashMap<Box<[u8]>, HeadRow>,
    stems: HashMap<Box<[u8]>, HeadRow>,
    words: HashMap<Box<[u8]>, Vec<WordRow>>,
    persons: HashMap<Box<[u8]>, (u8, u8)>,
}

impl Words {
    pub(crate) fn builtin() -> &'static Words {
        static BUILTIN: OnceLock<Words> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            Words::from_tables(
                include_str!("../../rules/heads.tsv"),
                include_str!("../../rules/words.tsv"),
                include_str!("../../rules/persons.tsv"),
            )
        })
    }

    fn from_tables(heads: &str, words: &str, persons: &str) -> Words {
        let mut all = Words::default();
        for row in rows(heads) {
            let [word, _, side, class, ..] = row[..] else { continue };
            let Some(head) = Head::from_str(class) else { continue };
            let (stem, table) = match word.strip_suffix('*') {
                Some(stem) => (stem, &mut all.stems),
                None => (word, &mut all.heads),
            };
            let row = table.entry(key(stem)).or_insert(HeadRow { head, before: false, after: false });
            row.before |= side != "after";
            row.after |= side != "before";
        }
        for row in rows(words) {
            let [word, langs, class, ..] = row[..] else { continue };
            let commonness = match class {
                "function" => Commonness::Function,
                "common" => Commonness::Common,
                _ => Commonness::Word,
            };
            all.words.entry(key(word)).or_default().push(WordRow { langs: langs.into(), commonness });
        }
        for row in rows(persons) {
            let [name, kind, weight, ..] = row[..] else { continue };
            let weight = 1 + weight.parse::<u8>().unwrap_or(0).min(8);
            let of = all.persons.entry(key(name)).or_default();
            if kind != "surname" {
                of.0 = of.0.max(weight);
            }
            if kind != "given" {
                of.1 = of.1.max(weight);
            }
        }
        all
    }

    /// How common a word is in a language, and how common in any.
    pub(crate) fn commonness(&self, key: &[u8], lang: Option<&str>) -> (Commonness, Commonness) {
        let rows = self.words.get(key).map_or(&[][..], Vec::as_slice);
        let any = rows.iter().map(|row| row.commonness).max().unwrap_or_default();
        let of_lang = |row: &&WordRow| lang.is_none_or(|lang| row.langs.split(';').any(|l| l == lang));
        (rows.iter().filter(of_lang).map(|row| row.commonness).max().unwrap_or_default(), any)
    }

    /// How common a word is as given name and as surname, each 0 (never) to 9.
    pub(crate) fn person(&self, key: &[u8]) -> (u8, u8) {
        self.persons.get(key).copied().unwrap_or_default()
    }

    /// The head word that begins behind the word `last`, if it stands close.
    pub(crate) fn head_after(&self, tokens: &Tokens, last: usize) -> Option<Head> {
        let mut phrase = Vec::new();
        let mut best = None;
        for i in last + 1..=last + 4 {
            let Some(token) = tokens.get(i).filter(|t| joins(t)) else { break };
            if i > last + 1 {
                phrase.extend(token.gap.byte());
            }
            phrase.extend_from_slice(tokens.key(i));
            best = self.head(&phrase, false).or(best);
        }
        best
    }

    /// The head word that ends before the word `first`, if it stands close.
    pub(crate) fn head_before(&self, tokens: &Tokens, first: usize) -> Option<Head> {
        let mut phrase: Vec<u8> = Vec::new();
        let mut best = None;
        let mut after = tokens.get(first)?;
        for i in (first.saturating_sub(3)..first).rev() {
            if !joins(after) {
                break;
            }
            let mut longer = tokens.key(i).to_vec();
            if !phrase.is_empty() {
                longer.extend(after.gap.byte());
            }
            longer.extend_from_slice(&phrase);
            phrase = longer;
            best = self.head(&phrase, true).or(best);
            after = tokens.get(i)?;
        }
        best
    }

    fn head(&self, phrase: &[u8], before: bool) -> Option<Head> {
        let fits = |row: &&HeadRow| if before { row.before } else { row.after };
        if let Some(row) = self.heads.get(phrase).filter(fits) {
            return Some(row.head);
        }
        (3..phrase.len()).rev().filter_map(|n| self.stems.get(&phrase[..n])).find(fits).map(|row| row.head)
    }

    /// The language whose function words a text has most of, from its first words; scripts of one language say it themselves.
    pub(crate) fn guess_language(&self, tokens: &Tokens) -> Option<&'static str> {
        let mut counts: HashMap<&str, u32> = HashMap::new();
        let mut scripts: HashMap<Script, u32> = HashMap::new();
        for i in 0..tokens.len().min(400) {
            *scripts.entry(tokens.get(i)?.script).or_default() += 1;
            for row in self.words.get(tokens.key(i)).map_or(&[][..], Vec::as_slice) {
                if row.commonness == Commonness::Function {
                    for lang in row.langs.split(';') {
                        *counts.entry(lang).or_default() += 1;
                    }
                }
            }
        }
        let kana = scripts.get(&Script::Hira).copied().unwrap_or(0)
            + scripts.get(&Script::Kana).copied().unwrap_or(0);
        let (script, _) =
            scripts.into_iter().filter(|(s, _)| *s != Script::Zyyy).max_by_key(|(s, n)| (*n, *s))?;
        let of_script = match script {
            Script::Armn => Some("hy"),
            Script::Geor => Some("ka"),
            Script::Grek => Some("el"),
            Script::Hebr => Some("he"),
            Script::Hang => Some("ko"),
            Script::Hani if kana == 0 => Some("zh"),
            Script::Hani | Script::Hira | Script::Kana => Some("ja"),
            Script::Thai => Some("th"),
            Script::Laoo => Some("lo"),
            Script::Khmr => Some("km"),
            Script::Mymr => Some("my"),
            Script::Beng => Some("bn"),
            Script::Taml => Some("ta"),
            Script::Telu => Some("te"),
            Script::Knda => Some("kn"),
            Script::Mlym => Some("ml"),
            Script::Sinh => Some("si"),
            Script::Guru => Some("pa"),
            Script::Gujr => Some("gu"),
            Script::Ethi => Some("am"),
            _ => None,
        };
        if of_script.is_some() {
            return of_script;
        }
        let mut ranked: Vec<(&str, u32)> = counts.into_iter().collect();
        ranked.sort_by_key(|(lang, n)| (std::cmp::Reverse(*n), *lang));
        match ranked[..] {
            [(lang, n), ..] if n >= 3 && ranked.get(1).is_none_or(|(_, second)| n > *second) => {
                Some(known(lang))
            }
            _ => None,
        }
    }
}

/// The same language as a text that lives on.
fn known(lang: &str) -> &'static str {
    static KNOWN: OnceLock<Vec<Box<str>>> = OnceLock::new();
    let all = KNOWN.get_or_init(|| {
        let mut all: Vec<Box<str>> = rows(include_str!("../../rules/words.tsv"))
            .flat_map(|row| {
                row.get(1).map(|l| l.split(';').map(Box::from).collect::<Vec<_>>()).unwrap_or_default()
            })
            .collect();
        all.sort();
        all.dedup();
        all
    });
    all.binary_search_by(|l| (**l).cmp(lang)).map_or("und", |i| &all[i])
}

/// Whether a word stands close enough to the one before it to be of one phrase.
fn joins(token: &Token) -> bool {
    matches!(token.gap, Gap::Space | Gap::Nothing | Gap::LineHyphen)
}

fn key(word: &str) -> Box<[u8]> {
    Key::new(word).as_bytes().into()
}

/// The rows of a table, without its comments and header.
pub(crate) fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table
        .lines()
        .filter(|l| !l.starts_with('#') && !l.trim().is_empty())
        .skip(1)
        .map(|l| l.split('\t').collect())
}
