//! Where a gazetteer's bytes live: in memory of our own, in the program itself, or in a mapped file.
//!
//! The only place that maps memory, and the only `unsafe` code of the library.

use std::fs::File;
use std::path::Path;

use crate::error::{Error, Result};

/// The bytes of a gazetteer.
pub(crate) enum Store {
    Owned(Vec<u8>),
    Static(&'static [u8]),
    #[cfg(feature = "mmap")]
    Mapped(memmap2::Mmap),
}

impl Store {
    /// Maps a file, or reads it where it cannot be mapped (a pipe, an empty file, a build without `mmap`).
    pub(crate) fn open(path: &Path) -> Result<Store> {
        let fail = |error| Error::io(format!("cannot open {}", path.display()), error);
        let file = File::open(path).map_err(fail)?;
        let about = file.metadata().map_err(fail)?;
        if about.is_dir() {
            return Err(Error::usage(format!(
                "{} is a folder, expected a gazetteer file such as world.gaz",
                path.display()
            )));
        }
        #[cfg(feature = "mmap")]
        if about.is_file() && about.len() > 0 {
            #[expect(unsafe_code, reason = "a map is what makes opening a gazetteer of any size cheap")]
            // SAFETY: the map is only ever read, as bytes. `Map` is sound as long as nobody changes the file while it is
            // mapped; gazetteers are written to a temporary file and renamed over the old one, which leaves an existing
            // map on the old contents. Every read from it is bounds-checked against the length of the map, and no value
            // read is trusted, so bytes changed by someone else give wrong answers at worst, or a SIGBUS if the file is
            // cut short in place, which no check in this program could prevent.
            let map = unsafe { memmap2::Mmap::map(&file) };
            if let Ok(map) = map {
                return Ok(Store::Mapped(map));
            }
        }
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut &file, &mut bytes)
            .map_err(|error| Error::io(format!("cannot read {}", path.display()), error))?;
        Ok(Store::Owned(bytes))
    }

    /// All bytes.
    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Store::Owned(bytes) => bytes,
            Store::Static(bytes) => bytes,
            #[cfg(feature = "mmap")]
            Store::Mapped(map) => map,
        }
    }
}
