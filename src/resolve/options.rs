//! What the caller knows or wants, for one call.

use std::borrow::Cow;

use super::bearers::Asked;
use crate::find::primary;
use crate::record::{Date, Point};

/// What the caller knows or wants, for one call.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The text's language (BCP 47), if known. Not needed: function words tell most.
    pub lang: Option<String>,
    /// Countries (ISO 3166-1 alpha-2) whose places are preferred.
    pub countries: Vec<String>,
    /// A point near which places are preferred.
    pub near: Option<Point>,
    /// The date the text is of: names and states known to have been in use then are preferred.
    pub as_of: Option<Date>,
    /// Give instead of a past state or unit what it is today, as far as that can be told: see [`RecordRef::current`](crate::gazetteer::RecordRef::current). Which of several
    /// successors, tells the place named right before it (`Tashkent, USSR`), else `countries` if it is one, else `near`.
    pub to_current: bool,
    /// Least probability of being a name for a mention to be given. The default, 0.2, balances both on the development
    /// corpora.
    pub min_score: f32,
    /// Give mentions inside bigger names too, with role `embedded`.
    pub all: bool,
    /// How many runners-up to give with each annotation.
    pub candidates: usize,
    /// Give reasons.
    pub explain: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            lang: None,
            countries: vec![],
            near: None,
            as_of: None,
            to_current: false,
            min_score: 0.2,
            all: false,
            candidates: 0,
            explain: false,
        }
    }
}

impl Options {
    /// What names are asked for in a language.
    pub(super) fn asked<'o>(&'o self, lang: Option<&'o str>) -> Asked<'o> {
        Asked { lang, as_of: self.as_of.as_ref() }
    }

    /// Where the text is of: the one country, and the point.
    pub(super) fn place(&self) -> (Option<&str>, Option<Point>) {
        let country = if let [one] = &self.countries[..] { Some(one.as_str()) } else { None };
        (country, self.near)
    }

    /// The primary subtag of the text's language.
    pub(crate) fn primary_lang(&self) -> Option<Cow<'_, str>> {
        self.lang.as_deref().map(primary)
    }
}
