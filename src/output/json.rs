//! One JSON array of the documents of `jsonl`.

use std::io;

use super::jsonl::{Document, Line};
use super::{Annotated, Format, Offsets};

/// Writes an array with an object per text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json {
    /// What `start` and `end` count.
    pub offsets: Offsets,
}

impl Format for Json {
    fn head(&self, out: &mut Vec<u8>) -> io::Result<()> {
        out.extend(b"[\n");
        Ok(())
    }

    fn text(&self, text: &Annotated<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        let document = Document::of(text, self.offsets);
        Ok(serde_json::to_writer(out, &Line { id: text.id, date: text.date, document })?)
    }

    fn between(&self) -> &'static str {
        ",\n"
    }

    fn tail(&self) -> &'static str {
        "\n]\n"
    }
}
