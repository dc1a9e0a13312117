//! Hebrew: niqqud goes with the marks; the five final letters are their usual shapes.

/// What a letter is written as in a key.
pub(super) fn map(c: char) -> Option<&'static str> {
    Some(match c {
        'ך' => "כ",
        'ם' => "מ",
        'ן' => "נ",
        'ף' => "פ",
        'ץ' => "צ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::fold::fold;

    #[test]
    fn niqqud_and_final_letters() {
        assert_eq!(fold("יְרוּשָׁלַיִם"), fold("ירושלים"));
    }
}
