//! Rows of one id → one record with its names, and where they contradict each other.
//!
//! Takes the rows of a record by layer, file and line.

use std::cmp::Ordering;
use std::path::PathBuf;

use super::format::{LinkRow, PackedId};
use super::intern::{Interner, Strings};
use super::names::{self, Draft};
use super::rows::{Id, Origin, Reader, field};
use super::variants;
use crate::error::{Error, Place, Result};
use crate::record::{Claim, Day, Kind};
use crate::rules;

/// Conflicts told in full in a report.
const SHOWN: usize = 20;
/// Inhabitants from which on a place's names without a language are read in the main language of its country.
const HOME_PEOPLE: u64 = 10_000;

/// A value, and which row gave it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given<T> {
    pub(crate) value: T,
    origin: Origin,
    fields: u8,
}

/// A record on its way into the file; texts by their number.
#[derive(Debug, Default)]
pub(crate) struct RecordDraft {
    /// [`PackedId`], with the number of the text for an id that is text.
    pub(crate) id: u64,
    pub(crate) kind: Option<Given<Kind>>,
    pub(crate) feature: Option<Given<u32>>,
    pub(crate) country: Option<Given<u32>>,
    pub(crate) admin1: Option<Given<u32>>,
    pub(crate) admin2: Option<Given<u32>>,
    /// Degrees × 10⁷.
    pub(crate) point: Option<Given<(i32, i32)>>,
    pub(crate) population: Option<Given<u64>>,
    pub(crate) from: Option<Given<u32>>,
    pub(crate) to: Option<Given<u32>>,
    /// Layer, field of [`LinkRow`], id or text of a claim.
    links: Vec<(u16, u32, u64)>,
    /// Fields of which a conflict was counted in the present layer.
    conflicts: u16,
}

impl RecordDraft {
    pub(crate) fn kind(&self) -> Kind {
        self.kind.map(|k| k.value).unwrap_or_default()
    }

    pub(crate) fn population(&self) -> u64 {
        self.population.map_or(0, |p| p.value)
    }

    /// The ids or claims of a field in their stored order: all that are the same, of the others those of the last layer that
    /// has any.
    pub(crate) fn links(&self, field: u32, texts: &Interner) -> Vec<u64> {
        let mine = || self.links.iter().filter(|(_, f, _)| *f == field);
        let last = mine().map(|(layer, ..)| *layer).max();
        let mut ids: Vec<u64> = mine()
            .filter(|(layer, ..)| field == LinkRow::SAME_AS || Some(*layer) == last)
            .map(|(_, _, id)| *id)
            .collect();
        ids.sort_by(|a, b| by_id(*a, *b, texts));
        ids.dedup();
        if field >= LinkRow::CLAIMED_BY {
            ids.sort_by_key(|text| begun(*text, texts));
        }
        ids
    }
}

/// The number of a string that may be given, or of the empty one.
pub(crate) fn value(given: &Option<Given<u32>>) -> u32 {
    given.map_or(0, |g| g.value)
}

fn by_id(a: u64, b: u64, texts: &Interner) -> Ordering {
    match (PackedId(a).as_text(), PackedId(b).as_text()) {
        (Some(a), Some(b)) => texts.compare(a, b),
        // The tag of texts is the highest.
        _ => a.cmp(&b),
    }
}

/// The first day of a claim: the oldest stand first.
fn begun(text: u64, texts: &Interner) -> Option<Day> {
    let claim: Claim = texts.get(PackedId(text).as_text()?).parse().ok()?;
    Some(claim.period.from?.days()?.0)
}

/// Contradictions among rows.
#[derive(Debug, Default)]
pub(crate) struct Conflicts {
    /// The first of them, in words.
    pub(crate) shown: Vec<String>,
    pub(crate) count: u64,
}

/// Joins the rows of one record after another.
#[derive(Debug)]
pub(crate) struct Joiner {
    files: Vec<PathBuf>,
    strict: bool,
    transliterate: bool,
    pub(crate) strings: Strings,
    pub(crate) conflicts: Conflicts,
    pub(crate) record: RecordDraft,
    pub(crate) names: Vec<Draft>,
}

impl Joiner {
    pub(crate) fn new(shared: Interner, files: Vec<PathBuf>, strict: bool, transliterate: bool) -> Joiner {
        Joiner {
            files,
            strict,
            transliterate,
            strings: Strings { shared, ..Strings::new() },
            conflicts: Conflicts::default(),
            record: RecordDraft::default(),
            names: vec![],
        }
    }

    /// Begins a record.
    pub(crate) fn begin(&mut self, id: Id<'_>) {
        self.strings.texts.clear();
        self.names.clear();
        self.record = RecordDraft { id: self.pack(id), ..RecordDraft::default() };
    }

    /// Takes in what stands behind the id of a row.
    pub(crate) fn add(&mut self, row: Reader<'_>) -> Result<()> {
        self.read(row).unwrap_or_else(|| Err(damaged()))
    }

    /// Ends a record: its names are joined, in their order, and those of other alphabets added.
    pub(crate) fn end(&mut self) {
        names::join(&mut self.names, &mut self.strings);
        if self.transliterate && !self.names.is_empty() {
            let home = self.home();
            variants::add(&mut self.names, home, &mut self.strings);
        }
    }

    /// The id of the record at hand.
    pub(crate) fn id(&self) -> String {
        let id = PackedId(self.record.id);
        let (prefix, number) = id.parts();
        let text = |text| self.strings.texts.get(text).to_owned();
        id.as_text().map_or_else(|| format!("{prefix}{number}"), text)
    }

    /// The main language of the country of a record that is well enough known for names without a language to be read in it.
    fn home(&self) -> Option<&'static str> {
        let country = self.record.country.filter(|_| self.record.population() >= HOME_PEOPLE)?;
        rules::main_language(self.strings.shared.get(country.value))
    }

    fn pack(&mut self, id: Id<'_>) -> u64 {
        match id {
            Id::Number(id) => id.0,
            Id::Text(text) => PackedId::text(self.strings.texts.add(text)).0,
        }
    }

    fn read(&mut self, mut row: Reader<'_>) -> Option<Result<()>> {
        let origin = row.origin()?;
        let fields = row.byte()?;
        let given = row.number()?;
        let shared = &self.strings.shared;
        let draft = &mut self.record;
        let mut clashes: Vec<(&str, String, String, Origin)> = vec![];
        macro_rules! give {
            ($bit:ident, $field:ident, $value:expr, $compare:expr, $show:expr) => {
                if given & field::$bit != 0 {
                    let new = Given { value: $value, origin, fields };
                    let bit = field::$bit as u16;
                    if let Some(kept) = give(&mut draft.$field, new, $compare, &mut draft.conflicts, bit) {
                        let (name, shown, other): (&str, String, String) = $show(new.value, kept.value);
                        clashes.push((name, shown, other, kept.origin));
                    }
                }
            };
        }
        let text = |a, b| shared.compare(a, b);
        let words = |name, a: u32, b: u32| (name, shared.get(a).to_owned(), shared.get(b).to_owned());
        give!(KIND, kind, row.kind()?, |a: Kind, b| a.cmp(&b), |a: Kind, b: Kind| (
            "kind",
            a.to_string(),
            b.to_string()
        ));
        give!(FEATURE, feature, row.small()?, text, |a, b| words("feature", a, b));
        give!(COUNTRY, country, row.small()?, text, |a, b| words("country", a, b));
        give!(ADMIN1, admin1, row.small()?, text, |a, b| words("admin1", a, b));
        give!(ADMIN2, admin2, row.small()?, text, |a, b| words("admin2", a, b));
        give!(FROM, from, row.small()?, text, |a, b| words("exists_from", a, b));
        give!(TO, to, row.small()?, text, |a, b| words("exists_to", a, b));
        give!(POPULATION, population, row.number()?, |a: u64, b| a.cmp(&b), |a: u64, b: u64| (
            "population",
            a.to_string(),
            b.to_string()
        ));
        give!(POINT, point, row.grid()?, |a: (i32, i32), b| a.cmp(&b), |a: (i32, i32), b: (i32, i32)| {
            let degrees = |n: i32| (f64::from(n) / 1e7).to_string();
            if a.0 == b.0 { ("lon", degrees(a.1), degrees(b.1)) } else { ("lat", degrees(a.0), degrees(b.0)) }
        });
        for field in [LinkRow::SAME_AS, LinkRow::PART_OF, LinkRow::SUCCESSOR] {
            for _ in 0..row.number()? {
                let link = (origin.layer, field, row.id()?);
                let link = (link.0, link.1, self.pack(link.2));
                if !self.record.links.contains(&link) {
                    self.record.links.push(link);
                }
            }
        }
        for field in [LinkRow::CLAIMED_BY, LinkRow::CONTROLLED_BY] {
            for _ in 0..row.number()? {
                let link = (origin.layer, field, PackedId::text(self.strings.texts.add(row.text()?)).0);
                if !self.record.links.contains(&link) {
                    self.record.links.push(link);
                }
            }
        }
        while !row.is_empty() {
            let name = row.name(&mut self.strings.texts)?;
            self.names.push(Draft { layer: origin.layer, fields, ..name });
        }
        Some(self.count(clashes, origin))
    }

    fn count(&mut self, clashes: Vec<(&str, String, String, Origin)>, origin: Origin) -> Result<()> {
        for (field, new, old, other) in clashes {
            self.conflicts.count += 1;
            if !self.strict && self.conflicts.shown.len() >= SHOWN {
                continue;
            }
            let other = self.place(other).map_or_else(|| "another row".to_owned(), |place| place.to_string());
            let message = format!("id {} has {field} {new}, but {other} gave {old}; keep one", self.id());
            let error = Error::input(message);
            let error = match self.place(origin) {
                Some(place) => error.at(place),
                None => error,
            };
            if self.strict {
                return Err(error);
            }
            self.conflicts.shown.push(error.to_string());
        }
        Ok(())
    }

    fn place(&self, origin: Origin) -> Option<Place> {
        let path = self.files.get(usize::from(origin.file).checked_sub(1)?)?;
        Some(Place::file(path).line(u64::from(origin.line)))
    }
}

/// The error for temporary data that is not as it was written.
pub(crate) fn damaged() -> Error {
    Error::format("temporary data came back changed; the disk or its memory may be failing")
}

/// Takes a value in; gives the one it contradicts, the first time this happens to the field in a layer.
fn give<T: Copy>(
    slot: &mut Option<Given<T>>,
    new: Given<T>,
    compare: impl Fn(T, T) -> Ordering,
    conflicts: &mut u16,
    bit: u16,
) -> Option<Given<T>> {
    let Some(old) = *slot else {
        *slot = Some(new);
        return None;
    };
    let order = compare(new.value, old.value);
    let rank = |given: &Given<T>| (given.origin.layer, given.fields);
    if rank(&new).cmp(&rank(&old)).then(order.reverse()) == Ordering::Greater {
        *slot = Some(new);
    }
    if new.origin.layer != old.origin.layer {
        *conflicts &= !bit;
        return None;
    }
    let told = *conflicts & bit != 0;
    if order == Ordering::Equal || told {
        return None;
    }
    *conflicts |= bit;
    Some(old)
}
