//! The first row of a table, and columns told by it: by name, number or range.

use anyhow::{Result, bail};

use crate::similar;

/// The header of a table.
pub(crate) struct Header<'h> {
    /// The file, for messages.
    pub(crate) file: &'h str,
    /// The names of the columns; none if there is no header.
    pub(crate) names: Option<&'h [String]>,
}

impl Header<'_> {
    /// The column of a name or number.
    fn find(&self, word: &str) -> Option<usize> {
        let by_name = self.names.and_then(|names| names.iter().position(|name| name == word));
        let number = || word.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
        by_name.or_else(|| number().filter(|n| self.names.is_none_or(|names| *n < names.len())))
    }

    /// The same, or an error; `option` is where it was typed.
    pub(crate) fn one(&self, word: &str, option: &str) -> Result<usize> {
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
    pub(crate) fn several(&self, word: &str) -> Result<Vec<usize>> {
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

    /// The name of a column, or its number.
    pub(crate) fn label(&self, place: usize) -> String {
        let name = self.names.and_then(|names| names.get(place)).cloned();
        name.unwrap_or_else(|| (place + 1).to_string())
    }
}
