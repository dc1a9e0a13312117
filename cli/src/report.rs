//! What became of the rows of a build: for a person, and as JSON.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use exonym::error::Place;
use exonym::gazetteer::{BuildReport, Joined};
use serde::Serialize;

use crate::sink::tell;

/// Bad rows and doubts told in full; the rest are only counted.
const SHOWN: u64 = 5;

/// What became of a whole build.
#[derive(Default, Serialize)]
pub(crate) struct Report {
    /// Each file, in the order in which they were read.
    sources: Vec<Source>,
    /// Records, names and the like of the finished file.
    #[serde(skip_serializing_if = "Option::is_none")]
    stored: Option<Stored>,
    #[serde(skip)]
    shown: u64,
    /// The file the last row was of.
    #[serde(skip)]
    last: Option<PathBuf>,
}

/// What became of the rows of one file.
#[derive(Default, Serialize)]
struct Source {
    file: PathBuf,
    /// Rows or objects read.
    rows: u64,
    /// Those that went into the gazetteer.
    used: u64,
    /// Those that were not right, by reason.
    refused: BTreeMap<String, u64>,
    /// Of no use here: links, names of records there are none of.
    passed_over: u64,
    /// Records and names that were not asked for, by reason.
    left_out: BTreeMap<&'static str, u64>,
    /// Columns that are none of ours.
    unknown_columns: Vec<String>,
    /// Records found among those of sources before, by how.
    joined: BTreeMap<&'static str, u64>,
    /// The first records that may be others, but were left apart.
    doubts: Vec<String>,
    doubt_count: u64,
}

#[derive(Serialize)]
struct Stored {
    records: u32,
    names: u32,
    keys: u32,
    bytes: u64,
    transliterated: u64,
    not_indexed: BTreeMap<String, u64>,
    conflicts: Vec<String>,
    conflict_count: u64,
    sections: BTreeMap<String, u64>,
}

impl Report {
    /// What is told of a file.
    fn source(&mut self, file: &Path) -> &mut Source {
        // Rows of a file stand together, so that the last one is nearly always meant.
        let known = self.sources.iter().rposition(|source| source.file == file);
        let at = known.unwrap_or_else(|| {
            self.sources.push(Source { file: file.to_owned(), ..Source::default() });
            self.sources.len() - 1
        });
        &mut self.sources[at]
    }

    fn at(&mut self, place: Option<&Place>, file: &Path) -> &mut Source {
        let file = place.and_then(|place| place.file.as_deref()).unwrap_or(file);
        if self.last.as_deref() != Some(file) {
            self.last = Some(file.to_owned());
        }
        self.source(file)
    }

    /// A row was used.
    pub(crate) fn used(&mut self, place: &Place, file: &Path) {
        let source = self.at(Some(place), file);
        source.rows += 1;
        source.used += 1;
    }

    /// A row was not asked for.
    pub(crate) fn unwanted(&mut self, place: &Place, file: &Path) {
        self.at(Some(place), file).rows += 1;
    }

    /// A row was not right.
    pub(crate) fn refused(&mut self, error: &exonym::Error, file: &Path) {
        let source = self.at(error.place(), file);
        source.rows += 1;
        *source.refused.entry(error.reason()).or_default() += 1;
        self.shown += 1;
        if self.shown <= SHOWN {
            tell(format!("exonym: left out: {error}"));
        }
    }

    /// A record was sought among those of sources before.
    pub(crate) fn joined(&mut self, how: Joined, doubt: &str, place: &Place, file: &Path) {
        let source = self.at(Some(place), file);
        let how = match how {
            Joined::Id => "id",
            Joined::Concordance => "concordance",
            Joined::Name => "name, kind and distance",
            Joined::Doubt => {
                source.doubt_count += 1;
                if source.doubt_count <= SHOWN {
                    source.doubts.push(format!("{place}: {doubt}"));
                }
                return;
            }
            _ => return,
        };
        *source.joined.entry(how).or_default() += 1;
    }

    /// A file was read.
    pub(crate) fn read(
        &mut self,
        file: &Path,
        passed_over: u64,
        unknown: &[String],
        left_out: BTreeMap<&'static str, u64>,
    ) {
        // What was read may have another name than what was opened: that in the archive, or the last of several tables.
        let last = self.last.take();
        let source = self.source(last.as_deref().unwrap_or(file));
        source.passed_over = passed_over;
        source.unknown_columns = unknown.to_vec();
        source.left_out = left_out;
    }

    pub(crate) fn used_any(&self) -> bool {
        self.sources.iter().any(|source| source.used > 0)
    }

    /// Says that there were more bad rows than were told.
    pub(crate) fn tell_rest(&self) {
        if self.shown > SHOWN {
            tell(format!("exonym: and {} more", self.shown - SHOWN));
        }
    }

    /// The file was written.
    pub(crate) fn stored(&mut self, report: &BuildReport) {
        self.stored = Some(Stored {
            records: report.records,
            names: report.names,
            keys: report.keys,
            bytes: report.bytes(),
            transliterated: report.transliterated,
            not_indexed: report.not_indexed.clone(),
            conflicts: report.conflicts.clone(),
            conflict_count: report.conflict_count,
            sections: report.sections.iter().cloned().collect(),
        });
    }

    /// All of it as JSON.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let doing = || format!("cannot write {}", path.display());
        let mut file = crate::sink::temporary_beside(path).with_context(doing)?;
        serde_json::to_writer_pretty(&mut file, self).with_context(doing)?;
        file.write_all(b"\n").with_context(doing)?;
        file.persist(path).map_err(|error| error.error).with_context(doing)?;
        Ok(())
    }

    /// What is worth telling of the sources. Those of which every row was used are told only where there are several.
    pub(crate) fn tell_sources(&self) {
        for source in &self.sources {
            let refused: u64 = source.refused.values().sum();
            let plain = refused + source.passed_over + source.doubt_count == 0
                && source.left_out.is_empty()
                && source.joined.is_empty()
                && source.unknown_columns.is_empty();
            if plain && self.sources.len() < 2 {
                continue;
            }
            tell(format!("{}: {} of {} rows used", source.file.display(), source.used, source.rows));
            for (reason, count) in &source.refused {
                tell(format!("  refused: {count} × {reason}"));
            }
            if source.passed_over > 0 {
                tell(format!("  passed over: {} of no use here", source.passed_over));
            }
            for (reason, count) in &source.left_out {
                tell(format!("  left out: {count} × {reason}"));
            }
            if !source.unknown_columns.is_empty() {
                tell(format!("  no column of ours: {}", source.unknown_columns.join(", ")));
            }
            for (how, count) in &source.joined {
                tell(format!("  joined: {count} × by {how}"));
            }
            if source.doubt_count > 0 {
                tell(format!("  in doubt, left apart: {}", source.doubt_count));
                source.doubts.iter().for_each(|doubt| tell(format!("    {doubt}")));
            }
        }
        if self.shown > 0 {
            tell("--strict stops at the first row that is refused");
        }
    }
}
