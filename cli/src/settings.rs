//! What typed arguments mean.

use anyhow::{Context, Result, bail};
use exonym::Options;
use exonym::gazetteer::LabelOptions;
use exonym::output::Offsets;
use exonym::record::{Date, Point};

use crate::annotate::args::OffsetKind;
use crate::args::{Hints, Naming};

impl Hints {
    pub(crate) fn options(&self) -> Result<Options> {
        let mut options = Options::default();
        options.lang.clone_from(&self.lang);
        for country in &self.country {
            if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_alphabetic()) {
                bail!("--country is {country:?}, expected an ISO 3166-1 alpha-2 code such as KZ");
            }
            options.countries.push(country.to_ascii_uppercase());
        }
        options.near = self.near.as_deref().map(point).transpose()?;
        options.as_of = self.as_of.as_deref().map(as_of).transpose()?;
        options.to_current = self.to_current;
        Ok(options)
    }
}

/// The date names should be of.
pub(crate) fn as_of(text: &str) -> Result<Date> {
    let date = date(text);
    date.with_context(|| format!("--as-of is {text:?}, expected a date such as 1985, 1985-12 or 1985-12-31"))
}

/// The date of a text, if it is one: EDTF, with or without a time behind the day (`2019-05-03T12:00:00Z`).
pub(crate) fn date(text: &str) -> Option<Date> {
    let day = text.trim().split(['T', ' ']).next()?;
    day.parse::<Date>().ok().filter(|date| date.days().is_some())
}

impl Naming {
    pub(crate) fn labels(&self) -> LabelOptions {
        let mut labels = LabelOptions::default();
        labels.lang.clone_from(&self.name_lang);
        labels.perspective = self.perspective.as_ref().map(|code| code.to_ascii_lowercase());
        labels.neutral = self.neutral;
        labels
    }
}

fn point(text: &str) -> Result<Point> {
    let expected = || format!("--near is {text:?}, expected LAT,LON such as 43.25,76.92");
    let (lat, lon) = text.split_once(',').with_context(expected)?;
    let number = |part: &str| part.trim().parse::<f64>().with_context(expected);
    Point::new(number(lat)?, number(lon)?).with_context(expected)
}

impl OffsetKind {
    pub(crate) fn unit(self) -> Offsets {
        match self {
            OffsetKind::Char => Offsets::Char,
            OffsetKind::Byte => Offsets::Byte,
            OffsetKind::Utf16 => Offsets::Utf16,
        }
    }
}
