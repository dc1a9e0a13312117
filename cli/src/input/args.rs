//! What can be typed of the inputs of a command, whatever it does with them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use encoding_rs::Encoding;

use super::{Decoder, Input};
use crate::markup::Markup;
use crate::pipeline;

/// More help no machine.
pub(crate) const MOST_THREADS: usize = 1024;

#[derive(Args)]
pub(crate) struct InputArgs {
    /// Files to read, as they are or compressed (gz, zst, xz, bz2); standard input if none or `-`.
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Read the names of further files from a file, one per line; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) files_from: Option<PathBuf>,
    /// What the input is encoded in, such as windows-1251 or gb18030; otherwise UTF-8, or UTF-16 where its mark says so.
    #[arg(long, value_name = "LABEL")]
    pub(crate) encoding: Option<String>,
    /// Refuse input that is not as it is encoded instead of replacing what is wrong.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Write each line as soon as it is done, however fast the next ones come.
    #[arg(long)]
    pub(crate) line_buffered: bool,
    /// How many threads to work with; all cores if not given.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
}

/// The same, looked through.
pub(crate) struct Inputs {
    pub(crate) paths: Vec<PathBuf>,
    pub(crate) encoding: Option<&'static Encoding>,
    /// Whether inputs may say themselves what they are encoded in.
    pub(crate) declared: Declared,
    pub(crate) strict: bool,
    pub(crate) line_buffered: bool,
    pub(crate) threads: usize,
}

/// Whether to look for an encoding in the text itself.
#[derive(Clone, Copy)]
pub(crate) enum Declared {
    Looked,
    Ignored,
    /// In HTML and XML, as the names of files say.
    ByName,
}

impl InputArgs {
    pub(crate) fn inputs(&self) -> Result<Inputs> {
        if let Some(threads) = self.threads.filter(|threads| !(1..=MOST_THREADS).contains(threads)) {
            bail!("--threads is {threads}, expected 1 to {MOST_THREADS}");
        }
        let encoding = match &self.encoding {
            None => None,
            Some(label) => match Encoding::for_label(label.trim().as_bytes()) {
                Some(encoding) => Some(encoding),
                None => bail!(
                    "--encoding is {label:?}, expected a label of the WHATWG such as utf-16le, windows-1251, gb18030 or shift_jis"
                ),
            },
        };
        let mut paths = Vec::new();
        for path in &self.files {
            paths.extend(matching(path)?);
        }
        if let Some(list) = &self.files_from {
            paths.extend(self.listed(list)?);
        } else if paths.is_empty() {
            paths.push(PathBuf::from("-"));
        }
        Ok(Inputs {
            paths,
            encoding,
            declared: Declared::Ignored,
            strict: self.strict,
            line_buffered: self.line_buffered,
            threads: self.threads.unwrap_or_else(pipeline::cores),
        })
    }

    /// How the name of the first file ends, but for what it is compressed with.
    pub(crate) fn extension(&self) -> Option<String> {
        let name = self.files.first()?.to_string_lossy().to_ascii_lowercase();
        let name =
            [".gz", ".zst", ".xz", ".bz2"].iter().fold(&*name, |n, end| n.strip_suffix(end).unwrap_or(n));
        Path::new(name).extension().map(|end| end.to_string_lossy().into_owned())
    }

    fn listed(&self, list: &Path) -> Result<Vec<PathBuf>> {
        if list == Path::new("-") && self.files.iter().any(|f| f == Path::new("-")) {
            bail!("both the texts and --files-from are standard input; name one of them");
        }
        let mut input = Input::open(list, None, false, false)?;
        let (mut line, mut paths, mut decoder) = (Vec::new(), Vec::new(), Decoder::new(true));
        while input.read_line(&mut line)? {
            let path = decoder.decode(&line, || input.place())?;
            if !path.text.is_empty() {
                paths.push(PathBuf::from(&*path.text));
            }
        }
        Ok(paths)
    }
}

/// The files a pattern such as `news/**/*.txt` stands for, where a shell has not told them; else the path itself.
fn matching(path: &Path) -> Result<Vec<PathBuf>> {
    let pattern = path.to_string_lossy();
    if !pattern.contains(['*', '?', '[']) || path.exists() {
        return Ok(vec![path.to_owned()]);
    }
    let found = glob::glob(&pattern).with_context(|| format!("{pattern:?} is no pattern of files"))?;
    let found = found.collect::<Result<Vec<PathBuf>, _>>()?;
    if found.is_empty() {
        bail!("no file is like {pattern:?}");
    }
    Ok(found)
}

impl Inputs {
    /// Bytes of all of them, where that can be told before they are read.
    pub(crate) fn total(&self) -> Option<u64> {
        let size =
            |path: &PathBuf| fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|about| about.len());
        self.paths.iter().map(size).sum()
    }

    /// Opened one by one.
    pub(crate) fn open(&self) -> impl Iterator<Item = Result<Input>> {
        self.paths.iter().map(|path| {
            let declared = match self.declared {
                Declared::Looked => true,
                Declared::Ignored => false,
                Declared::ByName => {
                    matches!(Markup::of_file(&path.to_string_lossy()), Some(Markup::Html | Markup::Xml))
                }
            };
            Input::open(path, self.encoding, declared, self.strict)
        })
    }
}
