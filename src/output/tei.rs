//! TEI P5: the text with its names marked, for editions and the tools around them.

use std::io::{self, Write};

use crate::record::Kind;
use crate::resolve::{Annotation, Role};

use super::xml::{escape, escaped};
use super::{Annotated, Format, links, round};

/// Writes one TEI document with a `div` per text and a `p` per paragraph (parted by empty lines).
#[derive(Clone, Copy, Debug, Default)]
pub struct Tei;

impl Format for Tei {
    fn head(&self, out: &mut Vec<u8>) -> io::Result<()> {
        write!(
            out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<TEI xmlns=\"http://www.tei-c.org/ns/1.0\">\n<teiHeader><fileDesc>\n\
             <titleStmt><title>Texts with their names</title></titleStmt>\n\
             <publicationStmt><p>Unpublished.</p></publicationStmt>\n\
             <sourceDesc><p>Names marked by exonym {}.</p></sourceDesc>\n</fileDesc></teiHeader>\n<text><body>\n",
            env!("CARGO_PKG_VERSION")
        )
    }

    fn text(&self, text: &Annotated<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        out.extend(b"<div");
        let label = text.label();
        if !label.is_empty() {
            // `n` is one word.
            let n: String = label.split_whitespace().collect::<Vec<_>>().join("_");
            write!(out, " n=\"{}\"", escaped(&n))?;
        }
        if let Some(lang) = text.lang {
            write!(out, " xml:lang=\"{}\"", escaped(lang))?;
        }
        out.extend(b"><p>");
        let mut at = 0;
        for annotation in text.apart() {
            plain(text.text.get(at..annotation.start).unwrap_or_default(), out);
            name(text, annotation, out)?;
            at = annotation.end;
        }
        plain(text.text.get(at..).unwrap_or_default(), out);
        out.extend(b"</p></div>\n");
        Ok(())
    }

    fn tail(&self) -> &'static str {
        "</body></text>\n</TEI>\n"
    }
}

/// Text between names; empty lines end a paragraph.
fn plain(text: &str, out: &mut Vec<u8>) {
    let mut lines = text.split('\n');
    escape(lines.next().unwrap_or_default(), out);
    while let Some(line) = lines.next() {
        // The last piece is no whole line: a name may stand behind it.
        let mut ends = false;
        let mut line = line;
        while line.trim().is_empty() {
            let Some(next) = lines.next() else { break };
            (line, ends) = (next, true);
        }
        out.extend(if ends { &b"</p>\n<p>"[..] } else { b"\n" });
        escape(line, out);
    }
}

fn name(text: &Annotated<'_>, annotation: &Annotation<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    let (element, kind) = match (annotation.role, annotation.record.kind()) {
        (Role::Demonym, _) => ("rs", Some("demonym")),
        (Role::Metonym, _) => ("placeName", Some("metonym")),
        (Role::Organization, _) | (_, Kind::Organization) => ("orgName", None),
        (Role::Person, _) | (_, Kind::Person) => ("persName", None),
        (Role::Document, _) | (_, Kind::Document) => ("rs", Some("document")),
        (Role::Event, _) | (_, Kind::Event) => ("rs", Some("event")),
        (Role::Embedded, _) => ("placeName", Some("embedded")),
        (Role::Place, Kind::State) => ("placeName", Some("state")),
        (Role::Place, Kind::Place) => ("placeName", None),
    };
    write!(out, "<{element}")?;
    if let Some(kind) = kind {
        write!(out, " type=\"{kind}\"")?;
    }
    let record = annotation.record;
    write!(
        out,
        " key=\"{}\" ref=\"{}\" cert=\"{}\">",
        escaped(&record.id().to_string()),
        escaped(&links::iri(record)),
        round(f64::from(annotation.score), 4)
    )?;
    escape(text.slice(annotation), out);
    write!(out, "</{element}>")
}
