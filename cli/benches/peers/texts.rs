//! The names and texts of the bench: read from files, or made up of the repository's own words.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use exonym::Gazetteer;
use exonym::script::Script;
use exonym::token::Tokens;

/// Bytes of a made-up text.
const SIZE: usize = 1_000_000;
/// A name after so many words.
const EVERY: usize = 9;

pub(crate) fn lines(path: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect())
}

/// Each text with its name.
pub(crate) fn texts(gazetteer: &Gazetteer, names: &[String]) -> Result<Vec<(String, String)>> {
    let Some(paths) = std::env::var_os("EXONYM_BENCH_TEXT") else { return Ok(made_up(gazetteer, names)) };
    let read = |path: PathBuf| {
        let text =
            std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok((path.file_name().unwrap_or_default().to_string_lossy().into_owned(), text))
    };
    let paths = paths.into_string().ok().context("EXONYM_BENCH_TEXT is not UTF-8")?;
    paths.split(':').map(|path| read(PathBuf::from(path))).collect()
}

/// Words drawn by Zipf's law from words within names of the language's script that are no names by themselves, every fourth of the
/// most frequent a function word that `rules/` has for the language (all of which are names too); a comma or full stop after every
/// seventh word, and a whole name after every [`EVERY`]. That makes three to five words a match, as in news.
fn made_up(gazetteer: &Gazetteer, names: &[String]) -> Vec<(String, String)> {
    let languages = [
        ("en", Script::Latn),
        ("de", Script::Latn),
        ("fr", Script::Latn),
        ("ru", Script::Cyrl),
        ("tr", Script::Latn),
        ("ar", Script::Arab),
        ("zh", Script::Hani),
    ];
    let rules: Vec<(&str, &str)> = include_str!("../../../rules/words.tsv")
        .lines()
        .filter_map(|row| row.split_once('\t'))
        .filter_map(|(word, rest)| Some((word, rest.strip_suffix("\tfunction")?)))
        .collect();
    let make = |(lang, script): (&str, Script)| {
        let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ u64::from(script as u8) << 8 ^ lang.len() as u64);
        let here: Vec<&str> =
            names.iter().map(String::as_str).filter(|name| Script::of_text(name) == script).collect();
        let mut frequent = rules.iter().filter(|(_, langs)| langs.split(';').any(|l| l == lang));
        let mut words: Vec<String> = vec![];
        for _ in 0..200_000.min(20 * here.len()) {
            let name = here[random.below(here.len())];
            let tokens = Tokens::of(name);
            let word = tokens.key_str(random.below(tokens.len().max(1)));
            if script == Script::Hani || gazetteer.lookup(word).is_empty() {
                // In every language some of the most frequent words are also names.
                if words.len() % 4 == 3
                    && let Some((word, _)) = frequent.next()
                {
                    words.push((*word).to_owned());
                }
                words.push(word.to_owned());
            }
        }
        let mut text = String::with_capacity(SIZE + 100);
        let space = if script == Script::Hani { "" } else { " " };
        let mut count = 0;
        while text.len() < SIZE && !words.is_empty() {
            count += 1;
            let word = match count % (EVERY + 1) {
                0 => here[random.below(here.len())],
                _ => &words[random.zipf(words.len())],
            };
            text.push_str(word);
            text.push_str(if count % 35 == 0 {
                ".\n"
            } else if count % 7 == 0 {
                ", "
            } else {
                space
            });
        }
        (format!("{lang}-made-up"), text)
    };
    languages.map(make).into()
}

/// Numbers that look random and are the same in each run (xorshift64*).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.next()) * count as u128) >> 64) as usize
    }

    /// A rank below `count`, the rank r about as often as 1/r.
    pub(crate) fn zipf(&mut self, count: usize) -> usize {
        let unit = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        let rank = ((count as f64 + 1.0).ln() * unit).exp() - 1.0;
        (rank as usize).min(count - 1)
    }
}
