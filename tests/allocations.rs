//! A call in a loop allocates nothing. A test binary of its own, since the counter is the allocator of the whole process.

use exonym::resolve::Scratch;
use exonym::source::csv::CsvReader;
use exonym::{Annotator, Gazetteer, GazetteerBuilder, Options};

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

const TEXTS: &[&str] = &[
    "The ministers met in Almaty on Monday and went on to Baku, Azerbaijan, where the mayor of Stepanakert spoke.",
    "Министры встретились в Алма-Ате и поедут в Ереван; из Степанакерта никого не было.",
    "Xankəndi\u{301}də və İstanbul'da görüşdülər. e\u{301}te\u{301} a\u{300} Tbilissi",
    "部长们星期一在阿拉木图会面，随后前往巴库。",
    "وصل الوزير إلى باكو ثم إلى يريفان",
];

#[test]
fn annotating_in_a_loop_allocates_nothing() {
    let table = include_str!("../gazetteer/sample/sample.csv");
    let mut builder = GazetteerBuilder::new();
    for row in CsvReader::from_reader(table.as_bytes(), "sample.csv").unwrap() {
        let (record, place) = row.unwrap();
        builder.add(record, Some(place)).unwrap();
    }
    let gazetteer = Gazetteer::from_bytes(builder.build().unwrap().0).unwrap();
    let annotator = Annotator::new(&gazetteer);
    let (options, mut scratch, mut out) = (Options::default(), Scratch::default(), Vec::new());
    let mut round = || {
        TEXTS
            .iter()
            .map(|text| {
                annotator.annotate_into(text, &options, &mut scratch, &mut out);
                out.len()
            })
            .sum::<usize>()
    };
    let found = round();
    assert!(found > 8, "only {found} names found: nothing is measured");

    let _profiler = dhat::Profiler::builder().testing().build();
    let before = dhat::HeapStats::get().total_blocks;
    assert_eq!(round(), found);
    assert_eq!(dhat::HeapStats::get().total_blocks - before, 0);
    // The counter counts: without memory kept from before, the same work needs some.
    annotator.annotate(TEXTS[0]);
    assert!(dhat::HeapStats::get().total_blocks > before);
}
