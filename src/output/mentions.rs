//! One JSON object per mention, with the text around it: for `jq`, `grep` and tables of examples.

use std::io;

use serde::Serialize;
use serde_json::value::RawValue;

use super::jsonl::{Document, Mention};
use super::{Annotated, Format, Offsets};

/// So many characters of the text are given on either side.
const AROUND: usize = 60;

/// Writes a line per mention.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mentions {
    /// What `start` and `end` count.
    pub offsets: Offsets,
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lang: Option<&'a str>,
    offsets: &'static str,
    before: &'a str,
    after: &'a str,
    #[serde(flatten)]
    mention: Mention<'a>,
}

impl Format for Mentions {
    fn text(&self, text: &Annotated<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        let document = Document::of(text, self.offsets);
        for (annotation, mention) in text.annotations.iter().zip(document.annotations) {
            let (before, after) = around(text.text, annotation.start, annotation.end, AROUND);
            let line = Line {
                document: text.id,
                date: text.date,
                lang: text.lang,
                offsets: self.offsets.as_str(),
                before,
                after,
                mention,
            };
            serde_json::to_writer(&mut *out, &line)?;
            out.push(b'\n');
        }
        Ok(())
    }
}

/// Up to so many characters before and behind a span, exactly as they stand there.
pub(super) fn around(text: &str, start: usize, end: usize, most: usize) -> (&str, &str) {
    let (before, after) = (text.get(..start).unwrap_or_default(), text.get(end..).unwrap_or_default());
    let from = before.char_indices().rev().take(most).last().map_or(start, |(at, _)| at);
    let to = after.char_indices().nth(most).map_or(after.len(), |(at, _)| at);
    (before.get(from..).unwrap_or_default(), after.get(..to).unwrap_or_default())
}
