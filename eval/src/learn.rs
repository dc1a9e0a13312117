//! Two small learners: L2 logistic regression and a softmax ranker, both by AdaGrad in a fixed order from a fixed seed.

/// One example of the logistic regression.
#[derive(Debug)]
pub(crate) struct Example {
    /// Features that are on.
    pub(crate) features: Vec<u32>,
    /// Whether it is a name.
    pub(crate) label: bool,
    /// How much it counts.
    pub(crate) weight: f32,
}

/// One example of the ranker: alternatives with feature values, and the right one.
#[derive(Debug)]
pub(crate) struct Choice {
    /// The alternatives.
    pub(crate) alternatives: Vec<Vec<(u16, f32)>>,
    /// Which are right.
    pub(crate) right: Vec<bool>,
    /// How much it counts.
    pub(crate) weight: f32,
}

/// Deterministic pseudo-random numbers (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }
}

fn shuffled(n: usize, seed: u64) -> Vec<usize> {
    let mut random = Random(seed);
    let mut order: Vec<usize> = (0..n).collect();
    for i in (1..n).rev() {
        order.swap(i, random.below(i + 1));
    }
    order
}

/// AdaGrad with lazily applied L2 towards what is expected.
struct Optimizer {
    weights: Vec<f32>,
    expected: Vec<f32>,
    squares: Vec<f32>,
    rate: f32,
    decay: f32,
}

impl Optimizer {
    fn new(expected: Vec<f32>, rate: f32, decay: f32) -> Optimizer {
        let n = expected.len();
        Optimizer { weights: expected.clone(), expected, squares: vec![1e-3; n], rate, decay }
    }

    fn step(&mut self, i: usize, gradient: f32) {
        let gradient = gradient + self.decay * (self.weights[i] - self.expected[i]);
        self.squares[i] += gradient * gradient;
        self.weights[i] -= self.rate * gradient / self.squares[i].sqrt();
    }
}

/// Weights of `n` features that tell names from the rest.
pub(crate) fn logistic(examples: &[Example], n: usize, epochs: u64, decay: f32) -> Vec<f32> {
    let mut optimizer = Optimizer::new(vec![0.0; n], 0.1, decay);
    let mut mean = vec![0.0; n];
    for epoch in 0..epochs {
        for i in shuffled(examples.len(), epoch) {
            let example = &examples[i];
            let sum: f32 = example.features.iter().map(|f| optimizer.weights[*f as usize]).sum();
            let error = 1.0 / (1.0 + (-sum).exp()) - f32::from(u8::from(example.label));
            for f in &example.features {
                optimizer.step(*f as usize, error * example.weight);
            }
        }
        if epoch >= epochs / 2 {
            let part = 1.0 / (epochs - epochs / 2) as f32;
            for (m, w) in mean.iter_mut().zip(&optimizer.weights) {
                *m += part * w;
            }
        }
    }
    mean
}

/// Weights that pick the right alternative, near to what is expected of each.
pub(crate) fn softmax(choices: &[Choice], expected: Vec<f32>, epochs: u64, decay: f32) -> Vec<f32> {
    let mut optimizer = Optimizer::new(expected, 0.1, decay);
    let mut shares = Vec::new();
    for epoch in 0..epochs {
        for i in shuffled(choices.len(), epoch) {
            let choice = &choices[i];
            shares.clear();
            shares.extend(
                choice
                    .alternatives
                    .iter()
                    .map(|a| a.iter().map(|(f, v)| v * optimizer.weights[usize::from(*f)]).sum::<f32>()),
            );
            let most = shares.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let total: f32 = shares
                .iter_mut()
                .map(|s| {
                    *s = (*s - most).exp();
                    *s
                })
                .sum();
            let right: f32 =
                shares.iter().zip(&choice.right).filter(|(_, r)| **r).map(|(s, _)| s / total).sum();
            for ((alternative, share), is_right) in choice.alternatives.iter().zip(&shares).zip(&choice.right)
            {
                let share = share / total;
                let target = if *is_right { share / right.max(1e-6) } else { 0.0 };
                for (f, v) in alternative {
                    optimizer.step(usize::from(*f), (share - target) * v * choice.weight);
                }
            }
        }
    }
    optimizer.weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separable_examples_are_separated() {
        let examples: Vec<Example> = (0..200)
            .map(|i| Example { features: vec![0, 1 + i % 2], label: i % 2 == 0, weight: 1.0 })
            .collect();
        let weights = logistic(&examples, 3, 10, 1e-4);
        assert!(weights[1] > 1.0 && weights[2] < -1.0, "{weights:?}");
    }

    #[test]
    fn the_ranker_learns_the_better_value() {
        let choices: Vec<Choice> = (0..100)
            .map(|_| Choice {
                alternatives: vec![vec![(0, 1.0)], vec![(0, 2.0)]],
                right: vec![false, true],
                weight: 1.0,
            })
            .collect();
        assert!(softmax(&choices, vec![0.0], 10, 1e-4)[0] > 1.0);
    }
}
