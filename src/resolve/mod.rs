//! Candidates → one choice, with score and reasons.
//!
//! Every match is weighed twice. First: is it a name at all, or a common word, a person, a part of a bigger name (NIL)? Then:
//! which of its bearers is meant? Both are sums of weighted features (`evidence`); the first goes through a logistic
//! function, the second is shared out among the bearers, and the score is the product. Two passes: what is sure by itself
//! makes the document's context (countries, regions, points), then everything is chosen once more in its light.
//!
//! Time is linear in the text: a match looks at its neighbours, its bearers and a bounded number of sure places.

mod bearers;
mod document;
mod evidence;
mod features;
mod normalize;
#[doc(hidden)]
pub mod observe;
mod score;
pub(crate) mod words;

use std::collections::HashMap;
use std::fmt;

use crate::find::{Match, Scratch as FindScratch};
use crate::gazetteer::{Gazetteer, NameRef, RecordRef};
use crate::record::Point;
use crate::token::inflect::Rule;
use bearers::Bearer;
use document::Context;
use evidence::{Choice, Class, Span, Template};
pub use score::Weights;
use words::{Head, Words};

/// Log-odds against what is all but impossible.
const RULED_OUT: f32 = 20.0;

/// Log-odds against a state that is no more.
const PAST: f32 = 1.5;

/// How a mention is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Role {
    /// The place or state itself.
    #[default]
    Place,
    /// Its people, or what belongs to it (`Armenian`).
    Demonym,
    /// The place stands for its government or another body (`official Baku`).
    Metonym,
    /// The name is part of a bigger name (`Alma-Ata Declaration`).
    Embedded,
    /// An organisation.
    Organization,
    /// A person.
    Person,
    /// A treaty or other document.
    Document,
    /// A war, conference or other event.
    Event,
}

impl Role {
    /// The word used in output.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Place => "place",
            Role::Demonym => "demonym",
            Role::Metonym => "metonym",
            Role::Embedded => "embedded",
            Role::Organization => "organization",
            Role::Person => "person",
            Role::Document => "document",
            Role::Event => "event",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the caller knows or wants, for one call.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// The text's language (BCP 47), if known. Not needed: function words tell most.
    pub lang: Option<String>,
    /// Countries (ISO 3166-1 alpha-2) whose places are preferred.
    pub countries: Vec<String>,
    /// A point near which places are preferred.
    pub near: Option<Point>,
    /// Least probability of being a name for a mention to be given. The default, 0.2, balances both on the development
    /// corpora.
    pub min_score: f32,
    /// Give mentions inside bigger names too, with role `embedded`.
    pub all: bool,
    /// How many runners-up to give with each annotation.
    pub candidates: usize,
    /// Give reasons.
    pub explain: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            lang: None,
            countries: vec![],
            near: None,
            min_score: 0.2,
            all: false,
            candidates: 0,
            explain: false,
        }
    }
}

impl Options {
    fn admits(&self, _record: &RecordRef<'_>) -> bool {
        true
    }

    pub(crate) fn primary_lang(&self) -> Option<String> {
        self.lang.as_deref().map(|l| l.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase())
    }
}

/// A mention resolved: where it stands, which record it means and why.
#[derive(Clone, Debug)]
pub struct Annotation<'g> {
    /// First byte in the text.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
    /// How the mention is used.
    pub role: Role,
    /// Probability that this is a name and means this record.
    pub score: f32,
    /// The record meant.
    pub record: RecordRef<'g>,
    /// The record's name that the text uses.
    pub name: NameRef<'g>,
    /// The inflection rule by which it was found, if any.
    pub rule: Option<&'g Rule>,
    /// The best records with their scores, this one first; only with [`Options::candidates`].
    pub candidates: Vec<Candidate<'g>>,
    /// What spoke for and against it, the weightiest first; only with [`Options::explain`].
    pub reasons: Vec<Reason>,
}

/// A record that may be meant.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'g> {
    /// The record.
    pub record: RecordRef<'g>,
    /// Its name that the text uses.
    pub name: NameRef<'g>,
    /// Probability that it is meant.
    pub score: f32,
}

/// One piece of evidence and its weight: above zero it speaks for, below against.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// The sentence.
    pub text: String,
    /// Its weight, in log-odds.
    pub weight: f32,
}

/// A match under consideration.
#[derive(Clone, Debug)]
struct Mention<'g> {
    found: Match<'g>,
    end: usize,
    /// Its bearers in `Resolution::bearers`.
    bearers: (usize, usize),
    best: usize,
    /// Probability of being a name.
    name: f32,
    kept: bool,
    embedded: Option<Head>,
    kind_word: Option<Head>,
    container: Option<usize>,
}

/// Memory that is used again from one text to the next.
#[derive(Debug, Default)]
pub struct Scratch<'g> {
    pub(crate) find: FindScratch,
    pub(crate) matches: Vec<Match<'g>>,
    bearers: Vec<Bearer<'g>>,
    mentions: Vec<Mention<'g>>,
    features: Vec<u16>,
    shares: Vec<f32>,
}

/// Chooses records for matches; see the module.
#[derive(Clone, Debug)]
pub struct Resolver<'g> {
    gazetteer: &'g Gazetteer,
    words: &'static Words,
    weights: &'g Weights,
}

impl<'g> Resolver<'g> {
    /// A resolver with the weights that come with the library.
    pub fn new(gazetteer: &'g Gazetteer) -> Resolver<'g> {
        Resolver { gazetteer, words: Words::builtin(), weights: Weights::builtin() }
    }

    /// Other weights.
    #[must_use]
    pub fn weights(mut self, weights: &'g Weights) -> Self {
        self.weights = weights;
        self
    }

    pub(crate) fn language(&self, options: &Options, scratch: &Scratch<'_>) -> Option<String> {
        options.primary_lang().or_else(|| self.words.guess_language(&scratch.find.tokens).map(str::to_owned))
    }

    /// Resolve the matches in `scratch`, which a finder has just left there, into `out`.
    pub(crate) fn resolve(
        &self,
        text: &str,
        lang: Option<&str>,
        options: &Options,
        scratch: &mut Scratch<'g>,
        out: &mut Vec<Annotation<'g>>,
    ) {
        out.clear();
        self.weigh(text, lang, options, scratch);
        keep(&mut scratch.mentions, options.min_score);
        let mut context = Context::of(&scratch.mentions, &scratch.bearers, options);
        for round in 0..2 {
            let mut shares = std::mem::take(&mut scratch.shares);
            for i in 0..scratch.mentions.len() {
                if scratch.mentions[i].kept {
                    let mention = &scratch.mentions[i];
                    self.choose(
                        mention,
                        &scratch.mentions,
                        &scratch.bearers,
                        &context,
                        lang,
                        options,
                        &mut shares,
                    );
                    let best = most(&shares);
                    let (from, _) = mention.bearers;
                    if let Some(best) = best {
                        scratch.mentions[i].best = from + best;
                    }
                    if round == 1 {
                        let mention = &scratch.mentions[i];
                        out.push(self.annotation(text, mention, scratch, &shares, &context, lang, options));
                    }
                }
            }
            scratch.shares = shares;
            if round == 0 {
                context = Context::of(&scratch.mentions, &scratch.bearers, options);
            }
        }
        if options.all {
            for mention in scratch.mentions.iter().filter(|m| !m.kept && m.embedded.is_some()) {
                let bearer = scratch.bearers[mention.best];
                let free = !out.iter().any(|a| a.start < mention.end && mention.found.start < a.end);
                if free {
                    out.push(Annotation {
                        start: mention.found.start,
                        end: mention.end,
                        role: Role::Embedded,
                        score: 1.0 - mention.name,
                        record: bearer.record,
                        name: bearer.name,
                        rule: mention.found.rule(),
                        candidates: vec![],
                        reasons: vec![],
                    });
                }
            }
            out.sort_by_key(|a| (a.start, std::cmp::Reverse(a.end)));
        }
    }

    /// First pass: bearers, features and the probability of being a name for every match.
    fn weigh(&self, text: &str, lang: Option<&str>, options: &Options, scratch: &mut Scratch<'g>) {
        let Scratch { find, matches, bearers, mentions, features, .. } = scratch;
        bearers.clear();
        mentions.clear();
        let mut known: HashMap<(u32, &str), (usize, usize, usize)> = HashMap::new();
        for found in matches.iter() {
            let surface = &text[found.start..found.end];
            let point = text[found.end..].starts_with(['.', ')']);
            let seen = known.get(&(found.entry(), surface)).copied().filter(|_| !point);
            let (from, to, end) = match seen {
                Some((from, to, len)) => (from, to, found.start + len),
                None => {
                    let from = bearers.len();
                    let end = bearers::collect(self.gazetteer, found, text, lang, options, bearers);
                    let to = bearers.len();
                    self.prior(&mut bearers[from..to], lang, options);
                    if !point {
                        known.insert((found.entry(), surface), (from, to, end - found.start));
                    }
                    (from, to, end)
                }
            };
            if from == to {
                continue;
            }
            let best = from + most_by(&bearers[from..to], |b| b.prior);
            mentions.push(Mention {
                found: *found,
                end,
                bearers: (from, to),
                best,
                name: 0.0,
                kept: false,
                embedded: None,
                kind_word: None,
                container: None,
            });
        }
        let view = features::View::new(text, &find.tokens, lang, self.words, mentions, bearers);
        let mut verdicts = Vec::with_capacity(mentions.len());
        for i in 0..mentions.len() {
            features.clear();
            let around = view.features(i, features);
            let mut sum: f32 = features.iter().map(|f| self.weights.span(*f)).sum();
            sum += self.weights.words(around.before, around.after, around.name).iter().sum::<f32>();
            sum += unlearned(bearers[mentions[i].best].class, around.is_shouted);
            verdicts.push((score::probability(sum), around.embedded, around.kind_word, around.container));
        }
        for (mention, (name, embedded, kind_word, container)) in mentions.iter_mut().zip(verdicts) {
            (mention.name, mention.container) = (name, container);
            (mention.embedded, mention.kind_word) = (embedded, kind_word);
        }
    }

    /// What speaks for each bearer before the text is looked at, as shares.
    fn prior(&self, bearers: &mut [Bearer<'g>], lang: Option<&str>, options: &Options) {
        let most = bearers.iter().map(|b| b.population).max().unwrap_or(0);
        let total: u64 = bearers.iter().map(|b| b.population).sum();
        for bearer in bearers.iter_mut() {
            let mut sum = 0.0;
            features::choice_prior(bearer, most, total, lang, options, |f, value| {
                sum += value * self.weights.choice(f)
            });
            bearer.prior = sum - doubt(bearer);
        }
        let mut sums: Vec<f32> = bearers.iter().map(|b| b.prior).collect();
        score::softmax(&mut sums);
        for (bearer, share) in bearers.iter_mut().zip(sums) {
            bearer.prior = share;
        }
    }

    /// Second pass: the share of each bearer of one mention.
    #[allow(clippy::too_many_arguments, reason = "one call site; a struct would only rename the arguments")]
    fn choose(
        &self,
        mention: &Mention<'g>,
        mentions: &[Mention<'g>],
        bearers: &[Bearer<'g>],
        context: &Context,
        lang: Option<&str>,
        options: &Options,
        shares: &mut Vec<f32>,
    ) {
        let (from, to) = mention.bearers;
        shares.clear();
        for i in from..to {
            let mut sum = 0.0;
            self.choice_features(mention, mentions, bearers, i, context, lang, options, |f, value| {
                sum += value * self.weights.choice(f);
            });
            shares.push(sum - doubt(&bearers[i]));
        }
        score::softmax(shares);
    }

    #[allow(clippy::too_many_arguments, reason = "as for choose")]
    fn choice_features(
        &self,
        mention: &Mention<'g>,
        mentions: &[Mention<'g>],
        bearers: &[Bearer<'g>],
        i: usize,
        context: &Context,
        lang: Option<&str>,
        options: &Options,
        mut give: impl FnMut(u16, f32),
    ) {
        let (from, to) = mention.bearers;
        let all = &bearers[from..to];
        let most = all.iter().map(|b| b.population).max().unwrap_or(0);
        let total: u64 = all.iter().map(|b| b.population).sum();
        features::choice_prior(&bearers[i], most, total, lang, options, &mut give);
        context.features(&bearers[i], &mut give);
        if let Some(word) = mention.kind_word {
            give(Choice::unit_word.bucket(bearers[i].class.fits(word)), 1.0);
        }
        let container = mention.container.map(|c| &mentions[c]);
        if let Some(container) = container {
            let holds =
                |b: &Bearer<'_>| bearers[container.bearers.0..container.bearers.1].iter().any(|c| c.holds(b));
            if holds(&bearers[i]) {
                give(Choice::container.bucket(0), 1.0);
            } else if all.iter().any(holds) {
                give(Choice::wrong_container.bucket(0), 1.0);
            }
        }
    }

    #[allow(clippy::too_many_arguments, reason = "as for choose")]
    fn annotation(
        &self,
        text: &str,
        mention: &Mention<'g>,
        scratch: &Scratch<'g>,
        shares: &[f32],
        context: &Context,
        lang: Option<&str>,
        options: &Options,
    ) -> Annotation<'g> {
        let (from, _) = mention.bearers;
        let bearer = scratch.bearers[mention.best];
        let mut candidates = Vec::new();
        if options.candidates > 0 {
            candidates.extend(shares.iter().enumerate().map(|(i, share)| {
                let b = &scratch.bearers[from + i];
                Candidate { record: b.record, name: b.name, score: mention.name * share }
            }));
            candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
            candidates.truncate(options.candidates);
        }
        let mut reasons = Vec::new();
        if options.explain {
            self.reasons(text, mention, scratch, context, lang, options, &mut reasons);
        }
        Annotation {
            start: mention.found.start,
            end: mention.end,
            role: role_of(&bearer),
            score: mention.name * shares.get(mention.best - from).copied().unwrap_or(0.0),
            record: bearer.record,
            name: bearer.name,
            rule: mention.found.rule(),
            candidates,
            reasons,
        }
    }

    #[allow(clippy::too_many_arguments, reason = "as for choose")]
    fn reasons(
        &self,
        text: &str,
        mention: &Mention<'g>,
        scratch: &Scratch<'g>,
        context: &Context,
        lang: Option<&str>,
        options: &Options,
        out: &mut Vec<Reason>,
    ) {
        let mut add = |template: Option<(&'static Template, u16)>, weight: f32| {
            if let Some((template, bucket)) = template
                && !template.says.is_empty()
                && weight.abs() >= 0.1
            {
                let noun = Class::from_bucket(bucket % Class::COUNT).noun();
                out.push(Reason { text: template.says.replace("{bucket}", noun), weight });
            }
        };
        let view = features::View::new(
            text,
            &scratch.find.tokens,
            lang,
            self.words,
            &scratch.mentions,
            &scratch.bearers,
        );
        let at = scratch.mentions.iter().position(|m| std::ptr::eq(m, mention)).unwrap_or(0);
        let mut features = Vec::new();
        view.features(at, &mut features);
        for feature in features {
            add(Span::of_number(feature), self.weights.span(feature));
        }
        let bearers = &scratch.bearers;
        self.choice_features(
            mention,
            &scratch.mentions,
            bearers,
            mention.best,
            context,
            lang,
            options,
            |f, value| {
                add(Choice::of_number(f), value * self.weights.choice(f));
            },
        );
        out.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
        out.truncate(8);
        if let Some(rule) = mention.found.rule() {
            out.push(Reason {
                text: format!("the ending -{} ({}) was taken off", rule.affix(), rule.note()),
                weight: 0.0,
            });
        }
    }
}

/// What speaks for names of organisations, persons, documents and events. The corpora mark places alone, so nothing is learned of
/// these; they are curated names, most of several words or in capitals, and mean what they say unless all the text is in
/// capitals and the word a common one.
fn unlearned(class: Class, is_shouted: bool) -> f32 {
    match class {
        Class::Organization | Class::Person | Class::Document | Class::Event if !is_shouted => 4.0,
        _ => 0.0,
    }
}

/// What speaks against a bearer whatever was learned: the unit around a town of the same name (`Kharkiv Oblast` is a name of
/// its own, found as the longer one); and a state of the past against what bears its name today.
fn doubt(bearer: &Bearer<'_>) -> f32 {
    match () {
        () if bearer.twin => RULED_OUT,
        () if bearer.record.to().is_some() => PAST,
        // Written exactly so, an acronym is the organisation before any village.
        () if bearer.exact && role_of(bearer) > Role::Embedded => -2.0 * PAST,
        () => 0.0,
    }
}

fn role_of(bearer: &Bearer<'_>) -> Role {
    match bearer.class {
        Class::Demonym => Role::Demonym,
        Class::Organization => Role::Organization,
        Class::Person => Role::Person,
        Class::Document => Role::Document,
        Class::Event => Role::Event,
        _ => Role::Place,
    }
}

/// Keep the mentions that are names, none sharing text with another: from the left, the longest that is likely enough.
fn keep(mentions: &mut [Mention<'_>], least: f32) {
    let mut free_from = 0;
    for mention in mentions {
        mention.kept = mention.found.start >= free_from && mention.name >= least;
        if mention.kept {
            free_from = mention.end;
        }
    }
}

fn most(shares: &[f32]) -> Option<usize> {
    (0..shares.len()).max_by(|a, b| shares[*a].total_cmp(&shares[*b]).then(b.cmp(a)))
}

fn most_by(bearers: &[Bearer<'_>], value: impl Fn(&Bearer<'_>) -> f32) -> usize {
    (0..bearers.len())
        .max_by(|a, b| value(&bearers[*a]).total_cmp(&value(&bearers[*b])).then(b.cmp(a)))
        .unwrap_or(0)
}
