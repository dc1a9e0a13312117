//! The command `exonym`.

mod annotate;
mod args;
mod build;
mod input;
mod inspect;
mod lookup;
mod normalize;
mod settings;
mod sink;
mod verify;

use std::process::ExitCode;

fn main() -> ExitCode {
    args::run()
}
