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

use std::borrow::Cow;
use std::fmt;

use foldhash::{HashMap, HashSet};

use crate::find::{Match, Scratch as FindScratch, primary};
use crate::fold::punctuation;
use crate::gazetteer::filter::hash;
use crate::gazetteer::{Gazetteer, NameRef, RecordRef};
use crate::record::{Date, Point};
use crate::token::inflect::Rule;
use bearers::{Asked, Bearer, NameLanguage};
use document::Context;
use evidence::{Choice, Class, Span, Template};
pub use score::Weights;
use words::{Head, Words};

/// Log-odds against what is all but impossible.
const RULED_OUT: f32 = 20.0;

/// Log-odds against a name that has other marks than the text.
const MARKS: f32 = 0.75;

/// Log-odds against a state that is no more.
const PAST: f32 = 1.5;

/// Probability from which on a mention is surely a name.
const SURE: f32 = 0.6;

/// Log-odds for a name that is surely one elsewhere in the text.
const AGAIN: f32 = 1.0;

/// Log-odds against a name inside a bigger one, beyond what was learned: corpora differ in whether they mark it.
const EMBEDDED: f32 = 0.3;

/// Log-odds for a name beside which the text has another name of the same record, as in `Khankendi (Armenian Stepanakert)`. Set by
/// hand: the corpora have too few.
const OTHER_NAME: f32 = 2.5;

/// Log-odds for what is known to have been so at the date asked for, and against what is known not to have been.
const VALID: f32 = 2.0;
const INVALID: f32 = 3.0;

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
    /// The date the text is of: names and states known to have been in use then are preferred.
    pub as_of: Option<Date>,
    /// Give instead of a past state or unit what it is today, as far as that can be told: see [`RecordRef::current`]. Which of several
    /// successors, tells the place named right before it (`Tashkent, USSR`), else `countries` if it is one, else `near`.
    pub to_current: bool,
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
            as_of: None,
            to_current: false,
            min_score: 0.2,
            all: false,
            candidates: 0,
            explain: false,
        }
    }
}

impl Options {
    /// What names are asked for in a language.
    fn asked<'o>(&'o self, lang: Option<&'o str>) -> Asked<'o> {
        Asked { lang, as_of: self.as_of.as_ref() }
    }

    /// Where the text is of: the one country, and the point.
    fn place(&self) -> (Option<&str>, Option<Point>) {
        let country = if let [one] = &self.countries[..] { Some(one.as_str()) } else { None };
        (country, self.near)
    }

    /// The primary subtag of the text's language.
    pub(crate) fn primary_lang(&self) -> Option<Cow<'_, str>> {
        self.lang.as_deref().map(primary)
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
    /// The past record that the text names, where the one meant is what it is today; only with [`Options::to_current`].
    pub former: Option<RecordRef<'g>>,
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
    /// The past record that is named, where this is what it is today.
    pub former: Option<RecordRef<'g>>,
    /// Its name that the text uses.
    pub name: NameRef<'g>,
    /// Probability that it is meant.
    pub score: f32,
}

impl Candidate<'_> {
    /// Take instead of a past record what it is today, if that can be told: see [`RecordRef::current`].
    pub fn to_current(&mut self, country: Option<&str>, near: Option<Point>) {
        if let Some(today) = self.record.current(country, near) {
            self.former = Some(std::mem::replace(&mut self.record, today));
        }
    }
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
    /// First byte, and byte after the last one, of the name with its own punctuation.
    span: (usize, usize),
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
    /// Bearers already collected, by key entry and the hash of what the text writes: their range.
    known: HashMap<(u32, u64), (usize, usize)>,
    mentions: Vec<Mention<'g>>,
    /// Key entries that are surely names somewhere in the text.
    sure: HashSet<u32>,
    verdicts: Vec<Verdict>,
    context: Context<'g>,
    view: features::Room,
    features: Vec<u16>,
    shares: Vec<f32>,
}

/// What the first pass says of a mention.
#[derive(Clone, Copy, Debug)]
struct Verdict {
    name: f32,
    embedded: Option<Head>,
    kind_word: Option<Head>,
    container: Option<usize>,
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
        scratch.sure.clear();
        for mention in scratch.mentions.iter_mut() {
            // One sense per document: what is surely a name once is likelier to be one again.
            if mention.name >= SURE {
                scratch.sure.insert(mention.found.entry());
            }
        }
        for mention in scratch.mentions.iter_mut() {
            if mention.name < SURE
                && mention.embedded.is_none()
                && scratch.sure.contains(&mention.found.entry())
            {
                mention.name = score::probability(score::log_odds(mention.name) + AGAIN);
            }
        }
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
                scratch.mentions[i].best = from + most_by(&shares, |share| *share);
                if is_last {
                    out.push(self.annotation(text, lang, options, i, &shares, scratch));
                }
                scratch.shares = shares;
            }
        }
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
                sum -= EMBEDDED;
            }
            verdicts.push(Verdict {
                name: score::probability(sum),
                embedded: around.embedded,
                kind_word: around.kind_word,
                container: around.container,
            });
        }
        for (mention, verdict) in mentions.iter_mut().zip(verdicts) {
            mention.name = verdict.name;
            mention.embedded = verdict.embedded;
            mention.kind_word = verdict.kind_word;
            mention.container = verdict.container;
        }
    }

    /// The matches with their bearers, as mentions; those that nobody bears as it is written are dropped.
    fn collect(&self, text: &str, lang: Option<&str>, options: &Options, scratch: &mut Scratch<'g>) {
        let Scratch { find, matches, bearers, known, mentions, shares, .. } = scratch;
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
                    let tokens = &find.tokens;
                    let asked = options.asked(lang);
                    let span =
                        bearers::collect(self.gazetteer, readings, text, tokens, asked, self.words, bearers);
                    let to = bearers.len();
                    self.prior(&mut bearers[from..to], options, shares);
                    if !may_grow {
                        known.insert(key, (from, to));
                    }
                    (from, to, span)
                }
            };
            if from == to {
                continue;
            }
            mentions.push(Mention {
                found: *found,
                span,
                bearers: (from, to),
                best: from + most_by(&bearers[from..to], |b| b.prior),
                name: 0.0,
                kept: false,
                embedded: None,
                kind_word: None,
                container: None,
            });
        }
    }

    /// What speaks for each bearer before the text is looked at, as shares.
    fn prior(&self, bearers: &mut [Bearer<'g>], options: &Options, shares: &mut Vec<f32>) {
        let (most, total) = people(bearers);
        shares.clear();
        for bearer in bearers.iter() {
            let mut sum = 0.0;
            features::choice_prior(bearer, most, total, options, |f, value| {
                sum += value * self.weights.choice(f)
            });
            shares.push(sum - doubt(bearer));
        }
        score::softmax(shares);
        for (bearer, share) in bearers.iter_mut().zip(shares) {
            bearer.prior = *share;
        }
    }

    /// Second pass: the share of each bearer of one mention.
    fn choose(&self, document: &Document<'_, 'g>, mention: &Mention<'g>, shares: &mut Vec<f32>) {
        shares.clear();
        for i in mention.bearers.0..mention.bearers.1 {
            let mut sum = 0.0;
            document.choice_features(mention, i, |f, value| sum += value * self.weights.choice(f));
            shares.push(sum - doubt(&document.bearers[i]));
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
        let mut candidates = Vec::new();
        if options.candidates > 0 {
            candidates.extend(shares.iter().enumerate().map(|(i, share)| {
                let b = &scratch.bearers[from + i];
                Candidate { record: b.record, former: None, name: b.name, score: mention.name * share }
            }));
            candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
            candidates.truncate(options.candidates);
        }
        Annotation {
            start: mention.span.0,
            end: mention.span.1,
            role: role_of(&bearer),
            score: mention.name * shares.get(mention.best - from).copied().unwrap_or(0.0),
            record: bearer.record,
            former: None,
            name: bearer.name,
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
        let (most, total) = people(all);
        features::choice_prior(bearer, most, total, self.options, &mut give);
        self.context.features(bearer, (mention.best, &self.bearers[mention.best]), self.options, &mut give);
        if let Some(word) = mention.kind_word {
            give(Choice::unit_word.bucket(bearer.class.fits(word)), 1.0);
        }
        if let Some(container) = mention.container.map(|c| &self.mentions[c]) {
            let containers = &self.bearers[container.bearers.0..container.bearers.1];
            let holds = |b: &Bearer<'_>| containers.iter().any(|c| c.holds(b));
            if holds(bearer) {
                give(Choice::container.bucket(0), 1.0);
            } else if all.iter().any(holds) {
                give(Choice::wrong_container.bucket(0), 1.0);
            }
        }
    }
}

/// Add the names inside bigger names that share no text with an annotation.
fn add_embedded<'g>(mentions: &[Mention<'g>], bearers: &[Bearer<'g>], out: &mut Vec<Annotation<'g>>) {
    for mention in mentions.iter().filter(|m| !m.kept && m.embedded.is_some()) {
        let bearer = bearers[mention.best];
        let is_free = !out.iter().any(|a| a.start < mention.span.1 && mention.span.0 < a.end);
        if is_free {
            out.push(Annotation {
                start: mention.span.0,
                end: mention.span.1,
                role: Role::Embedded,
                score: 1.0 - mention.name,
                record: bearer.record,
                former: None,
                name: bearer.name,
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

/// The people of the most populous bearer, and of all.
fn people(bearers: &[Bearer<'_>]) -> (u64, u64) {
    bearers.iter().fold((0, 0), |(most, total), b| (most.max(b.population), total + b.population))
}

/// What speaks for names of organisations, persons, documents and events. The corpora mark places alone, so nothing is learned of
/// these; they are curated names, most of several words or in capitals, and mean what they say unless all the text is in
/// capitals and the word a common one.
fn unlearned(class: Class, is_shouted: bool) -> f32 {
    match class {
        Class::Organization | Class::Person | Class::Document | Class::Event if !is_shouted => 4.0,
        Class::Government if !is_shouted => 2.0,
        _ => 0.0,
    }
}

/// What speaks against a bearer whatever was learned: the unit around a town of the same name (`Kharkiv Oblast` is a name of
/// its own, found as the longer one); and a state of the past against what bears its name today.
fn doubt(bearer: &Bearer<'_>) -> f32 {
    let usual = match () {
        () if bearer.twin => RULED_OUT,
        // Countries have names in all languages: one that is none of the text's own means something else (Brasilia in Portuguese).
        () if bearer.lang == NameLanguage::Foreign
            && matches!(bearer.class, Class::Country | Class::Dependency) =>
        {
            2.0 * PAST
        }
        // An adjective without its marks is mostly a form of the country (Slovenska is of Slovensko, not slovenská).
        () if bearer.class == Class::Demonym && !bearer.spelled && bearer.rule.is_none() => 2.0 * PAST,
        // What was there at the date asked for is not of the past then.
        () if bearer.valid.is_none() && bearer.record.to().is_some_and(|to| to != "..") => PAST,
        // Written exactly so, an acronym is the organisation before any village, and the White House no other one.
        () if bearer.exact && (role_of(bearer) > Role::Embedded || bearer.class == Class::Government) => {
            -2.0 * PAST
        }
        () => 0.0,
    };
    usual
        // Of two names with one key, the one with the text's own marks (Şuşa, not Susa).
        + if bearer.spelled { 0.0 } else { MARKS }
        + match bearer.valid {
            Some(true) => -VALID,
            Some(false) => INVALID,
            None => 0.0,
        }
}

fn role_of(bearer: &Bearer<'_>) -> Role {
    match bearer.class {
        Class::Demonym => Role::Demonym,
        Class::Government => Role::Metonym,
        Class::Organization => Role::Organization,
        Class::Person => Role::Person,
        Class::Document => Role::Document,
        Class::Event => Role::Event,
        _ => Role::Place,
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
            .all(|m| m.name <= this.name || !(same_words(m) || goes_on(m)));
        let kept = this.span.0 >= free_from && this.name >= least && is_likeliest;
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
