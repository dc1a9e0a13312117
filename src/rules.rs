//! The tables of `rules/` as rows: what languages differ in is data, and this is the one way it is read.

/// The rows of a table, without its comments and header, each as its fields.
pub(crate) fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .skip(1)
        .map(|line| line.split('\t').collect())
}

/// The main language of a country (ISO 3166-1), if it is the first of the countries of exactly one language in
/// `rules/homes.tsv`.
pub(crate) fn main_language(country: &str) -> Option<&'static str> {
    let mut at_home = rows(include_str!("../rules/homes.tsv"))
        .filter(|row| row.get(1).is_some_and(|countries| countries.split(';').any(|c| c == country)))
        .filter_map(|row| row.first().copied());
    at_home.next().filter(|_| at_home.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::{main_language, rows};

    #[test]
    fn comments_and_the_header_are_no_rows() {
        let all: Vec<_> = rows("# a table\nword\tlangs\n\noul\tkk\n# end\n").collect();
        assert_eq!(all, [["oul", "kk"]]);
    }

    #[test]
    fn a_country_has_one_main_language_or_none() {
        assert_eq!(main_language("UA"), Some("uk"));
        assert_eq!(main_language("CH"), None);
        assert_eq!(main_language("US"), None);
    }
}
