//! What was imported: the ids there are, where they lie, and the sources that `NOTICE` names.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use exonym::record::{Point, Record};
use exonym::source::csv::CsvReader;
use exonym::{Error, Result};
use lzma_rust2::XzReader;

/// The imported records, as far as curated rows are checked against them.
#[derive(Debug, Default)]
pub struct Imported {
    records: HashMap<String, Place>,
    same_as: HashSet<String>,
    names: HashMap<String, HashSet<String>>,
    /// Populated places of each country.
    towns: HashMap<String, Vec<Point>>,
    sources: HashSet<String>,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    pub(crate) point: Option<Point>,
    pub(crate) is_town: bool,
}

impl Imported {
    /// Reads the tables of a folder (`.tsv`, `.tsv.xz`), and the `NOTICE` beside it.
    pub fn read(folder: impl AsRef<Path>) -> Result<Imported> {
        let folder = folder.as_ref();
        let fail = |path: &Path, error| Error::io(format!("cannot read {}", path.display()), error);
        let mut imported = Imported::default();
        for entry in std::fs::read_dir(folder).map_err(|error| fail(folder, error))? {
            let path = entry.map_err(|error| fail(folder, error))?.path();
            let open = || File::open(&path).map(BufReader::new).map_err(|error| fail(&path, error));
            let input: Box<dyn Read + Send> = match path.file_name().and_then(|name| name.to_str()) {
                // Where each source comes from, no records.
                Some("sources.tsv") => continue,
                Some(name) if name.ends_with(".tsv") => Box::new(open()?),
                Some(name) if name.ends_with(".tsv.xz") => Box::new(XzReader::new(open()?, false)),
                _ => continue,
            };
            for row in CsvReader::from_reader(input, path.with_extension(""))? {
                imported.add(&row?.0);
            }
        }
        let notice = folder.with_file_name("NOTICE");
        let text = std::fs::read_to_string(&notice).map_err(|error| fail(&notice, error))?;
        let keys = text.lines().filter_map(|line| line.strip_prefix('[')?.split_once(']'));
        imported.sources.extend(keys.map(|(key, _)| key.to_owned()));
        Ok(imported)
    }

    fn add(&mut self, record: &Record) {
        let is_town = record.feature.as_ref().is_some_and(|feature| feature.class() == 'P');
        if let (true, Some(country), Some(point)) = (is_town, &record.country, record.point) {
            self.towns.entry(country.clone()).or_default().push(point);
        }
        let place = self.records.entry(record.id.as_str().to_owned()).or_default();
        place.point = place.point.or(record.point);
        place.is_town |= is_town;
        self.same_as.extend(record.same_as.iter().map(|id| id.as_str().to_owned()));
        let names = self.names.entry(record.id.as_str().to_owned()).or_default();
        names.extend(record.names.iter().map(|name| name.text.clone()));
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.records.contains_key(id) || self.same_as.contains(id)
    }

    pub(crate) fn place(&self, id: &str) -> Option<Place> {
        self.records.get(id).copied()
    }

    pub(crate) fn is_named(&self, id: &str, name: &str) -> bool {
        self.names.get(id).is_some_and(|names| names.contains(name))
    }

    /// Kilometres to the nearest town of a country, if it has any.
    pub(crate) fn nearest_town(&self, country: &str, point: Point) -> Option<f64> {
        let distances = self.towns.get(country)?.iter().map(|town| town.distance_km(point));
        distances.min_by(f64::total_cmp)
    }

    pub(crate) fn knows_source(&self, key: &str) -> bool {
        self.sources.contains(key)
    }
}
