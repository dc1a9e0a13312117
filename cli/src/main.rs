//! The command `exonym`.

mod annotate;
mod args;
mod bench;
mod build;
mod completions;
mod config;
mod diff;
mod explain;
mod export;
mod fields;
mod grid;
mod input;
mod inspect;
mod json_path;
mod layers;
mod links;
mod lookup;
mod man;
mod markup;
mod normalize;
mod pipeline;
mod progress;
mod report;
mod settings;
mod similar;
mod sink;
mod source;
mod table;
mod verify;

use std::process::ExitCode;

fn main() -> ExitCode {
    args::run()
}
