//! `exonym man`: pages for `man`, made of the same help.

use std::fs;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use clap_mangen::Man as Page;

use crate::args::{Outcome, command};
use crate::similar;
use crate::sink::Sink;

#[derive(Args)]
pub(crate) struct Man {
    /// The command whose page to write; the page of exonym itself if none.
    #[arg(value_name = "COMMAND", conflicts_with = "dir")]
    pub(crate) command: Option<String>,
    /// Write all pages into a folder, as exonym.1, exonym-annotate.1 and so on.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) dir: Option<PathBuf>,
}

pub(crate) fn run(args: &Man) -> Result<Outcome> {
    let mut whole = command();
    whole.build();
    let commands = || whole.get_subcommands().filter(|c| c.get_name() != "help");
    if let Some(folder) = &args.dir {
        let doing = || format!("cannot write pages to {}", folder.display());
        fs::create_dir_all(folder).with_context(doing)?;
        for command in std::iter::once(&whole).chain(commands()) {
            let mut out = Sink::open(Some(&folder.join(format!("{}.1", name(command)))))?;
            out.write_all(&page(command)?)?;
            out.close()?;
        }
        return Ok(Outcome::Found);
    }
    let wanted = match &args.command {
        None => &whole,
        Some(word) => match commands().find(|c| c.get_name() == word) {
            Some(found) => found,
            None => {
                let names: Vec<&str> = commands().map(clap::Command::get_name).collect();
                let meant = similar::meant(word, names.iter().copied());
                bail!("there is no command {word:?}{meant}; the commands are {}", names.join(", "))
            }
        },
    };
    let mut out = Sink::open(None)?;
    out.write_all(&page(wanted)?)?;
    out.close()?;
    Ok(Outcome::Found)
}

/// `exonym` or `exonym-annotate`.
fn name(command: &clap::Command) -> String {
    command.get_bin_name().unwrap_or("exonym").replace(' ', "-")
}

fn page(command: &clap::Command) -> Result<Vec<u8>> {
    let mut roff = Vec::new();
    Page::new(command.clone()).title(name(command)).render(&mut roff)?;
    Ok(roff)
}
