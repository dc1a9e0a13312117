//! Tables as they are written: CSV and TSV.

pub(crate) mod cells;
pub(crate) mod header;

use anyhow::{Result, bail};

/// The character between cells: the one typed, else that of the format.
pub(crate) fn delimiter(typed: Option<&str>, tabs: bool) -> Result<u8> {
    match typed {
        None => Ok(if tabs { b'\t' } else { b',' }),
        Some("\\t" | "tab") => Ok(b'\t'),
        Some(typed) => match typed.as_bytes() {
            [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Ok(*byte),
            _ => bail!("--delimiter is {typed:?}, expected one ASCII character such as ; or \\t"),
        },
    }
}
