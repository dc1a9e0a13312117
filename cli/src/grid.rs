//! Tables on standard output: tab-separated, or on a terminal in columns that stand below each other, whatever letters they have.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use crate::links;
use crate::sink::Sink;

/// What stands between two columns.
const GAP: &str = "  ";

/// So wide the last column must be able to be, if it is.
const LEAST: usize = 10;

/// Rows of a table, the header first if there is one.
#[derive(Default)]
pub(crate) struct Grid {
    rows: Vec<Row>,
    has_header: bool,
}

enum Row {
    Cells(Vec<String>),
    /// A line that has nothing to do with the columns.
    Line(String),
}

impl Grid {
    pub(crate) fn new<const N: usize>(header: [&str; N]) -> Grid {
        Grid { rows: vec![Row::Cells(header.map(str::to_owned).to_vec())], has_header: true }
    }

    /// A row; tabs and line ends in it become spaces.
    pub(crate) fn row<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) {
        let cells = cells.into_iter().map(|cell| cell.as_ref().replace(['\t', '\r', '\n'], " "));
        self.rows.push(Row::Cells(cells.collect()));
    }

    pub(crate) fn line(&mut self, line: String) {
        self.rows.push(Row::Line(line));
    }

    pub(crate) fn write(&self, out: &mut Sink) -> io::Result<()> {
        if out.is_terminal() {
            let columns =
                terminal_size::terminal_size().map_or(usize::MAX, |(width, _)| usize::from(width.0));
            return out.write_all(self.fitting(columns).as_bytes());
        }
        for row in &self.rows {
            match row {
                Row::Cells(cells) => writeln!(out, "{}", cells.join("\t"))?,
                Row::Line(line) => writeln!(out, "{line}")?,
            }
        }
        Ok(())
    }

    /// Columns, or where they are too wide for a terminal, lines of what there is: broken columns are worse than none.
    fn fitting(&self, columns: usize) -> String {
        let shapes = self.shapes();
        // The last column may be broken, but not squeezed.
        let last = shapes.last().map_or(0, |(wide, _)| (*wide).min(LEAST));
        let before =
            shapes.iter().rev().skip(1).map(|(wide, _)| if *wide > 0 { wide + GAP.len() } else { 0 });
        if before.sum::<usize>() + last <= columns {
            return self.aligned();
        }
        let mut text = String::new();
        for row in &self.rows {
            match row {
                Row::Line(line) => text.push_str(line),
                Row::Cells(cells) => {
                    let there: Vec<&str> =
                        cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
                    text.push_str(&there.join(GAP));
                }
            }
            text.push('\n');
        }
        text
    }

    /// How wide each column is, and whether it has nothing but numbers below the header.
    fn shapes(&self) -> Vec<(usize, bool)> {
        let rows = || {
            self.rows.iter().filter_map(|row| match row {
                Row::Cells(cells) => Some(cells),
                Row::Line(_) => None,
            })
        };
        let columns = rows().map(Vec::len).max().unwrap_or_default();
        let below = || rows().skip(usize::from(self.has_header));
        let is_number = |cell: &String| cell.bytes().all(|b| b.is_ascii_digit());
        let shape = |i: usize| {
            let width = rows().filter_map(|row| row.get(i)).map(|cell| width(cell)).max().unwrap_or_default();
            (width, below().filter_map(|row| row.get(i)).all(is_number))
        };
        (0..columns).map(shape).collect()
    }

    /// Columns as wide as their widest cell; numbers below the header end where they all end.
    fn aligned(&self) -> String {
        let shapes = self.shapes();
        let mut text = String::new();
        for row in &self.rows {
            let start = text.len();
            match row {
                Row::Line(line) => text.push_str(line),
                Row::Cells(cells) => {
                    // A column in which nothing stands takes no room.
                    for (cell, (wide, number)) in cells.iter().zip(&shapes).filter(|(_, (wide, _))| *wide > 0)
                    {
                        let gap = if text.len() > start { GAP } else { "" };
                        let space = " ".repeat(wide - width(cell).min(*wide));
                        let (before, behind) = if *number { (&*space, "") } else { ("", &*space) };
                        text.extend([gap, before, cell, behind]);
                    }
                    text.truncate(start + text.get(start..).unwrap_or_default().trim_end().len());
                }
            }
            text.push('\n');
        }
        text
    }
}

/// How wide a cell is on a terminal, where the address of a link takes no room.
fn width(cell: &str) -> usize {
    let mut parts = cell.split(links::BEGIN);
    let before = parts.next().unwrap_or_default();
    before.width()
        + parts.filter_map(|part| part.split_once(links::END)).map(|(_, text)| text.width()).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let mut grid = Grid::new(["name", "n", "id"]);
        grid.row(["阿拉木图", "7", "gn:1"]);
        grid.row(["Ба\u{301}ку", "12", &links::link("gn:22", "https://example.org/")]);
        assert_eq!(
            grid.aligned(),
            "name       n  id\n阿拉木图   7  gn:1\nБа\u{301}ку      12  \u{1b}]8;;https://example.org/\u{1b}\\gn:22\u{1b}]8;;\u{1b}\\\n"
        );
        assert_eq!(grid.fitting(22), grid.aligned());
        assert!(grid.fitting(17).starts_with("name  n  id\n阿拉木图  7  gn:1\nБа\u{301}ку  12  "));
        assert_eq!(width(&links::link("阿拉", "https://example.org/")), 4);
    }
}
