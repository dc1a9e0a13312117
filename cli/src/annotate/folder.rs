//! `--format brat -o FOLDER/`: a `.txt` and an `.ann` for each text, and the `annotation.conf` that brat wants beside them.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use exonym::output::brat::Brat;
use exonym::output::{Annotated, Format};

use super::args::{Annotate, AnnotateFormat};
use crate::sink::Sink;

const CONFIG: &str = "\
[entities]
Place
State
Organization
Person
Document
Event
[relations]
[events]
[attributes]
Role Arg:<ENTITY>, Value:place|demonym|metonym|embedded|organization|person|document|event
";

/// A folder of texts for brat.
pub(super) struct Folder {
    path: PathBuf,
    /// Whether texts are named by the files they come from, which have an end of their own.
    by_file: bool,
    /// Names of files that are taken.
    taken: Mutex<HashSet<String>>,
}

impl Folder {
    /// The folder that was asked for: one that is there, or is to be made because its name ends in a slash.
    pub(super) fn asked(args: &Annotate, format: AnnotateFormat, by_file: bool) -> Result<Option<Folder>> {
        let Some(path) = args.output.as_deref().filter(|_| format == AnnotateFormat::Brat) else {
            return Ok(None);
        };
        if !path.is_dir() && !path.to_string_lossy().ends_with('/') {
            return Ok(None);
        }
        fs::create_dir_all(path).with_context(|| format!("cannot write {}", path.display()))?;
        let folder = Folder { path: path.to_owned(), by_file, taken: Mutex::default() };
        folder.write("annotation.conf", CONFIG.as_bytes())?;
        Ok(Some(folder))
    }

    /// Write a text, named by its id, or by its line if it has none.
    pub(super) fn text(&self, text: &Annotated<'_>, line: u64) -> Result<()> {
        let label = text.label();
        let stem = match Path::new(&*label).file_stem() {
            Some(stem) if self.by_file => stem.to_string_lossy(),
            Some(_) => Cow::Borrowed(&*label),
            None => Cow::Owned(line.to_string()),
        };
        let fits = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' };
        let name: String = stem.chars().map(fits).collect();
        if !self.taken.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone()) {
            bail!("two texts would be {name}.txt in {}; give them different ids", self.path.display());
        }
        self.write(&format!("{name}.txt"), text.text.as_bytes())?;
        let mut found = Vec::new();
        Brat.text(text, &mut found)?;
        self.write(&format!("{name}.ann"), &found)
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let mut out = Sink::open(Some(&self.path.join(name)))?;
        out.write_all(bytes)?;
        out.close()
    }
}
