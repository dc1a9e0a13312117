//! Armenian: և, եւ (classical, western) and եվ (capitals of the reformed spelling) are one key. The letter ւ is վ except in
//! the digraph ու; see `fold::push`.

/// What a lower-case letter is written as in a key.
pub(super) fn map(c: char) -> Option<&'static str> {
    (c == 'և').then_some("եվ")
}

#[cfg(test)]
mod tests {
    use crate::fold::fold;

    #[test]
    fn three_spellings_of_yerevan() {
        for form in ["Երևան", "Երեւան", "ԵՐԵՎԱՆ", "ԵՐԵՒԱՆ", "երևան"] {
            assert_eq!(fold(form), "երեվան", "{form}");
        }
        assert_eq!(fold("Շուշի"), "շուշի");
    }
}
