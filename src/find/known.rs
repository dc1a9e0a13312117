//! What is known of the words of a text: where each leads in the automaton, alone and behind others.
//!
//! The automaton and the inflection rules are asked about a word once, however often it is met, and once about a word behind
//! others. So the part of the gazetteer that a text touches becomes a table of states and steps between them; where a step is not
//! in the table (any more), the automaton is asked again. The answers hold as long as the gazetteer, the language and the
//! numbers of the words stay the same.

use crate::gazetteer::{Cursor, Gazetteer, Place, filter};
use crate::script::Script;
use crate::token::inflect::{Form, Morphology};
use crate::token::{Gap, Token, Tokens, first_word};

/// Who asks: answers hold for this alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Asker {
    gazetteer: usize,
    inflects: bool,
    /// The language; empty for all.
    lang: String,
    generation: u64,
}

/// A place in the automaton behind some words.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    pub(super) place: Place,
    /// Behind a space too.
    spaced: Place,
    /// The key that ends here, or [`NONE`].
    pub(super) entry: u32,
    /// The last inflected form on the way, by its number, or [`NONE`].
    form: u32,
}

impl State {
    /// Whether no name goes on with a space.
    #[inline]
    pub(super) fn ends(&self) -> bool {
        self.spaced.is_nowhere()
    }

    /// Where the automaton stands when a gap is behind it, if some key goes on there.
    #[inline]
    pub(super) fn behind<'g>(&self, root: Cursor<'g>, gap: Gap) -> Option<Cursor<'g>> {
        match gap {
            Gap::Space => (!self.spaced.is_nowhere()).then(|| root.at(self.spaced)),
            gap => {
                let mut cursor = root.at(self.place);
                gap.byte().is_none_or(|byte| cursor.step(byte)).then_some(cursor)
            }
        }
    }
}

/// What one word can begin, and how it can go on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    pub(super) begins: Begins,
    /// Whether no name goes on with a space.
    ends: bool,
    /// The key that is this word alone, or [`NONE`].
    entry: u32,
    /// The state behind the word as it is, or [`NONE`], or [`LATER`].
    pub(super) exact: u32,
    /// The states behind its other forms: first, and behind the last.
    pub(super) forms: (u32, u32),
    /// How many bytes at its beginning all its forms share with it; [`NONE`] if it has none.
    shared: u32,
}

/// What is known of the names that begin with a word or its forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begins {
    Unknown,
    Nothing,
    /// Only what goes on without anything between, such as N'Djamena with n.
    Joined,
    Names,
}

/// No state.
pub(super) const NONE: u32 = u32::MAX;
/// A state that is only walked to if need be.
pub(super) const LATER: u32 = NONE - 1;

impl Start {
    const UNKNOWN: Start =
        Start { begins: Begins::Unknown, ends: true, entry: NONE, exact: NONE, forms: (0, 0), shared: NONE };
}

/// A step from a state over a gap and a word, and where it leads.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    from: u64,
    to: u32,
}

/// Answers so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    asker: Asker,
    starts: Vec<Start>,
    states: Vec<State>,
    forms: Vec<Form<'static>>,
    /// Steps that lead nowhere, which are most. Each has one place, and the last one stays.
    dead: Vec<u64>,
    /// The others, likewise.
    alive: Vec<Step>,
    /// Room for a form.
    room: Vec<u8>,
}

/// Most steps remembered, in 256 kB: a quarter of a second-level cache.
const STEPS: usize = 1 << 15;
/// Most states, after which all begins anew.
const STATES: usize = 1 << 18;

impl Known {
    /// Be ready for some words; forget all answers if another asks.
    pub(super) fn prepare(
        &mut self,
        gazetteer: &Gazetteer,
        inflects: bool,
        lang: Option<&str>,
        tokens: &Tokens,
    ) {
        let gazetteer = std::ptr::from_ref(gazetteer).addr();
        let same = self.asker.gazetteer == gazetteer
            && self.asker.inflects == inflects
            && self.asker.lang == lang.unwrap_or_default()
            && self.asker.generation == tokens.generation();
        if !same || self.states.len() > STATES {
            lang.unwrap_or_default().clone_into(&mut self.asker.lang);
            self.asker.gazetteer = gazetteer;
            self.asker.inflects = inflects;
            self.asker.generation = tokens.generation();
            self.starts.clear();
            self.states.clear();
            self.forms.clear();
            self.dead.fill(0);
            self.alive.fill(Step::default());
        }
        self.starts.resize(tokens.distinct(), Start::UNKNOWN);
        let steps = (4 * tokens.distinct()).next_power_of_two().clamp(256, STEPS);
        if steps > self.dead.len() {
            self.dead.clear();
            self.dead.resize(steps, 0);
            self.alive.clear();
            self.alive.resize(steps / 4, Step::default());
        }
    }

    /// What is known of a word.
    #[inline]
    pub(super) fn start(&self, word: u32) -> &Start {
        self.starts.get(word as usize).unwrap_or(&Start::UNKNOWN)
    }

    /// The state with a number.
    #[inline]
    pub(super) fn state(&self, number: u32) -> Option<&State> {
        self.states.get(number as usize)
    }

    /// The last inflected form on the way to a state.
    #[inline]
    pub(super) fn form(&self, state: &State) -> Option<Form<'static>> {
        self.forms.get(state.form as usize).copied()
    }

    /// Whether the word of a token is a name alone and begins no longer one, as far as is known: its key then, [`NONE`] if it is not
    /// even that.
    #[inline]
    pub(super) fn alone(&self, start: &Start, next: Option<&Token>) -> Option<u32> {
        let is_alone = match next {
            Some(next) if next.gap == Gap::Space && start.ends => true,
            Some(next) if start.exact == LATER => !next.gap.may_join(),
            Some(next) => {
                !matches!(next.gap, Gap::Inner | Gap::LineHyphen)
                    && self.is_dead(start.exact, next.gap, next.word)
            }
            None => true,
        };
        (is_alone && (start.entry != NONE || start.forms.0 == start.forms.1)).then_some(start.entry)
    }

    /// Remember the state where a cursor stands.
    pub(super) fn add(&mut self, cursor: Cursor<'_>, form: Option<Form<'static>>) -> u32 {
        let mut spaced = cursor;
        let spaced = if spaced.step(b' ') { spaced.place() } else { Place::NOWHERE };
        let entry = cursor.value().unwrap_or(NONE);
        let form = form.map_or(NONE, |form| {
            self.forms.push(form);
            (self.forms.len() - 1) as u32
        });
        self.states.push(State { place: cursor.place(), spaced, entry, form });
        (self.states.len() - 1) as u32
    }

    /// Ask about the word of a token.
    #[cold]
    pub(super) fn ask(
        &mut self,
        gazetteer: &Gazetteer,
        morphology: Option<&'static Morphology>,
        lang: Option<&str>,
        tokens: &Tokens,
        token: &Token,
    ) -> Begins {
        let key = tokens.word_key(token.word);
        let mut start = Start { begins: Begins::Nothing, ..Start::UNKNOWN };
        // The filter costs a cache miss, and several at a time if need be; each step of the automaton may cost one more. Behind
        // the filter's no may still stand what goes on without anything between, which is rare to be asked for.
        let filter = gazetteer.filter();
        if filter.query(filter::hash(first_word(key, &mut self.room))).is_none() {
            (start.begins, start.exact) = (Begins::Joined, LATER);
        } else {
            self.walk(gazetteer, key, &mut start);
        }
        if let Some(morphology) = morphology {
            start.shared = morphology.shared(key, token.script).map_or(NONE, |shared| shared as u32);
            if start.shared != NONE && super::may_inflect(token) {
                start.forms.0 = self.states.len() as u32;
                let mut room = std::mem::take(&mut self.room);
                morphology.forms(key, token.script, lang, |head, tail, form| {
                    room.clear();
                    room.extend_from_slice(head);
                    room.extend_from_slice(tail);
                    if may_join(token, &form) || !filter.query(filter::hash(&room)).is_none() {
                        let mut cursor = gazetteer.cursor();
                        if cursor.steps(&room) {
                            self.add(cursor, Some(form));
                        }
                    }
                    false
                });
                self.room = room;
                start.forms.1 = self.states.len() as u32;
                if start.forms.0 < start.forms.1 {
                    start.begins = Begins::Names;
                }
            }
        }
        if let Some(slot) = self.starts.get_mut(token.word as usize) {
            *slot = start;
        }
        start.begins
    }

    /// Walk to the state behind a word.
    fn walk(&mut self, gazetteer: &Gazetteer, key: &[u8], start: &mut Start) {
        let mut cursor = gazetteer.cursor();
        start.exact = NONE;
        if cursor.steps(key) {
            start.exact = self.add(cursor, None);
            if let Some(state) = self.states.last() {
                (start.begins, start.entry, start.ends) = (Begins::Names, state.entry, state.ends());
            }
        }
    }

    /// What is known of a word behind which nothing stands that tells names apart.
    pub(super) fn joined(&mut self, gazetteer: &Gazetteer, tokens: &Tokens, word: u32) -> Start {
        let mut start = *self.start(word);
        if start.exact == LATER {
            let begins = start.begins;
            self.walk(gazetteer, tokens.word_key(word), &mut start);
            start.begins = begins;
            if start.exact == NONE && begins == Begins::Joined {
                start.begins = Begins::Nothing;
            }
            if let Some(slot) = self.starts.get_mut(word as usize) {
                *slot = start;
            }
        }
        start
    }

    /// How many bytes at its beginning a word shares with all its forms, if it was asked about; [`NONE`] if it has no forms.
    #[inline]
    pub(super) fn shared(&self, word: u32) -> Option<u32> {
        Some(self.start(word)).filter(|start| start.begins != Begins::Unknown).map(|start| start.shared)
    }

    /// Whether it is known that a step leads nowhere.
    #[inline]
    fn is_dead(&self, state: u32, gap: Gap, word: u32) -> bool {
        let from = from(state, gap, word);
        self.dead.get(home(from, self.dead.len())) == Some(&from) && from != 0
    }

    /// Where a step leads: `None` if that is not known, [`NONE`] if no name goes on there.
    #[inline]
    pub(super) fn step(&self, state: u32, gap: Gap, word: u32) -> Option<u32> {
        if self.is_dead(state, gap, word) {
            return Some(NONE);
        }
        let from = from(state, gap, word);
        let step = self.alive.get(home(from, self.alive.len()))?;
        (step.from == from && from != 0).then_some(step.to)
    }

    /// Remember where a step leads.
    #[inline]
    pub(super) fn set_step(&mut self, state: u32, gap: Gap, word: u32, to: u32) {
        let from = from(state, gap, word);
        let (dead, alive) = (home(from, self.dead.len()), home(from, self.alive.len()));
        if to == NONE {
            if let Some(step) = self.dead.get_mut(dead) {
                *step = from;
            }
        } else if let Some(step) = self.alive.get_mut(alive) {
            *step = Step { from, to };
        }
    }
}

/// Whether a name may go on behind an apostrophe, so that the filter was told of a longer word: Hebrew names with a geresh.
fn may_join(token: &Token, form: &Form<'_>) -> bool {
    token.script == Script::Hebr && form.cut_start > 0
}

/// One number for a step; 0 if the words have too high numbers.
#[inline]
fn from(state: u32, gap: Gap, word: u32) -> u64 {
    let number = |n: u32| u64::from(n) + 1;
    match (state | word) >> 28 {
        0 => number(state) << 34 | number(word) << 4 | gap as u64,
        _ => 0,
    }
}

#[inline]
fn home(from: u64, places: usize) -> usize {
    ((u128::from(from.wrapping_mul(0x9e37_79b9_7f4a_7c15)) * places as u128) >> 64) as usize
}
