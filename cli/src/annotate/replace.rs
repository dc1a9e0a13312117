//! `--replace` and `--mark`: the text with its names rewritten or marked, and everything else as it came.

use std::collections::HashMap;
use std::fmt::Display;

use anyhow::{Result, bail};
use exonym::output::{Annotated, Counter, Offsets};
use exonym::record::Kind;
use exonym::resolve::Role;
use exonym::{Annotation, Gazetteer};

use super::args::Annotate;
use super::documents::Stands;
use super::rules::Rules;
use crate::fields::{Facts, Field, Place, cell};
use crate::markup::{Edit, Prose};

/// What becomes of names.
#[derive(Debug)]
pub(super) enum Rewriting {
    /// The record is marked where the text is marked up.
    Mark,
    Replace {
        rules: Option<Rules>,
        /// For names without a rule; those stay where there is none.
        template: Option<Template>,
        /// Only records of these kinds, but all that tells of them; every kind where there is none.
        kinds: Vec<Kind>,
    },
}

/// How often what has been met in a text.
#[derive(Default)]
struct Numbers {
    of_record: HashMap<u32, usize>,
    of_kind: HashMap<Kind, usize>,
}

impl Numbers {
    /// The number of an annotation's record among those of its kind.
    fn of(&mut self, annotation: &Annotation<'_>) -> usize {
        let kind = self.of_kind.entry(annotation.record.kind()).or_default();
        *self.of_record.entry(annotation.record.index()).or_insert_with(|| {
            *kind += 1;
            *kind
        })
    }
}

impl Rewriting {
    pub(super) fn new(args: &Annotate, gazetteer: &Gazetteer) -> Result<Rewriting> {
        let rules = args.map.as_deref().map(|path| Rules::read(path, gazetteer)).transpose()?;
        let usual = match (&rules, args.anonymize.is_empty()) {
            (_, false) => Some("[{kind} {number}]"),
            (None, true) => Some("{name}"),
            (Some(_), true) => None,
        };
        let template = args.template.as_deref().or(usual);
        let template = template.map(|t| Template::parse(t, &"--template")).transpose()?;
        Ok(Rewriting::Replace { rules, template, kinds: args.anonymize.clone() })
    }

    /// One text, in the record it came in.
    pub(super) fn rewrite(
        &self,
        text: &Annotated<'_>,
        prose: Option<&Prose<'_>>,
        stands: &Stands<'_>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let mut edits = self.edits(text, prose);
        match stands {
            Stands::Itself(bytes) => {
                if let Some(prose) = prose {
                    prose.declare(&mut edits);
                }
                splice(text, &edits, bytes, out);
            }
            Stands::String(record, span) | Stands::Cell(record, span, _) => {
                out.extend(record.get(..span.start).unwrap_or_default());
                let old = record.get(span.clone()).unwrap_or_default();
                let mut new = Vec::new();
                splice(text, &edits, text.text.as_bytes(), &mut new);
                match stands {
                    // A text without names stays as it is written.
                    _ if new == text.text.as_bytes() => out.extend(old),
                    Stands::Cell(.., style) => style.write(&String::from_utf8_lossy(&new), old, out),
                    _ => serde_json::to_writer(&mut *out, &String::from_utf8_lossy(&new))?,
                }
                out.extend(record.get(span.end..).unwrap_or_default());
            }
        }
        Ok(())
    }

    /// What is written instead of what, in the order of the text. Annotations are those of what is read.
    fn edits(&self, text: &Annotated<'_>, prose: Option<&Prose<'_>>) -> Vec<Edit> {
        let read = prose.map_or(text.text, |prose| &prose.text);
        let (mut edits, mut numbers, mut at) = (Vec::new(), Numbers::default(), 0);
        for annotation in text.annotations.iter().filter(|a| self.touches(a)) {
            if annotation.start < at {
                continue;
            }
            let called = text.name_of(annotation.record);
            let Rewriting::Replace { rules, template, .. } = self else {
                if let Some(prose) = prose {
                    prose.mark(annotation, &called, &mut edits);
                }
                at = annotation.end;
                continue;
            };
            let written = read.get(annotation.start..annotation.end).unwrap_or_default();
            let rule = rules.as_ref().and_then(|rules| rules.of(annotation, written));
            // The people of a place (`Armenian`) have no name that could stand there.
            let rest = template.as_ref().filter(|_| self.anonymizes() || annotation.role != Role::Demonym);
            let Some(template) = rule.or(rest) else { continue };
            let facts = Facts {
                record: annotation.record,
                label: called,
                name: annotation.name,
                score: (f64::from(annotation.score) * 1e4).round() / 1e4,
                status: "",
                text: written,
                role: annotation.role.as_str(),
                number: numbers.of(annotation),
            };
            let (span, new) = (annotation.start..annotation.end, template.fill(&facts));
            match prose {
                None => edits.push((span, new)),
                Some(prose) => prose.replace(span, &new, &mut edits),
            }
            at = annotation.end;
        }
        edits
    }

    fn anonymizes(&self) -> bool {
        matches!(self, Rewriting::Replace { kinds, .. } if !kinds.is_empty())
    }

    /// Whether anything is done with a name. Names inside bigger ones stay, unless they tell what is to be hidden.
    fn touches(&self, annotation: &Annotation<'_>) -> bool {
        match self {
            Rewriting::Replace { kinds, .. } if !kinds.is_empty() => {
                kinds.contains(&annotation.record.kind())
            }
            _ => annotation.role != Role::Embedded,
        }
    }
}

/// The bytes a text was made of, with the edits made.
fn splice(text: &Annotated<'_>, edits: &[Edit], bytes: &[u8], out: &mut Vec<u8>) {
    let mut counter = Counter::of(text, Offsets::Byte);
    let mut at = 0;
    for (span, new) in edits {
        let (start, end) = (counter.at(span.start), counter.at(span.end));
        out.extend(bytes.get(at..start).unwrap_or_default());
        out.extend(new.as_bytes());
        at = end;
    }
    out.extend(bytes.get(at..).unwrap_or_default());
}

/// What stands in the place of a name: text and fields in braces; `{{` and `}}` are braces.
#[derive(Debug)]
pub(super) struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, PartialEq)]
enum Part {
    Text(String),
    Field(Field),
}

impl Template {
    /// Read it as it was typed; `place` is where.
    pub(super) fn parse(template: &str, place: &dyn Display) -> Result<Template> {
        let (mut parts, mut text, mut rest) = (Vec::new(), String::new(), template);
        while let Some(at) = rest.find(['{', '}']) {
            let (before, behind) = rest.split_at(at);
            text.push_str(before);
            if behind.starts_with("{{") || behind.starts_with("}}") {
                text.push_str(behind.get(..1).unwrap_or_default());
                rest = behind.get(2..).unwrap_or_default();
                continue;
            }
            let Some((field, after)) = behind.strip_prefix('{').and_then(|b| b.split_once('}')) else {
                bail!(
                    "{place} is {template:?}: a brace has no other; write {{{{ and }}}} for braces themselves"
                );
            };
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut text)));
            }
            parts.push(Part::Field(Field::parse(field, &place.to_string(), Place::Text)?));
            rest = after;
        }
        text.push_str(rest);
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Ok(Template { parts })
    }

    fn fill(&self, facts: &Facts<'_, '_>) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Field(field) => {
                    let value = cell(field.value(facts));
                    // A name is always there, if not in the language asked for.
                    let named = matches!(field, Field::NameIn(_)) && value.is_empty();
                    out.push_str(if named { &facts.label } else { &value });
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_text_and_fields() {
        let parts = |template| Template::parse(template, &"--template").unwrap().parts;
        let text = |text: &str| Part::Text(text.to_owned());
        assert_eq!(
            parts("<{name}> [{{{id}}}]"),
            [text("<"), Part::Field(Field::Name), text("> [{"), Part::Field(Field::Id), text("}]")]
        );
        assert_eq!(parts(""), []);
        for (template, message) in [
            ("{name", "--template is \"{name\": a brace has no other; write {{ and }} for braces themselves"),
            ("a}", "--template is \"a}\": a brace has no other; write {{ and }} for braces themselves"),
        ] {
            assert_eq!(Template::parse(template, &"--template").unwrap_err().to_string(), message);
        }
    }
}
