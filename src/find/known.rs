//! What is known of the words of a text: where each leads in the automaton, alone and behind others.
//!
//! The automaton and the inflection rules are asked about a word once, however often it is met, and once about a word behind
//! others. So the part of the gazetteer that a text touches becomes a table of states and steps between them; where a step is not
//! in the table (any more), the automaton is asked again. The answers hold as long as the gazetteer, the language and the
//! numbers of the words stay the same.

use super::ahead::Second;
use crate::gazetteer::{Cursor, Gazetteer, Place, filter, pairs};
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
    /// Half of the hash of the form that leads here, if it is one of a first word.
    pub(super) hash: u32,
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
    /// Half of its hash.
    pub(super) hash: u32,
    /// The key that is this word alone, or [`NONE`].
    pub(super) entry: u32,
    /// The state behind the word as it is, or [`NONE`], or [`LATER`].
    pub(super) exact: u32,
    /// The states behind its other forms: first, and behind the last.
    pub(super) forms: (u32, u32),
    /// How many bytes at its beginning all its forms share with it; [`NONE`] if it has none.
    shared: u32,
    /// Whether one of its other forms alone is a key.
    pub(super) form_is_key: bool,
    /// Whether it is one character of a script without spaces.
    pub(super) is_wide: bool,
    /// The same word behind another.
    pub(super) second: Second,
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
    const UNKNOWN: Start = Start {
        begins: Begins::Unknown,
        hash: 0,
        entry: NONE,
        exact: NONE,
        forms: (0, 0),
        shared: NONE,
        form_is_key: false,
        is_wide: false,
        second: Second::NONE,
    };
}

/// A step from a state over a gap and a word, and where it leads.
#[derive(Clone, Copy, Debug, Default)]
struct Step {
    from: u64,
    to: u32,
}

/// What is to be asked: whether a word or one of its forms begins a key.
#[derive(Clone, Copy, Debug)]
struct Question {
    hash: u64,
    word: u32,
    form: Option<Form<'static>>,
    /// Where the form stands in the room for forms.
    at: (u32, u32),
    passes: bool,
}

/// Answers so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    asker: Asker,
    starts: Vec<Start>,
    /// Hashes of further beginnings of second words.
    pub(super) beginnings: Vec<u32>,
    states: Vec<State>,
    forms: Vec<Form<'static>>,
    /// Steps that lead nowhere, which are most. Each has one place, and the last one stays.
    dead: Vec<u64>,
    /// The others, likewise.
    alive: Vec<Step>,
    questions: Vec<Question>,
    /// Room for the forms in question.
    room: Vec<u8>,
    /// Room for a first word.
    first: Vec<u8>,
}

/// Most steps remembered, in 256 kB: a quarter of a second-level cache.
const STEPS: usize = 1 << 12;
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
            self.beginnings.clear();
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

    /// Remember the state where a cursor stands.
    pub(super) fn add(&mut self, cursor: Cursor<'_>, form: Option<Form<'static>>, hash: u32) -> u32 {
        let mut spaced = cursor;
        let spaced = if spaced.step(b' ') { spaced.place() } else { Place::NOWHERE };
        let entry = cursor.value().unwrap_or(NONE);
        let form = form.map_or(NONE, |form| {
            self.forms.push(form);
            (self.forms.len() - 1) as u32
        });
        self.states.push(State { place: cursor.place(), spaced, entry, form, hash });
        (self.states.len() - 1) as u32
    }

    /// Ask about the words of some tokens, as far as they are not known.
    pub(super) fn ask(
        &mut self,
        gazetteer: &Gazetteer,
        morphology: Option<&'static Morphology>,
        lang: Option<&str>,
        tokens: &Tokens,
        some: &[Token],
    ) {
        for token in some {
            if self.start(token.word).begins == Begins::Unknown {
                self.ask_later(morphology, lang, tokens, token);
            }
        }
        if self.questions.is_empty() {
            return;
        }
        // A question to the filter costs a cache miss; asked one behind the other, they pass the time together.
        let filter = gazetteer.filter();
        for question in &mut self.questions {
            question.passes |= !filter.query(question.hash).is_none();
        }
        let questions = std::mem::take(&mut self.questions);
        for question in &questions {
            self.answer(gazetteer, tokens, question);
        }
        self.questions = questions;
        self.questions.clear();
        self.room.clear();
    }

    /// Write down what is to be asked about the word of a token, and what is known without asking.
    #[cold]
    fn ask_later(
        &mut self,
        morphology: Option<&'static Morphology>,
        lang: Option<&str>,
        tokens: &Tokens,
        token: &Token,
    ) {
        let key = tokens.word_key(token.word);
        let mut start = Start { begins: Begins::Nothing, ..Start::UNKNOWN };
        let hash = filter::hash(key);
        start.hash = hash as u32;
        start.is_wide = token.script == Script::Hani && pairs::wide(key) == Some(key);
        start.second = Second::new(key);
        let first = first_word(key, &mut self.first);
        let hash = if first.len() == key.len() { hash } else { filter::hash(first) };
        let word = token.word;
        self.questions.push(Question { hash, word, form: None, at: (0, 0), passes: false });
        if let Some(morphology) = morphology {
            start.shared = morphology.shared(key, token.script).map_or(NONE, |shared| shared as u32);
            let may_inflect = super::may_inflect(token);
            let is_one = Second::is_one(key, start.shared as usize);
            let (room, questions, beginnings) = (&mut self.room, &mut self.questions, &mut self.beginnings);
            morphology.forms(key, token.script, lang, |head, tail, form| {
                let from = room.len();
                room.extend_from_slice(head);
                room.extend_from_slice(tail);
                if form.cut_start == 0 && !is_one {
                    start.second.add(&room[from..], beginnings);
                }
                if may_inflect {
                    let (hash, passes) = (filter::hash(&room[from..]), may_join(token, &form));
                    let at = (from as u32, room.len() as u32);
                    questions.push(Question { hash, word, form: Some(form), at, passes });
                }
                false
            });
        }
        if let Some(slot) = self.starts.get_mut(word as usize) {
            *slot = start;
        }
    }

    /// The filter has spoken: walk to the state behind a word or one of its forms.
    fn answer(&mut self, gazetteer: &Gazetteer, tokens: &Tokens, question: &Question) {
        let mut start = *self.start(question.word);
        match question.form {
            // Behind the filter's no may still stand what goes on without anything between, which is rare to be asked for.
            None if !question.passes => (start.begins, start.exact) = (Begins::Joined, LATER),
            None => self.walk(gazetteer, tokens.word_key(question.word), &mut start),
            Some(_) if !question.passes => return,
            Some(form) => {
                let mut cursor = gazetteer.cursor();
                let (from, to) = question.at;
                if !cursor.steps(self.room.get(from as usize..to as usize).unwrap_or_default()) {
                    return;
                }
                let state = self.add(cursor, Some(form), question.hash as u32);
                if start.forms.0 == start.forms.1 {
                    start.forms.0 = state;
                }
                start.forms.1 = state + 1;
                start.begins = Begins::Names;
                start.form_is_key |= self.state(state).is_some_and(|state| state.entry != NONE);
            }
        }
        if let Some(slot) = self.starts.get_mut(question.word as usize) {
            *slot = start;
        }
    }

    /// Walk to the state behind a word.
    fn walk(&mut self, gazetteer: &Gazetteer, key: &[u8], start: &mut Start) {
        let mut cursor = gazetteer.cursor();
        start.exact = NONE;
        if cursor.steps(key) {
            start.exact = self.add(cursor, None, start.hash);
            if let Some(state) = self.states.last() {
                (start.begins, start.entry) = (Begins::Names, state.entry);
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
