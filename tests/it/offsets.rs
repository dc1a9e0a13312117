//! `text` is exactly the slice of `start` and `end`, in code points, bytes and UTF-16 units, whatever the text.

use std::sync::OnceLock;

use exonym::output::jsonl::Document;
use exonym::output::{Counter, Offsets};
use exonym::resolve::Scratch;
use exonym::source::csv::CsvReader;
use exonym::{Annotator, Gazetteer, GazetteerBuilder, Options};
use proptest::prelude::*;

pub(crate) fn sample() -> &'static Gazetteer {
    static SAMPLE: OnceLock<Gazetteer> = OnceLock::new();
    SAMPLE.get_or_init(|| {
        let mut builder = GazetteerBuilder::new();
        let table = include_str!("../../gazetteer/sample/sample.csv");
        for row in CsvReader::from_reader(table.as_bytes(), "sample.csv").unwrap() {
            let (record, place) = row.unwrap();
            builder.add(record, Some(place)).unwrap();
        }
        Gazetteer::from_bytes(builder.build().unwrap().0).unwrap()
    })
}

/// The slice that another program would take.
fn slice(text: &str, unit: Offsets, start: usize, end: usize) -> String {
    match unit {
        Offsets::Char => text.chars().skip(start).take(end - start).collect(),
        Offsets::Byte => text[start..end].to_owned(),
        _ => String::from_utf16(&text.encode_utf16().collect::<Vec<_>>()[start..end]).unwrap(),
    }
}

/// Arbitrary Unicode with names of the sample strewn in.
pub(crate) fn texts() -> impl Strategy<Value = String> {
    let names = &[
        "Almaty",
        "АЛМА-АТА",
        "阿拉木图",
        "İstanbul",
        "Երևանում",
        "القاهرة",
        "Baku's",
        "👩\u{200d}🚀",
        "e\u{301}",
        "Paris, Texas",
    ];
    let piece = prop_oneof![
        2 => prop::sample::select(&names[..]).prop_map(str::to_owned),
        1 => Just(" ".to_owned()),
        2 => "[\\s\\S]{0,8}",
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn text_is_the_slice_in_every_unit(text in texts()) {
        let annotator = Annotator::new(sample());
        let mut options = Options::default();
        options.min_score = 0.0;
        options.all = true;
        let mut found = Vec::new();
        annotator.annotate_into(&text, &options, &mut Scratch::default(), &mut found);
        for unit in [Offsets::Char, Offsets::Byte, Offsets::Utf16] {
            let document = Document::new(None, None, &text, &found, unit);
            prop_assert_eq!(document.annotations.len(), found.len());
            let mut before = 0;
            for mention in &document.annotations {
                prop_assert!(before <= mention.start && mention.start < mention.end);
                prop_assert_eq!(slice(&text, unit, mention.start, mention.end), mention.text);
                prop_assert!((0.0..=1.0).contains(&mention.score));
                before = mention.end;
            }
        }
    }

    #[test]
    fn the_counter_counts_as_others_do(text in "[\\s\\S]{0,40}") {
        for unit in [Offsets::Char, Offsets::Byte, Offsets::Utf16] {
            let mut counter = Counter::new(&text, unit);
            for (at, _) in text.char_indices() {
                let expected = match unit {
                    Offsets::Char => text[..at].chars().count(),
                    Offsets::Byte => at,
                    _ => text[..at].encode_utf16().count(),
                };
                prop_assert_eq!(counter.at(at), expected);
            }
        }
    }
}
