//! What else is measured on the texts: the stages below finding, several threads, and finding with its context.

use std::time::Instant;

use anyhow::Result;
use exonym::gazetteer::filter::hash;
use exonym::resolve::Scratch;
use exonym::token::{Tokenizer, Tokens};
use exonym::{Annotator, Finder, Gazetteer, Options};

use crate::Text;
use crate::report::{Report, cpu_seconds, median};

pub(crate) fn measure(
    all: &[Text],
    finder: &Finder<'_>,
    gazetteer: &Gazetteer,
    rounds: usize,
    report: &mut Report,
) -> Result<()> {
    for text in all {
        let mut room = Vec::with_capacity(64);
        let (mut scan, mut hashed, mut find) = (vec![], vec![], vec![]);
        for _ in 0..rounds {
            scan.push(cpu_seconds(|| borders(&text.raw, &mut room)).0);
            hashed.push(cpu_seconds(|| hashes(&text.raw)).0);
            find.push(cpu_seconds(|| finder.find_iter(&text.raw).count()).0);
        }
        let ratio = |a: &[f64], b: &[f64]| median(&a.iter().zip(b).map(|(a, b)| a / b).collect::<Vec<_>>());
        let mb = text.raw.len() as f64 / 1e6;
        report.add("scan", &text.name, "exonym", mb / median(&scan), "MB/s", None);
        report.add("scan+fold+hash", &text.name, "exonym", mb / median(&hashed), "MB/s", None);
        report.add("find/scan+fold+hash", &text.name, "exonym", ratio(&hashed, &find), "of its speed", None);
        report.add("fold+hash/scan", &text.name, "exonym", ratio(&scan, &hashed), "of its speed", None);
    }
    for text in all {
        threads(text, finder, rounds, report);
        context(text, finder, gazetteer, rounds, report);
    }
    Ok(())
}

/// The cheapest pass that tells words from the rest: where letters and digits begin and end, taking every byte beyond ASCII for a
/// letter; positions of 64 bytes at a time.
fn borders(text: &str, found: &mut Vec<u32>) -> usize {
    let (mut before, mut count) = (0, 0);
    for (base, chunk) in (0u32..).step_by(64).zip(text.as_bytes().chunks(64)) {
        found.clear();
        let is_word = |byte: &u8| u64::from(byte.is_ascii_alphanumeric() | !byte.is_ascii());
        let mask = chunk.iter().enumerate().fold(0, |mask, (i, byte)| mask | is_word(byte) << i);
        let mut toggles = mask ^ (mask << 1 | before);
        before = mask >> 63;
        while toggles != 0 {
            found.push(base + toggles.trailing_zeros());
            toggles &= toggles - 1;
        }
        count += found.len();
    }
    count
}

/// All words folded and hashed, a block of words at a time, and nothing else.
fn hashes(text: &str) -> u64 {
    let (mut tokenizer, mut tokens, mut sum) = (Tokenizer::new(text), Tokens::default(), 0);
    loop {
        tokens.clear();
        let more = tokenizer.fill(&mut tokens, 4096);
        sum = (0..tokens.len()).fold(sum, |sum, i| sum ^ hash(tokens.key(i)));
        if !more {
            return sum;
        }
    }
}

/// Two threads, each with the whole text, against one; by the clock on the wall.
fn threads(text: &Text, finder: &Finder<'_>, rounds: usize, report: &mut Report) {
    let run = || finder.find_iter(&text.raw).count();
    let mut ratios = vec![];
    for _ in 0..rounds {
        let start = Instant::now();
        std::hint::black_box(run());
        let one = start.elapsed().as_secs_f64();
        let start = Instant::now();
        std::thread::scope(|scope| {
            let other = scope.spawn(run);
            std::hint::black_box((run(), other.join().ok()));
        });
        ratios.push(2.0 * one / start.elapsed().as_secs_f64());
    }
    report.add("two-threads", &text.name, "exonym", median(&ratios), "times one", None);
}

/// Annotating against finding, on the same documents of 2 kB or a little more.
fn context(text: &Text, finder: &Finder<'_>, gazetteer: &Gazetteer, rounds: usize, report: &mut Report) {
    let mut documents = vec![];
    let mut rest = text.raw.as_str();
    while !rest.is_empty() {
        let end = rest.char_indices().map(|(i, _)| i).find(|i| *i >= 2000).unwrap_or(rest.len());
        let end = rest[end..].find('\n').map_or(rest.len(), |i| end + i + 1);
        documents.push(&rest[..end]);
        rest = &rest[end..];
    }
    let annotator = Annotator::new(gazetteer);
    let (mut scratch, mut out, options) = (Scratch::default(), vec![], Options::default());
    let (mut memory, mut matches) = (exonym::find::Scratch::default(), vec![]);
    let (mut ratios, mut speeds, mut count) = (vec![], vec![], 0);
    for _ in 0..rounds {
        let find = cpu_seconds(|| {
            documents.iter().for_each(|document| finder.find_into(document, &mut memory, &mut matches));
        })
        .0;
        let (annotate, found) = cpu_seconds(|| {
            let mut found = 0;
            for document in &documents {
                annotator.annotate_into(document, &options, &mut scratch, &mut out);
                found += out.len();
            }
            found
        });
        count = found;
        ratios.push(find / annotate);
        speeds.push(text.raw.len() as f64 / 1e6 / annotate);
    }
    report.add("annotate", &text.name, "exonym", median(&speeds), "MB/s", Some(count));
    report.add("annotate/find", &text.name, "exonym", median(&ratios), "of its speed", None);
}
