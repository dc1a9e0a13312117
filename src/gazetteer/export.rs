//! A stored gazetteer → records, and the columns it can be built from again.

use std::io::Write;

use super::{Gazetteer, NameRef, RecordRef};
use crate::error::{Error, Result};
use crate::record::{CaseRule, Claim, Name, Period, Record};
use crate::source::Column;

impl NameRef<'_> {
    /// The same name as a source tells it.
    pub fn to_name(self) -> Result<Name> {
        let date = |text: Option<&str>| text.map(str::parse).transpose();
        let mut name = Name {
            text: self.text().to_owned(),
            langs: self.langs().map(str::to_owned).collect(),
            kind: self.kind(),
            period: Period { from: date(self.from())?, to: date(self.to())? },
            perspective: self.perspective().map(str::to_owned).collect(),
            case: None,
            source: self.source().to_owned(),
        };
        // Said only where it is not what the name would have anyway.
        name.case = Some(self.case_rule()).filter(|case| *case != name.case_rule());
        Ok(name)
    }
}

impl RecordRef<'_> {
    /// The same record as a source tells it, without its names.
    pub fn to_record(self) -> Result<Record> {
        let ids = |ids: &mut dyn Iterator<Item = super::IdRef<'_>>| {
            ids.map(|id| id.to_string().parse()).collect::<Result<Vec<_>>>()
        };
        let date = |text: Option<&str>| text.map(str::parse).transpose();
        let mut record = Record::new(self.id().to_string().parse()?);
        record.kind = Some(self.kind());
        record.feature = self.feature().map(str::parse).transpose()?;
        record.country = self.country().map(str::to_owned);
        record.admin1 = self.admin1().map(str::to_owned);
        record.admin2 = self.admin2().map(str::to_owned);
        record.point = self.point();
        record.population = Some(self.population()).filter(|n| *n > 0);
        record.period = Period { from: date(self.from())?, to: date(self.to())? };
        record.same_as = ids(&mut self.same_as())?;
        record.part_of = ids(&mut self.part_of())?;
        record.successors = ids(&mut self.successors())?;
        record.claimed_by =
            self.claimed_by().map(|claim| claim.to_string().parse()).collect::<Result<_>>()?;
        record.controlled_by =
            self.controlled_by().map(|claim| claim.to_string().parse()).collect::<Result<_>>()?;
        Ok(record)
    }

    /// What sources would tell of it: the record with its canonical name first, then each other name with the id alone, so
    /// that a builder makes the same of them.
    pub fn to_rows(self) -> Result<Vec<Record>> {
        let mut rows = Vec::new();
        for (i, name) in self.names().enumerate() {
            let mut row =
                if i == 0 { self.to_record()? } else { Record::new(self.id().to_string().parse()?) };
            row.names.push(name.to_name()?);
            rows.push(row);
        }
        Ok(rows)
    }
}

impl Gazetteer {
    /// Writes all records and names as CSV, a name a row, with the columns that [`source::csv`](crate::source::csv) reads.
    ///
    /// ```
    /// # use exonym::{Gazetteer, GazetteerBuilder, source::csv::CsvReader};
    /// # let build = |rows: Vec<u8>| -> exonym::Result<Gazetteer> {
    /// #     let mut builder = GazetteerBuilder::new();
    /// #     for row in CsvReader::from_reader(std::io::Cursor::new(rows), "rows.csv")? { builder.add(row?.0, None)?; }
    /// #     Gazetteer::from_bytes(builder.build()?.0)
    /// # };
    /// let gazetteer = build("id,country,name,lang\ngn:587084,AZ,Bakı,az\ngn:587084,,Баку,ru\n".into())?;
    /// let mut written = vec![];
    /// gazetteer.export(&mut written)?;
    /// let again = build(written)?;
    /// assert_eq!(again.by_id("gn:587084").unwrap().names().len(), 2);
    /// # Ok::<(), exonym::Error>(())
    /// ```
    pub fn export(&self, out: impl Write) -> Result<()> {
        let fail = |error: csv::Error| Error::io("cannot write the records", behind(error));
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(stored().map(|(_, name)| *name)).map_err(fail)?;
        for record in self.records() {
            for row in record.to_rows()? {
                for name in &row.names {
                    writer.write_record(columns(&row, name)).map_err(fail)?;
                }
            }
        }
        writer.flush().map_err(|error| Error::io("cannot write the records", error))
    }
}

/// The failure to write behind an error of the CSV writer: its kind tells a closed pipe from a full disk.
fn behind(error: csv::Error) -> std::io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => std::io::Error::other(format!("{other:?}")),
    }
}

/// The columns that can be in a gazetteer: all but [`Column::Hide`], which is the last.
fn stored() -> impl Iterator<Item = &'static (Column, &'static str)> {
    Column::ALL.iter().filter(|(column, _)| *column != Column::Hide)
}

/// The fields of a row, in the order of [`stored`].
fn columns(record: &Record, name: &Name) -> [String; Column::COUNT - 1] {
    let text = |text: Option<&dyn ToString>| text.map(|text| text.to_string()).unwrap_or_default();
    let ids =
        |ids: &[crate::record::RecordId]| ids.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(";");
    let claims = |claims: &[Claim]| claims.iter().map(Claim::to_string).collect::<Vec<_>>().join(";");
    fn some<T: ToString>(value: &Option<T>) -> Option<&dyn ToString> {
        value.as_ref().map(|value| value as &dyn ToString)
    }
    [
        record.id.to_string(),
        text(some(&record.kind)),
        text(some(&record.feature)),
        text(some(&record.country)),
        text(some(&record.admin1)),
        text(some(&record.admin2)),
        text(some(&record.point.map(|point| point.lat()))),
        text(some(&record.point.map(|point| point.lon()))),
        text(some(&record.population)),
        text(some(&record.period.from)),
        text(some(&record.period.to)),
        ids(&record.same_as),
        ids(&record.part_of),
        ids(&record.successors),
        claims(&record.claimed_by),
        claims(&record.controlled_by),
        name.text.clone(),
        name.langs.join(";"),
        name.kind.to_string(),
        text(some(&name.period.from)),
        text(some(&name.period.to)),
        name.perspective.join(";"),
        name.case.map(CaseRule::as_str).unwrap_or_default().to_owned(),
        name.source.clone(),
    ]
}
