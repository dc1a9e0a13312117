//! What the resolver sees, for learning weights: used by the `eval` package, no part of the stable interface.

use super::bearers::ends_set_off;
use super::evidence::{Choice, Class, Span, Template};
use super::{Document, Mention, Options, Resolver, Scratch, features};
use crate::gazetteer::RecordRef;
use crate::token::Tokens;

/// One match with its features.
#[derive(Clone, Debug)]
pub struct Observation<'g> {
    /// First byte.
    pub start: usize,
    /// Byte after the last one.
    pub end: usize,
    /// The words it stands in, with attached prepositions and an ending set off by an apostrophe.
    pub word: (usize, usize),
    /// Features of the span.
    pub span: Vec<u16>,
    /// The folded word before it.
    pub before: String,
    /// The folded word after it.
    pub after: String,
    /// The folded word itself, if it is one word.
    pub name: String,
    /// Whether the best-known bearer is a place or state under a name that is no demonym.
    pub is_place: bool,
    /// Whether it bears the name as a demonym.
    pub is_demonym: bool,
    /// The bearers with their features and values.
    pub bearers: Vec<(RecordRef<'g>, Vec<(u16, f32)>)>,
}

/// Whether a span, or the words it stands in, is a name in truth.
pub type Truth<'t> = dyn Fn((usize, usize), (usize, usize)) -> bool + 't;

/// How many span features there are.
pub const SPAN_FEATURES: usize = Span::COUNT;
/// How many choice features there are.
pub const CHOICE_FEATURES: usize = Choice::COUNT;

/// The name of a span feature in the weights file.
pub fn span_name(feature: u16) -> String {
    name(Span::of_number(feature))
}

/// The name of a choice feature in the weights file.
pub fn choice_name(feature: u16) -> String {
    name(Choice::of_number(feature))
}

fn name(of: Option<(&'static Template, u16)>) -> String {
    of.map_or_else(String::new, |(template, bucket)| format!("{}:{bucket}", template.name))
}

impl<'g> Resolver<'g> {
    /// Observe the matches in `scratch`. Where the true spans are known, they make the document's context.
    pub(crate) fn observe(
        &self,
        text: &str,
        lang: Option<&str>,
        options: &Options,
        scratch: &mut Scratch<'g>,
        truth: Option<&Truth<'_>>,
    ) -> Vec<Observation<'g>> {
        self.weigh(text, lang, options, scratch);
        super::keep(&mut scratch.mentions, options.min_score);
        if let Some(truth) = truth {
            let Scratch { mentions, find, .. } = scratch;
            for mention in mentions {
                mention.kept = truth(mention.span, words_of(mention, &find.tokens));
            }
        }
        scratch.context.read(&scratch.mentions, &scratch.bearers);
        let mut room = features::Room::default();
        let tokens = &scratch.find.tokens;
        let document = Document::new(options, scratch);
        let Document { mentions, bearers, .. } = document;
        let mut view = features::View::new(text, tokens, lang, self.words, mentions, bearers, &mut room);
        view.read();
        let mut out = Vec::with_capacity(mentions.len());
        for (i, mention) in mentions.iter().enumerate() {
            let mut span = Vec::new();
            let around = view.features(i, &mut span);
            let choices = (mention.bearers.0..mention.bearers.1)
                .map(|b| {
                    let mut values = Vec::new();
                    document.choice_features(mention, b, |f, v| values.push((f, v)));
                    (bearers[b].record, values)
                })
                .collect();
            let class = bearers[mention.best].class;
            out.push(Observation {
                start: mention.span.0,
                end: mention.span.1,
                word: words_of(mention, tokens),
                span,
                before: around.before.to_owned(),
                after: around.after.to_owned(),
                name: around.name.to_owned(),
                is_place: !matches!(
                    class,
                    Class::Organization | Class::Person | Class::Document | Class::Event | Class::Demonym
                ),
                is_demonym: class == Class::Demonym,
                bearers: choices,
            });
        }
        out
    }
}

/// The words a mention stands in, as the corpora mark them that take in every affix.
fn words_of(mention: &Mention<'_>, tokens: &Tokens) -> (usize, usize) {
    let (first, last) = (mention.found.first as usize, mention.found.last as usize);
    let last = last + usize::from(ends_set_off(tokens, last + 1));
    let start = tokens.get(first).map_or(mention.span.0, |t| t.start as usize);
    (start, tokens.get(last).map_or(mention.span.1, |t| t.end as usize))
}
