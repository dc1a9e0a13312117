//! What a source tells of one entity: a [`Record`] and its [`Name`]s.
//!
//! These are the owned forms that sources make and the builder takes. The stored gazetteer hands out borrowed views of the
//! same fields. Every value that has a normal form has its own type, made only by a function that checks.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, Result};

/// A prefixed id: `gn:1526384` (GeoNames), `wd:Q35493` (Wikidata), `iso:KZ` and `iso:KZ-ALA` (ISO 3166-1 and -2),
/// `xn:caucasus` (exonym's own curated records), or any scheme of one's own.
///
/// ```
/// use exonym::record::RecordId;
/// let id: RecordId = "gn:1526384".parse()?;
/// assert_eq!((id.scheme(), id.value()), ("gn", "1526384"));
/// assert!("Almaty".parse::<RecordId>().is_err());
/// # Ok::<(), exonym::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(Box<str>);

impl RecordId {
    /// Longest id accepted, in bytes.
    pub const MAX_LEN: usize = 255;

    /// The part before the colon.
    pub fn scheme(&self) -> &str {
        self.0.split_once(':').map_or("", |(scheme, _)| scheme)
    }

    /// The part after the colon.
    pub fn value(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, value)| value)
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RecordId {
    type Err = Error;

    fn from_str(text: &str) -> Result<RecordId> {
        let fine = text.split_once(':').is_some_and(|(scheme, value)| {
            !scheme.is_empty()
                && scheme.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
                && !value.is_empty()
                && value.chars().all(|c| !c.is_whitespace() && !c.is_control() && c != ';')
        });
        if !fine || text.len() > RecordId::MAX_LEN {
            return Err(Error::input(format!(
                "id is {text:?}, expected scheme:value such as gn:1526384, without spaces"
            )));
        }
        Ok(RecordId(text.into()))
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $what:literal { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$vdoc])* $variant,)+ }

        impl $name {
            /// Every value, in the order of its stored number.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The word used in files and output.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word,)+ }
            }
        }

        impl FromStr for $name {
            type Err = Error;
            fn from_str(text: &str) -> Result<$name> {
                match text {
                    $($word => Ok($name::$variant),)+
                    _ => Err(Error::input(format!(
                        concat!($what, " is {:?}, expected one of: {}"), text, [$($word),+].join(", ")
                    ))),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) }
        }
    };
}

words! {
    /// What a record is.
    Kind, "kind" {
        /// A populated place, unit, region or natural feature.
        #[default]
        Place = "place",
        /// A state, present or historical, recognised or not.
        State = "state",
        /// An organisation.
        Organization = "organization",
        /// A person.
        Person = "person",
        /// A treaty, declaration or other document.
        Document = "document",
        /// A war, battle, conference or other event.
        Event = "event",
    }
}

words! {
    /// What a name is to its record.
    NameKind, "name_kind" {
        /// The name the source prefers; the first choice as canonical name.
        Preferred = "preferred",
        /// The full official form.
        Official = "official",
        /// A short form in common use.
        Short = "short",
        /// Any other name.
        #[default]
        Alternate = "alternate",
        /// A name of the past.
        Historic = "historic",
        /// Slang, nickname.
        Colloquial = "colloquial",
        /// Letters that stand for the name (`USSR`, `Ala.`).
        Abbreviation = "abbreviation",
        /// The word for its people or what belongs to it (`Armenian`).
        Demonym = "demonym",
        /// Made by a romanisation or other scheme, not found in use.
        Transliteration = "transliteration",
        /// A code (`KZ`, `ALA`).
        Code = "code",
    }
}

words! {
    /// How the case of a text must agree with a name.
    CaseRule, "case" {
        /// Any casing may be this name.
        #[default]
        Any = "any",
        /// The text must begin with a capital where the script has them.
        Title = "title",
        /// Only as written (`US`, not `us`).
        Exact = "exact",
    }
}

words! {
    /// What a row of an overlay takes away from the layers below its own.
    Hide, "hide" {
        /// The names of this record that are written so; of the languages given, if any are.
        #[default]
        Name = "name",
        /// The record with all its names.
        Record = "record",
    }
}

/// A GeoNames feature class and code, such as `P.PPLC`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Feature(Box<str>);

impl Feature {
    /// The class letter: `A` unit, `P` populated place, `H` water, `T` relief, `L` region, …
    pub fn class(&self) -> char {
        self.0.chars().next().unwrap_or('?')
    }

    /// The whole feature.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Feature {
    type Err = Error;

    fn from_str(text: &str) -> Result<Feature> {
        let fine = text.split_once('.').is_some_and(|(class, code)| {
            class.len() == 1
                && class.bytes().all(|b| b.is_ascii_uppercase())
                && (1..=10).contains(&code.len())
                && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        });
        if fine {
            Ok(Feature(text.into()))
        } else {
            Err(Error::input(format!(
                "feature is {text:?}, expected a GeoNames class and code such as P.PPLC"
            )))
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A point on the earth, WGS 84 degrees.
///
/// ```
/// use exonym::record::Point;
/// let almaty = Point::new(43.25667, 76.92861)?;
/// let astana = Point::new(51.1801, 71.44598)?;
/// assert_eq!(almaty.distance_km(astana).round(), 973.0);
/// assert!(Point::new(400.2, 0.0).is_err());
/// # Ok::<(), exonym::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    lat: f64,
    lon: f64,
}

impl Point {
    /// A point, if both coordinates are in range.
    pub fn new(lat: f64, lon: f64) -> Result<Point> {
        if !(-90.0..=90.0).contains(&lat) {
            return Err(Error::input(format!("latitude is {lat}, expected -90 to 90")));
        }
        if !(-180.0..=180.0).contains(&lon) {
            return Err(Error::input(format!("longitude is {lon}, expected -180 to 180")));
        }
        Ok(Point { lat, lon })
    }

    /// Degrees north.
    pub fn lat(self) -> f64 {
        self.lat
    }

    /// Degrees east.
    pub fn lon(self) -> f64 {
        self.lon
    }

    /// Great-circle distance in kilometres (haversine, sphere of 6371.0088 km).
    pub fn distance_km(self, other: Point) -> f64 {
        let (a, b) = (self.lat.to_radians(), other.lat.to_radians());
        let (dlat, dlon) = (b - a, (other.lon - self.lon).to_radians());
        let h = (dlat / 2.0).sin().powi(2) + a.cos() * b.cos() * (dlon / 2.0).sin().powi(2);
        2.0 * EARTH_KM * h.sqrt().min(1.0).asin()
    }

    /// Where it stands on the unit sphere, for many distances from one point.
    pub(crate) fn on_sphere(self) -> OnSphere {
        let (lat, lon) = (self.lat.to_radians(), self.lon.to_radians());
        OnSphere([lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()])
    }
}

/// Mean radius of the Earth (IUGG), in kilometres.
pub(crate) const EARTH_KM: f64 = 6371.0088;

/// A point of the unit sphere.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OnSphere([f64; 3]);

impl OnSphere {
    /// The square of the straight line between two points, which grows with their distance.
    pub(crate) fn squared_chord(self, other: OnSphere) -> f64 {
        self.0.iter().zip(other.0).map(|(a, b)| (a - b) * (a - b)).sum()
    }

    /// The great-circle distance that goes with a squared chord, in kilometres.
    pub(crate) fn km(squared_chord: f64) -> f64 {
        2.0 * EARTH_KM * (squared_chord.sqrt() / 2.0).min(1.0).asin()
    }
}

/// A date in EDTF level 0–1: `1991`, `1991-12`, `1991-12-26`, `1918?`, `1918~`, `192X`, `..` (open), years before 1 with a
/// minus sign.
///
/// ```
/// use exonym::record::Date;
/// assert_eq!("1991-12-26".parse::<Date>()?.year(), Some(1991));
/// assert_eq!("192X".parse::<Date>()?.year(), Some(1920));
/// assert!("26.12.1991".parse::<Date>().is_err());
/// # Ok::<(), exonym::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(Box<str>);

impl Date {
    /// The date as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The year (the first one for an unspecified digit), or `None` for an open end.
    pub fn year(&self) -> Option<i32> {
        let text = self.0.trim_end_matches(['?', '~', '%']);
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text),
        };
        let year = digits.split('-').next()?;
        let year: String = year.chars().map(|c| if c == 'X' { '0' } else { c }).collect();
        year.parse::<i32>().ok().map(|y| sign * y)
    }

    /// The first and the last day it may mean, each as year, month and day; `None` for an open end. An uncertain or approximate
    /// date is taken as it stands.
    ///
    /// ```
    /// use exonym::record::Date;
    /// assert_eq!("192X".parse::<Date>()?.days(), Some(((1920, 1, 1), (1929, 12, 31))));
    /// assert_eq!("1991-12~".parse::<Date>()?.days(), Some(((1991, 12, 1), (1991, 12, 31))));
    /// # Ok::<(), exonym::Error>(())
    /// ```
    pub fn days(&self) -> Option<(Day, Day)> {
        days(&self.0)
    }
}

/// A day as year, month and day: days compare as they follow each other.
pub type Day = (i32, u8, u8);

/// The first and the last day of a date that may be stored, and damaged.
fn days(date: &str) -> Option<(Day, Day)> {
    let core = date.trim_end_matches(['?', '~', '%']);
    let (before_christ, core) = core.strip_prefix('-').map_or((false, core), |rest| (true, rest));
    let mut parts = core.split('-');
    let year = parts.next()?;
    let number = |digit: &str| year.replace('X', digit).parse::<i32>().ok();
    let (low, high) = (number("0")?, number("9")?);
    let (first, last) = if before_christ { (-high, -low) } else { (low, high) };
    // A 31st of February does no harm where days are only compared.
    let mut part = |most: u8| match parts.next() {
        None | Some("XX") => Some((1, most)),
        Some(part) => part.parse().ok().map(|n: u8| (n, n)),
    };
    let ((first_month, last_month), (first_day, last_day)) = (part(12)?, part(31)?);
    Some(((first, first_month, first_day), (last, last_month, last_day)))
}

/// Whether something that began and ended then may have held at a date: on one of the days the date may mean. Ends that are not
/// known, or open, exclude nothing.
pub(crate) fn held(from: Option<&str>, to: Option<&str>, at: &Date) -> bool {
    let Some((first, last)) = at.days() else { return true };
    from.and_then(days).is_none_or(|(start, _)| start <= last)
        && to.and_then(days).is_none_or(|(_, end)| first <= end)
}

impl FromStr for Date {
    type Err = Error;

    fn from_str(text: &str) -> Result<Date> {
        if well_formed_date(text) {
            Ok(Date(text.into()))
        } else {
            Err(Error::input(format!(
                "date is {text:?}, expected EDTF such as 1991, 1991-12-26, 1918?, 192X or .."
            )))
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// EDTF level 0 dates and the level 1 qualifiers and unspecified digits (Library of Congress, 2019-02-04).
fn well_formed_date(text: &str) -> bool {
    if text == ".." {
        return true;
    }
    let core = text.strip_suffix(['?', '~', '%']).unwrap_or(text);
    let core = core.strip_prefix('-').unwrap_or(core);
    let mut parts = core.split('-');
    let digits = |p: &str, n: usize| {
        p.len() == n && p.bytes().all(|b| b.is_ascii_digit() || b == b'X') && !p.starts_with("XX")
    };
    let within = |p: &str, most: u32| {
        p == "XX" || (p.len() == 2 && p.parse::<u32>().is_ok_and(|n| (1..=most).contains(&n)))
    };
    parts.next().is_some_and(|y| digits(y, 4))
        && parts.next().is_none_or(|m| within(m, 12))
        && parts.next().is_none_or(|d| within(d, 31))
        && parts.next().is_none()
}

/// When something held: either end may be unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// The beginning.
    pub from: Option<Date>,
    /// The end.
    pub to: Option<Date>,
}

impl Period {
    /// Whether neither end is known.
    pub fn is_empty(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// Whether it may have held at a date: on one of the days the date may mean. Ends that are not known, or open, exclude
    /// nothing.
    ///
    /// ```
    /// use exonym::record::Period;
    /// let leningrad = Period { from: Some("1924-01-26".parse()?), to: Some("1991-09-06".parse()?) };
    /// assert!(leningrad.holds(&"1950".parse()?));
    /// assert!(leningrad.holds(&"1991".parse()?), "some days of that year");
    /// assert!(!leningrad.holds(&"1991-12".parse()?));
    /// # Ok::<(), exonym::Error>(())
    /// ```
    pub fn holds(&self, at: &Date) -> bool {
        held(self.from.as_ref().map(Date::as_str), self.to.as_ref().map(Date::as_str), at)
    }
}

/// Who claims or holds a record, since when and until when, and who says so.
///
/// Its text is that of the columns `claimed_by` and `controlled_by`: the id of the claimant, the period as an EDTF interval, the
/// source. What is not known is left out.
///
/// ```
/// use exonym::record::Claim;
/// let claim: Claim = "iso:MA 1976-04-14/.. A/RES/34/37".parse()?;
/// assert_eq!(claim.by.as_str(), "iso:MA");
/// assert_eq!(claim.period.from.as_ref().and_then(|date| date.year()), Some(1976));
/// assert_eq!(claim.source, "A/RES/34/37");
/// assert_eq!(claim.to_string(), "iso:MA 1976-04-14/.. A/RES/34/37");
/// # Ok::<(), exonym::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// Who: the id of a state or another record.
    pub by: RecordId,
    /// When.
    pub period: Period,
    /// Where it is said, such as a resolution or a treaty; without `;`.
    pub source: String,
}

/// The claimant, both dates and the source of a claim as written; what is left out is empty.
pub(crate) fn claim_parts(text: &str) -> (&str, &str, &str, &str) {
    let (by, rest) = text.split_once(' ').unwrap_or((text, ""));
    let (interval, source) = rest.split_once(' ').unwrap_or((rest, ""));
    let (from, to) = interval.split_once('/').unwrap_or((interval, ""));
    (by, from, to, source.trim())
}

impl FromStr for Claim {
    type Err = Error;

    fn from_str(text: &str) -> Result<Claim> {
        let (by, from, to, source) = claim_parts(text);
        let known = |date: &str| (!date.is_empty()).then(|| date.parse()).transpose();
        let interval = text.split(' ').nth(1).is_none_or(|interval| interval.contains('/'));
        if !interval || text.contains(';') {
            return Err(Error::input(format!(
                "claim is {text:?}, expected an id, a period and a source such as iso:MA 1976/.. A/RES/34/37"
            )));
        }
        let period = Period { from: known(from)?, to: known(to)? };
        Ok(Claim { by: by.parse()?, period, source: source.to_owned() })
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = |date: &Option<Date>| date.as_ref().map(Date::to_string).unwrap_or_default();
        write!(f, "{}", self.by)?;
        if !self.period.is_empty() || !self.source.is_empty() {
            write!(f, " {}/{}", date(&self.period.from), date(&self.period.to))?;
        }
        if !self.source.is_empty() {
            write!(f, " {}", self.source)?;
        }
        Ok(())
    }
}

/// One written form of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name {
    /// The written form.
    pub text: String,
    /// BCP 47 tags of the languages that use it, sorted, without repetition; empty if unknown.
    pub langs: Vec<String>,
    /// What it is to the record.
    pub kind: NameKind,
    /// When it was in use.
    pub period: Period,
    /// Who uses it, where usage is divided: ISO 3166-1 codes in lower case, or a community.
    pub perspective: Vec<String>,
    /// How the case of a text must agree. `None` leaves it to the kind and the written form.
    pub case: Option<CaseRule>,
    /// Where it comes from.
    pub source: String,
}

impl Name {
    /// A name in a language, with everything else as by default.
    pub fn new(text: impl Into<String>, lang: &str) -> Name {
        let langs = if lang.is_empty() || lang == "und" { vec![] } else { vec![lang.to_owned()] };
        Name { text: text.into(), langs, ..Name::default() }
    }

    /// The case rule in force: the one given; else `exact` for short all-capital abbreviations and codes, `any` for the rest.
    pub fn case_rule(&self) -> CaseRule {
        self.case.unwrap_or(match self.kind {
            NameKind::Code => CaseRule::Exact,
            NameKind::Abbreviation if self.text.chars().count() <= 5 => CaseRule::Exact,
            _ => CaseRule::Any,
        })
    }
}

/// One entity as one source row or object tells it; the builder joins all that have the same id.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Its id.
    pub id: RecordId,
    /// What it is; `None` where this row does not say.
    pub kind: Option<Kind>,
    /// GeoNames class and code.
    pub feature: Option<Feature>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// GeoNames code of the first-level unit, without the country.
    pub admin1: Option<String>,
    /// GeoNames code of the second-level unit.
    pub admin2: Option<String>,
    /// Its representative point.
    pub point: Option<Point>,
    /// Inhabitants.
    pub population: Option<u64>,
    /// When the thing itself existed.
    pub period: Period,
    /// Further ids of the same thing.
    pub same_as: Vec<RecordId>,
    /// What it is part of.
    pub part_of: Vec<RecordId>,
    /// What came after it.
    pub successors: Vec<RecordId>,
    /// Who claims it.
    pub claimed_by: Vec<Claim>,
    /// Who holds it.
    pub controlled_by: Vec<Claim>,
    /// Its names in this row or object.
    pub names: Vec<Name>,
    /// Whether this takes something away from the layers below rather than tell something new (see
    /// [`Stack`](crate::gazetteer::Stack)).
    pub hide: Option<Hide>,
}

impl Record {
    /// A record of which only the id is known.
    pub fn new(id: RecordId) -> Record {
        Record {
            id,
            kind: None,
            feature: None,
            country: None,
            admin1: None,
            admin2: None,
            point: None,
            population: None,
            period: Period::default(),
            same_as: vec![],
            part_of: vec![],
            successors: vec![],
            claimed_by: vec![],
            controlled_by: vec![],
            names: vec![],
            hide: None,
        }
    }

    /// How many fields of the record itself are given. The row that tells most carries the canonical name.
    pub fn fields_given(&self) -> usize {
        [
            self.kind.is_some(),
            self.feature.is_some(),
            self.country.is_some(),
            self.admin1.is_some(),
            self.admin2.is_some(),
            self.point.is_some(),
            self.population.is_some(),
            !self.period.is_empty(),
            !self.same_as.is_empty(),
            !self.part_of.is_empty(),
            !self.successors.is_empty(),
            !self.claimed_by.is_empty(),
            !self.controlled_by.is_empty(),
        ]
        .into_iter()
        .filter(|given| *given)
        .count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_edtf() {
        for good in
            ["1991", "1991-12", "1991-12-26", "1918?", "1918~", "192X", "19XX", "..", "-0550", "1991-XX"]
        {
            assert!(good.parse::<Date>().is_ok(), "{good}");
        }
        for bad in ["", "91", "1991-13", "1991-12-32", "1991/12", "26.12.1991", "1991-12-26-01", "XXXX"] {
            assert!(bad.parse::<Date>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_period_holds_on_the_days_between_its_ends() {
        for (from, to, at, wanted) in [
            ("1924", "1991-09-06", "1924", true),
            ("1924", "1991-09-06", "1923-12-31", false),
            ("1924", "1991-09-06", "1991-09-07", false),
            ("..", "1991", "0500", true),
            ("", "", "1900", true),
            ("192X", "", "1925", true),
            ("192X", "", "1919", false),
            ("", "-0031", "-0050", true),
            ("", "-0031", "-0020", false),
            ("1918~", "1920?", "1919-05-28", true),
            ("1918-05-28", "1920-04-28", "1918-05", true),
        ] {
            let some = |date: &'static str| Some(date).filter(|d| !d.is_empty());
            assert_eq!(held(some(from), some(to), &at.parse().unwrap()), wanted, "{from}/{to} at {at}");
        }
    }

    #[test]
    fn a_claim_reads_as_it_is_written() {
        for text in [
            "iso:RU",
            "iso:RU 2014-03-18/.. A/RES/68/262",
            "xn:polisario 1976-02-27/",
            "iso:DK /2022-06-14 agreement of 14 June 2022",
            "iso:SD / A/46/480",
        ] {
            assert_eq!(text.parse::<Claim>().unwrap().to_string(), text);
        }
        for bad in ["", "RU", "iso:RU 2014", "iso:RU 2014-13/.. x", "iso:RU / a; b"] {
            assert!(bad.parse::<Claim>().is_err(), "{bad}");
        }
    }

    #[test]
    fn ids_without_scheme_are_refused() {
        for bad in ["", ":", "gn:", ":1", "gn 1", "GN:1", "gn:1 2", "gn:1;2"] {
            assert!(bad.parse::<RecordId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_unknown_word_lists_the_known_ones() {
        let error = "city".parse::<Kind>().unwrap_err().to_string();
        assert!(error.contains("\"city\"") && error.contains("place, state"), "{error}");
    }
}
