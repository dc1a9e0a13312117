//! Exact span scores and accuracy within 161 km.

use std::fmt::Write as _;

use exonym::resolve::{Role, Scratch, Weights};
use exonym::{Annotation, Annotator, Options};

use crate::corpus::{Corpus, Document, Gold};
use crate::train::{is_near, is_right};

/// The head of the table.
pub(crate) const HEADER: &str =
    "corpus                             gold   sys     P     R    F1  right   e2e\n";

#[derive(Default)]
struct Counts {
    gold: usize,
    system: usize,
    hits: usize,
    located: usize,
    right: usize,
    /// Gold spans with a point; annotations with one that stand for such a span or for none; those within reach.
    points: usize,
    pointed: usize,
    reached: usize,
}

impl Counts {
    fn row(&self, name: &str) -> String {
        let (p, r) = (ratio(self.hits, self.system), ratio(self.hits, self.gold));
        let end_to_end = f1(ratio(self.reached, self.points), ratio(self.reached, self.pointed));
        format!(
            "{name:34} {:5} {:5} {p:.3} {r:.3} {:.3}  {:.3} {end_to_end:.3}\n",
            self.gold,
            self.system,
            f1(p, r),
            ratio(self.right, self.located)
        )
    }
}

pub(crate) fn ratio(a: usize, b: usize) -> f64 {
    if b == 0 { 0.0 } else { a as f64 / b as f64 }
}

/// The harmonic mean of precision and recall.
pub(crate) fn f1(p: f64, r: f64) -> f64 {
    if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) }
}

/// The table of all corpora, with the mean F1.
pub(crate) fn table(corpora: &[Corpus], weights: Option<&str>, errors: usize) -> String {
    let mut out = String::from(HEADER);
    for corpus in corpora {
        out.push_str(&row(corpus, weights, errors));
    }
    out
}

/// One corpus: spans exact; `right` is the share of matched spans with an id or point whose record is the one meant; `e2e` is F1 of
/// spans that share a character and a place within 161 km, over those that have a point.
pub(crate) fn row(corpus: &Corpus, weights: Option<&str>, errors: usize) -> String {
    let learned = weights.map(Weights::from_table);
    let weights = learned.as_ref().unwrap_or_else(|| Weights::builtin());
    let mut counts = Counts::default();
    let mut examples = String::new();
    let mut left = errors;
    annotate(corpus, weights, &Options::default(), |document, found| {
        count(document, found, &mut counts, &mut examples, &mut left);
    });
    examples + &counts.row(&corpus.name)
}

/// Annotate each document of a corpus in its language; gives those annotations that the corpus marks.
pub(crate) fn annotate(
    corpus: &Corpus,
    weights: &Weights,
    options: &Options,
    mut each: impl FnMut(&Document, &[Annotation<'_>]),
) {
    let annotator = Annotator::new(exonym_gazetteer::embedded()).weights(weights);
    let (mut scratch, mut found) = (Scratch::default(), Vec::new());
    let mut options = options.clone();
    for document in &corpus.documents {
        options.lang.clone_from(&document.lang);
        annotator.annotate_into(&document.text, &options, &mut scratch, &mut found);
        found.retain(|a| is_counted(a, corpus));
        each(document, &found);
    }
}

/// Whether a corpus marks mentions of that role.
fn is_counted(annotation: &Annotation<'_>, corpus: &Corpus) -> bool {
    let demonyms = corpus.name.starts_with("trnews") || corpus.name.starts_with("lgl");
    match annotation.role {
        Role::Place | Role::Metonym => true,
        Role::Demonym => demonyms,
        _ => false,
    }
}

fn count(
    document: &Document,
    found: &[Annotation<'_>],
    counts: &mut Counts,
    examples: &mut String,
    left: &mut usize,
) {
    end_to_end(document, found, counts);
    counts.gold += document.gold.iter().filter(|g| !g.optional).count();
    for annotation in found {
        let span = (annotation.start, annotation.end);
        match document.gold.iter().find(|g| g.span == span) {
            Some(gold) if gold.optional => {}
            Some(gold) => {
                counts.system += 1;
                counts.hits += 1;
                if gold.point.is_some() || !gold.ids.is_empty() {
                    counts.located += 1;
                    let right = is_right(annotation.record, gold);
                    counts.right += usize::from(right);
                    if !right {
                        example(document, span, &format!("WRONG {}", annotation.record.id()), examples, left);
                    }
                }
            }
            None => {
                counts.system += 1;
                example(document, span, "FALSE", examples, left);
            }
        }
    }
    for gold in document.gold.iter().filter(|g| !g.optional) {
        if !found.iter().any(|a| (a.start, a.end) == gold.span) {
            example(document, gold.span, "MISSED", examples, left);
        }
    }
}

/// Each annotation beside the first gold span that it shares a character with and no other has.
fn end_to_end(document: &Document, found: &[Annotation<'_>], counts: &mut Counts) {
    let gold = &document.gold;
    counts.points += gold.iter().filter(|g| !g.optional && g.point.is_some()).count();
    let mut taken = vec![false; gold.len()];
    for annotation in found {
        let shares = |g: &Gold| g.span.0 < annotation.end && annotation.start < g.span.1;
        let same = |g: &Gold| g.span == (annotation.start, annotation.end);
        let at = (0..gold.len())
            .find(|i| !taken[*i] && same(&gold[*i]))
            .or_else(|| (0..gold.len()).find(|i| !taken[*i] && shares(&gold[*i])));
        if let Some(at) = at {
            taken[at] = true;
        }
        let gold = at.map(|at| &gold[at]);
        if gold.is_some_and(|g| g.optional || g.point.is_none()) || annotation.record.point().is_none() {
            continue;
        }
        counts.pointed += 1;
        counts.reached += usize::from(gold.is_some_and(|g| is_near(annotation.record, g)));
    }
}

fn example(document: &Document, span: (usize, usize), what: &str, examples: &mut String, left: &mut usize) {
    if *left == 0 {
        return;
    }
    *left -= 1;
    let text = &document.text;
    let edge = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let (from, to) = (edge(span.0.saturating_sub(40)), edge((span.1 + 40).min(text.len())));
    let around =
        format!("{}⟦{}⟧{}", &text[from..span.0], &text[span.0..span.1], &text[span.1..to]).replace('\n', "⏎");
    let _ = writeln!(examples, "  {what:20} {around}");
}
