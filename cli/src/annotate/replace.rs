//! `--replace`: the text with its names rewritten, and everything else as it came.

use anyhow::{Result, bail};
use exonym::output::{Annotated, Counter, Offsets};
use exonym::resolve::Role;

use super::documents::Stands;
use crate::fields::{Facts, Field, Place, cell};

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
    pub(super) fn parse(template: &str) -> Result<Template> {
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
                    "--template is {template:?}: a brace has no other; write {{{{ and }}}} for braces themselves"
                );
            };
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut text)));
            }
            parts.push(Part::Field(Field::parse(field, "--template", Place::Text)?));
            rest = after;
        }
        text.push_str(rest);
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Ok(Template { parts })
    }

    fn write(&self, facts: &Facts<'_, '_>, out: &mut Vec<u8>) {
        for part in &self.parts {
            match part {
                Part::Text(text) => out.extend(text.as_bytes()),
                Part::Field(field) => {
                    let value = cell(field.value(facts));
                    // A name is always there, if not in the language asked for.
                    let named = matches!(field, Field::NameIn(_)) && value.is_empty();
                    out.extend(if named { facts.label.as_bytes() } else { value.as_bytes() });
                }
            }
        }
    }

    /// One text, in the record it came in. Its people (`Armenian`) and names inside bigger ones stay.
    pub(super) fn rewrite(&self, text: &Annotated<'_>, stands: &Stands<'_>, out: &mut Vec<u8>) -> Result<()> {
        match stands {
            Stands::Itself(bytes) => self.names(text, bytes, out),
            Stands::String(object, span) => {
                let mut new = Vec::new();
                self.names(text, text.text.as_bytes(), &mut new);
                out.extend(object.get(..span.start).unwrap_or_default());
                // A string without names stays as it is written.
                if new == text.text.as_bytes() {
                    out.extend(object.get(span.clone()).unwrap_or_default());
                } else {
                    serde_json::to_writer(&mut *out, &String::from_utf8_lossy(&new))?;
                }
                out.extend(object.get(span.end..).unwrap_or_default());
            }
            Stands::Cell(row, span, style) => {
                let mut new = Vec::new();
                self.names(text, text.text.as_bytes(), &mut new);
                let old = row.get(span.clone()).unwrap_or_default();
                out.extend(row.get(..span.start).unwrap_or_default());
                if new == text.text.as_bytes() {
                    out.extend(old);
                } else {
                    style.write(&String::from_utf8_lossy(&new), old, out);
                }
                out.extend(row.get(span.end..).unwrap_or_default());
            }
        }
        Ok(())
    }

    /// The bytes the text was made of, with the names rewritten.
    fn names(&self, text: &Annotated<'_>, bytes: &[u8], out: &mut Vec<u8>) {
        let mut counter = Counter::of(text, Offsets::Byte);
        let mut at = 0;
        for annotation in text.apart().filter(|a| !matches!(a.role, Role::Demonym | Role::Embedded)) {
            let (start, end) = (counter.at(annotation.start), counter.at(annotation.end));
            out.extend(bytes.get(at..start).unwrap_or_default());
            let facts = Facts {
                record: annotation.record,
                label: text.name_of(annotation.record),
                name: annotation.name,
                score: (f64::from(annotation.score) * 1e4).round() / 1e4,
                status: "",
                text: text.text.get(annotation.start..annotation.end).unwrap_or_default(),
                role: annotation.role.as_str(),
            };
            self.write(&facts, out);
            at = end;
        }
        out.extend(bytes.get(at..).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_text_and_fields() {
        let parts = |template| Template::parse(template).unwrap().parts;
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
            assert_eq!(Template::parse(template).unwrap_err().to_string(), message);
        }
    }
}
