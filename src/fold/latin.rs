//! Latin: letters that carry no separable mark and so survive decomposition.

/// What a lower-case letter is written as in a key.
pub(super) fn map(c: char) -> Option<&'static str> {
    Some(match c {
        'ø' => "o",
        'ł' | 'ƚ' | 'ɫ' => "l",
        'đ' | 'ð' | 'ɖ' | 'ɗ' => "d",
        // Azerbaijani ə is typed e where the letter is missing, and Turkish writes it e.
        'ə' | 'ɛ' | 'ǝ' => "e",
        // Turkish and Azerbaijani dotless i, so that both casings of both letters meet.
        'ı' | 'ɪ' | 'ɨ' => "i",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'ŋ' | 'ɲ' | 'ƞ' => "n",
        'ħ' => "h",
        'ŧ' | 'ʈ' | 'ƭ' => "t",
        'ɓ' | 'ƀ' => "b",
        'ƙ' | 'ĸ' => "k",
        'ɔ' => "o",
        'ɣ' | 'ǥ' | 'ɠ' => "g",
        'ƴ' => "y",
        'ƶ' => "z",
        'ʉ' => "u",
        'ɩ' => "i",
        // Modifier letters that romanisations write like apostrophes are punctuation; see `punctuation.rs`.
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::fold::fold;

    #[test]
    fn letters_without_a_mark_to_drop() {
        assert_eq!(fold("Łódź"), "lodz");
        assert_eq!(fold("Đà Nẵng"), "da nang");
        assert_eq!(fold("Gəncə"), "gence");
        assert_eq!(fold("Tórshavn"), "torshavn");
        assert_eq!(fold("Ærøskøbing"), "aeroskobing");
        assert_eq!(fold("Gießen"), fold("GIESSEN"));
    }

    #[test]
    fn dotless_i_folds_to_i() {
        for form in ["İstanbul", "ISTANBUL", "istanbul", "İSTANBUL", "I\u{307}stanbul"] {
            assert_eq!(fold(form), "istanbul", "{form}");
        }
        assert_eq!(fold("DİYARBAKIR"), fold("Diyarbakır"));
    }
}
