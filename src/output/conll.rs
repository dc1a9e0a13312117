//! CoNLL: a word per line with its IOB2 tag and the id of the record, for taggers and their scorers.

use std::io::{self, Write};

use super::words::words;
use super::{Annotated, Format};

/// Writes word, tag and id, tab-separated; an empty line ends a line of the text, and `# newdoc` begins a text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Conll;

impl Format for Conll {
    fn text(&self, text: &Annotated<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        match text.label() {
            id if id.is_empty() => writeln!(out, "# newdoc")?,
            id => writeln!(out, "# newdoc id = {}", id.replace(['\r', '\n'], " "))?,
        }
        let mut open = false;
        for word in words(text) {
            if word.is_space() {
                // The line end in `New\nYork` is no end.
                let inside = word.mention.is_some();
                if open && !inside && word.text.contains(['\n', '\r', '\u{2028}', '\u{2029}']) {
                    out.push(b'\n');
                    open = false;
                }
                continue;
            }
            open = true;
            // Controls and format characters inside a word may be line ends to a reader.
            for c in word.text.chars() {
                write!(out, "{}", if c.is_control() { char::REPLACEMENT_CHARACTER } else { c })?;
            }
            match word.mention {
                Some(mention) => {
                    let tag = if word.first { 'B' } else { 'I' };
                    writeln!(out, "\t{tag}-{}\t{}", mention.role, mention.record.id())?;
                }
                None => out.extend(b"\tO\t_\n"),
            }
        }
        if open {
            out.push(b'\n');
        }
        Ok(())
    }
}
