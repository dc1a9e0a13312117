//! The W3C Web Annotation Data Model: JSON-LD, one `AnnotationPage` with an annotation per mention.

use std::borrow::Cow;
use std::io;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Serialize;

use super::mentions::around;
use super::{Annotated, Counter, Format, Offsets, links};

/// So many characters of prefix and suffix find a quotation again in a changed text.
const AROUND: usize = 32;

/// What must not stand in an IRI.
const NOT_IRI: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b'#')
    .add(b'%');

/// Writes one page. Positions count code points, as the model has it.
#[derive(Clone, Copy, Debug, Default)]
pub struct WebAnnotation;

#[derive(Serialize)]
struct Item<'a> {
    id: String,
    r#type: &'static str,
    motivation: &'static str,
    body: [Body<'a>; 1],
    target: Target<'a>,
}

#[derive(Serialize)]
struct Body<'a> {
    r#type: &'static str,
    purpose: &'static str,
    source: String,
    label: Cow<'a, str>,
}

#[derive(Serialize)]
struct Target<'a> {
    source: &'a str,
    selector: [Selector<'a>; 2],
}

#[derive(Serialize)]
#[serde(tag = "type")]
enum Selector<'a> {
    TextPositionSelector { start: usize, end: usize },
    TextQuoteSelector { exact: &'a str, prefix: &'a str, suffix: &'a str },
}

impl Format for WebAnnotation {
    fn head(&self, out: &mut Vec<u8>) -> io::Result<()> {
        out.extend(
            b"{\"@context\":[\"http://www.w3.org/ns/anno.jsonld\",{\"label\":\"http://www.w3.org/2000/01/rdf-schema#label\"}],\
              \"id\":\"annotations\",\"type\":\"AnnotationPage\",\"items\":[\n",
        );
        Ok(())
    }

    fn text(&self, text: &Annotated<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        let mut counter = Counter::new(text.text, Offsets::Char);
        let label = text.label();
        let source = if label.is_empty() {
            "text".to_owned()
        } else {
            utf8_percent_encode(&label, NOT_IRI).to_string()
        };
        for (i, annotation) in text.annotations.iter().enumerate() {
            if i > 0 {
                out.extend(self.between().as_bytes());
            }
            let (start, end) = (counter.at(annotation.start), counter.at(annotation.end));
            let (prefix, suffix) = around(text.text, annotation.start, annotation.end, AROUND);
            let item = Item {
                id: format!("{source}#{}-{start}-{end}", annotation.record.id()),
                r#type: "Annotation",
                motivation: "linking",
                body: [Body {
                    r#type: "SpecificResource",
                    purpose: "identifying",
                    source: links::iri(annotation.record),
                    label: text.name_of(annotation.record),
                }],
                target: Target {
                    source: &source,
                    selector: [
                        Selector::TextPositionSelector { start, end },
                        Selector::TextQuoteSelector { exact: text.slice(annotation), prefix, suffix },
                    ],
                },
            };
            serde_json::to_writer(&mut *out, &item)?;
        }
        Ok(())
    }

    fn between(&self) -> &'static str {
        ",\n"
    }

    fn tail(&self) -> &'static str {
        "\n]}\n"
    }
}
