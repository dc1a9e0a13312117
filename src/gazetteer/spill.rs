//! Where a build keeps what does not fit into memory: files without a name in one folder, which are gone with the program,
//! however it ends.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tempfile::{SpooledData, SpooledTempFile};

use crate::error::{Error, Result};

/// Bytes written and read at a time.
const BUFFER: usize = 1 << 16;
/// What a build holds in as many spools as it has open: a small part of its memory.
const SPOOLS: usize = 64;

/// How much memory may be used, and the folder for the rest.
#[derive(Clone, Debug)]
pub(crate) struct Scratch {
    memory: usize,
    folder: PathBuf,
    written: Arc<AtomicU64>,
}

impl Scratch {
    /// Everything in memory.
    pub(crate) fn none() -> Scratch {
        Scratch::new(usize::MAX, PathBuf::new())
    }

    pub(crate) fn new(memory: usize, folder: PathBuf) -> Scratch {
        Scratch { memory, folder, written: Arc::default() }
    }

    /// Bytes that may be kept in memory.
    pub(crate) fn memory(&self) -> usize {
        self.memory
    }

    /// A new file.
    pub(crate) fn file(&self) -> Result<Counted<File>> {
        let file = tempfile::tempfile_in(&self.folder).map_err(|error| self.failed(error))?;
        Ok(Counted { file, scratch: self.clone() })
    }

    /// Something that is written from start to end and then read from start to end.
    pub(crate) fn spool(&self) -> Spool {
        let file = SpooledTempFile::new_in(self.memory / SPOOLS, &self.folder);
        let file = Counted { file, scratch: self.clone() };
        Spool {
            out: BufWriter::with_capacity(BUFFER, Summed { file, len: 0, crc: crc32fast::Hasher::new() }),
        }
    }

    /// What failed, in words.
    pub(crate) fn failed(&self, error: io::Error) -> Error {
        let written = self.written.load(Ordering::Relaxed);
        let doing =
            format!("cannot write temporary files in {} after {written} bytes", self.folder.display());
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::io(
                format!(
                    "{doing}; make room, up to 200 bytes for each name, or name another folder with --tmp"
                ),
                error,
            ),
            _ => Error::io(doing, error),
        }
    }

    fn count(&self, bytes: usize) {
        self.written.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

/// A file whose bytes are counted.
#[derive(Debug)]
pub(crate) struct Counted<F> {
    file: F,
    scratch: Scratch,
}

impl<F> Counted<F> {
    pub(crate) fn into_inner(self) -> F {
        self.file
    }
}

impl<F: Write> Write for Counted<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.scratch.count(written);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Bytes on their way out, with their length and checksum.
struct Summed {
    file: Counted<SpooledTempFile>,
    len: u64,
    crc: crc32fast::Hasher,
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.crc.update(bytes.get(..written).unwrap_or(bytes));
        self.len += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// A section or table being written: in memory while it is small.
pub(crate) struct Spool {
    out: BufWriter<Summed>,
}

impl Spool {
    pub(crate) fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.write_all(bytes).map_err(|error| self.out.get_ref().file.scratch.failed(error))
    }

    /// What was written, to be read.
    pub(crate) fn finish(self) -> Result<Stored> {
        let scratch = self.out.get_ref().file.scratch.clone();
        let Summed { file, len, crc } =
            self.out.into_inner().map_err(|error| scratch.failed(error.into_error()))?;
        let mut data = file.into_inner();
        data.seek(SeekFrom::Start(0)).map_err(|error| scratch.failed(error))?;
        Ok(Stored { data, len, crc: crc.finalize() })
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Bytes that were written.
#[derive(Debug)]
pub(crate) struct Stored {
    data: SpooledTempFile,
    pub(crate) len: u64,
    pub(crate) crc: u32,
}

impl Stored {
    /// To read it from its start.
    pub(crate) fn reader(self) -> BufReader<SpooledTempFile> {
        BufReader::with_capacity(BUFFER, self.data)
    }

    /// Appends it to a vector.
    pub(crate) fn append(self, to: &mut Vec<u8>) -> io::Result<()> {
        io::copy(&mut self.reader(), to).map(|_| ())
    }

    /// Appends it to a file: within the kernel, where that can be done.
    pub(crate) fn copy(self, to: &mut File) -> io::Result<()> {
        match self.data.into_inner() {
            SpooledData::InMemory(bytes) => to.write_all(bytes.get_ref()),
            SpooledData::OnDisk(mut file) => io::copy(&mut file, to).map(|_| ()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_with_what_helps() {
        let folder = tempfile::tempdir().unwrap();
        let scratch = Scratch::new(0, folder.path().to_owned());
        let mut file = scratch.file().unwrap();
        file.write_all(&[7; 300]).unwrap();
        let error = scratch.failed(io::ErrorKind::StorageFull.into()).to_string();
        let (before, after) = error.split_once(" after 300 bytes; make room, up to ").unwrap();
        assert_eq!(before, format!("cannot write temporary files in {}", folder.path().display()));
        assert_eq!(after, "200 bytes for each name, or name another folder with --tmp");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_spooled_comes_back() {
        for memory in [0, 64 * SPOOLS, usize::MAX] {
            let scratch = Scratch::new(memory, std::env::temp_dir());
            let mut spool = scratch.spool();
            let bytes: Vec<u8> = (0..200_000u32).map(|n| (n.wrapping_mul(n) >> 7) as u8).collect();
            bytes.chunks(777).for_each(|part| spool.put(part).unwrap());
            let stored = spool.finish().unwrap();
            assert_eq!((stored.len, stored.crc), (bytes.len() as u64, crc32fast::hash(&bytes)));
            let mut back = vec![];
            stored.append(&mut back).unwrap();
            assert!(back == bytes, "{memory}");
        }
    }
}
