//! `exonym config`: what is in force where nothing is typed, and from where.

use std::env;
use std::ffi::OsStr;

use anyhow::{Result, bail};
use clap::{Arg, Args, Command};

use super::{Config, NO_SETTING, takes_values};
use crate::args::{Outcome, command};
use crate::grid::Grid;
use crate::similar;
use crate::sink::{Sink, tell};

#[derive(Args)]
pub(crate) struct ConfigArgs {
    /// Only the options of this command.
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Option<String>,
}

pub(crate) fn run(args: &ConfigArgs, config: &Config) -> Result<Outcome> {
    let mut program = command();
    program.build();
    let commands = || program.get_subcommands().filter(|c| c.get_name() != "help");
    if let Some(word) = &args.command
        && !commands().any(|c| c.get_name() == word)
    {
        let names: Vec<&str> = commands().map(Command::get_name).collect();
        let meant = similar::meant(word, names.iter().copied());
        bail!("there is no command {word:?}{meant}; the commands are {}", names.join(", "));
    }
    let mut out = Sink::open(None)?;
    let mut grid = Grid::new(["command", "option", "value", "from"]);
    let asked = commands().filter(|c| args.command.as_deref().is_none_or(|word| c.get_name() == word));
    for command in asked {
        for arg in command.get_arguments().filter(|arg| !NO_SETTING.contains(&arg.get_id().as_str())) {
            let Some(long) = arg.get_long() else { continue };
            if let Some((value, from)) = in_force(config, command.get_name(), arg) {
                grid.row([command.get_name(), &format!("--{long}"), &value, &from]);
            }
        }
    }
    grid.write(&mut out)?;
    out.close()?;
    if config.path.is_none() {
        tell("exonym: there is no config file; EXONYM_CONFIG can name one");
    }
    Ok(Outcome::Found)
}

/// The value of an option that is not typed, if it has one, and where that comes from.
fn in_force(config: &Config, command: &str, arg: &Arg) -> Option<(String, String)> {
    let variable = arg.get_env().and_then(|name| Some((name, env::var_os(name)?)));
    if let Some((name, value)) = variable.filter(|(_, value)| !value.is_empty()) {
        return Some((value.to_string_lossy().into_owned(), name.to_string_lossy().into_owned()));
    }
    let long = arg.get_long()?;
    if let Some(setting) = config.of(Some(command), long) {
        let file = config.path.as_ref().map_or(String::new(), |path| path.display().to_string());
        return Some((setting.values.join(","), format!("{file}:{}", setting.line)));
    }
    // The usual way of a program to be told by the environment.
    if long == "color"
        && let Some((name, value)) = [("NO_COLOR", "never"), ("CLICOLOR_FORCE", "always")]
            .into_iter()
            .find(|(name, _)| env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0"))
    {
        return Some((value.to_owned(), name.to_owned()));
    }
    let usual: Vec<&str> = arg.get_default_values().iter().filter_map(|value| OsStr::to_str(value)).collect();
    (takes_values(arg) && !usual.is_empty()).then(|| (usual.join(","), "built in".to_owned()))
}
