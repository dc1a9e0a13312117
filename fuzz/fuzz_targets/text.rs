//! Fold, tokenize, find, annotate and normalize arbitrary text: no panic, spans on character borders and in order, folding
//! stable.
#![no_main]

use std::sync::OnceLock;

use exonym::fold::fold;
use exonym::resolve::Scratch;
use exonym::source::csv::CsvReader;
use exonym::token::{Key, Tokens};
use exonym::{Annotator, Finder, Gazetteer, GazetteerBuilder, Options};
use libfuzzer_sys::fuzz_target;

fn gazetteer() -> &'static Gazetteer {
    static GAZETTEER: OnceLock<Gazetteer> = OnceLock::new();
    GAZETTEER.get_or_init(|| {
        let table = include_str!("../../gazetteer/sample/sample.csv");
        let mut builder = GazetteerBuilder::new().transliterate(true);
        for row in CsvReader::from_reader(table.as_bytes(), "sample.csv").expect("the sample is a table") {
            let (record, place) = row.expect("its rows are right");
            builder.add(record, Some(place)).expect("its records agree");
        }
        Gazetteer::from_bytes(builder.build().expect("it is small").0).expect("just built")
    })
}

fuzz_target!(|bytes: &[u8]| {
    let text = &*String::from_utf8_lossy(bytes);
    let folded = fold(text);
    assert_eq!(fold(&folded), folded, "folding is stable");

    let mut end = 0;
    for token in Tokens::of(text).as_slice() {
        let (from, to) = (token.start as usize, token.end as usize);
        assert!(end <= from && from < to && text.get(from..to).is_some(), "words follow each other");
        end = to;
    }
    let _ = Key::new(text);

    let gazetteer = gazetteer();
    let mut free_from = 0;
    for found in Finder::new(gazetteer).find_iter(text) {
        assert!(free_from <= found.start && text.get(found.start..found.end).is_some(), "matches do not overlap");
        free_from = found.end;
        assert!(found.candidates(gazetteer).len() > 0);
    }

    let annotator = Annotator::new(gazetteer);
    let mut options = Options::default();
    options.min_score = 0.0;
    options.all = true;
    options.explain = true;
    options.candidates = 3;
    let (mut scratch, mut out) = (Scratch::default(), Vec::new());
    annotator.annotate_into(text, &options, &mut scratch, &mut out);
    for annotation in &out {
        assert!(text.get(annotation.start..annotation.end).is_some(), "spans are of the text");
        assert!(annotation.score.is_finite());
    }
    let _ = annotator.normalize(text, &options, &mut scratch);
});
