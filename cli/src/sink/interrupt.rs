//! Ctrl-C, and being told to end: what is written ends with a whole line, and no temporary file is left.

use std::fs;
use std::path::PathBuf;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use tempfile::NamedTempFile;

use crate::progress;

/// The exit status of a program that was interrupted.
const STATUS: i32 = 130;

/// So long is waited for what is being written: a reader that has stopped to read may never take it.
const PATIENCE: Duration = Duration::from_secs(2);
const STEP: Duration = Duration::from_millis(20);

/// Files that must not stay. Whoever holds it is writing, and is not interrupted.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Whether a pager runs.
static PAGED: AtomicBool = AtomicBool::new(false);

/// Be ready for it. Where the signals are ignored, as behind `nohup`, they stay so.
pub(crate) fn catch() {
    let _ = ctrlc::try_set_handler(|| {
        if PAGED.load(Ordering::Relaxed) {
            return;
        }
        let mut unfinished = None;
        for _ in 0..PATIENCE.as_millis() / STEP.as_millis() {
            match UNFINISHED.try_lock() {
                Ok(guard) => unfinished = Some(guard),
                Err(TryLockError::Poisoned(guard)) => unfinished = Some(guard.into_inner()),
                Err(TryLockError::WouldBlock) => {
                    thread::sleep(STEP);
                    continue;
                }
            }
            break;
        }
        for path in unfinished.iter().flat_map(|paths| paths.iter()) {
            let _ = fs::remove_file(path);
        }
        progress::end();
        process::exit(STATUS);
    });
}

/// A pager shows the output, and Ctrl-C is a command to it.
pub(super) fn leave_to_pager() {
    PAGED.store(true, Ordering::Relaxed);
}

/// While it is held, nothing ends the program.
pub(super) fn hold() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file that is removed if the program is interrupted, from the moment it is there.
pub(super) fn unfinished(make: impl FnOnce() -> Result<NamedTempFile>) -> Result<NamedTempFile> {
    let mut unfinished = hold();
    let file = make()?;
    unfinished.push(file.path().to_owned());
    Ok(file)
}

/// A file that will be there for a while, and must not stay if the program is interrupted.
pub(crate) fn remove(path: PathBuf) {
    hold().push(path);
}
