//! What single words say about the names beside them: head words of bigger names, common words, personal names.
//!
//! The tables are `rules/heads.tsv`, `rules/words.tsv` and `rules/persons.tsv`; words are folded when they are read.

use std::borrow::Cow;
use std::sync::OnceLock;

use foldhash::{HashMap, HashSet};

use crate::fold::push_plain;
use crate::gazetteer::filter::hash;
use crate::rules::rows;
use crate::script::Script;
use crate::token::{Gap, Key, Token, Tokens};

/// What a word beside a name makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Head {
    /// A university, newspaper, club, company, agency.
    Organization,
    /// A treaty, declaration, protocol.
    Document,
    /// A war, battle, conference, championship.
    Event,
    /// A street, airport, stadium, museum.
    Facility,
    /// A form of address or office before a personal name.
    Title,
    /// A word for a kind of place: city, province, village.
    Unit,
    /// A river, lake, mountain, sea.
    Feature,
}

impl Head {
    fn from_str(text: &str) -> Option<Head> {
        Some(match text {
            "organization" => Head::Organization,
            "document" => Head::Document,
            "event" => Head::Event,
            "facility" => Head::Facility,
            "title" => Head::Title,
            "unit" => Head::Unit,
            "feature" => Head::Feature,
            _ => return None,
        })
    }

    /// Whether a place named beside it is no place of its own.
    pub(crate) fn embeds(self) -> bool {
        !matches!(self, Head::Unit | Head::Feature)
    }
}

/// How common a word is as a word of some language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Commonness {
    /// In no list.
    #[default]
    None,
    /// In a dictionary.
    Word,
    /// Frequent.
    Common,
    /// A function word.
    Function,
}

/// What a word is beside a name, in some languages.
#[derive(Debug)]
struct HeadRow {
    head: Head,
    before: bool,
    after: bool,
    /// Only with a capital.
    capital: bool,
    langs: Languages,
}

/// The side of a name on which a head word is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// A set of languages, by their number in [`Words::languages`].
pub(crate) type Languages = u128;

/// In which languages a word is how common.
#[derive(Clone, Copy, Debug, Default)]
struct WordRow {
    function: Languages,
    common: Languages,
    word: Languages,
}

impl WordRow {
    fn commonness(&self, of: Languages) -> Commonness {
        match () {
            () if self.function & of != 0 => Commonness::Function,
            () if self.common & of != 0 => Commonness::Common,
            () if self.word & of != 0 => Commonness::Word,
            () => Commonness::None,
        }
    }
}

/// The word tables.
#[derive(Debug, Default)]
pub(crate) struct Words {
    heads: HashMap<Cow<'static, [u8]>, Vec<HeadRow>>,
    stems: HashMap<Cow<'static, [u8]>, Vec<HeadRow>>,
    /// The greatest length of a stem.
    stem_most: usize,
    /// How stems begin: most words are none by this alone.
    stem_starts: HashSet<[u8; 3]>,
    /// Bits of the hashes of the words with which heads begin.
    head_starts: Vec<u64>,
    words: HashMap<Cow<'static, [u8]>, WordRow>,
    persons: HashMap<Cow<'static, [u8]>, (u8, u8)>,
    /// The languages of the tables; at most as many as [`Languages`] has bits.
    languages: Vec<&'static str>,
}

impl Words {
    pub(crate) fn builtin() -> &'static Words {
        static BUILTIN: OnceLock<Words> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            Words::from_tables(
                include_str!("../../rules/heads.tsv"),
                include_str!("../../rules/words.tsv"),
                include_str!("../../rules/persons.tsv"),
            )
        })
    }

    fn from_tables(heads: &'static str, words: &'static str, persons: &'static str) -> Words {
        let mut all = Words::default();
        // A row has some eighteen bytes.
        all.words.reserve(words.len() / 18);
        all.persons.reserve(persons.len() / 18);
        let (lists, tokens) = (&mut HashMap::default(), &mut Tokens::default());
        for row in rows(heads) {
            let [word, langs, side, class, ref note @ ..] = row[..] else { continue };
            let Some(head) = Head::from_str(class) else { continue };
            let row = HeadRow {
                head,
                before: side != "after",
                after: side != "before",
                capital: note.first().is_some_and(|note| note.starts_with("cap")),
                langs: *lists.entry(langs).or_insert_with(|| all.number(langs)),
            };
            match word.strip_suffix('*') {
                Some(stem) => all.stems.entry(key(stem, tokens)).or_default().push(row),
                None => all.heads.entry(key(word, tokens)).or_default().push(row),
            }
        }
        all.head_starts = vec![0; HEAD_STARTS];
        for head in all.heads.keys() {
            let (word, bit) = head_start(head.split(|byte| *byte == b' ').next().unwrap_or_default());
            all.head_starts[word] |= bit;
        }
        all.stem_most = all.stems.keys().map(|stem| stem.len()).max().unwrap_or(0);
        all.stem_starts = all.stems.keys().filter_map(|stem| stem.first_chunk().copied()).collect();
        for row in rows(words) {
            let [word, langs, class, ..] = row[..] else { continue };
            let langs = *lists.entry(langs).or_insert_with(|| all.number(langs));
            let row = all.words.entry(key(word, tokens)).or_default();
            match class {
                "function" => row.function |= langs,
                "common" => row.common |= langs,
                _ => row.word |= langs,
            }
        }
        for row in rows(persons) {
            let [name, kind, weight, ..] = row[..] else { continue };
            let weight = 1 + weight.parse::<u8>().unwrap_or(0).min(8);
            let of = all.persons.entry(key(name, tokens)).or_default();
            if kind != "surname" {
                of.0 = of.0.max(weight);
            }
            if kind != "given" {
                of.1 = of.1.max(weight);
            }
        }
        all
    }

    /// A language as a set; none if the tables know no word of it.
    pub(crate) fn language(&self, tag: &str) -> Languages {
        let number = self.languages.iter().position(|known| *known == tag);
        number.map_or(0, |i| 1u128.checked_shl(i as u32).unwrap_or(0))
    }

    /// Languages as a set; those not met before are given numbers.
    fn number(&mut self, tags: &'static str) -> Languages {
        tags.split(';').fold(0, |set, tag| {
            if !self.languages.contains(&tag) {
                self.languages.push(tag);
            }
            set | self.language(tag)
        })
    }

    /// How common a word is in some languages, and how common in any.
    pub(crate) fn commonness(&self, key: &[u8], of: Languages) -> (Commonness, Commonness) {
        self.words
            .get(key)
            .map_or_else(Default::default, |row| (row.commonness(of), row.commonness(Languages::MAX)))
    }

    /// How common a word is as given name and as surname, each 0 (never) to 9.
    pub(crate) fn person(&self, key: &[u8]) -> (u8, u8) {
        self.persons.get(key).copied().unwrap_or_default()
    }

    /// The head word that begins behind the word `last`, if it stands close. `room` is memory to work in.
    pub(crate) fn head_after(
        &self,
        tokens: &Tokens,
        last: usize,
        of: Languages,
        room: &mut Vec<u8>,
    ) -> Option<Head> {
        room.clear();
        if !self.may_begin_head(tokens, last + 1) {
            return None;
        }
        let capital = tokens.get(last + 1).is_some_and(|t| !t.shape.is_lowercase());
        let mut best = None;
        for i in last + 1..=last + 4 {
            let Some(token) = tokens.get(i).filter(|t| joins(t)) else { break };
            if i > last + 1 {
                room.extend(token.gap.byte());
            }
            room.extend_from_slice(tokens.key(i));
            best = self.head(room, Side::After, capital, of).or(best);
        }
        best
    }

    /// The head word that ends before the word `first`, if it stands close. `room` is memory to work in.
    pub(crate) fn head_before(
        &self,
        tokens: &Tokens,
        first: usize,
        of: Languages,
        room: &mut Vec<u8>,
    ) -> Option<Head> {
        let mut best = None;
        for from in (first.saturating_sub(3)..first).rev() {
            if !tokens.get(from + 1).is_some_and(joins) {
                break;
            }
            if !self.may_begin_head(tokens, from) {
                continue;
            }
            room.clear();
            for i in from..first {
                if i > from {
                    room.extend(tokens.get(i).and_then(|t| t.gap.byte()));
                }
                room.extend_from_slice(tokens.key(i));
            }
            let capital = tokens.get(from).is_some_and(|t| !t.shape.is_lowercase());
            best = self.head(room, Side::Before, capital, of).or(best);
        }
        best
    }

    /// The head word at the end of the capitals that follow a name: `University` after `Baku` in `Baku State University`.
    pub(crate) fn head_of_run(&self, tokens: &Tokens, last: usize, of: Languages) -> Option<Head> {
        let run = (last + 1..last + 5)
            .take_while(|i| tokens.get(*i).is_some_and(|t| t.gap == Gap::Space && t.shape.is_capitalized()))
            .last()?;
        self.head(tokens.key(run), Side::After, true, of).filter(|_| run > last + 1)
    }

    /// A head word farther before a name, with small words or other capitals between: `Universidad Nacional de Colombia`.
    pub(crate) fn head_far_before(&self, tokens: &Tokens, first: usize, of: Languages) -> Option<Head> {
        let run = (first.saturating_sub(4)..first)
            .rev()
            .take_while(|i| tokens.get(i + 1).is_some_and(|t| t.gap == Gap::Space));
        run.filter(|i| tokens.get(*i).is_some_and(|t| t.shape.is_capitalized()))
            .find_map(|i| self.head(tokens.key(i), Side::Before, true, of))
    }

    /// Whether a head word may begin with a word, as far as that word alone tells.
    fn may_begin_head(&self, tokens: &Tokens, at: usize) -> bool {
        let key = tokens.key(at);
        // What is joined to it would be part of the word.
        let is_whole = tokens.get(at + 1).is_none_or(|next| next.gap.byte().is_some());
        let (word, bit) = head_start(key);
        !is_whole
            || self.head_starts.get(word).is_some_and(|bits| bits & bit != 0)
            || key.first_chunk().is_none_or(|start| self.stem_starts.contains(start))
    }

    fn head(&self, phrase: &[u8], side: Side, capital: bool, of: Languages) -> Option<Head> {
        let choose = |rows: &Vec<HeadRow>| {
            let fits = |row: &&HeadRow| {
                (if side == Side::Before { row.before } else { row.after }) && (capital || !row.capital)
            };
            // A name may be of another language than the text, but the text's own goes first.
            let own = rows.iter().filter(fits).find(|row| row.langs & of != 0);
            own.or_else(|| rows.iter().find(fits)).map(|row| row.head)
        };
        if let Some(head) = self.heads.get(phrase).and_then(choose) {
            return Some(head);
        }
        // A stem has three bytes at least.
        phrase.first_chunk().filter(|start| self.stem_starts.contains(*start))?;
        let lengths = 3..phrase.len().min(self.stem_most + 1);
        lengths.rev().find_map(|n| self.stems.get(&phrase[..n]).and_then(choose))
    }

    /// What kind of place or body a word is a word for, on either side of a name.
    pub(crate) fn kind_of_place(&self, key: &[u8], of: Languages) -> Option<Head> {
        self.head(key, Side::After, true, of).or_else(|| self.head(key, Side::Before, true, of))
    }

    /// The language whose function words a text has most of, from its first words; scripts of one language say it themselves.
    pub(crate) fn guess_language(&self, tokens: &Tokens) -> Option<&'static str> {
        let mut counts = [0u16; Languages::BITS as usize];
        let mut scripts = [0u16; Script::COUNT];
        for (i, token) in tokens.as_slice().iter().enumerate().take(400) {
            scripts[token.script as usize] += 1;
            let mut left = self.words.get(tokens.key(i)).map_or(0, |row| row.function);
            while left != 0 {
                counts[left.trailing_zeros() as usize] += 1;
                left &= left - 1;
            }
        }
        scripts[Script::Zyyy as usize] = 0;
        let has_kana = scripts[Script::Hira as usize] + scripts[Script::Kana as usize] > 0;
        let script =
            Script::all().max_by_key(|s| scripts[*s as usize]).filter(|s| scripts[*s as usize] > 0)?;
        let of_script = match script {
            Script::Armn => Some("hy"),
            Script::Geor => Some("ka"),
            Script::Grek => Some("el"),
            Script::Hebr => Some("he"),
            Script::Hang => Some("ko"),
            Script::Hani if !has_kana => Some("zh"),
            Script::Hani | Script::Hira | Script::Kana => Some("ja"),
            Script::Thai => Some("th"),
            Script::Laoo => Some("lo"),
            Script::Khmr => Some("km"),
            Script::Mymr => Some("my"),
            Script::Beng => Some("bn"),
            Script::Taml => Some("ta"),
            Script::Telu => Some("te"),
            Script::Knda => Some("kn"),
            Script::Mlym => Some("ml"),
            Script::Sinh => Some("si"),
            Script::Guru => Some("pa"),
            Script::Gujr => Some("gu"),
            Script::Ethi => Some("am"),
            _ => None,
        };
        if of_script.is_some() {
            return of_script;
        }
        // The first of those with the most, unless another has as many.
        let most = counts.iter().copied().max().filter(|n| *n >= 3)?;
        let mut best = counts.iter().enumerate().filter(|(_, n)| **n == most).map(|(i, _)| i);
        match (best.next(), best.next()) {
            (Some(i), None) => self.languages.get(i).copied(),
            _ => None,
        }
    }
}

/// Whether a word stands close enough to the one before it to be of one phrase.
fn joins(token: &Token) -> bool {
    matches!(token.gap, Gap::Space | Gap::Nothing | Gap::LineHyphen)
}

/// Words of 64 bits in [`Words::head_starts`], ten bits to a head.
const HEAD_STARTS: usize = 1 << 10;

/// Where the bit of a word stands in [`Words::head_starts`].
fn head_start(word: &[u8]) -> (usize, u64) {
    let hash = hash(word);
    (hash as usize >> 6 & (HEAD_STARTS - 1), 1 << (hash & 63))
}

/// The key of a word of a table, which most are themselves.
fn key(word: &'static str, tokens: &mut Tokens) -> Cow<'static, [u8]> {
    let is_word = |part: &[u8]| !part.is_empty() && part.iter().all(|b| b.is_ascii_lowercase());
    if word.as_bytes().split(|byte| *byte == b' ').all(is_word) {
        return Cow::Borrowed(word.as_bytes());
    }
    let mut key = Vec::with_capacity(word.len());
    if !push_plain(word, &mut key) {
        key = Key::with(word, tokens).as_bytes().to_vec();
    }
    Cow::Owned(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_tables_have_the_keys_of_names() {
        let all =
            rows(include_str!("../../rules/words.tsv")).chain(rows(include_str!("../../rules/heads.tsv")));
        for word in all.map(|row| row[0]) {
            assert_eq!(*key(word, &mut Tokens::default()), *Key::new(word).as_bytes(), "{word:?}");
        }
        for word in [
            "oul",
            "chu de",
            "Île",
            "l'eau",
            "a  b",
            "st.",
            "",
            " a",
            "a ",
            "東京",
            "ビル",
            "ｱ",
            "서울",
            "е\u{301}",
            "ﷺ",
        ] {
            assert_eq!(*key(word, &mut Tokens::default()), *Key::new(word).as_bytes(), "{word:?}");
        }
    }

    #[test]
    fn every_language_of_the_tables_has_a_number_of_its_own() {
        let words = Words::builtin();
        assert!(words.languages.len() <= Languages::BITS as usize);
        assert!(words.languages.iter().all(|lang| words.language(lang).count_ones() == 1));
        assert_eq!(words.language("und"), 0);
    }

    #[test]
    fn function_words_tell_the_language() {
        let guess = |text| Words::builtin().guess_language(&Tokens::of(text));
        assert_eq!(guess("Die Stadt ist auch für die Kunst bekannt, aber nicht nur dort"), Some("de"));
        assert_eq!(guess("Երևանում"), Some("hy"));
        assert_eq!(guess("Almaty"), None);
    }

    #[test]
    fn head_words_stand_on_their_side() {
        let words = Words::builtin();
        let tokens = Tokens::of("the University of Baku and the Baku University");
        let room = &mut Vec::new();
        assert_eq!(words.head_before(&tokens, 3, Languages::MAX, room), Some(Head::Organization));
        assert_eq!(words.head_after(&tokens, 6, Languages::MAX, room), Some(Head::Organization));
        assert_eq!(words.head_after(&tokens, 3, Languages::MAX, room), None);
    }

    #[test]
    fn head_words_are_seen_past_other_words_of_the_name() {
        let words = Words::builtin();
        let tokens = Tokens::of("Baku State University in Baku");
        assert_eq!(words.head_of_run(&tokens, 0, Languages::MAX), Some(Head::Organization));
        assert_eq!(words.head_of_run(&tokens, 4, Languages::MAX), None);
        let tokens = Tokens::of("la Universidad Nacional de Colombia");
        assert_eq!(words.head_far_before(&tokens, 4, words.language("es")), Some(Head::Organization));
    }
}
