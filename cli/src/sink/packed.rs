//! A file that is compressed as its name says: `.gz`, `.zst`, `.xz`, `.bz2`.

use std::io::{self, Write};
use std::path::Path;

use bzip2::write::BzEncoder;
use flate2::write::GzEncoder;
use lzma_rust2::{XzOptions, XzWriter};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

/// So much is compressed at a time with zstd, each piece a frame of its own.
const FRAME: usize = 1 << 20;

pub(crate) enum Packed<W: Write> {
    Plain(W),
    Gzip(GzEncoder<W>),
    Bzip2(BzEncoder<W>),
    Xz(Box<XzWriter<W>>),
    Zstd(W, Vec<u8>),
}

impl<W: Write> Packed<W> {
    /// A writer into `inner`, compressed as the name of the file says.
    pub(super) fn new(inner: W, path: &Path) -> io::Result<Packed<W>> {
        let end = path.extension().map(|end| end.to_string_lossy().to_ascii_lowercase());
        Ok(match end.as_deref() {
            Some("gz") => Packed::Gzip(GzEncoder::new(inner, flate2::Compression::default())),
            Some("bz2") => Packed::Bzip2(BzEncoder::new(inner, bzip2::Compression::default())),
            Some("xz") => Packed::Xz(Box::new(XzWriter::new(inner, XzOptions::with_preset(6))?)),
            Some("zst") => Packed::Zstd(inner, Vec::new()),
            _ => Packed::Plain(inner),
        })
    }

    /// What is written to.
    pub(super) fn inner(&self) -> &W {
        match self {
            Packed::Plain(inner) | Packed::Zstd(inner, _) => inner,
            Packed::Gzip(gzip) => gzip.get_ref(),
            Packed::Bzip2(bzip2) => bzip2.get_ref(),
            Packed::Xz(xz) => xz.inner(),
        }
    }

    /// Write what is left, and give the file back.
    pub(super) fn finish(self) -> io::Result<W> {
        match self {
            Packed::Plain(inner) => Ok(inner),
            Packed::Gzip(gzip) => gzip.finish(),
            Packed::Bzip2(bzip2) => bzip2.finish(),
            Packed::Xz(xz) => xz.finish(),
            Packed::Zstd(mut inner, rest) => {
                inner.write_all(&frame(&rest))?;
                Ok(inner)
            }
        }
    }
}

fn frame(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

impl<W: Write> Write for Packed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Packed::Plain(inner) => inner.write(bytes),
            Packed::Gzip(gzip) => gzip.write(bytes),
            Packed::Bzip2(bzip2) => bzip2.write(bytes),
            Packed::Xz(xz) => xz.write(bytes),
            Packed::Zstd(inner, rest) => {
                rest.extend(bytes);
                if rest.len() >= FRAME {
                    inner.write_all(&frame(rest))?;
                    rest.clear();
                }
                Ok(bytes.len())
            }
        }
    }

    /// Only what is not compressed: the rest comes when the file is finished.
    fn flush(&mut self) -> io::Result<()> {
        match self {
            Packed::Plain(inner) => inner.flush(),
            _ => Ok(()),
        }
    }
}
