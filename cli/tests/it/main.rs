//! The real binary in a fresh folder: status and both streams.

mod annotate_formats;
mod bench;
mod builds;
mod commands;
mod config;
mod cookbook;
mod formats;
mod gazetteers;
mod hostile;
mod inputs;
mod lookups;
mod markup;
mod outputs;
mod sources;
mod support;
mod tables;
#[cfg(target_os = "linux")]
mod terminal;
mod texts;
mod time;
mod usage;
