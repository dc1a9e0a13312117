//! What can be typed behind `exonym normalize`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::args::{GazetteerArgs, Hints, Naming};
use crate::input::args::InputArgs;

#[derive(Args)]
pub(crate) struct Normalize {
    /// What the input is; with --column told by the file's name (else csv), without it a name per line.
    #[arg(long, value_enum)]
    pub(crate) input: Option<TableKind>,
    /// How to write a list; a table stays as it is.
    #[arg(long, value_enum)]
    pub(crate) format: Option<NormalizeFormat>,
    /// There is no header line: none is written of a list, and columns of a table go by number.
    #[arg(long)]
    pub(crate) no_header: bool,
    /// Give up to N candidates with each name (jsonl).
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "5")]
    pub(crate) candidates: Option<usize>,
    /// Exit with status 1 if a name matched nothing.
    #[arg(long)]
    pub(crate) fail_unmatched: bool,
    /// Write to a file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) inputs: InputArgs,
    #[command(flatten)]
    pub(crate) hints: Hints,
    #[command(flatten)]
    pub(crate) naming: Naming,
    #[command(flatten)]
    pub(crate) gazetteer: GazetteerArgs,
    // Its heading holds for all that comes behind it.
    #[command(flatten)]
    pub(crate) table: Table,
}

/// Columns are given by name, by number from 1, and --column also by range (`2-4`); fields of jsonl by path (`.place.name`).
#[derive(Args)]
#[command(next_help_heading = "Tables")]
pub(crate) struct Table {
    /// The column with the names; may be given several times.
    #[arg(short, long, value_name = "COLUMN")]
    pub(crate) column: Vec<String>,
    /// What stands between cells, such as `;`; otherwise a comma, or a tab in tsv.
    #[arg(long, value_name = "CHAR")]
    pub(crate) delimiter: Option<String>,
    /// The column with the country, as a code or a name.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) country_column: Option<String>,
    /// The column with the region or another bigger place.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) region_column: Option<String>,
    /// The column with the latitude.
    #[arg(long, value_name = "COLUMN", requires = "lon_column")]
    pub(crate) lat_column: Option<String>,
    /// The column with the longitude.
    #[arg(long, value_name = "COLUMN", requires = "lat_column")]
    pub(crate) lon_column: Option<String>,
    /// The column with the language of the name (BCP 47).
    #[arg(long, value_name = "COLUMN")]
    pub(crate) lang_column: Option<String>,
    /// The column with the date of the name, taken as by --as-of.
    #[arg(long, value_name = "COLUMN")]
    pub(crate) date_column: Option<String>,
    /// The fields to add; without it and --replace: status,id,name,country,kind,score.
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    pub(crate) add: Vec<String>,
    /// Put a field of the record in the place of the name.
    #[arg(long, value_name = "FIELD", num_args = 0..=1, require_equals = true, default_missing_value = "name")]
    pub(crate) replace: Option<String>,
    /// What to do where a name matches nothing.
    #[arg(long, value_enum, default_value_t = OnMiss::Keep)]
    pub(crate) on_miss: OnMiss,
    /// What the names of added columns begin with, instead of the name of the column and `_`.
    #[arg(long, value_name = "TEXT")]
    pub(crate) prefix: Option<String>,
    /// What stands between several names in one cell, such as `;`.
    #[arg(long, value_name = "TEXT")]
    pub(crate) split: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableKind {
    /// A name per line.
    Lines,
    /// Comma-separated, or by --delimiter; cells may be quoted.
    Csv,
    /// Tab-separated; a line is a row.
    Tsv,
    /// One JSON object per line.
    Jsonl,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum NormalizeFormat {
    /// Tab-separated, with a header; tabs in the input become spaces.
    Tsv,
    /// Comma-separated, with a header.
    Csv,
    /// One JSON object per line.
    Jsonl,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnMiss {
    /// Leave the name as it is.
    Keep,
    /// Put nothing in its place.
    Empty,
    /// Stop with an error.
    Fail,
}
