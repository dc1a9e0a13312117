//! `exonym completions`: a script for a shell, so that it completes commands, options and their values.

use std::io::Write;

use anyhow::Result;
use clap::Args;
use clap_complete::Shell;

use crate::args::{Outcome, command};
use crate::sink::Sink;

#[derive(Args)]
pub(crate) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

pub(crate) fn run(args: &Completions) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "exonym", &mut script);
    let mut out = Sink::open(None)?;
    out.write_all(&script)?;
    out.close()?;
    Ok(Outcome::Found)
}
