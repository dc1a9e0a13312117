//! Our own columns: the fields of a row → the record and the name it tells.

use std::str::FromStr;

use crate::error::{Error, Place, Result};
use crate::record::{Hide, Name, Period, Point, Record};

/// The columns a row can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    Id,
    Kind,
    Feature,
    Country,
    Admin1,
    Admin2,
    Lat,
    Lon,
    Population,
    ExistsFrom,
    ExistsTo,
    SameAs,
    PartOf,
    Successors,
    ClaimedBy,
    ControlledBy,
    Name,
    Lang,
    NameKind,
    From,
    To,
    Perspective,
    Case,
    Source,
    Hide,
}

impl Column {
    pub(crate) const COUNT: usize = 25;
    pub(crate) const ALL: [(Column, &'static str); Column::COUNT] = [
        (Column::Id, "id"),
        (Column::Kind, "kind"),
        (Column::Feature, "feature"),
        (Column::Country, "country"),
        (Column::Admin1, "admin1"),
        (Column::Admin2, "admin2"),
        (Column::Lat, "lat"),
        (Column::Lon, "lon"),
        (Column::Population, "population"),
        (Column::ExistsFrom, "exists_from"),
        (Column::ExistsTo, "exists_to"),
        (Column::SameAs, "same_as"),
        (Column::PartOf, "part_of"),
        (Column::Successors, "successors"),
        (Column::ClaimedBy, "claimed_by"),
        (Column::ControlledBy, "controlled_by"),
        (Column::Name, "name"),
        (Column::Lang, "lang"),
        (Column::NameKind, "name_kind"),
        (Column::From, "from"),
        (Column::To, "to"),
        (Column::Perspective, "perspective"),
        (Column::Case, "case"),
        (Column::Source, "source"),
        (Column::Hide, "hide"),
    ];

    pub(crate) fn named(name: &str) -> Option<Column> {
        Column::ALL.into_iter().find(|(_, known)| *known == name).map(|(column, _)| column)
    }

    pub(crate) fn as_str(self) -> &'static str {
        Column::ALL.get(self as usize).map_or("", |(_, name)| name)
    }
}

/// The fields of one row, as text; absent and empty are the same.
pub(crate) struct Fields<'r>([&'r str; Column::COUNT]);

impl<'r> Fields<'r> {
    pub(crate) fn new() -> Fields<'r> {
        Fields([""; Column::COUNT])
    }

    pub(crate) fn set(&mut self, column: Column, text: &'r str) {
        if let Some(field) = self.0.get_mut(column as usize) {
            *field = text.trim();
        }
    }

    pub(crate) fn get(&self, column: Column) -> &'r str {
        self.0.get(column as usize).copied().unwrap_or("")
    }

    /// Reads a field, if there is one; a failure names the column.
    fn parse<T: std::str::FromStr<Err = Error>>(&self, column: Column, at: &Place) -> Result<Option<T>> {
        match self.get(column) {
            "" => Ok(None),
            text => {
                text.parse().map(Some).map_err(|error: Error| error.at(at.clone().column(column.as_str())))
            }
        }
    }

    fn number<T: std::str::FromStr>(&self, column: Column, example: &str, at: &Place) -> Result<Option<T>> {
        match self.get(column) {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| {
                Error::input(format!("{text:?} is no number, expected one such as {example}"))
                    .at(at.clone().column(column.as_str()))
            }),
        }
    }

    /// The items of a list.
    fn all<T: FromStr<Err = Error>>(&self, column: Column, at: &Place) -> Result<Vec<T>> {
        items(self.get(column))
            .map(|item| item.parse().map_err(|error: Error| error.at(at.clone().column(column.as_str()))))
            .collect()
    }

    /// The fields that belong to the record.
    pub(crate) fn record(&self, at: &Place) -> Result<Record> {
        let Some(id) = self.parse(Column::Id, at)? else {
            return Err(Error::input("the id is empty, expected scheme:value such as gn:1526384")
                .at(at.clone().column(Column::Id.as_str())));
        };
        let mut record = Record::new(id);
        record.kind = self.parse(Column::Kind, at)?;
        record.feature = self.parse(Column::Feature, at)?;
        record.country = match self.get(Column::Country) {
            "" => None,
            code if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) => Some(code.to_owned()),
            code => {
                return Err(Error::input(format!(
                    "country is {code:?}, expected ISO 3166-1 alpha-2 such as KZ"
                ))
                .at(at.clone().column(Column::Country.as_str())));
            }
        };
        let text = |column| Some(self.get(column)).filter(|text| !text.is_empty()).map(str::to_owned);
        record.admin1 = text(Column::Admin1);
        record.admin2 = text(Column::Admin2);
        record.point = self.point(at)?;
        record.population = self.number(Column::Population, "2000900", at)?;
        record.period = self.period(Column::ExistsFrom, Column::ExistsTo, at)?;
        record.same_as = self.all(Column::SameAs, at)?;
        record.part_of = self.all(Column::PartOf, at)?;
        record.successors = self.all(Column::Successors, at)?;
        record.claimed_by = self.all(Column::ClaimedBy, at)?;
        record.controlled_by = self.all(Column::ControlledBy, at)?;
        record.hide = self.parse(Column::Hide, at)?;
        Ok(record)
    }

    fn point(&self, at: &Place) -> Result<Option<Point>> {
        let lat: Option<f64> = self.number(Column::Lat, "43.25667", at)?;
        let lon: Option<f64> = self.number(Column::Lon, "76.92861", at)?;
        match (lat, lon) {
            (Some(lat), Some(lon)) => Point::new(lat, lon).map(Some).map_err(|error| {
                let column = if (-90.0..=90.0).contains(&lat) { Column::Lon } else { Column::Lat };
                error.at(at.clone().column(column.as_str()))
            }),
            (None, None) => Ok(None),
            (Some(_), None) => {
                Err(Error::input("the row has a latitude, but no longitude; give both or neither")
                    .at(at.clone().column(Column::Lon.as_str())))
            }
            (None, Some(_)) => {
                Err(Error::input("the row has a longitude, but no latitude; give both or neither")
                    .at(at.clone().column(Column::Lat.as_str())))
            }
        }
    }

    fn period(&self, from: Column, to: Column, at: &Place) -> Result<Period> {
        Ok(Period { from: self.parse(from, at)?, to: self.parse(to, at)? })
    }

    /// The name, which only a row that hides a whole record may lack.
    pub(crate) fn name_of(&self, record: &Record, at: &Place) -> Result<Option<Name>> {
        let none = record.hide == Some(Hide::Record) && self.get(Column::Name).is_empty();
        if none { Ok(None) } else { self.name(at).map(Some) }
    }

    /// The fields that belong to the name.
    pub(crate) fn name(&self, at: &Place) -> Result<Name> {
        let text = self.get(Column::Name);
        if text.is_empty() {
            return Err(Error::input("the name is empty, expected the written form")
                .at(at.clone().column(Column::Name.as_str())));
        }
        let mut langs = vec![];
        for tag in items(self.get(Column::Lang)).filter(|tag| *tag != "und") {
            if !tag.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
                return Err(Error::input(format!(
                    "language is {tag:?}, expected a BCP 47 tag such as kk or zh-Hant"
                ))
                .at(at.clone().column(Column::Lang.as_str())));
            }
            langs.push(tag.to_owned());
        }
        langs.sort_unstable();
        langs.dedup();
        Ok(Name {
            text: text.to_owned(),
            langs,
            kind: self.parse(Column::NameKind, at)?.unwrap_or_default(),
            period: self.period(Column::From, Column::To, at)?,
            perspective: items(self.get(Column::Perspective)).map(str::to_owned).collect(),
            case: self.parse(Column::Case, at)?,
            source: self.get(Column::Source).to_owned(),
        })
    }
}

/// The items of a list written with `;`.
pub(super) fn items(list: &str) -> impl Iterator<Item = &str> {
    list.split(';').map(str::trim).filter(|item| !item.is_empty())
}

/// A known column that a header's word may have been meant for.
pub(crate) fn meant(word: &str, known: &str) -> bool {
    let plain =
        |s: &str| s.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<Vec<_>>();
    let (a, b) = (plain(word), plain(known));
    a == b || (a.len().min(b.len()) > 2 && distance(&a, &b) <= 1) || (b.len() > 4 && distance(&a, &b) <= 2)
}

/// Optimal string alignment distance: insertions, deletions, changes and swaps of neighbours.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut rows = [vec![0; b.len() + 1], (0..=b.len()).collect::<Vec<usize>>(), vec![0; b.len() + 1]];
    for (i, x) in a.iter().enumerate() {
        let [before, above, row] = &mut rows;
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
        for (j, y) in b.iter().enumerate() {
            let at = |row: &Vec<usize>, j: usize| row.get(j).copied().unwrap_or(usize::MAX - 1);
            let mut best = (at(above, j) + usize::from(x != y)).min(at(above, j + 1) + 1).min(at(row, j) + 1);
            if i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x) {
                best = best.min(at(before, j - 1) + 1);
            }
            if let Some(cell) = row.get_mut(j + 1) {
                *cell = best;
            }
        }
        rows.rotate_left(1);
    }
    rows.get(1).and_then(|row| row.last()).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_at_their_number() {
        for (i, (column, name)) in Column::ALL.into_iter().enumerate() {
            assert_eq!((column as usize, column.as_str(), Column::named(name)), (i, name, Some(column)));
        }
    }

    #[test]
    fn near_misses_are_recognised() {
        for (word, known) in
            [("Name", "name"), ("nmae", "name"), ("same-as", "same_as"), ("longitude", "lon")]
        {
            assert_eq!(meant(word, known), word != "longitude", "{word}");
        }
        assert!(!meant("id", "lat") && !meant("to", "id") && !meant("case", "name"));
    }
}
