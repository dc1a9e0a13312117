//! What held when, and what came of it.

use super::format::{LinkRow, Section};
use super::{NameRef, RecordRef};
use crate::record::{Date, Kind, Point, held};

/// So many steps from successor to successor are followed.
const STEPS: usize = 16;

impl NameRef<'_> {
    /// Whether its record was called so at a date; `None` if no date tells.
    ///
    /// The dates of the written form tell, whatever language they are given for, and those of the record: what is no more, or was
    /// not yet, has no name.
    ///
    /// ```
    /// # use exonym::{gazetteer::{Gazetteer, GazetteerBuilder}, source::csv::CsvReader};
    /// let rows = "id,name,lang,name_kind,from,to\n\
    ///             gn:1526273,Astana,en,preferred,,\n\
    ///             gn:1526273,Astana,kk,historic,1998,2019\n\
    ///             gn:1526273,Astana,kk,alternate,2022,\n\
    ///             gn:1526273,Astaná,es,alternate,,\n";
    /// # let mut builder = GazetteerBuilder::new();
    /// # for row in CsvReader::from_reader(rows.as_bytes(), "rows.csv")? {
    /// #     builder.add(row?.0, None)?;
    /// # }
    /// # let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
    /// let astana = gazetteer.by_id("gn:1526273").expect("it is there");
    /// let valid = |date: &str| Ok::<_, exonym::Error>(astana.name().validity(&date.parse()?));
    /// assert_eq!((valid("2005")?, valid("2020-06")?, valid("2023")?), (Some(true), Some(false), Some(true)));
    /// assert_eq!(astana.name_in("es").expect("it has one").validity(&"2020".parse()?), None);
    /// # Ok::<(), exonym::Error>(())
    /// ```
    pub fn validity(self, at: &Date) -> Option<bool> {
        let record = self.record();
        if !record.is_valid(at) {
            return Some(false);
        }
        let is_dated = |name: &NameRef<'_>| name.from().is_some() || name.to().is_some();
        let mut same = record.names().filter(|name| name.text() == self.text()).filter(is_dated).peekable();
        let of_record = record.to().is_some().then_some(true);
        same.peek().is_some().then(|| same.any(|name| held(name.from(), name.to(), at))).or(of_record)
    }
}

impl<'g> RecordRef<'g> {
    /// Whether the thing may have existed at a date. Without dates of its own it may always have.
    pub fn is_valid(self, at: &Date) -> bool {
        held(self.from(), self.to(), at)
    }

    /// Whether it is no more: it has an end, or something came after it.
    pub fn is_past(self) -> bool {
        self.to().is_some_and(|to| to != "..") || self.successors().next().is_some()
    }

    /// The records that this one came after. Reads all links of the gazetteer: for one record, not for each of a text.
    pub fn predecessors(self) -> Vec<RecordRef<'g>> {
        let ids: Vec<String> =
            std::iter::once(self.id()).chain(self.same_as()).map(|id| id.to_string()).collect();
        let rows = self.gazetteer.section(Section::Links).as_chunks().0;
        let successor = |row: &[u8; LinkRow::LEN]| LinkRow::read(row).owner & 7 == LinkRow::SUCCESSOR;
        let owners = rows.iter().filter(|row| successor(row)).map(|row| LinkRow::read(row).owner >> 3);
        let mut found: Vec<RecordRef<'g>> = Vec::new();
        for record in owners.filter_map(|owner| self.gazetteer.record(owner)) {
            let precedes = || record.successors().any(|id| ids.iter().any(|own| id == own.as_str()));
            if found.last() != Some(&record) && precedes() {
                found.push(record);
            }
        }
        found.sort_by(|a, b| a.from().cmp(&b.from()).then(a.index().cmp(&b.index())));
        found
    }

    /// The record of today that a past one has become, by way of its successors; `None` if it is of today itself, or if it cannot
    /// be told.
    ///
    /// Of several successors the one of a country is meant, else the one nearest to a point. What is no state lies somewhere: its
    /// own country and point stand in for those not given.
    ///
    /// ```
    /// # use exonym::{gazetteer::{Gazetteer, GazetteerBuilder}, record::Point, source::csv::CsvReader};
    /// let rows = "id,kind,country,lat,lon,exists_to,successors,name\n\
    ///             wd:Q33946,state,,50.1,14.4,1992-12-31,iso:CZ;iso:SK,Czechoslovakia\n\
    ///             iso:CZ,state,CZ,49.8,15.5,,,Czechia\n\
    ///             iso:SK,state,SK,48.7,19.7,,,Slovakia\n";
    /// # let mut builder = GazetteerBuilder::new();
    /// # for row in CsvReader::from_reader(rows.as_bytes(), "rows.csv")? {
    /// #     builder.add(row?.0, None)?;
    /// # }
    /// # let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
    /// let past = gazetteer.by_id("wd:Q33946").expect("it is there");
    /// let bratislava = Point::new(48.14, 17.11)?;
    /// assert_eq!(past.current(Some("CZ"), None).map(|r| r.name().text()), Some("Czechia"));
    /// assert_eq!(past.current(None, Some(bratislava)).map(|r| r.name().text()), Some("Slovakia"));
    /// assert_eq!(past.current(None, None), None);
    /// # Ok::<(), exonym::Error>(())
    /// ```
    pub fn current(self, country: Option<&str>, near: Option<Point>) -> Option<RecordRef<'g>> {
        let lies = self.kind() != Kind::State;
        let country = country.or_else(|| self.country().filter(|_| lies));
        let near = near.or_else(|| self.point().filter(|_| lies));
        let mut now = self;
        for _ in 0..STEPS {
            if !now.is_past() {
                return Some(now).filter(|now| *now != self);
            }
            let next: Vec<RecordRef<'g>> =
                now.successors().filter_map(|id| self.gazetteer.by_id(&id.to_string())).collect();
            now = one_of(&next, country, near)?;
        }
        None
    }

    /// Whether sides differ on it: they call it differently (it has names that no one perspective shares), or more than one claims
    /// or holds it, as far as no end of that is known.
    ///
    /// ```
    /// # use exonym::{gazetteer::{Gazetteer, GazetteerBuilder}, source::csv::CsvReader};
    /// let rows = "id,name,perspective,claimed_by,controlled_by\n\
    ///             wd:Q2, Liancourt Rocks,,,\n\
    ///             wd:Q2,Dokdo,kr,,\n\
    ///             wd:Q2,Takeshima,jp,,\n\
    ///             wd:Q3,Abyei,,iso:SD /..;iso:SS 2011-07-09/..,\n\
    ///             wd:Q4,Bir Tawil,,,\n";
    /// # let mut builder = GazetteerBuilder::new();
    /// # for row in CsvReader::from_reader(rows.as_bytes(), "rows.csv")? {
    /// #     builder.add(row?.0, None)?;
    /// # }
    /// # let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
    /// let disputed = |id| gazetteer.by_id(id).expect("it is there").is_disputed();
    /// assert_eq!(["wd:Q2", "wd:Q3", "wd:Q4"].map(disputed), [true, true, false]);
    /// # Ok::<(), exonym::Error>(())
    /// ```
    pub fn is_disputed(self) -> bool {
        let mut sides = self.claimed_by().chain(self.controlled_by()).filter(|claim| claim.is_open());
        if let Some(first) = sides.next()
            && sides.any(|other| other.by() != first.by())
        {
            return true;
        }
        let mut users = self.names().map(|name| name.perspective()).filter(|p| p.clone().next().is_some());
        let Some(first) = users.next() else { return false };
        users.any(|other| !other.clone().any(|user| first.clone().any(|known| known == user)))
    }
}

/// The one successor, or the one of several that is of a country, or nearest to a point.
fn one_of<'g>(all: &[RecordRef<'g>], country: Option<&str>, near: Option<Point>) -> Option<RecordRef<'g>> {
    if let [one] = all {
        return Some(*one);
    }
    let of_country: Vec<RecordRef<'g>> =
        all.iter().copied().filter(|r| country.is_some() && r.country() == country).collect();
    let near = |all: &[RecordRef<'g>]| {
        let far = |r: &RecordRef<'g>| Some(r.point()?.distance_km(near?));
        let placed = all.iter().filter_map(|r| Some((far(r)?, *r)));
        placed.min_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, record)| record)
    };
    match &of_country[..] {
        [] => near(all),
        [one] => Some(*one),
        several => near(several),
    }
}
