//! What speaks for and against a match being a name, and a record being the one meant: numbered features, each with a
//! sentence a person can read.
//!
//! A feature is a template and a bucket. Templates and buckets have fixed names, by which `rules/weights.tsv` gives their
//! weights; the numbers are made when the weights are read and mean nothing outside one process.

use crate::gazetteer::{NameRef, RecordRef};
use crate::record::{Kind, NameKind};

use super::words::Head;

/// A family of features that exclude each other.
#[derive(Debug)]
pub(crate) struct Template {
    /// Its name in the weights file.
    pub(crate) name: &'static str,
    /// How many buckets it has.
    pub(crate) buckets: u16,
    /// What it means, for a reason; empty where it is no reason a person would give.
    pub(crate) says: &'static str,
}

macro_rules! templates {
    ($(#[$doc:meta])* $table:ident { $($name:ident: $buckets:expr, $says:literal;)+ }) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, missing_docs, reason = "the table below documents each")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $table { $($name,)+ }

        impl $table {
            $(#[$doc])*
            pub(crate) const TEMPLATES: &'static [Template] = &[
                $(Template { name: stringify!($name), buckets: $buckets, says: $says },)+
            ];

            /// The number of one bucket of this template.
            #[inline]
            pub(crate) fn bucket(self, bucket: usize) -> u16 {
                const OFFSETS: [u16; $table::TEMPLATES.len()] = offsets($table::TEMPLATES);
                let template = &$table::TEMPLATES[self as usize];
                OFFSETS[self as usize] + (bucket as u16).min(template.buckets - 1)
            }

            /// How many features all templates make.
            pub(crate) const COUNT: usize = total($table::TEMPLATES) as usize;

            /// The template and bucket of a number.
            pub(crate) fn of_number(number: u16) -> Option<(&'static Template, u16)> {
                let mut left = number;
                for template in $table::TEMPLATES {
                    if left < template.buckets {
                        return Some((template, left));
                    }
                    left -= template.buckets;
                }
                None
            }
        }
    };
}

const fn offsets<const N: usize>(templates: &[Template]) -> [u16; N] {
    let mut all = [0; N];
    let (mut i, mut sum) = (0, 0);
    while i < N {
        all[i] = sum;
        sum += templates[i].buckets;
        i += 1;
    }
    all
}

const fn total(templates: &[Template]) -> u16 {
    let (mut i, mut sum) = (0, 0);
    while i < templates.len() {
        sum += templates[i].buckets;
        i += 1;
    }
    sum
}

/// Writing: cased, without vowels, unspaced, Hangul, other with spaces and without case.
pub(crate) const WRITING: u16 = 5;
const SIZES: u16 = 10;

templates! {
    /// Is the span a name at all?
    Span {
        bias: WRITING, "";
        class: Class::COUNT * WRITING, "the best-known bearer of the name is {bucket}";
        class_words: Class::COUNT * 2, "";
        size: SIZES * WRITING, "how populous its most populous bearer is";
        size_words: SIZES * 2, "";
        name_kind: 10 * 2, "what kind of name it is";
        shape: 7 * 2 * 3, "how it is capitalised";
        caps_around: 4, "the words around it are in capitals";
        length: 13 * WRITING, "how long it is";
        common: 4 * 4 * 2, "it is a common word";
        common_size: 4 * SIZES, "";
        common_any: 4 * 2, "it is a common word of some language";
        given: 4 * 2, "it is a given name";
        surname: 4 * 2, "it is a surname";
        person_size: 4 * SIZES, "";
        before: 13 * WRITING, "what stands before it";
        after: 16 * WRITING, "what stands after it";
        head_before: 8 * 2, "a word before it says what it belongs to";
        head_after: 8 * 2, "a word after it says what it belongs to";
        head_of_run: 8, "the longer name that it begins says what it is";
        head_far: 8, "the longer name that it ends says what it is";
        inflected: 7 * WRITING, "it is an inflected form";
        inflected_size: SIZES, "";
        strength: 4 * 4 * 5 * WRITING, "how long and populous it is";
        nested: 4, "it lies inside a longer name";
        comma: 4, "a region that holds it follows or precedes";
        seen: 4, "how often it occurs in the text";
        lower_seen: 2, "the text also has it in small letters";
        bearers: 5 * 2, "how many records bear the name";
        fits_lang: 5 * 2, "whether the name is of the text's language";
        written: 3 * 2, "whether it is written exactly as a known name";
        person_near: 2, "the text names a person so";
        list: 3, "it stands in a list of names";
    }
}

templates! {
    /// Which record is meant?
    Choice {
        population: 1, "how populous it is";
        class: Class::COUNT, "it is {bucket}";
        name_kind: 10, "what kind of name it is of this record";
        canonical: 3, "it is the record's own main name";
        lang: 5, "whether the name is of the text's language";
        exact: 1, "it is written exactly so";
        inflected: 1, "its name is not written so, but has this form";
        top: 1, "no other bearer of the name is more populous";
        share: 1, "its share of the people in all places of the name";
        country_mass: 1, "how much of the text is about its country";
        country_named: 1, "its country is named in the text";
        region_mass: 1, "how much of the text is about its region";
        is_named_country: 1, "";
        container: 2, "a region or country that holds it follows";
        wrong_container: 2, "a region or country that does not hold it follows";
        beside_city: 1, "a great city has the same name";
        near: 5, "how near it is to other places of the text";
        around: 1, "how many other places of the text are within a day's ride of it";
        told: 1, "the text says elsewhere that this one is meant";
        hinted: 1, "it is in the country asked for";
        near_hint: 1, "it is near the point asked for";
        unit_word: 4, "a word beside it says what it is";
        prominence: 1, "how well known it is";
        home: 1, "it is of the country of the text's language";
        population_home: 1, "";
    }
}

/// What a bearer of a name is, as far as it matters for how it is spoken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Class {
    Other,
    Country,
    Dependency,
    Admin1,
    Admin2,
    Admin3,
    Capital,
    Seat1,
    Seat2,
    City,
    Town,
    Village,
    Section,
    Continent,
    Region,
    Sea,
    River,
    Mountain,
    Island,
    HistoricState,
    Organization,
    Person,
    Document,
    Event,
    Demonym,
    Abbreviation,
    Code,
    Government,
}

impl Class {
    pub(crate) const COUNT: u16 = Class::Government as u16 + 1;

    /// The class of a record under one of its names.
    pub(crate) fn of(record: RecordRef<'_>, name: NameRef<'_>) -> Class {
        match (record.kind(), name.kind()) {
            (_, NameKind::Demonym) => return Class::Demonym,
            (Kind::Organization, _) => return Class::Organization,
            (Kind::Person, _) => return Class::Person,
            (Kind::Document, _) => return Class::Document,
            (Kind::Event, _) => return Class::Event,
            (_, NameKind::Abbreviation) => return Class::Abbreviation,
            (_, NameKind::Code) => return Class::Code,
            _ => {}
        }
        let feature = record.feature().unwrap_or_default();
        let (class, code) = feature.split_once('.').unwrap_or((feature, ""));
        let population = record.population();
        match (class, code) {
            ("A", "PCLH") => Class::HistoricState,
            ("A", "PCLD" | "TERR" | "PCLS" | "PCLIX") => Class::Dependency,
            ("A", code) if code.starts_with("PCL") => Class::Country,
            ("A", "ADM1" | "ADM1H") => Class::Admin1,
            ("A", "ADM2" | "ADM2H") => Class::Admin2,
            ("A", _) => Class::Admin3,
            ("P", "PPLC") => Class::Capital,
            ("P", "PPLX") => Class::Section,
            ("P", "PPLA") => Class::Seat1,
            ("P", "PPLA2") if population >= 20_000 => Class::Seat2,
            ("P", _) if population >= 100_000 => Class::City,
            ("P", _) if population >= 10_000 => Class::Town,
            ("P", _) => Class::Village,
            ("L", "CONT") => Class::Continent,
            ("L", _) => Class::Region,
            ("H", "SEA" | "OCN" | "GULF" | "BAY" | "STRT" | "CHN") => Class::Sea,
            ("H", _) => Class::River,
            ("T", "ISL" | "ISLS" | "ATOL" | "ISLET") => Class::Island,
            ("T", _) => Class::Mountain,
            ("S", "ADMF") => Class::Government,
            _ if record.kind() == Kind::State => Class::HistoricState,
            _ => Class::Other,
        }
    }

    /// The words for it in a reason.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Class::Other => "a place",
            Class::Country => "a country",
            Class::Dependency => "a territory",
            Class::Admin1 => "a first-level unit",
            Class::Admin2 => "a second-level unit",
            Class::Admin3 => "an administrative unit",
            Class::Capital => "a capital",
            Class::Seat1 => "the seat of a first-level unit",
            Class::Seat2 => "the seat of a second-level unit",
            Class::City => "a city",
            Class::Town => "a town",
            Class::Village => "a village",
            Class::Section => "a part of a town",
            Class::Continent => "a continent",
            Class::Region => "a region",
            Class::Sea => "a sea or strait",
            Class::River => "a river or lake",
            Class::Mountain => "a mountain or land form",
            Class::Island => "an island",
            Class::HistoricState => "a historical state",
            Class::Organization => "an organisation",
            Class::Person => "a person",
            Class::Document => "a document",
            Class::Event => "an event",
            Class::Demonym => "a people or adjective",
            Class::Abbreviation => "an abbreviation",
            Class::Code => "a code",
            Class::Government => "the seat of a government",
        }
    }

    pub(crate) fn from_bucket(n: u16) -> Class {
        use Class::*;
        const ALL: [Class; Class::COUNT as usize] = [
            Other,
            Country,
            Dependency,
            Admin1,
            Admin2,
            Admin3,
            Capital,
            Seat1,
            Seat2,
            City,
            Town,
            Village,
            Section,
            Continent,
            Region,
            Sea,
            River,
            Mountain,
            Island,
            HistoricState,
            Organization,
            Person,
            Document,
            Event,
            Demonym,
            Abbreviation,
            Code,
            Government,
        ];
        ALL.get(usize::from(n)).copied().unwrap_or(Other)
    }

    /// How it goes with a word for a kind of place beside the name: 0 settlement and 1 unit with a word for units, 2 natural
    /// feature with a word for features, 3 at odds.
    pub(crate) fn fits(self, word: Head) -> usize {
        match (word, self) {
            (Head::Unit, c) if (Class::Capital..=Class::Section).contains(&c) => 0,
            (Head::Unit, c) if (Class::Country..=Class::Admin3).contains(&c) => 1,
            (Head::Feature, Class::Sea | Class::River | Class::Mountain | Class::Island | Class::Region) => 2,
            _ => 3,
        }
    }

    /// Whether it is a unit that can stand behind a town and a comma.
    pub(crate) fn contains_towns(self) -> bool {
        matches!(
            self,
            Class::Country
                | Class::Dependency
                | Class::Admin1
                | Class::Admin2
                | Class::Abbreviation
                | Class::Code
                | Class::Region
        )
    }
}

/// The bucket of a population: 0 unknown, then by half decades up to 10 million.
pub(crate) fn size_bucket(population: u64) -> usize {
    match population {
        0 => 0,
        1..=999 => 1,
        1_000..=4_999 => 2,
        5_000..=19_999 => 3,
        20_000..=99_999 => 4,
        100_000..=499_999 => 5,
        500_000..=1_999_999 => 6,
        2_000_000..=9_999_999 => 7,
        10_000_000..=49_999_999 => 8,
        _ => 9,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lead_back_to_their_template() {
        let number = Span::shape.bucket(3);
        let (template, bucket) = Span::of_number(number).unwrap();
        assert_eq!((template.name, bucket), ("shape", 3));
        assert_eq!(Span::of_number(Span::COUNT as u16).map(|t| t.0.name), None);
        assert_eq!(Class::from_bucket(Class::Government as u16), Class::Government);
    }
}
