//! What can be typed behind `exonym annotate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::args::{GazetteerArgs, Hints};

#[derive(Args)]
pub(crate) struct Annotate {
    /// Files to read; standard input if none or `-`.
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What the input is.
    #[arg(long, value_enum, default_value_t = InputKind::Text)]
    pub(crate) input: InputKind,
    /// How to write; text on a terminal, jsonl otherwise.
    #[arg(long, value_enum)]
    pub(crate) format: Option<AnnotateFormat>,
    /// What start and end count.
    #[arg(long, value_enum, default_value_t = OffsetKind::Char)]
    pub(crate) offsets: OffsetKind,
    /// Leave out the header line of csv and tsv.
    #[arg(long)]
    pub(crate) no_header: bool,
    /// Give names inside bigger names too, with role `embedded`.
    #[arg(long)]
    pub(crate) all: bool,
    /// Give up to N runners-up with each annotation.
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "5")]
    pub(crate) candidates: Option<usize>,
    /// Give the reasons for each choice.
    #[arg(long)]
    pub(crate) explain: bool,
    /// Least probability of being a name, 0 to 1.
    #[arg(long, value_name = "P")]
    pub(crate) min_score: Option<f32>,
    /// Find names only as they are written in the gazetteer.
    #[arg(long)]
    pub(crate) no_inflect: bool,
    /// Refuse input that is not UTF-8 instead of replacing what is wrong.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Pass over lines of jsonl that are not as they should be, and count them.
    #[arg(long)]
    pub(crate) skip_bad: bool,
    /// Write to a file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) hints: Hints,
    #[command(flatten)]
    pub(crate) gazetteer: GazetteerArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputKind {
    /// Each file is one text.
    Text,
    /// Each line is one text, with its number as id (FILE:LINE if there are several files).
    Lines,
    /// Each line is {"id":…,"text":…,"lang":…?}.
    Jsonl,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnnotateFormat {
    /// One JSON object per text.
    Jsonl,
    /// One JSON object per mention, with the text around it.
    JsonlMentions,
    /// One JSON array of all texts.
    Json,
    /// Comma-separated, a row per mention.
    Csv,
    /// Tab-separated, a row per mention.
    Tsv,
    /// One GeoJSON collection, a feature per mention.
    Geojson,
    /// A GeoJSON feature per line.
    Ndgeojson,
    /// A page to read, with a map.
    Html,
    /// The .ann file of brat, for one text.
    Brat,
    /// A word per line with IOB2 tag and id.
    Conll,
    /// JSON-LD by the W3C Web Annotation model.
    Webannotation,
    /// The JSON of spaCy, a text per line.
    Spacy,
    /// TEI P5 XML.
    Tei,
    /// The text with ids behind the names.
    Text,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OffsetKind {
    /// Unicode code points.
    Char,
    /// Bytes of the input; with jsonl, of the string `text`.
    Byte,
    /// UTF-16 units.
    Utf16,
}
