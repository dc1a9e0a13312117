//! Texts in: files or standard input, UTF-8 or nearly so.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::sink::tell;

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

/// The inputs named on the command line, opened one by one; standard input if none is named.
pub(crate) fn inputs(paths: &[PathBuf]) -> impl Iterator<Item = Result<Input>> {
    let stdin = [PathBuf::from("-")];
    let paths: Vec<PathBuf> = if paths.is_empty() { stdin.to_vec() } else { paths.to_vec() };
    paths.into_iter().map(|path| Input::open(&path))
}

impl Input {
    fn open(path: &Path) -> Result<Input> {
        let new = |name: String, path: Option<&Path>, reader: Box<dyn Read>| Input {
            name,
            path: path.map(Path::to_owned),
            reader: BufReader::with_capacity(1 << 16, reader),
            line: 0,
        };
        if path == Path::new("-") {
            return Ok(new("standard input".to_owned(), None, Box::new(io::stdin())));
        }
        let doing = || format!("cannot read {}", path.display());
        let file = File::open(path).with_context(doing)?;
        if file.metadata().with_context(doing)?.is_dir() {
            bail!("{}: it is a folder; name the files in it", doing());
        }
        Ok(new(path.display().to_string(), Some(path), Box::new(file)))
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

    /// One line without its end; false at the end of input.
    pub(crate) fn read_line(&mut self, line: &mut Vec<u8>) -> Result<bool> {
        line.clear();
        self.reader.read_until(b'\n', line).with_context(|| format!("cannot read {}", self.name))?;
        if line.is_empty() {
            return Ok(false);
        }
        self.line += 1;
        if line.last() == Some(&b'\n') {
            line.pop();
            if line.last() == Some(&b'\r') {
                line.pop();
            }
        }
        Ok(true)
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

/// Counts what was no UTF-8 and had to be replaced.
#[derive(Default)]
pub(crate) struct Decoder {
    strict: bool,
    replaced: u64,
    first: Option<String>,
}

/// A text and, where bytes were replaced, how to find its bytes in the original.
pub(crate) struct Text<'b> {
    pub(crate) text: Cow<'b, str>,
    /// (byte in the text, byte in the original) behind each replaced sequence.
    shifts: Vec<(usize, usize)>,
}

impl<'b> From<&'b str> for Text<'b> {
    fn from(text: &'b str) -> Text<'b> {
        Text { text: Cow::Borrowed(text), shifts: vec![] }
    }
}

impl Text<'_> {
    /// Where bytes were replaced, for [`exonym::output::Annotated`].
    pub(crate) fn replaced(&self) -> &[(usize, usize)] {
        &self.shifts
    }
}

impl Decoder {
    /// One that replaces what is wrong, or, when strict, refuses it.
    pub(crate) fn new(strict: bool) -> Decoder {
        Decoder { strict, ..Decoder::default() }
    }

    /// Bytes as text: each invalid sequence is one U+FFFD, as other decoders have it, or an error when strict.
    pub(crate) fn decode<'b>(&mut self, bytes: &'b [u8], place: impl Fn() -> String) -> Result<Text<'b>> {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Ok(Text::from(text));
        }
        let mut text = String::with_capacity(bytes.len());
        let mut shifts = Vec::new();
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            at += chunk.valid().len();
            if let Some(byte) = chunk.invalid().first() {
                if self.strict {
                    bail!(
                        "{}: byte {}: 0x{byte:02X} is not UTF-8; convert the input, or leave out --strict",
                        place(),
                        at + 1
                    );
                }
                self.replaced += 1;
                self.first.get_or_insert_with(|| format!("{}: byte {}", place(), at + 1));
                text.push(char::REPLACEMENT_CHARACTER);
                at += chunk.invalid().len();
                shifts.push((text.len(), at));
            }
        }
        Ok(Text { text: Cow::Owned(text), shifts })
    }

    /// Say how much was replaced, if anything.
    pub(crate) fn report(&self) {
        if let Some(first) = &self.first {
            let sequences = if self.replaced == 1 { "sequence was" } else { "sequences were" };
            tell(format!(
                "exonym: {} invalid UTF-8 {sequences} replaced by U+FFFD, the first at {first}; --strict refuses such input",
                self.replaced,
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaced_bytes_are_counted_and_found_again() {
        let mut decoder = Decoder::default();
        let bytes = b"a\xff\xfeBaku \xe2\x82 x";
        let text = decoder.decode(bytes, || "t".to_owned()).unwrap();
        assert_eq!(text.text, "a\u{fffd}\u{fffd}Baku \u{fffd} x");
        assert_eq!(text.replaced(), [(4, 2), (7, 3), (15, 10)]);
        assert_eq!((decoder.replaced, decoder.first.as_deref()), (3, Some("t: byte 2")));
    }
}
