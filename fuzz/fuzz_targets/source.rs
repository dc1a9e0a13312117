//! Read arbitrary bytes in every format of sources, choose, join and build from what can be read: no panic, and what is built is sound.
#![no_main]

use exonym::gazetteer::Joiner;
use exonym::source::select::Selection;
use exonym::source::{Format, Rows, read_any, read_from};
use exonym::{Annotator, Gazetteer, GazetteerBuilder};
use libfuzzer_sys::fuzz_target;

fn rows(bytes: &[u8], format: u8) -> Option<Rows> {
    let bytes = std::io::Cursor::new(bytes.to_vec());
    let name = ["f.csv", "f.tsv", "f.json", "f.txt", "hierarchy.txt", "deletes.txt"][usize::from(format >> 4) % 6];
    match Format::ALL.get(usize::from(format & 15)) {
        Some(format) => read_from(bytes, name, *format).ok(),
        None => read_any(bytes, name).ok(),
    }
}

fuzz_target!(|bytes: &[u8]| {
    // The first two bytes choose the formats of the two halves.
    let Some(([first, second], bytes)) = bytes.split_first_chunk() else { return };
    let (before, after) = bytes.split_at(bytes.len() / 2);
    let mut builder = GazetteerBuilder::new();
    for (record, place) in rows(before, *first).into_iter().flatten().take(200).flatten() {
        let _ = builder.add(record, Some(place));
    }
    let base = Gazetteer::from_bytes(builder.build().expect("it is small").0).expect("just built");
    base.verify().expect("just built");

    let mut selection = Selection::default();
    selection.languages = vec!["en".into(), "und".into()];
    selection.min_population = 1;
    let mut joiner = Joiner::new(&base, Joiner::WITHIN_KM);
    let mut builder = GazetteerBuilder::new().transliterate(true);
    builder.add_layer(&base).expect("it is sound");
    for (mut record, place) in rows(after, *second).into_iter().flatten().take(200).flatten() {
        joiner.join(&mut record);
        if let Some(record) = selection.take(record) {
            let _ = builder.add(record, Some(place));
        }
    }
    let both = Gazetteer::from_bytes(builder.build().expect("it is small").0).expect("just built");
    both.verify().expect("just built");
    let _ = Annotator::new(&both).annotate("Almaty, Baku and Paris");
});
