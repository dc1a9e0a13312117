//! The product's own numbers: fold, tokenize, find, annotate, lookup, open and build, on the sample gazetteer and text made of
//! its names. `cargo bench`; names are `stage/text`. The large gazetteer is measured by `exonym-gazetteer`'s bench.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use exonym::fold::fold;
use exonym::resolve::Scratch;
use exonym::source::csv::CsvReader;
use exonym::token::Tokens;
use exonym::{Annotator, Finder, Gazetteer, GazetteerBuilder, Options};

const SAMPLE: &str = include_str!("../gazetteer/sample/sample.csv");

/// Prose with a name every dozen words or so, in three scripts; 100 kB each.
fn texts() -> Vec<(&'static str, String)> {
    [
        ("en", "The ministers met in Almaty on Monday and will go on to Baku, where the talks about the railway from Tbilisi began last year; nobody from Yerevan was there. "),
        ("ru", "Министры встретились в Алматы в понедельник и поедут в Баку, где в прошлом году начались переговоры о железной дороге из Тбилиси; из Еревана никого не было. "),
        ("zh", "部长们星期一在阿拉木图会面，随后前往巴库，去年在那里开始了关于第比利斯铁路的谈判，没有人来自埃里温。"),
    ]
    .into_iter()
    .map(|(lang, text)| (lang, text.repeat(100_000 / text.len())))
    .collect()
}

fn build() -> Vec<u8> {
    let mut builder = GazetteerBuilder::new();
    for row in CsvReader::from_reader(SAMPLE.as_bytes(), "sample.csv").expect("the sample is a table") {
        let (record, place) = row.expect("the sample's rows are right");
        builder.add(record, Some(place)).expect("the sample's records agree");
    }
    builder.build().expect("the sample is small").0
}

fn stages(c: &mut Criterion) {
    let gazetteer = Gazetteer::from_bytes(build()).expect("just built");
    let finder = Finder::new(&gazetteer);
    let annotator = Annotator::new(&gazetteer);
    for (lang, text) in texts() {
        // Each text names four places in each sentence; a bench that finds none measures nothing.
        assert!(finder.find_iter(&text).count() > 1000, "{lang}");
        let mut group = c.benchmark_group(lang);
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("fold", |b| b.iter(|| fold(black_box(&text)).len()));
        group.bench_function("tokenize", |b| b.iter(|| Tokens::of(black_box(&text)).len()));
        group.bench_function("find", |b| b.iter(|| finder.find_iter(black_box(&text)).count()));
        group.bench_function("annotate", |b| {
            let (mut scratch, mut out, mut options) = (Scratch::default(), Vec::new(), Options::default());
            options.lang = Some(lang.to_owned());
            b.iter(|| {
                annotator.annotate_into(black_box(&text), &options, &mut scratch, &mut out);
                out.len()
            });
        });
        group.finish();
    }
    c.bench_function("lookup/hit", |b| b.iter(|| gazetteer.lookup(black_box("Алма-Ата")).len()));
    c.bench_function("lookup/miss", |b| b.iter(|| gazetteer.lookup(black_box("Нигде")).len()));
    c.bench_function("build/sample", |b| b.iter(|| build().len()));
    let bytes = build();
    c.bench_function("open/sample", |b| {
        b.iter_batched(
            || bytes.clone(),
            |bytes| Gazetteer::from_bytes(bytes).is_ok(),
            criterion::BatchSize::SmallInput,
        );
    });
}

criterion_group!(benches, stages);
criterion_main!(benches);
