//! The tables of `rules/` as rows: what languages differ in is data, and this is the one way it is read.

use std::ops::Deref;
use std::sync::OnceLock;

use foldhash::{HashMap, HashSet};

/// The rows of a table, without its comments and header.
pub(crate) fn rows(table: &str) -> impl Iterator<Item = Row<'_>> {
    let mut rest = table;
    std::iter::from_fn(move || (!rest.is_empty()).then(|| Row::read(&mut rest)))
        .filter(|row| !row[0].starts_with('#') && (row.len() > 1 || !row[0].trim().is_empty()))
        .skip(1)
}

/// A row: the slice of its fields. Whoever starts the program waits for some 50 000 of them, so they take no memory of their own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'t> {
    fields: [&'t str; Row::MOST],
    count: usize,
}

impl<'t> Row<'t> {
    /// More fields than any table has.
    const MOST: usize = 12;

    /// Take the first line off a table.
    fn read(table: &mut &'t str) -> Row<'t> {
        let (mut row, mut rest) = (Row { fields: [""; Row::MOST], count: 0 }, *table);
        loop {
            let end = rest.bytes().position(|byte| byte == b'\t' || byte == b'\n').unwrap_or(rest.len());
            let (field, after) = rest.split_at(end);
            row.fields[row.count] = field.strip_suffix('\r').unwrap_or(field);
            row.count += 1;
            rest = after.get(1..).unwrap_or_default();
            if !after.starts_with('\t') || row.count == Row::MOST {
                *table = rest;
                return row;
            }
        }
    }
}

impl<'t> Deref for Row<'t> {
    type Target = [&'t str];

    fn deref(&self) -> &[&'t str] {
        &self.fields[..self.count]
    }
}

/// Languages that are the main one of one country or few, and those countries: `rules/homes.tsv`.
#[derive(Debug, Default)]
struct Homes {
    /// Language and country (ISO 3166-1).
    pairs: HashSet<(&'static str, &'static str)>,
    /// The language of a country; none if it has several.
    languages: HashMap<&'static str, Option<&'static str>>,
}

fn homes() -> &'static Homes {
    static HOMES: OnceLock<Homes> = OnceLock::new();
    HOMES.get_or_init(|| {
        let mut all = Homes::default();
        for row in rows(include_str!("../rules/homes.tsv")) {
            let [lang, countries, ..] = row[..] else { continue };
            for country in countries.split(';') {
                all.pairs.insert((lang, country));
                all.languages.entry(country).and_modify(|known| *known = None).or_insert(Some(lang));
            }
        }
        all
    })
}

/// Whether a language is the main one of a country, where that is one country or few.
pub(crate) fn is_home(lang: &str, country: &str) -> bool {
    homes().pairs.contains(&(lang, country))
}

/// The main language of a country, if it is one alone.
pub(crate) fn main_language(country: &str) -> Option<&'static str> {
    homes().languages.get(country).copied().flatten()
}

#[cfg(test)]
mod tests {
    use super::{is_home, main_language, rows};

    #[test]
    fn comments_and_the_header_are_no_rows() {
        let all: Vec<_> = rows("# a table\nword\tlangs\n\noul\tkk\t\n# end\n").collect();
        assert_eq!(all.len(), 1);
        assert_eq!(*all[0], ["oul", "kk", ""]);
    }

    #[test]
    fn a_country_has_one_main_language_or_none() {
        assert_eq!(main_language("UA"), Some("uk"));
        assert_eq!(main_language("CH"), None);
        assert_eq!(main_language("US"), None);
        assert!(is_home("de", "CH") && is_home("fr", "CH") && !is_home("en", "US"));
    }
}
