//! Candidates → one choice, with score and reasons.
//!
//! Every match is weighed twice. First: is it a name at all, or a common word, a person, a part of a bigger name (NIL)? Then:
//! which of its bearers is meant? Both are sums of weighted features (`evidence`); the first goes through a logistic
//! function, the second is shared out among the bearers, and the score is the product. Two passes: what is sure by itself
//! makes the document's context (countries, regions, points), then everything is chosen once more in its light.
//!
//! Time is linear in the text: a match looks at its neighbours, its bearers and a bounded number of sure places.

mod annotation;
mod bearers;
mod by_hand;
mod document;
mod evidence;
mod features;
mod learned;
mod normalize;
#[doc(hidden)]
pub mod observe;
mod options;
mod score;
mod stock;
pub(crate) mod words;

use std::borrow::Cow;

use foldhash::{HashMap, HashSet};

use crate::find::{Match, Scratch as FindScratch};
use crate::fold::punctuation;
use crate::gazetteer::Gazetteer;
use crate::gazetteer::filter::hash;
pub use annotation::{Annotation, Candidate, Reason, Role};
use bearers::{Bearer, Rivals};
use by_hand::{AGAIN, BEGINS, EMBEDDED, INVALID, OTHER_NAME, SURE, VALID, doubt, unlearned};
use document::{Context, held};
use evidence::{Choice, Class, Span, Template};
pub use options::Options;
pub use score::Weights;
use words::{Head, Words};

/// A match under consideration.
#[derive(Clone, Debug)]
struct Mention<'g> {
    found: Match<'g>,
    /// First byte, and byte after the last one, of the name with its own punctuation.
    span: (usize, usize),
    /// Its bearers in `Resolution::bearers`.
    bearers: (usize, usize),
    best: usize,
    /// The share of the best of them.
    share: f32,
    kept: bool,
    verdict: Verdict,
}

/// What the first pass says of a mention.
#[derive(Clone, Copy, Debug, Default)]
struct Verdict {
    /// Probability of being a name.
    name: f32,
    /// What the bigger name is that it is part of, as a word of that shows.
    embedded: Option<Head>,
    /// A word beside it for a kind of place.
    kind_word: Option<Head>,
    /// The mention behind it of the unit it lies in.
    container: Option<features::Container>,
}

/// Memory that is used again from one text to the next.
#[derive(Debug, Default)]
pub struct Scratch<'g> {
    pub(crate) find: FindScratch,
    pub(crate) matches: Vec<Match<'g>>,
    bearers: Vec<Bearer<'g>>,
    /// Bearers already collected, by key entry and the hash of what the text writes: their range.
    known: HashMap<(u32, u64), (usize, usize)>,
    stock: stock::Stock<'g>,
    mentions: Vec<Mention<'g>>,
    /// Key entries that are surely names somewhere in the text.
    sure: HashSet<u32>,
    verdicts: Vec<Verdict>,
    context: Context<'g>,
    view: features::Room,
    learned: learned::Room,
    features: Vec<u16>,
    shares: Vec<f32>,
}

/// A document in its second pass.
struct Document<'d, 'g> {
    options: &'d Options,
    mentions: &'d [Mention<'g>],
    bearers: &'d [Bearer<'g>],
    context: &'d Context<'g>,
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

    /// The language of a text: the one given, or the one its words show.
    pub(crate) fn language<'o>(&self, options: &'o Options, scratch: &Scratch<'_>) -> Option<Cow<'o, str>> {
        options.primary_lang().or_else(|| self.words.guess_language(&scratch.find.tokens).map(Cow::Borrowed))
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
        say_again(&mut scratch.mentions, &mut scratch.sure);
        keep(&mut scratch.mentions, options.min_score);
        for is_last in [false, true] {
            scratch.context.read(&scratch.mentions, &scratch.bearers);
            for i in 0..scratch.mentions.len() {
                if !scratch.mentions[i].kept {
                    continue;
                }
                let mut shares = std::mem::take(&mut scratch.shares);
                let document = Document::new(options, scratch);
                self.choose(&document, &document.mentions[i], &mut shares);
                let from = scratch.mentions[i].bearers.0;
                let best = most_by(&shares, |share| *share);
                scratch.mentions[i].best = from + best;
                scratch.mentions[i].share = shares[best];
                if is_last {
                    out.push(self.annotation(text, lang, options, i, &shares, scratch));
                }
                scratch.shares = shares;
            }
        }
        let Scratch { find, learned, .. } = scratch;
        let (tokens, words, explain) = (&find.tokens, self.words, options.explain);
        learned::Reader { text, tokens, words, lang, explain }.learn(learned, out);
        if options.all {
            add_embedded(&scratch.mentions, &scratch.bearers, out);
        }
        if options.to_current {
            to_current(text, options, out);
        }
    }

    /// First pass: bearers, features and the probability of being a name for every match.
    fn weigh(&self, text: &str, lang: Option<&str>, options: &Options, scratch: &mut Scratch<'g>) {
        self.collect(text, lang, options, scratch);
        let Scratch { find, bearers, mentions, verdicts, features, view, .. } = scratch;
        let mut view = features::View::new(text, &find.tokens, lang, self.words, mentions, bearers, view);
        view.read();
        verdicts.clear();
        for mention in 0..mentions.len() {
            features.clear();
            let around = view.features(mention, features);
            let mut sum: f32 = features.iter().map(|f| self.weights.span(*f)).sum();
            sum += self.weights.words(around.before, around.after, around.name).iter().sum::<f32>();
            sum += unlearned(bearers[mentions[mention].best].class, around.is_shouted);
            if around.other_name {
                sum += OTHER_NAME;
            }
            if around.embedded.is_some() {
                sum -= if around.begins_bigger { BEGINS } else { EMBEDDED };
            }
            verdicts.push(Verdict {
                name: score::probability(sum),
                embedded: around.embedded,
                kind_word: around.kind_word,
                container: around.container,
            });
        }
        for (mention, verdict) in mentions.iter_mut().zip(verdicts) {
            mention.verdict = *verdict;
        }
    }

    /// The matches with their bearers, as mentions; those that nobody bears as it is written are dropped.
    fn collect(&self, text: &str, lang: Option<&str>, options: &Options, scratch: &mut Scratch<'g>) {
        let Scratch { find, matches, bearers, known, stock, mentions, shares, .. } = scratch;
        stock.prepare(self.gazetteer, self.weights, lang, options);
        bearers.clear();
        known.clear();
        mentions.clear();
        for readings in matches.chunk_by(|a, b| (a.start, a.end) == (b.start, b.end)) {
            let [found, ..] = readings else { continue };
            let surface = &text[found.start..found.end];
            // What stands beside it may belong to the name: each such span is looked at by itself.
            let may_grow = text[found.end..].starts_with(['.', ')'])
                || text[..found.start].ends_with(punctuation::is_apostrophe);
            let key = (found.entry(), hash(surface.as_bytes()));
            let (from, to, span) = match known.get(&key).filter(|_| !may_grow) {
                Some((from, to)) => (*from, *to, (found.start, found.end)),
                None => {
                    let from = bearers.len();
                    let mut span = (found.start, found.end);
                    let name = stock::name(surface, readings);
                    let is_known = !may_grow && stock.take(name, bearers);
                    if !is_known {
                        let tokens = &find.tokens;
                        let asked = options.asked(lang);
                        span = bearers::collect(self.gazetteer, readings, text, tokens, asked, bearers);
                        self.prior(&mut bearers[from..], options, shares);
                    }
                    let to = bearers.len();
                    if !may_grow && !is_known {
                        stock.keep(name, &bearers[from..]);
                    }
                    if !may_grow {
                        known.insert(key, (from, to));
                    }
                    (from, to, span)
                }
            };
            if from == to {
                continue;
            }
            let best = from + most_by(&bearers[from..to], |b| b.prior);
            mentions.push(Mention {
                found: *found,
                span,
                bearers: (from, to),
                best,
                share: bearers[best].prior,
                kept: false,
                verdict: Verdict::default(),
            });
        }
    }

    /// What speaks for each bearer before the text is looked at, as shares.
    fn prior(&self, bearers: &mut [Bearer<'g>], options: &Options, shares: &mut Vec<f32>) {
        let rivals = Rivals::of(bearers);
        shares.clear();
        for bearer in bearers.iter_mut() {
            let mut sum = 0.0;
            features::choice_prior(bearer, &rivals, options, |f, value| {
                sum += value * self.weights.choice(f)
            });
            bearer.sum = sum;
            shares.push(sum - doubt(bearer));
        }
        score::softmax(shares);
        for (bearer, share) in bearers.iter_mut().zip(shares) {
            bearer.prior = *share;
        }
    }

    /// Second pass: the share of each bearer of one mention.
    fn choose(&self, document: &Document<'_, 'g>, mention: &Mention<'g>, shares: &mut Vec<f32>) {
        let bearers = &document.bearers[mention.bearers.0..mention.bearers.1];
        shares.clear();
        shares.extend(bearers.iter().map(|bearer| document.held(mention, bearer)));
        let most_held = shares.iter().copied().fold(0.0, f32::max);
        for (bearer, share) in bearers.iter().zip(&mut *shares) {
            let mut sum = bearer.sum;
            document.context_features(mention, bearer, (*share, most_held), |f, value| {
                sum += value * self.weights.choice(f)
            });
            *share = sum - doubt(bearer);
        }
        score::softmax(shares);
    }

    fn annotation(
        &self,
        text: &str,
        lang: Option<&str>,
        options: &Options,
        mention: usize,
        shares: &[f32],
        scratch: &mut Scratch<'g>,
    ) -> Annotation<'g> {
        let reasons =
            if options.explain { self.reasons(text, lang, options, mention, scratch) } else { Vec::new() };
        let mention = &scratch.mentions[mention];
        let (from, _) = mention.bearers;
        let bearer = scratch.bearers[mention.best];
        let raw = mention.verdict.name * shares.get(mention.best - from).copied().unwrap_or(0.0);
        let score = self.weights.calibrated(raw);
        let mut candidates = Vec::new();
        if options.candidates > 0 {
            // The others share what the best one leaves.
            let left = if raw < 1.0 { (1.0 - score) / (1.0 - raw) } else { 0.0 };
            candidates.extend(shares.iter().zip(from..).map(|(share, i)| {
                let b = &scratch.bearers[i];
                let own = (mention.verdict.name * share * left).min(score);
                let score = if i == mention.best { score } else { own };
                Candidate { record: b.record, former: None, name: b.name, score }
            }));
            candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
            candidates.truncate(options.candidates);
        }
        Annotation {
            start: mention.span.0,
            end: mention.span.1,
            role: bearer.role(),
            score,
            record: bearer.record,
            former: None,
            name: bearer.name,
            learned: None,
            rule: bearer.rule,
            candidates,
            reasons,
        }
    }

    fn reasons(
        &self,
        text: &str,
        lang: Option<&str>,
        options: &Options,
        at: usize,
        scratch: &mut Scratch<'g>,
    ) -> Vec<Reason> {
        let mut out = Vec::new();
        let mut add = |template: Option<(&'static Template, u16)>, weight: f32| {
            if let Some((template, bucket)) = template
                && !template.says.is_empty()
                && weight.abs() >= 0.1
            {
                let noun = Class::from_bucket(bucket % Class::COUNT).noun();
                let text = template.says.replace("{bucket}", noun);
                // What speaks for a name and for its bearer alike is one reason to a reader.
                match out.iter_mut().find(|reason: &&mut Reason| reason.text == text) {
                    Some(reason) => reason.weight += weight,
                    None => out.push(Reason { text, weight }),
                }
            }
        };
        let Scratch { find, mentions, bearers, view, features, .. } = &mut *scratch;
        features.clear();
        // The room still holds what the first pass read of this text.
        features::View::new(text, &find.tokens, lang, self.words, mentions, bearers, view)
            .features(at, features);
        for feature in features {
            add(Span::of_number(*feature), self.weights.span(*feature));
        }
        let document = Document::new(options, scratch);
        let mention = &document.mentions[at];
        document.choice_features(mention, mention.best, |f, value| {
            add(Choice::of_number(f), value * self.weights.choice(f));
        });
        out.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
        out.truncate(8);
        let best = &document.bearers[mention.best];
        if let (Some(valid), Some(date)) = (best.valid, &options.as_of) {
            let (was, weight) = if valid { ("was", VALID) } else { ("was not", -INVALID) };
            let what = if valid || best.record.is_valid(date) { "the name" } else { "it" };
            let verb = if what == "it" { "there" } else { "in use" };
            out.push(Reason { text: format!("{what} {was} {verb} in {date}"), weight });
        }
        if let Some(rule) = best.rule {
            out.push(Reason {
                text: format!("the ending -{} ({}) was taken off", rule.affix(), rule.note()),
                weight: 0.0,
            });
        }
        out
    }
}

impl<'d, 'g> Document<'d, 'g> {
    fn new(options: &'d Options, scratch: &'d Scratch<'g>) -> Document<'d, 'g> {
        let Scratch { mentions, bearers, context, .. } = scratch;
        Document { options, mentions, bearers, context }
    }

    /// What speaks for one bearer of a mention.
    fn choice_features(&self, mention: &Mention<'g>, i: usize, mut give: impl FnMut(u16, f32)) {
        let all = &self.bearers[mention.bearers.0..mention.bearers.1];
        let bearer = &self.bearers[i];
        let rivals = Rivals::of(all);
        features::choice_prior(bearer, &rivals, self.options, &mut give);
        let most_held = all.iter().map(|b| self.held(mention, b)).fold(0.0, f32::max);
        self.context_features(mention, bearer, (self.held(mention, bearer), most_held), give);
    }

    /// How likely it is that a bearer lies in the unit named behind a mention, if one is.
    fn held(&self, mention: &Mention<'g>, bearer: &Bearer<'g>) -> f32 {
        let container = mention.verdict.container.map(|c| &self.mentions[c.mention]);
        container.map_or(0.0, |c| held(bearer, &self.bearers[c.bearers.0..c.bearers.1]))
    }

    /// What the text says of one bearer of a mention, which so likely lies in the unit named behind it, and the likeliest one.
    fn context_features(
        &self,
        mention: &Mention<'g>,
        bearer: &Bearer<'g>,
        (held, most_held): (f32, f32),
        mut give: impl FnMut(u16, f32),
    ) {
        self.context.features(bearer, (mention.best, &self.bearers[mention.best]), self.options, &mut give);
        if let Some(word) = mention.verdict.kind_word {
            give(Choice::unit_word.bucket(bearer.class.fits(word)), 1.0);
        }
        let apart = usize::from(mention.verdict.container.is_some_and(|c| c.is_apart));
        if held > 0.0 {
            give(Choice::container.bucket(apart), held);
        }
        if most_held > held {
            give(Choice::wrong_container.bucket(apart), most_held - held);
        }
        if self.context.told(mention.found.entry()) == Some(bearer.record.index()) {
            give(Choice::told.bucket(0), 1.0);
        }
    }
}

/// One sense per document: what is surely a name once is likelier to be one again. `sure` is memory to work in.
fn say_again(mentions: &mut [Mention<'_>], sure: &mut HashSet<u32>) {
    sure.clear();
    sure.extend(mentions.iter().filter(|m| m.verdict.name >= SURE).map(|m| m.found.entry()));
    for Mention { found, verdict, .. } in mentions {
        if verdict.name < SURE && verdict.embedded.is_none() && sure.contains(&found.entry()) {
            verdict.name = score::probability(score::log_odds(verdict.name) + AGAIN);
        }
    }
}

/// Add the names inside bigger names that share no text with an annotation nor with one another, the first one first.
fn add_embedded<'g>(mentions: &[Mention<'g>], bearers: &[Bearer<'g>], out: &mut Vec<Annotation<'g>>) {
    let given = out.len();
    let mut free_from = 0;
    for mention in mentions.iter().filter(|m| !m.kept && m.verdict.embedded.is_some()) {
        let (start, end) = mention.span;
        // Annotations stand in the order of the text, none in another's way: the first that ends behind the start decides.
        let annotations = &out[..given];
        let next = annotations.partition_point(|a| a.end <= start);
        let is_free = start >= free_from && annotations.get(next).is_none_or(|a| end <= a.start);
        if is_free {
            free_from = end;
            let bearer = bearers[mention.best];
            out.push(Annotation {
                start,
                end,
                role: Role::Embedded,
                score: 1.0 - mention.verdict.name,
                record: bearer.record,
                former: None,
                name: bearer.name,
                learned: None,
                rule: bearer.rule,
                candidates: vec![],
                reasons: vec![],
            });
        }
    }
    out.sort_by_key(|a| (a.start, std::cmp::Reverse(a.end)));
}

/// Put in the place of past records what they are today.
fn to_current(text: &str, options: &Options, all: &mut [Annotation<'_>]) {
    for i in 0..all.len() {
        let (before, this) = all.split_at_mut(i);
        let Some(this) = this.first_mut() else { return };
        let beside = before.last().filter(|before| {
            let between = text.get(before.end..this.start).map(str::trim);
            before.role == Role::Place && matches!(between, Some("," | "(" | "،" | "、"))
        });
        let (country, near) = match beside {
            Some(place) => (place.record.country(), place.record.point()),
            None => options.place(),
        };
        if let Some(today) = this.record.current(country, near) {
            this.former = Some(std::mem::replace(&mut this.record, today));
        }
    }
}

/// Keep the mentions that are names, none sharing text with another: from the left, the longest that is likely enough, unless
/// another reading of the same words, or a name that begins inside it and goes on behind it, is likelier.
fn keep(mentions: &mut [Mention<'_>], least: f32) {
    let mut free_from = 0;
    for i in 0..mentions.len() {
        let this = &mentions[i];
        let same_words =
            |m: &Mention<'_>| (m.found.first, m.found.last) == (this.found.first, this.found.last);
        let goes_on = |m: &Mention<'_>| m.span.0 > this.span.0 && m.span.1 > this.span.1;
        let is_likeliest = mentions[i + 1..]
            .iter()
            .take_while(|m| m.span.0 < this.span.1)
            .all(|m| m.verdict.name <= this.verdict.name || !(same_words(m) || goes_on(m)));
        let kept = this.span.0 >= free_from && this.verdict.name >= least && is_likeliest;
        if kept {
            free_from = this.span.1;
        }
        mentions[i].kept = kept;
    }
}

/// The first of those with the greatest value.
fn most_by<T>(all: &[T], value: impl Fn(&T) -> f32) -> usize {
    (0..all.len()).max_by(|a, b| value(&all[*a]).total_cmp(&value(&all[*b])).then(b.cmp(a))).unwrap_or(0)
}
