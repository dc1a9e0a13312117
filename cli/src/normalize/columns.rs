//! Which columns are meant: by name, number or range.

use anyhow::{Result, bail};

use super::args::Table;
use crate::similar;

/// The columns of a table by their place, counted from 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    /// Those with names, each with its own name or number.
    pub(super) names: Vec<(usize, String)>,
    pub(super) country: Option<usize>,
    pub(super) region: Option<usize>,
    pub(super) point: Option<(usize, usize)>,
    pub(super) lang: Option<usize>,
}

/// The header of a table.
pub(super) struct Header<'h> {
    /// The file, for messages.
    pub(super) file: &'h str,
    /// The names of the columns; none if there is no header.
    pub(super) names: Option<&'h [String]>,
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
        })
    }
}

impl Header<'_> {
    /// The column of a name or number.
    fn find(&self, word: &str) -> Option<usize> {
        let by_name = self.names.and_then(|names| names.iter().position(|name| name == word));
        let number = || word.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        by_name.or_else(|| number().filter(|n| self.names.is_none_or(|names| *n < names.len())))
    }

    fn one(&self, word: &str, option: &str) -> Result<usize> {
        let Some(place) = self.find(word) else {
            let Some(names) = self.names else {
                bail!("{option} is {word:?}, but without a header columns go by number, from 1");
            };
            let other = names.iter().any(|name| name.contains([';', '\t', '|']));
            let delimiter = if other { "; if cells are parted otherwise, give --delimiter" } else { "" };
            bail!(
                "{}: there is no column {word:?}{}; the columns are {}{delimiter}",
                self.file,
                similar::meant(word, names.iter().map(String::as_str)),
                names.join(", ")
            );
        };
        Ok(place)
    }

    /// The columns of a name, a number or a range of them.
    fn several(&self, word: &str) -> Result<Vec<usize>> {
        if self.find(word).is_none() {
            for (at, _) in word.match_indices('-') {
                let (from, to) = (word.get(..at).unwrap_or_default(), word.get(at + 1..).unwrap_or_default());
                if let (Some(from), Some(to)) = (self.find(from), self.find(to)) {
                    return Ok((from..=to).collect());
                }
            }
        }
        Ok(vec![self.one(word, "--column")?])
    }

    fn label(&self, place: usize) -> String {
        let name = self.names.and_then(|names| names.get(place)).cloned();
        name.unwrap_or_else(|| (place + 1).to_string())
    }
}
