//! `exonym normalize`: names in, records out, in the same order; of a list a line for each, in a table beside each.

mod answer;
pub(crate) mod args;
mod columns;
mod list;
mod objects;
mod table;
mod task;

use std::io::Write;

use anyhow::{Error, Result, bail};
use exonym::Annotator;

use self::answer::Normalizer;
use self::args::{Normalize, TableKind};
use self::list::List;
use self::objects::Objects;
use self::table::Table;
use self::task::Task;
use crate::args::Outcome;
use crate::input::Decoder;
use crate::input::records::{Batch, Cut, batches};
use crate::pipeline;
use crate::progress;
use crate::sink::{Sink, tell};
use crate::table::cells::Style;
use crate::table::delimiter;

/// What the names stand in.
enum Holder {
    List(List),
    Table(Table),
    Objects(Objects),
}

/// What became of a batch.
struct Piece {
    bytes: Vec<u8>,
    /// What was wrong behind the bytes.
    error: Option<Error>,
    decoder: Decoder,
    all_matched: bool,
    /// Rows with more cells than the header.
    long_rows: u64,
    first: bool,
    last_for_now: bool,
}

pub(crate) fn run(args: &Normalize) -> Result<Outcome> {
    let options = args.hints.options()?;
    let labels = args.naming.labels();
    let mut task = Task::new(&args.table)?;
    let kind = kind(args)?;
    let delimiter = delimiter(args.table.delimiter.as_deref(), kind == TableKind::Tsv)?;
    let inputs = args.inputs.inputs()?;
    let cut = if kind == TableKind::Csv { Cut::Rows { delimiter } } else { Cut::Lines };
    let gazetteer = args.gazetteer.open()?;
    let mut out = Sink::open(args.output.as_deref())?;
    progress::start(inputs.total(), out.is_terminal());
    let annotator = Annotator::new(&gazetteer);
    let mut records = batches(&inputs, cut);

    let mut first = None;
    let holder = match kind {
        TableKind::Lines => {
            let list = List::new(args)?;
            let mut header = Vec::new();
            list.header(&task, &mut header)?;
            out.write_all(&header)?;
            Holder::List(list)
        }
        TableKind::Jsonl => Holder::Objects(Objects::new(&args.table)?),
        TableKind::Csv | TableKind::Tsv => {
            first = records.next()?;
            let style = Style { delimiter, quoted: kind == TableKind::Csv };
            let Some(batch) = &first else {
                out.close()?;
                return Ok(Outcome::Found);
            };
            Holder::Table(Table::new(&args.table, style, &mut task, batch, !args.no_header, inputs.strict)?)
        }
    };

    let worker = || {
        let mut normalizer = Normalizer::new(&gazetteer, &annotator, options.clone(), &labels);
        let (holder, task) = (&holder, &task);
        move |batch: Batch| {
            let mut piece = Piece {
                bytes: Vec::new(),
                error: None,
                decoder: Decoder::new(inputs.strict),
                all_matched: true,
                long_rows: 0,
                first: batch.first,
                last_for_now: batch.last_for_now,
            };
            let done = match holder {
                Holder::List(list) => list.batch(task, &mut normalizer, &batch, &mut piece),
                Holder::Table(table) => table.batch(task, &mut normalizer, &batch, inputs.strict, &mut piece),
                Holder::Objects(objects) => objects.batch(task, &mut normalizer, &batch, &mut piece),
            };
            piece.error = done.err();
            piece
        }
    };
    let (mut decoder, mut all_matched, mut long_rows) = (Decoder::new(inputs.strict), true, 0);
    let mut open_line = false;
    let next = || match first.take() {
        Some(batch) => Ok(Some(batch)),
        None => records.next(),
    };
    let result = pipeline::run(inputs.threads, next, worker, |piece: Piece| {
        // The last line of a file may have no end, and another file follows.
        if piece.first && open_line && !piece.bytes.is_empty() {
            out.write_all(b"\n")?;
        }
        out.write_all(&piece.bytes)?;
        open_line = piece.bytes.last().map_or(open_line, |last| *last != b'\n');
        if piece.last_for_now {
            out.show()?;
        }
        decoder.add(piece.decoder);
        all_matched &= piece.all_matched;
        long_rows += piece.long_rows;
        piece.error.map_or(Ok(()), Err)
    });
    // What came before an error was good, and is there.
    if let Err(error) = result {
        out.show()?;
        return Err(error);
    }
    out.close()?;
    progress::end();
    decoder.report();
    if long_rows > 0 {
        let rows = if long_rows == 1 { "row has" } else { "rows have" };
        tell(format!(
            "exonym: {long_rows} {rows} more cells than the header; what is added to them stands further right"
        ));
    }
    Ok(if args.fail_unmatched && !all_matched { Outcome::Nothing } else { Outcome::Found })
}

/// What the input is: as said, else told by its name where columns are asked for.
fn kind(args: &Normalize) -> Result<TableKind> {
    let by_name = || match args.inputs.extension().as_deref() {
        Some("tsv" | "tab") => TableKind::Tsv,
        Some("jsonl" | "ndjson") => TableKind::Jsonl,
        _ => TableKind::Csv,
    };
    let usual = if args.table.column.is_empty() { TableKind::Lines } else { by_name() };
    let kind = args.input.unwrap_or(usual);
    let table = &args.table;
    let of_table = [
        ("--column", !table.column.is_empty()),
        ("--country-column", table.country_column.is_some()),
        ("--region-column", table.region_column.is_some()),
        ("--lat-column", table.lat_column.is_some()),
        ("--lang-column", table.lang_column.is_some()),
        ("--date-column", table.date_column.is_some()),
        ("--delimiter", table.delimiter.is_some()),
    ];
    if let Some((option, _)) = of_table.iter().find(|(_, given)| *given && kind == TableKind::Lines) {
        bail!("{option} is for tables; give --column, or --input csv, tsv or jsonl");
    }
    if kind != TableKind::Lines && (args.format.is_some() || args.candidates.is_some()) {
        bail!("--format and --candidates are for lists; a table stays as it is, with the fields of --add");
    }
    Ok(kind)
}
