//! `exonym export`: all of a gazetteer as CSV.

use anyhow::Result;

use crate::args::{Export, Outcome};
use crate::sink::Sink;

pub(crate) fn run(args: &Export) -> Result<Outcome> {
    let gazetteer = args.gazetteer.open()?;
    let mut out = Sink::open(args.output.as_deref())?;
    gazetteer.export(&mut out)?;
    out.close()?;
    Ok(Outcome::Found)
}
