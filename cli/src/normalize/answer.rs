//! One name with what its row says of it → the records it may mean.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use exonym::gazetteer::{LabelOptions, RecordRef};
use exonym::record::{Date, Kind, Point};
use exonym::resolve::{Candidate, Scratch};
use exonym::{Annotator, Gazetteer, Options};
use serde_json::Value;

use crate::fields::{Facts, Field};
use crate::settings::date;

/// A candidate below this is no clear answer.
const CLEAR: f32 = 0.5;
/// A second candidate this close to the first makes the name ambiguous.
const CLOSE: f32 = 0.8;
/// What a row contradicts is doubtful: so much of the score is left.
const CONTRADICTED: f32 = 0.4;
/// A place further than this from where its row says is another one; the middle of a country or region may be further.
const NEAR_KM: f64 = 100.0;
const NEAR_AREA_KM: f64 = 1000.0;
/// So many answers and countries are remembered: columns say the same again and again.
const REMEMBERED: usize = 8192;

/// What a row says beside the name.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Context<'r> {
    pub(super) country: Option<&'r str>,
    pub(super) region: Option<&'r str>,
    pub(super) point: Option<Point>,
    pub(super) lang: Option<&'r str>,
    pub(super) date: Option<&'r str>,
}

/// The records a name may mean, best first, and what that amounts to.
#[derive(Clone, Debug)]
pub(super) struct Answer<'g> {
    pub(super) status: &'static str,
    /// What the best is called.
    label: Cow<'g, str>,
    pub(super) candidates: Vec<Candidate<'g>>,
}

impl Answer<'_> {
    /// The value of a field; null where there is none.
    pub(super) fn value(&self, field: &Field) -> Value {
        let Some(best) = self.candidates.first() else {
            return if *field == Field::Status { self.status.into() } else { Value::Null };
        };
        field.value(&Facts {
            record: best.record,
            label: self.label.clone(),
            name: best.name,
            score: rounded(best.score),
            status: self.status,
            text: "",
            role: "",
            number: 0,
        })
    }
}

/// Answers one name after another.
pub(super) struct Normalizer<'a, 'g> {
    gazetteer: &'g Gazetteer,
    annotator: &'a Annotator<'g>,
    options: Options,
    pub(super) labels: &'a LabelOptions,
    scratch: Scratch<'g>,
    /// Answers given, by what was asked.
    known: HashMap<String, Rc<Answer<'g>>>,
    /// What is being asked.
    question: String,
    /// Country names met, with their codes.
    countries: HashMap<String, Option<String>>,
}

impl<'a, 'g> Normalizer<'a, 'g> {
    pub(super) fn new(
        gazetteer: &'g Gazetteer,
        annotator: &'a Annotator<'g>,
        options: Options,
        labels: &'a LabelOptions,
    ) -> Normalizer<'a, 'g> {
        Normalizer {
            gazetteer,
            annotator,
            options,
            labels,
            scratch: Scratch::default(),
            known: HashMap::new(),
            question: String::new(),
            countries: HashMap::new(),
        }
    }

    /// The date asked for.
    pub(super) fn as_of(&self) -> Option<&Date> {
        self.options.as_of.as_ref()
    }

    pub(super) fn lang(&self) -> Option<&str> {
        self.options.lang.as_deref()
    }

    /// The answer to a name in its row.
    pub(super) fn answer(&mut self, name: &str, row: &Context<'_>) -> Rc<Answer<'g>> {
        self.question.clear();
        for part in [Some(name), row.country, row.region, row.lang, row.date] {
            self.question.push_str(part.unwrap_or_default());
            self.question.push('\0');
        }
        if let Some(point) = row.point {
            // Points seldom come again, but then they mean the same.
            self.question.push_str(&format!("{},{}", point.lat(), point.lon()));
        }
        if let Some(known) = self.known.get(&self.question) {
            return known.clone();
        }
        let answer = Rc::new(self.ask(name, row));
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        self.known.insert(self.question.clone(), answer.clone());
        answer
    }

    fn ask(&mut self, name: &str, row: &Context<'_>) -> Answer<'g> {
        let usual = row.lang.map(|lang| self.options.lang.replace(lang.to_owned()));
        let date = row.date.and_then(date);
        let usual_date = date.map(|date| self.options.as_of.replace(date));
        let to_current = std::mem::take(&mut self.options.to_current);
        let mut candidates = Vec::new();
        if let Some(region) = row.region {
            candidates = self.normalize(&format!("{name}, {region}"));
        }
        if candidates.is_empty() {
            candidates = self.normalize(name);
        }
        if let Some(usual) = usual {
            self.options.lang = usual;
        }
        if let Some(usual) = usual_date {
            self.options.as_of = usual;
        }
        self.options.to_current = to_current;
        let code = row.country.and_then(|country| self.country(country));
        if to_current {
            let hinted = if let [one] = &self.options.countries[..] { Some(&**one) } else { None };
            let (country, near) = (code.as_deref().or(hinted), row.point.or(self.options.near));
            candidates.iter_mut().for_each(|c| c.to_current(country, near));
        }
        match row.country {
            Some(_) => {
                if let Some(code) = code {
                    keep(&mut candidates, true, |c| c.record.country() == Some(&*code));
                }
            }
            None if !self.options.countries.is_empty() => {
                let hinted = &self.options.countries;
                keep(&mut candidates, false, |c| {
                    c.record.country().is_some_and(|c| hinted.iter().any(|h| h == c))
                });
            }
            None => {}
        }
        if let Some(point) = row.point.or(self.options.near) {
            keep(&mut candidates, row.point.is_some(), |c| {
                let area = c.record.feature().is_none_or(|f| !f.starts_with(['P', 'S']));
                let most = if area { NEAR_AREA_KM } else { NEAR_KM };
                c.record.point().is_some_and(|p| p.distance_km(point) <= most)
            });
        }
        let label = candidates.first().map_or(Cow::Borrowed(""), |best| best.record.label(self.labels));
        Answer { status: status(&candidates), label, candidates }
    }

    fn normalize(&mut self, name: &str) -> Vec<Candidate<'g>> {
        self.annotator.normalize(name, &self.options, &mut self.scratch)
    }

    /// The code of a country given by code or name.
    fn country(&mut self, country: &str) -> Option<String> {
        if let Some(known) = self.countries.get(country) {
            return known.clone();
        }
        let upper = country.to_ascii_uppercase();
        let is_code = upper.len() == 2 && upper.bytes().all(|b| b.is_ascii_uppercase());
        let by_code = self.gazetteer.by_id(&format!("iso:{upper}")).filter(|_| is_code);
        let is_state = |r: &RecordRef<'_>| {
            r.kind() == Kind::State || r.feature().is_some_and(|f| f.starts_with("A.PCL"))
        };
        let record = by_code.or_else(|| self.normalize(country).iter().map(|c| c.record).find(is_state));
        let code = record.and_then(|r| r.country().map(str::to_owned)).or_else(|| is_code.then_some(upper));
        if self.countries.len() < REMEMBERED {
            self.countries.insert(country.to_owned(), code.clone());
        }
        code
    }
}

/// Leave only the candidates that agree with the row, sharing the whole among them; where there are none, all are doubtful if the
/// row is `sure`.
fn keep(candidates: &mut Vec<Candidate<'_>>, sure: bool, agrees: impl Fn(&Candidate<'_>) -> bool) {
    if !candidates.iter().any(&agrees) {
        if sure {
            candidates.iter_mut().for_each(|c| c.score *= CONTRADICTED);
        }
        return;
    }
    let whole: f32 = candidates.iter().map(|c| c.score).sum();
    candidates.retain(agrees);
    let left: f32 = candidates.iter().map(|c| c.score).sum();
    // The whole is below 1 where a region named behind the place holds none of its bearers.
    let each = if left > 0.0 { whole.min(1.0) / left } else { 0.0 };
    candidates.iter_mut().for_each(|c| c.score *= each);
    if let Some(first) = candidates.first_mut().filter(|_| left == 0.0) {
        first.score = whole.min(1.0);
    }
}

fn status(candidates: &[Candidate<'_>]) -> &'static str {
    match candidates {
        [] => "unmatched",
        [first, ..] if first.score < CLEAR => "ambiguous",
        [first, second, ..] if second.score >= CLOSE * first.score => "ambiguous",
        _ => "matched",
    }
}

pub(super) fn rounded(score: f32) -> f64 {
    (f64::from(score) * 1e4).round() / 1e4
}
