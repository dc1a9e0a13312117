//! Numbers, strings, ids and the rows of the tables, as bytes.

/// The `u32` at an offset.
#[inline]
pub(crate) fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    let end = at.checked_add(4)?;
    data.get(at..end)?.try_into().ok().map(u32::from_le_bytes)
}

/// The `u64` at an offset.
#[inline]
pub(crate) fn u64_at(data: &[u8], at: usize) -> Option<u64> {
    let end = at.checked_add(8)?;
    data.get(at..end)?.try_into().ok().map(u64::from_le_bytes)
}

/// Row `index` of a table of rows of `N` bytes.
#[inline]
pub(crate) fn row<const N: usize>(table: &[u8], index: u32) -> Option<&[u8; N]> {
    let at = (index as usize).checked_mul(N)?;
    table.get(at..at.checked_add(N)?)?.try_into().ok()
}

/// The string at an offset of the pool.
#[inline]
pub(crate) fn string(pool: &[u8], at: u32) -> Option<&str> {
    let at = at as usize;
    let first = *pool.get(at)?;
    let (len, start) = if first < 0x80 {
        (usize::from(first), at + 1)
    } else {
        let (mut len, mut shift, mut next) = (usize::from(first & 0x7f), 7, at + 1);
        loop {
            let byte = *pool.get(next)?;
            len |= usize::from(byte & 0x7f) << shift;
            next += 1;
            if byte < 0x80 {
                break (len, next);
            }
            shift += 7;
            if shift > 28 {
                return None;
            }
        }
    };
    std::str::from_utf8(pool.get(start..start.checked_add(len)?)?).ok()
}

/// Appends a string to a pool; the offset is that of its length.
pub(crate) fn push_string(pool: &mut Vec<u8>, text: &str) {
    let mut len = text.len();
    while len >= 0x80 {
        pool.push((len & 0x7f) as u8 | 0x80);
        len >>= 7;
    }
    pool.push(len as u8);
    pool.extend_from_slice(text.as_bytes());
}

/// An id in eight bytes: a scheme tag in the top byte, a number below. `gn:` and `wd:Q` hold their number; every other id is
/// an offset into the string pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct PackedId(pub(crate) u64);

impl PackedId {
    const SHIFT: u32 = 56;
    const VALUE: u64 = (1 << PackedId::SHIFT) - 1;
    /// Schemes with a tag: the tag is the position, counted from 1.
    const SCHEMES: [&'static str; 2] = ["gn:", "wd:Q"];
    pub(crate) const TEXT: u64 = 0xff;

    /// The packed form of an id that has one.
    pub(crate) fn number(text: &str) -> Option<PackedId> {
        for (tag, prefix) in (1u64..).zip(PackedId::SCHEMES) {
            if let Some(digits) = text.strip_prefix(prefix) {
                let fine = digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
                let value = digits.parse::<u64>().ok().filter(|v| fine && *v <= PackedId::VALUE)?;
                return Some(PackedId(tag << PackedId::SHIFT | value));
            }
        }
        None
    }

    /// An id that stands in the string pool.
    pub(crate) fn text(offset: u32) -> PackedId {
        PackedId(PackedId::TEXT << PackedId::SHIFT | u64::from(offset))
    }

    /// The offset of an id that stands in the string pool (while building: the number of the string).
    pub(crate) fn as_text(self) -> Option<u32> {
        (self.0 >> PackedId::SHIFT == PackedId::TEXT).then_some(self.0 as u32)
    }

    /// Prefix and number of an id that is packed.
    pub(crate) fn parts(self) -> (&'static str, u64) {
        let tag = usize::try_from(self.0 >> PackedId::SHIFT).unwrap_or(0);
        let prefix = tag.checked_sub(1).and_then(|i| PackedId::SCHEMES.get(i)).copied().unwrap_or("");
        (prefix, self.0 & PackedId::VALUE)
    }
}

/// A name, 12 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NameRow {
    pub(crate) text: u32,
    pub(crate) record: u32,
    /// Row of the language lists; [`NameRow::FAR_LANGS`] sends the reader to the extras.
    pub(crate) langs: u16,
    /// Kind in bits 0–3, case rule in 4–5, 6 set if there are extras.
    pub(crate) flags: u8,
    /// Row of the sources; [`NameRow::FAR_SOURCE`] sends the reader to the extras.
    pub(crate) source: u8,
}

impl NameRow {
    pub(crate) const LEN: usize = 12;
    pub(crate) const EXTRAS: u8 = 0x40;
    pub(crate) const FAR_LANGS: u16 = u16::MAX;
    pub(crate) const FAR_SOURCE: u8 = u8::MAX;

    #[inline]
    pub(crate) fn read(bytes: &[u8; NameRow::LEN]) -> NameRow {
        let [a, b, c, d, e, f, g, h, i, j, k, l] = *bytes;
        NameRow {
            text: u32::from_le_bytes([a, b, c, d]),
            record: u32::from_le_bytes([e, f, g, h]),
            langs: u16::from_le_bytes([i, j]),
            flags: k,
            source: l,
        }
    }

    pub(crate) fn write(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.text.to_le_bytes());
        out.extend_from_slice(&self.record.to_le_bytes());
        out.extend_from_slice(&self.langs.to_le_bytes());
        out.extend_from_slice(&[self.flags, self.source]);
    }
}

/// A rare field of a name, 9 bytes; sorted by name and field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ExtraRow {
    pub(crate) name: u32,
    pub(crate) field: u8,
    pub(crate) value: u32,
}

impl ExtraRow {
    pub(crate) const LEN: usize = 9;
    pub(crate) const FROM: u8 = 1;
    pub(crate) const TO: u8 = 2;
    pub(crate) const PERSPECTIVE: u8 = 3;
    pub(crate) const LANGS: u8 = 4;
    pub(crate) const SOURCE: u8 = 5;

    #[inline]
    pub(crate) fn read(bytes: &[u8; ExtraRow::LEN]) -> ExtraRow {
        let [a, b, c, d, field, e, f, g, h] = *bytes;
        ExtraRow { name: u32::from_le_bytes([a, b, c, d]), field, value: u32::from_le_bytes([e, f, g, h]) }
    }

    pub(crate) fn write(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.name.to_le_bytes());
        out.push(self.field);
        out.extend_from_slice(&self.value.to_le_bytes());
    }
}

/// A record, 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RecordRow {
    pub(crate) id: u64,
    /// First of its names, the canonical one; they end where those of the next record begin.
    pub(crate) first_name: u32,
    pub(crate) region: u32,
    /// Degrees north × 10⁷, or [`RecordRow::NOWHERE`].
    pub(crate) lat: i32,
    pub(crate) lon: i32,
    /// Below 2⁴⁰.
    pub(crate) population: u64,
    pub(crate) feature: u16,
    /// Kind in bits 0–3, 4 set if there are links.
    pub(crate) flags: u8,
}

impl RecordRow {
    pub(crate) const LEN: usize = 32;
    pub(crate) const LINKS: u8 = 0x10;
    pub(crate) const NOWHERE: i32 = i32::MIN;
    pub(crate) const MAX_POPULATION: u64 = (1 << 40) - 1;

    #[inline]
    pub(crate) fn read(bytes: &[u8; RecordRow::LEN]) -> RecordRow {
        let u32s = |at| u32_at(bytes, at).unwrap_or(0);
        let [high, flags, a, b] = u32s(28).to_le_bytes();
        RecordRow {
            id: u64_at(bytes, 0).unwrap_or(0),
            first_name: u32s(8),
            region: u32s(12),
            lat: u32s(16).cast_signed(),
            lon: u32s(20).cast_signed(),
            population: u64::from(u32s(24)) | u64::from(high) << 32,
            feature: u16::from_le_bytes([a, b]),
            flags,
        }
    }

    pub(crate) fn write(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.id.to_le_bytes());
        out.extend_from_slice(&self.first_name.to_le_bytes());
        out.extend_from_slice(&self.region.to_le_bytes());
        out.extend_from_slice(&self.lat.to_le_bytes());
        out.extend_from_slice(&self.lon.to_le_bytes());
        let [a, b, c, d, high, ..] = self.population.to_le_bytes();
        let [e, f] = self.feature.to_le_bytes();
        out.extend_from_slice(&[a, b, c, d, high, self.flags, e, f]);
    }
}

/// A further id, a date or a claim of a record, 12 bytes; sorted by record and field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LinkRow {
    /// Record × 8 + field.
    pub(crate) owner: u32,
    /// A packed id, or the offset of a date.
    pub(crate) value: u64,
}

impl LinkRow {
    pub(crate) const LEN: usize = 12;
    pub(crate) const MAX_RECORDS: u32 = 1 << 29;
    pub(crate) const FROM: u32 = 1;
    pub(crate) const TO: u32 = 2;
    pub(crate) const SAME_AS: u32 = 3;
    pub(crate) const PART_OF: u32 = 4;
    pub(crate) const SUCCESSOR: u32 = 5;
    /// The text of a claim, kept as that of an id.
    pub(crate) const CLAIMED_BY: u32 = 6;
    pub(crate) const CONTROLLED_BY: u32 = 7;

    #[inline]
    pub(crate) fn read(bytes: &[u8; LinkRow::LEN]) -> LinkRow {
        LinkRow { owner: u32_at(bytes, 0).unwrap_or(0), value: u64_at(bytes, 4).unwrap_or(0) }
    }

    pub(crate) fn write(self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.owner.to_le_bytes());
        out.extend_from_slice(&self.value.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_read_what_they_wrote() {
        let name = NameRow { text: 70_000, record: 9, langs: 300, flags: 0x45, source: 7 };
        let mut out = vec![];
        name.write(&mut out);
        assert_eq!(row(&out, 0).map(NameRow::read), Some(name));
        let record = RecordRow {
            id: u64::MAX - 5,
            first_name: 77,
            region: 3,
            lat: -432_566_700,
            lon: RecordRow::NOWHERE,
            population: RecordRow::MAX_POPULATION,
            feature: 513,
            flags: 0x12,
        };
        let mut out = vec![];
        record.write(&mut out);
        assert_eq!(row(&out, 0).map(RecordRow::read), Some(record));
        assert_eq!(row::<32>(&out, 1), None);
    }

    #[test]
    fn strings_of_all_lengths_come_back() {
        for len in [0, 1, 127, 128, 300, 20_000] {
            let text = "ա".repeat(len);
            let mut pool = vec![7, 8];
            push_string(&mut pool, &text);
            assert_eq!(string(&pool, 2), Some(text.as_str()));
            pool.pop();
            assert!(string(&pool, 2).is_none() || len == 0);
        }
        assert_eq!(string(&[0xff; 40], 0), None);
    }

    #[test]
    fn only_plain_numbers_are_packed() {
        let there = |text: &str| PackedId::number(text).map(|id| format!("{}{}", id.parts().0, id.parts().1));
        for id in ["gn:1526384", "wd:Q35493"] {
            assert_eq!(there(id).as_deref(), Some(id));
        }
        for id in ["gn:01", "gn:1a", "gn:", "wd:35", "wd:P1", "iso:KZ", "gn:99999999999999999999", "gn:0"] {
            assert_eq!(there(id), None, "{id}");
        }
    }
}
