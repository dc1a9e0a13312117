//! Where output goes: standard output, or a file that appears whole or not at all; and standard error for what is said
//! meanwhile.

pub(crate) mod interrupt;
mod packed;
mod pager;
mod stream;

use std::fmt::Display;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ChildStdin;

use anyhow::{Context, Result, bail};
use serde::Serialize;
use supports_hyperlinks::Stream as Console;
use tempfile::NamedTempFile;

use self::packed::Packed;
use self::pager::Pager;
use self::stream::Stream;
use crate::progress;

const BUFFER: usize = 1 << 16;

/// An open output.
pub(crate) enum Sink {
    Stdout(Stream<Box<dyn Write + Send>>),
    /// A pager, which writes to the terminal.
    Paged(Stream<ChildStdin>, Pager),
    /// Beside its place; renamed when closed.
    File(BufWriter<Packed<Counting>>, PathBuf),
    /// A pipe or device, which is written to as it is.
    Device(Stream<File>, PathBuf),
}

impl Sink {
    /// Open it before any work is done, so that what cannot be written is refused at once.
    pub(crate) fn open(path: Option<&Path>) -> Result<Sink> {
        let Some(path) = path.filter(|p| *p != Path::new("-")) else {
            return Ok(Sink::Stdout(Stream::new(stdout())));
        };
        let doing = || format!("cannot write {}", path.display());
        // A link is followed: the file it leads to is replaced, not the link.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let present = fs::metadata(&target).ok();
        if present.as_ref().is_some_and(fs::Metadata::is_dir) {
            bail!("{}: it is a folder; name a file in it", doing());
        }
        if present.as_ref().is_some_and(|about| !about.is_file()) {
            let file = OpenOptions::new().write(true).open(&target).with_context(doing)?;
            return Ok(Sink::Device(Stream::new(file), path.to_owned()));
        }
        let file = interrupt::unfinished(|| temporary_beside(&target)).with_context(doing)?;
        if let Some(about) = present {
            file.as_file().set_permissions(about.permissions()).with_context(doing)?;
        }
        let file = Packed::new(Counting { file, written: 0 }, path).with_context(doing)?;
        Ok(Sink::File(BufWriter::with_capacity(BUFFER, file), target))
    }

    /// Standard output, page by page where it is a terminal.
    pub(crate) fn paged() -> Sink {
        let pager = if io::stdout().is_terminal() { Pager::start() } else { None };
        match pager {
            Some((pager, stdin)) => Sink::Paged(Stream::new(stdin), pager),
            None => Sink::Stdout(Stream::new(stdout())),
        }
    }

    /// Whether a person reads it as it comes.
    pub(crate) fn is_terminal(&self) -> bool {
        matches!(self, Sink::Stdout(_) | Sink::Paged(..)) && io::stdout().is_terminal()
    }

    /// Whether it is a terminal that shows colours, or asked to be treated as one.
    pub(crate) fn is_coloured(&self) -> bool {
        match self {
            Sink::Stdout(_) | Sink::Paged(..) => {
                anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
            }
            Sink::File(..) | Sink::Device(..) => {
                anstream::ColorChoice::global() == anstream::ColorChoice::Always
            }
        }
    }

    /// Whether it is a terminal where one can click on a word to open a page.
    pub(crate) fn has_links(&self) -> bool {
        matches!(self, Sink::Stdout(_) | Sink::Paged(..))
            && self.is_coloured()
            && supports_hyperlinks::on(Console::Stdout)
    }

    /// Let a reader see what there is, before waiting for more input. A file stays unseen until it is closed.
    pub(crate) fn show(&mut self) -> io::Result<()> {
        match self {
            Sink::File(..) => Ok(()),
            _ => self.flush(),
        }
    }

    /// Write a report, as one JSON object or for people, and close.
    pub(crate) fn report<R: Serialize>(
        mut self,
        report: &R,
        json: bool,
        people: impl FnOnce(&mut Sink, &R) -> Result<()>,
    ) -> Result<()> {
        if json {
            serde_json::to_writer_pretty(&mut self, report)?;
            self.write_all(b"\n")?;
        } else {
            people(&mut self, report)?;
        }
        self.close()
    }

    /// Finish: what was written becomes visible.
    pub(crate) fn close(mut self) -> Result<()> {
        self.flush()?;
        match self {
            Sink::Stdout(_) | Sink::Device(..) => {}
            Sink::Paged(out, pager) => {
                drop(out);
                pager.wait()?;
            }
            Sink::File(out, path) => {
                let doing = || format!("cannot write {}", path.display());
                let file = out.into_inner().map_err(io::IntoInnerError::into_error).with_context(doing)?;
                let file = file.finish().with_context(doing)?;
                let mut unfinished = interrupt::hold();
                unfinished.retain(|path| path != file.file.path());
                file.file.persist(&path).map_err(|e| e.error).with_context(doing)?;
            }
        }
        Ok(())
    }

    /// The same error, of the same kind, with what could not be written, and how much of it was.
    fn named(&self, error: &io::Error) -> io::Error {
        let (name, written) = match self {
            Sink::Stdout(out) => ("standard output".to_owned(), out.written),
            Sink::Paged(out, _) => ("to the pager".to_owned(), out.written),
            Sink::File(out, path) => (path.display().to_string(), out.get_ref().inner().written),
            Sink::Device(out, path) => (path.display().to_string(), out.written),
        };
        let rest = if matches!(self, Sink::File(..)) { "; nothing of it is kept" } else { "" };
        let bytes = if written == 1 { "byte" } else { "bytes" };
        io::Error::new(error.kind(), format!("cannot write {name}: {error}, after {written} {bytes}{rest}"))
    }
}

/// Standard output without a buffer of its own, which would hold back what it says it has written.
fn stdout() -> Box<dyn Write + Send> {
    #[cfg(unix)]
    if let Ok(own) = std::os::fd::AsFd::as_fd(&io::stdout()).try_clone_to_owned() {
        return Box::new(File::from(own));
    }
    Box::new(io::stdout())
}

/// A new file and the bytes it has taken.
pub(crate) struct Counting {
    file: NamedTempFile,
    written: u64,
}

impl Write for Counting {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.as_file_mut().write(bytes)?;
        self.written += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_file_mut().flush()
    }
}

/// The folder a file is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A new file in the folder of `path`, removed when dropped.
pub(crate) fn temporary_beside(path: &Path) -> Result<NamedTempFile> {
    let folder = folder_of(path);
    if !folder.is_dir() {
        bail!("there is no folder {}", folder.display());
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".exonym-");
    // As any new file: readable to whom the umask lets; temporary files are private otherwise.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    Ok(builder.tempfile_in(folder)?)
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match self {
            Sink::Stdout(out) => out.write(bytes),
            Sink::Paged(out, _) => out.write(bytes),
            Sink::File(out, _) => out.write(bytes),
            Sink::Device(out, _) => out.write(bytes),
        };
        written.map_err(|error| self.named(&error))
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = match self {
            Sink::Stdout(out) => out.flush(),
            Sink::Paged(out, _) => out.flush(),
            Sink::File(out, _) => out.flush(),
            Sink::Device(out, _) => out.flush(),
        };
        flushed.map_err(|error| self.named(&error))
    }
}

/// Say a line to the person at the terminal. Whether anybody listens does not matter.
pub(crate) fn tell(message: impl Display) {
    progress::aside(|| {
        let _ = writeln!(anstream::stderr(), "{message}");
    });
}

/// Whether writing failed because the reader has gone, which is a success.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        let csv = cause.downcast_ref::<csv::Error>().and_then(|error| match error.kind() {
            csv::ErrorKind::Io(error) => Some(error.kind()),
            _ => None,
        });
        io.or(json).or(csv) == Some(io::ErrorKind::BrokenPipe)
    })
}
