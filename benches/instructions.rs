//! Guards against slips: how many instructions each stage takes, counted by valgrind, which does not depend on what else the machine
//! does. `cargo bench --bench instructions`; fails if a stage takes more than `instructions.tsv` allows.
//!
//! A stage is run once and twice by itself; the difference is one run without what comes before it.

mod support;

use std::hint::black_box;
use std::process::{Command, ExitCode};

use exonym::fold::fold;
use exonym::resolve::Scratch;
use exonym::token::Tokens;
use exonym::{Annotator, Finder, Gazetteer, Options};

use support::{PROSE, build, records, sample};

/// Bytes of text, lookups, or names to build with.
const TEXT: usize = 100_000;
const LOOKUPS: usize = 10_000;
const NAMES: usize = 20_000;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "this is a program")]
fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().collect();
    if let [_, run, stage, times] = args.as_slice()
        && run == "run"
    {
        work(stage, times.parse().expect("a number"));
        return ExitCode::SUCCESS;
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        eprintln!("instructions are not counted: valgrind is missing");
        return ExitCode::SUCCESS;
    }
    let mut status = ExitCode::SUCCESS;
    println!("{:<14}{:>10}{:>10}  unit", "stage", "counted", "allowed");
    for row in include_str!("instructions.tsv").lines().filter(|row| !row.starts_with('#')).skip(1) {
        let [stage, allowed, unit, _reason] = row.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{row:?} has not four fields");
        };
        let allowed: f64 = allowed.parse().expect("a number");
        let per = match unit {
            "byte" => TEXT,
            "lookup" => LOOKUPS,
            _ => NAMES,
        };
        let counted = (count(stage, 2) - count(stage, 1)) / per as f64;
        println!("{stage:<14}{counted:>10.1}{allowed:>10.1}  instructions a {unit}");
        if counted > allowed {
            eprintln!("{stage} takes {counted:.1} instructions a {unit}, expected at most {allowed}");
            status = ExitCode::FAILURE;
        }
    }
    status
}

/// All instructions of a process that runs a stage so many times.
fn count(stage: &str, times: usize) -> f64 {
    let program = std::env::current_exe().expect("it runs");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(program)
        .args(["run", stage, &times.to_string()])
        .output()
        .expect("valgrind was there before");
    let told = String::from_utf8_lossy(&output.stderr);
    let line = told.lines().find_map(|line| line.split_once("Collected : "));
    line.and_then(|(_, count)| count.trim().parse().ok()).unwrap_or_else(|| panic!("{stage}: {told}"))
}

fn work(stage: &str, times: usize) {
    let (stage, lang) = stage.split_once('/').unwrap_or((stage, "en"));
    let sentence = PROSE.iter().find(|(l, _)| *l == lang).map_or("", |(_, sentence)| *sentence);
    // Numbers make new words, of which real texts have more.
    let mut text = String::new();
    for i in 0.. {
        text.push_str(&format!("{sentence} {i} "));
        if text.len() >= TEXT {
            break;
        }
    }
    let gazetteer = match stage {
        "build" => return (0..times).for_each(|_| drop(black_box(build(records(NAMES))))),
        "lookup" => Gazetteer::from_bytes(build(records(NAMES))),
        _ => Gazetteer::from_bytes(sample()),
    }
    .expect("just built");
    let (finder, annotator) = (Finder::new(&gazetteer), Annotator::new(&gazetteer));
    let (mut scratch, mut out) = (Scratch::default(), Vec::new());
    let mut options = Options::default();
    options.lang = Some(lang.to_owned());
    for _ in 0..times {
        black_box(match stage {
            "fold" => fold(&text).len(),
            "tokenize" => Tokens::of(&text).len(),
            "find" => finder.find_iter(&text).count(),
            "resolve" => {
                annotator.annotate_into(&text, &options, &mut scratch, &mut out);
                out.len()
            }
            "lookup" => {
                let name = |i: usize| format!("Name{} of{}", i % 5000, i / 7);
                (0..LOOKUPS).map(|i| gazetteer.lookup(&name(i)).len()).sum()
            }
            _ => panic!("{stage} is no stage"),
        });
    }
}
