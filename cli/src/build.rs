//! `exonym build`: sources in, one gazetteer file out.

use std::ops::ControlFlow;
use std::path::Path;

use anyhow::{Context, Result, bail};
use exonym::GazetteerBuilder;

use crate::args::{Build, Outcome};
use crate::pipeline::cores;
use crate::progress;
use crate::sink::{folder_of, interrupt, tell, temporary_beside};
use crate::source::open_all;

/// Bad rows shown; the rest are only counted.
const SHOWN: u64 = 5;

pub(crate) fn run(args: &Build) -> Result<Outcome> {
    let mut builder = GazetteerBuilder::new().strict(args.strict).transliterate(args.transliterate);
    if let Some(date) = &args.data_date {
        // The builder refuses it as well, but only after all sources were read.
        let whole = date.len() == 10
            && date.parse::<exonym::record::Date>().is_ok()
            && !date.contains(['X', '?', '~']);
        if !whole {
            bail!("--data-date is {date:?}, expected YYYY-MM-DD such as 2025-11-01");
        }
        builder = builder.data_date(date);
    }
    if let Some(licence) = &args.licence {
        builder = match licence.strip_prefix('@') {
            Some(path) => builder
                .licence(&std::fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?),
            None => builder.licence(licence),
        };
    }
    check_output(&args.output)?;
    let folder = args
        .tmp
        .as_deref()
        .filter(|tmp| !tmp.as_os_str().is_empty())
        .unwrap_or_else(|| folder_of(&args.output));
    check_folder(folder)?;
    let memory = usize::try_from(args.memory.as_u64()).unwrap_or(usize::MAX - 1);
    builder = builder.memory(memory, folder).threads(args.threads.unwrap_or_else(cores));
    if !args.quiet {
        progress::start_rows();
    }
    let (mut good, mut bad) = (0u64, 0u64);
    for (source, mut rows) in open_all(&args.sources, args.format, args.alternate_names.as_deref())? {
        for row in &mut rows {
            progress::advance(1);
            match row.and_then(|(record, place)| builder.add(record, Some(place))) {
                Ok(()) => good += 1,
                Err(error) if args.strict || error.is_io() => return Err(error.into()),
                Err(error) => {
                    bad += 1;
                    if bad <= SHOWN {
                        tell(format!("exonym: left out: {error}"));
                    }
                }
            }
        }
        if rows.passed_over() > 0 && !args.quiet {
            tell(format!("exonym: {}: passed over: {} of no use here", source.display(), rows.passed_over()));
        }
        if !rows.ignored_columns().is_empty() && !args.quiet {
            tell(format!(
                "exonym: {}: no column of ours, left out: {}",
                source.display(),
                rows.ignored_columns().join(", ")
            ));
        }
    }
    if bad > SHOWN {
        tell(format!("exonym: and {} more", bad - SHOWN));
    }
    if good == 0 {
        bail!("no row could be used; nothing was written");
    }
    let builder = builder.on_progress(|progress| {
        progress::show_build(progress);
        ControlFlow::Continue(())
    });
    interrupt::remove(exonym::gazetteer::temporary_of(&args.output)?);
    let report = builder.write(&args.output)?;
    progress::end();
    if !args.quiet {
        tell(report);
        if bad > 0 {
            tell(format!("{bad} of {} rows were left out; --strict stops at the first", good + bad));
        }
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
