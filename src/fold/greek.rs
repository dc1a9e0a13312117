//! Greek, monotonic and polytonic: accents, breathings and iota subscripts go, final sigma is sigma.

/// What a lower-case letter is written as in a key.
pub(super) fn map(c: char) -> Option<&'static str> {
    (c == 'ς').then_some("σ")
}

#[cfg(test)]
mod tests {
    use crate::fold::fold;

    #[test]
    fn accents_and_final_sigma() {
        assert_eq!(fold("Ἀθῆναι"), "αθηναι");
        assert_eq!(fold("ΠΕΙΡΑΙΆΣ"), fold("Πειραιάς"));
    }
}
