//! exonym turns any name of a place, state, organisation or person, in any language, script, spelling, case form or
//! period, into one canonical record.

pub mod error;

pub mod script;

pub mod fold;

pub mod token;

pub mod record;

pub mod source;

pub mod gazetteer;

pub mod find;

pub mod resolve;

pub mod annotate;

#[cfg(feature = "serde")]
pub mod output;

pub use annotate::Annotator;
pub use error::{Error, Result};
pub use find::{Finder, Match};
pub use gazetteer::{Gazetteer, GazetteerBuilder};
pub use record::{Name, Record};
pub use resolve::{Annotation, Options};
