//! Exact span scores and accuracy within 161 km.

use std::fmt::Write as _;

use exonym::resolve::{Role, Scratch, Weights};
use exonym::{Annotation, Annotator, Options};

use crate::corpus::{Corpus, Document};
use crate::train::is_right;

/// The head of the table.
pub(crate) const HEADER: &str = "corpus                             gold   sys     P     R    F1  right\n";

#[derive(Default)]
struct Counts {
    gold: usize,
    system: usize,
    hits: usize,
    located: usize,
    right: usize,
}

/// The table of all corpora, with the mean F1.
pub(crate) fn table(corpora: &[Corpus], weights: Option<&str>, errors: usize) -> String {
    let mut out = String::from(HEADER);
    for corpus in corpora {
        out.push_str(&row(corpus, weights, errors));
    }
    out
}

/// One corpus: spans exact; `right` is the share of matched spans with an id or point whose record is the one meant.
pub(crate) fn row(corpus: &Corpus, weights: Option<&str>, errors: usize) -> String {
    let weights = weights.map(Weights::from_table);
    let mut annotator = Annotator::new(exonym_gazetteer::embedded());
    if let Some(weights) = &weights {
        annotator = annotator.weights(weights);
    }
    let mut scratch = Scratch::default();
    let mut found = Vec::new();
    let mut counts = Counts::default();
    let mut examples = String::new();
    let mut left = errors;
    for document in &corpus.documents {
        let mut options = Options::default();
        options.lang.clone_from(&document.lang);
        annotator.annotate_into(&document.text, &options, &mut scratch, &mut found);
        let demonyms = corpus.name.starts_with("trnews") || corpus.name.starts_with("lgl");
        found.retain(|a| {
            a.role == Role::Place || a.role == Role::Metonym || demonyms && a.role == Role::Demonym
        });
        count(document, &found, &mut counts, &mut examples, &mut left);
    }
    let ratio = |a: usize, b: usize| if b == 0 { 0.0 } else { a as f64 / b as f64 };
    let (p, r) = (ratio(counts.hits, counts.system), ratio(counts.hits, counts.gold));
    let f = if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) };
    format!(
        "{examples}{:34} {:5} {:5} {p:.3} {r:.3} {f:.3}  {:.3}\n",
        corpus.name,
        counts.gold,
        counts.system,
        ratio(counts.right, counts.located)
    )
}

fn count(
    document: &Document,
    found: &[Annotation<'_>],
    counts: &mut Counts,
    examples: &mut String,
    left: &mut usize,
) {
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
