//! Han: traditional characters and Japanese new forms are written as the simplified character, one for one.
//!
//! The table is `rules/han.tsv`, made from OpenCC's character tables by the script its head names.

use std::sync::OnceLock;

use foldhash::HashMap;

static TABLE: &str = include_str!("../../rules/han.tsv");

/// The simplified form of a character, if it has another one.
pub(super) fn simplified(c: char) -> Option<char> {
    static MAP: OnceLock<HashMap<char, char>> = OnceLock::new();
    MAP.get_or_init(|| {
        TABLE
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let (from, to) = line.split_once('\t')?;
                Some((from.chars().next()?, to.chars().next()?))
            })
            .collect()
    })
    .get(&c)
    .copied()
}

#[cfg(test)]
mod tests {
    use super::simplified;
    use crate::fold::fold;

    #[test]
    fn traditional_and_simplified_meet() {
        assert_eq!(fold("阿拉木圖"), fold("阿拉木图"));
        assert_eq!(fold("納戈爾諾"), fold("纳戈尔诺"));
        assert_eq!(fold("広島"), fold("广岛"));
    }

    #[test]
    fn the_table_maps_once() {
        for line in super::TABLE.lines().filter(|l| !l.starts_with('#')) {
            let to = line.split_once('\t').unwrap().1.chars().next().unwrap();
            assert_eq!(simplified(to), None, "{line} leads on");
        }
    }
}
