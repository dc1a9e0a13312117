//! Bearers of names met before, kept from one text to the next: the names of a newspaper are the same on every page.

use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::HashMap;
use foldhash::fast::FixedState;

use super::bearers::Bearer;
use super::{Options, Weights};
use crate::find::Match;
use crate::gazetteer::Gazetteer;
use crate::record::{Date, Point};

/// Most bearers kept, some 8 MB; then all begins anew.
const MANY: usize = 1 << 15;

/// Who asks: what is kept holds for this alone.
#[derive(Clone, Debug, Default, PartialEq)]
struct Asker {
    gazetteer: usize,
    weights: usize,
    has_lang: bool,
    lang: String,
    countries: Vec<String>,
    near: Option<Point>,
    as_of: Option<Date>,
}

/// Bearers by the [`name`] of a mention.
#[derive(Debug, Default)]
pub(super) struct Stock<'g> {
    asker: Asker,
    known: HashMap<u64, (u32, u32)>,
    bearers: Vec<Bearer<'g>>,
}

/// What a text writes and how it was read, as one number: the same letters may be a name as it is, or what is left of a form.
pub(super) fn name(surface: &str, readings: &[Match<'_>]) -> u64 {
    let rule = |found: &Match<'_>| found.rule().map(|rule| std::ptr::from_ref(rule).addr());
    let mut hasher = FixedState::default().build_hasher();
    surface.hash(&mut hasher);
    readings.iter().for_each(|found| (found.entry(), rule(found)).hash(&mut hasher));
    hasher.finish()
}

impl<'g> Stock<'g> {
    /// Be ready for a text; forget everything if something else is asked for.
    pub(super) fn prepare(
        &mut self,
        gazetteer: &Gazetteer,
        weights: &Weights,
        lang: Option<&str>,
        options: &Options,
    ) {
        let asker = &mut self.asker;
        let gazetteer = std::ptr::from_ref(gazetteer).addr();
        let weights = std::ptr::from_ref(weights).addr();
        let (has_lang, lang) = (lang.is_some(), lang.unwrap_or_default());
        let is_same = (asker.gazetteer, asker.weights, asker.has_lang) == (gazetteer, weights, has_lang)
            && asker.lang == lang
            && asker.countries == options.countries
            && (asker.near, &asker.as_of) == (options.near, &options.as_of);
        if !is_same {
            (asker.gazetteer, asker.weights, asker.has_lang) = (gazetteer, weights, has_lang);
            lang.clone_into(&mut asker.lang);
            asker.countries.clone_from(&options.countries);
            (asker.near, asker.as_of) = (options.near, options.as_of.clone());
        }
        if !is_same || self.bearers.len() > MANY {
            self.known.clear();
            self.bearers.clear();
        }
    }

    /// Add the bearers of a name met before to `out`; false if it was not.
    pub(super) fn take(&self, name: u64, out: &mut Vec<Bearer<'g>>) -> bool {
        let Some((from, to)) = self.known.get(&name) else { return false };
        out.extend_from_slice(&self.bearers[*from as usize..*to as usize]);
        true
    }

    /// Keep the bearers of a name.
    pub(super) fn keep(&mut self, name: u64, bearers: &[Bearer<'g>]) {
        let from = self.bearers.len() as u32;
        self.bearers.extend_from_slice(bearers);
        self.known.insert(name, (from, self.bearers.len() as u32));
    }
}
