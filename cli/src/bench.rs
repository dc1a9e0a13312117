//! `exonym bench`: how fast this machine is with a user's own text and gazetteer.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{available_parallelism, scope};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use exonym::resolve::Scratch;
use exonym::token::Key;
use exonym::{Annotator, Finder, Gazetteer, Options};
use serde::Serialize;

use crate::args::{Bench, GazetteerArgs, Outcome};
use crate::sink::Sink;

/// Texts are cut at line ends into documents of so many bytes or a little more.
const DOCUMENT: usize = 2000;
/// Lookups of each sort.
const LOOKUPS: usize = 100_000;

#[derive(Serialize)]
struct Report {
    keys: u32,
    gazetteer_bytes: u64,
    /// Milliseconds to open the gazetteer file and look up a first name; none for the embedded one.
    open_ms: Option<f64>,
    text_bytes: usize,
    throughput: Vec<Throughput>,
    lookups: Vec<Lookups>,
    /// The most memory the process had, where the system tells.
    peak_bytes: Option<u64>,
}

#[derive(Serialize)]
struct Throughput {
    what: &'static str,
    threads: usize,
    mb_per_second: f64,
    found: usize,
}

#[derive(Serialize)]
struct Lookups {
    queries: &'static str,
    per_second: f64,
    /// Nanoseconds within which so many per cent of them were answered, the reading of the clock included.
    p50_ns: u64,
    p90_ns: u64,
    p99_ns: u64,
    found: usize,
}

pub(crate) fn run(args: &Bench) -> Result<Outcome> {
    let gazetteer = args.gazetteer.open()?;
    let out = Sink::open(None)?;
    let texts: Vec<String> = args.files.iter().map(|path| read(path)).collect::<Result<_>>()?;
    let documents: Vec<&str> = texts.iter().flat_map(|text| documents(text)).collect();
    let for_each = Duration::try_from_secs_f64(args.seconds).unwrap_or_default();
    let threads = args.threads.unwrap_or_else(|| available_parallelism().map_or(1, usize::from)).max(1);
    let open_ms = (args.gazetteer.files().len() > 0).then(|| open(&args.gazetteer)).transpose()?;
    let mut throughput = vec![];
    if !documents.is_empty() {
        throughput.push(find(&gazetteer, &documents, for_each));
        throughput.push(annotate(&gazetteer, &documents, for_each, 1));
        if threads > 1 {
            throughput.push(annotate(&gazetteer, &documents, for_each, threads));
        }
    }
    let info = gazetteer.info();
    let report = Report {
        keys: info.keys,
        gazetteer_bytes: info.sections.iter().map(|(_, bytes)| bytes).sum(),
        open_ms,
        text_bytes: documents.iter().map(|d| d.len()).sum(),
        throughput,
        lookups: lookups(&gazetteer),
        peak_bytes: peak(),
    };
    out.report(&report, args.json, people)?;
    Ok(Outcome::Found)
}

fn read(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn documents(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let least = rest.len().min(DOCUMENT);
        let end = rest.bytes().skip(least).position(|b| b == b'\n').map_or(rest.len(), |i| least + i + 1);
        let (document, after) = rest.split_at(end);
        rest = after;
        (!document.is_empty()).then_some(document)
    })
}

fn open(args: &GazetteerArgs) -> Result<f64> {
    let start = Instant::now();
    let gazetteer = args.open()?;
    std::hint::black_box(gazetteer.lookup("Almaty").next().is_some());
    Ok(start.elapsed().as_secs_f64() * 1e3)
}

/// Run over all documents until the time is over, at least twice; the fastest run counts, as it was disturbed least.
fn fastest(for_each: Duration, mut run: impl FnMut() -> usize) -> (f64, usize) {
    let begin = Instant::now();
    let (mut best, mut found) = (f64::INFINITY, 0);
    for round in 0.. {
        let start = Instant::now();
        found = run();
        best = best.min(start.elapsed().as_secs_f64());
        if round > 0 && begin.elapsed() >= for_each {
            break;
        }
    }
    (best, found)
}

fn throughput(
    what: &'static str,
    threads: usize,
    documents: &[&str],
    (seconds, found): (f64, usize),
) -> Throughput {
    let bytes: usize = documents.iter().map(|d| d.len()).sum();
    Throughput { what, threads, mb_per_second: bytes as f64 / 1e6 / seconds, found }
}

fn find(gazetteer: &Gazetteer, documents: &[&str], for_each: Duration) -> Throughput {
    let finder = Finder::new(gazetteer);
    let (mut scratch, mut out) = (exonym::find::Scratch::default(), vec![]);
    let run = || {
        let mut found = 0;
        for document in documents {
            finder.find_into(document, &mut scratch, &mut out);
            found += out.len();
        }
        found
    };
    throughput("find", 1, documents, fastest(for_each, run))
}

fn annotate(gazetteer: &Gazetteer, documents: &[&str], for_each: Duration, threads: usize) -> Throughput {
    let annotator = Annotator::new(gazetteer);
    let work = |next: &AtomicUsize| {
        let (mut scratch, mut out, mut found) = (Scratch::default(), vec![], 0);
        while let Some(document) = documents.get(next.fetch_add(1, Ordering::Relaxed)) {
            annotator.annotate_into(document, &Options::default(), &mut scratch, &mut out);
            found += out.len();
        }
        found
    };
    let run = || {
        let next = AtomicUsize::new(0);
        scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(|| work(&next))).collect();
            work(&next) + others.into_iter().filter_map(|other| other.join().ok()).sum::<usize>()
        })
    };
    throughput("annotate", threads, documents, fastest(for_each, run))
}

/// Lookups of names drawn evenly, of names drawn by Zipf's law, and of words that are no names.
fn lookups(gazetteer: &Gazetteer) -> Vec<Lookups> {
    let count = u64::from(gazetteer.info().names);
    if count == 0 {
        return vec![];
    }
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let name = |i: u64| gazetteer.name((i % count) as u32).map_or("", |name| name.text());
    let mut draw = |pick: &mut dyn FnMut(u64) -> Key| (0..LOOKUPS).map(|_| pick(random())).collect();
    let uniform: Vec<Key> = draw(&mut |n| Key::new(name(n >> 16)));
    // Ranks are spread over all names by a multiplication.
    let zipf: Vec<Key> = draw(&mut |n| {
        let rank = ((count as f64).ln() * (n >> 11) as f64 / (1u64 << 53) as f64).exp() as u64;
        Key::new(name(rank.wrapping_mul(0x9e37_79b1)))
    });
    let miss: Vec<Key> = draw(&mut |n| Key::new(&format!("{}q{}x", name(n >> 16), n % 26)));
    [("uniform", uniform), ("zipf", zipf), ("miss", miss)]
        .map(|(what, keys)| timed(gazetteer, what, &keys))
        .into()
}

fn timed(gazetteer: &Gazetteer, queries: &'static str, keys: &[Key]) -> Lookups {
    let (seconds, found) =
        fastest(Duration::ZERO, || keys.iter().filter(|key| gazetteer.get(key).next().is_some()).count());
    let mut each: Vec<u64> = keys
        .iter()
        .map(|key| {
            let start = Instant::now();
            std::hint::black_box(gazetteer.get(key).next().is_some());
            u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX)
        })
        .collect();
    each.sort_unstable();
    let percent = |p: usize| each.get(each.len() * p / 100).copied().unwrap_or(0);
    Lookups {
        queries,
        per_second: keys.len() as f64 / seconds,
        p50_ns: percent(50),
        p90_ns: percent(90),
        p99_ns: percent(99),
        found,
    }
}

/// The most memory the process had, as Linux tells it.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}

fn people(out: &mut Sink, report: &Report) -> Result<()> {
    let mb = |bytes: u64| bytes as f64 / 1e6;
    writeln!(out, "gazetteer  {} keys, {:.1} MB", report.keys, mb(report.gazetteer_bytes))?;
    if let Some(ms) = report.open_ms {
        writeln!(out, "open       {ms:.3} ms with a first lookup")?;
    }
    if let Some(bytes) = report.peak_bytes {
        writeln!(out, "memory     {:.1} MB at most", mb(bytes))?;
    }
    if !report.throughput.is_empty() {
        writeln!(out, "\ntext, {:.1} MB   threads      MB/s      found", report.text_bytes as f64 / 1e6)?;
        for row in &report.throughput {
            writeln!(out, "{:16} {:7} {:9.1} {:10}", row.what, row.threads, row.mb_per_second, row.found)?;
        }
    }
    writeln!(out, "\nlookups           per second   50 % in   90 % in   99 % in")?;
    for row in &report.lookups {
        writeln!(
            out,
            "{:16} {:11.0} {:6} ns {:6} ns {:6} ns",
            row.queries, row.per_second, row.p50_ns, row.p90_ns, row.p99_ns
        )?;
    }
    Ok(())
}
