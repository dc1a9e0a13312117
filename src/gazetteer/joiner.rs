//! Which records of one source are records of others before it.

use std::collections::HashMap;

use super::{Gazetteer, RecordRef};
use crate::record::{Record, RecordId};

/// How a record of a further source was found to be one there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Joined {
    /// By its id.
    Id,
    /// By one of its further ids.
    Concordance,
    /// By name, kind and distance.
    Name,
    /// It is none of them.
    New,
    /// It may be one of them, but is left apart; [`Joiner::doubt`] says why.
    Doubt,
}

/// Joins the records of a source to those of a gazetteer: by id, by concordance (the `same_as` of either), then by name, kind and
/// distance.
///
/// By name one is joined that has a point, and a name of which the gazetteer has exactly one bearer of the same kind within the
/// tolerance; class of feature and country must agree where both tell them. Where several are near enough, or the one says that it
/// is another thing of the same source, the record is left apart as a doubt. Rows without fields go where the record went before. Of
/// what is joined only those fields are left that the other record has not: the source before knows best.
///
/// ```
/// use exonym::gazetteer::{Joined, Joiner};
/// use exonym::record::{Name, Point, Record};
/// use exonym::{Gazetteer, GazetteerBuilder};
/// let record = |id: &str, lat| -> exonym::Result<Record> {
///     let mut record = Record::new(id.parse()?);
///     record.point = Some(Point::new(lat, 76.92)?);
///     record.names = vec![Name::new("Almaty", "en")];
///     Ok(record)
/// };
/// let mut builder = GazetteerBuilder::new();
/// builder.add(record("gn:1526384", 43.25)?, None)?;
/// let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
///
/// let mut joiner = Joiner::new(&gazetteer, Joiner::WITHIN_KM);
/// let (mut near, mut far) = (record("wd:Q35493", 43.27)?, record("wd:Q1", 33.0)?);
/// assert_eq!((joiner.join(&mut near), joiner.join(&mut far)), (Some(Joined::Name), Some(Joined::New)));
/// assert_eq!((near.id.as_str(), near.same_as[0].as_str()), ("gn:1526384", "wd:Q35493"));
/// # Ok::<(), exonym::Error>(())
/// ```
#[derive(Debug)]
pub struct Joiner<'g> {
    gazetteer: &'g Gazetteer,
    within_km: f64,
    /// What records became.
    decided: HashMap<RecordId, RecordId>,
    /// Who was joined to a record by name.
    taken: HashMap<u32, RecordId>,
    doubt: String,
}

impl<'g> Joiner<'g> {
    /// How far apart two points of one thing may be, in kilometres: sources put a town at its middle, its station or its town hall.
    pub const WITHIN_KM: f64 = 5.0;

    /// Joins to the records of a gazetteer; by name if they are not farther apart than `within_km`, and never for 0.
    pub fn new(gazetteer: &'g Gazetteer, within_km: f64) -> Joiner<'g> {
        Joiner { gazetteer, within_km, decided: HashMap::new(), taken: HashMap::new(), doubt: String::new() }
    }

    /// Gives a record the id of the one it is, and its own as a further id. Tells how it was found, of the rows of a record for the first
    /// one only; nothing of rows without fields that come before it.
    pub fn join(&mut self, record: &mut Record) -> Option<Joined> {
        if let Some(id) = self.decided.get(&record.id) {
            self.fit(record, id.clone());
            return None;
        }
        let own = record.id.clone();
        let (id, how) = if self.gazetteer.by_id(own.as_str()).is_some_and(|known| known.id() == own.as_str())
        {
            (own.clone(), Joined::Id)
        } else if record.fields_given() == 0 {
            return None;
        } else {
            match self.find(record) {
                Ok(Some((known, how))) => (known.id().to_string().parse().unwrap_or(own.clone()), how),
                Ok(None) => (own.clone(), Joined::New),
                Err(doubt) => {
                    self.doubt = doubt;
                    (own.clone(), Joined::Doubt)
                }
            }
        };
        self.decided.insert(own, id.clone());
        self.fit(record, id);
        Some(how)
    }

    /// Why the record was left apart that was joined last as a [`Joined::Doubt`].
    pub fn doubt(&self) -> &str {
        &self.doubt
    }

    fn find(&mut self, record: &Record) -> Result<Option<(RecordRef<'g>, Joined)>, String> {
        let mut same: Vec<RecordRef<'_>> = [&record.id]
            .into_iter()
            .chain(&record.same_as)
            .filter_map(|id| self.gazetteer.by_id(id.as_str()))
            .collect();
        same.sort_unstable_by_key(|known| known.index());
        same.dedup();
        match same.as_slice() {
            [] => {}
            [one] => return Ok(Some((*one, Joined::Concordance))),
            [a, b, ..] => return Err(format!("{} is said to be both {} and {}", record.id, a.id(), b.id())),
        }
        let mut near = self.near(record);
        near.sort_unstable_by_key(|known| known.index());
        near.dedup();
        match near.as_slice() {
            [] => Ok(None),
            [one] => {
                let scheme = record.id.scheme();
                if one.id().scheme() == scheme || one.same_as().any(|id| id.scheme() == scheme) {
                    return Err(format!(
                        "{} is named and placed like {}, which has another {scheme}: id",
                        record.id,
                        one.id()
                    ));
                }
                if let Some(other) = self.taken.get(&one.index()) {
                    return Err(format!(
                        "{} is named and placed like {}, which is {other} already",
                        record.id,
                        one.id()
                    ));
                }
                self.taken.insert(one.index(), record.id.clone());
                Ok(Some((*one, Joined::Name)))
            }
            [a, b, ..] => {
                Err(format!("{} is named and placed like both {} and {}", record.id, a.id(), b.id()))
            }
        }
    }

    /// Gives a record the id of the one it is, its own as a further one, and only the fields that the other has not.
    fn fit(&self, record: &mut Record, id: RecordId) {
        if record.id != id {
            record.same_as.retain(|other| *other != id);
            let own = std::mem::replace(&mut record.id, id);
            if !record.same_as.contains(&own) {
                record.same_as.push(own);
            }
        }
        let Some(known) = self.gazetteer.by_id(record.id.as_str()) else { return };
        fn keep<T>(field: &mut Option<T>, is_known: bool) {
            *field = field.take().filter(|_| !is_known);
        }
        record.kind = None;
        keep(&mut record.feature, known.feature().is_some());
        keep(&mut record.country, known.country().is_some());
        keep(&mut record.admin1, known.admin1().is_some());
        keep(&mut record.admin2, known.admin2().is_some());
        keep(&mut record.point, known.point().is_some());
        keep(&mut record.population, known.population() > 0);
        keep(&mut record.period.from, known.from().is_some());
        keep(&mut record.period.to, known.to().is_some());
    }

    /// Records with a name of this one, of its kind and near it.
    fn near(&self, record: &Record) -> Vec<RecordRef<'g>> {
        let Some(point) = record.point.filter(|_| self.within_km > 0.0) else { return vec![] };
        let class = record.feature.as_ref().map(|feature| feature.class());
        let fits = |known: &RecordRef<'_>| {
            let agree = |a: Option<char>, b: Option<char>| a.is_none() || b.is_none() || a == b;
            let country = record.country.as_deref().zip(known.country());
            known.kind() == record.kind.unwrap_or_default()
                && agree(class, known.feature().and_then(|feature| feature.chars().next()))
                && country.is_none_or(|(a, b)| a == b)
                && known.point().is_some_and(|there| there.distance_km(point) <= self.within_km)
        };
        let bearers = record.names.iter().flat_map(|name| self.gazetteer.lookup(&name.text));
        bearers.map(|name| name.record()).filter(fits).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::GazetteerBuilder;
    use super::*;
    use crate::source::csv::CsvReader;

    fn rows(table: &'static str) -> Vec<Record> {
        let rows = CsvReader::from_reader(table.as_bytes(), "rows.csv").unwrap();
        rows.map(|row| row.unwrap().0).collect()
    }

    #[test]
    fn records_are_joined_in_order_and_doubts_left_apart() {
        let mut builder = GazetteerBuilder::new();
        for record in rows(
            "id,feature,country,lat,lon,same_as,name\n\
             gn:1,P.PPL,US,33.66,-95.55,wd:Q1,Paris\n\
             gn:2,A.ADM2,US,33.66,-95.56,,Paris\n\
             gn:3,P.PPL,FR,48.85,2.35,,Paris\n\
             gn:4,P.PPL,,50.00,8.00,,Neustadt\n\
             gn:5,P.PPL,,50.01,8.01,,Neustadt\n",
        ) {
            builder.add(record, None).unwrap();
        }
        let gazetteer = Gazetteer::from_bytes(builder.build().unwrap().0).unwrap();
        let mut joiner = Joiner::new(&gazetteer, Joiner::WITHIN_KM);
        let told: Vec<String> = rows(
            "id,kind,feature,country,lat,lon,same_as,name\n\
             gn:1,place,,,,,,Parigi\n\
             wd:Q1,place,,,,,,Parigi\n\
             x:1,place,,,,,gn:3,Lutetia\n\
             x:2,place,,,,,gn:3;wd:Q1,Both\n\
             x:3,place,,,48.86,2.34,,PARIS\n\
             x:3,,,,,,,Lutèce\n\
             x:4,place,,,48.86,2.34,,Paris\n\
             x:5,place,,,50.00,8.00,,Neustadt\n\
             x:6,organization,,,48.86,2.34,,Paris\n\
             x:7,place,P.PPLX,DE,48.86,2.34,,Paris\n\
             x:8,place,A.ADM2,US,33.66,-95.56,,Paris\n\
             wd:Q7,place,P.PPL,,33.66,-95.56,,Paris\n\
             x:9,place,,,10,10,,Paris\n",
        )
        .into_iter()
        .map(|mut record| {
            let how = joiner.join(&mut record);
            let doubt = if how == Some(Joined::Doubt) { joiner.doubt() } else { "" };
            format!("{} {} {doubt}", record.id, how.map_or_else(String::new, |how| format!("{how:?}")))
        })
        .collect();
        assert_eq!(
            told,
            [
                "gn:1 Id ",
                "gn:1 Concordance ",
                "gn:3 Concordance ",
                "x:2 Doubt x:2 is said to be both gn:1 and gn:3",
                "gn:3 Name ",
                "gn:3  ",
                "x:4 Doubt x:4 is named and placed like gn:3, which is x:3 already",
                "x:5 Doubt x:5 is named and placed like both gn:4 and gn:5",
                "x:6 New ",
                "x:7 New ",
                "gn:2 Name ",
                "wd:Q7 Doubt wd:Q7 is named and placed like gn:1, which has another wd: id",
                "x:9 New ",
            ]
        );
    }
}
