//! A match and its surroundings → features.

use foldhash::{HashMap, HashSet};

use crate::gazetteer::filter::hash;
use crate::gazetteer::prominence;
use crate::record::NameKind;
use crate::script::Script;
use crate::token::{Gap, Shape, Tokens};

use super::bearers::{Bearer, Rivals, ends_set_off};
use super::evidence::{Choice, Class, Span};
use super::words::{Commonness, Head, Languages, Words};
use super::{Mention, Options};

/// What a document's matches and words come to, in memory that is used again from one text to the next.
#[derive(Debug, Default)]
pub(crate) struct Room {
    /// Words that are part of some match.
    covered: Vec<bool>,
    /// How often each key entry is matched.
    times: HashMap<u32, u32>,
    /// Hashes of the keys of single words that stand in small letters somewhere.
    lower: HashSet<u64>,
    /// Hashes of words that name a person somewhere.
    surnames: HashSet<u64>,
    /// For each word, the first mention that begins with it.
    starts: Vec<Option<u32>>,
    /// For each word, the last mention that ends with it.
    ends: Vec<Option<u32>>,
    case: DocumentCase,
    phrase: Vec<u8>,
}

impl Room {
    /// Memory for the words of a phrase.
    pub(crate) fn phrase(&mut self) -> &mut Vec<u8> {
        &mut self.phrase
    }

    fn clear(&mut self, words: usize) {
        self.covered.clear();
        self.covered.resize(words, false);
        self.starts.clear();
        self.starts.resize(words, None);
        self.ends.clear();
        self.ends.resize(words, None);
        self.times.clear();
        self.lower.clear();
        self.surnames.clear();
    }
}

/// The document as the features of its matches need it.
pub(crate) struct View<'v, 'g> {
    text: &'v str,
    tokens: &'v Tokens,
    lang: Option<&'v str>,
    /// The language as a set; all where it is not known.
    langs: Languages,
    words: &'static Words,
    mentions: &'v [Mention<'g>],
    bearers: &'v [Bearer<'g>],
    room: &'v mut Room,
}

/// Words between two names of one record that are given for each other.
const BESIDE: u32 = 4;

/// Most small words between a place and the unit it is said to lie in: `, the capital of`, `, a small town in the north of`.
const APPOSITION: usize = 7;

/// Bytes of a word that is hardly ever a name, in Latin or Cyrillic: one or two letters.
const SHORT_WORD: usize = 2;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum DocumentCase {
    #[default]
    Mixed,
    Capitals,
    Small,
}

/// What a match's surroundings say beyond features: the words beside it, and what it seems to be part of.
pub(crate) struct Around<'v> {
    pub(crate) before: &'v str,
    pub(crate) after: &'v str,
    /// The word itself, if the match is one word.
    pub(crate) name: &'v str,
    pub(crate) embedded: Option<Head>,
    /// Whether the head of the bigger name stands behind it: `Baku State University`.
    pub(crate) begins_bigger: bool,
    /// Whether it is a common word in a text that is all in capitals.
    pub(crate) is_shouted: bool,
    /// Whether another name of the same record stands beside it.
    pub(crate) other_name: bool,
    /// A word beside it for a kind of place.
    pub(crate) kind_word: Option<Head>,
    pub(crate) container: Option<Container>,
}

/// A unit that is named behind a place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Container {
    pub(crate) mention: usize,
    /// Whether small words stand between.
    pub(crate) is_apart: bool,
}

impl<'v, 'g> View<'v, 'g> {
    /// A view of a document over a room that [`read`](View::read) has filled, or that is to be filled.
    pub(crate) fn new(
        text: &'v str,
        tokens: &'v Tokens,
        lang: Option<&'v str>,
        words: &'static Words,
        mentions: &'v [Mention<'g>],
        bearers: &'v [Bearer<'g>],
        room: &'v mut Room,
    ) -> View<'v, 'g> {
        let langs = lang.map_or(Languages::MAX, |lang| words.language(lang));
        View { text, tokens, lang, langs, words, mentions, bearers, room }
    }

    /// Go through the document once, for what the features of each mention ask of all of it.
    pub(crate) fn read(&mut self) {
        let View { tokens, langs, words, mentions, room, .. } = self;
        let all = tokens.as_slice();
        room.clear(all.len());
        for (i, mention) in mentions.iter().enumerate() {
            let (first, last) = (mention.found.first as usize, mention.found.last as usize);
            room.covered[first..=last].fill(true);
            *room.times.entry(mention.found.entry()).or_default() += 1;
            room.starts[first].get_or_insert(i as u32);
            room.ends[last] = Some(i as u32);
        }
        let (mut capital, mut small, mut all_caps) = (0, 0, 0);
        for (i, token) in all.iter().enumerate() {
            if token.shape.is_lowercase() {
                small += 1;
                if room.covered[i] {
                    room.lower.insert(hash(tokens.key(i)));
                }
            } else if token.shape.is_capitalized() {
                capital += 1;
                all_caps += u32::from(token.shape.is_all_caps() && token.end - token.start > 1);
                if room.covered[i] && is_person(tokens, i, words, *langs, room) {
                    room.surnames.insert(hash(tokens.key(i)));
                }
            }
        }
        room.case = if all_caps * 2 > capital + small {
            DocumentCase::Capitals
        } else if capital * 40 < capital + small {
            DocumentCase::Small
        } else {
            DocumentCase::Mixed
        };
    }

    /// The features of one mention, into `out`.
    pub(crate) fn features(&mut self, index: usize, out: &mut Vec<u16>) -> Around<'v> {
        let mention = &self.mentions[index];
        let (first, last) = (mention.found.first as usize, mention.found.last as usize);
        let tokens = self.tokens;
        let all = tokens.as_slice();
        let token = &all[first];
        let best = &self.bearers[mention.best];
        let several =
            usize::from(last > first && all[first + 1..=last].iter().any(|t| t.gap != Gap::Nothing));
        let writing = writing(token.script);
        let class = best.class as usize;
        let size =
            self.bearers[mention.bearers.0..mention.bearers.1].iter().map(Bearer::size).max().unwrap_or(0);
        let classes = Class::COUNT as usize;
        let mut give = |feature: u16| out.push(feature);

        give(Span::bias.bucket(writing));
        give(Span::class.bucket(writing * classes + class));
        give(Span::class_words.bucket(several * classes + class));
        give(Span::size.bucket(writing * 10 + size));
        give(Span::size_words.bucket(several * 10 + size));
        give(Span::name_kind.bucket(several * 10 + best.name.kind() as usize));

        // How it is written.
        let (border, sentence) = self.border_before(first);
        let last_shape = all[last].shape;
        let shape =
            match best.exact && token.shape.is_lowercase() && best.name.text().contains(char::is_uppercase) {
                // As the name itself begins: 's-Gravenhage, al-Quds.
                true => 1,
                false => shape_bucket(token.shape, last_shape, several == 1),
            };
        let start = usize::from(sentence);
        give(Span::shape.bucket((self.room.case as usize * 2 + start) * 7 + shape));
        let neighbour_caps = |i: Option<usize>| {
            i.and_then(|i| all.get(i)).is_some_and(|t| t.shape.is_all_caps() && t.end - t.start > 2)
        };
        let (caps_before, caps_after) =
            (neighbour_caps(first.checked_sub(1)), neighbour_caps(Some(last + 1)));
        if token.shape.is_all_caps() {
            give(Span::caps_around.bucket(usize::from(caps_before) + 2 * usize::from(caps_after)));
        }
        let chars = self.text[mention.found.start..mention.found.end].chars().count();
        give(Span::length.bucket(writing * 13 + chars.min(12)));

        // What the word is besides a name.
        let key = tokens.key(first);
        let capital = usize::from(!token.shape.is_lowercase());
        if several == 0 {
            let (of_lang, of_any) = self.words.commonness(key, self.langs);
            let place = if token.shape.is_lowercase() {
                0
            } else if !token.shape.is_cased() {
                3
            } else {
                1 + start
            };
            give(Span::common.bucket((usize::from(self.lang.is_some()) * 4 + place) * 4 + of_lang as usize));
            give(Span::common_size.bucket(of_lang as usize * 10 + size));
            give(Span::common_any.bucket(capital * 4 + of_any as usize));
            let (given, surname) = self.words.person(key);
            let grade = |n: u8| usize::from(n.div_ceil(3));
            give(Span::given.bucket(capital * 4 + grade(given)));
            give(Span::surname.bucket(capital * 4 + grade(surname)));
            give(Span::person_size.bucket(grade(given.max(surname)) * 10 + size));
            if self.room.surnames.contains(&hash(key)) {
                give(Span::person_near.bucket(0));
            }
            if capital == 1 && self.room.lower.contains(&hash(key)) {
                give(Span::lower_seen.bucket(0));
            }
        } else {
            let common = (first..=last)
                .map(|i| self.words.commonness(tokens.key(i), self.langs).0)
                .min()
                .unwrap_or(Commonness::None);
            give(Span::lower_seen.bucket(1));
            give(Span::common_any.bucket(capital * 4 + common as usize));
        }

        // What stands around it.
        let before = self.before_bucket(first, border, sentence);
        let after = self.after_bucket(last, mention.span.1);
        give(Span::before.bucket(writing * 13 + before));
        give(Span::after.bucket(writing * 16 + after));
        let cased = usize::from(token.shape.is_cased());
        let head_before = self.words.head_before(tokens, first, self.langs, &mut self.room.phrase);
        let head_after = self.words.head_after(tokens, last, self.langs, &mut self.room.phrase);
        let number = |head: Option<Head>| cased * 8 + head.map_or(7, |h| h as usize);
        let mut give = |feature: u16| out.push(feature);
        give(Span::head_before.bucket(number(head_before)));
        give(Span::head_after.bucket(number(head_after)));
        let (run_head, far_head) = match token.shape.is_capitalized() {
            true => (
                self.words.head_of_run(tokens, last, self.langs),
                self.words.head_far_before(tokens, first, self.langs).filter(|_| head_before.is_none()),
            ),
            false => (None, None),
        };
        give(Span::head_of_run.bucket(run_head.map_or(7, |h| h as usize)));
        give(Span::head_far.bucket(far_head.map_or(7, |h| h as usize)));
        let inflected = match best.rule {
            None => 0,
            Some(rule) => {
                let known = self.lang.is_some_and(|lang| rule.langs().any(|l| l == lang));
                let affix = match () {
                    () if rule.is_attached() => 0,
                    () if rule.is_in_span() => 1,
                    () => 2,
                };
                1 + 2 * affix + usize::from(known)
            }
        };
        give(Span::inflected.bucket(writing * 7 + inflected));
        if inflected > 0 {
            give(Span::inflected_size.bucket(size));
        }
        let long = match chars {
            0..=2 => 0,
            3 => 1,
            4..=5 => 2,
            _ => 3,
        };
        let form = inflected.div_ceil(2);
        give(Span::strength.bucket(((writing * 4 + form) * 4 + long) * 5 + size / 2));
        let inside = self.inside_longer(index);
        let longer_than = self.mentions.get(index + 1).is_some_and(|m| m.span.0 < mention.span.1);
        give(Span::nested.bucket(usize::from(inside) + 2 * usize::from(longer_than)));

        // Containers and lists.
        let container = self.container(mention, last);
        let contained = self.is_container(first, best);
        give(
            Span::comma
                .bucket(usize::from(container.is_some_and(|c| !c.is_apart)) + 2 * usize::from(contained)),
        );
        let listed = usize::from(before == 3 && self.room.covered[first.saturating_sub(1)])
            + usize::from(after == 3 && self.room.covered.get(last + 1).copied().unwrap_or(false));
        give(Span::list.bucket(listed));
        let times = self.room.times.get(&mention.found.entry()).copied().unwrap_or(1);
        give(Span::seen.bucket(times.ilog2() as usize));

        // The name itself.
        let bearers = mention.bearers.1 - mention.bearers.0;
        give(Span::bearers.bucket(cased * 5 + bearers.ilog2().min(4) as usize));
        give(Span::fits_lang.bucket(cased * 5 + best.lang as usize));
        let written = if best.exact && best.name.is_canonical() {
            0
        } else if best.exact {
            1
        } else {
            2
        };
        give(Span::written.bucket(cased * 3 + written));

        let embeds = |head: Option<Head>| head.filter(|h| h.embeds());
        let begins = embeds(head_after).or(embeds(run_head)).filter(|h| *h != Head::Title);
        let embedded = begins.or(embeds(head_before)).or(embeds(far_head));
        Around {
            before: if border == Border::Word { tokens.key_str(first - 1) } else { "" },
            after: if all.get(last + 1).is_some_and(|t| matches!(t.gap, Gap::Space | Gap::Nothing)) {
                tokens.key_str(last + 1)
            } else {
                ""
            },
            name: if first == last { tokens.key_str(first) } else { "" },
            embedded,
            begins_bigger: begins.is_some(),
            is_shouted: self.room.case == DocumentCase::Capitals
                && several == 0
                && self.words.commonness(key, Languages::MAX).1 != Commonness::None,
            other_name: self.has_other_name(index),
            kind_word: head_after.or(head_before).filter(|h| !h.embeds()),
            container,
        }
    }

    /// What stands between the word before and this one, and whether a sentence begins here.
    fn border_before(&self, first: usize) -> (Border, bool) {
        let all = self.tokens.as_slice();
        let token = &all[first];
        let Some(before) = first.checked_sub(1).map(|i| &all[i]) else { return (Border::Start, true) };
        let between = &self.text[before.end as usize..token.start as usize];
        let sentence = between.contains([
            '.', '!', '?', '\n', '…', '。', '！', '？', '।', '؟', ':', '•', '|', '։', '”', '“', '«', '"',
        ]) && token.gap != Gap::Space
            && token.gap != Gap::Inner;
        let border = match token.gap {
            Gap::Comma => Border::Comma,
            Gap::Space if between.contains(['/', '_']) => Border::Slash,
            Gap::Space if between.contains(['-', '‐', '‑', '–']) => Border::Hyphen,
            Gap::Space | Gap::Nothing | Gap::LineHyphen => Border::Word,
            Gap::Apostrophe => Border::Apostrophe,
            _ if between.contains(['.', '!', '?', '。', '！', '？', '।', '؟', '։', '…']) => {
                Border::Sentence
            }
            _ if between.contains('\n') => Border::Start,
            _ => Border::Other,
        };
        (border, sentence)
    }

    fn before_bucket(&self, first: usize, border: Border, sentence: bool) -> usize {
        match border {
            Border::Start => 0,
            Border::Sentence => 1,
            Border::Other => 2,
            Border::Comma => 3,
            Border::Hyphen => 4,
            Border::Slash => 12,
            Border::Apostrophe => 9,
            Border::Word => {
                let before = &self.tokens.as_slice()[first - 1];
                let key = self.tokens.key(first - 1);
                match () {
                    () if key.first().is_some_and(u8::is_ascii_digit) => 8,
                    () if before.shape.is_lowercase() || !before.shape.is_cased() => 5,
                    () if self.words.person(key).0 >= 3 => 10,
                    () if self.room.covered[first - 1] => 6,
                    // A capital at the sentence's start says little, least of all that of a preposition.
                    () if self.border_before(first - 1).1
                        && (key.len() <= SHORT_WORD
                            || self.words.commonness(key, self.langs).0 >= Commonness::Common) =>
                    {
                        11
                    }
                    () => 7,
                }
            }
        }
        .max(usize::from(sentence && border == Border::Start))
    }

    fn after_bucket(&self, last: usize, end: usize) -> usize {
        let all = self.tokens.as_slice();
        let Some(next) = all.get(last + 1) else { return 0 };
        let between = self.text.get(end..next.start as usize).unwrap_or_default();
        match next.gap {
            // US$, Orlando®
            _ if between.starts_with(is_sign) => 15,
            Gap::Comma => 3,
            Gap::Apostrophe => match self.tokens.key(last + 1) {
                b"s" => 10,
                _ if ends_set_off(self.tokens, last + 1) => 12,
                _ => 13,
            },
            Gap::Space if between.starts_with(['/', '_']) => 14,
            Gap::Space if between.starts_with(['-', '‐', '‑', '–']) => {
                if next.shape.is_capitalized() {
                    5
                } else {
                    4
                }
            }
            Gap::Space | Gap::Nothing | Gap::LineHyphen => {
                let key = self.tokens.key(last + 1);
                match () {
                    () if key.first().is_some_and(u8::is_ascii_digit) => 9,
                    () if next.shape.is_lowercase() || !next.shape.is_cased() => 6,
                    () if self.room.covered[last + 1] => 7,
                    () if self.words.person(key).1 >= 3 => 11,
                    () => 8,
                }
            }
            _ if between.trim_start().starts_with(['.', '!', '?', '。', '।', '؟', '։']) => 1,
            _ if between.contains('\n') => 0,
            _ => 2,
        }
    }

    /// Whether another name of the same record stands within a few words, before or after.
    fn has_other_name(&self, index: usize) -> bool {
        let this = &self.mentions[index];
        let record = |m: &Mention<'g>| self.bearers[m.best].record.index();
        let is_other = |m: &Mention<'g>| {
            let apart = m.found.first.abs_diff(this.found.last).min(this.found.first.abs_diff(m.found.last));
            apart <= BESIDE
                && m.found.entry() != this.found.entry()
                && (m.span.1 <= this.span.0 || this.span.1 <= m.span.0)
                && record(m) == record(this)
        };
        let from = index.saturating_sub(2 * BESIDE as usize);
        let to = (index + 2 * BESIDE as usize).min(self.mentions.len());
        self.mentions[from..to].iter().any(is_other)
    }

    /// Whether the mention lies inside a longer match that begins before it or with it.
    fn inside_longer(&self, index: usize) -> bool {
        let mention = &self.mentions[index];
        self.mentions[index.saturating_sub(6)..index]
            .iter()
            .any(|m| m.span.1 >= mention.span.1 && m.span.0 <= mention.span.0)
    }

    /// The mention behind a comma or parenthesis that may be the unit this one lies in, and whether small words stand between:
    /// `Paris, Texas`, `St John's, the capital of Antigua`.
    fn container(&self, mention: &Mention<'g>, last: usize) -> Option<Container> {
        self.tokens.get(last + 1).filter(|t| matches!(t.gap, Gap::Comma | Gap::Paren))?;
        let is_small = |i: &usize| {
            self.tokens
                .get(*i)
                .is_some_and(|t| t.shape.is_lowercase() && (*i == last + 1 || t.gap == Gap::Space))
        };
        let small = (last + 1..=last + APPOSITION).take_while(is_small).count();
        let first = last + 1 + small;
        if small > 0 && self.tokens.get(first).is_none_or(|t| t.gap != Gap::Space) {
            return None;
        }
        let at = self.room.starts.get(first).copied().flatten()? as usize;
        let holds = self.mentions[at..].iter().take(3).position(|m| {
            m.found.first as usize == first
                && self.bearers[m.bearers.0..m.bearers.1].iter().any(|c| {
                    c.class.contains_towns()
                        && self.bearers[mention.bearers.0..mention.bearers.1].iter().any(|b| c.holds(b))
                })
        })?;
        Some(Container { mention: at + holds, is_apart: small > 0 })
    }

    /// Whether this may be the unit of the mention before a comma.
    fn is_container(&self, first: usize, best: &Bearer<'_>) -> bool {
        if !best.class.contains_towns()
            || !self.tokens.get(first).is_some_and(|t| matches!(t.gap, Gap::Comma | Gap::Paren))
        {
            return false;
        }
        let before = first.checked_sub(1).and_then(|i| self.room.ends[i]);
        before.is_some_and(|i| {
            let town = &self.mentions[i as usize];
            self.bearers[town.bearers.0..town.bearers.1].iter().any(|b| best.holds(b))
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Border {
    Start,
    Sentence,
    Other,
    Comma,
    Hyphen,
    Slash,
    Apostrophe,
    Word,
}

/// The writing of a script as far as features differ by it.
pub(crate) fn writing(script: Script) -> usize {
    match script {
        s if s.is_cased() => 0,
        // Words without vowels are often other words too.
        Script::Arab | Script::Hebr | Script::Syrc => 1,
        Script::Hang => 3,
        s if s.is_unspaced() || s == Script::Kana => 2,
        Script::Zyyy => 0,
        _ => 4,
    }
}

/// Whether a capitalised word is a person's name where it stands: behind a given name or title, or a given name before a surname.
fn is_person(tokens: &Tokens, i: usize, words: &Words, langs: Languages, room: &mut Room) -> bool {
    let all = tokens.as_slice();
    let token = &all[i];
    let given = |i: usize| words.person(tokens.key(i)).0 >= 4;
    let behind = i > 0
        && token.gap == Gap::Space
        && (all[i - 1].shape.is_capitalized() && given(i - 1) && !token.shape.is_all_caps()
            || words.head_before(tokens, i, langs, &mut room.phrase) == Some(Head::Title));
    // Georgia Stevens is later Georgia.
    behind
        || given(i)
            && all.get(i + 1).is_some_and(|next| {
                next.gap == Gap::Space
                    && next.shape.is_capitalized()
                    && !room.covered[i + 1]
                    && words.person(tokens.key(i + 1)).1 >= 3
            })
}

/// Whether a character is a sign that makes something else of the word it sticks to.
fn is_sign(c: char) -> bool {
    matches!(c, '$' | '£' | '¥' | '€' | '₹' | '₽' | '®' | '™' | '@')
}

fn shape_bucket(first: Shape, last: Shape, several: bool) -> usize {
    match () {
        () if !first.is_cased() => 6,
        () if first.is_all_caps() && (!several || last.is_all_caps() || !last.is_cased()) => 2,
        () if first.is_capitalized() && several && last.is_lowercase() => 3,
        () if first.has_inner_capital() => 4,
        () if first.is_capitalized() => 1,
        () if several && last.is_capitalized() => 5,
        () => 0,
    }
}

/// What speaks for a bearer before the rest of the text is looked at.
pub(crate) fn choice_prior(
    bearer: &Bearer<'_>,
    rivals: &Rivals,
    options: &Options,
    mut give: impl FnMut(u16, f32),
) {
    let log = |n: u64| ((n + 1) as f32).log10();
    give(Choice::population.bucket(0), log(bearer.population) / 2.0);
    give(Choice::class.bucket(bearer.class as usize), 1.0);
    give(Choice::name_kind.bucket(bearer.name.kind() as usize), 1.0);
    let canonical = match () {
        () if bearer.name.is_canonical() => 0,
        () if matches!(bearer.name.kind(), NameKind::Preferred | NameKind::Official | NameKind::Short) => 1,
        () => 2,
    };
    give(Choice::canonical.bucket(canonical), 1.0);
    if bearer.rule.is_some() {
        give(Choice::inflected.bucket(0), 1.0);
    }
    give(Choice::lang.bucket(bearer.lang as usize), 1.0);
    if bearer.exact {
        give(Choice::exact.bucket(0), 1.0);
    }
    if bearer.population == rivals.most && rivals.most > 0 {
        give(Choice::top.bucket(0), 1.0);
    }
    if rivals.total > 0 {
        give(Choice::share.bucket(0), bearer.population as f32 / rivals.total as f32);
    }
    // New York, Washington: the city before the state.
    if rivals.has_city && matches!(bearer.class, Class::Admin1 | Class::Admin2 | Class::Admin3) {
        give(Choice::beside_city.bucket(0), 1.0);
    }
    give(
        Choice::prominence.bucket(0),
        prominence(bearer.record.kind(), bearer.feature, bearer.population) as f32 / 100.0,
    );
    if bearer.home {
        give(Choice::home.bucket(0), 1.0);
        give(Choice::population_home.bucket(0), log(bearer.population) / 2.0);
    }
    if options.countries.iter().any(|c| c.eq_ignore_ascii_case(bearer.country)) {
        give(Choice::hinted.bucket(0), 1.0);
    }
}
