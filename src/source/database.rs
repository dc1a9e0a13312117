//! The SQLite distribution of Who's On First: its table `geojson` has a place a row, as in its files.
//!
//! Rows are read in batches by their number, so that only one is in memory at a time.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use super::lines::no_utf8;
use super::objects::At;
use super::{no_object, wof};
use crate::error::{Error, Place, Result};
use crate::record::Record;

/// Rows read at once.
const BATCH: usize = 500;

/// Reads an SQLite database of Who's On First: an iterator of records with their names. Made by [`database`](super::database).
pub struct DatabaseReader {
    file: PathBuf,
    connection: Connection,
    query: String,
    batch: VecDeque<(i64, Vec<u8>)>,
    last: i64,
    passed_over: u64,
    done: bool,
}

impl std::fmt::Debug for DatabaseReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DatabaseReader").field("file", &self.file).finish_non_exhaustive()
    }
}

impl DatabaseReader {
    pub(super) fn open(path: &Path) -> Result<DatabaseReader> {
        let fail = |error: rusqlite::Error| refused(path, &error);
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(fail)?;
        connection.pragma_update(None, "trusted_schema", false).map_err(fail)?;
        let has = |column: &str| {
            let query = "SELECT count(*) FROM pragma_table_info('geojson') WHERE name = ?";
            connection.query_row(query, [column], |row| row.get::<_, i64>(0)).map(|count| count > 0)
        };
        if !has("body").map_err(fail)? {
            return Err(Error::input(
                "is an SQLite database without a table \"geojson\" that has a column \"body\"; is it one of Who's On First?",
            )
            .at(Place::file(path)));
        }
        // Files of alternative geometries have no names of their own.
        let own = if has("is_alt").map_err(fail)? { "AND NOT coalesce(is_alt, 0)" } else { "" };
        let query = format!(
            "SELECT rowid, CAST(body AS BLOB) FROM geojson WHERE rowid > ? {own} ORDER BY rowid LIMIT {BATCH}"
        );
        Ok(DatabaseReader {
            file: path.to_owned(),
            connection,
            query,
            batch: VecDeque::new(),
            last: i64::MIN,
            passed_over: 0,
            done: false,
        })
    }

    /// Places so far that are nothing to be found in a text.
    pub fn passed_over(&self) -> u64 {
        self.passed_over
    }

    fn row(&mut self) -> Result<Option<(Record, Place)>> {
        loop {
            if self.batch.is_empty() {
                self.batch = self.next_batch().map_err(|error| refused(&self.file, &error))?;
            }
            let Some((number, body)) = self.batch.pop_front() else { return Ok(None) };
            self.last = number;
            let place = Place::file(&self.file).line(u64::try_from(number).unwrap_or(0));
            let text = std::str::from_utf8(&body).map_err(|error| no_utf8(&body, error).at(place.clone()))?;
            let value: Value =
                serde_json::from_str(text).map_err(|error| no_object(&error).at(place.clone()))?;
            match wof::record(&At::new(&value, &place))? {
                Some(record) => return Ok(Some((record, place))),
                None => self.passed_over += 1,
            }
        }
    }

    fn next_batch(&self) -> rusqlite::Result<VecDeque<(i64, Vec<u8>)>> {
        let mut statement = self.connection.prepare_cached(&self.query)?;
        let rows = statement.query_map([self.last], |row| {
            Ok((row.get(0)?, row.get::<_, Option<Vec<u8>>>(1)?.unwrap_or_default()))
        })?;
        rows.collect()
    }
}

/// The error for a database that cannot be read on.
fn refused(path: &Path, error: &rusqlite::Error) -> Error {
    let cause = std::io::Error::new(std::io::ErrorKind::InvalidData, error.to_string());
    Error::io(format!("cannot read {} as an SQLite database; download it again", path.display()), cause)
}

impl Iterator for DatabaseReader {
    type Item = Result<(Record, Place)>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        super::item(self.row(), &mut self.done)
    }
}
