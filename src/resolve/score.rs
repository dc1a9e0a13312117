//! Evidence → number: weights from `rules/weights.tsv`, and the two functions that turn sums into probabilities.

use std::borrow::Cow;
use std::sync::OnceLock;

use foldhash::HashMap;

use super::evidence::{Choice, Span, Template};
use crate::rules::rows;

/// The weight of every feature.
///
/// The file has three columns: table (`span`, `choice`, `before`, `after`, `name`, `score`), feature (`shape:3`, or a word), weight. What it
/// does not list weighs nothing. `score` has the `slope` and `shift` that make a probability of a score: see [`calibrated`](Weights::calibrated).
#[derive(Clone, Debug)]
pub struct Weights {
    span: Vec<f32>,
    choice: Vec<f32>,
    before: HashMap<Cow<'static, str>, f32>,
    after: HashMap<Cow<'static, str>, f32>,
    name: HashMap<Cow<'static, str>, f32>,
    slope: f32,
    shift: f32,
}

impl Weights {
    /// The weights that come with the library.
    pub fn builtin() -> &'static Weights {
        static BUILTIN: OnceLock<Weights> = OnceLock::new();
        BUILTIN.get_or_init(|| Weights::read(include_str!("../../rules/weights.tsv"), Cow::Borrowed))
    }

    /// Weights from a table like `rules/weights.tsv`; rows that name no feature are passed over.
    pub fn from_table(table: &str) -> Weights {
        Weights::read(table, |word| Cow::Owned(word.to_owned()))
    }

    fn read<'t>(table: &'t str, keep: fn(&'t str) -> Cow<'static, str>) -> Weights {
        // A row has some twenty bytes, and the three lists of words are about as long.
        let words = || HashMap::with_capacity_and_hasher(table.len() / 60, Default::default());
        let mut all = Weights {
            span: vec![0.0; Span::COUNT],
            choice: vec![0.0; Choice::COUNT],
            before: words(),
            after: words(),
            name: words(),
            slope: 1.0,
            shift: 0.0,
        };
        for row in rows(table) {
            let [table, feature, weight, ..] = row[..] else { continue };
            let Ok(weight) = weight.parse::<f32>() else { continue };
            match table {
                "span" => set(&mut all.span, Span::TEMPLATES, feature, weight),
                "choice" => set(&mut all.choice, Choice::TEMPLATES, feature, weight),
                "before" => drop(all.before.insert(keep(feature), weight)),
                "after" => drop(all.after.insert(keep(feature), weight)),
                "name" => drop(all.name.insert(keep(feature), weight)),
                "score" if feature == "slope" => all.slope = weight,
                "score" if feature == "shift" => all.shift = weight,
                _ => {}
            }
        }
        all
    }

    /// How often a mention of such a score is right: name and record are weighed apart, as if neither told of the other, and
    /// texts unlike those of the training are less sure.
    pub fn calibrated(&self, score: f32) -> f32 {
        probability(self.slope * log_odds(score) + self.shift)
    }

    #[inline]
    pub(crate) fn span(&self, feature: u16) -> f32 {
        self.span.get(usize::from(feature)).copied().unwrap_or(0.0)
    }

    #[inline]
    pub(crate) fn choice(&self, feature: u16) -> f32 {
        self.choice.get(usize::from(feature)).copied().unwrap_or(0.0)
    }

    /// The weights of the words before, after and inside a match of one word.
    pub(crate) fn words(&self, before: &str, after: &str, name: &str) -> [f32; 3] {
        let of =
            |table: &HashMap<Cow<'static, str>, f32>, word: &str| table.get(word).copied().unwrap_or(0.0);
        [of(&self.before, before), of(&self.after, after), of(&self.name, name)]
    }
}

fn set(weights: &mut [f32], templates: &[Template], feature: &str, weight: f32) {
    let Some((name, bucket)) = feature.split_once(':') else { return };
    let mut offset = 0;
    for template in templates {
        if template.name == name {
            if let Ok(bucket) = bucket.parse::<u16>()
                && bucket < template.buckets
            {
                weights[usize::from(offset + bucket)] = weight;
            }
            return;
        }
        offset += template.buckets;
    }
}

/// The logistic function.
pub(crate) fn probability(sum: f32) -> f32 {
    1.0 / (1.0 + (-sum).exp())
}

/// Its inverse.
pub(crate) fn log_odds(probability: f32) -> f32 {
    (probability / (1.0 - probability)).ln()
}

/// Sums → shares that sum to 1.
pub(crate) fn softmax(sums: &mut [f32]) {
    let most = sums.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut total = 0.0;
    for sum in sums.iter_mut() {
        *sum = (*sum - most).exp();
        total += *sum;
    }
    for sum in sums {
        *sum /= total;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_sets_what_it_names() {
        let weights = Weights::from_table(
            "table\tfeature\tweight\nspan\tshape:3\t1.5\nspan\tnothing:1\t9\nbefore\tin\t0.5\n",
        );
        assert_eq!(weights.span(Span::shape.bucket(3)), 1.5);
        assert_eq!(weights.words("in", "in", "in"), [0.5, 0.0, 0.0]);
    }

    #[test]
    fn scores_keep_their_order() {
        let weights = Weights::from_table("table\tfeature\tweight\nscore\tslope\t0.6\nscore\tshift\t0.4\n");
        let [low, middle, high] = [0.0, 0.5, 1.0].map(|score| weights.calibrated(score));
        assert!(low == 0.0 && low < middle && middle < high && high == 1.0, "{low} {middle} {high}");
        assert!((Weights::from_table("").calibrated(0.3) - 0.3).abs() < 1e-6);
    }

    #[test]
    fn shares_sum_to_one() {
        let mut shares = [1.0, 2.0, 1000.0];
        softmax(&mut shares);
        assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }
}
