//! The alternate names of the places and units of `exonym-gazetteer`, which compiles them in its build script.
//!
//! They are a package of their own because the registry takes at most 10 MB for one. The columns are those of
//! `gazetteer/README.md`; `gazetteer/import/import.py` makes the file.

/// The table, as `.tsv.xz`.
pub const NAMES_TSV_XZ: &[u8] = include_bytes!("../names.tsv.xz");
