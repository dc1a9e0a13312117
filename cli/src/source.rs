//! Sources of a build, as they are downloaded: plain, compressed, or the one table of a zip archive.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use exonym::source::geonames::GeoNamesReader;
use exonym::source::{Format, Rows, database, is_database, read_any, read_from};

use crate::input::compressed;

/// Extensions of files that are compressed.
const PACKED: [&str; 4] = ["gz", "zst", "xz", "bz2"];

/// Opens sources. Tables of GeoNames are read as one in the place of the first, so that names are only taken of records there are.
pub(crate) fn open_all(
    sources: &[PathBuf],
    format: Option<Format>,
    alternate_names: Option<&Path>,
) -> Result<Vec<(PathBuf, Rows)>> {
    let mut opened: Vec<(PathBuf, Rows)> = Vec::new();
    let mut tables: Option<(usize, PathBuf, GeoNamesReader)> = None;
    let mut join = |at, path: &Path, table| {
        tables = Some(match tables.take() {
            Some((at, first, before)) => (at, first, before.then(table)),
            None => (at, path.to_owned(), table),
        });
    };
    for path in sources {
        match open(path, format)? {
            Rows::GeoNames(table) => join(opened.len(), path, table),
            rows => opened.push((path.clone(), rows)),
        }
    }
    if let Some(path) = alternate_names {
        match open(path, Some(Format::GeoNames))? {
            Rows::GeoNames(table) => join(opened.len(), path, table),
            _ => bail!("{} is no table of GeoNames", path.display()),
        }
    }
    if let Some((at, path, table)) = tables {
        opened.insert(at, (path, Rows::GeoNames(table)));
    }
    Ok(opened)
}

/// Whether a file is a source by its name, rather than a gazetteer.
pub(crate) fn is_source(path: &Path) -> bool {
    let is_packed = |e: &std::ffi::OsStr| PACKED.iter().any(|known| e.eq_ignore_ascii_case(known));
    let name =
        if path.extension().is_some_and(is_packed) { path.with_extension("") } else { path.to_owned() };
    Format::of(name).is_ok()
        || is_database(path)
        || path.extension().is_some_and(|e| e.eq_ignore_ascii_case("zip"))
}

/// Opens a source in a format, or in that of its name without `.gz` and the like.
pub(crate) fn open(path: &Path, format: Option<Format>) -> Result<Rows> {
    let doing = || format!("cannot open {}", path.display());
    if is_database(path) {
        return Ok(database(path)?);
    }
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or("").to_ascii_lowercase();
    let mut file = File::open(path).with_context(doing)?;
    let mut magic = [0; 4];
    let is_zip = extension == "zip" || {
        // What cannot be read or sought is no archive, and is told by whoever reads it.
        file.metadata().is_ok_and(|about| about.is_file())
            && file.read_exact(&mut magic).is_ok()
            && magic == *b"PK\x03\x04"
    };
    let (name, input): (PathBuf, Box<dyn Read + Send>) = if is_zip {
        zipped(file, path)?
    } else {
        if file.metadata().is_ok_and(|about| about.is_file()) {
            file.seek(SeekFrom::Start(0)).with_context(doing)?;
        }
        let packed = PACKED.contains(&extension.as_str());
        let name = if packed { path.with_extension("") } else { path.to_owned() };
        (name, compressed::open(Box::new(file)).with_context(|| format!("cannot read {}", path.display()))?)
    };
    Ok(match format {
        Some(format) => read_from(input, name, format)?,
        None => read_any(input, name)?,
    })
}

/// The one table of an archive: that which has its name, or that which is no `readme.txt`.
fn zipped(file: File, path: &Path) -> Result<(PathBuf, Box<dyn Read + Send>)> {
    let doing = || format!("cannot read {}", path.display());
    let mut archive = zip::ZipArchive::new(file).with_context(doing)?;
    let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
    let stem = |name: &str| Path::new(name).file_stem().map(|s| s.to_string_lossy().to_lowercase());
    let own = names.iter().find(|name| stem(name) == stem(&path.to_string_lossy()));
    let others: Vec<&String> =
        names.iter().filter(|name| !name.ends_with('/') && stem(name).as_deref() != Some("readme")).collect();
    let name = match (own, others.as_slice()) {
        (Some(name), _) => name,
        (None, [name]) => *name,
        (None, _) => bail!(
            "{} holds {} files, expected one, or one of the same name; unpack it and name the file",
            path.display(),
            others.len()
        ),
    };
    let index = archive.index_for_name(name).with_context(doing)?;
    let entry = archive.by_index_raw(index).with_context(doing)?;
    if entry.encrypted() {
        bail!("{} is encrypted; unpack it", path.display());
    }
    let (packed, size, method) = (entry.compressed_size(), entry.size(), entry.compression());
    let start =
        entry.data_start().context("the archive does not say where its data is").with_context(doing)?;
    drop(entry);
    let mut file = archive.into_inner();
    file.seek(SeekFrom::Start(start)).with_context(doing)?;
    let data = file.take(packed);
    let input: Box<dyn Read + Send> = match method {
        zip::CompressionMethod::Stored => Box::new(data),
        zip::CompressionMethod::DEFLATE => Box::new(flate2::read::DeflateDecoder::new(data)),
        other => bail!("{} is compressed with {other:?}; unpack it", path.display()),
    };
    // Messages name the archive, and the file's own name tells the format.
    Ok((path.join(name), Box::new(Sized { input, left: size })))
}

/// Gives as many bytes as the archive says there are: no more, and an error where there are less.
struct Sized<R> {
    input: R,
    left: u64,
}

impl<R: Read> Read for Sized<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.input.read(buffer)?;
        let ended = read == 0 && !buffer.is_empty();
        match self.left.checked_sub(read as u64) {
            Some(left) if !ended || left == 0 => {
                self.left = left;
                Ok(read)
            }
            _ => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the archive holds more or less than it says; download it again",
            )),
        }
    }
}
