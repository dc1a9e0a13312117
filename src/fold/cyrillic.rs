//! Cyrillic. Marks are dropped, so й = и, ё = е, ї = і, ў = у: press, search boxes and OCR drop them, and decomposed text must
//! meet composed text. Letters that are not a base with a mark (і, қ, ң, ғ, ө, ү, ұ, ә, ј, љ, њ, џ) stay themselves.

/// What a lower-case letter is written as in a key.
pub(super) fn map(c: char) -> Option<&'static str> {
    Some(match c {
        // Ukrainian ґ was out of the alphabet in 1933–1990 and is often typed г.
        'ґ' => "г",
        // Pre-reform Russian (until 1918).
        'ѣ' => "е",
        'ѳ' => "ф",
        'ѵ' => "и",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::fold::fold;

    #[test]
    fn marks_are_dropped_in_both_normal_forms() {
        assert_eq!(fold("Йошкар-Ола"), fold("И\u{306}ошкар-Ола"));
        assert_eq!(fold("Орёл"), fold("Орел"));
        assert_eq!(fold("Київ"), "киів");
    }

    #[test]
    fn letters_of_their_own_stay() {
        assert_eq!(fold("Қарағанды"), "қарағанды");
        assert_ne!(fold("Өскемен"), fold("Оскемен"));
    }
}
