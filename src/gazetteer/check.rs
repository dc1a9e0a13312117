//! Verification of a whole file: checksums, references and order.

use super::format::{self, ExtraRow, LinkRow, NameRow, PackedId, RecordRow, Section};
use super::{Gazetteer, walk};
use crate::error::{Error, Result};

/// Checks everything that opening leaves unchecked.
pub(crate) fn verify(gazetteer: &Gazetteer) -> Result<()> {
    let damaged = |section: &str, what: &str| {
        Err(Error::format(format!(
            "{} is damaged: section {section} {what}; copy it again or rebuild it with: exonym build",
            gazetteer.name
        )))
    };
    let bytes = gazetteer.store.bytes();
    for entry in &gazetteer.layout.entries {
        let found = crc32fast::hash(bytes.get(entry.offset..entry.offset + entry.len).unwrap_or(&[]));
        if found != entry.crc {
            return damaged(&entry.name, &format!("has checksum {found:08x}, expected {:08x}", entry.crc));
        }
    }
    let broken =
        |section: Section, index: usize, what: &str| damaged(section.name(), &format!("row {index} {what}"));
    let has_string = |at: u32| format::string(gazetteer.section(Section::Strings), at).is_some();
    let rows = |section: Section| gazetteer.section(section).len() / section.row_len();
    let info = gazetteer.info();
    for section in [Section::Langs, Section::Sources, Section::Features, Section::Regions] {
        for (index, at) in gazetteer.section(section).as_chunks().0.iter().enumerate() {
            if !has_string(u32::from_le_bytes(*at)) {
                return broken(section, index, "has no string");
            }
        }
    }
    if std::str::from_utf8(gazetteer.section(Section::Licence)).is_err() {
        return damaged(Section::Licence.name(), "is not UTF-8");
    }

    let mut last = None;
    for (index, row) in
        gazetteer.section(Section::Extras).as_chunks().0.iter().map(ExtraRow::read).enumerate()
    {
        if row.name >= info.names || !has_string(row.value) {
            return broken(Section::Extras, index, "leads nowhere");
        }
        if last.replace((row.name, row.field)).is_some_and(|before| before >= (row.name, row.field)) {
            return broken(Section::Extras, index, "is out of order");
        }
    }
    for (index, row) in gazetteer.section(Section::Names).as_chunks().0.iter().map(NameRow::read).enumerate()
    {
        let near = (row.langs == NameRow::FAR_LANGS || usize::from(row.langs) < rows(Section::Langs))
            && (row.source == NameRow::FAR_SOURCE || usize::from(row.source) < rows(Section::Sources));
        if !near || row.record >= info.records || !has_string(row.text) {
            return broken(Section::Names, index, "leads nowhere");
        }
    }
    let mut first = 0;
    let mut ids: Option<u64> = None;
    let in_order = |a: u64, b: u64| match PackedId(b).as_text() {
        Some(at) => gazetteer.compare_ids(PackedId(a), PackedId(b), gazetteer.string(at)).is_le(),
        None => a <= b,
    };
    let has_id = |id: u64| PackedId(id).as_text().is_none_or(has_string);
    for (index, row) in
        gazetteer.section(Section::Records).as_chunks().0.iter().map(RecordRow::read).enumerate()
    {
        if row.first_name >= info.names
            || usize::from(row.feature) >= rows(Section::Features)
            || row.region as usize >= rows(Section::Regions)
            || !has_id(row.id)
        {
            return broken(Section::Records, index, "leads nowhere");
        }
        let names_in_order = if index == 0 { row.first_name == 0 } else { row.first_name > first };
        let own = gazetteer.name_row(row.first_name).is_some_and(|name| name.record as usize == index);
        if !names_in_order || !own || ids.is_some_and(|before| before == row.id || !in_order(before, row.id))
        {
            return broken(Section::Records, index, "is out of order");
        }
        first = row.first_name;
        ids = Some(row.id);
    }
    let mut last = 0;
    let mut same_as = 0;
    for (index, row) in gazetteer.section(Section::Links).as_chunks().0.iter().map(LinkRow::read).enumerate()
    {
        let field = row.owner & 7;
        let fine = match field {
            LinkRow::FROM | LinkRow::TO => u32::try_from(row.value).is_ok_and(has_string),
            LinkRow::SAME_AS | LinkRow::PART_OF | LinkRow::SUCCESSOR => has_id(row.value),
            LinkRow::CLAIMED_BY | LinkRow::CONTROLLED_BY => {
                PackedId(row.value).as_text().is_some_and(has_string)
            }
            _ => false,
        };
        if !fine || row.owner >> 3 >= info.records {
            return broken(Section::Links, index, "leads nowhere");
        }
        if row.owner < last {
            return broken(Section::Links, index, "is out of order");
        }
        last = row.owner;
        same_as += usize::from(field == LinkRow::SAME_AS);
    }
    let mut before: Option<u64> = None;
    for (index, at) in gazetteer.section(Section::SameAs).as_chunks().0.iter().enumerate() {
        let link = format::row(gazetteer.section(Section::Links), u32::from_le_bytes(*at)).map(LinkRow::read);
        let Some(link) = link.filter(|link| link.owner & 7 == LinkRow::SAME_AS) else {
            return broken(Section::SameAs, index, "leads nowhere");
        };
        if before.replace(link.value).is_some_and(|before| !in_order(before, link.value)) {
            return broken(Section::SameAs, index, "is out of order");
        }
    }
    if rows(Section::SameAs) != same_as {
        return damaged(
            Section::SameAs.name(),
            &format!("has {} rows, expected {same_as}", rows(Section::SameAs)),
        );
    }

    for (index, at) in gazetteer.section(Section::Entries).as_chunks().0.iter().enumerate() {
        let at = u32::from_le_bytes(*at);
        let names = gazetteer.entry(index as u32);
        // Of a stack, what is hidden has no names.
        if (names.is_empty() && !gazetteer.stacked)
            || names.into_iter().any(|name| name.index() >= info.names)
        {
            let what = if at & format::LIST != 0 { "leads to no list of names" } else { "leads to no name" };
            return broken(Section::Entries, index, what);
        }
    }
    let keys = gazetteer.section(Section::Keys);
    let dense = gazetteer.stacked || walk::values_are_dense(keys, info.keys);
    if walk::stated_len(keys) != Some(u64::from(info.keys)) || !dense {
        return damaged(Section::Keys.name(), &format!("does not hold {} keys in order", info.keys));
    }
    if rows(Section::Filter) == 0 && info.keys > 0 {
        return damaged(Section::Filter.name(), "is empty");
    }
    Ok(())
}
