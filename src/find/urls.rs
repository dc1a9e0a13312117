//! Whether a place in a text lies inside a URL, an e-mail address, a handle or a file name, where no word is a name.

/// Longest stretch without white space that is looked at on either side.
const REACH: usize = 256;

/// Whether the word at byte `at` is part of a URL, address, handle or file name.
pub(super) fn is_inside(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let stop =
        |b: u8| b.is_ascii_whitespace() || matches!(b, b'<' | b'>' | b'"' | b'|' | b'[' | b']' | b'{' | b'}');
    let from = bytes[..at].iter().rev().take(REACH).take_while(|b| !stop(**b)).count();
    let to = bytes[at..].iter().take(REACH).take_while(|b| !stop(**b)).count();
    let chunk = &bytes[at - from..at + to];
    if !chunk.iter().any(|b| matches!(b, b'@' | b'/' | b'.' | b'\\' | b':')) {
        return false;
    }
    let has = |needle: &[u8]| chunk.windows(needle.len()).any(|w| w.eq_ignore_ascii_case(needle));
    if has(b"://") || has(b"www.") {
        return true;
    }
    // A handle (@baku) or an address (press@baku.az).
    if let Some(sign) = chunk.iter().position(|b| *b == b'@')
        && (sign < from || chunk[sign..].contains(&b'.'))
        && chunk.get(sign + 1).is_some_and(u8::is_ascii_alphanumeric)
    {
        return true;
    }
    // A domain or file name: letters, a point, letters, and nothing but such characters up to the point.
    let word_end = from
        + chunk[from..].iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')).count();
    let dotted_on = |at: usize| {
        chunk.get(at) == Some(&b'.')
            && chunk.get(at + 1).is_some_and(u8::is_ascii_lowercase)
            && suffix_is_known(&chunk[at + 1..])
    };
    dotted_on(word_end)
        || (from > 0
            && chunk[from - 1] == b'.'
            && chunk[..from - 1].last().is_some_and(u8::is_ascii_alphanumeric)
            && from > 2
            && dotted_on(word_end))
}

/// Whether what follows a point is a top-level domain or file suffix in common use.
fn suffix_is_known(rest: &[u8]) -> bool {
    const KNOWN: &[&str] = &[
        "com", "org", "net", "edu", "gov", "int", "info", "biz", "io", "eu", "ru", "de", "fr", "uk", "az",
        "am", "kz", "ua", "tr", "ge", "cn", "jp", "kr", "in", "br", "it", "es", "pl", "nl", "co", "html",
        "htm", "php", "pdf", "txt", "csv", "tsv", "json", "xml", "doc", "docx", "xls", "xlsx", "jpg", "jpeg",
        "png", "gif", "svg", "mp3", "mp4", "zip", "gz", "md", "py", "rs", "js",
    ];
    let word = rest.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
    std::str::from_utf8(&rest[..word]).is_ok_and(|w| KNOWN.contains(&w))
}

#[cfg(test)]
mod tests {
    use super::is_inside;

    fn inside(text: &str, word: &str) -> bool {
        is_inside(text, text.find(word).unwrap())
    }

    #[test]
    fn addresses_are_no_text() {
        assert!(inside("see https://example.org/baku/news now", "baku"));
        assert!(inside("write to press@baku.az", "baku"));
        assert!(inside("follow @baku", "baku"));
        assert!(inside("open almaty.csv", "almaty"));
        assert!(inside("at www.almaty.kz", "almaty"));
    }

    #[test]
    fn ordinary_punctuation_is_text() {
        assert!(!inside("#Almaty", "Almaty"));
        assert!(!inside("in Baku.", "Baku"));
        assert!(!inside("Baku/Ganja", "Ganja"));
        assert!(!inside("from Paris.The", "Paris"));
        assert!(!inside("U.S. and", "U.S"));
    }
}
