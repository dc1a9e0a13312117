//! How far the work is, on standard error, where a person sees it and nothing else is written there.

use std::io::{self, IsTerminal, Read};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use exonym::gazetteer::{Progress, Stage};
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
    bar.set_style(style(template));
    let _ = BAR.set((bar, Instant::now()));
}

/// Begin to show how many rows of sources are read.
pub(crate) fn start_rows() {
    if io::stderr().is_terminal() {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_style(style("{human_pos} rows read, {per_sec}, {elapsed}"));
        let _ = BAR.set((bar, Instant::now()));
    }
}

/// So much of a build is done.
pub(crate) fn show_build(progress: Progress) {
    let Some((bar, _)) = BAR.get() else { return };
    let (step, what) = match progress.stage {
        Stage::Joining => (1, "joining rows"),
        Stage::Indexing => (2, "sorting keys"),
        Stage::Placing => (3, "placing names"),
        _ => (4, "writing"),
    };
    if progress.done == 0 && progress.stage == Stage::Joining {
        bar.set_style(style("{prefix:20} {wide_bar} {percent:>3}%, {elapsed}"));
    }
    bar.set_prefix(format!("{step} of 4: {what}"));
    bar.set_length(progress.total);
    bar.set_position(progress.done);
    advance(0);
}

/// Count so much as done.
pub(crate) fn advance(by: u64) {
    if let Some((bar, since)) = BAR.get() {
        bar.inc(by);
        if bar.is_hidden() && !bar.is_finished() && since.elapsed() > AFTER {
            bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
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
        advance(read as u64);
        Ok(read)
    }
}
