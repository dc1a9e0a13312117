//! A program that shows long output page by page: `PAGER`, or `less`.

use std::env;
use std::io;
use std::process::{Child, ChildStdin, Command, Stdio};

use super::interrupt;

/// A pager that runs.
pub(crate) struct Pager {
    child: Child,
}

impl Pager {
    /// Start the one the user wants; none where `PAGER` is empty or `cat`, or where it cannot be started.
    pub(super) fn start() -> Option<(Pager, ChildStdin)> {
        let wanted = env::var("PAGER").unwrap_or_else(|_| "less".to_owned());
        let words = shell_words::split(&wanted).ok()?;
        let (program, args) = words.split_first()?;
        if program == "cat" {
            return None;
        }
        let mut command = Command::new(program);
        command.args(args).stdin(Stdio::piped());
        // Short output is only written, colours and links are let through, and the screen stays.
        if env::var_os("LESS").is_none() {
            command.env("LESS", "FRX");
        }
        let mut child = command.spawn().ok()?;
        let stdin = child.stdin.take()?;
        interrupt::leave_to_pager();
        Some((Pager { child }, stdin))
    }

    /// Wait until the person has read it.
    pub(super) fn wait(mut self) -> io::Result<()> {
        self.child.wait().map(|_| ())
    }
}
