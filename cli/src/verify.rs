//! `exonym verify`: read all of a gazetteer and check it.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use exonym::Gazetteer;

use crate::args::{Outcome, Verify};
use crate::layers::open;
use crate::sink::Sink;

pub(crate) fn run(args: &Verify) -> Result<Outcome> {
    let mut out = Sink::open(None)?;
    let mut check = |gazetteer: &Gazetteer, name: &str| {
        gazetteer.verify()?;
        let info = gazetteer.info();
        writeln!(out, "{name} is sound: {} records, {} names", info.records, info.names)?;
        // Told before the next one may turn out to be damaged.
        out.flush()?;
        Ok::<(), anyhow::Error>(())
    };
    let files = args.gazetteer.files();
    if files.len() == 0 {
        check(exonym_gazetteer::embedded(), "the embedded gazetteer")?;
    }
    // Each for itself, so that it is told which one is damaged.
    for path in files {
        let name = if path == Path::new("default") {
            "the embedded gazetteer".into()
        } else {
            path.display().to_string()
        };
        check(&*open(path)?, &name)?;
    }
    out.close()?;
    Ok(Outcome::Found)
}
