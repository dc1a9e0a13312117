//! The config file: other defaults for the options of the commands, in TOML, at the path in `EXONYM_CONFIG`.
//!
//! A key is an option without its dashes. Outside of any table it holds for every command that has the option; in the table of a
//! command for that one. What is typed, or in the environment, goes before.

pub(crate) mod show;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Arg, Command, ValueHint};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::similar;

/// The variable with the path of the file.
const VARIABLE: &str = "EXONYM_CONFIG";

/// What cannot be a default: it asks for something else than the work.
const NO_SETTING: [&str; 2] = ["help", "version"];

/// All that a config file sets.
#[derive(Default)]
pub(crate) struct Config {
    /// The file, if there is one.
    pub(crate) path: Option<PathBuf>,
    settings: Vec<Setting>,
}

/// An option with its values.
struct Setting {
    /// For one command, or all that have the option.
    command: Option<String>,
    option: String,
    values: Vec<String>,
    line: usize,
}

impl Config {
    /// Read the file that the environment names, if it does, and look through it with the options there are.
    pub(crate) fn read(program: &Command) -> Result<Config> {
        let Some(path) = env::var_os(VARIABLE).filter(|path| !path.is_empty()).map(PathBuf::from) else {
            return Ok(Config::default());
        };
        let text = fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}, named by {VARIABLE}", path.display()))?;
        let line_at = |byte: usize| text.get(..byte).unwrap_or_default().matches('\n').count() + 1;
        let table = DeTable::parse(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_at(span.start));
            anyhow::anyhow!("{}:{line}: {}", path.display(), error.message().replace('\n', "; "))
        })?;
        let mut config = Config { path: Some(path.clone()), settings: Vec::new() };
        let reading = Reading { program, path: &path, line_at: &line_at };
        for (key, value) in table.get_ref() {
            match value.get_ref() {
                DeValue::Table(table) => {
                    let command = reading.command(key)?;
                    for (key, value) in table {
                        config.settings.push(reading.setting(Some(command), key, value)?);
                    }
                }
                _ => config.settings.push(reading.setting(None, key, value)?),
            }
        }
        // What is said for one command comes last, and holds.
        config.settings.sort_by_key(|setting| setting.command.is_some());
        Ok(config)
    }

    /// The program with other defaults.
    pub(crate) fn apply(&self, program: Command) -> Command {
        self.settings.iter().fold(program, |program, setting| {
            let change = |command: Command| {
                let Some(arg) = option(&command, &setting.option) else { return command };
                let id = arg.get_id().clone();
                command.mut_arg(id, |arg| arg.default_values(&setting.values))
            };
            let program = if setting.command.is_none() { change(program) } else { program };
            let wanted = |name: &str| setting.command.as_deref().is_none_or(|command| command == name);
            let names: Vec<String> = program.get_subcommands().map(|c| c.get_name().to_owned()).collect();
            names
                .into_iter()
                .filter(|name| wanted(name))
                .fold(program, |p, name| p.mut_subcommand(name, change))
        })
    }

    /// What is set for an option of a command.
    fn of(&self, command: Option<&str>, option: &str) -> Option<&Setting> {
        let holds =
            |s: &&Setting| s.option == option && (s.command.is_none() || s.command.as_deref() == command);
        self.settings.iter().rev().find(holds)
    }
}

/// An option by its long name.
fn option<'c>(command: &'c Command, name: &str) -> Option<&'c Arg> {
    let all = command.get_arguments().filter(|arg| arg.get_long().is_some());
    all.filter(|arg| !NO_SETTING.contains(&arg.get_id().as_str())).find(|arg| arg.get_long() == Some(name))
}

fn takes_values(arg: &Arg) -> bool {
    arg.get_action().takes_values()
}

/// What is needed to understand a setting.
struct Reading<'r> {
    program: &'r Command,
    path: &'r Path,
    line_at: &'r dyn Fn(usize) -> usize,
}

type Key<'t> = Spanned<std::borrow::Cow<'t, str>>;

impl<'r> Reading<'r> {
    fn place(&self, key: &Key<'_>) -> String {
        format!("{}:{}", self.path.display(), (self.line_at)(key.span().start))
    }

    fn command(&self, key: &Key<'_>) -> Result<&'r str> {
        let names = || self.program.get_subcommands().map(Command::get_name);
        let found = names().find(|name| *name == key.get_ref());
        found.with_context(|| {
            let meant = similar::meant(key.get_ref(), names());
            format!("{}: there is no command {:?}{meant}", self.place(key), key.get_ref())
        })
    }

    fn setting(&self, command: Option<&str>, key: &Key<'_>, value: &Spanned<DeValue<'_>>) -> Result<Setting> {
        let (place, name) = (self.place(key), key.get_ref());
        let of_all = || std::iter::once(self.program).chain(self.program.get_subcommands());
        let asked: Vec<&Command> =
            of_all().filter(|c| command.is_none_or(|command| c.get_name() == command)).collect();
        let Some(arg) = asked.iter().find_map(|command| option(command, name)) else {
            let known = asked.iter().flat_map(|command| command.get_arguments()).filter_map(Arg::get_long);
            let meant = similar::meant(name, known);
            let whose =
                command.map_or_else(|| "no command has".to_owned(), |command| format!("{command} has not"));
            bail!("{place}: {whose} the option --{name}{meant}");
        };
        let mut values = Vec::new();
        match value.get_ref() {
            DeValue::Array(array) => {
                for value in array {
                    values.push(one(value.get_ref()).with_context(|| expected(&place, name, arg))?);
                }
                if !matches!(arg.get_action(), clap::ArgAction::Append) {
                    bail!("{place}: --{name} takes one value, not a list");
                }
            }
            // What is not wanted is the default already.
            DeValue::Boolean(wanted) if !takes_values(arg) => values.push(wanted.to_string()),
            value => values
                .push(one(value).filter(|_| takes_values(arg)).with_context(|| expected(&place, name, arg))?),
        }
        let known = arg.get_possible_values();
        for value in &mut values {
            if takes_values(arg)
                && !known.is_empty()
                && !known.iter().any(|known| known.matches(value, false))
            {
                let words: Vec<&str> = known.iter().map(clap::builder::PossibleValue::get_name).collect();
                let meant = similar::meant(value, words.iter().copied());
                bail!("{place}: {name} is {value:?}{meant}; it can be {}", words.join(", "));
            }
            // A path is meant from where the file is.
            if arg.get_value_hint() == ValueHint::AnyPath && *value != "-" {
                let from = self.path.parent().unwrap_or(Path::new(""));
                *value = from.join(&value).to_string_lossy().into_owned();
            }
        }
        let line = (self.line_at)(key.span().start);
        Ok(Setting { command: command.map(str::to_owned), option: name.to_string(), values, line })
    }
}

fn expected(place: &str, name: &str, arg: &Arg) -> String {
    let what = if takes_values(arg) { "a string or a number" } else { "true or false" };
    format!("{place}: {name} must be {what}")
}

/// A value as it would be typed.
fn one(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Datetime(date) => Some(date.to_string()),
        DeValue::Boolean(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}
