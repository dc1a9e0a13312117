//! CSV and TSV: what is not asked for stays as it came, byte by byte.

use std::borrow::Cow;
use std::ops::Range;

use anyhow::{Result, bail};

use super::Piece;
use super::answer::{Context, Normalizer};
use super::args::Table as TableArgs;
use super::columns::Columns;
use super::task::{Task, point, some};
use crate::fields::cell;
use crate::input::records::{Batch, without_end};
use crate::table::cells::Style;
use crate::table::header::Header;

/// A table with its columns.
pub(super) struct Table {
    style: Style,
    columns: Columns,
    /// The header of the first file, without its line end; none if tables have no header.
    header: Option<Vec<u8>>,
    /// Number of the file it is of.
    header_of: usize,
    /// How many cells the header has.
    width: usize,
}

impl Table {
    /// The table that begins with these rows.
    pub(super) fn new(
        args: &TableArgs,
        style: Style,
        task: &mut Task,
        first: &Batch,
        has_header: bool,
        strict: bool,
    ) -> Result<Table> {
        let file = &*first.name;
        let content = first.records().next().map_or(&b""[..], |(row, _)| without_end(row).0);
        let names = style.values(content);
        if strict && std::str::from_utf8(content).is_err() {
            bail!("{file}:1: the header is not UTF-8; convert the input, or leave out --strict");
        }
        let columns = Columns::new(args, &Header { file, names: has_header.then_some(&*names) })?;
        task.set_single(columns.names.len() == 1);
        for (_, label) in columns.names.iter().filter(|_| has_header) {
            for field in &task.add {
                let column = task.column(label, field);
                if names.contains(&column) {
                    bail!(
                        "{file}: there is a column {column:?} already; give the added ones another --prefix"
                    );
                }
            }
        }
        let header = has_header.then(|| content.to_owned());
        Ok(Table { style, columns, header, header_of: first.input, width: names.len() })
    }

    /// The rows of a batch.
    pub(super) fn batch(
        &self,
        task: &Task,
        normalizer: &mut Normalizer<'_, '_>,
        batch: &Batch,
        strict: bool,
        piece: &mut Piece,
    ) -> Result<()> {
        let mut cells = Vec::new();
        let mut values = Vec::new();
        for (i, (record, line)) in batch.records().enumerate() {
            let (content, end) = without_end(record);
            if let Some(header) = self.header.as_ref().filter(|_| batch.first && i == 0) {
                if batch.input == self.header_of {
                    self.write_header(task, content, end, &mut piece.bytes);
                } else if header != content {
                    bail!(
                        "{}: its header is not that of the first file; run exonym once for each",
                        batch.name
                    );
                }
                continue;
            }
            if strict && let Err(error) = std::str::from_utf8(content) {
                let byte = error.valid_up_to() + 1;
                bail!(
                    "{}:{line}: byte {byte} is not UTF-8; convert the input, or leave out --strict",
                    batch.name
                );
            }
            if content.is_empty() && self.width > 1 {
                piece.bytes.extend(end);
                continue;
            }
            self.style.cells(content, &mut cells);
            values.clear();
            self.row(task, normalizer, content, &cells, &mut values, piece, || {
                format!("{}:{line}", batch.name)
            })?;
            piece.bytes.extend(end);
        }
        Ok(())
    }

    fn write_header(&self, task: &Task, content: &[u8], end: &[u8], out: &mut Vec<u8>) {
        out.extend(content);
        for (_, label) in &self.columns.names {
            for field in &task.add {
                out.push(self.style.delimiter);
                self.style.write(&task.column(label, field), b"", out);
            }
        }
        out.extend(if end.is_empty() { b"\n" } else { end });
    }

    #[expect(clippy::too_many_arguments, reason = "memory is used again from row to row")]
    fn row(
        &self,
        task: &Task,
        normalizer: &mut Normalizer<'_, '_>,
        content: &[u8],
        cells: &[Range<usize>],
        added: &mut Vec<String>,
        piece: &mut Piece,
        place: impl Fn() -> String,
    ) -> Result<()> {
        let raw = |column: usize| cells.get(column).and_then(|c| content.get(c.clone())).unwrap_or_default();
        let value = |column: usize| self.style.value(raw(column));
        let of = |column: Option<usize>| column.map_or(Cow::Borrowed(""), value);
        let columns = &self.columns;
        let (country, region) = (of(columns.country), of(columns.region));
        let (lang, date) = (of(columns.lang), of(columns.date));
        let row = Context {
            country: some(&country),
            region: some(&region),
            point: columns.point.and_then(|(lat, lon)| point(&value(lat), &value(lon))),
            lang: some(&lang),
            date: some(&date),
        };
        let mut replaced: Vec<(usize, String)> = Vec::new();
        for (column, _) in &columns.names {
            let text = value(*column);
            let answered = task.answer(&text, &row, normalizer, &place)?;
            piece.all_matched &= answered.all_match();
            if let Some(field) = task.replace.as_ref().filter(|_| *column < cells.len()) {
                replaced.push((*column, task.replaced(field, &answered)));
            }
            for field in &task.add {
                let values: Vec<String> = answered.values(field).map(cell).collect();
                added.push(values.join(task.split.as_deref().unwrap_or_default()));
            }
        }
        replaced.sort();
        let out = &mut piece.bytes;
        let mut at = 0;
        for (column, new) in &replaced {
            let cell = cells.get(*column).cloned().unwrap_or_default();
            if *new == value(*column) {
                continue;
            }
            out.extend(content.get(at..cell.start).unwrap_or_default());
            self.style.write(new, raw(*column), out);
            at = cell.end;
        }
        out.extend(content.get(at..).unwrap_or_default());
        if added.is_empty() {
            return Ok(());
        }
        // A short row is filled up, so that what is added stands in its columns.
        out.extend(std::iter::repeat_n(self.style.delimiter, self.width.saturating_sub(cells.len())));
        piece.long_rows += u64::from(cells.len() > self.width);
        for value in added {
            out.push(self.style.delimiter);
            self.style.write(value, b"", out);
        }
        Ok(())
    }
}
