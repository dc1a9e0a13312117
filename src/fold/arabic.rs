//! Arabic script: harakat, hamza marks and tatweel go; the letter shapes that differ only between keyboards of Arabic, Persian,
//! Urdu and Kurdish meet. Presentation forms are undone by compatibility decomposition.

/// What a letter is written as in a key.
pub(super) fn map(c: char) -> Option<&'static str> {
    Some(match c {
        'ٱ' => "ا",
        // Yeh: Farsi, alef maksura, Kurdish; a hamza on it is a mark and already gone.
        'ی' | 'ى' | 'ې' | 'ێ' | 'ے' => "ي",
        // Kaf: keheh, swash.
        'ک' | 'ڪ' => "ك",
        // Heh: goal, doachashmee, ae, teh marbuta.
        'ہ' | 'ھ' | 'ە' | 'ة' | 'ۃ' => "ه",
        'ء' | 'ـ' => "",
        'ۆ' => "و",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::fold::fold;

    #[test]
    fn keyboards_meet() {
        assert_eq!(fold("أرمينيا"), fold("ارمينيا"));
        assert_eq!(fold("کابل"), fold("كابل"));
        assert_eq!(fold("بـــغـــداد"), fold("بغداد"));
        assert_eq!(fold("مَكَّة"), fold("مكه"));
        assert_eq!(fold("إيران"), fold("ایران"));
    }

    #[test]
    fn presentation_forms_and_digits() {
        assert_eq!(fold("ﺑﻐﺪﺍﺩ"), fold("بغداد"));
        assert_eq!(fold("٣"), "3");
        assert_eq!(fold("۳"), "3");
    }
}
