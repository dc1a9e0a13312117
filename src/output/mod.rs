//! Annotations → bytes: one file per format; `docs/formats-output.md` tells the shape of each.
//!
//! Offsets are counted here: inside the library they are always bytes.
//!
//! ```
//! # use exonym::{Annotator, Gazetteer, GazetteerBuilder, Record, record::Name};
//! use exonym::output::{Annotated, Format, conll::Conll, tei::Tei};
//! # let mut builder = GazetteerBuilder::new();
//! # let mut almaty = Record::new("gn:1526384".parse()?);
//! # almaty.feature = Some("P.PPLA".parse()?);
//! # almaty.population = Some(2_000_000);
//! # almaty.names = vec![Name::new("Almaty", "en"), Name::new("Алматы", "kk")];
//! # builder.add(almaty, None)?;
//! # let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
//!
//! let text = "Talks in Almaty.";
//! let found = Annotator::new(&gazetteer).annotate(text);
//! let annotated = Annotated::new(text, &found);
//!
//! let mut words = Vec::new();
//! Conll.text(&annotated, &mut words)?;
//! assert!(String::from_utf8(words)?.contains("in\tO\t_\nAlmaty\tB-place\tgn:1526384\n"));
//!
//! let mut page = Vec::new();
//! Tei.head(&mut page)?;
//! Tei.text(&annotated, &mut page)?;
//! page.extend(Tei.tail().as_bytes());
//! assert!(String::from_utf8(page)?.contains("ref=\"https://sws.geonames.org/1526384/\""));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod brat;
pub mod conll;
pub mod delimited;
pub mod geojson;
pub mod html;
pub mod json;
pub mod jsonl;
mod links;
mod map;
pub mod mentions;
pub mod spacy;
pub mod tei;
pub mod web_annotation;
mod words;
mod xml;

use std::borrow::Cow;
use std::io;
use std::str::FromStr;

use serde_json::value::RawValue;

use crate::error::{Error, Result};
use crate::gazetteer::{LabelOptions, RecordRef};
use crate::record::Date;
use crate::resolve::Annotation;

pub use links::link;

/// A text with what was found in it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Annotated<'a> {
    /// Carried over from the input, as it is written there.
    pub id: Option<&'a RawValue>,
    /// The text's date, carried over likewise.
    pub date: Option<&'a RawValue>,
    /// The text's language, as given.
    pub lang: Option<&'a str>,
    /// The text.
    pub text: &'a str,
    /// What was found in it, in its order.
    pub annotations: &'a [Annotation<'a>],
    /// How records are called; by their canonical names if nothing is said.
    pub labels: Option<&'a LabelOptions>,
    /// The date by which names are valid or not, if one was asked for.
    pub as_of: Option<&'a Date>,
    /// Where bytes of the input were replaced to make the text: for each place the byte behind it in the text and in the input.
    pub replaced: &'a [(usize, usize)],
}

impl<'a> Annotated<'a> {
    /// A text with its annotations, which must be in its order.
    pub fn new(text: &'a str, annotations: &'a [Annotation<'a>]) -> Annotated<'a> {
        Annotated {
            id: None,
            date: None,
            lang: None,
            text,
            annotations,
            labels: None,
            as_of: None,
            replaced: &[],
        }
    }

    /// The id as a word: a string without its quotes, anything else as it is written; empty if there is none.
    pub fn label(&self) -> Cow<'a, str> {
        match self.id.map(RawValue::get) {
            Some(id) if id.starts_with('"') => serde_json::from_str(id).map_or(Cow::Borrowed(id), Cow::Owned),
            Some(id) => Cow::Borrowed(id),
            None => Cow::Borrowed(""),
        }
    }

    /// What a record is called in all that is written of the text.
    pub fn name_of(&self, record: RecordRef<'a>) -> Cow<'a, str> {
        self.labels.map_or(Cow::Borrowed(record.name().text()), |labels| record.label(labels))
    }

    /// The annotations that share no text with one before them, for formats whose spans stand side by side.
    ///
    /// ```
    /// use exonym::output::Annotated;
    ///
    /// assert_eq!(Annotated::new("nothing here", &[]).apart().count(), 0);
    /// ```
    pub fn apart(&self) -> impl Iterator<Item = &'a Annotation<'a>> + use<'a> {
        let mut end = 0;
        self.annotations.iter().filter(move |a| {
            let apart = a.start >= end;
            if apart {
                end = a.end;
            }
            apart
        })
    }

    /// The text of an annotation.
    fn slice(&self, annotation: &Annotation<'_>) -> &'a str {
        self.text.get(annotation.start..annotation.end).unwrap_or_default()
    }
}

/// A format. Each text is written by itself, so that several threads can write at once; a caller puts the parts together:
/// [`head`](Format::head), then what the texts gave with [`between`](Format::between) between those that gave anything, then
/// [`tail`](Format::tail).
///
/// ```
/// use exonym::output::{Annotated, Format, Offsets, delimited::Delimited};
///
/// let mut out = Vec::new();
/// let csv = Delimited::csv(Offsets::Char);
/// csv.head(&mut out)?;
/// csv.text(&Annotated::new("nothing here", &[]), &mut out)?;
/// assert!(out.starts_with(b"document,start,end,text,role,score,id,name,"));
/// # Ok::<(), std::io::Error>(())
/// ```
pub trait Format: Send + Sync {
    /// What stands before the first text.
    ///
    /// # Errors
    ///
    /// None, as long as there is memory.
    fn head(&self, _out: &mut Vec<u8>) -> io::Result<()> {
        Ok(())
    }

    /// One text.
    ///
    /// # Errors
    ///
    /// None, as long as there is memory.
    fn text(&self, text: &Annotated<'_>, out: &mut Vec<u8>) -> io::Result<()>;

    /// What stands between two texts.
    fn between(&self) -> &'static str {
        ""
    }

    /// What stands behind the last text.
    fn tail(&self) -> &'static str {
        ""
    }

    /// Whether the format holds one text and no more.
    fn holds_one(&self) -> bool {
        false
    }
}

/// A number as tables and tools want it, with so many digits behind the point.
fn round(value: f64, digits: i32) -> f64 {
    let scale = 10f64.powi(digits);
    (value * scale).round() / scale
}

/// What `start` and `end` count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Offsets {
    /// Unicode code points, as Python and most tools count.
    #[default]
    Char,
    /// UTF-8 bytes, as Rust, Go and the shell count.
    Byte,
    /// UTF-16 units, as JavaScript, Java and C# count.
    Utf16,
}

impl Offsets {
    /// The word used on the command line and in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Offsets::Char => "char",
            Offsets::Byte => "byte",
            Offsets::Utf16 => "utf16",
        }
    }

    fn of(self, stretch: &str) -> usize {
        match self {
            Offsets::Char => stretch.chars().count(),
            Offsets::Byte => stretch.len(),
            Offsets::Utf16 => stretch.chars().map(char::len_utf16).sum(),
        }
    }
}

impl FromStr for Offsets {
    type Err = Error;

    fn from_str(text: &str) -> Result<Offsets> {
        match text {
            "char" => Ok(Offsets::Char),
            "byte" => Ok(Offsets::Byte),
            "utf16" => Ok(Offsets::Utf16),
            _ => Err(Error::usage(format!("offsets are {text:?}, expected char, byte or utf16"))),
        }
    }
}

/// Turns ascending byte offsets into another unit, in one pass over the text.
#[derive(Clone, Debug)]
pub struct Counter<'t> {
    text: &'t str,
    unit: Offsets,
    replaced: &'t [(usize, usize)],
    byte: usize,
    count: usize,
}

impl<'t> Counter<'t> {
    /// A counter at the start of a text.
    pub fn new(text: &'t str, unit: Offsets) -> Counter<'t> {
        Counter { text, unit, replaced: &[], byte: 0, count: 0 }
    }

    /// A counter for a text of which bytes were replaced: bytes are those of the input.
    pub fn of(text: &Annotated<'t>, unit: Offsets) -> Counter<'t> {
        Counter { replaced: text.replaced, ..Counter::new(text.text, unit) }
    }

    /// The offset of a byte. Bytes asked for in ascending order cost one pass together; going back starts again.
    pub fn at(&mut self, byte: usize) -> usize {
        if self.unit == Offsets::Byte {
            let behind = self.replaced.partition_point(|(text, _)| *text <= byte);
            let last = behind.checked_sub(1).and_then(|last| self.replaced.get(last));
            return last.map_or(byte, |(text, input)| input + (byte - text));
        }
        if byte < self.byte {
            (self.byte, self.count) = (0, 0);
        }
        if let Some(stretch) = self.text.get(self.byte..byte) {
            self.count += self.unit.of(stretch);
            self.byte = byte;
        }
        self.count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_units() {
        let text = "İ👩 Баку";
        let at = text.find("Баку").unwrap();
        assert_eq!(Counter::new(text, Offsets::Byte).at(at), at);
        assert_eq!(Counter::new(text, Offsets::Char).at(at), 3);
        assert_eq!(Counter::new(text, Offsets::Utf16).at(at), 4);
    }

    #[test]
    fn going_back_starts_again() {
        let mut counter = Counter::new("ааб", Offsets::Char);
        assert_eq!((counter.at(4), counter.at(2), counter.at(6)), (2, 1, 3));
    }
}
