//! A name per line in; a row, an object or another name per line out.

use std::borrow::Cow;

use anyhow::{Result, bail};
use exonym::gazetteer::RecordRef;
use exonym::output::jsonl::{CandidateView, Entity, NameView};
use exonym::resolve::Candidate;
use serde::Serialize;

use super::Piece;
use super::answer::{Answer, Context, Normalizer, rounded};
use super::args::{Normalize, NormalizeFormat};
use super::task::Task;
use crate::fields::cell;
use crate::input::records::{Batch, without_end};

/// One line by the JSON contract.
#[derive(Serialize)]
struct Line<'a> {
    input: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    entity: Option<Entity<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    former: Option<Entity<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<NameView<'a>>,
    score: f64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<CandidateView<'a>>,
}

/// How a list is written.
pub(super) struct List {
    format: NormalizeFormat,
    header: bool,
    runners_up: usize,
}

impl List {
    pub(super) fn new(args: &Normalize) -> Result<List> {
        let format = args.format.unwrap_or(NormalizeFormat::Tsv);
        if format == NormalizeFormat::Jsonl && !(args.table.add.is_empty() && args.table.split.is_none()) {
            bail!("--add and --split are for tables; jsonl has the whole record of one name per line");
        }
        if args.table.replace.is_some() && (args.format.is_some() || !args.table.add.is_empty()) {
            bail!("with --replace a list stays one; leave out --format and --add");
        }
        Ok(List { format, header: !args.no_header, runners_up: args.candidates.unwrap_or(0) })
    }

    /// What stands above the list.
    pub(super) fn header(&self, task: &Task, out: &mut Vec<u8>) -> Result<()> {
        if !self.header || task.replace.is_some() {
            return Ok(());
        }
        let columns =
            task.add.iter().map(|field| task.column("", field).trim_start_matches('_').to_owned().into());
        self.row(&std::iter::once("input".into()).chain(columns).collect::<Vec<_>>(), out)
    }

    pub(super) fn batch(
        &self,
        task: &Task,
        normalizer: &mut Normalizer<'_, '_>,
        batch: &Batch,
        piece: &mut Piece,
    ) -> Result<()> {
        for (i, (record, line)) in batch.records().enumerate() {
            let (content, end) = without_end(record);
            let place = || format!("{}:{line}", batch.name);
            let text = piece.decoder.decode(content, place)?;
            // Of a list, the mark is no part of the first name.
            let is_first = batch.first && i == 0;
            let given = if is_first { text.text.trim_start_matches('\u{feff}') } else { &text.text };
            let answered = task.answer(given, &Context::default(), normalizer, place)?;
            piece.all_matched &= answered.all_match();
            if let Some(field) = &task.replace {
                let mark = text.text.len() - given.len();
                piece.bytes.extend(text.text.as_bytes().get(..mark).unwrap_or_default());
                piece.bytes.extend(task.replaced(field, &answered).as_bytes());
                piece.bytes.extend(end);
                continue;
            }
            match (self.format, &*answered.parts) {
                (NormalizeFormat::Jsonl, [(_, answer)]) => {
                    self.object(given, answer, normalizer, &mut piece.bytes)?
                }
                _ => {
                    let join = |values: Vec<String>| values.join(task.split.as_deref().unwrap_or_default());
                    let values =
                        task.add.iter().map(|field| join(answered.values(field).map(cell).collect()).into());
                    self.row(
                        &std::iter::once(given.into()).chain(values).collect::<Vec<_>>(),
                        &mut piece.bytes,
                    )?;
                }
            }
        }
        Ok(())
    }

    fn object<'g>(
        &self,
        input: &'g str,
        answer: &Answer<'g>,
        normalizer: &Normalizer<'_, '_>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let best = answer.candidates.first();
        let (lang, as_of) = (normalizer.lang(), normalizer.as_of());
        let entity = |record: RecordRef<'g>| Entity::of(record).called(record.label(normalizer.labels));
        let view = |c: &Candidate<'g>| CandidateView {
            entity: entity(c.record),
            name: NameView::at(c.name, lang, as_of),
            score: rounded(c.score),
        };
        let line = Line {
            input,
            status: answer.status,
            entity: best.map(|c| entity(c.record)),
            former: best.and_then(|c| c.former).map(entity),
            name: best.map(|c| NameView::at(c.name, lang, as_of)),
            score: best.map_or(0.0, |c| rounded(c.score)),
            candidates: answer.candidates.iter().take(self.runners_up).map(view).collect(),
        };
        serde_json::to_writer(&mut *out, &line)?;
        out.push(b'\n');
        Ok(())
    }

    fn row(&self, fields: &[Cow<'_, str>], out: &mut Vec<u8>) -> Result<()> {
        if self.format == NormalizeFormat::Csv {
            let mut writer = csv::Writer::from_writer(out);
            writer.write_record(fields.iter().map(|f| f.as_bytes()))?;
            writer.flush()?;
            return Ok(());
        }
        for (i, field) in fields.iter().enumerate().filter(|_| self.format == NormalizeFormat::Tsv) {
            if i > 0 {
                out.push(b'\t');
            }
            out.extend(field.bytes().map(|b| if matches!(b, b'\t' | b'\n' | b'\r') { b' ' } else { b }));
        }
        if self.format == NormalizeFormat::Tsv {
            out.push(b'\n');
        }
        Ok(())
    }
}
