//! Several gazetteers as one: layers over a base, which later ones add to, replace fields of, and hide parts of.
//!
//! Only records that a layer speaks of are built anew, from the rows of all layers; `splice.rs` puts them into a copy of the base,
//! which is read like any other gazetteer and so costs no more to find names in.

use std::collections::{BTreeMap, HashMap};

use super::splice::splice;
use super::{Gazetteer, GazetteerBuilder};
use crate::error::{Place, Result};
use crate::record::{Hide, Record, RecordId};

/// Layers over a gazetteer, from the lowest to the highest.
///
/// A row whose id, or one of whose `same_as`, is that of a record below speaks of that record. Its names are added and its fields
/// take the place of those below, also `part_of` and `successors`; `same_as` are added. A record keeps its canonical name unless a
/// higher layer has one of kind `preferred`. A row with `hide` takes away what lower layers have: the record, or the names of it that
/// are written so, in the languages given or in all.
///
/// ```
/// use exonym::gazetteer::Stack;
/// use exonym::source::csv::CsvReader;
/// use exonym::{Gazetteer, GazetteerBuilder};
/// let mut builder = GazetteerBuilder::new();
/// for row in CsvReader::from_reader("id,name,same_as\ngn:587084,Baku,wd:Q9248\ngn:587084,Bakou,\n".as_bytes(), "base.csv")? {
///     builder.add(row?.0, None)?;
/// }
/// let base = Gazetteer::from_bytes(builder.build()?.0)?;
///
/// let mut stack = Stack::over(&base);
/// for row in CsvReader::from_reader("id,name,lang,hide\nwd:Q9248,Бакы,,\ngn:587084,Bakou,,name\n".as_bytes(), "mine.csv")? {
///     let (record, place) = row?;
///     stack.add(record, Some(place))?;
/// }
/// let (stacked, _) = stack.build()?;
/// assert_eq!(stacked.lookup("Бакы").next().unwrap().record().id(), "gn:587084");
/// assert!(stacked.lookup("Bakou").is_empty());
/// # Ok::<(), exonym::Error>(())
/// ```
#[derive(Debug)]
pub struct Stack<'g> {
    base: &'g Gazetteer,
    layer: u16,
    /// The rows of each record, in their order.
    rows: BTreeMap<RecordId, Vec<Row>>,
    /// The record of each id that layers speak of first.
    own: HashMap<RecordId, RecordId>,
    date: String,
    licences: Vec<String>,
}

#[derive(Clone, Debug)]
struct Row {
    layer: u16,
    record: Record,
    place: Option<Place>,
}

impl<'g> Stack<'g> {
    /// No layers yet over this gazetteer.
    pub fn over(base: &'g Gazetteer) -> Stack<'g> {
        Stack {
            base,
            layer: 1,
            rows: BTreeMap::new(),
            own: HashMap::new(),
            date: base.info().data_date.clone().unwrap_or_default(),
            licences: vec![base.licence().to_owned()],
        }
    }

    /// Ends a layer: rows from now on are of a higher one.
    pub fn next_layer(&mut self) {
        self.layer = self.layer.saturating_add(1);
    }

    /// Adds a row to the highest layer. `place` says where it stands, for messages.
    pub fn add(&mut self, mut record: Record, place: Option<Place>) -> Result<()> {
        let id = self.own(&record);
        if id != record.id && record.hide.is_none() {
            record.same_as.retain(|other| *other != id);
            record.same_as.push(std::mem::replace(&mut record.id, id.clone()));
        }
        record.id = id.clone();
        if record.hide.is_none() {
            for other in [&id].into_iter().chain(&record.same_as) {
                self.own.entry(other.clone()).or_insert_with(|| id.clone());
            }
        }
        self.rows.entry(id).or_default().push(Row { layer: self.layer, record, place });
        Ok(())
    }

    /// Adds all of a gazetteer as a layer of its own. A big one is better laid under a small one than over it: what is laid over
    /// is built anew.
    pub fn add_gazetteer(&mut self, gazetteer: &Gazetteer) -> Result<()> {
        for record in gazetteer.records() {
            for row in record.to_rows()? {
                self.add(row, None)?;
            }
        }
        let licence = gazetteer.licence().to_owned();
        if !self.licences.contains(&licence) {
            self.licences.push(licence);
        }
        self.date = self.date.clone().max(gazetteer.info().data_date.clone().unwrap_or_default());
        self.next_layer();
        Ok(())
    }

    /// The record that a row speaks of: that with its id, or the only one with any of its further ids.
    fn own(&self, record: &Record) -> RecordId {
        let find = |id: &RecordId| match self.base.by_id(id.as_str()) {
            Some(known) => known.id().to_string().parse().ok(),
            None => self.own.get(id).cloned(),
        };
        find(&record.id).unwrap_or_else(|| {
            let mut others: Vec<RecordId> = record.same_as.iter().filter_map(find).collect();
            others.sort_unstable();
            others.dedup();
            match others.as_slice() {
                [one] => one.clone(),
                _ => record.id.clone(),
            }
        })
    }

    /// The layers as one gazetteer, and the rows that hide what no lower layer has.
    pub fn build(self) -> Result<(Gazetteer, Vec<String>)> {
        let mut gone = vec![];
        let mut idle = vec![];
        let mut kept: Vec<Row> = vec![];
        for (id, rows) in self.rows {
            let from = kept.len();
            if let Some(record) = self.base.by_id(id.as_str()).filter(|record| record.id() == id.as_str()) {
                gone.push(record.index());
                let row = |record| Row { layer: 0, record, place: None };
                kept.extend(record.to_rows()?.into_iter().map(row));
            }
            for layer in rows.chunk_by(|a, b| a.layer == b.layer) {
                for row in layer.iter().filter(|row| row.record.hide.is_some()) {
                    if !hide(&mut kept, from, &row.record) {
                        idle.push(told(row));
                    }
                }
                kept.extend(layer.iter().filter(|row| row.record.hide.is_none()).cloned());
            }
        }
        gone.sort_unstable();
        kept.sort_by_key(|row| row.layer);
        let licence: Vec<&str> = self.licences.iter().map(|l| l.trim()).filter(|l| !l.is_empty()).collect();
        let mut builder = GazetteerBuilder::new().data_date(&self.date).licence(&licence.join("\n\n"));
        let mut layer = 0;
        for row in kept {
            while layer < row.layer {
                builder.next_layer();
                layer += 1;
            }
            builder.add(row.record, row.place)?;
        }
        let changed = Gazetteer::from_bytes(builder.build()?.0)?;
        Ok((splice(self.base, &gone, &changed)?, idle))
    }
}

/// Takes away what a row hides from the rows of its record, which begin at `from`; tells whether there was anything.
fn hide(rows: &mut Vec<Row>, from: usize, hidden: &Record) -> bool {
    let before = rows.len();
    if hidden.hide == Some(Hide::Record) {
        rows.truncate(from);
        return before > from;
    }
    let mut found = false;
    for name in &hidden.names {
        for row in rows.iter_mut().skip(from) {
            row.record.names.retain_mut(|other| {
                if other.text != name.text {
                    return true;
                }
                let langs = other.langs.len();
                other.langs.retain(|lang| !name.langs.contains(lang));
                let all = name.langs.is_empty() || (other.langs.is_empty() && langs > 0);
                found |= all || other.langs.len() < langs;
                !all
            });
        }
    }
    found
}

fn told(row: &Row) -> String {
    let place = row.place.as_ref().map_or_else(String::new, |place| format!("{place}: "));
    let id = &row.record.id;
    match (row.record.hide, row.record.names.first()) {
        (Some(Hide::Name), Some(name)) => {
            format!("{place}hides the name {:?} of {id}, which no layer below has", name.text)
        }
        _ => format!("{place}hides {id}, which no layer below has"),
    }
}

impl GazetteerBuilder {
    /// Adds all of a built gazetteer as a layer of its own: its fields of a record take the place of those before, its names
    /// are added ([`next_layer`](GazetteerBuilder::next_layer)).
    ///
    /// ```
    /// use exonym::record::{Name, Record};
    /// use exonym::{Gazetteer, GazetteerBuilder};
    /// let layer = |text: &str, lang| -> exonym::Result<Gazetteer> {
    ///     let mut record = Record::new("gn:587084".parse()?);
    ///     record.names.push(Name::new(text, lang));
    ///     let mut builder = GazetteerBuilder::new();
    ///     builder.add(record, None)?;
    ///     Gazetteer::from_bytes(builder.build()?.0)
    /// };
    /// let mut stack = GazetteerBuilder::new();
    /// for below in [layer("Bakı", "az")?, layer("Бакы", "")?] {
    ///     stack.add_layer(&below)?;
    /// }
    /// let stack = Gazetteer::from_bytes(stack.build()?.0)?;
    /// assert_eq!(stack.by_id("gn:587084").unwrap().names().len(), 2);
    /// # Ok::<(), exonym::Error>(())
    /// ```
    pub fn add_layer(&mut self, gazetteer: &Gazetteer) -> Result<()> {
        for record in gazetteer.records() {
            for row in record.to_rows()? {
                self.add(row, None)?;
            }
        }
        self.next_layer();
        Ok(())
    }
}
