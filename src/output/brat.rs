//! brat standoff: the `.ann` file beside a `.txt` file, with the record of each mention as a normalization.

use std::io::{self, Write};

use crate::record::Kind;

use super::{Annotated, Counter, Format, Offsets, round};

/// Writes the `.ann` of one text. Offsets count code points, as brat does.
#[derive(Clone, Copy, Debug, Default)]
pub struct Brat;

impl Format for Brat {
    fn text(&self, text: &Annotated<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        let mut counter = Counter::new(text.text, Offsets::Char);
        for (i, annotation) in text.annotations.iter().enumerate() {
            let n = i + 1;
            let kind = match annotation.record.kind() {
                Kind::Place => "Place",
                Kind::State => "State",
                Kind::Organization => "Organization",
                Kind::Person => "Person",
                Kind::Document => "Document",
                Kind::Event => "Event",
            };
            write!(out, "T{n}\t{kind} ")?;
            // A span must not hold a line end: brat takes the parts of it.
            let parts = lines(text.slice(annotation), annotation.start);
            for (j, (start, part)) in parts.iter().enumerate() {
                let (start, end) = (counter.at(*start), counter.at(start + part.len()));
                write!(out, "{}{start} {end}", if j > 0 { ";" } else { "" })?;
            }
            let parts: Vec<&str> = parts.iter().map(|(_, part)| *part).collect();
            writeln!(out, "\t{}", parts.join(" "))?;
            writeln!(out, "A{n}\tRole T{n} {}", annotation.role)?;
            writeln!(
                out,
                "N{n}\tReference T{n} {}\t{}",
                annotation.record.id(),
                text.name_of(annotation.record)
            )?;
            write!(out, "#{n}\tAnnotatorNotes T{n}\tscore {}", round(f64::from(annotation.score), 4))?;
            for reason in &annotation.reasons {
                write!(out, "; {:+.2} {}", reason.weight, reason.text.replace(['\t', '\r', '\n'], " "))?;
            }
            out.push(b'\n');
        }
        Ok(())
    }

    fn holds_one(&self) -> bool {
        true
    }
}

/// The parts of a span between its line ends, each with the byte where it begins.
fn lines(span: &str, start: usize) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let mut at = start;
    for part in span.split(['\r', '\n']) {
        if !part.is_empty() {
            parts.push((at, part));
        }
        at += part.len() + 1;
    }
    parts
}
