//! The lines of a source, whatever it is read from, and what is refused before the first.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use crate::error::{Error, Place, Result};

/// Longest line, in bytes.
const MAX_LINE: u64 = 64 << 20;
/// How much more of a line or object that is too long is passed over, before the whole file is given up.
pub(super) const MAX_SKIP: u64 = 256 << 20;

/// The error that ends the reading of a file whose line or object has no end, such as what a zip bomb unpacks to.
pub(super) fn endless(place: &Place) -> Error {
    let message = "a line or object goes on for more than 256 MiB; is it a text file?";
    Error::io(format!("cannot read {place}"), std::io::Error::new(std::io::ErrorKind::InvalidData, message))
}

/// The lines of a source, with their numbers; begins after a byte order mark, and refuses what is no text.
pub(crate) struct Lines {
    pub(super) input: BufReader<Box<dyn Read + Send>>,
    pub(crate) file: PathBuf,
    /// Number of the line read last, counted from 1.
    pub(crate) line: u64,
    buffer: Vec<u8>,
}

impl std::fmt::Debug for Lines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lines").field("file", &self.file).field("line", &self.line).finish_non_exhaustive()
    }
}

impl Lines {
    pub(crate) fn open(path: &Path) -> Result<Lines> {
        let file =
            File::open(path).map_err(|error| Error::io(format!("cannot open {}", path.display()), error))?;
        Lines::new(Box::new(file), path)
    }

    pub(crate) fn new(input: Box<dyn Read + Send>, file: &Path) -> Result<Lines> {
        let mut lines = Lines {
            input: BufReader::with_capacity(1 << 16, input),
            file: file.to_owned(),
            line: 0,
            buffer: vec![],
        };
        let start = match lines.input.fill_buf() {
            Ok(start) => start,
            Err(error) => return Err(Error::io(format!("cannot read {}", file.display()), error)),
        };
        let refuse = |what: &str| Err(Error::input(what).at(Place::file(file)));
        if start.is_empty() {
            return refuse("is empty");
        }
        if let Some(how) = compressed(start) {
            return refuse(&format!("is {how}-compressed; decompress it first"));
        }
        if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
            return refuse("is UTF-16, expected UTF-8; save it as UTF-8");
        }
        if start.starts_with(b"\xef\xbb\xbf") {
            lines.input.consume(3);
        }
        Ok(lines)
    }

    /// Reads the next line into the buffer, without its end; false after the last one.
    pub(crate) fn read(&mut self) -> Result<bool> {
        self.buffer.clear();
        self.append()
    }

    /// Reads the next line to the end of the buffer, as part of a field that goes over several lines.
    pub(crate) fn append(&mut self) -> Result<bool> {
        let failed = |error| Error::io(format!("cannot read {}", self.file.display()), error);
        let read = (&mut self.input).take(MAX_LINE).read_until(b'\n', &mut self.buffer).map_err(failed)?;
        self.line += u64::from(read > 0);
        if read as u64 == MAX_LINE && !self.buffer.ends_with(b"\n") {
            self.buffer.clear();
            let skipped = (&mut self.input).take(MAX_SKIP).skip_until(b'\n').map_err(failed)?;
            if skipped as u64 == MAX_SKIP {
                return Err(endless(&self.place()));
            }
            return Err(
                Error::input("is longer than 64 MiB, expected a line; is it a text file?").at(self.place())
            );
        }
        if self.buffer.ends_with(b"\n") {
            self.buffer.pop();
            if self.buffer.ends_with(b"\r") {
                self.buffer.pop();
            }
        }
        Ok(read > 0)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer
    }

    pub(crate) fn push(&mut self, byte: u8) {
        self.buffer.push(byte);
    }

    pub(crate) fn place(&self) -> Place {
        Place::file(&self.file).line(self.line)
    }

    /// The line as text.
    pub(crate) fn text(&self) -> Result<&str> {
        std::str::from_utf8(&self.buffer).map_err(|error| {
            no_utf8(&self.buffer, error).at(self.place().byte(error.valid_up_to() as u64 + 1))
        })
    }
}

/// The error for bytes that are no text.
pub(super) fn no_utf8(bytes: &[u8], error: std::str::Utf8Error) -> Error {
    let byte = bytes.get(error.valid_up_to()).copied().unwrap_or(0);
    Error::input(format!("0x{byte:02X} is not UTF-8; save the file as UTF-8"))
}

/// How these bytes are compressed, if their beginning says so.
pub(crate) fn compressed(bytes: &[u8]) -> Option<&'static str> {
    const KNOWN: [(&[u8], &str); 5] = [
        (b"\x1f\x8b", "gzip"),
        (b"\xfd7zXZ\0", "xz"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"BZh", "bzip2"),
        (b"PK\x03\x04", "zip"),
    ];
    KNOWN.into_iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, how)| how)
}
