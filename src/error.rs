//! The one error type of the library: what went wrong, where, and what to do about it.
//!
//! A message is one sentence in lower case without a full stop; input errors name file, line and column, format errors
//! give both sides (expected and found) and the command that mends it.

use std::fmt;
use std::path::{Path, PathBuf};

/// The result of everything in this library that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a call failed. [`kind`](Error::kind) and the `is_` methods tell what a program can react to; the
/// [`Display`](fmt::Display) form is for a person.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    place: Option<Box<Place>>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The sorts of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file could not be opened, read, written or renamed.
    Io,
    /// A row, field or text handed in is not as documented.
    Input,
    /// Bytes that are no gazetteer, of another version, truncated or damaged.
    Format,
    /// Something the caller asked for is not possible (a limit exceeded, an unknown id scheme).
    Usage,
}

/// Where in a file an input error lies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file, if the input came from one.
    pub file: Option<PathBuf>,
    /// Line, counted from 1.
    pub line: Option<u64>,
    /// Byte within the line, counted from 1.
    pub byte: Option<u64>,
    /// The column's name.
    pub column: Option<String>,
}

impl Place {
    /// A place in a named file.
    pub fn file(path: impl AsRef<Path>) -> Place {
        Place { file: Some(path.as_ref().to_owned()), ..Place::default() }
    }

    /// The same file, at a line.
    #[must_use]
    pub fn line(mut self, line: u64) -> Place {
        self.line = Some(line);
        self
    }

    /// The same line, at a byte counted from 1.
    #[must_use]
    pub fn byte(mut self, byte: u64) -> Place {
        self.byte = Some(byte);
        self
    }

    /// The same line, in a named column.
    #[must_use]
    pub fn column(mut self, column: impl Into<String>) -> Place {
        self.column = Some(column.into());
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{}", file.display())?,
            None => write!(f, "input")?,
        }
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(byte) = self.byte {
            write!(f, ": byte {byte}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ": column {column}")?;
        }
        Ok(())
    }
}

impl Error {
    fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error { kind, message: message.into(), place: None, source: None }
    }

    /// A row, field or text that is not as documented.
    pub fn input(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Input, message)
    }

    /// Bytes that are no usable gazetteer.
    pub fn format(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Format, message)
    }

    /// A request that cannot be met.
    pub fn usage(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::Usage, message)
    }

    /// A failed read or write; `doing` says what was attempted, such as `cannot write out.gaz`.
    pub fn io(doing: impl Into<String>, source: std::io::Error) -> Error {
        Error::new(ErrorKind::Io, doing).because(source)
    }

    /// The same error, with its place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Error {
        self.place = Some(Box::new(place));
        self
    }

    /// The same error, with the one that caused it.
    #[must_use]
    pub fn because(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Error {
        self.source = Some(Box::new(source));
        self
    }

    /// What sort of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Where in the input the failure lies, if it is an input error from a file.
    pub fn place(&self) -> Option<&Place> {
        self.place.as_deref()
    }

    /// The message without what this row alone has: its place but the column, what is quoted, and the numbers found. Equal for rows
    /// that are refused for the same reason.
    ///
    /// ```
    /// let error = exonym::record::Point::new(91.5, 0.0).unwrap_err();
    /// assert_eq!(error.reason(), "latitude is …, expected -90 to 90");
    /// ```
    pub fn reason(&self) -> String {
        let (found, expected) = match self.message.find(", expected") {
            Some(at) => self.message.split_at(at),
            None => (self.message.as_str(), ""),
        };
        let column = self.place().and_then(|place| place.column.as_ref());
        let column = column.map_or_else(String::new, |column| general(column) + ": ");
        column + &general(found) + expected
    }

    /// Whether bytes were refused as a gazetteer.
    pub fn is_format(&self) -> bool {
        self.kind == ErrorKind::Format
    }

    /// Whether a row, field or text was refused.
    pub fn is_input(&self) -> bool {
        self.kind == ErrorKind::Input
    }

    /// Whether reading or writing failed.
    pub fn is_io(&self) -> bool {
        self.kind == ErrorKind::Io
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|s| s.as_ref() as _)
    }
}

/// A text with … for what is quoted and for words that begin with a digit.
fn general(text: &str) -> String {
    let mut out = String::new();
    for (i, part) in text.split('"').enumerate() {
        if i % 2 == 1 {
            out.push('…');
            continue;
        }
        let mut rest = part.chars().peekable();
        let mut in_number = false;
        while let Some(c) = rest.next() {
            let begins = out.chars().next_back().is_none_or(|before| matches!(before, ' ' | '[' | '('));
            let digit = c.is_ascii_digit() || (c == '-' && rest.peek().is_some_and(char::is_ascii_digit));
            if begins && digit {
                in_number = true;
                out.push('…');
            } else if !in_number || !(c.is_alphanumeric() || c == '.') {
                in_number = false;
                out.push(c);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_errors_name_their_place() {
        let error = Error::input("latitude is 400.2, expected -90 to 90")
            .at(Place::file("am.csv").line(118).column("lat"));
        assert_eq!(error.to_string(), "am.csv:118: column lat: latitude is 400.2, expected -90 to 90");
        assert!(error.is_input() && !error.is_format());
    }

    #[test]
    fn equal_reasons_are_told_alike() {
        for (message, column, expected) in [
            (
                "has 3 fields, expected 19 separated by tabs",
                None,
                "has … fields, expected 19 separated by tabs",
            ),
            ("id is \"gn 1\", expected scheme:value", Some("id"), "id: id is …, expected scheme:value"),
            ("longitude is -180.01, expected -180 to 180", None, "longitude is …, expected -180 to 180"),
            ("the name is empty", Some("names[12].value"), "names[…].value: the name is empty"),
            ("0xE1 is not UTF-8; save the file as UTF-8", None, "… is not UTF-8; save the file as UTF-8"),
        ] {
            let place = column.map_or(Place::file("x").line(7), |column| Place::file("x").column(column));
            assert_eq!(Error::input(message).at(place).reason(), expected);
        }
    }

    #[test]
    fn io_errors_keep_their_cause() {
        let error = Error::io("cannot write out.gaz", std::io::Error::other("disk full"));
        assert_eq!(error.to_string(), "cannot write out.gaz");
        assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "disk full");
    }
}
