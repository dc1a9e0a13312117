//! The JSON of spaCy, a text per line: `Doc(vocab).from_json(line)` reads it, `displacy.render(line, manual=True)` draws it.
//!
//! spaCy reads no ids of entities, but those of a group of spans: the same names are `doc.ents` and `doc.spans["exonym"]`.

use std::io;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::record::Kind;
use crate::resolve::{Annotation, Role};

use super::words::words;
use super::{Annotated, Counter, Format, Offsets, link};

/// Writes a line per text. Offsets count code points, as Python does.
#[derive(Clone, Copy, Debug, Default)]
pub struct Spacy;

#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a RawValue>,
    text: &'a str,
    ents: &'a [Ent],
    spans: Spans<'a>,
    tokens: Vec<Token>,
}

#[derive(Serialize)]
struct Spans<'a> {
    exonym: Vec<Span<'a>>,
}

#[derive(Serialize)]
struct Span<'a> {
    start: usize,
    end: usize,
    label: &'static str,
    kb_id: &'a str,
}

impl<'a> From<&'a Ent> for Span<'a> {
    fn from(ent: &'a Ent) -> Span<'a> {
        Span { start: ent.start, end: ent.end, label: ent.label, kb_id: &ent.kb_id }
    }
}

#[derive(Serialize)]
struct Ent {
    start: usize,
    end: usize,
    label: &'static str,
    kb_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    kb_url: Option<String>,
}

#[derive(Serialize)]
struct Token {
    id: usize,
    start: usize,
    end: usize,
}

impl Format for Spacy {
    fn text(&self, text: &Annotated<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        let mut counter = Counter::new(text.text, Offsets::Char);
        let ents = text.apart().map(|a| Ent {
            start: counter.at(a.start),
            end: counter.at(a.end),
            label: label(a),
            kb_id: a.record.id().to_string(),
            kb_url: link(a.record),
        });
        let ents: Vec<Ent> = ents.collect();
        let line = Line {
            id: text.id,
            text: text.text,
            spans: Spans { exonym: ents.iter().map(Span::from).collect() },
            ents: &ents,
            tokens: tokens(text),
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.push(b'\n');
        Ok(())
    }
}

/// spaCy's tokens: one space behind a word belongs to it, each further stretch of white space is a token.
fn tokens(text: &Annotated<'_>) -> Vec<Token> {
    let mut spans: Vec<(usize, usize, bool)> = Vec::new();
    for word in words(text) {
        let (start, end, space) = (word.start, word.start + word.text.len(), word.is_space());
        match spans.last_mut() {
            Some((_, last, true)) if space => *last = end,
            Some((.., false)) if space && word.text.starts_with(' ') => spans.push((start + 1, end, true)),
            _ => spans.push((start, end, space)),
        }
    }
    let mut counter = Counter::new(text.text, Offsets::Char);
    let spans = spans.into_iter().filter(|(start, end, _)| start < end).enumerate();
    spans.map(|(id, (start, end, _))| Token { id, start: counter.at(start), end: counter.at(end) }).collect()
}

/// The label of the models trained on OntoNotes.
fn label(annotation: &Annotation<'_>) -> &'static str {
    match (annotation.role, annotation.record.kind()) {
        (Role::Demonym, _) => "NORP",
        (Role::Organization, _) | (_, Kind::Organization) => "ORG",
        (Role::Person, _) | (_, Kind::Person) => "PERSON",
        (Role::Document, _) | (_, Kind::Document) => "LAW",
        (Role::Event, _) | (_, Kind::Event) => "EVENT",
        _ => match annotation.record.feature().and_then(|f| f.chars().next()) {
            None | Some('A' | 'P') => "GPE",
            Some('S') => "FAC",
            Some(_) => "LOC",
        },
    }
}
