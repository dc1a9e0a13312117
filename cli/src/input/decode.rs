//! Bytes as text.

use std::borrow::Cow;

use anyhow::{Result, bail};

use crate::sink::tell;

/// Counts what was no UTF-8 and had to be replaced.
#[derive(Default)]
pub(crate) struct Decoder {
    strict: bool,
    replaced: u64,
    first: Option<String>,
}

/// A text and, where bytes were replaced, how to find its bytes in the original.
pub(crate) struct Text<'b> {
    pub(crate) text: Cow<'b, str>,
    /// (byte in the text, byte in the original) behind each replaced sequence.
    shifts: Vec<(usize, usize)>,
}

impl<'b> From<Cow<'b, str>> for Text<'b> {
    fn from(text: Cow<'b, str>) -> Text<'b> {
        Text { text, shifts: vec![] }
    }
}

impl Text<'_> {
    /// Where bytes were replaced, for [`exonym::output::Annotated`].
    pub(crate) fn replaced(&self) -> &[(usize, usize)] {
        &self.shifts
    }
}

impl Decoder {
    /// One that replaces what is wrong, or, when strict, refuses it.
    pub(crate) fn new(strict: bool) -> Decoder {
        Decoder { strict, ..Decoder::default() }
    }

    /// Bytes as text: each invalid sequence is one U+FFFD, as other decoders have it, or an error when strict.
    pub(crate) fn decode<'b>(&mut self, bytes: &'b [u8], place: impl Fn() -> String) -> Result<Text<'b>> {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Ok(Text::from(Cow::Borrowed(text)));
        }
        let mut text = String::with_capacity(bytes.len());
        let mut shifts = Vec::new();
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            at += chunk.valid().len();
            if let Some(byte) = chunk.invalid().first() {
                if self.strict {
                    bail!(
                        "{}: byte {}: 0x{byte:02X} is not UTF-8; convert the input, or leave out --strict",
                        place(),
                        at + 1
                    );
                }
                self.replaced += 1;
                self.first.get_or_insert_with(|| format!("{}: byte {}", place(), at + 1));
                text.push(char::REPLACEMENT_CHARACTER);
                at += chunk.invalid().len();
                shifts.push((text.len(), at));
            }
        }
        Ok(Text { text: Cow::Owned(text), shifts })
    }

    /// Count what another one has replaced, which comes behind.
    pub(crate) fn add(&mut self, other: Decoder) {
        self.replaced += other.replaced;
        self.first = self.first.take().or(other.first);
    }

    /// Say how much was replaced, if anything.
    pub(crate) fn report(&self) {
        if let Some(first) = &self.first {
            let sequences = if self.replaced == 1 { "sequence was" } else { "sequences were" };
            tell(format!(
                "exonym: {} invalid UTF-8 {sequences} replaced by U+FFFD, the first at {first}; --strict refuses such input",
                self.replaced,
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaced_bytes_are_counted_and_found_again() {
        let mut decoder = Decoder::default();
        let bytes = b"a\xff\xfeBaku \xe2\x82 x";
        let text = decoder.decode(bytes, || "t".to_owned()).unwrap();
        assert_eq!(text.text, "a\u{fffd}\u{fffd}Baku \u{fffd} x");
        assert_eq!(text.replaced(), [(4, 2), (7, 3), (15, 10)]);
        assert_eq!((decoder.replaced, decoder.first.as_deref()), (3, Some("t: byte 2")));
    }
}
