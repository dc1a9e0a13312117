//! Sources of `exonym build` that are not right, and builds that come to no end.

use snapbox::str;

use crate::support::{Folder, assert_ran};

/// A build of `names.csv` with this content; a refused one leaves nothing behind.
fn build(content: impl AsRef<[u8]>, more: &[&str]) -> crate::support::Ran {
    let folder = Folder::new();
    folder.write("names.csv", content);
    let ran = folder.run(&[&["build", "names.csv", "-o", "names.gaz"], more].concat());
    let files = folder.files();
    if ran.status == 0 {
        assert_eq!(files, ["names.csv", "names.gaz"]);
        assert_eq!(folder.run(&["verify", "-g", "names.gaz"]).status, 0);
    } else {
        assert_eq!(files, ["names.csv"]);
    }
    ran
}

#[test]
fn a_column_is_missing() {
    assert_ran!(
        build("id,nmae\ngn:587084,Baku\n", &[]),
        str![[r#"
status 2
-- stderr
exonym: names.csv:1: has no column "name" (is "nmae" meant?); the header needs at least: id, name

"#]]
    );
    assert_ran!(
        build("", &[]),
        str![[r#"
status 2
-- stderr
exonym: names.csv: is empty

"#]]
    );
}

#[test]
fn a_column_is_none_of_ours() {
    assert_ran!(
        build("id,name,longitud,notes\ngn:587084,Baku,49.89,capital\n", &[]),
        str![[r#"
status 0
-- stderr
names.csv: 1 of 1 rows used
  no column of ours: longitud, notes
1 records, 1 names, 1 keys, 184 bytes

"#]]
    );
}

#[test]
fn a_latitude_is_out_of_range() {
    let rows = "id,name,lat,lon\ngn:587084,Baku,40.38,49.89\ngn:1526384,Almaty,400.2,76.91\n";
    assert_ran!(
        build(rows, &[]),
        str![[r#"
status 0
-- stderr
exonym: left out: names.csv:3: column lat: latitude is 400.2, expected -90 to 90
names.csv: 1 of 2 rows used
  refused: 1 × lat: latitude is …, expected -90 to 90
--strict stops at the first row that is refused
1 records, 1 names, 1 keys, 184 bytes

"#]]
    );
    assert_ran!(
        build(rows, &["--strict"]),
        str![[r#"
status 2
-- stderr
exonym: names.csv:3: column lat: latitude is 400.2, expected -90 to 90

"#]]
    );
}

#[test]
fn rows_of_one_id_contradict_each_other() {
    let rows = "id,name,country\ngn:587084,Baku,AZ\ngn:587084,Bakı,KZ\n";
    assert_ran!(
        build(rows, &[]),
        str![[r#"
status 0
-- stderr
1 records, 2 names, 2 keys, 226 bytes
rows that contradict each other: 1
  names.csv:3: id gn:587084 has country KZ, but names.csv:2 gave AZ; keep one

"#]]
    );
    assert_ran!(
        build(rows, &["--strict"]),
        str![[r#"
status 2
-- stderr
exonym: names.csv:3: id gn:587084 has country KZ, but names.csv:2 gave AZ; keep one

"#]]
    );
}

#[test]
fn a_row_is_not_utf8() {
    let rows = b"id,name\ngn:587084,Baku\ngn:1526384,Alma\xffty\n";
    assert_ran!(
        build(rows, &[]),
        str![[r#"
status 0
-- stderr
exonym: left out: names.csv:3: byte 16: column name: 0xFF is not UTF-8; save the file as UTF-8
names.csv: 1 of 2 rows used
  refused: 1 × name: … is not UTF-8; save the file as UTF-8
--strict stops at the first row that is refused
1 records, 1 names, 1 keys, 184 bytes

"#]]
    );
    assert_ran!(
        build(rows, &["--strict"]),
        str![[r#"
status 2
-- stderr
exonym: names.csv:3: byte 16: column name: 0xFF is not UTF-8; save the file as UTF-8

"#]]
    );
}

#[test]
fn ids_fields_and_quotes_that_are_wrong() {
    let rows = "id,name,kind\nBaku,Baku,\ngn:1,Baku\ngn:2,Baku,town\ngn:3,\"Baku\ngn:4,Baku,place\n";
    assert_ran!(
        build(rows, &[]),
        str![[r#"
status 2
-- stderr
exonym: left out: names.csv:2: column id: id is "Baku", expected scheme:value such as gn:1526384, without spaces
exonym: left out: names.csv:3: has 2 fields, expected 3 as in the header; put a field that contains a comma in double quotes
exonym: left out: names.csv:4: column kind: kind is "town", expected one of: place, state, organization, person, document, event
exonym: left out: names.csv:5: a quoted field is not closed before the end of the file; close the quote, or double a quote that is meant
exonym: no row could be used; nothing was written

"#]]
    );
}

#[test]
fn only_the_first_bad_rows_are_shown() {
    let rows = format!("id,name\ngn:587084,Baku\n{}", "x,y\n".repeat(9));
    assert_ran!(
        build(rows, &[]),
        str![[r#"
status 0
-- stderr
exonym: left out: names.csv:3: column id: id is "x", expected scheme:value such as gn:1526384, without spaces
exonym: left out: names.csv:4: column id: id is "x", expected scheme:value such as gn:1526384, without spaces
exonym: left out: names.csv:5: column id: id is "x", expected scheme:value such as gn:1526384, without spaces
exonym: left out: names.csv:6: column id: id is "x", expected scheme:value such as gn:1526384, without spaces
exonym: left out: names.csv:7: column id: id is "x", expected scheme:value such as gn:1526384, without spaces
exonym: and 4 more
names.csv: 1 of 10 rows used
  refused: 9 × id: id is …, expected scheme:value such as gn:1526384, without spaces
--strict stops at the first row that is refused
1 records, 1 names, 1 keys, 184 bytes

"#]]
    );
}

#[test]
fn no_row_is_good() {
    assert_ran!(
        build("id,name\nx,y\n", &[]),
        str![[r#"
status 2
-- stderr
exonym: left out: names.csv:2: column id: id is "x", expected scheme:value such as gn:1526384, without spaces
exonym: no row could be used; nothing was written

"#]]
    );
    assert_ran!(
        build("id,name\n", &[]),
        str![[r#"
status 2
-- stderr
exonym: no row could be used; nothing was written

"#]]
    );
}

#[test]
fn a_date_that_is_none() {
    assert_ran!(
        build("id,name\ngn:587084,Baku\n", &["--data-date", "2026-13-01"]),
        str![[r#"
status 2
-- stderr
exonym: --data-date is "2026-13-01", expected YYYY-MM-DD such as 2025-11-01

"#]]
    );
    assert_ran!(
        build("id,name\ngn:587084,Baku\n", &["--licence", "@absent.txt"]),
        str![[r#"
status 2
-- stderr
exonym: cannot read absent.txt: No such file or directory (os error 2)

"#]]
    );
}

#[test]
fn sources_of_other_kinds() {
    let folder = Folder::with_towns();
    folder.write(
        "more.jsonl",
        "{\"id\":\"gn:587084\",\"names\":[{\"text\":\"باکو\",\"lang\":\"fa\"}]}\n{\"id\":1}\n",
    );
    assert_ran!(
        folder.run(&["build", "towns.csv", "more.jsonl", "-o", "all.gaz"]),
        str![[r#"
status 0
-- stderr
exonym: left out: more.jsonl:2: column id: id is "1", expected scheme:value such as gn:1526384, without spaces
towns.csv: 21 of 21 rows used
more.jsonl: 1 of 2 rows used
  refused: 1 × id: id is …, expected scheme:value such as gn:1526384, without spaces
--strict stops at the first row that is refused
9 records, 22 names, 21 keys, 1992 bytes

"#]]
    );
    assert_eq!(folder.run(&["lookup", "-g", "all.gaz", "باکو"]).status, 0);
    assert_ran!(
        folder.run(&["build", "towns.gaz", "-o", "more.gaz"]),
        str![[r#"
status 2
-- stderr
exonym: towns.gaz has the extension "gaz", expected .csv, .tsv, .jsonl or .ndjson, or .txt of GeoNames

"#]]
    );
    assert_ran!(
        folder.run(&["build", "absent.csv", "-o", "more.gaz"]),
        str![[r#"
status 2
-- stderr
exonym: cannot open absent.csv: No such file or directory (os error 2)

"#]]
    );
}

#[cfg(unix)]
#[test]
fn a_killed_build_leaves_no_half_file() {
    use std::io::Write;
    use std::process::{Command, Stdio};

    let folder = Folder::with_towns();
    let before = std::fs::read(folder.path("towns.gaz")).unwrap();
    assert!(Command::new("mkfifo").arg(folder.path("slow.csv")).status().unwrap().success());
    let mut child =
        folder.command(&["build", "slow.csv", "-o", "towns.gaz"]).stderr(Stdio::null()).spawn().unwrap();
    // Opening waits for the reader; then the build waits for more.
    let mut pipe = std::fs::OpenOptions::new().write(true).open(folder.path("slow.csv")).unwrap();
    pipe.write_all(b"id,name\ngn:587084,Baku\n").unwrap();
    assert!(child.try_wait().unwrap().is_none());
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(folder.files(), ["slow.csv", "towns.csv", "towns.gaz"]);
    assert!(std::fs::read(folder.path("towns.gaz")).unwrap() == before);
}

/// A file of the repository's fixtures.
fn fixture(name: &str) -> Vec<u8> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures").join(name);
    std::fs::read(path).unwrap()
}

#[test]
fn geonames_as_it_is_downloaded() {
    let folder = Folder::new();
    for name in ["allCountries.txt", "alternateNamesV2.txt", "hostile.txt", "KZ.zip"] {
        folder.write(name, fixture(&format!("geonames/{name}")));
    }
    assert_ran!(
        folder.run(&[
            "build",
            "allCountries.txt",
            "--alternate-names",
            "alternateNamesV2.txt",
            "-o",
            "w.gaz"
        ]),
        str![[r#"
status 0
-- stderr
allCountries.txt: 10 of 10 rows used
alternateNamesV2.txt: 12 of 12 rows used
  passed over: 1 of no use here
10 records, 22 names, 22 keys, 1802 bytes

"#]]
    );
    assert_ran!(
        folder.run(&["lookup", "-g", "w.gaz", "iata:ALA", "Верный"]),
        str![[r#"
status 0
-- stdout
iata:ALA: gn:1526384  Almaty  place  P.PPLA  KZ  43.25249,76.9115  population 1977011  wd:Q35493 iata:ALA
Верный: gn:1526384  Almaty  place  P.PPLA  KZ  43.25249,76.9115  population 1977011  wd:Q35493 iata:ALA  as Верный  (historic, ru, 1867-04-11/1921-02-05)

"#]]
    );
    assert_ran!(
        folder.run(&["build", "hostile.txt", "-o", "h.gaz"]),
        str![[r#"
status 0
-- stderr
exonym: left out: hostile.txt:2: has 3 fields, expected 19 separated by tabs; download the file again
exonym: left out: hostile.txt:3: byte 12: column name: 0xE1 is not UTF-8; save the file as UTF-8
exonym: left out: hostile.txt:4: has 20 fields, expected 19 separated by tabs; download the file again
exonym: left out: hostile.txt:5: column geonameid: id is "0", expected a number from 1 to 99999999
exonym: left out: hostile.txt:6: column geonameid: id is "4294967296", expected a number from 1 to 99999999
exonym: and 11 more
hostile.txt: 1 of 17 rows used
  refused: 1 × country code: country is …, expected ISO 3166-1 alpha-2 such as KZ
  refused: 1 × feature code: feature is …, expected a GeoNames class and code such as P.PPLC
  refused: 3 × geonameid: id is …, expected a number from 1 to 99999999
  refused: 1 × has … field, expected 19 separated by tabs; download the file again
  refused: 3 × has … fields, expected 19 separated by tabs; download the file again
  refused: 1 × latitude: latitude is …, expected -90 to 90
  refused: 1 × longitude: longitude is …, expected -180 to 180
  refused: 1 × longitude: … is no number, expected one such as 76.92861
  refused: 1 × name: the name is empty, expected the written form
  refused: 1 × name: … is not UTF-8; save the file as UTF-8
  refused: 2 × population: … is no number, expected one such as 2000900
--strict stops at the first row that is refused
1 records, 1 names, 1 keys, 230 bytes

"#]]
    );
    assert_ran!(
        folder.run(&["build", "KZ.zip", "alternateNamesV2.txt", "-o", "kz.gaz"]),
        str![[r#"
status 0
-- stderr
KZ.zip/KZ.txt: 6 of 6 rows used
alternateNamesV2.txt: 11 of 11 rows used
  passed over: 3 of no use here
6 records, 17 names, 17 keys, 1343 bytes

"#]]
    );
    let zip = fixture("geonames/KZ.zip");
    folder.write("short.zip", &zip[..zip.len() / 2]);
    assert_ran!(
        folder.run(&["build", "short.zip", "-o", "kz.gaz"]),
        str![[r#"
status 2
-- stderr
exonym: cannot read short.zip: invalid Zip archive: Could not find EOCD

"#]]
    );
    // The size that the archive tells is one less than there is.
    let mut lies = zip.clone();
    let central = lies.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    lies[central + 24] -= 1;
    folder.write("lies.zip", &lies);
    assert_ran!(
        folder.run(&["build", "lies.zip", "-o", "kz.gaz"]),
        str![[r#"
status 2
-- stderr
exonym: cannot read lies.zip/KZ.txt: the archive holds more or less than it says; download it again

"#]]
    );
}

#[test]
fn archives_that_cannot_be_read() {
    let folder = Folder::new();
    let zip = fixture("geonames/KZ.zip");
    // Bytes of the entries of the directory at the end: flags, method and, behind 46 bytes, the name.
    let changed = |byte: usize, to: u8| {
        let mut zip = zip.clone();
        for at in 0..zip.len() {
            if zip[at..].starts_with(b"PK\x01\x02") {
                zip[at + byte] = to;
            }
        }
        zip
    };
    for (name, bytes, expected) in [
        (
            "secret.zip",
            changed(8, 1),
            str![[r#"
status 2
-- stderr
exonym: secret.zip is encrypted; unpack it

"#]],
        ),
        (
            "odd.zip",
            changed(10, 98),
            str![[r#"
status 2
-- stderr
exonym: odd.zip is compressed with Unsupported(98); unpack it

"#]],
        ),
        (
            "many.zip",
            changed(46, b'x'),
            str![[r#"
status 2
-- stderr
exonym: many.zip holds 2 files, expected one, or one of the same name; unpack it and name the file

"#]],
        ),
    ] {
        folder.write(name, bytes);
        assert_ran!(folder.run(&["build", name, "-o", "kz.gaz"]), expected);
    }
}

#[test]
fn compressed_sources() {
    use std::io::Write;
    let folder = Folder::new();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all("id,name\ngn:587084,Bakı\n".as_bytes()).unwrap();
    folder.write("names.csv.gz", packed.finish().unwrap());
    assert_ran!(
        folder.run(&["build", "names.csv.gz", "-o", "n.gaz"]),
        str![[r#"
status 0
-- stderr
1 records, 1 names, 1 keys, 185 bytes

"#]]
    );
}

#[test]
fn only_what_is_asked_for() {
    let folder = Folder::with_towns();
    let only = [
        "--languages",
        "ru,en",
        "--countries",
        "kz,AZ",
        "--min-population",
        "5000",
        "--drop-names",
        "historic",
    ];
    assert_ran!(
        folder.run(&[&["build", "towns.csv", "-o", "few.gaz"], &only[..]].concat()),
        str![[r#"
status 0
-- stderr
towns.csv: 7 of 21 rows used
  left out: 4 × name in another language
  left out: 1 × name of a kind not wanted
  left out: 4 × name of a record that was left out
  left out: 1 × populated place with fewer inhabitants
  left out: 4 × record of another country or none
4 records, 7 names, 7 keys, 788 bytes

"#]]
    );
    assert_ran!(
        folder.run(&["export", "-g", "few.gaz"]),
        str![[r#"
status 0
-- stdout
id,kind,feature,country,admin1,admin2,lat,lon,population,exists_from,exists_to,same_as,part_of,successors,claimed_by,controlled_by,name,lang,name_kind,from,to,perspective,case,source
gn:587084,place,P.PPLC,AZ,09,,40.37767,49.89201,2351300,,,wd:Q9248,,,,,Baku,en,preferred,,,,,geonames
gn:587084,,,,,,,,,,,,,,,,Баку,ru,alternate,,,,,geonames
gn:1522867,state,A.PCLI,KZ,,,47.836,66.49,18276499,1991-12-16,,wd:Q232;iso:KZ,,,,,Kazakhstan,en,preferred,,,,,geonames
gn:1526273,place,P.PPLC,KZ,05,,51.1801,71.44598,1544142,,,wd:Q1520,,,,,Astana,en,preferred,,,,,geonames
gn:1526384,place,P.PPLA,KZ,02,,43.25249,76.9115,1977011,,,wd:Q35493,,,,,Almaty,en,preferred,,,,,geonames
gn:1526384,,,,,,,,,,,,,,,,Алма-Ата,ru,alternate,,,,,geonames
gn:1526384,,,,,,,,,,,,,,,,Алматы,ru,alternate,,,,,geonames

"#]]
    );
    for (option, value) in
        [("--countries", "KAZ"), ("--features", "p"), ("--drop-names", "old"), ("--kinds", "town")]
    {
        let ran = folder.run(&["build", "towns.csv", "-o", "few.gaz", option, value]);
        assert!(
            ran.status == 2 && ran.stderr.contains("expected") | ran.stderr.contains("possible values"),
            "{ran}"
        );
    }
}

#[test]
fn sources_are_joined_and_all_is_reported() {
    let folder = Folder::new();
    for name in ["geonames/allCountries.txt", "wikidata/dump.json", "wof/85632997.geojson"] {
        folder.write(name.split('/').next_back().unwrap(), fixture(name));
    }
    folder.write(
        "mine.csv",
        "id,kind,feature,lat,lon,name,colour\nmy:1,place,P.PPL,43.26,76.92,Almaty,green\nmy:2,place,,43.26,76.92,Алматы,\nx,,,,,y,\nmy:1,,,,,Alm,\n",
    );
    assert_ran!(
        folder.run(&["build", "allCountries.txt", "mine.csv", "-o", "w.gaz", "--report", "report.json"]),
        str![[r#"
status 0
-- stderr
exonym: left out: mine.csv:4: column id: id is "x", expected scheme:value such as gn:1526384, without spaces
allCountries.txt: 10 of 10 rows used
mine.csv: 3 of 4 rows used
  refused: 1 × id: id is …, expected scheme:value such as gn:1526384, without spaces
  no column of ours: colour
  joined: 1 × by name, kind and distance
  in doubt, left apart: 1
    mine.csv:3: my:2 is named and placed like gn:1526384, which is my:1 already
--strict stops at the first row that is refused
11 records, 33 names, 32 keys, 2141 bytes

"#]]
    );
    snapbox::assert_data_eq!(
        folder.read("report.json"),
        snapbox::IntoData::raw(str![[r#"
{
  "sources": [
    {
      "file": "allCountries.txt",
      "rows": 10,
      "used": 10,
      "refused": {},
      "passed_over": 0,
      "left_out": {},
      "unknown_columns": [],
      "joined": {},
      "doubts": [],
      "doubt_count": 0
    },
    {
      "file": "mine.csv",
      "rows": 4,
      "used": 3,
      "refused": {
        "id: id is …, expected scheme:value such as gn:1526384, without spaces": 1
      },
      "passed_over": 0,
      "left_out": {},
      "unknown_columns": [
        "colour"
      ],
      "joined": {
        "name, kind and distance": 1
      },
      "doubts": [
        "mine.csv:3: my:2 is named and placed like gn:1526384, which is my:1 already"
      ],
      "doubt_count": 1
    }
  ],
  "stored": {
    "records": 11,
    "names": 33,
    "keys": 32,
    "bytes": 2141,
    "transliterated": 0,
    "not_indexed": {},
    "conflicts": [],
    "conflict_count": 0,
    "sections": {
      "entries": 128,
      "extras": 0,
      "features": 32,
      "filter": 128,
      "keys": 532,
      "langs": 4,
      "licence": 0,
      "links": 12,
      "lists": 12,
      "names": 396,
      "pairs": 16,
      "records": 352,
      "regions": 84,
      "same_as": 4,
      "sources": 8,
      "strings": 433
    }
  }
}

"#]])
    );
    assert_ran!(
        folder.run(&["lookup", "-g", "w.gaz", "my:1", "Alm"]),
        str![[r#"
status 0
-- stdout
my:1: gn:1526384  Almaty  place  P.PPLA  KZ  43.25249,76.9115  population 1977011  my:1
Alm: gn:1526384  Almaty  place  P.PPLA  KZ  43.25249,76.9115  population 1977011  my:1  as Alm  (alternate)

"#]]
    );
    assert_eq!(folder.files().iter().filter(|name| name.starts_with('.')).count(), 0);
    let run = folder.run(&["build", "allCountries.txt", "mine.csv", "--join-within", "0", "-o", "w.gaz"]);
    assert!(!run.stderr.contains("joined"), "{run}");
}

#[test]
fn formats_are_told_by_how_files_begin() {
    let folder = Folder::new();
    let fixtures = [
        "geonames/allCountries.txt",
        "sparql/result.json",
        "wikidata/dump.json",
        "wof/85632997.geojson",
        "lpf/places.geojson",
        "lptsv/places.tsv",
        "osm/overpass.csv",
        "ror/ror.json",
    ];
    let names: Vec<&str> = fixtures.iter().map(|name| name.split('/').next_back().unwrap()).collect();
    for (fixture_name, name) in fixtures.iter().zip(&names) {
        folder.write(name, fixture(fixture_name));
    }
    assert_ran!(
        folder.run(&[&["build", "-o", "all.gaz"], &names[..]].concat()),
        str![[r#"
status 0
-- stderr
allCountries.txt: 10 of 10 rows used
result.json: 3 of 3 rows used
  passed over: 1 of no use here
  joined: 1 × by name, kind and distance
dump.json: 2 of 2 rows used
  passed over: 2 of no use here
  joined: 1 × by concordance
85632997.geojson: 1 of 1 rows used
  in doubt, left apart: 1
    85632997.geojson:1: wof:85632997 is said to be both gn:1522867 and wd:Q232
places.geojson: 1 of 1 rows used
  joined: 1 × by id
places.tsv: 2 of 2 rows used
  joined: 1 × by concordance
overpass.csv: 2 of 2 rows used
  passed over: 1 of no use here
  joined: 2 × by concordance
ror.json: 1 of 1 rows used
  passed over: 1 of no use here
15 records, 57 names, 47 keys, 4293 bytes

"#]]
    );
    assert_ran!(
        folder.run(&["lookup", "-g", "all.gaz", "osm:n27043984", "Казахстан"]),
        str![[r#"
status 0
-- stdout
osm:n27043984: gn:1526384  Almaty  place  P.PPLA  KZ  43.25249,76.9115  population 1977011  wd:Q35493 lp:1000001 osm:n27043984  1854/1921-02-05
Казахстан: gn:1522867  Kazakhstan  state  A.PCLI  KZ  48,68  population 18276499  as Казахстан  (alternate)
Казахстан: wof:85632997  Kazakhstan  state  A.PCLI  KZ  48.2,67.3  population 18276499  gn:1522867 wd:Q232  1991-12-16/..  as Казахстан  (alternate, ru)
Казахстан: wd:Q232  Kazakhstan  state  A.PCLI  osm:r214665  as Казахстан  (alternate, ru)

"#]]
    );
    assert_eq!(folder.files().len(), fixtures.len() + 1);
    folder.write("wof.db", b"SQLite format 3\0 and so on");
    let ran = folder.run(&["build", "wof.db", "-o", "wof.gaz"]);
    let remedy = "sqlite3 wof.db 'SELECT body FROM geojson' > wof.json";
    assert!(ran.status == 2 && (cfg!(feature = "sqlite") || ran.stderr.contains(remedy)), "{ran}");
}
