//! `--format` and what belongs to it.

use anyhow::{Result, bail};
use clap::ValueEnum;
use exonym::output::brat::Brat;
use exonym::output::conll::Conll;
use exonym::output::delimited::Delimited;
use exonym::output::geojson::GeoJson;
use exonym::output::html::Html;
use exonym::output::json::Json;
use exonym::output::jsonl::Jsonl;
use exonym::output::mentions::Mentions;
use exonym::output::spacy::Spacy;
use exonym::output::tei::Tei;
use exonym::output::web_annotation::WebAnnotation;
use exonym::output::{Format, Offsets};
use exonym::{Gazetteer, Options};

use super::args::Annotate;
pub(super) use super::args::AnnotateFormat;
use super::text::Text;
use crate::sink::Sink;

/// Runners-up in a page, where not said otherwise.
const RUNNERS_UP: usize = 3;

impl AnnotateFormat {
    /// The one asked for, or what suits the output.
    pub(super) fn chosen(args: &Annotate, out: &Sink) -> AnnotateFormat {
        let usual = if out.is_terminal() { AnnotateFormat::Text } else { AnnotateFormat::Jsonl };
        args.format.unwrap_or(usual)
    }

    /// The word typed for it.
    pub(super) fn word(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
    }

    /// Whether the format holds the text itself.
    pub(super) fn holds_text(self) -> bool {
        matches!(
            self,
            AnnotateFormat::Html
                | AnnotateFormat::Conll
                | AnnotateFormat::Spacy
                | AnnotateFormat::Tei
                | AnnotateFormat::Text
        )
    }

    /// Whether the format itself says what offsets count.
    fn counts_code_points(self) -> bool {
        matches!(self, AnnotateFormat::Brat | AnnotateFormat::Spacy | AnnotateFormat::Webannotation)
    }

    /// A page shows reasons and runners-up without being asked.
    pub(super) fn more(self, args: &Annotate, options: &mut Options) {
        if self == AnnotateFormat::Html {
            options.explain = true;
            options.candidates = args.candidates.unwrap_or(RUNNERS_UP);
        }
    }

    pub(super) fn open(self, args: &Annotate, gazetteer: &Gazetteer, out: &Sink) -> Result<Box<dyn Format>> {
        let offsets = args.offsets.unit();
        if self.counts_code_points() && offsets != Offsets::Char {
            bail!(
                "--offsets is {}, but {} counts code points by its definition; leave out --offsets",
                offsets.as_str(),
                self.word()
            );
        }
        Ok(match self {
            AnnotateFormat::Jsonl => Box::new(Jsonl { offsets }),
            AnnotateFormat::JsonlMentions => Box::new(Mentions { offsets }),
            AnnotateFormat::Json => Box::new(Json { offsets }),
            AnnotateFormat::Csv => Box::new(Delimited::csv(offsets).header(!args.no_header)),
            AnnotateFormat::Tsv => Box::new(Delimited::tsv(offsets).header(!args.no_header)),
            AnnotateFormat::Geojson => Box::new(GeoJson::collection(offsets)),
            AnnotateFormat::Ndgeojson => Box::new(GeoJson::lines(offsets)),
            AnnotateFormat::Html => Box::new(Html::new(gazetteer)),
            AnnotateFormat::Brat => Box::new(Brat),
            AnnotateFormat::Conll => Box::new(Conll),
            AnnotateFormat::Webannotation => Box::new(WebAnnotation),
            AnnotateFormat::Spacy => Box::new(Spacy),
            AnnotateFormat::Tei => Box::new(Tei),
            AnnotateFormat::Text => Box::new(Text { coloured: out.is_coloured(), linked: out.has_links() }),
        })
    }
}
