//! Inputs in other encodings, read as UTF-8.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8};

use crate::markup::Markup;
use crate::sink::tell;

/// A reader that gives UTF-8, whatever the input is in: as said, or as its mark says, or, if asked for, its own declaration.
pub(super) fn open(
    inner: Box<dyn Read>,
    name: &str,
    said: Option<&'static Encoding>,
    declared: bool,
    strict: bool,
) -> io::Result<Box<dyn Read>> {
    let mut inner = BufReader::with_capacity(1 << 16, inner);
    let mut start = Vec::new();
    let mut encoding = said;
    if said.is_none() {
        // The marks of UTF-16, and no more waited for than is needed to tell.
        while matches!(start[..], [] | [0xff] | [0xfe]) {
            let Some(byte) = inner.fill_buf()?.first().copied() else { break };
            start.push(byte);
            inner.consume(1);
        }
        encoding = Encoding::for_bom(&start).map(|(encoding, _)| encoding);
        if encoding.is_none() && declared {
            let beginning = [&start, inner.fill_buf()?].concat();
            let label = Markup::declared(&beginning).and_then(|span| beginning.get(span));
            // What can be read so far is not in UTF-16, whatever it says.
            encoding = label.and_then(Encoding::for_label).filter(|encoding| encoding.is_ascii_compatible());
        }
    }
    let whole = Cursor::new(start).chain(inner);
    Ok(match encoding {
        // UTF-8 is looked at line by line, where places can be told.
        None => Box::new(whole),
        Some(encoding) if encoding == UTF_8 => Box::new(whole),
        Some(encoding) => Box::new(Transcoder {
            source: whole,
            decoder: encoding.new_decoder_with_bom_removal(),
            encoding,
            name: name.to_owned(),
            strict,
            read: 0,
            replaced: 0,
            out: vec![0; 1 << 16],
            ready: 0..0,
            done: false,
        }),
    })
}

struct Transcoder<R> {
    source: R,
    decoder: Decoder,
    encoding: &'static Encoding,
    name: String,
    strict: bool,
    /// Bytes read of the input.
    read: u64,
    replaced: u64,
    out: Vec<u8>,
    /// What of `out` is not taken yet.
    ready: std::ops::Range<usize>,
    done: bool,
}

impl<R: BufRead> Transcoder<R> {
    /// Decode what comes next into `out`.
    fn fill(&mut self) -> io::Result<()> {
        let input = self.source.fill_buf()?;
        let last = input.is_empty();
        // Room for the sign of what is wrong.
        let room = self.out.len() - char::REPLACEMENT_CHARACTER.len_utf8();
        let space = self.out.get_mut(..room).unwrap_or_default();
        let (result, read, mut written) = self.decoder.decode_to_utf8_without_replacement(input, space, last);
        self.source.consume(read);
        self.read += read as u64;
        match result {
            DecoderResult::InputEmpty => self.done = last,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, behind) => {
                let at = self.read.saturating_sub(u64::from(length) + u64::from(behind)) + 1;
                if self.strict {
                    let what = format!(
                        "byte {at} is not {}; leave out --strict, or give another --encoding",
                        self.encoding.name()
                    );
                    return Err(io::Error::new(io::ErrorKind::InvalidData, what));
                }
                if self.replaced == 0 {
                    tell(format!(
                        "exonym: {}: byte {at} is not {}; what is wrong is replaced by U+FFFD, and --strict refuses such input",
                        self.name,
                        self.encoding.name()
                    ));
                }
                self.replaced += 1;
                let sign = "\u{fffd}".as_bytes();
                if let Some(space) = self.out.get_mut(written..written + sign.len()) {
                    space.copy_from_slice(sign);
                }
                written += sign.len();
            }
        }
        self.ready = 0..written;
        Ok(())
    }
}

impl<R: BufRead> Read for Transcoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.ready.is_empty() && !self.done {
            self.fill()?;
        }
        let ready = self.out.get(self.ready.clone()).unwrap_or_default();
        let count = ready.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(ready) {
            *to = *from;
        }
        self.ready.start += count;
        Ok(count)
    }
}
