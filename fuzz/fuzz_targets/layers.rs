//! Lay arbitrary rows over a gazetteer, also one of arbitrary bytes: no panic, what is stacked is sound and each of its names found.
#![no_main]

use std::sync::OnceLock;

use exonym::gazetteer::Stack;
use exonym::source::csv::CsvReader;
use exonym::{Finder, Gazetteer, GazetteerBuilder};
use libfuzzer_sys::fuzz_target;

fn base() -> &'static (Gazetteer, Vec<u8>) {
    static BASE: OnceLock<(Gazetteer, Vec<u8>)> = OnceLock::new();
    BASE.get_or_init(|| {
        let table = include_str!("../../gazetteer/sample/sample.csv");
        let mut builder = GazetteerBuilder::new();
        for row in CsvReader::from_reader(table.as_bytes(), "sample.csv").expect("the sample is a table").take(60) {
            builder.add(row.expect("its rows are right").0, None).expect("its records agree");
        }
        let bytes = builder.build().expect("it is small").0;
        (Gazetteer::from_bytes(bytes.clone()).expect("just built"), bytes)
    })
}

/// Lays rows over a gazetteer; fields are separated by semicolons.
fn lay(base: &Gazetteer, rows: &[u8]) -> Option<Gazetteer> {
    let table = [b"id;name;hide;lang;country;same_as\n", rows].concat();
    let rows = CsvReader::from_reader(std::io::Cursor::new(table), "rows.csv").ok()?;
    let mut stack = Stack::over(base);
    for (i, row) in rows.take(100).enumerate() {
        if let Ok((record, place)) = row {
            stack.add(record, Some(place)).ok()?;
        }
        if i % 4 == 3 {
            stack.next_layer();
        }
    }
    stack.build().ok().map(|(stack, _)| stack)
}

fuzz_target!(|bytes: &[u8]| {
    let (base, file) = base();
    if let Some(stack) = lay(base, bytes) {
        stack.verify().expect("it was put together of sound parts");
        for name in stack.names() {
            let found = stack.lookup(name.text());
            assert!(found.is_empty() || found.into_iter().any(|other| other == name), "each name is under its key");
        }
        let _ = Finder::new(&stack).find_iter("Almaty, Baku and Париж").count();
    }
    // The same over a file whose sections are damaged: its header must agree, which only the first bytes hold.
    let mut damaged = file.clone();
    for change in bytes.chunks_exact(4) {
        let at = u32::from_le_bytes([change[0], change[1], change[2], 0]) as usize % damaged.len();
        if at > 64 + 15 * 32 {
            damaged[at] = change[3];
        }
    }
    if let Ok(damaged) = Gazetteer::from_bytes(damaged) {
        if let Some(stack) = lay(&damaged, b"gn:1526384;Almata\nxn:new;New\ngn:587084;;record\n") {
            let _ = Finder::new(&stack).find_iter("Almaty, Almata, New").count();
        }
    }
});
