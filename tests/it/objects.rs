//! The JSON formats of others: fixtures in their real shape, and files that are damaged.

use std::path::PathBuf;

use exonym::error::{Place, Result};
use exonym::record::{Kind, NameKind, Record};
use exonym::source::{Format, read_from};

type Row = Result<(Record, Place)>;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

fn read(format: Format, bytes: impl Into<Vec<u8>>) -> Vec<Row> {
    read_from(std::io::Cursor::new(bytes.into()), "f.json", format).unwrap().collect()
}

fn good(rows: Vec<Row>) -> Vec<Record> {
    rows.into_iter().map(|row| row.unwrap().0).collect()
}

fn ids(ids: &[exonym::record::RecordId]) -> Vec<&str> {
    ids.iter().map(|id| id.as_str()).collect()
}

fn names(record: &Record) -> Vec<(&str, String, NameKind)> {
    record.names.iter().map(|n| (n.text.as_str(), n.langs.join(";"), n.kind)).collect()
}

#[test]
fn organisations_of_ror() {
    let records = good(read(Format::Ror, fixture("ror/ror.json")));
    assert_eq!(records.len(), 1, "what was withdrawn is passed over");
    let university = &records[0];
    assert_eq!((university.id.as_str(), university.kind), ("ror:03q0vrn42", Some(Kind::Organization)));
    assert_eq!(ids(&university.same_as), ["isni:0000000088875266", "wd:Q1416322", "grid:grid.77184.3d"]);
    assert_eq!(
        (ids(&university.part_of), university.country.as_deref()),
        (vec!["ror:01qs1nq61"], Some("KZ"))
    );
    assert_eq!(university.period.from.as_ref().unwrap().as_str(), "1934");
    let kinds: Vec<_> = names(university).into_iter().map(|(_, lang, kind)| (lang, kind)).collect();
    let of = |lang: &str, kind| (lang.to_owned(), kind);
    assert_eq!(
        kinds,
        [
            of("en", NameKind::Preferred),
            of("kk", NameKind::Official),
            of("", NameKind::Abbreviation),
            of("", NameKind::Alternate)
        ]
    );
}

#[test]
fn items_of_wikidata() {
    let rows = read(Format::Wikidata, fixture("wikidata/dump.json"));
    assert_eq!(rows[1].as_ref().unwrap().1.line, Some(5));
    let records = good(rows);
    let city = &records[0];
    assert_eq!(
        (city.id.as_str(), city.kind, city.population),
        ("wd:Q35493", Some(Kind::Place), Some(1_977_011))
    );
    assert_eq!((ids(&city.same_as), ids(&city.part_of)), (vec!["gn:1526384"], vec!["wd:Q232"]));
    let old = city.names.last().unwrap();
    assert_eq!((old.text.as_str(), old.kind), ("Верный", NameKind::Historic));
    let period = (old.period.from.as_ref().unwrap().as_str(), old.period.to.as_ref().unwrap().as_str());
    assert_eq!(period, ("1867-04-11", "1921-02"));
    let person = &records[1];
    assert_eq!(
        (person.kind, person.period.from.as_ref().unwrap().as_str()),
        (Some(Kind::Person), "1955-06-08")
    );
    assert_eq!(records.len(), 2, "classes and properties are passed over");
}

#[test]
fn linked_places() {
    let place = good(read(Format::Lpf, fixture("lpf/places.geojson"))).remove(0);
    assert_eq!((place.id.as_str(), place.country.as_deref()), ("gn:1526384", Some("KZ")));
    assert_eq!((ids(&place.same_as), ids(&place.part_of)), (vec!["wd:Q35493"], vec!["tgn:7014640"]));
    assert_eq!(place.point.unwrap().lat(), 43.25);
    assert_eq!(place.period.to.as_ref().unwrap().as_str(), "1921-02-05");
    assert_eq!(place.names[0].period.from.as_ref().unwrap().as_str(), "1867");
    assert_eq!(names(&place)[2], ("Verny", String::new(), NameKind::Preferred));
}

#[test]
fn places_of_whos_on_first() {
    let state = good(read(Format::Wof, fixture("wof/85632997.geojson"))).remove(0);
    assert_eq!(
        (state.id.as_str(), state.kind, state.country.as_deref()),
        ("wof:85632997", Some(Kind::State), Some("KZ"))
    );
    assert_eq!(
        (ids(&state.same_as), ids(&state.part_of)),
        (vec!["gn:1522867", "wd:Q232"], vec!["wof:102191569"])
    );
    assert_eq!((state.period.from.as_ref().unwrap().as_str(), state.period.to.clone()), ("1991-12-16", None));
    let names = names(&state);
    assert!(names.contains(&("Қазақстан", "kk".to_owned(), NameKind::Official)));
    assert!(names.contains(&("哈薩克", "zh-hant".to_owned(), NameKind::Official)));
    assert_eq!(names.len(), 6);
}

#[test]
fn damaged_files_are_told() {
    let wof =
        |properties: &str| format!("{{\"properties\":{{\"wof:id\":1,\"wof:name\":\"A\",{properties}}}}}");
    let cases: Vec<(Format, Vec<u8>, &str)> = vec![
        (Format::Ror, b"[\n{\"id\": \"https://ror".to_vec(), ":2: the object that begins here is not closed before the end of the file; download it again"),
        (Format::Ror, b"[\n\n".to_vec(), ":3: a list is not closed before the end of the file; download it again"),
        (Format::Ror, b"\nBad Gateway\n{}".to_vec(), ":2: text stands between the objects, expected { or [; is it a JSON file?"),
        (Format::Ror, b"{\n\"id\": \"K\xf6ln\"}".to_vec(), ":2: 0xF6 is not UTF-8; save the file as UTF-8"),
        (Format::Ror, b"{\"id\":\n 1 2}".to_vec(), ":2: is no JSON object: expected `,` or `}`"),
        (Format::Ror, b"{\"id\": 1}".to_vec(), ":1: column id: has another type, expected a string"),
        (Format::Ror, b"{\"id\": \"Q1\"}".to_vec(), ":1: column id: id is \"Q1\", expected one such as https://ror.org/05dxps055"),
        (
            Format::Ror,
            b"{\"id\": \"https://ror.org/0\", \"name\": \"A\"}".to_vec(),
            ":1: is of schema 1, expected schema 2; take the file of the dump that ends in _v2.json",
        ),
        (
            Format::Ror,
            b"{\"id\": \"https://ror.org/0\", \"names\": [{\"value\": \"\"}]}".to_vec(),
            ":1: column names[0].value: the name is empty, expected the written form",
        ),
        (Format::Wikidata, b"{\"id\": \"Q1\", \"claims\": {\"P625\": 1}}".to_vec(), ":1: column claims.P625: has another type, expected a list"),
        (Format::Lpf, b"{\"names\": []}".to_vec(), ":1: has no \"@id\", expected an IRI"),
        (
            Format::Lpf,
            b"{\"@id\": \"x:1\", \"properties\": {\"title\": \"A\"}, \"geometry\": {\"type\": \"Point\", \"coordinates\": [1, 91]}}".to_vec(),
            ":1: column geometry: latitude is 91, expected -90 to 90",
        ),
        (Format::Wof, wof("\"wof:population\":-5").into(), ":1: column properties.wof:population: has another value, expected a whole number from 0"),
        (Format::Wof, wof("\"geom:latitude\":1,\"geom:longitude\":181").into(), ":1: column properties.geom:latitude: longitude is 181, expected -180 to 180"),
        (Format::Wof, vec![b'['; 10], ":1: a list is not closed before the end of the file; download it again"),
        (Format::Wof, b"{".repeat(100_000), ":1: the object that begins here is not closed before the end of the file; download it again"),
    ];
    for (format, bytes, expected) in cases {
        let error = read(format, bytes).into_iter().find_map(Result::err).expect(expected);
        assert!(error.is_input());
        assert_eq!(error.to_string(), format!("f.json{expected}"));
    }
    let deep = format!("{{\"a\":{}1{}}}\n", "[".repeat(1000), "]".repeat(1000));
    let rows = read(Format::Ror, deep + "{\"id\": \"https://ror.org/0\", \"names\": [{\"value\": \"A\"}]}");
    assert!(rows[0].is_err() && rows[1].is_ok(), "the object after a bad one is read");
}
