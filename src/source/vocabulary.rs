//! What the sources of others write alike: classes of Wikidata, language tags, IRIs, dates.

use crate::error::Result;
use crate::record::{Date, Kind};

/// What an item of Wikidata of these classes is. Subclasses are not followed, since an item does not tell them.
pub(super) const CLASSES: [(&str, Kind); 31] = [
    ("Q5", Kind::Person),
    ("Q6256", Kind::State),
    ("Q3624078", Kind::State),
    ("Q3024240", Kind::State),
    ("Q1790360", Kind::State),
    ("Q15634554", Kind::State),
    ("Q43229", Kind::Organization),
    ("Q4830453", Kind::Organization),
    ("Q783794", Kind::Organization),
    ("Q891723", Kind::Organization),
    ("Q6881511", Kind::Organization),
    ("Q7278", Kind::Organization),
    ("Q484652", Kind::Organization),
    ("Q245065", Kind::Organization),
    ("Q163740", Kind::Organization),
    ("Q79913", Kind::Organization),
    ("Q3918", Kind::Organization),
    ("Q31855", Kind::Organization),
    ("Q192350", Kind::Organization),
    ("Q327333", Kind::Organization),
    ("Q11032", Kind::Organization),
    ("Q476028", Kind::Organization),
    ("Q198", Kind::Event),
    ("Q178561", Kind::Event),
    ("Q180684", Kind::Event),
    ("Q1656682", Kind::Event),
    ("Q2020153", Kind::Event),
    ("Q10931", Kind::Event),
    ("Q131569", Kind::Document),
    ("Q49848", Kind::Document),
    ("Q7755", Kind::Document),
];

/// A language tag, if it is one; nothing for other marks.
pub(super) fn tag(text: &str) -> &str {
    let fine = (2..=35).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fine && !matches!(text, "mul" | "und" | "zxx" | "mis") { text } else { "" }
}

/// An IRI as an id, in short where it is one that others use; anything else as it is.
pub(super) fn short_iri(iri: &str) -> String {
    let bare = iri.trim_start_matches("https://").trim_start_matches("http://").trim_start_matches("www.");
    let known = [
        ("geonames.org/", "gn:"),
        ("sws.geonames.org/", "gn:"),
        ("wikidata.org/entity/", "wd:"),
        ("wikidata.org/wiki/", "wd:"),
        ("pleiades.stoa.org/places/", "pleiades:"),
        ("vocab.getty.edu/tgn/", "tgn:"),
        ("vocab.getty.edu/page/tgn/", "tgn:"),
        ("viaf.org/viaf/", "viaf:"),
    ];
    let short = known.into_iter().find_map(|(long, scheme)| {
        bare.strip_prefix(long).map(|own| format!("{scheme}{}", own.trim_end_matches('/')))
    });
    short.unwrap_or_else(|| iri.to_owned())
}

/// A date as people write years: `1991`, `850`, `-44`, `1991-12-26T00:00:00Z`.
pub(super) fn date(text: &str) -> Result<Date> {
    let text = text.split('T').next().unwrap_or("").trim();
    let (sign, year) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let short = (1..=3).contains(&year.len()) && year.bytes().all(|b| b.is_ascii_digit());
    if short { format!("{sign}{year:0>4}").parse() } else { text.parse() }
}
