//! Inputs cut into records, many at a time: lines, or rows of a table whose quoted cells may hold line ends.

use std::sync::Arc;

use anyhow::{Error, Result, bail};

use super::Input;
use super::args::Inputs;

/// So many bytes make a batch, where they need not be waited for.
const BATCH: usize = 1 << 16;

/// A quoted cell larger than this was opened by mistake.
const LONGEST_ROW: usize = 1 << 26;

/// What a record is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// A whole input.
    Whole,
    /// A line.
    Lines,
    /// A line, and further ones as long as a cell that began with a quotation mark is open.
    Rows { delimiter: u8 },
}

/// Records of one input, with their line ends.
pub(crate) struct Batch {
    /// The input's name, for messages.
    pub(crate) name: Arc<str>,
    /// Whether the input is a named file.
    pub(crate) is_file: bool,
    /// Number of the input, counted from 0.
    pub(crate) input: usize,
    /// Whether it begins with the first record of its input.
    pub(crate) first: bool,
    bytes: Vec<u8>,
    /// Where each record ends, and the line it begins at.
    ends: Vec<(usize, u64)>,
    /// Whether the next record may have to be waited for.
    pub(crate) last_for_now: bool,
}

impl Batch {
    /// The records, each with the number of its first line.
    pub(crate) fn records(&self) -> impl Iterator<Item = (&[u8], u64)> {
        let mut at = 0;
        self.ends.iter().map(move |(end, line)| {
            let record = self.bytes.get(at..*end).unwrap_or_default();
            at = *end;
            (record, *line)
        })
    }
}

/// A record without its line end, and the line end.
pub(crate) fn without_end(record: &[u8]) -> (&[u8], &[u8]) {
    let content = record.strip_suffix(b"\n").unwrap_or(record);
    let content =
        if content.len() < record.len() { content.strip_suffix(b"\r").unwrap_or(content) } else { content };
    record.split_at(content.len())
}

/// The inputs, batch by batch.
pub(crate) struct Batches<I> {
    inputs: I,
    open: Option<(Input, Arc<str>)>,
    opened: usize,
    cut: Cut,
    /// Bytes that make a batch.
    size: usize,
    /// What went wrong behind the records of the last batch.
    failed: Option<Error>,
}

/// The batches of inputs.
pub(crate) fn batches(inputs: &Inputs, cut: Cut) -> Batches<impl Iterator<Item = Result<Input>>> {
    let size = if inputs.line_buffered { 1 } else { BATCH };
    Batches { inputs: inputs.open(), open: None, opened: 0, cut, size, failed: None }
}

impl<I: Iterator<Item = Result<Input>>> Batches<I> {
    /// The next batch, which is of one input and not empty.
    pub(crate) fn next(&mut self) -> Result<Option<Batch>> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let mut first = false;
        loop {
            if self.open.is_none() {
                first = true;
                let Some(input) = self.inputs.next().transpose()? else { return Ok(None) };
                let name = input.name.as_str().into();
                self.open = Some((input, name));
                self.opened += 1;
            }
            let Some((input, name)) = &mut self.open else { continue };
            let mut batch = Batch {
                name: name.clone(),
                is_file: input.path.is_some(),
                input: self.opened - 1,
                first,
                bytes: Vec::new(),
                ends: Vec::new(),
                last_for_now: true,
            };
            match fill(input, self.cut, self.size, &mut batch) {
                Ok(true) => {}
                Ok(false) => self.open = None,
                Err(error) if batch.ends.is_empty() => return Err(error),
                Err(error) => self.failed = Some(error),
            }
            if !batch.ends.is_empty() {
                return Ok(Some(batch));
            }
        }
    }
}

/// Read records into a batch; false at the end of the input.
fn fill(input: &mut Input, cut: Cut, size: usize, batch: &mut Batch) -> Result<bool> {
    if cut == Cut::Whole {
        batch.bytes = input.read_all()?;
        batch.ends.push((batch.bytes.len(), 1));
        return Ok(false);
    }
    while batch.bytes.len() < size {
        // What there is goes on its way before more is waited for.
        if !batch.ends.is_empty() && input.may_wait() {
            return Ok(true);
        }
        let start = batch.bytes.len();
        if !input.read_raw_line(&mut batch.bytes)? {
            return Ok(false);
        }
        let line = input.line();
        if let Cut::Rows { delimiter } = cut {
            let (mut state, mut at) = (State::Start, start);
            loop {
                let bytes = batch.bytes.get(at..).unwrap_or_default();
                // A line without quotation marks is done at once.
                if state != State::Start || bytes.contains(&b'"') {
                    state = bytes.iter().fold(state, |state, byte| state.behind(*byte, delimiter));
                }
                if state != State::Quoted {
                    break;
                }
                at = batch.bytes.len();
                if at - start > LONGEST_ROW || !input.read_raw_line(&mut batch.bytes)? {
                    bail!(
                        "{}:{line}: a quotation mark opens a cell and none closes it; close it, or give --input tsv if quotation \
                         marks are text",
                        input.name
                    );
                }
            }
        }
        batch.ends.push((batch.bytes.len(), line));
    }
    batch.last_for_now = size < BATCH;
    Ok(true)
}

/// Where in a row of a table a reader stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Before the first byte of a cell.
    Start,
    Plain,
    Quoted,
    /// Behind a quotation mark inside quotes: the end of them, or the first of two.
    Closing,
}

impl State {
    /// Where it stands behind a byte.
    pub(crate) fn behind(self, byte: u8, delimiter: u8) -> State {
        match (self, byte) {
            (State::Start | State::Closing, b'"') | (State::Quoted, _)
                if self != State::Quoted || byte != b'"' =>
            {
                State::Quoted
            }
            (State::Quoted, _) => State::Closing,
            (_, byte) if byte == delimiter => State::Start,
            _ => State::Plain,
        }
    }
}
