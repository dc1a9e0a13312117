//! Scripts of India and their relatives: vowel signs, viramas and other marks are letters and stay. The nukta goes in Devanagari
//! and Gurmukhi, where the press leaves it out as often as not (फ़्रांस, फ्रांस), and stays elsewhere, where it makes another letter.

/// What a character is written as in a key.
pub(super) fn map(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{93c}' | '\u{a3c}' => "",
        // Candrabindu is written as anusvara in much print.
        '\u{901}' => "\u{902}",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::fold::fold;

    #[test]
    fn vowel_signs_stay() {
        assert_eq!(fold("दिल्ली"), "दिल्ली");
        assert_ne!(fold("দিল্লি"), fold("দল্ল"));
    }

    #[test]
    fn devanagari_nukta_goes() {
        assert_eq!(fold("फ़्रांस"), fold("फ्रांस"));
        assert_eq!(fold("\u{95e}"), fold("\u{92b}\u{93c}"));
    }
}
