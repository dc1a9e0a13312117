//! exonym beside what else finds the names of a list in a text: the same names, the same texts, the same matches.
//!
//!     cargo bench --bench peers
//!     EXONYM_BENCH_NAMES=names.txt EXONYM_BENCH_TEXT=en.txt:ru.txt EXONYM_BENCH_JSON=peers.json cargo bench --bench peers
//!
//! * `EXONYM_BENCH_NAMES`: a file with a name on each line; by default the names of the embedded gazetteer.
//! * `EXONYM_BENCH_MORE`: a longer list, for the growth with the number of names; left out by default.
//! * `EXONYM_BENCH_TEXT`: files with text, joined by `:`; by default 1 MB in each of seven languages, made up of the repository's
//!   words with a name after every nine (see `texts.rs`). Real prose has a larger vocabulary of rarer words.
//! * `EXONYM_BENCH_JSON`: where to write all figures.
//! * `EXONYM_BENCH_ROUNDS`: rounds, 5 by default. Every contender runs once a round; the figure is the median.
//!
//! `exonym` is the shipped finder with everything on, and reads the text as it is. The others read text that was folded and cut
//! into words for them beforehand, outside the clock.
//!
//! **Equal matches.** A dictionary knows no grammar, so the others are given as further patterns what the finder found in
//! these texts beyond the spelling of the list: inflected words, and words that an apostrophe, a line end or nothing joins in
//! another way. Matches cover whole words (the finder leaves an attached preposition out of its span; here the word counts). With that, each
//! contender must find the same words with the same keys, from the left, the longest first; the bench fails if one does not.

mod contenders;
mod encode;
mod lookups;
mod report;
mod stages;
mod texts;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use exonym::{Finder, Gazetteer, GazetteerBuilder, Name, Record};

use contenders::Contenders;
use encode::{Encoded, Found, Patterns};
use report::{Report, cpu_seconds, median};

/// A text as exonym gets it and as the others do.
struct Text {
    name: String,
    raw: String,
    encoded: Encoded,
}

fn main() -> Result<()> {
    let rounds = match std::env::var("EXONYM_BENCH_ROUNDS") {
        Ok(rounds) => rounds.parse().context("EXONYM_BENCH_ROUNDS is no number")?,
        Err(_) => 5,
    };
    let mut report = Report::default();
    let list = std::env::var_os("EXONYM_BENCH_NAMES").map(PathBuf::from);
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("peers.gaz");
    let names = match &list {
        None => {
            std::fs::write(&file, exonym_gazetteer::bytes())?;
            exonym_gazetteer::embedded().names().map(|name| name.text().to_owned()).collect()
        }
        Some(path) => {
            let names = texts::lines(path)?;
            build(&names, &file, &mut report)?;
            names
        }
    };
    let gazetteer = &Gazetteer::open(&file)?;
    let keys = gazetteer.info().keys as f64;
    let section = |name| gazetteer.info().sections.iter().find(|s| s.0 == name).map_or(0, |s| s.1) as f64;
    report.add(
        "bytes-a-name",
        "",
        "exonym",
        (section("keys") + section("filter") + section("pairs")) / keys,
        "B",
        None,
    );

    let finder = Finder::new(gazetteer);
    let mut patterns = Patterns::new(gazetteer, &names);
    let listed = patterns.len();
    let mut all = vec![];
    for (name, raw) in texts::texts(gazetteer, &names)? {
        let encoded = Encoded::text(&raw);
        patterns.add_found(&encoded, &finder, &raw)?;
        all.push(Text { name, raw, encoded });
    }
    report.note(format!(
        "{} names, {keys} keys; {listed} patterns for the others, and {} more for other forms in the texts",
        names.len(),
        patterns.len() - listed
    ));
    for text in &mut all {
        let encoded = std::mem::take(&mut text.encoded);
        text.encoded = encoded.mixed_case(&text.raw, &patterns);
    }
    for text in &all {
        patterns.add_found(&text.encoded, &finder, &text.raw)?;
    }
    let contenders = Contenders::build(&patterns, &mut report)?;
    for text in &all {
        find(text, &finder, &contenders, rounds, &mut report)?;
    }
    stages::measure(&all, &finder, gazetteer, rounds, &mut report)?;
    drop(contenders);
    lookups::measure(gazetteer, &file, &names, rounds, &mut report)?;
    if let Some(path) = std::env::var_os("EXONYM_BENCH_MORE") {
        let file = folder.path().join("more.gaz");
        let more = texts::lines(&PathBuf::from(path))?;
        build(&more, &file, &mut Report::default())?;
        report.note(format!("the longer list has {} names", more.len()));
        growth(&all, &finder, &Finder::new(&Gazetteer::open(&file)?), rounds, &mut report);
    }
    report.finish()
}

/// A gazetteer in which each name is a record of its own.
fn build(names: &[String], file: &Path, report: &mut Report) -> Result<()> {
    let mut records = Vec::with_capacity(names.len());
    for (i, name) in names.iter().enumerate() {
        let mut record = Record::new(format!("xn:{i}").parse()?);
        record.names = vec![Name::new(name.as_str(), "und")];
        records.push(record);
    }
    let start = cpu_time::ProcessTime::now();
    let mut builder = GazetteerBuilder::new();
    for record in records {
        builder.add(record, None)?;
    }
    let (bytes, _) = builder.build()?;
    let seconds = start.elapsed().as_secs_f64() * 1e6 / names.len() as f64;
    report.add("build", "", "exonym", seconds, "CPU-s per million names", None);
    Ok(std::fs::write(file, bytes)?)
}

/// Everyone on one text: first whether they agree, match by match, then the clock.
fn find(
    text: &Text,
    finder: &Finder<'_>,
    contenders: &Contenders<'_>,
    rounds: usize,
    report: &mut Report,
) -> Result<()> {
    let ours = text.encoded.found(finder, &text.raw);
    for name in Contenders::NAMES {
        let mut theirs: Vec<Found> = vec![];
        contenders
            .run(name, &text.encoded, |start, end, entry| theirs.push(text.encoded.at(start, end, entry)));
        let differs = ours.iter().zip(&theirs).position(|(a, b)| a != b);
        if let Some(at) = differs.or((ours.len() != theirs.len()).then_some(ours.len().min(theirs.len()))) {
            let show =
                |all: &[Found]| all.get(at).map_or("none".to_owned(), |f| text.encoded.show(f, &text.raw));
            anyhow::bail!(
                "{}: match {at} is {} to exonym, {} to {name}",
                text.name,
                show(&ours),
                show(&theirs)
            );
        }
    }
    let sum = |(count, sum): (u64, u64), entry: u32| (count + 1, sum.wrapping_add(u64::from(entry)));
    let expected = ours.iter().fold((0, 0), |all, found| sum(all, found.entry));
    let mut seconds = vec![vec![]; Contenders::NAMES.len() + 1];
    for _ in 0..rounds {
        for (i, name) in std::iter::once("exonym").chain(Contenders::NAMES).enumerate() {
            let (took, got) = cpu_seconds(|| match name {
                "exonym" => finder.find_iter(&text.raw).fold((0, 0), |all, m| sum(all, m.entry())),
                _ => {
                    let mut all = (0, 0);
                    contenders.run(name, &text.encoded, |_, _, entry| all = sum(all, entry));
                    all
                }
            });
            ensure!(got == expected, "{}: {name} found {got:?}, expected {expected:?}", text.name);
            seconds[i].push(took);
        }
    }
    let bytes = text.raw.len() as f64 / 1e6;
    for (i, name) in std::iter::once("exonym").chain(Contenders::NAMES).enumerate() {
        let speed = bytes / median(&seconds[i]);
        report.add("find", &text.name, name, speed, "MB/s", Some(ours.len()));
    }
    // The better of the two automata, round by round.
    let ratios: Vec<f64> = (0..rounds).map(|r| seconds[1][r].min(seconds[2][r]) / seconds[0][r]).collect();
    report.add("find-vs-automata", &text.name, "exonym", median(&ratios), "times", None);
    let words = text.encoded.len() as f64;
    report.add("words-a-match", &text.name, "exonym", words / ours.len().max(1) as f64, "words", None);
    Ok(())
}

/// The same texts with more names.
fn growth(all: &[Text], few: &Finder<'_>, many: &Finder<'_>, rounds: usize, report: &mut Report) {
    for text in all {
        let ratio = |_| {
            let [few, many] = [few, many].map(|f| cpu_seconds(|| f.find_iter(&text.raw).count()).0);
            few / many
        };
        let ratios: Vec<f64> = (0..rounds).map(ratio).collect();
        report.add("find-more-names", &text.name, "exonym", median(&ratios), "of its speed", None);
    }
}
