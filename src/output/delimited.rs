//! Tables: a row per mention, comma- or tab-separated.

use std::borrow::Cow;
use std::io;

use super::jsonl::Document;
use super::{Annotated, Format, Offsets};

/// The columns, in their order. Further ones may be added behind them.
pub const COLUMNS: [&str; 18] = [
    "document",
    "start",
    "end",
    "text",
    "role",
    "score",
    "id",
    "name",
    "kind",
    "feature",
    "country",
    "lat",
    "lon",
    "population",
    "same_as",
    "used_name",
    "used_lang",
    "used_kind",
];

/// Writes a header and a row per mention.
#[derive(Clone, Copy, Debug)]
pub struct Delimited {
    offsets: Offsets,
    tabs: bool,
    header: bool,
}

impl Delimited {
    /// Comma-separated, quoted where needed.
    pub fn csv(offsets: Offsets) -> Delimited {
        Delimited { offsets, tabs: false, header: true }
    }

    /// Tab-separated; tabs and line ends in a field become spaces, and nothing is quoted.
    pub fn tsv(offsets: Offsets) -> Delimited {
        Delimited { offsets, tabs: true, header: true }
    }

    /// Whether to write the names of the columns first. On by default.
    #[must_use]
    pub fn header(mut self, yes: bool) -> Delimited {
        self.header = yes;
        self
    }

    fn row(self, fields: &[Cow<'_, str>], out: &mut Vec<u8>) -> io::Result<()> {
        if !self.tabs {
            let mut writer = csv::Writer::from_writer(out);
            writer.write_record(fields.iter().map(|f| f.as_bytes()))?;
            return writer.flush();
        }
        for (i, field) in fields.iter().enumerate() {
            if i > 0 {
                out.push(b'\t');
            }
            out.extend(field.bytes().map(|b| if matches!(b, b'\t' | b'\n' | b'\r') { b' ' } else { b }));
        }
        out.push(b'\n');
        Ok(())
    }
}

impl Format for Delimited {
    fn head(&self, out: &mut Vec<u8>) -> io::Result<()> {
        if self.header { self.row(&COLUMNS.map(Cow::Borrowed), out) } else { Ok(()) }
    }

    fn text(&self, text: &Annotated<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        let label = text.label();
        for mention in Document::of(text, self.offsets).annotations {
            let (entity, name) = (mention.entity, mention.name);
            let fields: [Cow<'_, str>; COLUMNS.len()] = [
                Cow::Borrowed(&label),
                mention.start.to_string().into(),
                mention.end.to_string().into(),
                mention.text.into(),
                mention.role.into(),
                mention.score.to_string().into(),
                entity.id.into(),
                entity.name,
                entity.kind.into(),
                entity.feature.unwrap_or_default().into(),
                entity.country.unwrap_or_default().into(),
                number(entity.lat),
                number(entity.lon),
                number(entity.population),
                entity.same_as.join(" ").into(),
                name.text.into(),
                name.lang.into(),
                name.kind.into(),
            ];
            self.row(&fields, out)?;
        }
        Ok(())
    }
}

fn number<N: ToString>(number: Option<N>) -> Cow<'static, str> {
    number.map(|n| n.to_string()).unwrap_or_default().into()
}
