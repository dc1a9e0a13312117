//! Borrowed views of stored records, names and ids.
//!
//! All are small and `Copy`. A view of damaged bytes gives empty values.

use std::fmt;

use super::Gazetteer;
use super::format::{ExtraRow, LinkRow, NameRow, PackedId, RecordRow, Section};
use crate::record::{CaseRule, Date, Kind, NameKind, Point, claim_parts, held};

/// A stored record.
///
/// ```
/// # use exonym::{gazetteer::{Gazetteer, GazetteerBuilder}, source::csv::CsvReader};
/// let rows = "id,feature,country,lat,lon,same_as,name,lang,name_kind,to\n\
///             gn:1526384,P.PPLA,KZ,43.25667,76.92861,wd:Q35493,Almaty,en,preferred,\n\
///             gn:1526384,,,,,,Верный,ru,historic,1921\n";
/// let mut builder = GazetteerBuilder::new();
/// for row in CsvReader::from_reader(rows.as_bytes(), "rows.csv")? {
///     let (record, place) = row?;
///     builder.add(record, Some(place))?;
/// }
/// let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
/// let almaty = gazetteer.by_id("wd:Q35493").expect("it is the same as gn:1526384");
/// assert_eq!((almaty.id().to_string().as_str(), almaty.country()), ("gn:1526384", Some("KZ")));
/// assert_eq!(almaty.names().map(|name| name.text()).collect::<Vec<_>>(), ["Almaty", "Верный"]);
/// # Ok::<(), exonym::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct RecordRef<'g> {
    pub(crate) gazetteer: &'g Gazetteer,
    pub(crate) index: u32,
}

/// A stored name.
///
/// ```
/// # use exonym::{gazetteer::{Gazetteer, GazetteerBuilder}, source::csv::CsvReader};
/// # let rows = "id,name,lang,name_kind,from,to,perspective\n\
/// #             gn:146970,Xankəndi,az,official,1923,,az;tr\n";
/// # let mut builder = GazetteerBuilder::new();
/// # for row in CsvReader::from_reader(rows.as_bytes(), "rows.csv")? {
/// #     builder.add(row?.0, None)?;
/// # }
/// # let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
/// let name = gazetteer.lookup("XANKƏNDI").next().expect("it is there");
/// assert_eq!((name.text(), name.lang(), name.from(), name.to()), ("Xankəndi", "az", Some("1923"), None));
/// assert_eq!(name.perspective().collect::<Vec<_>>(), ["az", "tr"]);
/// # Ok::<(), exonym::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct NameRef<'g> {
    pub(crate) gazetteer: &'g Gazetteer,
    pub(crate) index: u32,
}

/// A stored id; its [`Display`](fmt::Display) form is that of a [`RecordId`](crate::record::RecordId).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct IdRef<'g>(Form<'g>);

/// A stored claim; its [`Display`](fmt::Display) form is that of a [`Claim`](crate::record::Claim).
///
/// ```
/// # use exonym::{gazetteer::{Gazetteer, GazetteerBuilder}, source::csv::CsvReader};
/// let rows = "id,name,claimed_by,controlled_by\n\
///             xn:hans-island,Hans Island,iso:CA 1973/2022-06-14 agreement of 2022,\n\
///             xn:hans-island,Tartupaluk,iso:DK 1973/2022-06-14 agreement of 2022,\n";
/// # let mut builder = GazetteerBuilder::new();
/// # for row in CsvReader::from_reader(rows.as_bytes(), "rows.csv")? {
/// #     builder.add(row?.0, None)?;
/// # }
/// # let gazetteer = Gazetteer::from_bytes(builder.build()?.0)?;
/// let island = gazetteer.by_id("xn:hans-island").expect("it is there");
/// let canada = island.claimed_by().next().expect("there are two");
/// assert_eq!((canada.by(), canada.to(), canada.source()), ("iso:CA", Some("2022-06-14"), "agreement of 2022"));
/// assert!(canada.holds(&"2020".parse()?) && !canada.is_open() && !island.is_disputed());
/// # Ok::<(), exonym::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClaimRef<'g> {
    text: &'g str,
}

impl<'g> ClaimRef<'g> {
    /// The id of who claims or holds.
    pub fn by(self) -> &'g str {
        claim_parts(self.text).0
    }

    /// Since when, as EDTF.
    pub fn from(self) -> Option<&'g str> {
        some(claim_parts(self.text).1)
    }

    /// Until when, as EDTF.
    pub fn to(self) -> Option<&'g str> {
        some(claim_parts(self.text).2)
    }

    /// Where it is said; empty if unknown.
    pub fn source(self) -> &'g str {
        claim_parts(self.text).3
    }

    /// Whether no end is known.
    pub fn is_open(self) -> bool {
        self.to().is_none_or(|to| to == "..")
    }

    /// Whether it may have held at a date. Ends that are not known, or open, exclude nothing.
    pub fn holds(self, at: &Date) -> bool {
        held(self.from(), self.to(), at)
    }
}

impl fmt::Display for ClaimRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Form<'g> {
    Number(&'static str, u64),
    Text(&'g str),
}

impl<'g> IdRef<'g> {
    fn new(gazetteer: &'g Gazetteer, packed: u64) -> IdRef<'g> {
        let packed = PackedId(packed);
        IdRef(match packed.as_text() {
            Some(at) => Form::Text(gazetteer.string(at)),
            None => Form::Number(packed.parts().0, packed.parts().1),
        })
    }

    /// The part before the colon, such as `gn`.
    pub fn scheme(&self) -> &'g str {
        let text = match self.0 {
            Form::Number(prefix, _) => prefix,
            Form::Text(text) => text,
        };
        text.split_once(':').map_or("", |(scheme, _)| scheme)
    }
}

impl fmt::Display for IdRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Form::Number(prefix, number) => write!(f, "{prefix}{number}"),
            Form::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for IdRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl PartialEq<str> for IdRef<'_> {
    fn eq(&self, other: &str) -> bool {
        match self.0 {
            Form::Number(..) => {
                PackedId::number(other).is_some_and(|id| Form::Number(id.parts().0, id.parts().1) == self.0)
            }
            Form::Text(text) => text == other,
        }
    }
}

impl PartialEq<&str> for IdRef<'_> {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// The items of a stored list.
fn items(list: &str) -> impl Iterator<Item = &str> + Clone {
    list.split(';').filter(|item| !item.is_empty())
}

impl<'g> RecordRef<'g> {
    /// Its number in the gazetteer.
    #[inline]
    pub fn index(self) -> u32 {
        self.index
    }

    /// Its id.
    pub fn id(self) -> IdRef<'g> {
        IdRef::new(self.gazetteer, self.row().id)
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        Kind::ALL.get(usize::from(self.row().flags & 15)).copied().unwrap_or_default()
    }

    /// GeoNames class and code, such as `P.PPLC`.
    pub fn feature(self) -> Option<&'g str> {
        some(self.gazetteer.string_in(Section::Features, u32::from(self.row().feature)))
    }

    /// The canonical name.
    pub fn name(self) -> NameRef<'g> {
        NameRef { gazetteer: self.gazetteer, index: self.row().first_name }
    }

    /// All its names, the canonical one first.
    pub fn names(self) -> impl ExactSizeIterator<Item = NameRef<'g>> + Clone {
        let first = self.row().first_name;
        let total = self.gazetteer.info.names;
        let end =
            self.gazetteer.record_row(self.index.saturating_add(1)).map_or(total, |next| next.first_name);
        (first..end.min(total)).map(move |index| NameRef { gazetteer: self.gazetteer, index })
    }

    /// ISO 3166-1 alpha-2 code of its country.
    pub fn country(self) -> Option<&'g str> {
        self.region_part(0)
    }

    /// GeoNames code of its first-level unit, without the country.
    pub fn admin1(self) -> Option<&'g str> {
        self.region_part(1)
    }

    /// GeoNames code of its second-level unit.
    pub fn admin2(self) -> Option<&'g str> {
        self.region_part(2)
    }

    /// Number of its combination of country, first- and second-level unit: equal for records in the same unit, and all units
    /// of a country are neighbours.
    pub fn region(self) -> u32 {
        self.row().region
    }

    fn region_part(self, part: u32) -> Option<&'g str> {
        let row = self.row().region.checked_mul(3)?.checked_add(part)?;
        some(self.gazetteer.string_in(Section::Regions, row))
    }

    /// Where it is.
    pub fn point(self) -> Option<Point> {
        let row = self.row();
        let known = row.lat != RecordRow::NOWHERE;
        known.then(|| Point::new(f64::from(row.lat) / 1e7, f64::from(row.lon) / 1e7).ok()).flatten()
    }

    /// Inhabitants; 0 if unknown.
    pub fn population(self) -> u64 {
        self.row().population
    }

    /// How prominent it is; see [`prominence`](super::prominence).
    pub fn prominence(self) -> u32 {
        super::prominence(self.kind(), self.feature().unwrap_or(""), self.population())
    }

    /// When it came to be, as EDTF.
    pub fn from(self) -> Option<&'g str> {
        self.date(LinkRow::FROM)
    }

    /// When it ceased to be, as EDTF.
    pub fn to(self) -> Option<&'g str> {
        self.date(LinkRow::TO)
    }

    fn date(self, field: u32) -> Option<&'g str> {
        let value = self.links(field).next()?;
        some(self.gazetteer.string(u32::try_from(value).ok()?))
    }

    /// Further ids of the same thing.
    pub fn same_as(self) -> impl Iterator<Item = IdRef<'g>> {
        self.ids(LinkRow::SAME_AS)
    }

    /// What it is part of.
    pub fn part_of(self) -> impl Iterator<Item = IdRef<'g>> {
        self.ids(LinkRow::PART_OF)
    }

    /// What came after it.
    pub fn successors(self) -> impl Iterator<Item = IdRef<'g>> {
        self.ids(LinkRow::SUCCESSOR)
    }

    /// Who claims it, the oldest claim first.
    pub fn claimed_by(self) -> impl Iterator<Item = ClaimRef<'g>> {
        self.claims(LinkRow::CLAIMED_BY)
    }

    /// Who holds it, the oldest first.
    pub fn controlled_by(self) -> impl Iterator<Item = ClaimRef<'g>> {
        self.claims(LinkRow::CONTROLLED_BY)
    }

    fn claims(self, field: u32) -> impl Iterator<Item = ClaimRef<'g>> {
        let text = move |value| Some(self.gazetteer.string(PackedId(value).as_text()?));
        self.links(field).filter_map(text).map(|text| ClaimRef { text })
    }

    fn ids(self, field: u32) -> impl Iterator<Item = IdRef<'g>> {
        self.links(field).map(move |value| IdRef::new(self.gazetteer, value))
    }

    fn links(self, field: u32) -> impl Iterator<Item = u64> {
        let rows = if self.row().flags & RecordRow::LINKS == 0 {
            &[]
        } else {
            self.gazetteer.section(Section::Links).as_chunks().0
        };
        let owner = self.index << 3 | field;
        let first = rows.partition_point(|row| LinkRow::read(row).owner < owner);
        let mine = rows.get(first..).unwrap_or(&[]).iter().map(LinkRow::read);
        mine.take_while(move |link| link.owner == owner).map(|link| link.value)
    }

    #[inline]
    fn row(self) -> RecordRow {
        self.gazetteer.record_row(self.index).unwrap_or(RecordRow {
            id: 0,
            first_name: u32::MAX,
            region: 0,
            lat: RecordRow::NOWHERE,
            lon: 0,
            population: 0,
            feature: 0,
            flags: 0,
        })
    }
}

impl<'g> NameRef<'g> {
    /// Its number in the gazetteer.
    #[inline]
    pub fn index(self) -> u32 {
        self.index
    }

    /// The written form.
    pub fn text(self) -> &'g str {
        self.gazetteer.string(self.row().text)
    }

    /// BCP 47 tags of the languages that use it, sorted; none if unknown.
    pub fn langs(self) -> impl Iterator<Item = &'g str> + Clone {
        items(self.lang_list())
    }

    /// The first of its languages, or `und`.
    pub fn lang(self) -> &'g str {
        self.langs().next().unwrap_or("und")
    }

    /// Its languages, joined by `;`.
    pub(crate) fn lang_list(self) -> &'g str {
        let row = self.row();
        match row.langs {
            NameRow::FAR_LANGS => self.extra(row, ExtraRow::LANGS),
            near => self.gazetteer.string_in(Section::Langs, u32::from(near)),
        }
    }

    /// What it is to its record.
    pub fn kind(self) -> NameKind {
        NameKind::ALL.get(usize::from(self.row().flags & 15)).copied().unwrap_or_default()
    }

    /// How the case of a text must agree.
    pub fn case_rule(self) -> CaseRule {
        CaseRule::ALL.get(usize::from(self.row().flags >> 4 & 3)).copied().unwrap_or_default()
    }

    /// When it came into use, as EDTF.
    pub fn from(self) -> Option<&'g str> {
        some(self.extra(self.row(), ExtraRow::FROM))
    }

    /// When it went out of use, as EDTF.
    pub fn to(self) -> Option<&'g str> {
        some(self.extra(self.row(), ExtraRow::TO))
    }

    /// Who uses it, where usage is divided: ISO 3166-1 codes in lower case, or a community.
    pub fn perspective(self) -> impl Iterator<Item = &'g str> + Clone {
        items(self.extra(self.row(), ExtraRow::PERSPECTIVE))
    }

    /// Where it comes from; empty if unknown.
    pub fn source(self) -> &'g str {
        let row = self.row();
        match row.source {
            NameRow::FAR_SOURCE => self.extra(row, ExtraRow::SOURCE),
            near => self.gazetteer.string_in(Section::Sources, u32::from(near)),
        }
    }

    /// The record it belongs to.
    #[inline]
    pub fn record(self) -> RecordRef<'g> {
        RecordRef { gazetteer: self.gazetteer, index: self.row().record }
    }

    /// Whether it is its record's canonical name.
    pub fn is_canonical(self) -> bool {
        self.record().row().first_name == self.index
    }

    fn extra(self, row: NameRow, field: u8) -> &'g str {
        if row.flags & NameRow::EXTRAS == 0 {
            return "";
        }
        let rows = self.gazetteer.section(Section::Extras).as_chunks().0;
        let place = |row: &[u8; ExtraRow::LEN]| {
            let row = ExtraRow::read(row);
            (row.name, row.field)
        };
        match rows.binary_search_by_key(&(self.index, field), place) {
            Ok(at) => rows.get(at).map_or("", |row| self.gazetteer.string(ExtraRow::read(row).value)),
            Err(_) => "",
        }
    }

    #[inline]
    fn row(self) -> NameRow {
        let none =
            NameRow { text: 0, record: u32::MAX, langs: 0, flags: NameKind::Alternate as u8, source: 0 };
        self.gazetteer.name_row(self.index).unwrap_or(none)
    }
}

macro_rules! compare_by_index {
    ($($view:ident),+) => {$(
        impl PartialEq for $view<'_> {
            fn eq(&self, other: &Self) -> bool {
                self.index == other.index && std::ptr::eq(self.gazetteer, other.gazetteer)
            }
        }

        impl Eq for $view<'_> {}

        impl std::hash::Hash for $view<'_> {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                self.index.hash(state);
            }
        }
    )+};
}

compare_by_index!(RecordRef, NameRef);

impl fmt::Debug for RecordRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RecordRef({} {:?})", self.id(), self.name().text())
    }
}

impl fmt::Debug for NameRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NameRef({} {:?})", self.record().id(), self.text())
    }
}
