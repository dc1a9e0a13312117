//! The JSON contract: one object per document (`docs/design.md`, "The JSON contract"). Fields may be added, never renamed.

use std::borrow::Cow;
use std::io;

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::gazetteer::{ClaimRef, NameRef, RecordRef};
use crate::record::{Date, Kind};
use crate::resolve::{Annotation, Candidate, Reason};

use super::{Annotated, Counter, Format, Offsets, round};

/// Writes a line per text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Jsonl {
    /// What `start` and `end` count.
    pub offsets: Offsets,
}

impl Format for Jsonl {
    fn text(&self, text: &Annotated<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        let document = Document::of(text, self.offsets);
        serde_json::to_writer(&mut *out, &Line { id: text.id, date: text.date, document })?;
        out.push(b'\n');
        Ok(())
    }
}

/// A document with its id as it is written in the input: a number of thirty digits stays one.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) date: Option<&'a RawValue>,
    #[serde(flatten)]
    pub(super) document: Document<'a>,
}

/// One document's line.
#[derive(Debug, Serialize)]
pub struct Document<'a> {
    /// Carried over from the input, of whatever type it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Value>,
    /// The text's language, as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<&'a str>,
    /// What `start` and `end` count.
    pub offsets: &'static str,
    /// The annotations.
    pub annotations: Vec<Mention<'a>>,
}

/// One annotation.
#[derive(Debug, Serialize)]
pub struct Mention<'a> {
    /// First unit of the span.
    pub start: usize,
    /// Unit after the last one.
    pub end: usize,
    /// Exactly that slice of the text.
    pub text: &'a str,
    /// How the mention is used.
    pub role: &'static str,
    /// Probability, 0 to 1.
    pub score: f64,
    /// The record meant.
    pub entity: Entity<'a>,
    /// The past record that the text names, where `entity` is what it is today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former: Option<Entity<'a>>,
    /// The name the text uses.
    pub name: NameView<'a>,
    /// The mention beside which the text itself gives the record this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learned: Option<Place>,
    /// The inflection rule used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inflection: Option<Inflection<'a>>,
    /// The best records.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<CandidateView<'a>>,
    /// What spoke for and against.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<ReasonView<'a>>,
}

/// A place in the text, counted as `offsets` says.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Place {
    /// First unit.
    pub start: usize,
    /// Unit after the last one.
    pub end: usize,
}

/// A record in brief.
#[derive(Clone, Debug, Serialize)]
pub struct Entity<'a> {
    /// Its id.
    pub id: String,
    /// What it is called: its canonical name, or another label asked for.
    pub name: Cow<'a, str>,
    /// What it is.
    pub kind: &'static str,
    /// GeoNames class and code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feature: Option<&'a str>,
    /// ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<&'a str>,
    /// Degrees north.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lat: Option<f64>,
    /// Degrees east.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lon: Option<f64>,
    /// Inhabitants.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub population: Option<u64>,
    /// Since when the thing existed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<&'a str>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<&'a str>,
    /// Whether sides differ on what it is called or whose it is.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub disputed: bool,
    /// Who claims it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claimed_by: Vec<ClaimView<'a>>,
    /// Who holds it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub controlled_by: Vec<ClaimView<'a>>,
    /// What came after it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub successors: Vec<String>,
    /// Further ids.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub same_as: Vec<String>,
}

impl<'a> Entity<'a> {
    /// The brief form of a record.
    pub fn of(record: RecordRef<'a>) -> Entity<'a> {
        let point = record.point();
        Entity {
            id: record.id().to_string(),
            name: record.name().text().into(),
            kind: record.kind().as_str(),
            feature: record.feature(),
            country: record.country(),
            lat: point.map(|p| round(p.lat(), 5)),
            lon: point.map(|p| round(p.lon(), 5)),
            population: (record.kind() == Kind::Place || record.kind() == Kind::State)
                .then(|| record.population())
                .filter(|n| *n > 0),
            from: record.from(),
            to: record.to(),
            disputed: record.is_disputed(),
            claimed_by: record.claimed_by().map(ClaimView::of).collect(),
            controlled_by: record.controlled_by().map(ClaimView::of).collect(),
            successors: record.successors().map(|id| id.to_string()).collect(),
            same_as: record.same_as().map(|id| id.to_string()).collect(),
        }
    }

    /// The same under another label.
    #[must_use]
    pub fn called(self, name: Cow<'a, str>) -> Entity<'a> {
        Entity { name, ..self }
    }
}

/// A claim in brief.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimView<'a> {
    /// The id of who claims or holds.
    pub id: &'a str,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<&'a str>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<&'a str>,
    /// Where it is said.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub source: &'a str,
}

impl<'a> ClaimView<'a> {
    /// The brief form of a claim.
    pub fn of(claim: ClaimRef<'a>) -> ClaimView<'a> {
        ClaimView { id: claim.by(), from: claim.from(), to: claim.to(), source: claim.source() }
    }
}

/// A name in brief.
#[derive(Clone, Debug, Serialize)]
pub struct NameView<'a> {
    /// The written form in the gazetteer.
    pub text: &'a str,
    /// BCP 47 tag, `und` if unknown; of several languages the text's own, else English, else the first.
    pub lang: &'a str,
    /// What it is to the record.
    pub kind: &'static str,
    /// Since when it was in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<&'a str>,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<&'a str>,
    /// Who uses it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub perspective: Vec<&'a str>,
    /// Whether the record was called so at the date asked for; none if no date was, or none tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid: Option<bool>,
}

impl<'a> NameView<'a> {
    /// The brief form of a name, in a text of a language.
    pub fn of(name: NameRef<'a>, lang: Option<&str>) -> NameView<'a> {
        NameView {
            text: name.text(),
            lang: (name.langs().find(|l| Some(*l) == lang))
                .or_else(|| name.langs().find(|l| *l == "en"))
                .unwrap_or(name.lang()),
            kind: name.kind().as_str(),
            from: name.from(),
            to: name.to(),
            perspective: name.perspective().collect(),
            valid: None,
        }
    }

    /// The same of a text of a date: it tells whether the record was called so then, if that is known.
    pub fn at(name: NameRef<'a>, lang: Option<&str>, date: Option<&Date>) -> NameView<'a> {
        NameView { valid: date.and_then(|date| name.validity(date)), ..NameView::of(name, lang) }
    }
}

/// How an inflected form was read.
#[derive(Clone, Debug, Serialize)]
pub struct Inflection<'a> {
    /// The folded ending or attached word.
    pub affix: &'a str,
    /// The form's name in the grammar.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub form: &'a str,
}

/// A candidate.
#[derive(Debug, Serialize)]
pub struct CandidateView<'a> {
    /// The record.
    pub entity: Entity<'a>,
    /// The name it would be.
    pub name: NameView<'a>,
    /// Probability, 0 to 1.
    pub score: f64,
}

/// A reason.
#[derive(Debug, Serialize)]
pub struct ReasonView<'a> {
    /// The sentence.
    pub text: &'a str,
    /// Its weight in log-odds.
    pub weight: f64,
}

impl<'a> Document<'a> {
    /// The line of a text with its annotations, which must be in the order of the text.
    pub fn new(
        id: Option<Value>,
        lang: Option<&'a str>,
        text: &'a str,
        annotations: &'a [Annotation<'a>],
        offsets: Offsets,
    ) -> Document<'a> {
        Document { id, ..Document::of(&Annotated { lang, ..Annotated::new(text, annotations) }, offsets) }
    }

    /// The same of an annotated text, without its id.
    pub(super) fn of(annotated: &Annotated<'a>, offsets: Offsets) -> Document<'a> {
        let Annotated { lang, text, annotations, as_of, .. } = *annotated;
        let entity = |record| Entity::of(record).called(annotated.name_of(record));
        let mut counter = Counter::of(annotated, offsets);
        let mention = |a: &'a Annotation<'a>| Mention {
            start: counter.at(a.start),
            end: counter.at(a.end),
            text: text.get(a.start..a.end).unwrap_or_default(),
            role: a.role.as_str(),
            score: round(f64::from(a.score), 4),
            entity: entity(a.record),
            former: a.former.map(entity),
            name: NameView::at(a.name, lang, as_of),
            learned: None,
            inflection: a.rule.map(|r| Inflection { affix: r.affix(), form: r.note() }),
            candidates: a.candidates.iter().map(|c| candidate(c, annotated)).collect(),
            reasons: a.reasons.iter().map(reason).collect(),
        };
        let mut mentions: Vec<Mention<'a>> = annotations.iter().map(mention).collect();
        for (i, annotation) in annotations.iter().enumerate() {
            let Some((start, _)) = annotation.learned else { continue };
            // It is an annotation too, so its place is counted already.
            let beside = annotations.partition_point(|a| a.start < start);
            mentions[i].learned = mentions.get(beside).map(|m| Place { start: m.start, end: m.end });
        }
        Document { id: None, lang, offsets: offsets.as_str(), annotations: mentions }
    }
}

fn candidate<'a>(candidate: &Candidate<'a>, text: &Annotated<'a>) -> CandidateView<'a> {
    CandidateView {
        entity: Entity::of(candidate.record).called(text.name_of(candidate.record)),
        name: NameView::at(candidate.name, text.lang, text.as_of),
        score: round(f64::from(candidate.score), 4),
    }
}

fn reason(reason: &Reason) -> ReasonView<'_> {
    ReasonView { text: &reason.text, weight: round(f64::from(reason.weight), 2) }
}
