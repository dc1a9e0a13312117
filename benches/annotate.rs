//! The product's own numbers, stage by stage: `cargo bench`. Names are `stage/language/size`.
//!
//! Texts are made of a few sentences that name places, so every word is soon known: figures to compare a stage with itself, from
//! one commit to the next. `cargo bench --bench peers` has figures to compare with others.

mod support;

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use exonym::fold::fold;
use exonym::resolve::Scratch;
use exonym::token::Tokens;
use exonym::{Annotator, Finder, Gazetteer, Options};

use support::{PROSE, build, records, sample};

/// A paragraph and a book.
const SIZES: [(&str, usize); 2] = [("1kB", 1_000), ("100kB", 100_000)];

fn texts(c: &mut Criterion) {
    let gazetteer = Gazetteer::from_bytes(sample()).expect("just built");
    let finder = Finder::new(&gazetteer);
    let annotator = Annotator::new(&gazetteer);
    for (lang, sentence) in PROSE {
        for (size, bytes) in SIZES {
            let text = sentence.repeat(bytes.div_ceil(sentence.len()));
            // Each sentence names four places; a bench that finds none measures nothing.
            assert_eq!(finder.find_iter(&text).count(), 4 * (text.len() / sentence.len()), "{lang}");
            let id = format!("{lang}/{size}");
            let mut bench = |stage: &str, run: &mut dyn FnMut(&str) -> usize| {
                let mut group = c.benchmark_group(stage);
                group.throughput(Throughput::Bytes(text.len() as u64));
                group.bench_function(BenchmarkId::from_parameter(&id), |b| b.iter(|| run(black_box(&text))));
                group.finish();
            };
            bench("fold", &mut |text| fold(text).len());
            bench("tokenize", &mut |text| Tokens::of(text).len());
            bench("find", &mut |text| finder.find_iter(text).count());
            let (mut scratch, mut out) = (Scratch::default(), Vec::new());
            let mut options = Options::default();
            options.lang = Some(lang.to_owned());
            // Finding and resolving, with memory kept from text to text.
            bench("resolve", &mut |text| {
                annotator.annotate_into(text, &options, &mut scratch, &mut out);
                out.len()
            });
        }
    }
}

fn names(c: &mut Criterion) {
    for (size, count) in [("10k", 10_000), ("100k", 100_000)] {
        let bytes = build(records(count));
        let gazetteer = Gazetteer::from_bytes(bytes.clone()).expect("just built");
        assert_eq!(gazetteer.lookup("Name77 of11").len(), 1);
        c.bench_function(&format!("build/und/{size}"), |b| {
            b.iter_batched(
                || records(count),
                |records| build(records).len(),
                criterion::BatchSize::LargeInput,
            );
        });
        let mut at = 0;
        c.bench_function(&format!("lookup/und/{size}"), |b| {
            b.iter(|| {
                at = (at + 7919) % count;
                gazetteer.lookup(black_box(&format!("Name{} of{}", at % 5000, at / 7))).len()
            });
        });
        c.bench_function(&format!("open/und/{size}"), |b| {
            b.iter_batched(
                || bytes.clone(),
                |bytes| Gazetteer::from_bytes(bytes).is_ok(),
                criterion::BatchSize::LargeInput,
            );
        });
    }
    let gazetteer = Gazetteer::from_bytes(sample()).expect("just built");
    c.bench_function("lookup/ru/sample", |b| b.iter(|| gazetteer.lookup(black_box("Алма-Ата")).len()));
    c.bench_function("lookup/miss/sample", |b| b.iter(|| gazetteer.lookup(black_box("Нигде")).len()));
}

criterion_group!(benches, texts, names);
criterion_main!(benches);
