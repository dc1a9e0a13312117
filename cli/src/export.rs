//! `exonym export`: all of a gazetteer as CSV, or a stack as one file.

use std::ffi::OsStr;

use anyhow::Result;
use exonym::GazetteerBuilder;

use crate::args::{Export, Outcome};
use crate::sink::{Sink, tell};

pub(crate) fn run(args: &Export) -> Result<Outcome> {
    let gazetteer = args.gazetteer.open()?;
    let output = args.output.as_deref();
    if let Some(path) = output.filter(|path| path.extension() == Some(OsStr::new("gaz"))) {
        let mut builder = GazetteerBuilder::new().licence(gazetteer.licence());
        if let Some(date) = &gazetteer.info().data_date {
            builder = builder.data_date(date);
        }
        builder.add_layer(&gazetteer)?;
        tell(builder.write(path)?);
        return Ok(Outcome::Found);
    }
    let mut out = Sink::open(output)?;
    gazetteer.export(&mut out)?;
    out.close()?;
    Ok(Outcome::Found)
}
