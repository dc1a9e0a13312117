//! The tables of `rules/` as rows: what languages differ in is data, and this is the one way it is read.

/// The rows of a table, without its comments and header, each as its fields.
pub(crate) fn rows(table: &str) -> impl Iterator<Item = Vec<&str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .skip(1)
        .map(|line| line.split('\t').collect())
}

#[cfg(test)]
mod tests {
    use super::rows;

    #[test]
    fn comments_and_the_header_are_no_rows() {
        let all: Vec<_> = rows("# a table\nword\tlangs\n\noul\tkk\n# end\n").collect();
        assert_eq!(all, [["oul", "kk"]]);
    }
}
