//! Output that is read as it comes: written line by line, many at a time.

use std::io::{self, Write};

use super::interrupt;

/// So much is collected before it is written.
const BUFFER: usize = 1 << 16;

/// Writes whole lines, as long as lines are not much longer than the buffer, and never stops within one when interrupted.
pub(crate) struct Stream<W: Write> {
    inner: W,
    waiting: Vec<u8>,
    /// Bytes that `inner` has taken.
    pub(super) written: u64,
}

impl<W: Write> Stream<W> {
    pub(super) fn new(inner: W) -> Stream<W> {
        Stream { inner, waiting: Vec::with_capacity(BUFFER), written: 0 }
    }

    /// Write so much of what is waiting.
    fn send(&mut self, length: usize) -> io::Result<()> {
        let _whole = interrupt::hold();
        let mut sent = 0;
        let result = loop {
            let rest = self.waiting.get(sent..length).unwrap_or_default();
            if rest.is_empty() {
                break self.inner.flush();
            }
            match self.inner.write(rest) {
                Ok(0) => break Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => {
                    sent += count;
                    self.written += count as u64;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Err(error),
            }
        };
        self.waiting.drain(..sent);
        result
    }
}

impl<W: Write> Write for Stream<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.waiting.extend(bytes);
        if self.waiting.len() >= BUFFER {
            let lines = self.waiting.iter().rposition(|byte| *byte == b'\n').map(|at| at + 1);
            match lines {
                Some(length) => self.send(length)?,
                // No line is this long, but some texts have no line ends.
                None if self.waiting.len() >= 16 * BUFFER => self.send(self.waiting.len())?,
                None => {}
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.send(self.waiting.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_written_whole() {
        struct Lines(Vec<u8>);
        impl Write for Lines {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.extend(bytes);
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                assert_eq!(self.0.last(), Some(&b'\n'));
                Ok(())
            }
        }
        let mut stream = Stream::new(Lines(Vec::new()));
        for n in 0..100_000 {
            stream.write_all(format!("line {n}").as_bytes()).unwrap();
            stream.write_all(b"\n").unwrap();
        }
        stream.flush().unwrap();
        assert_eq!(stream.written, stream.inner.0.len() as u64);
        assert!(stream.inner.0.ends_with(b"\nline 99999\n"));
    }
}
