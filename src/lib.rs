//! exonym turns any name of a place, state, organisation or person, in any language, script, spelling, case form or
//! period, into one canonical record.

pub mod error;

pub mod script;

pub mod fold;

pub mod token;

pub mod record;

pub mod source;

pub mod gazetteer;

pub use error::{Error, Result};
pub use gazetteer::{Gazetteer, GazetteerBuilder};
pub use record::{Name, Record};
