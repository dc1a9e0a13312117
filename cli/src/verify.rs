//! `exonym verify`: read all of a gazetteer and check it.

use std::io::Write;

use anyhow::Result;

use crate::args::{Outcome, Verify};
use crate::sink::Sink;

pub(crate) fn run(args: &Verify) -> Result<Outcome> {
    let gazetteer = args.gazetteer.open()?;
    gazetteer.verify()?;
    let mut out = Sink::open(None)?;
    let name = args.gazetteer.file().map_or("the embedded gazetteer".to_owned(), |p| p.display().to_string());
    writeln!(out, "{name} is sound: {} records, {} names", gazetteer.info().records, gazetteer.info().names)?;
    out.close()?;
    Ok(Outcome::Found)
}
