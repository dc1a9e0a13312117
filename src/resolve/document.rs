//! What the sure mentions of a document say of the rest: the countries and regions it is about, and where it plays.

use std::collections::{HashMap, HashSet};

use crate::record::Point;

use super::bearers::Bearer;
use super::evidence::{Choice, Class};
use super::{Mention, Options};

/// Most sure places kept for distances, so that work per mention is bounded.
const MOST_POINTS: usize = 48;

/// The document as its sure mentions show it, in memory that is used again from one text to the next.
#[derive(Debug, Default)]
pub(crate) struct Context<'g> {
    /// How much each country is spoken of.
    countries: HashMap<&'g str, f32>,
    regions: HashMap<(&'g str, &'g str), f32>,
    named: HashSet<&'g str>,
    total: f32,
    points: Vec<(u32, Point)>,
    /// How often each bearer is the best of a kept mention.
    times: Vec<f32>,
}

impl<'g> Context<'g> {
    /// Read the context that the kept mentions make.
    pub(crate) fn read(&mut self, mentions: &[Mention<'g>], bearers: &[Bearer<'g>]) {
        self.countries.clear();
        self.regions.clear();
        self.named.clear();
        self.points.clear();
        self.total = 0.0;
        self.times.clear();
        self.times.resize(bearers.len(), 0.0);
        for mention in mentions.iter().filter(|m| m.kept) {
            self.times[mention.best] += 1.0;
        }
        // One name counts once for each time it stands there, but less and less.
        let best =
            bearers.iter().zip(&self.times).filter(|(bearer, n)| **n > 0.0 && !bearer.country.is_empty());
        for (bearer, n) in best {
            let weight = n.sqrt() * bearer.prior.max(0.2);
            *self.countries.entry(bearer.country).or_default() += weight;
            self.total += weight;
            match bearer.class {
                Class::Country | Class::Dependency | Class::Demonym => {
                    self.named.insert(bearer.country);
                }
                _ if !bearer.admin1.is_empty() => {
                    *self.regions.entry((bearer.country, bearer.admin1)).or_default() += weight;
                }
                _ => {}
            }
            if let Some(point) = bearer.point
                && bearer.prior > 0.5
                && !matches!(bearer.class, Class::Country | Class::Continent | Class::Sea | Class::Demonym)
                && self.points.len() < MOST_POINTS
            {
                self.points.push((bearer.record.index(), point));
            }
        }
    }

    /// What the document says of one bearer.
    pub(crate) fn features(&self, bearer: &Bearer<'g>, options: &Options, give: &mut impl FnMut(u16, f32)) {
        if !bearer.country.is_empty() && self.total > 0.0 {
            let mass = self.countries.get(bearer.country).copied().unwrap_or(0.0);
            let regional = self.regions.get(&(bearer.country, bearer.admin1)).copied().unwrap_or(0.0);
            give(Choice::country_mass.bucket(0), share(mass, self.total));
            give(Choice::region_mass.bucket(0), share(regional, self.total));
            if self.named.contains(bearer.country) {
                let country = matches!(bearer.class, Class::Country | Class::Dependency);
                let feature = if country { Choice::is_named_country } else { Choice::country_named };
                give(feature.bucket(0), 1.0);
            }
        }
        if let Some(point) = bearer.point
            && !matches!(bearer.class, Class::Country | Class::Continent)
        {
            let nearest = self
                .points
                .iter()
                .filter(|(index, _)| *index != bearer.record.index())
                .map(|(_, other)| point.distance_km(*other))
                .fold(f64::INFINITY, f64::min);
            let bucket = match nearest {
                d if d < 30.0 => 0,
                d if d < 100.0 => 1,
                d if d < 300.0 => 2,
                d if d < 1000.0 => 3,
                _ => 4,
            };
            give(Choice::near.bucket(bucket), 1.0);
            if let Some(near) = options.near {
                give(Choice::near_hint.bucket(0), (1.0 - point.distance_km(near) / 500.0).max(0.0) as f32);
            }
        }
    }
}

fn share(part: f32, total: f32) -> f32 {
    (part / (total + 1.0)).min(1.0)
}
