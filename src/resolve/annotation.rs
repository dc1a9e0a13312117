//! What comes out: a mention with its role, its record and what spoke for it.

use std::fmt;

use crate::gazetteer::{NameRef, RecordRef};
use crate::record::Point;
use crate::token::inflect::Rule;

/// How a mention is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Role {
    /// The place or state itself.
    #[default]
    Place,
    /// Its people, or what belongs to it (`Armenian`).
    Demonym,
    /// The place stands for its government or another body (`official Baku`).
    Metonym,
    /// The name is part of a bigger name (`Alma-Ata Declaration`).
    Embedded,
    /// An organisation.
    Organization,
    /// A person.
    Person,
    /// A treaty or other document.
    Document,
    /// A war, conference or other event.
    Event,
}

impl Role {
    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Place => "place",
            Role::Demonym => "demonym",
            Role::Metonym => "metonym",
            Role::Embedded => "embedded",
            Role::Organization => "organization",
            Role::Person => "person",
            Role::Document => "document",
            Role::Event => "event",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A mention resolved: where it stands, which record it means and why.
#[derive(Clone, Debug)]
pub struct Annotation<'g> {
    /// First byte in the text.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
    /// How the mention is used.
    pub role: Role,
    /// Probability that this is a name and means this record.
    pub score: f32,
    /// The record meant.
    pub record: RecordRef<'g>,
    /// The past record that the text names, where the one meant is what it is today; only with [`Options::to_current`](super::Options::to_current).
    pub former: Option<RecordRef<'g>>,
    /// The record's name that the text uses.
    pub name: NameRef<'g>,
    /// Where the text itself gives the record this name: the span of the mention beside which it does. `name` is the one it has there.
    pub learned: Option<(usize, usize)>,
    /// The inflection rule by which it was found, if any.
    pub rule: Option<&'g Rule>,
    /// The best records with their scores, this one first; only with [`Options::candidates`](super::Options::candidates).
    pub candidates: Vec<Candidate<'g>>,
    /// What spoke for and against it, the weightiest first; only with [`Options::explain`](super::Options::explain).
    pub reasons: Vec<Reason>,
}

/// A record that may be meant.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'g> {
    /// The record.
    pub record: RecordRef<'g>,
    /// The past record that is named, where this is what it is today.
    pub former: Option<RecordRef<'g>>,
    /// Its name that the text uses.
    pub name: NameRef<'g>,
    /// Probability that it is meant.
    pub score: f32,
}

impl Candidate<'_> {
    /// Take instead of a past record what it is today, if that can be told: see [`RecordRef::current`].
    pub fn to_current(&mut self, country: Option<&str>, near: Option<Point>) {
        if let Some(today) = self.record.current(country, near) {
            self.former = Some(std::mem::replace(&mut self.record, today));
        }
    }
}

/// One piece of evidence and its weight: above zero it speaks for, below against.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// The sentence.
    pub text: String,
    /// Its weight, in log-odds.
    pub weight: f32,
}
