//! What the sure mentions of a document say of the rest: the countries and regions it is about, and where it plays.

use foldhash::HashMap;

use crate::record::{EARTH_KM, OnSphere};

use super::bearers::Bearer;
use super::evidence::{Choice, Class};
use super::{Mention, Options};

/// Most sure places kept for distances, so that work per mention is bounded.
const MOST_POINTS: usize = 48;

/// A day's ride, in kilometres.
const RIDE: f64 = 150.0;

/// The document as its sure mentions show it, in memory that is used again from one text to the next.
#[derive(Debug, Default)]
pub(crate) struct Context<'g> {
    /// How much each country is spoken of.
    countries: HashMap<&'g str, f32>,
    regions: HashMap<(&'g str, &'g str), f32>,
    /// How many different records of it name each country or its people.
    named: HashMap<&'g str, u32>,
    total: f32,
    points: Vec<(u32, OnSphere)>,
    /// By key entry, the record that a unit named behind one of its mentions tells.
    told: HashMap<u32, u32>,
    /// What each bearer that is the best of a kept mention adds.
    weights: Vec<f32>,
    /// How sure each is, of all that its name may mean.
    shares: Vec<f32>,
}

impl<'g> Context<'g> {
    /// Read the context that the kept mentions make.
    pub(crate) fn read(&mut self, mentions: &[Mention<'g>], bearers: &[Bearer<'g>]) {
        self.countries.clear();
        self.regions.clear();
        self.named.clear();
        self.points.clear();
        self.told.clear();
        self.total = 0.0;
        self.weights.clear();
        self.weights.resize(bearers.len(), 0.0);
        self.shares.clear();
        self.shares.resize(bearers.len(), 0.0);
        for mention in mentions.iter().filter(|m| m.kept) {
            self.weights[mention.best] += 1.0;
            self.shares[mention.best] = self.shares[mention.best].max(mention.share);
            if let Some(container) = mention.verdict.container.map(|c| &mentions[c.mention]) {
                let containers = &bearers[container.bearers.0..container.bearers.1];
                let all = bearers[mention.bearers.0..mention.bearers.1].iter();
                let told = all
                    .map(|b| (held(b, containers), b))
                    .max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.prior.total_cmp(&b.1.prior)));
                if let Some((by, bearer)) = told
                    && by > 0.5
                {
                    self.told.entry(mention.found.entry()).or_insert(bearer.record.index());
                }
            }
        }
        for ((bearer, weight), share) in bearers.iter().zip(&mut self.weights).zip(&self.shares) {
            if *weight == 0.0 || bearer.country.is_empty() {
                *weight = 0.0;
                continue;
            }
            // One name counts once for each time it stands there, but less and less.
            *weight = weight.sqrt() * share.max(0.2);
            let weight = *weight;
            *self.countries.entry(bearer.country).or_default() += weight;
            self.total += weight;
            if names_country(bearer) {
                *self.named.entry(bearer.country).or_default() += 1;
            } else if !bearer.admin1.is_empty() {
                *self.regions.entry((bearer.country, bearer.admin1)).or_default() += weight;
            }
            if let Some(point) = bearer.on_sphere
                && *share > 0.5
                && !matches!(bearer.class, Class::Country | Class::Continent | Class::Sea | Class::Demonym)
                && self.points.len() < MOST_POINTS
            {
                self.points.push((bearer.record.index(), point));
            }
        }
    }

    /// The record that is told for a name by a unit behind one of its mentions.
    pub(crate) fn told(&self, entry: u32) -> Option<u32> {
        self.told.get(&entry).copied()
    }

    /// What the rest of the document says of one bearer of a mention, whose best one is `own`: what that one added is taken
    /// off, lest a mention speak for itself.
    pub(crate) fn features(
        &self,
        bearer: &Bearer<'g>,
        own: (usize, &Bearer<'g>),
        options: &Options,
        give: &mut impl FnMut(u16, f32),
    ) {
        let (own_index, own) = own;
        let own_weight = self.weights[own_index];
        let total = self.total - own_weight;
        if !bearer.country.is_empty() && total > 0.0 {
            let same_country = own_weight > 0.0 && own.country == bearer.country;
            let own_names = same_country && names_country(own);
            let less = |same: bool| if same { own_weight } else { 0.0 };
            let mass = self.countries.get(bearer.country).copied().unwrap_or(0.0) - less(same_country);
            let same_region = same_country && !own_names && own.admin1 == bearer.admin1;
            let region = self.regions.get(&(bearer.country, bearer.admin1)).copied().unwrap_or(0.0);
            give(Choice::country_mass.bucket(0), share(mass, total));
            give(Choice::region_mass.bucket(0), share(region - less(same_region), total));
            let named = self.named.get(bearer.country).copied().unwrap_or(0);
            if named > u32::from(own_names) {
                let country = matches!(bearer.class, Class::Country | Class::Dependency);
                let feature = if country { Choice::is_named_country } else { Choice::country_named };
                give(feature.bucket(0), 1.0);
            }
        }
        if let (Some(at), Some(point)) = (bearer.on_sphere, bearer.point)
            && !matches!(bearer.class, Class::Country | Class::Continent)
        {
            // What a mention is taken for says nothing for itself.
            let itself = [bearer.record.index(), own.record.index()];
            let ride = (RIDE / EARTH_KM).powi(2);
            let (mut nearest, mut others, mut around) = (f64::INFINITY, 0_u16, 0_u16);
            for (_, other) in self.points.iter().filter(|(index, _)| !itself.contains(index)) {
                let chord = at.squared_chord(*other);
                nearest = nearest.min(chord);
                others += 1;
                around += u16::from(chord < ride);
            }
            give(Choice::around.bucket(0), share(f32::from(around), f32::from(others)));
            let nearest = if nearest.is_finite() { OnSphere::km(nearest) } else { nearest };
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

/// How likely it is that a bearer lies in what a name behind it means, as a share of one.
pub(crate) fn held(bearer: &Bearer<'_>, containers: &[Bearer<'_>]) -> f32 {
    let by: f32 = containers.iter().filter(|c| c.holds(bearer)).map(|c| c.prior).sum();
    // Half of the readings is as good as all: the town tells which.
    (2.0 * by).min(1.0)
}

/// Whether a mention of it names its country rather than a place there.
fn names_country(bearer: &Bearer<'_>) -> bool {
    matches!(bearer.class, Class::Country | Class::Dependency | Class::Demonym)
}

fn share(part: f32, total: f32) -> f32 {
    (part / (total + 1.0)).clamp(0.0, 1.0)
}
