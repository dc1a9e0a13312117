//! A whole string that should be one name → the records it may mean: cells of a table, lines of a list.

use crate::find::Match;
use crate::gazetteer::handicap;
use crate::token::{Gap, Tokens};

use super::bearers::{self, Bearer};
use super::by_hand::{RULED_OUT, doubt};
use super::evidence::Choice;
use super::words::{Head, Languages};
use super::{Candidate, Options, Resolver, Rivals, Scratch, features, score};

/// So much prominence weighs one unit of log-odds.
const PROMINENCE: f32 = 20.0;

impl<'g> Resolver<'g> {
    /// The candidates of a string whose matches a finder has just left in `scratch`, best first.
    ///
    /// The string is one name (inflected or not), a name with a word for its kind (`г. Алматы`, `city of Baku`), or a name
    /// followed by the units it lies in (`Paris, Texas, USA`, `Baku (Azerbaijan)`).
    pub(crate) fn normalize(
        &self,
        text: &str,
        lang: Option<&str>,
        options: &Options,
        scratch: &mut Scratch<'g>,
    ) -> Vec<Candidate<'g>> {
        let Scratch { find, matches, bearers, view, .. } = scratch;
        bearers.clear();
        let tokens = &find.tokens;
        let Some(last) = tokens.len().checked_sub(1) else { return vec![] };
        let (from, to) = self.without_unit_words(tokens, last, view.phrase());
        let whole = |from: usize, to: usize| {
            let is_whole = |m: &Match<'_>| (m.first as usize, m.last as usize) == (from, to);
            matches.iter().position(is_whole).map(|i| readings(matches, i))
        };
        let chain = match whole(0, last).or_else(|| whole(from, to)) {
            Some(found) => vec![found],
            None => match chain(tokens, matches, from, last) {
                Some(chain) => chain,
                None => return vec![],
            },
        };
        let asked = options.asked(lang);
        bearers::collect(self.gazetteer, chain[0], text, tokens, asked, bearers);
        // Without a language, a name written so is meant, not one that has such a form in some language.
        if lang.is_none() && bearers.iter().any(|b| b.rule.is_none()) {
            bearers.retain(|b| b.rule.is_none());
        }
        let mut containers = Vec::new();
        for found in chain[1..].iter().copied() {
            let start = containers.len();
            bearers::collect(self.gazetteer, found, text, tokens, asked, &mut containers);
            if containers.len() == start {
                return vec![];
            }
        }
        let rivals = Rivals::of(bearers);
        let held = |b: &Bearer<'_>| containers.iter().any(|c| c.holds(b));
        let any_held = bearers.iter().any(held);
        let mut sums = Vec::with_capacity(bearers.len());
        for bearer in bearers.iter() {
            // Without a text around it, the better known is meant.
            let prominence = f64::from(bearer.record.prominence()) - f64::from(handicap(bearer.name.kind()));
            let mut sum = prominence as f32 / PROMINENCE;
            let mut add = |feature: u16, value: f32| sum += value * self.weights.choice(feature);
            features::choice_prior(bearer, &rivals, options, &mut add);
            if let (Some(near), Some(point)) = (options.near, bearer.point) {
                add(Choice::near_hint.bucket(0), (1.0 - point.distance_km(near) / 500.0).max(0.0) as f32);
            }
            // A unit that is named holds what it stands behind.
            if any_held && !held(bearer) {
                sum -= RULED_OUT;
            }
            sums.push(sum - doubt(bearer));
        }
        score::softmax(&mut sums);
        // Units that hold none of the bearers make each of them doubtful.
        let sure = if containers.is_empty() || any_held { 1.0 } else { 0.4 };
        let mut candidates: Vec<Candidate<'g>> = bearers
            .iter()
            .zip(&sums)
            .map(|(b, share)| Candidate { record: b.record, former: None, name: b.name, score: sure * share })
            .collect();
        candidates.sort_by(|a, b| b.score.total_cmp(&a.score));
        if options.to_current {
            let (country, near) = options.place();
            candidates.iter_mut().for_each(|c| c.to_current(country, near));
        }
        candidates
    }

    /// The words without those for a kind of place at either end.
    fn without_unit_words(&self, tokens: &Tokens, last: usize, room: &mut Vec<u8>) -> (usize, usize) {
        let is_unit = |head: Option<Head>| matches!(head, Some(Head::Unit | Head::Feature));
        let mut from = 0;
        while from < last
            && from < 3
            && is_unit(self.words.head_before(tokens, from + 1, Languages::MAX, room))
        {
            from += 1;
        }
        let mut to = last;
        while to > from
            && last - to < 2
            && is_unit(self.words.head_after(tokens, to - 1, Languages::MAX, room))
        {
            to -= 1;
        }
        (from, to)
    }
}

/// A name and the units behind it, each after a comma or in parentheses, that together are the whole string.
fn chain<'m, 'g>(
    tokens: &Tokens,
    matches: &'m [Match<'g>],
    from: usize,
    last: usize,
) -> Option<Vec<&'m [Match<'g>]>> {
    let mut chain = Vec::new();
    let mut at = from;
    while at <= last {
        let apart = |end: usize| {
            end == last || tokens.get(end + 1).is_some_and(|t| matches!(t.gap, Gap::Comma | Gap::Paren))
        };
        let found = matches.iter().position(|m| m.first as usize == at && apart(m.last as usize))?;
        chain.push(readings(matches, found));
        at = matches[found].last as usize + 1;
    }
    (chain.len() > 1).then_some(chain)
}

/// The matches of one span, from its first on.
fn readings<'m, 'g>(matches: &'m [Match<'g>], from: usize) -> &'m [Match<'g>] {
    let span = |m: &Match<'_>| (m.start, m.end);
    let more = matches[from..].iter().take_while(|m| span(m) == span(&matches[from])).count();
    &matches[from..from + more]
}
