//! Sources: what the rows say, and every message about what they should not say.

use exonym::error::{Place, Result};
use exonym::gazetteer::GazetteerBuilder;
use exonym::record::{CaseRule, Kind, Name, NameKind, Record};
use exonym::source::{self, csv::CsvReader};

type Row = Result<(Record, Place)>;

fn csv(name: &str, text: impl Into<Vec<u8>>) -> Vec<Row> {
    match CsvReader::from_reader(std::io::Cursor::new(text.into()), name) {
        Ok(reader) => reader.collect(),
        Err(error) => vec![Err(error)],
    }
}

/// The message of the first row that has one.
fn message(rows: Vec<Row>) -> String {
    let error = rows.into_iter().find_map(Result::err).expect("some row is wrong");
    assert!(error.is_input());
    error.to_string()
}

fn names(rows: Vec<Row>) -> Vec<String> {
    rows.into_iter().map(|row| row.unwrap().0.names[0].text.clone()).collect()
}

#[test]
fn every_column_is_read() {
    let text = "id,kind,feature,country,admin1,admin2,lat,lon,population,exists_from,exists_to,same_as,part_of,\
                successors,name,lang,name_kind,from,to,perspective,case,source\n\
                gn:1526384,place,P.PPLA,KZ,02,8623,43.25667,76.92861,2000900,1854,..,wd:Q35493;xn:v,iso:KZ,xn:a;xn:b,\
                \"Verny, \"\"Верный\"\"\",ru;en;und,historic,1867,1921,kz;ru,title,curated\n";
    let (record, place) = csv("names.csv", text).remove(0).unwrap();
    assert_eq!(place.to_string(), "names.csv:2");
    assert_eq!((record.kind, record.population), (Some(Kind::Place), Some(2_000_900)));
    assert_eq!((record.same_as.len(), record.part_of.len(), record.successors.len()), (2, 1, 2));
    assert_eq!(record.point.unwrap().lon(), 76.92861);
    assert_eq!(record.period.to.unwrap().as_str(), "..");
    let name: &Name = &record.names[0];
    assert_eq!(
        (name.text.as_str(), &name.langs),
        ("Verny, \"Верный\"", &vec!["en".to_owned(), "ru".to_owned()])
    );
    assert_eq!(
        (name.kind, name.case, name.source.as_str()),
        (NameKind::Historic, Some(CaseRule::Title), "curated")
    );
    assert_eq!((name.period.from.as_ref().unwrap().as_str(), name.perspective.len()), ("1867", 2));
}

#[test]
fn delimiters_line_ends_and_marks_are_found_out() {
    for text in [
        "id,name\ngn:1,Баку\ngn:2,Bakou\n",
        "id;name\r\ngn:1;Баку\r\ngn:2;Bakou",
        "\u{feff}name\tid\r\nБаку\tgn:1\r\nBakou\tgn:2\r\n",
        "\n\"id\",\"name\"\n\n\"gn:1\",\"Баку\"\n\ngn:2,Bakou\n\n",
    ] {
        assert_eq!(names(csv("names.csv", text)), ["Баку", "Bakou"], "{text:?}");
    }
    assert_eq!(names(csv("n.tsv", "id\tname\ngn:1\t\"Баку\ngn:2\t12\" x\n")), ["\"Баку", "12\" x"]);
    assert_eq!(names(csv("n.csv", "id,name\ngn:1,The \"\"old\"\" town\n")), ["The \"\"old\"\" town"]);
    let rows = csv("n.csv", "id,name,source\ngn:1,\"Sankt\nPetersburg\",\"a\r\n\"\"b\"\"\"\ngn:2,x,y\n");
    let places: Vec<_> = rows.iter().map(|row| row.as_ref().unwrap().1.line).collect();
    assert_eq!(places, [Some(2), Some(5)]);
    assert_eq!(names(rows), ["Sankt\nPetersburg", "x"]);
}

#[test]
fn claims_need_no_names() {
    let text = "id,claimed_by,controlled_by\n\
                xn:abyei,iso:SD /..; iso:SS 2011-07-09/.. law of 2011,iso:SD 2011-05-21/\n";
    let (record, _) = csv("claims.csv", text).remove(0).unwrap();
    assert_eq!((record.names.len(), record.claimed_by.len()), (0, 2));
    assert_eq!((record.claimed_by[1].by.as_str(), &*record.claimed_by[1].source), ("iso:SS", "law of 2011"));
    assert_eq!(
        message(csv("claims.csv", "id,claimed_by\nxn:abyei,iso:SD 2011\n")),
        "claims.csv:2: column claimed_by: claim is \"iso:SD 2011\", expected an id, a period and a source such as iso:MA \
         1976/.. A/RES/34/37"
    );
    assert_eq!(
        message(csv("claims.csv", "id,name,claimed_by\nxn:abyei,,iso:SD\n")),
        "claims.csv:2: column name: the name is empty, expected the written form"
    );
}

#[test]
fn a_header_without_a_needed_column_is_refused() {
    assert_eq!(
        message(csv("names.csv", "id,text\ngn:1,Baku\n")),
        "names.csv:1: has no column \"name\"; the header needs at least: id, name"
    );
    assert_eq!(
        message(csv("names.csv", "\nid,Nmae\n")),
        "names.csv:2: has no column \"name\" (is \"Nmae\" meant?); the header needs at least: id, name"
    );
    assert_eq!(message(csv("names.csv", "id,name,id\n")), "names.csv:1: has two columns \"id\"; remove one");
    let reader = CsvReader::from_reader("id,name,wikipedia,note\n".as_bytes(), "a.csv").unwrap();
    assert_eq!(reader.ignored_columns(), ["wikipedia", "note"]);
}

#[test]
fn what_is_no_text_is_refused() {
    assert_eq!(message(csv("names.csv", "")), "names.csv: is empty");
    assert_eq!(message(csv("names.csv", "\u{feff}\n\n")), "names.csv: is empty");
    assert_eq!(
        message(csv("n.csv", b"\xfd7zXZ\0\0".to_vec())),
        "n.csv: is xz-compressed; decompress it first"
    );
    assert_eq!(
        message(csv("n.csv", b"\x1f\x8b\x08".to_vec())),
        "n.csv: is gzip-compressed; decompress it first"
    );
    let utf16 = message(csv("n.csv", b"\xff\xfei\0d\0".to_vec()));
    assert_eq!(utf16, "n.csv: is UTF-16, expected UTF-8; save it as UTF-8");
}

#[test]
fn a_bad_field_is_named_by_line_and_column() {
    let cases = [
        ("id,name,lat,lon", "gn:1,A,400.2,1", "column lat: latitude is 400.2, expected -90 to 90"),
        ("id,name,lat,lon", "gn:1,A,1,-181", "column lon: longitude is -181, expected -180 to 180"),
        ("id,name,lat,lon", "gn:1,A,NaN,1", "column lat: latitude is NaN, expected -90 to 90"),
        (
            "id,name,lat,lon",
            "gn:1,A,43°,1",
            "column lat: \"43°\" is no number, expected one such as 43.25667",
        ),
        (
            "id,name,lat,lon",
            "gn:1,A,1,",
            "column lon: the row has a latitude, but no longitude; give both or neither",
        ),
        (
            "id,name,lat,lon",
            "gn:1,A,,1",
            "column lat: the row has a longitude, but no latitude; give both or neither",
        ),
        (
            "id,name",
            "1526384,A",
            "column id: id is \"1526384\", expected scheme:value such as gn:1526384, without spaces",
        ),
        ("id,name", ",A", "column id: the id is empty, expected scheme:value such as gn:1526384"),
        ("id,name", "gn:1, ", "column name: the name is empty, expected the written form"),
        (
            "id,name,same_as",
            "gn:1,A,wd:Q1;Q2",
            "column same_as: id is \"Q2\", expected scheme:value such as gn:1526384, without spaces",
        ),
        (
            "id,name,kind",
            "gn:1,A,city",
            "column kind: kind is \"city\", expected one of: place, state, organization, person, document, event",
        ),
        (
            "id,name,case",
            "gn:1,A,upper",
            "column case: case is \"upper\", expected one of: any, title, exact",
        ),
        (
            "id,name,from",
            "gn:1,A,26.12.1991",
            "column from: date is \"26.12.1991\", expected EDTF such as 1991, 1991-12-26, 1918?, 192X or ..",
        ),
        (
            "id,name,feature",
            "gn:1,A,PPL",
            "column feature: feature is \"PPL\", expected a GeoNames class and code such as P.PPLC",
        ),
        (
            "id,name,country",
            "gn:1,A,Kaz",
            "column country: country is \"Kaz\", expected ISO 3166-1 alpha-2 such as KZ",
        ),
        (
            "id,name,population",
            "gn:1,A,2 mio",
            "column population: \"2 mio\" is no number, expected one such as 2000900",
        ),
        (
            "id,name,lang",
            "gn:1,A,en_US",
            "column lang: language is \"en_US\", expected a BCP 47 tag such as kk or zh-Hant",
        ),
    ];
    for (header, row, expected) in cases {
        let rows = csv(
            "names.csv",
            format!("{header}\n\n{row}\ngn:9,Ganja{}\n", ",".repeat(header.matches(',').count() - 1)),
        );
        assert_eq!(rows.len(), 2);
        assert!(rows[1].is_ok(), "the rows after a bad one are read");
        assert_eq!(message(rows), format!("names.csv:3: {expected}"));
    }
    let kinds = message(csv("names.csv", "id,name,name_kind\ngn:1,A,old\n"));
    assert!(
        kinds.starts_with("names.csv:2: column name_kind: name_kind is \"old\", expected one of: preferred,"),
        "{kinds}"
    );
}

#[test]
fn a_row_of_another_length_is_refused() {
    let rows = csv("names.csv", "id,name,lang\ngn:1,Baku, Azerbaijan,en\ngn:2\ngn:3,Ganja,az\n");
    let told: Vec<_> = rows.iter().filter_map(|row| row.as_ref().err().map(ToString::to_string)).collect();
    assert_eq!(
        told,
        [
            "names.csv:2: has 4 fields, expected 3 as in the header; put a field that contains a comma in double quotes",
            "names.csv:3: has 1 field, expected 3 as in the header; put a field that contains a comma in double quotes",
        ]
    );
    assert_eq!(
        message(csv("n.tsv", "id\tname\ngn:1\tA\tB\n")),
        "n.tsv:2: has 3 fields, expected 2 as in the header"
    );
    let quote = message(csv("n.csv", "id,name\ngn:1,A\ngn:2,\"Baku\ngn:3,B\n"));
    assert_eq!(
        quote,
        "n.csv:3: a quoted field is not closed before the end of the file; close the quote, or double a quote that is meant"
    );
    let after = message(csv("n.csv", "id,name\ngn:1,\"Ba\"ku\n"));
    assert_eq!(
        after,
        "n.csv:2: byte 10: text follows a closing quote; double a quote that is meant, and quote the whole field"
    );
    let endless = format!("id,name\ngn:1,\"{}\n", "long line\n".repeat(200_000));
    let endless = message(csv("n.csv", endless));
    assert!(endless.starts_with("n.csv:2: a quoted field goes on for more than 1 MiB"), "{endless}");
}

#[test]
fn bytes_that_are_not_utf8_are_named() {
    let rows = csv("names.csv", b"id,name\ngn:1,K\xf6ln\ngn:2,Bonn\n".to_vec());
    assert!(rows[1].is_ok());
    assert_eq!(message(rows), "names.csv:2: byte 7: column name: 0xF6 is not UTF-8; save the file as UTF-8");
}

#[test]
fn contradictions_name_both_places() {
    let text = "id,name,lat,lon\ngn:1,Sofia,43.2,23\ngn:1,София,43.2,23\ngn:1,Sofya,,\n\ngn:1,Sofija,50.1,23\ngn:1,S,51,23\n";
    let expected = "records.csv:6: id gn:1 has lat 50.1, but records.csv:2 gave 43.2; keep one";
    let mut strict = GazetteerBuilder::new().strict(true);
    let mut lax = GazetteerBuilder::new();
    for row in csv("records.csv", text) {
        let (record, place) = row.unwrap();
        lax.add(record.clone(), Some(place.clone())).unwrap();
        strict.add(record, Some(place)).unwrap();
    }
    assert_eq!(strict.build().unwrap_err().to_string(), expected);
    let (_, report) = lax.build().unwrap();
    assert_eq!((report.conflict_count, report.conflicts), (1, vec![expected.to_owned()]));
}

#[test]
fn files_are_read_by_extension() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    for (name, text) in [("a.csv", "id,name\ngn:1,Baku\n"), ("a.TSV", "id\tname\ngn:1\tBaku\n")] {
        assert_eq!(names(source::read(path(name, text.as_bytes())).unwrap().collect()), ["Baku"]);
    }
    let refusal = |path| source::read(path).map(|_| ()).unwrap_err().to_string();
    let text = refusal(path("a.dat", b"id"));
    assert!(
        text.ends_with(
            "a.dat has the extension \"dat\", expected .csv, .tsv, .jsonl or .ndjson, or .txt of GeoNames"
        ),
        "{text}"
    );
    let text = refusal(path("a.csv.xz", b"\xfd7zXZ\0\0"));
    assert!(text.ends_with("a.csv.xz: is xz-compressed; decompress it first"), "{text}");
    let missing = source::read(folder.path().join("none.csv")).map(|_| ()).unwrap_err();
    assert!(missing.is_io() && missing.to_string().starts_with("cannot open "));
}

#[cfg(feature = "serde")]
mod jsonl {
    use super::*;
    use exonym::source::jsonl::JsonlReader;

    fn read(text: &str) -> Vec<Row> {
        match JsonlReader::from_reader(std::io::Cursor::new(text.to_owned()), "n.jsonl") {
            Ok(reader) => reader.collect(),
            Err(error) => vec![Err(error)],
        }
    }

    #[test]
    fn names_stand_alone_or_in_a_list() {
        let rows = read(concat!(
            "\u{feff}{\"id\":\"gn:616752\",\"lat\":39.8153,\"lon\":46.7519,\"population\":55200,\"same_as\":[\"wd:Q1\",\"xn:s\"],",
            "\"names\":[{\"text\":\"Ստեփանակերտ\",\"lang\":\"hy\",\"perspective\":[\"am\"]},",
            "{\"name\":\"Xankəndi\",\"lang\":[\"tr\",\"az\"],\"kind\":\"official\",\"from\":\"1991\",\"case\":null}]}\n\n",
            "{\"id\":\"gn:1\",\"name\":\"Baku\",\"lang\":\"en;de\",\"name_kind\":\"short\"}\r\n",
        ));
        let rows: Vec<_> = rows.into_iter().map(Result::unwrap).collect();
        assert_eq!(rows[0].0.names[1].langs, ["az", "tr"]);
        assert_eq!((rows[0].0.names[1].kind, rows[0].0.same_as.len()), (NameKind::Official, 2));
        assert_eq!((rows[1].0.names[0].kind, rows[1].1.line), (NameKind::Short, Some(3)));
    }

    #[test]
    fn bad_objects_are_named_by_line_and_column() {
        for (line, expected) in [
            ("[1]", "n.jsonl:1: byte 1: is no JSON object: invalid type: sequence, expected a map"),
            ("{\"id\":\"gn:1\",", "n.jsonl:1: byte 13: is no JSON object: EOF while parsing a value"),
            ("{\"id\":\"gn:1\"}", "n.jsonl:1: has no name; give \"name\" or \"names\""),
            (
                "{\"name\":\"Baku\"}",
                "n.jsonl:1: column id: the id is empty, expected scheme:value such as gn:1526384",
            ),
            (
                "{\"id\":\"gn:1\",\"name\":\"\"}",
                "n.jsonl:1: column name: the name is empty, expected the written form",
            ),
            (
                "{\"id\":\"gn:1\",\"name\":true}",
                "n.jsonl:1: column name: has another type, expected a string or number",
            ),
            (
                "{\"id\":\"gn:1\",\"names\":\"x\"}",
                "n.jsonl:1: column names: has another type, expected an array of objects",
            ),
            (
                "{\"id\":\"gn:1\",\"name\":\"A\",\"lat\":400.2,\"lon\":1}",
                "n.jsonl:1: column lat: latitude is 400.2, expected -90 to 90",
            ),
        ] {
            let rows = read(&format!("{line}\n{{\"id\":\"gn:2\",\"name\":\"B\"}}\n"));
            assert!(rows[1].is_ok());
            assert_eq!(message(rows), expected);
        }
        assert_eq!(message(read("")), "n.jsonl: is empty");
    }

    #[test]
    fn unknown_fields_are_told() {
        let mut reader =
            JsonlReader::from_reader("{\"id\":\"gn:1\",\"name\":\"A\",\"note\":{}}".as_bytes(), "n.jsonl")
                .unwrap();
        assert!(reader.next().unwrap().is_ok() && reader.next().is_none());
        assert_eq!(reader.ignored_columns(), ["note"]);
    }
}
