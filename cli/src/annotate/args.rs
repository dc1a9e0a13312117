//! What can be typed behind `exonym annotate`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use exonym::record::Kind;

use crate::args::{GazetteerArgs, Hints, Naming, kind};
use crate::input::args::InputArgs;
use crate::markup::Markup;

#[derive(Args)]
pub(crate) struct Annotate {
    #[command(flatten)]
    pub(crate) inputs: InputArgs,
    /// What the input is; if not given, what --field or --column is for, else what the name of each file says: html, xml or
    /// markdown, or else text.
    #[arg(long, value_enum)]
    pub(crate) input: Option<InputKind>,
    /// How to write; text on a terminal, jsonl otherwise.
    #[arg(long, value_enum)]
    pub(crate) format: Option<AnnotateFormat>,
    /// What start and end count.
    #[arg(long, value_enum, default_value_t = OffsetKind::Char)]
    pub(crate) offsets: OffsetKind,
    /// Write the texts with their names rewritten, and all else as it came.
    #[arg(long, conflicts_with_all = ["format", "count", "summary"], help_heading = "Other results")]
    pub(crate) replace: bool,
    /// What to write in the place of a name, with fields in braces, such as '{name} [{id}]'.
    #[arg(long, value_name = "TEMPLATE", requires = "replace", help_heading = "Other results")]
    pub(crate) template: Option<String>,
    /// A table of an id or a name, and what to write for it (a template); names without a rule stay, unless --template is given.
    #[arg(long, value_name = "FILE", requires = "replace", help_heading = "Other results")]
    pub(crate) map: Option<PathBuf>,
    /// Write '[person 1]', or what --template says, for all that names records of these kinds, and leave all other names.
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = kind(), requires = "replace", help_heading = "Other results")]
    pub(crate) anonymize: Vec<Kind>,
    /// Write the texts with their names marked: by span in HTML, name in XML, links in Markdown.
    #[arg(long, conflicts_with_all = ["format", "count", "summary", "replace"], help_heading = "Other results")]
    pub(crate) mark: bool,
    /// Write how many names each text has.
    #[arg(long, conflicts_with_all = ["format", "summary"], help_heading = "Other results")]
    pub(crate) count: bool,
    /// Write how often each kind, country and record is named in all texts together.
    #[arg(long, conflicts_with = "format", help_heading = "Other results")]
    pub(crate) summary: bool,
    /// There is no header line in csv and tsv: none is written, and columns of the input go by number.
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
    #[arg(long, value_name = "P", conflicts_with = "precision")]
    pub(crate) min_score: Option<f32>,
    /// Whether to give only what is sure, or all that may be a name.
    #[arg(long, value_enum, default_value_t = PrecisionKind::Balanced)]
    pub(crate) precision: PrecisionKind,
    /// Find names only as they are written in the gazetteer.
    #[arg(long)]
    pub(crate) no_inflect: bool,
    /// Pass over lines of jsonl that are not as they should be, and count them.
    #[arg(long)]
    pub(crate) skip_bad: bool,
    /// Write to a file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) hints: Hints,
    #[command(flatten)]
    pub(crate) naming: Naming,
    #[command(flatten)]
    pub(crate) gazetteer: GazetteerArgs,
    // Its heading holds for all that comes behind it.
    #[command(flatten)]
    pub(crate) texts: Texts,
}

/// Where in objects and tables the texts are. Columns are given by name, or by number from 1.
#[derive(Args)]
#[command(next_help_heading = "Texts in tables and objects")]
pub(crate) struct Texts {
    /// The field with the text (jsonl), such as .body or .page.text.
    #[arg(long, value_name = "PATH", conflicts_with = "column")]
    pub(crate) field: Option<String>,
    /// The column with the text (csv, tsv).
    #[arg(short, long, value_name = "COLUMN")]
    pub(crate) column: Option<String>,
    /// How the texts are marked up, such as html in a field or column.
    #[arg(long, value_enum)]
    pub(crate) markup: Option<Markup>,
    /// The column with the id of the text.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) id_column: Option<String>,
    /// The column with the language of the text.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) lang_column: Option<String>,
    /// The column with the date of the text, taken as by --as-of.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) date_column: Option<String>,
    /// What stands between cells, such as `;`; otherwise a comma, or a tab in tsv.
    #[arg(long, value_name = "CHAR")]
    pub(crate) delimiter: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum InputKind {
    /// Each file is one text.
    Text,
    /// Each file is a page of HTML.
    Html,
    /// Each file is an XML document.
    Xml,
    /// Each file is Markdown.
    Markdown,
    /// Each line is one text, with its number as id (FILE:LINE if there are several files).
    Lines,
    /// Each line is {"id":…,"text":…,"lang":…?,"date":…?}.
    Jsonl,
    /// A cell of each row is one text; comma-separated, or by --delimiter.
    Csv,
    /// The same, tab-separated; a line is a row.
    Tsv,
}

/// Least scores; docs/accuracy.md has what each gives on corpora left out of training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PrecisionKind {
    /// Few wrong ones: --min-score 0.6.
    High,
    /// As many wrong ones as missed ones: --min-score 0.2.
    Balanced,
    /// Few missed ones: --min-score 0.05.
    Recall,
}

impl PrecisionKind {
    pub(crate) fn min_score(self) -> f32 {
        match self {
            PrecisionKind::High => 0.6,
            PrecisionKind::Balanced => 0.2,
            PrecisionKind::Recall => 0.05,
        }
    }
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
