//! The records that may be meant by a match, with what the resolver asks of them.

use crate::find::Match;
use crate::gazetteer::{Gazetteer, NameRef, RecordRef};
use crate::record::{CaseRule, NameKind, Point};

use super::evidence::{Class, size_bucket};
use super::words::Words;

/// Most records weighed for one name; postings give the most prominent first.
const MOST: usize = 48;

/// A unit whose middle is no farther from a town may be the town under another heading, in kilometres.
const TWIN_KM: f64 = 100.0;

/// One record under the name that matched.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bearer<'g> {
    pub(crate) record: RecordRef<'g>,
    pub(crate) name: NameRef<'g>,
    pub(crate) class: Class,
    pub(crate) population: u64,
    pub(crate) country: &'g str,
    /// Whether the text's language is the main one of its country.
    pub(crate) home: bool,
    pub(crate) admin1: &'g str,
    pub(crate) admin2: &'g str,
    pub(crate) point: Option<Point>,
    /// Whether the text writes the name exactly so.
    pub(crate) exact: bool,
    /// 0: the text's language is among the name's; 1: the name's is unknown; 2: another.
    pub(crate) lang: u8,
    /// Whether this is a unit around a town that bears the same name.
    pub(crate) twin: bool,
    /// Sum of what speaks for it before the rest of the text is looked at, then share among the bearers.
    pub(crate) prior: f32,
}

impl<'g> Bearer<'g> {
    fn new(name: NameRef<'g>, surface: &str, lang: Option<&str>, words: &Words) -> Bearer<'g> {
        let record = name.record();
        let country = record.country().unwrap_or_default();
        let home = words.is_home(lang, country);
        let mut langs = name.langs().peekable();
        let lang = match lang {
            _ if langs.peek().is_none() => 1,
            Some(lang) => 2 * u8::from(!langs.any(|l| l == lang || l.split('-').next() == Some(lang))),
            None => 1,
        };
        Bearer {
            record,
            name,
            class: Class::of(record, name),
            population: record.population(),
            country,
            home,
            admin1: record.admin1().unwrap_or_default(),
            admin2: record.admin2().unwrap_or_default(),
            point: record.point(),
            exact: name.text() == surface,
            lang,
            twin: false,
            prior: 0.0,
        }
    }

    /// Of two names of one record with the same key, the one to report.
    fn better_name(&self, other: &Bearer<'_>) -> bool {
        let rank = |b: &Bearer<'_>| {
            (
                b.class == Class::Demonym,
                !b.exact,
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
        match self.record.feature().unwrap_or_default() {
            f if f.starts_with("A.PCL") || f == "A.TERR" => true,
            "A.ADM1" => !self.admin1.is_empty() && self.admin1 == town.admin1,
            "A.ADM2" => !self.admin2.is_empty() && self.admin1 == town.admin1 && self.admin2 == town.admin2,
            _ => false,
        }
    }

    /// Whether this is a unit that is little more than that town: near it, with a quarter of its people in it.
    fn is_around(&self, town: &Bearer<'_>) -> bool {
        let near = match (self.point, town.point) {
            (Some(a), Some(b)) => a.distance_km(b) < TWIN_KM,
            _ => self.admin1 == town.admin1,
        };
        self.record.feature().is_some_and(|f| f.starts_with("A.ADM"))
            && town.record.feature().is_some_and(|f| f.starts_with("P."))
            && self.country == town.country
            && town.population * 4 >= self.population
            && near
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
                if self.population == 0 =>
            {
                size_bucket(500_000)
            }
            _ => size_bucket(self.population),
        }
    }
}

/// Collect the bearers of a match that agree with how it is written. Gives the end of the span.
pub(crate) fn collect<'g>(
    gazetteer: &'g Gazetteer,
    found: &Match<'_>,
    text: &str,
    lang: Option<&str>,
    words: &Words,
    out: &mut Vec<Bearer<'g>>,
) -> usize {
    let surface = &text[found.start..found.end];
    let from = out.len();
    let point_follows = text[found.end..].starts_with('.');
    for name in found.candidates(gazetteer).take(4 * MOST) {
        if found.rule().is_some() && !may_inflect(name.kind()) || !agrees(name, surface, point_follows) {
            continue;
        }
        let bearer = Bearer::new(name, surface, lang, words);
        match out[from..].iter().position(|b| b.record.index() == bearer.record.index()) {
            Some(known) => {
                if bearer.better_name(&out[from + known]) {
                    out[from + known] = bearer;
                }
            }
            None if out.len() - from < MOST => out.push(bearer),
            None => break,
        }
    }
    for i in from..out.len() {
        out[i].twin = out[from..].iter().any(|town| out[i].is_around(town));
    }
    // The span takes in the last point or parenthesis of the name.
    let follows = text[found.end..].chars().next().filter(|c| matches!(c, '.' | ')'));
    let taken_in = follows.is_some_and(|c| out[from..].iter().any(|b| b.name.text().ends_with(c)));
    found.end + usize::from(taken_in)
}

fn may_inflect(kind: NameKind) -> bool {
    !matches!(kind, NameKind::Abbreviation | NameKind::Code)
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
        _ => true,
    }
}
