//! `--map`: a table of what to write for which record or name.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use exonym::resolve::Role;
use exonym::{Annotation, Gazetteer};

use super::replace::Template;
use crate::table::cells::Style;

/// Templates by the id of a record, or by the name as it is written in the text.
#[derive(Debug)]
pub(super) struct Rules {
    by_record: HashMap<u32, Template>,
    by_name: HashMap<String, Template>,
}

impl Rules {
    /// Read a file of two columns, comma-separated or, as `.tsv`, by tabs. Lines that begin with `#` are passed over.
    pub(super) fn read(path: &Path, gazetteer: &Gazetteer) -> Result<Rules> {
        let doing = || format!("cannot read {}", path.display());
        let text = fs::read_to_string(path).with_context(doing)?;
        let tabs = path.extension().is_some_and(|end| end == "tsv" || end == "tab");
        let style = Style { delimiter: if tabs { b'\t' } else { b',' }, quoted: !tabs };
        let mut rules = Rules { by_record: HashMap::new(), by_name: HashMap::new() };
        for (i, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let place = format!("{}:{}", path.display(), i + 1);
            let cells = style.values(line.as_bytes());
            let [key, template] = &cells[..] else {
                bail!(
                    "{place}: {} columns, expected 2: an id or a name, and what to write for it",
                    cells.len()
                );
            };
            let template = Template::parse(template, &place)?;
            let before = if let Some(record) = gazetteer.by_id(key) {
                rules.by_record.insert(record.index(), template)
            } else if key.parse::<exonym::record::RecordId>().is_ok() {
                bail!("{place}: nothing has the id {key:?}; exonym lookup tells the id of a name");
            } else {
                rules.by_name.insert(key.clone(), template)
            };
            if before.is_some() {
                bail!("{place}: there is a rule for {key:?} already; leave one of them");
            }
        }
        Ok(rules)
    }

    /// What to write for a mention: the name as it is written comes before its record.
    pub(super) fn of(&self, annotation: &Annotation<'_>, written: &str) -> Option<&Template> {
        let of_record = || self.by_record.get(&annotation.record.index());
        let of_record = || if annotation.role == Role::Demonym { None } else { of_record() };
        self.by_name.get(written).or_else(of_record)
    }
}
