//! What the sure mentions of a document say of the rest: the countries and regions it is about, and where it plays.

use std::collections::HashMap;

use crate::record::Point;

use super::bearers::Bearer;
use super::evidence::{Choice, Class};
use super::{Mention, Options};

/// Most sure places kept for distances, so that work per mention is bounded.
const MOST_POINTS: usize = 48;

/// The document as its sure mentions show it.
#[derive(Debug, Default)]
pub(crate) struct Context {
    /// How much each country is spoken of.
    countries: HashMap<Box<str>, f32>,
    regions: HashMap<(Box<str>, Box<str>), f32>,
    named: HashMap<Box<str>, f32>,
    total: f32,
    points: Vec<(u32, Point)>,
    hinted: Vec<String>,
    near: Option<Point>,
}

impl Context {
    /// The context that the kept mentions make.
    pub(crate) fn of(mentions: &[Mention<'_>], bearers: &[Bearer<'_>], options: &Options) -> Context {
        let mut all = Context {
            hinted: options.countries.iter().map(|c| c.to_ascii_uppercase()).collect(),
            near: options.near,
            ..Context::default()
        };
        // One name counts once for each time it stands there, but less and less.
        let mut times: HashMap<usize, f32> = HashMap::new();
        for mention in mentions.iter().filter(|m| m.kept) {
            *times.entry(mention.best).or_default() += 1.0;
        }
        let mut best: Vec<(usize, f32)> = times.into_iter().collect();
        best.sort_by_key(|(i, _)| *i);
        for (i, n) in best {
            let bearer = &bearers[i];
            if bearer.country.is_empty() {
                continue;
            }
            let weight = n.sqrt() * bearer.prior.max(0.2);
            *all.countries.entry(bearer.country.into()).or_default() += weight;
            all.total += weight;
            match bearer.class {
                Class::Country | Class::Dependency | Class::Demonym => {
                    *all.named.entry(bearer.country.into()).or_default() += 1.0;
                }
                _ if !bearer.admin1.is_empty() => {
                    *all.regions.entry((bearer.country.into(), bearer.admin1.into())).or_default() += weight;
                }
                _ => {}
            }
            if let Some(point) = bearer.point
                && bearer.prior > 0.5
                && !matches!(bearer.class, Class::Country | Class::Continent | Class::Sea | Class::Demonym)
                && all.points.len() < MOST_POINTS
            {
                all.points.push((bearer.record.index(), point));
            }
        }
        all
    }

    /// What the document says of one bearer.
    pub(crate) fn features(&self, bearer: &Bearer<'_>, give: &mut impl FnMut(u16, f32)) {
        if !bearer.country.is_empty() && self.total > 0.0 {
            let mass = self.countries.get(bearer.country).copied().unwrap_or(0.0);
            let regional =
                self.regions.get(&(bearer.country.into(), bearer.admin1.into())).copied().unwrap_or(0.0);
            give(Choice::country_mass.bucket(0), share(mass, self.total));
            give(Choice::region_mass.bucket(0), share(regional, self.total));
            if self.named.contains_key(bearer.country) {
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
            if let Some(near) = self.near {
                give(Choice::near_hint.bucket(0), (1.0 - point.distance_km(near) / 500.0).max(0.0) as f32);
            }
        }
        if self.hinted.iter().any(|c| c == bearer.country) {
            give(Choice::hinted.bucket(0), 1.0);
        }
    }
}

fn share(part: f32, total: f32) -> f32 {
    (part / (total + 1.0)).min(1.0)
}
