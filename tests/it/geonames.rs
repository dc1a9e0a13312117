//! The tables of GeoNames: what rows in their real format say, and what is said of rows that are not in it.

use std::io::Read;
use std::path::PathBuf;

use exonym::error::{Place, Result};
use exonym::record::{Kind, NameKind, Record};
use exonym::source::geonames::GeoNamesReader;
use exonym::{Gazetteer, GazetteerBuilder, source};

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/geonames").join(name)
}

fn open(name: &str) -> GeoNamesReader {
    GeoNamesReader::from_path(fixture(name)).unwrap()
}

fn good(rows: impl Iterator<Item = Result<(Record, Place)>>) -> Vec<Record> {
    rows.map(|row| row.unwrap().0).collect()
}

#[test]
fn the_main_table_is_read() {
    let records = good(open("allCountries.txt"));
    assert_eq!(records.len(), 10);
    let almaty = &records[1];
    assert_eq!(
        (almaty.id.as_str(), almaty.kind, almaty.population),
        ("gn:1526384", Some(Kind::Place), Some(1_977_011))
    );
    assert_eq!(almaty.feature.as_ref().unwrap().as_str(), "P.PPLA");
    assert_eq!(
        (almaty.country.as_deref(), almaty.admin1.as_deref(), almaty.admin2.as_deref()),
        (Some("KZ"), Some("02"), None)
    );
    assert_eq!(almaty.point.unwrap().lat(), 43.25249);
    let names: Vec<_> = almaty.names.iter().map(|name| (name.text.as_str(), name.kind)).collect();
    assert_eq!(names[..2], [("Almaty", NameKind::Preferred), ("ALA", NameKind::Alternate)]);
    assert_eq!(names.len(), 6);
    assert_eq!((records[0].kind, records[0].admin1.as_deref()), (Some(Kind::State), None));
    // What the source does not know stays open.
    assert_eq!((records[9].kind, &records[9].feature, records[9].population), (None, &None, None));
}

#[test]
fn alternate_names_are_of_the_records_before_them() {
    let mut rows = open("allCountries.txt").then(open("alternateNamesV2.txt"));
    let mut builder = GazetteerBuilder::new();
    for row in &mut rows {
        let (record, place) = row.unwrap();
        builder.add(record, Some(place)).unwrap();
    }
    assert_eq!(rows.passed_over(), 1, "Paris is not there");
    let gazetteer = Gazetteer::from_bytes(builder.build().unwrap().0).unwrap();
    let almaty = gazetteer.by_id("wd:Q35493").unwrap();
    assert_eq!((almaty.name().text(), gazetteer.by_id("iata:ALA")), ("Almaty", Some(almaty)));
    assert_eq!(gazetteer.by_id("icao:UBBB").unwrap().id(), "gn:8504960");
    let mut names: Vec<_> = almaty
        .names()
        .map(|n| (n.text(), n.lang(), n.kind(), n.from().unwrap_or(""), n.to().unwrap_or("")))
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            ("050000", "und", NameKind::Code, "", ""),
            ("ALA", "und", NameKind::Code, "", ""),
            ("Almaty", "und", NameKind::Preferred, "", ""),
            ("Apple City", "en", NameKind::Colloquial, "", ""),
            ("Алма-Ата", "ru", NameKind::Historic, "1921", "1993"),
            ("Алматы", "kk", NameKind::Official, "", ""),
            ("Верный", "ru", NameKind::Historic, "1867-04-11", "1921-02-05"),
            ("阿拉木图", "zh", NameKind::Alternate, "", ""),
        ]
    );
    let state = gazetteer.by_id("gn:1522867").unwrap();
    assert!(state.names().any(|n| n.text() == "Қазақстан" && n.kind() == NameKind::Short));
    assert!(gazetteer.lookup("Республика").is_empty() && gazetteer.lookup("Париж").is_empty());
    assert_eq!(good(open("alternateNamesV2.txt")).len(), 13, "alone, all are read that are names or ids");
}

#[test]
fn countries_units_and_the_hierarchy_are_read() {
    let country = good(open("countryInfo.txt")).remove(0);
    assert_eq!((country.id.as_str(), country.same_as[0].as_str()), ("gn:1522867", "iso:KZ"));
    let names: Vec<_> = country.names.iter().map(|name| (name.text.as_str(), name.kind)).collect();
    assert_eq!(names, [("Kazakhstan", NameKind::Preferred), ("KZ", NameKind::Code), ("KAZ", NameKind::Code)]);
    let unit = good(open("admin1CodesASCII.txt")).remove(1);
    assert_eq!((unit.id.as_str(), unit.admin1.as_deref(), unit.names.len()), ("gn:587083", Some("09"), 1));
    let monaco = GeoNamesReader::from_reader(
        "MC.00\t\tCommune de Monaco\t3319178\n".as_bytes(),
        "admin1CodesASCII.txt",
    );
    assert_eq!(good(monaco.unwrap())[0].names[0].text, "Commune de Monaco", "as the real file has it");
    let unit = good(open("admin2Codes.txt")).remove(0);
    assert_eq!((unit.feature.unwrap().as_str(), unit.admin2.as_deref()), ("A.ADM2", Some("1526970")));
    let links = good(open("hierarchy.txt"));
    assert_eq!((links[1].id.as_str(), links[1].part_of[0].as_str()), ("gn:1526384", "gn:1537162"));
}

#[test]
fn rows_that_are_wrong_are_told_one_by_one() {
    let rows: Vec<_> = source::read(fixture("hostile.txt")).unwrap().collect();
    let told: Vec<String> = rows
        .iter()
        .map(|row| match row {
            Ok((record, _)) => record.id.to_string(),
            Err(error) => {
                assert!(error.is_input());
                let text = error.to_string();
                text[text.find("hostile.txt").unwrap()..].to_owned()
            }
        })
        .collect();
    let many = "expected 19 separated by tabs; download the file again";
    assert_eq!(
        told,
        [
            "gn:1526384".to_owned(),
            format!("hostile.txt:2: has 3 fields, {many}"),
            "hostile.txt:3: byte 12: column name: 0xE1 is not UTF-8; save the file as UTF-8".to_owned(),
            format!("hostile.txt:4: has 20 fields, {many}"),
            "hostile.txt:5: column geonameid: id is \"0\", expected a number from 1 to 99999999".to_owned(),
            "hostile.txt:6: column geonameid: id is \"4294967296\", expected a number from 1 to 99999999".to_owned(),
            "hostile.txt:7: column geonameid: id is \"gn1\", expected a number from 1 to 99999999".to_owned(),
            "hostile.txt:8: column latitude: latitude is 91.5, expected -90 to 90".to_owned(),
            "hostile.txt:9: column longitude: longitude is -180.01, expected -180 to 180".to_owned(),
            "hostile.txt:10: column longitude: \"east\" is no number, expected one such as 76.92861".to_owned(),
            "hostile.txt:11: column feature code: feature is \"P.ppla\", expected a GeoNames class and code such as P.PPLC"
                .to_owned(),
            "hostile.txt:12: column country code: country is \"KAZ\", expected ISO 3166-1 alpha-2 such as KZ".to_owned(),
            "hostile.txt:13: column population: \"-5\" is no number, expected one such as 2000900".to_owned(),
            "hostile.txt:14: column name: the name is empty, expected the written form".to_owned(),
            "hostile.txt:15: column population: \"99999999999999999999\" is no number, expected one such as 2000900"
                .to_owned(),
            format!("hostile.txt:16: has 1 field, {many}"),
            format!("hostile.txt:17: has 2 fields, {many}"),
        ]
    );
}

#[test]
fn names_that_are_wrong_are_told() {
    for (row, expected) in [
        ("1\t2\tru\t\t\t\t\t\t\t", "column alternate name: the name is empty, expected the written form"),
        (
            "1\t2\tx\tA\t\t\t\t\t\t",
            "column isolanguage: language is \"x\", expected a BCP 47 tag such as kk or zh-Hant",
        ),
        ("1\t2\tru\tA\tyes\t\t\t\t\t", "column isPreferredName: flag is \"yes\", expected 1 or nothing"),
        (
            "1\t2\twkdt\t35493\t\t\t\t\t\t",
            "column alternate name: Wikidata id is \"35493\", expected one such as Q35493",
        ),
        (
            "1\t2\tru\tA\t\t\t\t\t1991-13\t",
            "column from: date is \"1991-13\", expected EDTF such as 1991, 1991-12-26, 1918?, 192X or ..",
        ),
        ("1\t-2\tru\tA\t\t\t\t\t\t", "column geonameid: id is \"-2\", expected a number from 1 to 99999999"),
    ] {
        let reader =
            GeoNamesReader::from_reader(std::io::Cursor::new(row.to_owned()), "alternateNamesV2.txt")
                .unwrap();
        let error = reader.map(|row| row.unwrap_err().to_string()).next().unwrap();
        assert_eq!(error, format!("alternateNamesV2.txt:1: {expected}"));
    }
}

#[test]
fn another_file_is_refused_at_once() {
    let error = GeoNamesReader::from_reader("Dear reader,\n".as_bytes(), "letter.txt").unwrap_err();
    assert_eq!(
        error.to_string(),
        "letter.txt:1: is no table of GeoNames: its first line has 1 field, expected 19 as in allCountries.txt or 10 as in \
         alternateNamesV2.txt, separated by tabs"
    );
    assert_eq!(
        GeoNamesReader::from_reader("".as_bytes(), "KZ.txt").unwrap_err().to_string(),
        "KZ.txt: is empty"
    );
    // A damaged first line does not hide what the file is.
    let rows = GeoNamesReader::from_reader("1526384\tAlm\n".as_bytes(), "KZ.txt").unwrap();
    assert_eq!(rows.filter(Result::is_err).count(), 1);
}

#[test]
fn a_long_line_is_passed_over_and_one_without_end_ends_the_file() {
    let long = |n| std::io::Read::take(std::io::repeat(b'x'), n);
    let input = std::io::Read::chain(long(1 << 30), &b"\n1\t2\n"[..]);
    let error = GeoNamesReader::from_reader(input, "hierarchy.txt").unwrap_err();
    assert!(error.is_io() && error.to_string() == "cannot read hierarchy.txt:1", "{error}");
    let input = b"1\t2\n".chain(long(100 << 20)).chain(&b"\n3\t4\n"[..]);
    let mut rows = GeoNamesReader::from_reader(input, "hierarchy.txt").unwrap();
    assert!(rows.next().unwrap().is_ok());
    assert_eq!(
        rows.next().unwrap().unwrap_err().to_string(),
        "hierarchy.txt:2: is longer than 64 MiB, expected a line; is it a text file?"
    );
    assert!(rows.next().unwrap().is_ok() && rows.next().is_none());
}
