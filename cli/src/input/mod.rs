//! Texts in: files or standard input, UTF-8 or nearly so.

pub(crate) mod args;
pub(crate) mod compressed;
mod decode;
mod encoding;
pub(crate) mod records;

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use encoding_rs::Encoding;

use crate::progress::Counted;

pub(crate) use decode::{Decoder, Text};

/// An open input with its name for messages.
pub(crate) struct Input {
    /// Its name: the path, or `standard input`.
    pub(crate) name: String,
    /// The path, unless it is standard input.
    pub(crate) path: Option<PathBuf>,
    reader: BufReader<Box<dyn Read>>,
    /// Number of the line read last, counted from 1.
    line: u64,
}

impl Input {
    /// Open a file, or standard input for `-`.
    fn open(path: &Path, encoding: Option<&'static Encoding>, declared: bool, strict: bool) -> Result<Input> {
        let doing = || format!("cannot read {}", path.display());
        let (name, path, bytes): (String, _, Box<dyn Read + Send>) = if path == Path::new("-") {
            ("standard input".to_owned(), None, Box::new(Counted(io::stdin())))
        } else {
            let file = File::open(path).with_context(doing)?;
            if file.metadata().with_context(doing)?.is_dir() {
                bail!("{}: it is a folder; name the files in it", doing());
            }
            (path.display().to_string(), Some(path.to_owned()), Box::new(Counted(file)))
        };
        let text = compressed::open(bytes)
            .and_then(|bytes| encoding::open(bytes, &name, encoding, declared, strict));
        let text = text.with_context(|| format!("cannot read {name}"))?;
        Ok(Input { name, path, reader: BufReader::with_capacity(1 << 16, text), line: 0 })
    }

    /// All of it.
    pub(crate) fn read_all(&mut self) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.reader.read_to_end(&mut bytes).with_context(|| format!("cannot read {}", self.name))?;
        Ok(bytes)
    }

    /// Whether the next line may have to be waited for.
    pub(crate) fn may_wait(&self) -> bool {
        !self.reader.buffer().contains(&b'\n')
    }

    /// One line with its end, behind what is in `bytes`; false at the end of input.
    pub(crate) fn read_raw_line(&mut self, bytes: &mut Vec<u8>) -> Result<bool> {
        let read =
            self.reader.read_until(b'\n', bytes).with_context(|| format!("cannot read {}", self.name))?;
        self.line += u64::from(read > 0);
        Ok(read > 0)
    }

    /// One line without its end; false at the end of input.
    pub(crate) fn read_line(&mut self, line: &mut Vec<u8>) -> Result<bool> {
        line.clear();
        let read = self.read_raw_line(line)?;
        line.truncate(records::without_end(line).0.len());
        Ok(read)
    }

    /// Number of the line read last, counted from 1.
    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Where the line read last stands, as `names.txt:3`.
    pub(crate) fn place(&self) -> String {
        format!("{}:{}", self.name, self.line)
    }
}
