//! How far a build is, and the way to stop it.

use std::fmt;
use std::io;
use std::ops::ControlFlow;

use crate::error::{Error, Result};

/// What a build does once it has all rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// Rows of one id become one record.
    Joining,
    /// Keys are put in order.
    Indexing,
    /// Names and records get their places.
    Placing,
    /// The file is put together.
    Writing,
}

/// How far a build is in a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The stage; they follow each other.
    pub stage: Stage,
    /// How much of it is done.
    pub done: u64,
    /// How much there is to do.
    pub total: u64,
}

type Listener = Box<dyn FnMut(Progress) -> ControlFlow<()> + Send>;

/// Whom a build tells how far it is.
#[derive(Default)]
pub(crate) struct Watch(Option<Listener>);

impl Watch {
    pub(crate) fn new(listener: impl FnMut(Progress) -> ControlFlow<()> + Send + 'static) -> Watch {
        Watch(Some(Box::new(listener)))
    }

    /// Tells now and then.
    #[inline]
    pub(crate) fn step(&mut self, stage: Stage, done: u64, total: u64) -> Result<()> {
        if done.trailing_zeros() >= 16 { self.tell(stage, done, total) } else { Ok(()) }
    }

    /// Tells, and fails if the answer is to stop.
    pub(crate) fn tell(&mut self, stage: Stage, done: u64, total: u64) -> Result<()> {
        match self.0.as_mut().map(|tell| tell(Progress { stage, done, total })) {
            Some(ControlFlow::Break(())) => {
                let error = io::Error::new(io::ErrorKind::Interrupted, "interrupted");
                Err(Error::io("the build was stopped; nothing was written", error))
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Watch").field(&self.0.is_some()).finish()
    }
}
