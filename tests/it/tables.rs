//! Tables of others: fixtures in their real shape, and files that are damaged.

use std::io::{Cursor, Read};
use std::path::PathBuf;

use exonym::error::{Place, Result};
use exonym::gazetteer::Stack;
use exonym::record::{Hide, Kind, NameKind, Record};
use exonym::source::{Format, read, read_any, read_from};
use exonym::{Annotator, Gazetteer, GazetteerBuilder};

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn good(name: &str) -> Vec<Record> {
    read(fixture(name)).unwrap().map(|row| row.unwrap().0).collect()
}

fn names(record: &Record) -> Vec<(&str, String, NameKind)> {
    record.names.iter().map(|n| (n.text.as_str(), n.langs.join(";"), n.kind)).collect()
}

fn ids(ids: &[exonym::record::RecordId]) -> Vec<&str> {
    ids.iter().map(|id| id.as_str()).collect()
}

#[test]
fn linked_places_as_a_table() {
    let [verny, constantinople] = &good("lptsv/places.tsv")[..] else { panic!("two places") };
    assert_eq!((verny.id.as_str(), verny.country.as_deref()), ("lp:1000001", Some("KZ")));
    assert_eq!((ids(&verny.same_as), ids(&verny.part_of)), (vec!["wd:Q35493", "gn:1526384"], vec!["lp:42"]));
    assert_eq!(
        (verny.point.unwrap().lat(), verny.period.to.as_ref().unwrap().as_str()),
        (43.25, "1921-02-05")
    );
    assert_eq!(
        names(verny),
        [
            ("Verny", String::new(), NameKind::Preferred),
            ("Верный", "ru".into(), NameKind::Alternate),
            ("Alma-Ata", "en".into(), NameKind::Alternate)
        ]
    );
    assert_eq!(names(constantinople)[0], ("Constantinopolis", "la".into(), NameKind::Preferred));
    assert_eq!(constantinople.point.unwrap().lon(), 28.95);
    assert_eq!(constantinople.period.from.as_ref().unwrap().as_str(), "0330");
}

#[test]
fn openstreetmap_as_overpass_writes_it() {
    let [city, state] = &good("osm/overpass.csv")[..] else { panic!("one has no name") };
    assert_eq!((city.id.as_str(), city.population), ("osm:n27043984", Some(2_000_900)));
    assert_eq!((city.feature.as_ref().unwrap().as_str(), ids(&city.same_as)), ("P.PPL", vec!["wd:Q35493"]));
    assert_eq!(
        names(city),
        [
            ("Алматы", String::new(), NameKind::Preferred),
            ("Almaty", "en".into(), NameKind::Alternate),
            ("Алматы", "ru".into(), NameKind::Alternate),
            ("阿拉木圖", "zh-Hant".into(), NameKind::Alternate),
            ("Almata", String::new(), NameKind::Alternate),
            ("Алма-Ата", String::new(), NameKind::Alternate),
            ("Верный", String::new(), NameKind::Historic),
            ("Алма-Ата", "ru".into(), NameKind::Historic),
            ("Алматы қаласы", "kk".into(), NameKind::Official),
        ]
    );
    assert_eq!((state.id.as_str(), state.kind, state.point), ("osm:r214665", Some(Kind::State), None));
}

#[test]
fn results_of_queries_to_wikidata() {
    let rows = good("sparql/result.json");
    assert_eq!(rows.len(), 3, "what has no label is passed over");
    assert_eq!((rows[0].id.as_str(), rows[0].kind), ("wd:Q35493", Some(Kind::Place)));
    assert_eq!(names(&rows[0]), [("Алматы", "kk".into(), NameKind::Alternate)]);
    assert_eq!(names(&rows[1]), [("Верный", "ru".into(), NameKind::Historic)]);
    assert_eq!(rows[1].names[0].period.from.as_ref().unwrap().as_str(), "1867-04-11");
    assert_eq!((rows[2].kind, names(&rows[2])[0].2), (Some(Kind::State), NameKind::Preferred));
    let rows = good("sparql/query.csv");
    assert_eq!((ids(&rows[0].same_as), rows[0].population), (vec!["gn:587084"], Some(2_300_500)));
    assert_eq!(rows[0].names.iter().map(|n| n.text.as_str()).collect::<Vec<_>>(), ["Baku", "Bakı", "Bakou"]);
    assert_eq!((rows[1].country.as_deref(), rows[1].point), (Some("AZ"), None));
    assert_eq!(names(&good("sparql/query.tsv")[0]), [("Бакы", "ky".into(), NameKind::Alternate)]);
}

#[test]
fn a_day_of_geonames_is_laid_over() {
    let mut builder = GazetteerBuilder::new();
    for record in good("geonames/allCountries.txt") {
        builder.add(record, None).unwrap();
    }
    let base = Gazetteer::from_bytes(builder.build().unwrap().0).unwrap();
    let mut stack = Stack::over(&base);
    for name in ["modifications", "deletes", "alternateNamesDeletes"] {
        for record in good(&format!("geonames/{name}-2026-11-23.txt")) {
            stack.add(record, None).unwrap();
        }
    }
    let (stack, idle) = stack.build().unwrap();
    assert_eq!(idle, ["hides gn:1770, which no layer below has"]);
    let almaty = stack.by_id("gn:1526384").unwrap();
    assert_eq!((almaty.population(), stack.lookup("Zhana Auyl").len()), (2_000_900, 1));
    assert!(stack.by_id("gn:587084").is_none() && stack.lookup("Алма-Ата").is_empty());
    assert!(good("geonames/deletes-2026-11-23.txt").iter().all(|r| r.hide == Some(Hide::Record)));
}

#[test]
fn what_is_part_of_itself_is_refused() {
    let table = "1\t2\tADM\n2\t3\tADM\n3\t1\tADM\n4\t4\n1\t3\tADM\n";
    let rows = read_from(table.as_bytes(), "hierarchy.txt", Format::GeoNames).unwrap();
    let told: Vec<String> = rows.filter_map(Result::err).map(|error| error.to_string()).collect();
    assert_eq!(
        told,
        [
            "hierarchy.txt:3: column parentId: 3 is itself a part of 1; remove one of the rows",
            "hierarchy.txt:4: column parentId: 4 is itself a part of 4; remove one of the rows",
        ]
    );
    // Sources that cannot be asked so early may still tell of circles, which lead nowhere.
    let table = "id,part_of,successors,name,exists_to\ngn:1,gn:2,gn:2,Almaty,1990\ngn:2,gn:1,gn:1,Verny,1921\ngn:3,gn:3,gn:3,Baku,1800\n";
    let mut builder = GazetteerBuilder::new();
    for row in read_from(table.as_bytes(), "circle.csv", Format::Csv).unwrap() {
        builder.add(row.unwrap().0, None).unwrap();
    }
    let gazetteer = Gazetteer::from_bytes(builder.build().unwrap().0).unwrap();
    Annotator::new(&gazetteer).annotate("Almaty, Verny and Baku");
    assert!(gazetteer.records().all(|record| record.current(None, None).is_none_or(|now| now.index() < 3)));
}

fn errors(format: Option<Format>, name: &str, bytes: impl Into<Vec<u8>>) -> Vec<String> {
    let bytes = Cursor::new(bytes.into());
    let rows = match format {
        Some(format) => read_from(bytes, name, format),
        None => read_any(bytes, name),
    };
    match rows {
        Ok(rows) => rows.filter_map(Result::err).map(|error| error.to_string()).collect(),
        Err(error) => vec![error.to_string()],
    }
}

#[test]
fn damaged_tables_are_told() {
    let lptsv = |row: &str| format!("id\ttitle\tvariants\tccodes\tstart\tmatches\tlat\tlon\tgeowkt\n{row}\n");
    let osm = |row: &str| format!("@id,@type,@lat,@lon,name,ISO3166-1\n{row}\n");
    let sparql = |row: &str| format!("item,label,coord,population,inception\n{row}\n");
    for (name, bytes, expected) in [
        ("a.tsv", lptsv("1\t\t\t\t\t\t\t\t"), ":2: column title: is empty, expected the written form"),
        (
            "a.tsv",
            lptsv("a b\tA\t\t\t\t\t\t\t"),
            ":2: column id: id is \"lp:a b\", expected scheme:value such as gn:1526384, without spaces",
        ),
        (
            "a.tsv",
            lptsv("1\tA\t@fr\t\t\t\t\t\t"),
            ":2: column variants: \"@fr\" has no name, expected one such as Pekin@fr",
        ),
        (
            "a.tsv",
            lptsv("1\tA\t\tKAZ\t\t\t\t\t"),
            ":2: column ccodes: country is \"KAZ\", expected ISO 3166-1 alpha-2 such as KZ",
        ),
        (
            "a.tsv",
            lptsv("1\tA\t\t\tlong ago\t\t\t\t"),
            ":2: column start: date is \"long ago\", expected EDTF such as 1991, 1991-12-26, 1918?, 192X or ..",
        ),
        ("a.tsv", lptsv("1\tA\t\t\t\t\t91\t0\t"), ":2: column lat: latitude is 91, expected -90 to 90"),
        (
            "a.tsv",
            lptsv("1\tA\t\t\t\t\t\t0\t"),
            ":2: column lat: is empty, expected a latitude beside the longitude",
        ),
        (
            "a.tsv",
            lptsv("1\tA\t\t\t\t\t\t\tnowhere"),
            ":2: column geowkt: is \"nowhere\", expected one such as Point(76.9 43.25)",
        ),
        ("a.tsv", lptsv("1\tA"), ":2: has 2 fields, expected 9 as in the header"),
        ("a.tsv", "id\ttitle\n1\t\"A".to_owned(), ""),
        ("a.csv", osm("n1,node,,,A,"), ":2: column @id: id is \"n1\", expected a number such as 27043984"),
        ("a.csv", osm("1,area,,,A,"), ":2: column @type: is \"area\", expected node, way or relation"),
        ("a.csv", osm("1,node,0,-181,A,"), ":2: column @lon: longitude is -181, expected -180 to 180"),
        (
            "a.csv",
            osm("1,node,NaN,0,A,"),
            ":2: column @lat: \"NaN\" is no number, expected one such as 43.25667",
        ),
        (
            "a.csv",
            osm("1,relation,,,A,kz"),
            ":2: column ISO3166-1: country is \"kz\", expected ISO 3166-1 alpha-2 such as KZ",
        ),
        (
            "a.csv",
            osm("1,relation,,,\"A"),
            ":2: a quoted field is not closed before the end of the file; close the quote, or double a quote that is meant",
        ),
        (
            "a.csv",
            "@id,name\n1,A\n".to_owned(),
            ":1: has no column \"@type\"; the header needs at least: @id, @type",
        ),
        ("a.csv", sparql(",A,,,"), ":2: column item: is empty, expected an IRI of Wikidata"),
        (
            "a.csv",
            sparql("Baku,A,,,"),
            ":2: column item: id is \"Baku\", expected scheme:value such as gn:1526384, without spaces",
        ),
        (
            "a.csv",
            sparql("wd:Q1,A,Point(1),,"),
            ":2: column coord: \"\" is no number, expected one such as 43.25667",
        ),
        (
            "a.csv",
            sparql("wd:Q1,A,,many,"),
            ":2: column population: \"many\" is no number, expected one such as 43.25667",
        ),
        (
            "a.json",
            "{\"results\":{\"bindings\":[{\"item\":{\"value\":1}}]}}".to_owned(),
            ":1: column item.value: has another type, expected a string",
        ),
        (
            "a.json",
            "{\"results\":{\"bindings\":[{\"item\":{\"value\":\"wd:Q1\"},\"label\":".to_owned(),
            ":1: the object that begins here is not closed before the end of the file; download it again",
        ),
        (
            "a.json",
            "{\"results\":{\"bindings\":[ ".to_owned(),
            ":1: a list is not closed before the end of the file; download it again",
        ),
        (
            "a.json",
            "{}".to_owned(),
            "a.json may be of several formats; say which with --format: ror, wikidata, sparql, lpf or wof",
        ),
    ] {
        let expected =
            if expected.starts_with(':') { format!("{name}{expected}") } else { expected.to_owned() };
        let told = errors(None, name, bytes);
        assert_eq!(told.first().cloned().unwrap_or_default(), expected);
    }
    for (format, name) in [(Format::LpTsv, "a.tsv"), (Format::Osm, "a.csv"), (Format::Sparql, "a.csv")] {
        assert_eq!(
            errors(Some(format), name, b"\xff\xfe1\0".as_slice()),
            [format!("{name}: is UTF-16, expected UTF-8; save it as UTF-8")]
        );
        assert_eq!(errors(Some(format), name, ""), [format!("{name}: is empty")]);
        assert!(errors(Some(format), name, "id,name\n1,A\n")[0].contains(":1: has no column"));
    }
    let latin = b"@id,@type,name\n1,node,K\xf6ln\n2,node,Bonn\n".as_slice();
    assert_eq!(
        errors(None, "a.csv", latin),
        ["a.csv:2: byte 9: column name: 0xF6 is not UTF-8; save the file as UTF-8"]
    );
}

#[test]
fn what_has_no_end_is_given_up() {
    type Row = Result<(Record, Place)>;
    // What a zip bomb unpacks to: more of the same, for ever.
    let first = |format: Format, start: &'static str| -> Row {
        let bytes = start.as_bytes().chain(std::io::repeat(b'a'));
        let name = if format == Format::Sparql { "bomb.json" } else { "bomb.csv" };
        let mut rows = read_from(bytes, name, format)?;
        let first = rows.next().unwrap();
        assert!(rows.next().is_none(), "{format:?} goes on");
        first
    };
    for format in [Format::Csv, Format::GeoNames, Format::Osm, Format::Jsonl] {
        let error = first(format, "").unwrap_err();
        assert!(error.is_io() && error.to_string().ends_with("bomb.csv:1"), "{format:?} {error}");
    }
    let error = first(Format::Osm, "@id,@type,name\n1,node,").unwrap_err();
    assert!(error.is_io() && error.to_string().ends_with("bomb.csv:2"), "{error}");
    let error = first(Format::Sparql, "{\"a\": \"").unwrap_err();
    assert_eq!(
        std::error::Error::source(&error).unwrap().to_string(),
        "a line or object goes on for more than 256 MiB; is it a text file?"
    );
}

#[cfg(feature = "sqlite")]
#[test]
fn whos_on_first_in_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("whosonfirst-data-admin-kz-latest.db");
    let body = std::fs::read_to_string(fixture("wof/85632997.geojson")).unwrap();
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection
        .execute_batch(
            "CREATE TABLE geojson (id INTEGER NOT NULL, body TEXT, source TEXT, is_alt BOOLEAN, alt_label TEXT, lastmodified INTEGER)",
        )
        .unwrap();
    for (id, body, is_alt) in
        [(85_632_997, body.as_str(), 0), (1, "{", 0), (2, &body, 1), (3, "{\"properties\":{}}", 0)]
    {
        let row = rusqlite::params![id, body, is_alt];
        connection.execute("INSERT INTO geojson (id, body, is_alt) VALUES (?, ?, ?)", row).unwrap();
    }
    drop(connection);
    let rows: Vec<Result<(Record, Place)>> = read(&path).unwrap().collect();
    assert_eq!((rows.len(), rows[0].as_ref().unwrap().0.id.as_str()), (3, "wof:85632997"));
    assert!(
        rows[1]
            .as_ref()
            .unwrap_err()
            .to_string()
            .ends_with("-latest.db:2: is no JSON object: EOF while parsing an object")
    );
    assert!(rows[2].as_ref().unwrap_err().to_string().ends_with("-latest.db:4: has no \"id\""));
    let bytes = std::fs::read(&path).unwrap();
    for len in [16, 100, bytes.len() / 2] {
        std::fs::write(&path, &bytes[..len]).unwrap();
        let error = match read(&path) {
            Err(error) => error,
            Ok(rows) => rows.filter_map(Result::err).find(exonym::Error::is_io).expect("it is cut short"),
        };
        assert!(error.to_string().contains("download it again") || error.is_input(), "{error}");
    }
}
