//! exonym turns any name of a place, state, organisation or person, in any language, script, spelling, case form or
//! period, into one canonical record. Text goes in; spans with record ids, scores and reasons come out.
//!
//! ```
//! use exonym::{Annotator, Gazetteer, GazetteerBuilder, source::csv::CsvReader};
//!
//! let table = "id,name,lang,feature,country,lat,lon,population\n\
//!              gn:1526384,Almaty,en,P.PPLA,KZ,43.25,76.91,1977011\n\
//!              gn:1526384,Алма-Ата,ru,,,,,\n\
//!              gn:1526384,阿拉木图,zh,,,,,\n";
//! let mut builder = GazetteerBuilder::new();
//! for row in CsvReader::from_reader(table.as_bytes(), "names.csv")? {
//!     let (record, place) = row?;
//!     builder.add(record, Some(place))?;
//! }
//! let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
//!
//! // A name …
//! assert_eq!(gazetteer.lookup("阿拉木圖").next().unwrap().record().name().text(), "Almaty");
//!
//! // … or a text.
//! let text = "Поезд прибыл в Алма-Ату вечером.";
//! let found = Annotator::new(&gazetteer).annotate(text);
//! assert_eq!(&text[found[0].start..found[0].end], "Алма-Ату");
//! assert_eq!(found[0].record.id().to_string(), "gn:1526384");
//! # Ok::<(), exonym::Error>(())
//! ```
//!
//! # Stages
//!
//! Each module uses only those above it; names and texts meet in [`token`], where both become keys.
//!
//! 1. [`error`]: what went wrong, where, and the remedy
//! 2. `rules`: what languages differ in, as tables
//! 3. [`script`]: writing systems
//! 4. [`fold`]: when two spellings are the same
//! 5. [`token`]: text → words, spans and keys; inflected forms
//! 6. [`record`]: what a source tells of one entity
//! 7. [`source`]: files → records
//! 8. [`gazetteer`]: the stored file: build, open, look up
//! 9. [`find`]: tokens × gazetteer → matches
//! 10. [`resolve`]: candidates → one choice, with score and reasons
//! 11. [`annotate`]: the whole line
//! 12. `output`: annotations → bytes (feature `serde`)
//!
//! The world's names are in the package `exonym-gazetteer`; this one holds no data but its rules.

pub mod error;

mod rules;

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
