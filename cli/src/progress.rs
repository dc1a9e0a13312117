//! How far the work is, on standard error, where a person sees it and nothing else is written there.

use std::io::{self, IsTerminal, Read};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work that is done sooner needs no bar.
const AFTER: Duration = Duration::from_secs(1);

static BAR: OnceLock<(ProgressBar, Instant)> = OnceLock::new();

/// Begin to show it, where standard error is a terminal and the output is not: `total` are the bytes of all inputs, if they are known.
pub(crate) fn start(total: Option<u64>, output_is_terminal: bool) {
    if output_is_terminal || !io::stderr().is_terminal() {
        return;
    }
    let bar = ProgressBar::with_draw_target(total, ProgressDrawTarget::hidden());
    let template = match total {
        Some(_) => "{wide_bar} {percent:>3}% of {total_bytes}, {bytes_per_sec}, {eta} left",
        None => "{bytes} read, {bytes_per_sec}, {elapsed}",
    };
    bar.set_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()));
    let _ = BAR.set((bar, Instant::now()));
}

/// Take it from the screen.
pub(crate) fn end() {
    if let Some((bar, _)) = BAR.get() {
        bar.finish_and_clear();
    }
}

/// Do something to the screen that the bar must not be in the way of.
pub(crate) fn aside<R>(action: impl FnOnce() -> R) -> R {
    match BAR.get() {
        Some((bar, _)) => bar.suspend(action),
        None => action(),
    }
}

/// An input whose bytes count as done when they are read.
pub(crate) struct Counted<R>(pub(crate) R);

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        if let Some((bar, since)) = BAR.get() {
            bar.inc(read as u64);
            if bar.is_hidden() && !bar.is_finished() && since.elapsed() > AFTER {
                bar.set_draw_target(ProgressDrawTarget::stderr());
            }
        }
        Ok(read)
    }
}
