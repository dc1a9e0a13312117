//! The real binary in a fresh folder: status and both streams.

mod annotate_formats;
mod bench;
mod commands;
mod cookbook;
mod formats;
mod gazetteers;
mod inputs;
mod lookups;
mod markup;
mod outputs;
mod sources;
mod support;
mod tables;
mod texts;
mod time;
mod usage;
