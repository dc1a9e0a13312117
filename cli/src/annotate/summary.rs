//! `--count` and `--summary`: how often what is named.

use std::collections::HashMap;
use std::io::{self, Write};

use anyhow::Result;
use exonym::Gazetteer;
use exonym::gazetteer::LabelOptions;
use exonym::output::{Annotated, Format};

use crate::grid::Grid;
use crate::links;
use crate::sink::Sink;

/// `--count`: a line per text with its id, if it has one, and the number of mentions.
pub(super) struct Count;

impl Format for Count {
    fn text(&self, text: &Annotated<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        let label = text.label();
        if !label.is_empty() {
            write!(out, "{}\t", label.replace(['\t', '\r', '\n'], " "))?;
        }
        writeln!(out, "{}", text.annotations.len())
    }
}

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum What<'g> {
    Record(u32),
    Country(&'g str),
    Kind(&'static str),
}

/// Mentions, and texts that have any.
#[derive(Clone, Copy, Default)]
struct Times {
    mentions: u64,
    texts: u64,
}

/// `--summary`: mentions and texts by record, country and kind.
#[derive(Default)]
pub(super) struct Summary<'g> {
    texts: u64,
    times: HashMap<What<'g>, Times>,
}

impl<'g> Summary<'g> {
    /// Count a text.
    pub(super) fn text(&mut self, annotations: &[exonym::Annotation<'g>]) {
        self.texts += 1;
        let mut here: HashMap<What<'g>, u64> = HashMap::new();
        for annotation in annotations {
            let record = annotation.record;
            let country = record.country().map(What::Country);
            let both = [What::Record(record.index()), What::Kind(record.kind().as_str())];
            for what in both.into_iter().chain(country) {
                *here.entry(what).or_default() += 1;
            }
        }
        for (what, mentions) in here {
            let times = self.times.entry(what).or_default();
            times.mentions += mentions;
            times.texts += 1;
        }
    }

    /// Count what another has counted.
    pub(super) fn add(&mut self, other: Summary<'g>) {
        self.texts += other.texts;
        for (what, more) in other.times {
            let times = self.times.entry(what).or_default();
            times.mentions += more.mentions;
            times.texts += more.texts;
        }
    }

    /// A table: what is counted, mentions, texts, id, name and country; the most frequent first.
    pub(super) fn write(
        &self,
        gazetteer: &'g Gazetteer,
        labels: &LabelOptions,
        out: &mut Sink,
    ) -> Result<()> {
        let mut grid = Grid::new(["by", "mentions", "texts", "id", "name", "country"]);
        let mentions: u64 =
            self.of(|what| matches!(what, What::Kind(_))).map(|(_, times)| times.mentions).sum();
        grid.row(["all", &mentions.to_string(), &self.texts.to_string(), "", "", ""]);
        let order: [fn(&What<'_>) -> bool; 3] = [
            |w| matches!(w, What::Kind(_)),
            |w| matches!(w, What::Country(_)),
            |w| matches!(w, What::Record(_)),
        ];
        for wanted in order {
            let mut rows: Vec<(What<'_>, Times)> = self.of(wanted).collect();
            rows.sort_by_key(|(what, times)| (std::cmp::Reverse(times.mentions), *what));
            for (what, Times { mentions, texts }) in rows {
                let (by, id, name, country) = match what {
                    What::Kind(kind) => ("kind", kind.to_owned(), kind.into(), ""),
                    What::Country(code) => {
                        let state = gazetteer.by_id(&format!("iso:{code}"));
                        (
                            "country",
                            code.to_owned(),
                            state.map_or(code.into(), |state| state.label(labels)),
                            code,
                        )
                    }
                    What::Record(index) => {
                        let Some(record) = gazetteer.record(index) else { continue };
                        let country = record.country().unwrap_or_default();
                        ("record", links::id(record, out), record.label(labels), country)
                    }
                };
                grid.row([by, &mentions.to_string(), &texts.to_string(), &id, &name, country]);
            }
        }
        Ok(grid.write(out)?)
    }

    fn of(&self, wanted: impl Fn(&What<'g>) -> bool) -> impl Iterator<Item = (What<'g>, Times)> {
        self.times.iter().filter(move |(what, _)| wanted(what)).map(|(what, times)| (*what, *times))
    }
}
