//! Text inside XML and HTML.

/// Escaped for content and for attributes. Controls that XML forbids become U+FFFD.
pub(super) fn escape(text: &str, out: &mut Vec<u8>) {
    for c in text.chars() {
        match c {
            '&' => out.extend(b"&amp;"),
            '<' => out.extend(b"&lt;"),
            '>' => out.extend(b"&gt;"),
            '"' => out.extend(b"&quot;"),
            // A reader would make a line end of it.
            '\r' => out.extend(b"&#13;"),
            '\t' | '\n' => out.push(c as u8),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}' => {
                out.extend("\u{fffd}".as_bytes())
            }
            _ => out.extend(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// The same as a string.
pub(super) fn escaped(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    escape(text, &mut out);
    String::from_utf8(out).unwrap_or_default()
}
