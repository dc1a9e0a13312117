//! Whether a name goes on behind a word: told by the filter of pairs for a stretch of words at a time, so that where it says no
//! the automaton is never asked, and the processor fetches what it needs for several words at once.

use std::ops::Range;

use super::known::{Begins, Known, LATER, NONE, Start};
use crate::gazetteer::pairs::{self, Pairs};
use crate::token::{Gap, Tokens};

/// What may begin with a word of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ahead {
    /// No name.
    Nothing,
    /// A name of this word alone.
    Alone,
    /// A longer one.
    More,
}

/// What may begin with the words of a stretch of text.
#[derive(Clone, Debug, Default)]
pub(super) struct Outlook {
    /// The words it is of.
    pub(super) words: Range<usize>,
    told: Vec<Ahead>,
}

impl Outlook {
    /// What may begin with a word of the stretch.
    #[inline]
    pub(super) fn of(&self, word: usize) -> Ahead {
        self.told.get(word.wrapping_sub(self.words.start)).copied().unwrap_or(Ahead::Nothing)
    }
}

/// A word behind another, as the filter is asked about it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Second {
    /// The hash of its beginning, and those of its other forms in [`Known::beginnings`] from `from` on.
    first: u32,
    from: u32,
    count: u8,
    /// Whether one of the forms may be all of the word.
    is_short: bool,
}

impl Second {
    /// More forms with a beginning of their own than are worth asking about.
    const MANY: u8 = 8;

    pub(super) const NONE: Second = Second { first: 0, from: 0, count: 0, is_short: false };

    pub(super) fn new(key: &[u8]) -> Second {
        let (beginning, is_short) = pairs::beginning(key);
        Second { first: pairs::half(beginning), from: 0, count: 0, is_short }
    }

    /// Whether all forms of a word begin alike if they share so many bytes with it.
    pub(super) fn is_one(key: &[u8], shared: usize) -> bool {
        key.get(..shared).is_some_and(|beginning| !pairs::beginning(beginning).1)
    }

    /// A further form of the word, of which the beginning is kept in `all` if it is another.
    pub(super) fn add(&mut self, form: &[u8], all: &mut Vec<u32>) {
        let (beginning, is_short) = pairs::beginning(form);
        self.is_short |= is_short;
        if self.count == 0 {
            self.from = all.len() as u32;
        }
        let hash = pairs::half(beginning);
        if self.count < Second::MANY && hash != self.first && !all[self.from as usize..].contains(&hash) {
            all.push(hash);
            self.count += 1;
        }
    }
}

impl Known {
    /// Tell what may begin with some words; all of them and the one behind were asked about.
    pub(super) fn look_ahead(
        &self,
        pairs: Pairs<'_>,
        tokens: &Tokens,
        words: Range<usize>,
        out: &mut Outlook,
    ) {
        out.words = words.clone();
        out.told.clear();
        out.told.extend(words.map(|i| {
            let Some(token) = tokens.get(i) else { return Ahead::Nothing };
            let start = self.start(token.word);
            let next = tokens.get(i + 1);
            match start.begins {
                Begins::Nothing => return Ahead::Nothing,
                Begins::Joined if next.is_some_and(|next| next.gap.may_join()) => return Ahead::More,
                Begins::Joined => return Ahead::Nothing,
                Begins::Unknown | Begins::Names => {}
            }
            let goes_on = next.is_some_and(|next| {
                let Start { second, is_wide, .. } = self.start(next.word);
                let is_joined = || tokens.get(i + 2).is_some_and(|third| third.gap.may_join());
                match next.gap.may_join() {
                    true if next.gap == Gap::Nothing && start.is_wide && *is_wide => {
                        self.may_follow(pairs, start, None, second)
                    }
                    true => true,
                    false if second.is_short && is_joined() => true,
                    false => self.may_follow(pairs, start, next.gap.byte(), second),
                }
            });
            match goes_on {
                true => Ahead::More,
                false if start.entry != NONE || start.form_is_key => Ahead::Alone,
                false => Ahead::Nothing,
            }
        }));
    }

    /// Whether a key may go on with a second word behind the forms of a first one.
    #[inline]
    fn may_follow(&self, pairs: Pairs<'_>, start: &Start, between: Option<u8>, second: &Second) -> bool {
        let others = self.beginnings.get(second.from as usize..).unwrap_or_default();
        let others = others.get(..usize::from(second.count)).unwrap_or_default();
        let any = |first: u32| {
            let holds = |second: u32| pairs.may_hold(pairs::pair(first, between, second));
            holds(second.first) || others.iter().any(|second| holds(*second))
        };
        second.count == Second::MANY
            || start.exact < LATER && any(start.hash)
            || (start.forms.0..start.forms.1)
                .any(|form| self.state(form).is_some_and(|state| any(state.hash)))
    }
}
