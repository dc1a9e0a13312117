//! `exonym normalize`: a name per line in, a record per line out, in the same order.

use std::borrow::Cow;
use std::io::Write;

use anyhow::Result;
use exonym::Annotator;
use exonym::output::jsonl::{CandidateView, Entity, NameView};
use exonym::resolve::{Candidate, Scratch};
use serde::Serialize;

use crate::args::{Normalize, NormalizeFormat, Outcome};
use crate::input::{Decoder, inputs};
use crate::sink::Sink;

/// A candidate below this is no clear answer.
const CLEAR: f32 = 0.5;
/// A second candidate this close to the first makes the name ambiguous.
const CLOSE: f32 = 0.8;

const COLUMNS: [&str; 7] = ["input", "status", "id", "name", "country", "kind", "score"];

/// One line by the JSON contract.
#[derive(Serialize)]
struct Answer<'a> {
    input: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    entity: Option<Entity<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<NameView<'a>>,
    score: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<CandidateView<'a>>,
}

pub(crate) fn run(args: &Normalize) -> Result<Outcome> {
    let options = args.hints.options()?;
    let gazetteer = args.gazetteer.open()?;
    let mut out = Rows::new(Sink::open(args.output.as_deref())?, args.format);
    let annotator = Annotator::new(&gazetteer);
    let mut scratch = Scratch::default();
    let mut decoder = Decoder::new(args.strict);
    let mut all_matched = true;
    let mut line = Vec::new();
    if !args.no_header {
        out.header()?;
    }
    for input in inputs(&args.files) {
        let mut input = input?;
        loop {
            if input.may_wait() {
                out.show()?;
            }
            if !input.read_line(&mut line)? {
                break;
            }
            let text = decoder.decode(&line, || input.place())?;
            // Of a list, the mark is no part of the first name.
            let given = if input.line() == 1 { text.text.trim_start_matches('\u{feff}') } else { &text.text };
            let candidates = annotator.normalize(given, &options, &mut scratch);
            let answer =
                Answer::new(given, &candidates, options.lang.as_deref(), args.candidates.unwrap_or(0));
            all_matched &= answer.entity.is_some();
            out.write(&answer)?;
        }
    }
    out.close()?;
    decoder.report();
    Ok(if args.fail_unmatched && !all_matched { Outcome::Nothing } else { Outcome::Found })
}

impl<'a> Answer<'a> {
    fn new(
        input: &'a str,
        candidates: &[Candidate<'a>],
        lang: Option<&str>,
        runners_up: usize,
    ) -> Answer<'a> {
        let best = candidates.first();
        let view = |c: &Candidate<'a>| CandidateView {
            entity: Entity::of(c.record),
            name: NameView::of(c.name, lang),
            score: rounded(c.score),
        };
        Answer {
            input,
            status: status(candidates),
            entity: best.map(|c| Entity::of(c.record)),
            name: best.map(|c| NameView::of(c.name, lang)),
            score: best.map_or(0.0, |c| rounded(c.score)),
            candidates: candidates.iter().take(runners_up).map(view).collect(),
        }
    }

    fn row(&self) -> [Cow<'_, str>; COLUMNS.len()] {
        let Some(entity) = &self.entity else {
            return [self.input, self.status, "", "", "", "", ""].map(Cow::Borrowed);
        };
        [
            self.input.into(),
            self.status.into(),
            entity.id.as_str().into(),
            entity.name.into(),
            entity.country.unwrap_or_default().into(),
            entity.kind.into(),
            self.score.to_string().into(),
        ]
    }
}

fn status(candidates: &[Candidate<'_>]) -> &'static str {
    match candidates {
        [] => "unmatched",
        [first, ..] if first.score < CLEAR => "ambiguous",
        [first, second, ..] if second.score >= CLOSE * first.score => "ambiguous",
        _ => "matched",
    }
}

fn rounded(score: f32) -> f64 {
    (f64::from(score) * 1e4).round() / 1e4
}

/// Where answers go, in the format asked for.
enum Rows {
    Jsonl(Sink),
    Tsv(Sink),
    Csv(Box<csv::Writer<Sink>>),
}

impl Rows {
    fn new(out: Sink, format: NormalizeFormat) -> Rows {
        match format {
            NormalizeFormat::Jsonl => Rows::Jsonl(out),
            NormalizeFormat::Tsv => Rows::Tsv(out),
            NormalizeFormat::Csv => Rows::Csv(Box::new(csv::Writer::from_writer(out))),
        }
    }

    fn header(&mut self) -> Result<()> {
        match self {
            Rows::Jsonl(_) => {}
            Rows::Tsv(out) => writeln!(out, "{}", COLUMNS.join("\t"))?,
            Rows::Csv(out) => out.write_record(COLUMNS)?,
        }
        Ok(())
    }

    fn write(&mut self, answer: &Answer<'_>) -> Result<()> {
        match self {
            Rows::Jsonl(out) => {
                serde_json::to_writer(&mut *out, answer)?;
                out.write_all(b"\n")?;
            }
            Rows::Tsv(out) => {
                for (i, field) in answer.row().iter().enumerate() {
                    if i > 0 {
                        out.write_all(b"\t")?;
                    }
                    out.write_all(field.replace(['\t', '\n', '\r'], " ").as_bytes())?;
                }
                out.write_all(b"\n")?;
            }
            Rows::Csv(out) => out.write_record(answer.row().iter().map(|field| field.as_bytes()))?,
        }
        Ok(())
    }

    fn show(&mut self) -> Result<()> {
        match self {
            Rows::Jsonl(out) | Rows::Tsv(out) => out.show()?,
            Rows::Csv(out) => out.flush()?,
        }
        Ok(())
    }

    fn close(self) -> Result<()> {
        match self {
            Rows::Jsonl(out) | Rows::Tsv(out) => out.close(),
            Rows::Csv(out) => out.into_inner().map_err(csv::IntoInnerError::into_error)?.close(),
        }
    }
}
