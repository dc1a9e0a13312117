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
exonym: names.csv: no column of ours, left out: longitud, notes
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
1 records, 1 names, 1 keys, 184 bytes
1 of 2 rows were left out; --strict stops at the first

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
1 records, 1 names, 1 keys, 184 bytes
1 of 2 rows were left out; --strict stops at the first

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
1 records, 1 names, 1 keys, 184 bytes
9 of 10 rows were left out; --strict stops at the first

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
9 records, 22 names, 21 keys, 1984 bytes
1 of 23 rows were left out; --strict stops at the first

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
exonym: allCountries.txt: passed over: 1 of no use here
10 records, 22 names, 22 keys, 1794 bytes

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
1 records, 1 names, 1 keys, 230 bytes
16 of 17 rows were left out; --strict stops at the first

"#]]
    );
    assert_ran!(
        folder.run(&["build", "KZ.zip", "alternateNamesV2.txt", "-o", "kz.gaz"]),
        str![[r#"
status 0
-- stderr
exonym: KZ.zip: passed over: 3 of no use here
6 records, 17 names, 17 keys, 1335 bytes

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
