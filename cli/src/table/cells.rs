//! A row of a table as it is written: where its cells are, what they say, and how to write one in their way.

use std::borrow::Cow;
use std::ops::Range;

use crate::input::records::State;

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) delimiter: u8,
    /// Whether a cell that begins with a quotation mark may hold delimiters and line ends.
    pub(crate) quoted: bool,
}

impl Style {
    /// Where the cells of a row are, which has no line end.
    pub(crate) fn cells(self, row: &[u8], cells: &mut Vec<Range<usize>>) {
        cells.clear();
        let (mut start, mut state) = (0, State::Start);
        let plain = !self.quoted || !row.contains(&b'"');
        for (at, &byte) in row.iter().enumerate() {
            state = if plain { State::Plain } else { state.behind(byte, self.delimiter) };
            if byte == self.delimiter && state != State::Quoted {
                cells.push(start..at);
                start = at + 1;
            }
        }
        cells.push(start..row.len());
    }

    /// What the cells of a row say, without a mark before the first.
    pub(crate) fn values(self, row: &[u8]) -> Vec<String> {
        let mut cells = Vec::new();
        self.cells(row, &mut cells);
        let value = |cell: &Range<usize>| self.value(row.get(cell.clone()).unwrap_or_default()).into_owned();
        let values = cells.iter().map(value);
        values.map(|value| value.trim_start_matches('\u{feff}').to_owned()).collect()
    }

    /// What a cell says.
    pub(crate) fn value(self, cell: &[u8]) -> Cow<'_, str> {
        let text = String::from_utf8_lossy(cell);
        let Some(inner) = text.strip_prefix('"') else { return text };
        let Some(closing) = closing(inner) else { return text };
        let (inside, behind) = inner.split_at(closing);
        let behind = behind.get(1..).unwrap_or_default();
        if !self.quoted && !behind.is_empty() {
            return text;
        }
        Cow::Owned(format!("{}{behind}", inside.replace("\"\"", "\"")))
    }

    /// A value in the place of a cell, quoted as that is or as it must be.
    pub(crate) fn write(self, value: &str, instead_of: &[u8], out: &mut Vec<u8>) {
        let bytes = value.as_bytes();
        if !self.quoted {
            out.extend(
                bytes
                    .iter()
                    .map(|b| if *b == self.delimiter || matches!(b, b'\r' | b'\n') { b' ' } else { *b }),
            );
            return;
        }
        let must = bytes.iter().any(|b| *b == self.delimiter || matches!(b, b'"' | b'\r' | b'\n'));
        if must || instead_of.first() == Some(&b'"') {
            out.push(b'"');
            out.extend(value.replace('"', "\"\"").as_bytes());
            out.push(b'"');
        } else {
            out.extend(bytes);
        }
    }
}

/// Where the quotation mark is that closes a cell, of what stands behind the first.
fn closing(inner: &str) -> Option<usize> {
    let mut marks = inner.match_indices('"').map(|(at, _)| at).peekable();
    while let Some(at) = marks.next() {
        if marks.next_if_eq(&(at + 1)).is_none() {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_as_they_are_written() {
        let csv = Style { delimiter: b',', quoted: true };
        let tsv = Style { delimiter: b'\t', quoted: false };
        for (style, row, expected) in [
            (csv, "a,b", &["a", "b"][..]),
            (csv, "", &[""]),
            (csv, "\"a,\"\"b\"\"\",c\"d,", &["a,\"b\"", "c\"d", ""]),
            (csv, "\"\",\"\"\"\"", &["", "\""]),
            (csv, "\"a\"b,\"x\ny\"", &["ab", "x\ny"]),
            (csv, "a \"b, c\" d", &["a \"b", " c\" d"]),
            (tsv, "\"a\t\"b\"\t\"\"\"c\"\"\"\t\"d\"e", &["\"a", "b", "\"c\"", "\"d\"e"]),
        ] {
            let mut cells = Vec::new();
            style.cells(row.as_bytes(), &mut cells);
            let values: Vec<_> = cells.iter().map(|c| style.value(row[c.clone()].as_bytes())).collect();
            assert_eq!(values, expected, "{row}");
        }
    }

    #[test]
    fn a_cell_that_is_written_is_read_again() {
        for (style, value, instead_of, expected) in [
            (Style { delimiter: b';', quoted: true }, "a;b", "x", "\"a;b\""),
            (Style { delimiter: b';', quoted: true }, "a,b", "x", "a,b"),
            (Style { delimiter: b';', quoted: true }, "a", "\"x\"", "\"a\""),
            (Style { delimiter: b',', quoted: true }, "a \"b\"", "x", "\"a \"\"b\"\"\""),
            (Style { delimiter: b'\t', quoted: false }, "a\tb\nc", "x", "a b c"),
        ] {
            let mut out = Vec::new();
            style.write(value, instead_of.as_bytes(), &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
