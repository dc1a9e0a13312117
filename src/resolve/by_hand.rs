//! Weights set by hand: what the corpora cannot teach, since they mark places alone, have no dates and few names beside names.
//! All are log-odds, as the learned ones are.

use super::Role;
use super::bearers::{Bearer, NameLanguage};
use super::evidence::Class;

/// Log-odds against what is all but impossible.
pub(super) const RULED_OUT: f32 = 20.0;

/// Log-odds against a name that has other marks than the text.
pub(super) const MARKS: f32 = 1.0;

/// Log-odds against a state that is no more.
pub(super) const PAST: f32 = 1.5;

/// Probability from which on a mention is surely a name.
pub(super) const SURE: f32 = 0.6;

/// Log-odds for a name that is surely one elsewhere in the text.
pub(super) const AGAIN: f32 = 1.0;

/// Log-odds against a name inside a bigger one, beyond what was learned: corpora differ in whether they mark it.
pub(super) const EMBEDDED: f32 = 0.3;

/// The same where the head of the bigger name stands behind: `Baku State University` is hardly ever Baku.
pub(super) const BEGINS: f32 = 1.0;

/// Log-odds for a name beside which the text has another name of the same record, as in `Khankendi (Armenian Stepanakert)`. Set by
/// hand: the corpora have too few.
pub(super) const OTHER_NAME: f32 = 2.5;

/// Log-odds for what is known to have been so at the date asked for, and against what is known not to have been.
pub(super) const VALID: f32 = 3.0;
pub(super) const INVALID: f32 = 3.0;

/// What speaks for names of organisations, persons, documents and events. The corpora mark places alone, so nothing is learned of
/// these; they are curated names, most of several words or in capitals, and mean what they say unless all the text is in
/// capitals and the word a common one.
pub(super) fn unlearned(class: Class, is_shouted: bool) -> f32 {
    match class {
        Class::Organization | Class::Person | Class::Document | Class::Event if !is_shouted => 4.0,
        Class::Government if !is_shouted => 2.0,
        _ => 0.0,
    }
}

/// What speaks against a bearer whatever was learned: the unit around a town of the same name (`Kharkiv Oblast` is a name of
/// its own, found as the longer one); and a state of the past against what bears its name today.
pub(super) fn doubt(bearer: &Bearer<'_>) -> f32 {
    let usual = match () {
        () if bearer.twin => RULED_OUT,
        // Countries have names in all languages: one that is none of the text's own means something else (Brasilia in Portuguese).
        () if bearer.lang == NameLanguage::Foreign
            && matches!(bearer.class, Class::Country | Class::Dependency) =>
        {
            2.0 * PAST
        }
        // An adjective without its marks is mostly a form of the country (Slovenska is of Slovensko, not slovenská).
        () if bearer.class == Class::Demonym && !bearer.spelled && bearer.rule.is_none() => 2.0 * PAST,
        // What was there at the date asked for is not of the past then.
        () if bearer.valid.is_none() && bearer.record.to().is_some_and(|to| to != "..") => PAST,
        // Written exactly so, an acronym is the organisation before any village, and the White House no other one.
        () if bearer.exact && (bearer.role() > Role::Embedded || bearer.class == Class::Government) => {
            -2.0 * PAST
        }
        () => 0.0,
    };
    usual
        // Of two names with one key, the one with the text's own marks (Şuşa, not Susa).
        + if bearer.spelled { 0.0 } else { MARKS }
        + match bearer.valid {
            Some(true) => -VALID,
            Some(false) => INVALID,
            None => 0.0,
        }
}
