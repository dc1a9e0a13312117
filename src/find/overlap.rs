//! Which of the matches that share text are given.

use super::Match;

/// What becomes of matches that share text, in the words of Solr's tagger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Overlap {
    /// The longest at each place, reading from the left; none shares text with another.
    #[default]
    Longest,
    /// All but those that lie inside another.
    NoSub,
    /// All.
    All,
}

impl Overlap {
    /// Whether a match is given, when matches come by first byte, longest first, and nothing before `free_from` is free.
    pub(super) fn admits(self, found: &Match<'_>, free_from: &mut usize) -> bool {
        let admitted = match self {
            Overlap::All => true,
            Overlap::NoSub => found.end > *free_from,
            Overlap::Longest => found.start >= *free_from,
        };
        if admitted {
            *free_from = (*free_from).max(found.end);
        }
        admitted
    }
}
