//! Corpora → weights.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use exonym::gazetteer::RecordRef;
use exonym::record::Point;
use exonym::resolve::observe::{CHOICE_FEATURES, Observation, SPAN_FEATURES, choice_name, span_name};
use exonym::resolve::{Scratch, Weights};
use exonym::{Annotator, Options};

use crate::corpus::{Case, Corpus, Document, Gold};
use crate::learn::{Choice, Example, logistic, softmax};
use crate::score;

/// A word beside names is learned if it stands there this often.
const LEAST: u32 = 12;
/// Weights nearer to zero than this are not written.
const NEGLIGIBLE: f32 = 0.02;
/// Distance within which a record is the place meant, in kilometres.
const NEAR: f64 = 161.0;

/// What a reader expects of evidence that the corpora have too little of: `London, Ky.` is hardly ever the other London.
const EXPECTED: [(&str, f32); 8] = [
    ("population:0", 1.0),
    ("container:0", 3.0),
    ("container:1", 2.0),
    ("wrong_container:0", -3.0),
    ("wrong_container:1", -1.0),
    ("told:0", 4.0),
    ("around:0", 1.0),
    ("beside_city:0", -2.0),
];

/// Slope and shift of the log-odds of scores: what leaves the least mean error in the table of `exonym-eval calibrate`.
pub(crate) const CALIBRATION: (f64, f64) = (0.64, 0.38);

/// Learn all weights: spans, then choices in the context that the true spans make.
pub(crate) fn learn_all(corpora: &[&Corpus]) -> String {
    let mut table = String::from("table\tfeature\tweight\nchoice\tpopulation:0\t2.0\n");
    // The first round's choices make the second round's best bearers.
    for _ in 0..2 {
        table = round(corpora, &table);
    }
    format!("# Learned by `cargo run --release -p exonym-eval -- train`; see docs/accuracy.md.\n{table}")
}

fn round(corpora: &[&Corpus], before: &str) -> String {
    let weights = Weights::from_table(before);
    let annotator = Annotator::new(exonym_gazetteer::embedded()).weights(&weights);
    let mut seen = Vec::new();
    let mut choices = Vec::new();
    for corpus in corpora {
        let from = seen.len();
        observe(&corpus.documents, &corpus.name, 1.0, &annotator, &mut seen, &mut choices);
        // Headlines, datelines and chat: some texts in capitals, with names in capitals, in small letters.
        let some =
            |n: usize, case| corpus.documents.iter().step_by(n).map(|d| d.recased(case)).collect::<Vec<_>>();
        let mut none = Vec::new();
        observe(&some(8, Case::Upper), &corpus.name, 0.5, &annotator, &mut seen, &mut none);
        observe(&some(12, Case::Names), &corpus.name, 0.5, &annotator, &mut seen, &mut none);
        observe(&some(16, Case::Lower), &corpus.name, 0.5, &annotator, &mut seen, &mut none);
        // Texts come without a language too; short ones do not show it.
        let unlabelled: Vec<Document> =
            corpus.documents.iter().step_by(4).map(Document::without_language).collect();
        observe(&unlabelled, &corpus.name, 0.5, &annotator, &mut seen, &mut choices);
        // A large corpus counts for more than a small one, but not by its size.
        let scale = corpus_weight(corpus, seen.len() - from);
        for example in &mut seen[from..] {
            example.weight *= scale;
        }
    }
    let mut counts: HashMap<(&str, &str), u32> = HashMap::new();
    for s in &seen {
        for word in s.words() {
            *counts.entry(word).or_default() += 1;
        }
    }
    let mut words: Vec<(&str, &str)> =
        counts.into_iter().filter(|(w, n)| *n >= LEAST && !w.1.is_empty()).map(|(w, _)| w).collect();
    words.sort_unstable();
    let number: HashMap<(&str, &str), u32> =
        words.iter().enumerate().map(|(i, w)| (*w, (SPAN_FEATURES + i) as u32)).collect();
    let examples: Vec<Example> = seen
        .iter()
        .map(|s| {
            let mut features: Vec<u32> = s.span.iter().map(|f| u32::from(*f)).collect();
            features.extend(s.words().iter().filter_map(|w| number.get(w)));
            Example { features, label: s.label, weight: s.weight }
        })
        .collect();
    let span = logistic(&examples, SPAN_FEATURES + words.len(), 12, 2e-5);
    let expected = (0..CHOICE_FEATURES)
        .map(|i| EXPECTED.iter().find(|(name, _)| *name == choice_name(i as u16)).map_or(0.0, |(_, w)| *w))
        .collect();
    let choice = softmax(&choices, expected, 12, 1e-4);
    let (slope, shift) = CALIBRATION;
    let mut table = format!("table\tfeature\tweight\nscore\tslope\t{slope}\nscore\tshift\t{shift}\n");
    let mut row = |table_name: &str, feature: &str, weight: f32| {
        if weight.abs() >= NEGLIGIBLE {
            let _ = writeln!(table, "{table_name}\t{feature}\t{weight:.3}");
        }
    };
    for (i, weight) in span[..SPAN_FEATURES].iter().enumerate() {
        row("span", &span_name(i as u16), *weight);
    }
    for (i, weight) in choice.iter().enumerate() {
        row("choice", &choice_name(i as u16), *weight);
    }
    for (i, (table, word)) in words.iter().enumerate() {
        row(table, word, span[SPAN_FEATURES + i]);
    }
    table
}

/// A match with its label.
struct Seen {
    span: Vec<u16>,
    before: String,
    after: String,
    name: String,
    label: bool,
    weight: f32,
}

impl Seen {
    /// Its words, each with the table its weight goes to.
    fn words(&self) -> [(&'static str, &str); 3] {
        [("before", &self.before), ("after", &self.after), ("name", &self.name)]
    }
}

fn corpus_weight(corpus: &Corpus, examples: usize) -> f32 {
    let automatic = corpus.name.starts_with("silver");
    let base = (3000.0 / (examples.max(1) as f32)).sqrt().min(2.0);
    if automatic { base * 0.3 } else { base }
}

fn observe(
    documents: &[Document],
    corpus: &str,
    weight: f32,
    annotator: &Annotator<'_>,
    seen: &mut Vec<Seen>,
    choices: &mut Vec<Choice>,
) {
    let mut scratch = Scratch::default();
    let demonyms_count = corpus.starts_with("trnews");
    for document in documents {
        // Corpora differ in whether endings set off by an apostrophe and attached prepositions are marked; a gold span holds for
        // the name in it either way.
        let gold_of = |span: (usize, usize), word: (usize, usize)| {
            let at = |span| document.gold.iter().find(|g| g.span == span);
            at(span).or_else(|| at(word))
        };
        let truth = |span, word| gold_of(span, word).is_some();
        let mut options = Options::default();
        options.lang.clone_from(&document.lang);
        for observation in annotator.observe(&document.text, &options, &mut scratch, Some(&truth)) {
            let span = (observation.start, observation.end);
            let gold = gold_of(span, observation.word);
            if let Some(gold) = gold {
                choices.extend(choice(&observation, gold));
            }
            let label = match gold {
                Some(gold) if gold.optional => continue,
                Some(_) => true,
                None if observation.is_demonym && demonyms_count => false,
                // Whether demonyms are marked differs by corpus; where they are, they stand among the others.
                None if observation.is_demonym => {
                    if document.other.binary_search(&span).is_err() {
                        continue;
                    }
                    true
                }
                None if !observation.is_place => continue,
                None => false,
            };
            seen.push(Seen {
                span: observation.span,
                before: observation.before,
                after: observation.after,
                name: observation.name,
                label,
                weight,
            });
        }
    }
}

/// The choice that a gold span with an id or a point asks for.
fn choice(observation: &Observation<'_>, gold: &Gold) -> Option<Choice> {
    if observation.bearers.len() < 2 {
        return None;
    }
    // Where one of them has the very id, nearness is not enough.
    let same: Vec<bool> = observation.bearers.iter().map(|(record, _)| has_id(*record, gold)).collect();
    let right = if same.contains(&true) {
        same
    } else {
        observation.bearers.iter().map(|(record, _)| is_right(*record, gold)).collect()
    };
    if !right.contains(&true) || !right.contains(&false) {
        return None;
    }
    let alternatives = observation.bearers.iter().map(|(_, features)| features.clone()).collect();
    Some(Choice { alternatives, right, weight: 1.0 })
}

/// Whether a record is the one meant: the same id where both have one of the scheme, else within reach.
pub(crate) fn is_right(record: RecordRef<'_>, gold: &Gold) -> bool {
    has_id(record, gold) || is_near(record, gold)
}

/// Whether a record is within reach of the place meant.
pub(crate) fn is_near(record: RecordRef<'_>, gold: &Gold) -> bool {
    match (gold.point.and_then(|(lat, lon)| Point::new(lat, lon).ok()), record.point()) {
        (Some(gold), Some(point)) => gold.distance_km(point) <= NEAR,
        _ => false,
    }
}

fn has_id(record: RecordRef<'_>, gold: &Gold) -> bool {
    gold.ids.iter().any(|id| record.id() == **id || record.same_as().any(|other| other == **id))
}

/// Train without each group of corpora in turn: for each, the corpora to test and weights learned from the others.
pub(crate) fn left_out<'c>(
    corpora: &'c [Corpus],
    only: &[String],
) -> impl Iterator<Item = (Vec<&'c Corpus>, String)> {
    let mut groups: BTreeMap<String, Vec<&Corpus>> = BTreeMap::new();
    for corpus in corpora {
        if only.is_empty() || only.iter().any(|o| corpus.name.starts_with(o.as_str())) {
            groups.entry(group(&corpus.name)).or_default().push(corpus);
        }
    }
    groups.into_iter().map(|(name, tested)| {
        let rest: Vec<&Corpus> = corpora.iter().filter(|c| group(&c.name) != name).collect();
        (tested, learn_all(&rest))
    })
}

/// Train without each corpus (and its silver or sister corpora of the same name) and score it.
pub(crate) fn cross(corpora: &[Corpus], only: &[String]) -> String {
    let mut out = String::from(score::HEADER);
    for (tested, table) in left_out(corpora, only) {
        for corpus in tested {
            out.push_str(&score::row(corpus, Some(&table), 0));
        }
    }
    out
}

/// Corpora that share texts or annotators are left out together.
fn group(name: &str) -> String {
    let parts: Vec<&str> = name.split('_').collect();
    match parts[..] {
        ["ner" | "silver" | "nel", lang, ..] => format!("lang-{lang}"),
        _ => name.to_owned(),
    }
}
