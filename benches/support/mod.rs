//! What the benches work on: the sample gazetteer, prose with its names, and records by the thousand.

use exonym::source::csv::CsvReader;
use exonym::{GazetteerBuilder, Name, Record};

const SAMPLE: &str = include_str!("../../gazetteer/sample/sample.csv");

/// Prose with a name every dozen words or so, in three scripts.
pub(crate) const PROSE: [(&str, &str); 3] = [
    (
        "en",
        "The ministers met in Almaty on Monday and will go on to Baku, where the talks about the railway from Tbilisi began last year; nobody from Yerevan was there. ",
    ),
    (
        "ru",
        "Министры встретились в Алматы в понедельник и поедут в Баку, где в прошлом году начались переговоры о железной дороге из Тбилиси; из Еревана никого не было. ",
    ),
    (
        "zh",
        "部长们星期一在阿拉木图会面，随后前往巴库，去年在那里开始了关于第比利斯铁路的谈判，没有人来自埃里温。",
    ),
];
pub(crate) fn sample() -> Vec<u8> {
    let mut builder = GazetteerBuilder::new();
    for row in CsvReader::from_reader(SAMPLE.as_bytes(), "sample.csv").expect("the sample is a table") {
        let (record, place) = row.expect("the sample's rows are right");
        builder.add(record, Some(place)).expect("the sample's records agree");
    }
    builder.build().expect("the sample is small").0
}

/// Records with made-up names of two words.
pub(crate) fn records(count: usize) -> Vec<Record> {
    let record = |i: usize| {
        let mut record = Record::new(format!("xn:{i}").parse().expect("it is an id"));
        record.names = vec![Name::new(format!("Name{} of{}", i % 5000, i / 7), "und")];
        record
    };
    (0..count).map(record).collect()
}

pub(crate) fn build(records: Vec<Record>) -> Vec<u8> {
    let mut builder = GazetteerBuilder::new();
    for record in records {
        builder.add(record, None).expect("the records agree");
    }
    builder.build().expect("they are few").0
}
