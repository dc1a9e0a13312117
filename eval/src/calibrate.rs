//! Are scores probabilities, and what does each least score give?

use std::fmt::Write as _;

use exonym::Options;
use exonym::resolve::Weights;

use crate::corpus::Corpus;
use crate::score::{annotate, f1, ratio};
use crate::train::{CALIBRATION, is_right, left_out};

const BINS: usize = 10;

/// Least scores that are tried.
const LEAST: [f32; 9] = [0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8];

/// Mentions of about one score.
#[derive(Clone, Copy, Default)]
struct Bin {
    mentions: f64,
    scores: f64,
    right: f64,
}

/// Spans given with one least score, and those that are right.
#[derive(Clone, Copy, Default)]
struct Spans {
    given: usize,
    right: usize,
}

/// Two tables. The mean error is that of the bins, each counted by its mentions.
pub(crate) fn table(corpora: &[Corpus], only: &[String]) -> String {
    let mut bins = [Bin::default(); BINS];
    let mut spans = [Spans::default(); LEAST.len()];
    let mut all = Vec::new();
    let mut gold = 0;
    for (tested, weights) in left_out(corpora, only) {
        let weights = Weights::from_table(&weights);
        for corpus in tested {
            gold += corpus.documents.iter().flat_map(|d| &d.gold).filter(|g| !g.optional).count();
            for (least, spans) in LEAST.into_iter().zip(&mut spans) {
                let of_default = (least - Options::default().min_score).abs() < f32::EPSILON;
                read(corpus, &weights, least, spans, of_default.then_some(&mut all));
            }
        }
    }
    for (score, is_right) in &all {
        let bin = &mut bins[((score * BINS as f64) as usize).min(BINS - 1)];
        bin.mentions += 1.0;
        bin.scores += score;
        bin.right += f64::from(u8::from(*is_right));
    }
    let mut out = String::from("score      mentions   mean  right\n");
    let mut off = 0.0;
    for (i, bin) in bins.iter().enumerate().filter(|(_, bin)| bin.mentions > 0.0) {
        let (mean, right) = (bin.scores / bin.mentions, bin.right / bin.mentions);
        let (from, to) = (i as f64 / BINS as f64, (i + 1) as f64 / BINS as f64);
        let _ = writeln!(out, "{from:.1} - {to:.1}  {:8}  {mean:.3}  {right:.3}", bin.mentions);
        off += (mean - right).abs() * bin.mentions;
    }
    let (slope, shift) = fit(&all);
    let _ = writeln!(
        out,
        "mean error {:.3}; best slope {slope:.2}, shift {shift:.2}",
        off / all.len().max(1) as f64
    );
    out.push_str("\nleast score    P      R      F1\n");
    for (least, spans) in LEAST.into_iter().zip(spans) {
        let (p, r) = (ratio(spans.right, spans.given), ratio(spans.right, gold));
        let _ = writeln!(out, "{least:.2}         {p:.3}  {r:.3}  {:.3}", f1(p, r));
    }
    out
}

/// The slope and shift of the log-odds, as they were before calibration, that make the scores most likely: Platt's scaling, by Newton's
/// method.
fn fit(scores: &[(f64, bool)]) -> (f64, f64) {
    let (mut a, mut b) = CALIBRATION;
    let raw = |score: f64| {
        let score = score.clamp(1e-6, 1.0 - 1e-6);
        ((score / (1.0 - score)).ln() - CALIBRATION.1) / CALIBRATION.0
    };
    for _ in 0..20 {
        let (mut ga, mut gb, mut aa, mut ab, mut bb) = (0.0, 0.0, 1e-9, 0.0, 1e-9);
        for (score, is_right) in scores {
            let x = raw(*score);
            let p = 1.0 / (1.0 + (-(a * x + b)).exp());
            let (error, weight) = (p - f64::from(u8::from(*is_right)), p * (1.0 - p));
            (ga, gb) = (ga + error * x, gb + error);
            (aa, ab, bb) = (aa + weight * x * x, ab + weight * x, bb + weight);
        }
        let determinant = aa * bb - ab * ab;
        a -= (bb * ga - ab * gb) / determinant;
        b -= (aa * gb - ab * ga) / determinant;
    }
    (a, b)
}

fn read(
    corpus: &Corpus,
    weights: &Weights,
    least: f32,
    spans: &mut Spans,
    mut scores: Option<&mut Vec<(f64, bool)>>,
) {
    let mut options = Options::default();
    options.min_score = least;
    annotate(corpus, weights, &options, |document, found| {
        for annotation in found {
            let gold = document.gold.iter().find(|g| g.span == (annotation.start, annotation.end));
            if gold.is_some_and(|g| g.optional) {
                continue;
            }
            spans.given += 1;
            spans.right += usize::from(gold.is_some());
            // What has neither point nor id cannot be told right or wrong.
            if let Some(scores) = scores.as_deref_mut()
                && gold.is_none_or(|g| g.point.is_some() || !g.ids.is_empty())
            {
                let is_right = gold.is_some_and(|g| is_right(annotation.record, g));
                scores.push((f64::from(annotation.score), is_right));
            }
        }
    });
}
