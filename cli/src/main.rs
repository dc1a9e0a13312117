//! The command `exonym`.

mod annotate;
mod args;
mod bench;
mod build;
mod completions;
mod diff;
mod explain;
mod export;
mod fields;
mod input;
mod inspect;
mod json_path;
mod lookup;
mod man;
mod markup;
mod normalize;
mod pipeline;
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
