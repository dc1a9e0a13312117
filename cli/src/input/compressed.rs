//! Inputs that are compressed are read as if they were not; told by their first bytes, whatever they are called.

use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use ruzstd::decoding::{FrameDecoder, StreamingDecoder};

/// What an xz file may ask for.
const XZ_MEMORY_KIB: u32 = 1 << 20;

type Start = Chain<Cursor<Vec<u8>>, BufReader<Box<dyn Read + Send>>>;

/// The first bytes of each format. bzip2's are followed by a digit, but no text begins with the six that come then.
const MAGICS: [(&[u8], Format); 5] = [
    (b"\x1f\x8b\x08", Format::Gzip),
    (b"\x28\xb5\x2f\xfd", Format::Zstd),
    (b"\xfd7zXZ\0", Format::Xz),
    (b"BZh?1AY&SY", Format::Bzip2),
    // Of nothing.
    (b"BZh?\x17rE8P\x90", Format::Bzip2),
];

#[derive(Clone, Copy)]
enum Format {
    Gzip,
    Zstd,
    Xz,
    Bzip2,
}

/// A reader of what is compressed in another, or of that itself.
pub(crate) fn open(inner: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let mut inner = BufReader::with_capacity(1 << 16, inner);
    let mut start = Vec::new();
    let format = loop {
        let begun = |magic: &[u8]| magic.iter().zip(&start).all(|(m, b)| m == b || *m == b'?');
        let Some((magic, format)) = MAGICS.iter().find(|(magic, _)| begun(magic)) else { break None };
        if start.len() >= magic.len() {
            break Some(*format);
        }
        // No more is waited for than is needed to tell.
        let Some(byte) = inner.fill_buf()?.first().copied() else { break None };
        start.push(byte);
        inner.consume(1);
    };
    let whole = Cursor::new(start).chain(inner);
    Ok(match format {
        None => Box::new(whole),
        Some(Format::Gzip) => Box::new(flate2::bufread::MultiGzDecoder::new(whole)),
        Some(Format::Bzip2) => Box::new(bzip2::bufread::MultiBzDecoder::new(whole)),
        Some(Format::Xz) => Box::new(lzma_rust2::XzReader::new_mem_limit(whole, true, XZ_MEMORY_KIB)),
        Some(Format::Zstd) => Box::new(Zstd { between: Some(whole), frame: None }),
    })
}

/// All frames of a zstd file, one after another.
struct Zstd {
    /// The source, while no frame is being read.
    between: Option<Start>,
    frame: Option<Box<StreamingDecoder<Start, FrameDecoder>>>,
}

impl Read for Zstd {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(frame) = &mut self.frame {
                let read = frame.read(buffer)?;
                if read > 0 || buffer.is_empty() {
                    return Ok(read);
                }
                self.between = self.frame.take().map(|frame| frame.into_inner());
            }
            let Some(mut source) = self.between.take() else { return Ok(0) };
            let next = source.fill_buf()?;
            if next.is_empty() {
                return Ok(0);
            }
            // A frame that holds no data but something for other programs.
            if matches!(next, [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..]) {
                source.consume(4);
                let mut length = [0; 4];
                source.read_exact(&mut length)?;
                io::copy(&mut (&mut source).take(u32::from_le_bytes(length).into()), &mut io::sink())?;
                self.between = Some(source);
                continue;
            }
            let frame =
                StreamingDecoder::new(source).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))?;
            self.frame = Some(Box::new(frame));
        }
    }
}
