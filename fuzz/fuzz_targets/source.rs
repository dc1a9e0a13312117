//! Read arbitrary bytes as CSV, TSV and JSON Lines, and build from what can be read: no panic.
#![no_main]

use exonym::GazetteerBuilder;
use exonym::source::csv::CsvReader;
use exonym::source::jsonl::JsonlReader;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut builder = GazetteerBuilder::new().transliterate(true);
    for name in ["names.csv", "names.tsv"] {
        let Ok(rows) = CsvReader::from_reader(std::io::Cursor::new(bytes.to_vec()), name) else { continue };
        for (record, place) in rows.take(200).flatten() {
            let _ = builder.add(record, Some(place));
        }
    }
    if let Ok(rows) = JsonlReader::from_reader(std::io::Cursor::new(bytes.to_vec()), "names.jsonl") {
        for (record, place) in rows.take(200).flatten() {
            let _ = builder.add(record, Some(place));
        }
    }
    let _ = builder.build();
});
