//! The records that may be meant by a match, with what the resolver asks of them.

use unicode_normalization::UnicodeNormalization;

use crate::find::Match;
use crate::fold::punctuation;
use crate::gazetteer::{Gazetteer, NameRef, RecordRef};
use crate::record::{CaseRule, Date, NameKind, OnSphere, Point};
use crate::rules::is_home;
use crate::token::inflect::{Morphology, Rule};
use crate::token::{Gap, Tokens};

use super::Role;
use super::evidence::{Class, size_bucket};

/// Letters at the end of a name that an ending may change.
const ENDING: usize = 2;

/// Most records weighed for one name; postings give the most prominent first.
const MOST: usize = 48;

/// A unit whose middle is no farther from a town may be the town under another heading, in kilometres.
const TWIN_KM: f64 = 100.0;

/// How the language of a name goes with that of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum NameLanguage {
    /// The name is of the text's language.
    Same,
    /// The name's is not known.
    Unknown,
    /// The name is of another language.
    Other,
    /// The record has a name in the text's language, and this is none.
    Foreign,
    /// The text's is not known.
    Untold,
}

impl NameLanguage {
    fn of(name: NameRef<'_>, lang: Option<&str>) -> NameLanguage {
        let Some(lang) = lang else { return NameLanguage::Untold };
        let is_same = |l: &str| l == lang || l.split('-').next() == Some(lang);
        if name.langs().any(is_same) {
            return NameLanguage::Same;
        }
        let has_own = |n: NameRef<'_>| n.kind() != NameKind::Demonym && n.langs().any(is_same);
        match () {
            () if name.record().names().any(has_own) => NameLanguage::Foreign,
            () if name.langs().next().is_none() => NameLanguage::Unknown,
            () => NameLanguage::Other,
        }
    }
}

/// What is known of a text before its names are looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asked<'a> {
    /// Its language.
    pub(crate) lang: Option<&'a str>,
    /// Its date.
    pub(crate) as_of: Option<&'a Date>,
}

/// One record under the name that matched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bearer<'g> {
    pub(crate) record: RecordRef<'g>,
    pub(crate) name: NameRef<'g>,
    pub(crate) class: Class,
    pub(crate) feature: &'g str,
    pub(crate) population: u64,
    pub(crate) country: &'g str,
    /// Whether the text's language is the main one of its country.
    pub(crate) home: bool,
    pub(crate) admin1: &'g str,
    pub(crate) admin2: &'g str,
    pub(crate) point: Option<Point>,
    pub(crate) on_sphere: Option<OnSphere>,
    /// The rule by which the text's word is a form of the name, if it is not the name itself.
    pub(crate) rule: Option<&'g Rule>,
    /// Whether the text writes the name exactly so.
    pub(crate) exact: bool,
    /// Whether the text has all its letters and marks so, in either case; of an inflected form, those before its ending.
    pub(crate) spelled: bool,
    /// How the name goes with the text's language.
    pub(crate) lang: NameLanguage,
    /// Whether name and record are known to have been in use at the date asked for, or known not to have been.
    pub(crate) valid: Option<bool>,
    /// Whether this is a unit around a town that bears the same name.
    pub(crate) twin: bool,
    /// Sum of what speaks for it before the rest of the text is looked at.
    pub(crate) sum: f32,
    /// The share among the bearers that comes of it.
    pub(crate) prior: f32,
}

impl<'g> Bearer<'g> {
    fn new(name: NameRef<'g>, surface: &str, asked: Asked<'_>) -> Bearer<'g> {
        let (record, lang) = (name.record(), asked.lang);
        let country = record.country().unwrap_or_default();
        let home = lang.is_some_and(|lang| is_home(lang, country));
        Bearer {
            record,
            name,
            class: Class::of(record, name),
            feature: record.feature().unwrap_or_default(),
            population: record.population(),
            country,
            home,
            admin1: record.admin1().unwrap_or_default(),
            admin2: record.admin2().unwrap_or_default(),
            point: record.point(),
            on_sphere: record.point().map(Point::on_sphere),
            rule: None,
            exact: is_exact(name.text(), surface),
            spelled: lower(name.text()).eq(lower(surface)),
            lang: NameLanguage::of(name, lang),
            valid: asked.as_of.and_then(|date| name.validity(date)),
            twin: false,
            sum: 0.0,
            prior: 0.0,
        }
    }

    /// How a mention of it is used, as far as it tells by itself.
    pub(crate) fn role(&self) -> Role {
        match self.class {
            Class::Demonym => Role::Demonym,
            Class::Government => Role::Metonym,
            Class::Organization => Role::Organization,
            Class::Person => Role::Person,
            Class::Document => Role::Document,
            Class::Event => Role::Event,
            _ => Role::Place,
        }
    }

    /// Of two names of one record with the same key, the one to report.
    fn better_name(&self, other: &Bearer<'_>) -> bool {
        let rank = |b: &Bearer<'_>| {
            (
                // Iraqi is Iraq in Swahili, and an Iraqi in English.
                b.lang > NameLanguage::Unknown && b.lang != NameLanguage::Untold,
                b.class == Class::Demonym,
                b.rule.is_some(),
                !b.exact,
                b.valid == Some(false),
                b.lang,
                b.name.kind() == NameKind::Transliteration,
                b.name.index(),
            )
        };
        rank(self) < rank(other)
    }

    /// Whether this is a unit that `town` lies in.
    pub(crate) fn holds(&self, town: &Bearer<'_>) -> bool {
        if self.record.index() == town.record.index()
            || self.country.is_empty()
            || self.country != town.country
        {
            return false;
        }
        match self.feature {
            f if f.starts_with("A.PCL") || f == "A.TERR" => true,
            "A.ADM1" => !self.admin1.is_empty() && self.admin1 == town.admin1,
            "A.ADM2" => !self.admin2.is_empty() && self.admin1 == town.admin1 && self.admin2 == town.admin2,
            _ => false,
        }
    }

    /// Whether this is a unit that is little more than that town: near it or ruled from it, and below the first level, with a
    /// quarter of its people in it, or around the capital.
    fn is_around(&self, town: &Bearer<'_>) -> bool {
        let is_near = || match (self.on_sphere, town.on_sphere) {
            (Some(a), Some(b)) => {
                matches!(town.feature, "P.PPLA" | "P.PPLC") && self.admin1 == town.admin1
                    || OnSphere::km(a.squared_chord(b)) < TWIN_KM
            }
            _ => self.admin1 == town.admin1,
        };
        self.feature.starts_with("A.ADM")
            && town.feature.starts_with("P.")
            && self.country == town.country
            && (self.class != Class::Admin1
                || town.population * 4 >= self.population
                || town.class == Class::Capital)
            && is_near()
    }

    /// Whether it is a city of half a million or a capital.
    pub(crate) fn is_great_city(&self) -> bool {
        self.class == Class::Capital
            || matches!(self.class, Class::Seat1 | Class::Seat2 | Class::City) && self.population >= GREAT
    }

    /// How large it is, as a bucket. What has no inhabitants of its own counts as a large town: it would not be recorded
    /// otherwise.
    pub(crate) fn size(&self) -> usize {
        match self.class {
            Class::Continent
            | Class::Region
            | Class::Sea
            | Class::River
            | Class::Mountain
            | Class::Island
            | Class::HistoricState
            | Class::Government
                if self.population == 0 =>
            {
                size_bucket(500_000)
            }
            _ => size_bucket(self.population),
        }
    }
}

/// What the bearers of a name are together.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Rivals {
    /// The people of the most populous one, and of all.
    pub(crate) most: u64,
    pub(crate) total: u64,
    /// Whether a great city is one of them.
    pub(crate) has_city: bool,
}

/// Inhabitants of a great city.
const GREAT: u64 = 500_000;

impl Rivals {
    pub(crate) fn of(bearers: &[Bearer<'_>]) -> Rivals {
        bearers.iter().fold(Rivals::default(), |all, b| Rivals {
            most: all.most.max(b.population),
            total: all.total + b.population,
            has_city: all.has_city || b.is_great_city(),
        })
    }
}

/// Collect the bearers of matches of one span that agree with how it is written. Gives the span, which takes in the point or
/// parenthesis that ends the name and the apostrophe that begins it.
pub(crate) fn collect<'g>(
    gazetteer: &'g Gazetteer,
    readings: &[Match<'g>],
    text: &str,
    tokens: &Tokens,
    asked: Asked<'_>,
    out: &mut Vec<Bearer<'g>>,
) -> (usize, usize) {
    let Some((start, end)) = readings.first().map(|m| (m.start, m.end)) else { return (0, 0) };
    let surface = &text[start..end];
    let from = out.len();
    let set_off = readings.first().is_some_and(|m| m.first < m.last && ends_set_off(tokens, m.last as usize));
    let point_follows = text[end..].starts_with('.');
    for found in readings {
        for name in found.candidates(gazetteer).take(4 * MOST) {
            if found.rule().is_some() && !may_inflect(name.kind())
                || set_off && !name.text().contains(punctuation::is_apostrophe)
                || !agrees(name, surface, point_follows)
            {
                continue;
            }
            let mut bearer = Bearer { rule: found.rule(), ..Bearer::new(name, surface, asked) };
            if bearer.rule.is_some() {
                let stem = lower(name.text()).count().saturating_sub(ENDING);
                bearer.spelled = lower(name.text()).take(stem).eq(lower(surface).take(stem));
            }
            match out[from..].iter().position(|b| b.record.index() == bearer.record.index()) {
                Some(known) => {
                    // Of several names with one key, any may be of the text's language.
                    let known = &mut out[from + known];
                    let lang = known.lang.min(bearer.lang);
                    if bearer.better_name(known) {
                        *known = bearer;
                    }
                    known.lang = lang;
                }
                None if out.len() - from < MOST => out.push(bearer),
                None => break,
            }
        }
    }
    for i in from..out.len() {
        out[i].twin = out[from..].iter().any(|town| out[i].is_around(town));
    }
    let names = || out[from..].iter().map(|b| b.name.text());
    let before = text[..start].chars().next_back().filter(|c| punctuation::is_apostrophe(*c));
    let after = text[end..].chars().next().filter(|c| matches!(c, '.' | ')'));
    let begins = before.filter(|_| names().any(|name| name.starts_with(punctuation::is_apostrophe)));
    let ends = after.filter(|c| names().any(|name| name.ends_with(*c)));
    (start - begins.map_or(0, char::len_utf8), end + ends.map_or(0, char::len_utf8))
}

/// Whether the word at an index is an ending set off by an apostrophe, as in `Van'da`, which is not Vanda.
pub(crate) fn ends_set_off(tokens: &Tokens, at: usize) -> bool {
    tokens.get(at).is_some_and(|t| {
        t.gap == Gap::Apostrophe && Morphology::builtin().is_ending(tokens.key_str(at), t.script)
    })
}

fn may_inflect(kind: NameKind) -> bool {
    !matches!(kind, NameKind::Abbreviation | NameKind::Code)
}

/// Whether a text writes a name exactly so, composed or decomposed; an apostrophe at its start is no part of the words.
fn is_exact(name: &str, surface: &str) -> bool {
    let name = name.trim_start_matches(punctuation::is_apostrophe);
    name == surface || !surface.is_ascii() && surface.nfc().eq(name.nfc())
}

/// The small letters of a text.
fn lower(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

/// Whether a name may be meant by a text written so.
fn agrees(name: NameRef<'_>, surface: &str, point_follows: bool) -> bool {
    match name.case_rule() {
        CaseRule::Exact => {
            let text = name.text();
            let unpointed = text.chars().filter(|c| *c != '.');
            // Ala. needs its point; U.S. may lose its last one.
            let one_point = text.ends_with('.') && text.matches('.').count() == 1;
            (!one_point || point_follows) && unpointed.eq(surface.chars().filter(|c| *c != '.'))
        }
        CaseRule::Title => surface.chars().find(|c| c.is_alphabetic()).is_some_and(|c| !c.is_lowercase()),
        _ => !takes_article(name, surface),
    }
}

/// Whether a name begins with what stands before it in the text in small letters as any word does: `the Netherlands`, where the record is
/// named without it too. `la Rochelle` is the name.
fn takes_article(name: NameRef<'_>, surface: &str) -> bool {
    let Some((article, rest)) = surface.split_once(' ') else { return false };
    article.starts_with(char::is_lowercase)
        && rest.starts_with(char::is_uppercase)
        && name.text().starts_with(char::is_uppercase)
        && name.record().names().any(|other| other.text() == rest)
}
