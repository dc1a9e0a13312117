//! Which columns are meant.

use anyhow::{Result, bail};

use super::args::Table;
use crate::table::header::Header;

/// The columns of a table by their place, counted from 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    /// Those with names, each with its own name or number.
    pub(super) names: Vec<(usize, String)>,
    pub(super) country: Option<usize>,
    pub(super) region: Option<usize>,
    pub(super) point: Option<(usize, usize)>,
    pub(super) lang: Option<usize>,
    pub(super) date: Option<usize>,
}

impl Columns {
    pub(super) fn new(table: &Table, header: &Header<'_>) -> Result<Columns> {
        let mut names: Vec<(usize, String)> = Vec::new();
        for word in &table.column {
            for place in header.several(word)? {
                if names.iter().all(|(known, _)| *known != place) {
                    names.push((place, header.label(place)));
                }
            }
        }
        if names.is_empty() {
            let known = header.names.map(|names| format!(" of {}", names.join(", "))).unwrap_or_default();
            bail!("{}: which column has the names? give --column, one{known}", header.file);
        }
        let one = |word: &Option<String>, option| word.as_deref().map(|w| header.one(w, option)).transpose();
        Ok(Columns {
            names,
            country: one(&table.country_column, "--country-column")?,
            region: one(&table.region_column, "--region-column")?,
            point: one(&table.lat_column, "--lat-column")?.zip(one(&table.lon_column, "--lon-column")?),
            lang: one(&table.lang_column, "--lang-column")?,
            date: one(&table.date_column, "--date-column")?,
        })
    }
}
