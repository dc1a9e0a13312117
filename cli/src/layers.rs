//! Which gazetteer: the embedded one, a file, or several laid over each other.

use std::path::Path;

use anyhow::{Result, bail};
use exonym::gazetteer::Stack;
use exonym::source::Rows;
use exonym::{Gazetteer, GazetteerBuilder};

use crate::args::GazetteerArgs;
use crate::sink::tell;
use crate::source;

/// The gazetteer asked for.
pub(crate) enum Opened {
    Own(Box<Gazetteer>),
    Embedded(&'static Gazetteer),
}

impl std::ops::Deref for Opened {
    type Target = Gazetteer;

    fn deref(&self) -> &Gazetteer {
        match self {
            Opened::Own(gazetteer) => gazetteer,
            Opened::Embedded(gazetteer) => gazetteer,
        }
    }
}

/// A file of a stack.
enum Layer {
    Gazetteer(Opened),
    Source(Box<Rows>),
}

impl GazetteerArgs {
    /// The files asked for, the lowest first; none for the embedded one.
    pub(crate) fn files(&self) -> impl ExactSizeIterator<Item = &Path> {
        let empty = self.gazetteer.iter().take_while(|path| path.as_os_str().is_empty()).count();
        self.gazetteer.iter().skip(empty).map(AsRef::as_ref)
    }

    /// Opens what was asked for as one gazetteer.
    pub(crate) fn open(&self) -> Result<Opened> {
        let mut files = self.files();
        let Some(first) = files.next() else { return Ok(Opened::Embedded(exonym_gazetteer::embedded())) };
        let base = open(first)?;
        if files.len() == 0 {
            return Ok(base);
        }
        let mut stack = Stack::over(&base);
        for path in files {
            match layer(path)? {
                Layer::Gazetteer(gazetteer) => stack.add_gazetteer(&gazetteer)?,
                Layer::Source(rows) => {
                    for row in *rows {
                        let (record, place) = row?;
                        stack.add(record, Some(place))?;
                    }
                    stack.next_layer();
                }
            }
        }
        let (gazetteer, idle) = stack.build()?;
        idle.into_iter().for_each(|idle| tell(format!("exonym: {idle}")));
        Ok(Opened::Own(Box::new(gazetteer)))
    }
}

/// Opens one file as a gazetteer; a source is built, and a row that is not right is an error.
pub(crate) fn open(path: &Path) -> Result<Opened> {
    let rows = match layer(path)? {
        Layer::Gazetteer(gazetteer) => return Ok(gazetteer),
        Layer::Source(rows) => rows,
    };
    let mut builder = GazetteerBuilder::new();
    for row in *rows {
        let (record, place) = row?;
        builder.add(record, Some(place))?;
    }
    let (bytes, report) = builder.build()?;
    if report.records == 0 {
        bail!("{} has no records", path.display());
    }
    Ok(Opened::Own(Box::new(Gazetteer::from_bytes(bytes)?)))
}

fn layer(path: &Path) -> Result<Layer> {
    if path == Path::new("default") {
        return Ok(Layer::Gazetteer(Opened::Embedded(exonym_gazetteer::embedded())));
    }
    if source::is_source(path) {
        return Ok(Layer::Source(Box::new(source::open(path, None)?)));
    }
    Ok(Layer::Gazetteer(Opened::Own(Box::new(Gazetteer::open(path)?))))
}
