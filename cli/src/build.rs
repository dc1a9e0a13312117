//! `exonym build`: sources in, one gazetteer file out.

use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Context, Result, bail};
use exonym::gazetteer::Joiner;
use exonym::source::Rows;
use exonym::{Gazetteer, GazetteerBuilder};
use tempfile::NamedTempFile;

use crate::args::{Build, Outcome};
use crate::pipeline::cores;
use crate::progress;
use crate::report::Report;
use crate::sink::{folder_of, interrupt, tell, temporary_beside};
use crate::source::open_all;

pub(crate) fn run(args: &Build) -> Result<Outcome> {
    if let Some(date) = &args.data_date {
        // The builder refuses it as well, but only after all sources were read.
        let whole = date.len() == 10
            && date.parse::<exonym::record::Date>().is_ok()
            && !date.contains(['X', '?', '~']);
        if !whole {
            bail!("--data-date is {date:?}, expected YYYY-MM-DD such as 2025-11-01");
        }
    }
    let licence = args.licence.as_deref().unwrap_or("");
    let licence = match licence.strip_prefix('@') {
        Some(path) => std::fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?,
        None => licence.to_owned(),
    };
    let date = args.data_date.as_deref().unwrap_or("");
    check_output(&args.output)?;
    let folder = args
        .tmp
        .as_deref()
        .filter(|tmp| !tmp.as_os_str().is_empty())
        .unwrap_or_else(|| folder_of(&args.output));
    check_folder(folder)?;
    let memory = usize::try_from(args.memory.as_u64()).unwrap_or(usize::MAX - 1);
    let new = || {
        let builder = GazetteerBuilder::new().strict(args.strict).licence(&licence).data_date(date);
        builder.memory(memory, folder).threads(args.threads.unwrap_or_else(cores))
    };
    let mut builder = new();
    if let Some(path) = &args.report {
        check_output(path)?;
    }
    if !args.quiet {
        progress::start_rows();
    }
    let mut report = Report::default();
    let mut selection = args.only.selection()?;
    let mut sources =
        open_all(&args.sources, args.format, args.alternate_names.as_deref())?.into_iter().peekable();
    // What was read before the sources that are joined to it.
    let mut before: Option<(NamedTempFile, Gazetteer)> = None;
    while let Some((source, mut rows)) = sources.next() {
        let mut joiner = before.as_ref().map(|(_, gazetteer)| Joiner::new(gazetteer, args.join_within));
        for row in &mut rows {
            progress::advance(1);
            let added = row.and_then(|(mut record, place)| {
                if let Some(joiner) = &mut joiner
                    && let Some(how) = joiner.join(&mut record)
                {
                    report.joined(how, joiner.doubt(), &place, &source);
                }
                let Some(record) = selection.take(record) else {
                    report.unwanted(&place, &source);
                    return Ok(());
                };
                builder.add(record, Some(place.clone()))?;
                report.used(&place, &source);
                Ok(())
            });
            match added {
                Ok(()) => {}
                Err(error) if args.strict || error.is_io() => return Err(error.into()),
                Err(error) => report.refused(&error, &source),
            }
        }
        let left_out = selection.left_out();
        report.read(&source, rows.passed_over(), rows.ignored_columns(), left_out);
        // Files of our own columns are written to go together; what others made is joined.
        let join = |rows: &Rows| !matches!(rows, Rows::Csv(_) | Rows::Jsonl(_));
        if let Some((_, next)) = sources.peek()
            && (join(next) || join(&rows))
            && report.used_any()
        {
            let so_far = temporary_beside(&args.output)?;
            builder.write(so_far.path())?;
            let gazetteer = Gazetteer::open(so_far.path())?;
            builder = new();
            for record in gazetteer.records() {
                for row in record.to_rows()? {
                    builder.add(row, None)?;
                }
            }
            before = Some((so_far, gazetteer));
        }
    }
    report.tell_rest();
    if !report.used_any() {
        bail!("no row could be used; nothing was written");
    }
    let builder = builder.transliterate(args.transliterate).on_progress(|progress| {
        progress::show_build(progress);
        ControlFlow::Continue(())
    });
    interrupt::remove(exonym::gazetteer::temporary_of(&args.output)?);
    let stored = builder.write(&args.output)?;
    progress::end();
    report.stored(&stored);
    if !args.quiet {
        report.tell_sources();
        tell(stored);
    }
    if let Some(path) = &args.report {
        report.write(path)?;
    }
    Ok(Outcome::Found)
}

/// Refuses a folder that takes no temporary files, before the sources are read.
fn check_folder(folder: &Path) -> Result<()> {
    let doing =
        || format!("cannot write temporary files in {}; name another folder with --tmp", folder.display());
    tempfile::tempfile_in(folder).with_context(doing)?;
    Ok(())
}

/// Refuses an output that could not be written, before hours of work are done for it.
fn check_output(path: &Path) -> Result<()> {
    let doing = || format!("cannot write {}", path.display());
    match path.metadata() {
        Ok(about) if about.is_dir() => bail!("{}: it is a folder; name a file in it", doing()),
        // The finished file is renamed to its place, which would replace the device.
        Ok(about) if !about.is_file() => bail!("{}: it is no regular file", doing()),
        _ => {}
    }
    temporary_beside(path).with_context(doing)?;
    Ok(())
}
