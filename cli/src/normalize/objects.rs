//! JSON Lines: fields added to each object, which otherwise stays as it came.

use std::borrow::Cow;

use anyhow::{Result, anyhow, bail};
use serde_json::Value;
use serde_json::value::RawValue;

use super::Piece;
use super::answer::{Context, Normalizer};
use super::args::{OnMiss, Table as TableArgs};
use super::task::{Answered, Task, point, some};
use crate::input::records::{Batch, without_end};
use crate::json_path::{Members, Path, fault, text};

/// Where in an object things are.
pub(super) struct Objects {
    names: Vec<Path>,
    country: Option<Path>,
    region: Option<Path>,
    point: Option<(Path, Path)>,
    lang: Option<Path>,
    date: Option<Path>,
}

impl Objects {
    pub(super) fn new(args: &TableArgs) -> Result<Objects> {
        if args.column.is_empty() {
            bail!("which field has the names? give --column, such as --column .place.name");
        }
        let one = |path: &Option<String>, option| path.as_deref().map(|p| Path::parse(p, option)).transpose();
        Ok(Objects {
            names: args.column.iter().map(|path| Path::parse(path, "--column")).collect::<Result<_>>()?,
            country: one(&args.country_column, "--country-column")?,
            region: one(&args.region_column, "--region-column")?,
            point: one(&args.lat_column, "--lat-column")?.zip(one(&args.lon_column, "--lon-column")?),
            lang: one(&args.lang_column, "--lang-column")?,
            date: one(&args.date_column, "--date-column")?,
        })
    }

    /// The objects of a batch.
    pub(super) fn batch(
        &self,
        task: &Task,
        normalizer: &mut Normalizer<'_, '_>,
        batch: &Batch,
        piece: &mut Piece,
    ) -> Result<()> {
        for (record, line) in batch.records() {
            let (content, end) = without_end(record);
            if content.trim_ascii().is_empty() {
                piece.bytes.extend(record);
                continue;
            }
            let place = || format!("{}:{line}", batch.name);
            let decoded = piece.decoder.decode(content, place)?;
            let object = decoded.text.trim_start_matches('\u{feff}');
            let members: Members<'_> = serde_json::from_str(object).map_err(|error| {
                let (byte, what) = fault(&error);
                anyhow!("{}: byte {byte}: expected an object such as {{\"city\":\"…\"}}: {what}", place())
            })?;
            let mark = decoded.text.len() - object.len();
            piece.bytes.extend(decoded.text.as_bytes().get(..mark).unwrap_or_default());
            self.object(task, normalizer, object, &members, piece, place)?;
            piece.bytes.extend(end);
        }
        Ok(())
    }

    fn object(
        &self,
        task: &Task,
        normalizer: &mut Normalizer<'_, '_>,
        object: &str,
        members: &Members<'_>,
        piece: &mut Piece,
        place: impl Fn() -> String,
    ) -> Result<()> {
        let of = |path: &Option<Path>| path.as_ref().and_then(|p| text(p.find(members)?)).unwrap_or_default();
        let (country, region) = (of(&self.country), of(&self.region));
        let (lang, date) = (of(&self.lang), of(&self.date));
        let row = Context {
            country: some(&country),
            region: some(&region),
            point: self
                .point
                .as_ref()
                .and_then(|(lat, lon)| point(&text(lat.find(members)?)?, &text(lon.find(members)?)?)),
            lang: some(&lang),
            date: some(&date),
        };
        let mut replaced: Vec<(usize, usize, String)> = Vec::new();
        let mut added = String::new();
        for path in &self.names {
            let found = path.find(members);
            let texts = found.map(texts).unwrap_or_default();
            let mut answers = Vec::with_capacity(texts.len());
            for text in &texts {
                let answered = task.answer(text, &row, normalizer, &place)?;
                piece.all_matched &= answered.all_match();
                answers.push(answered);
            }
            let listed = found.is_some_and(|value| value.get().starts_with('['));
            if let (Some(field), Some(value)) = (&task.replace, found.filter(|_| !texts.is_empty())) {
                let new = |answered: &Answered<'_, '_>| match task.replaced(field, answered) {
                    new if new.is_empty() && task.on_miss == OnMiss::Empty => Value::Null,
                    new => new.into(),
                };
                let new = shape(answers.iter().map(new).collect(), listed);
                // A part of the object's own text.
                let start = value.get().as_ptr() as usize - object.as_ptr() as usize;
                replaced.push((start, start + value.get().len(), new.to_string()));
            }
            for field in &task.add {
                let column = task.column(path.label(), field);
                if members.0.iter().any(|(key, _)| *key == column) {
                    bail!(
                        "{}: there is a field {column:?} already; give the added ones another --prefix",
                        place()
                    );
                }
                let several = listed || (found.is_some() && task.split.is_some());
                let values = shape(answers.iter().flat_map(|a| a.values(field)).collect(), several);
                added.push_str(&format!(",{}:{values}", Value::from(column)));
            }
        }
        replaced.sort();
        let close = object.rfind('}').unwrap_or(object.len());
        let mut at = 0;
        let out = &mut piece.bytes;
        for (start, end, new) in replaced {
            // One path may lead into the value of another.
            if let Some(before) = object.get(at..start) {
                out.extend(before.as_bytes());
                out.extend(new.as_bytes());
                at = end;
            }
        }
        out.extend(object.get(at..close).unwrap_or_default().as_bytes());
        let added = if members.0.is_empty() { added.trim_start_matches(',') } else { &added };
        out.extend(added.as_bytes());
        out.extend(object.get(close..).unwrap_or_default().as_bytes());
        Ok(())
    }
}

/// The strings of a value: one, or those of a list.
fn texts(value: &RawValue) -> Vec<Cow<'_, str>> {
    if let Some(text) = text(value) {
        return vec![text];
    }
    let items: Vec<&RawValue> = serde_json::from_str(value.get()).unwrap_or_default();
    items.iter().map(|item| text(item).unwrap_or_default()).collect()
}

/// One value as it is, several as a list.
fn shape(mut values: Vec<Value>, listed: bool) -> Value {
    if listed { Value::Array(values) } else { values.pop().unwrap_or(Value::Null) }
}
