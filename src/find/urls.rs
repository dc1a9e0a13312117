//! Whether a place in a text lies inside a URL, an e-mail address, a handle or a file name, where no word is a name.

/// Longest stretch without white space that is looked at on either side.
const REACH: usize = 256;

/// Answers about the places of one text, in order: stretches without the characters of addresses are passed at once.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Addresses {
    /// No such character lies between these bytes.
    from: usize,
    to: usize,
}

impl Addresses {
    /// Whether the word that stands at these bytes lies inside an address.
    #[inline]
    pub(super) fn cover(&mut self, text: &str, at: usize, end: usize) -> bool {
        let bytes = text.as_bytes();
        let is_apart = at.checked_sub(1).is_none_or(|before| bytes.get(before) == Some(&b' '))
            && matches!(bytes.get(end..), Some([b' ', ..] | [b',', b' ', ..] | []));
        !is_apart && self.cover_stretch(text, at)
    }

    fn cover_stretch(&mut self, text: &str, at: usize) -> bool {
        if self.from <= at.saturating_sub(REACH) && at + REACH <= self.to {
            return false;
        }
        let bytes = text.as_bytes();
        let (start, end) = stretch(bytes, at);
        if bytes[start..end].iter().any(|b| is(*b, SIGN)) {
            return looks_like_one(&bytes[start..end], at - start);
        }
        // What lies beyond white space does not matter; in scripts without spaces it is worth looking ahead.
        self.from = if at - start < REACH { 0 } else { start };
        self.to = if end - at < REACH {
            end - 1 + REACH
        } else {
            end + bytes[end..].iter().take(8 * REACH).take_while(|b| !is(**b, SIGN)).count()
        };
        false
    }
}

/// One of the characters that make an address.
const SIGN: u8 = 1;
/// White space, or another character that ends an address.
const STOP: u8 = 2;

#[inline]
fn is(byte: u8, kind: u8) -> bool {
    static KINDS: [u8; 256] = {
        let mut kinds = [0; 256];
        let (signs, stops) = (b"@/.\\:", b" \t\n\x0c\r<>\"|[]{}");
        let mut i = 0;
        while i < signs.len() {
            kinds[signs[i] as usize] = SIGN;
            i += 1;
        }
        i = 0;
        while i < stops.len() {
            kinds[stops[i] as usize] = STOP;
            i += 1;
        }
        kinds
    };
    KINDS[usize::from(byte)] & kind != 0
}

/// The stretch around a place that has no white space, as far as it is looked at.
#[inline]
fn stretch(bytes: &[u8], at: usize) -> (usize, usize) {
    let before = bytes[..at].iter().rev().take(REACH).take_while(|b| !is(**b, STOP)).count();
    let after = bytes[at..].iter().take(REACH).take_while(|b| !is(**b, STOP)).count();
    (at - before, at + after)
}

/// Whether the word at byte `at` is part of a URL, an e-mail address, a handle or a file name, where no word is taken for a name.
///
/// ```
/// use exonym::find::is_inside_address;
/// let text = "press@baku.az in Baku";
/// assert!(is_inside_address(text, 6) && !is_inside_address(text, 17));
/// ```
pub fn is_inside_address(text: &str, at: usize) -> bool {
    let (start, end) = stretch(text.as_bytes(), at);
    looks_like_one(&text.as_bytes()[start..end], at - start)
}

/// Whether a stretch of text is an address, or the word at byte `from` in it is a part of one.
fn looks_like_one(chunk: &[u8], from: usize) -> bool {
    if !chunk.iter().any(|b| is(*b, SIGN)) {
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
    use super::is_inside_address;

    fn inside(text: &str, word: &str) -> bool {
        is_inside_address(text, text.find(word).unwrap())
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
