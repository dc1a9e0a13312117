//! What one row tells of a record, as bytes that sort by id, layer, file and line.
//!
//! Strings that many rows share stand by their number; the texts of names, and ids that are text, as they are.

use std::str;

use super::format::PackedId;
use super::intern::Interner;
use super::names::Draft;
use crate::record::{CaseRule, Date, Kind, NameKind, Record, RecordId};

/// Where a row comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) layer: u16,
    /// Number of the file, counted from 1, or 0.
    pub(crate) file: u16,
    pub(crate) line: u32,
}

/// An id as it stands in a row: a number of a scheme, or a text. Claims are kept as texts too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Id<'a> {
    Number(PackedId),
    Text(&'a str),
}

impl<'a> Id<'a> {
    pub(crate) fn new(id: &'a RecordId) -> Id<'a> {
        PackedId::number(id.as_str()).map_or(Id::Text(id.as_str()), Id::Number)
    }

    /// Appends it so that ids sort as the records of a gazetteer stand: numbers by value, texts after them, by their bytes.
    pub(crate) fn put(self, out: &mut Vec<u8>) {
        match self {
            Id::Number(id) => out.extend_from_slice(&id.0.to_be_bytes()),
            Id::Text(text) => {
                // Neither ids nor claims have control characters.
                out.push(PackedId::TEXT as u8);
                out.extend_from_slice(text.as_bytes());
                out.push(0);
            }
        }
    }
}

/// Appends a number: seven bits a byte, the lowest first.
pub(crate) fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// Appends a text with its length.
pub(crate) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// The bit of each field that may be given once.
pub(crate) mod field {
    pub(crate) const KIND: u64 = 1;
    pub(crate) const FEATURE: u64 = 1 << 1;
    pub(crate) const COUNTRY: u64 = 1 << 2;
    pub(crate) const ADMIN1: u64 = 1 << 3;
    pub(crate) const ADMIN2: u64 = 1 << 4;
    pub(crate) const FROM: u64 = 1 << 5;
    pub(crate) const TO: u64 = 1 << 6;
    pub(crate) const POPULATION: u64 = 1 << 7;
    pub(crate) const POINT: u64 = 1 << 8;
}

/// Appends a row.
pub(crate) fn put_row(out: &mut Vec<u8>, record: &Record, origin: Origin, shared: &mut Interner) {
    let Origin { layer, file, line } = origin;
    Id::new(&record.id).put(out);
    out.extend_from_slice(&layer.to_be_bytes());
    out.extend_from_slice(&file.to_be_bytes());
    out.extend_from_slice(&line.to_be_bytes());
    out.push(record.fields_given() as u8);
    let period = &record.period;
    let strings = [
        (field::FEATURE, record.feature.as_ref().map(|f| f.as_str())),
        (field::COUNTRY, record.country.as_deref()),
        (field::ADMIN1, record.admin1.as_deref()),
        (field::ADMIN2, record.admin2.as_deref()),
        (field::FROM, period.from.as_ref().map(Date::as_str)),
        (field::TO, period.to.as_ref().map(Date::as_str)),
    ];
    let mut given = 0;
    for (bit, is_given) in strings.iter().map(|(bit, text)| (*bit, text.is_some())).chain([
        (field::KIND, record.kind.is_some()),
        (field::POPULATION, record.population.is_some()),
        (field::POINT, record.point.is_some()),
    ]) {
        given |= if is_given { bit } else { 0 };
    }
    put_number(out, given);
    if let Some(kind) = record.kind {
        out.push(kind as u8);
    }
    for text in strings.iter().filter_map(|(_, text)| *text) {
        put_number(out, u64::from(shared.add(text)));
    }
    if let Some(population) = record.population {
        put_number(out, population);
    }
    if let Some(point) = record.point {
        // In units of 10⁻⁷ degree; a point is always in range.
        for degrees in [point.lat(), point.lon()] {
            out.extend_from_slice(&((degrees * 1e7).round() as i32).to_le_bytes());
        }
    }
    for ids in [&record.same_as, &record.part_of, &record.successors] {
        let others = || ids.iter().filter(|id| **id != record.id);
        put_number(out, others().count() as u64);
        others().for_each(|id| Id::new(id).put(out));
    }
    for claims in [&record.claimed_by, &record.controlled_by] {
        put_number(out, claims.len() as u64);
        claims.iter().for_each(|claim| put_text(out, &claim.to_string()));
    }
    for name in &record.names {
        let date = |date: &Option<Date>, shared: &mut Interner| {
            date.as_ref().map_or(0, |date| shared.add(date.as_str()))
        };
        put_text(out, &name.text);
        out.push(name.kind as u8 | (name.case_rule() as u8) << 4);
        let langs = shared.add_list(name.langs.iter().map(String::as_str).filter(|lang| *lang != "und"));
        let (from, to) = (date(&name.period.from, shared), date(&name.period.to, shared));
        let perspective = shared.add_list(name.perspective.iter().map(String::as_str));
        let source = shared.add(&name.source);
        for number in [langs, source, from, to, perspective] {
            put_number(out, u64::from(number));
        }
    }
}

/// Reads what was put; every answer is `None` where the bytes are not as written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    pub(crate) fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    pub(crate) fn small(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        let len = usize::try_from(self.number()?).ok()?;
        str::from_utf8(self.bytes(len)?).ok()
    }

    pub(crate) fn id(&mut self) -> Option<Id<'a>> {
        if *self.0.first()? == PackedId::TEXT as u8 {
            let end = self.0.iter().position(|byte| *byte == 0)?;
            let text = str::from_utf8(self.bytes(end)?.get(1..)?).ok()?;
            self.byte()?;
            return Some(Id::Text(text));
        }
        self.array().map(|bytes| Id::Number(PackedId(u64::from_be_bytes(bytes))))
    }

    pub(crate) fn origin(&mut self) -> Option<Origin> {
        Some(Origin {
            layer: u16::from_be_bytes(self.array()?),
            file: u16::from_be_bytes(self.array()?),
            line: u32::from_be_bytes(self.array()?),
        })
    }

    pub(crate) fn kind(&mut self) -> Option<Kind> {
        Kind::ALL.get(usize::from(self.byte()?)).copied()
    }

    pub(crate) fn grid(&mut self) -> Option<(i32, i32)> {
        Some((i32::from_le_bytes(self.array()?), i32::from_le_bytes(self.array()?)))
    }

    /// The next name of a row, without what it has from its row.
    pub(crate) fn name(&mut self, texts: &mut Interner) -> Option<Draft> {
        let text = texts.add(self.text()?);
        let flags = self.byte()?;
        let mut numbers = [0; 5];
        for number in &mut numbers {
            *number = self.small()?;
        }
        let [langs, source, from, to, perspective] = numbers;
        Some(Draft {
            text,
            langs,
            from,
            to,
            perspective,
            source,
            layer: 0,
            kind: *NameKind::ALL.get(usize::from(flags & 15))?,
            case: *CaseRule::ALL.get(usize::from(flags >> 4))?,
            fields: 0,
        })
    }
}
