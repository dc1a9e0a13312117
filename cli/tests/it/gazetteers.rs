//! Files that are no gazetteer, or no longer one.

use std::fs;

use snapbox::str;

use crate::support::{Folder, assert_ran};

/// Length of the fixed part of the header, and of one row of the section table (`docs/format.md`).
const HEADER: usize = 64;
const ENTRY: usize = 32;

#[test]
fn a_file_that_is_no_gazetteer() {
    let folder = Folder::new();
    folder.write("text.gaz", "Baku is the capital of Azerbaijan.\n");
    assert_ran!(
        folder.run(&["lookup", "-g", "text.gaz", "Baku"]),
        str![[r#"
status 2
-- stderr
exonym: text.gaz is not a gazetteer; build one from CSV, TSV or JSON Lines with: exonym build

"#]]
    );
    folder.write("empty.gaz", "");
    assert_ran!(
        folder.run(&["verify", "-g", "empty.gaz"]),
        str![[r#"
status 2
-- stderr
exonym: empty.gaz is empty; build it with: exonym build

"#]]
    );
    folder.write("packed.gaz", b"\x1f\x8b\x08 and so on");
    assert_ran!(
        folder.run(&["inspect", "-g", "packed.gaz"]),
        str![[r#"
status 2
-- stderr
exonym: packed.gaz is gzip-compressed; decompress it first

"#]]
    );
    assert_ran!(
        folder.run(&["annotate", "-g", "absent.gaz"]),
        str![[r#"
status 2
-- stderr
exonym: cannot open absent.gaz: No such file or directory (os error 2)

"#]]
    );
    assert_ran!(
        folder.run(&["normalize", "-g", "."]),
        str![[r#"
status 2
-- stderr
exonym: . is a folder, expected a gazetteer file such as world.gaz

"#]]
    );
}

#[test]
fn a_truncated_file() {
    let folder = Folder::with_towns();
    let whole = fs::read(folder.path("towns.gaz")).unwrap();
    for len in [8, 20, HEADER, HEADER + ENTRY, whole.len() / 2, whole.len() - 1] {
        folder.write("short.gaz", &whole[..len]);
        for command in [&["verify", "-g", "short.gaz"][..], &["lookup", "-g", "short.gaz", "Baku"]] {
            let ran = folder.run(command);
            assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{len}: {ran}");
            let (begin, end) =
                ("exonym: short.gaz is truncated: expected ", "rebuild it with: exonym build\n");
            assert!(ran.stderr.starts_with(begin) && ran.stderr.ends_with(end), "{len}: {ran}");
            assert!(ran.stderr.contains(&format!("found {len};")), "{len}: {ran}");
        }
    }
}

#[test]
fn another_format_version() {
    let folder = Folder::with_towns();
    patch(&folder, 8);
    assert_ran!(
        folder.run(&["lookup", "-g", "other.gaz", "Baku"]),
        str![[r#"
status 2
-- stderr
exonym: other.gaz has format version 99, this program reads 1; rebuild it with: exonym build

"#]]
    );
}

#[test]
fn another_fold_version() {
    let folder = Folder::with_towns();
    patch(&folder, 12);
    assert_ran!(
        folder.run(&["annotate", "-g", "other.gaz"]),
        str![[r#"
status 2
-- stderr
exonym: other.gaz was built with fold version 99, this program folds with 1; rebuild it with: exonym build

"#]]
    );
}

/// Writes `other.gaz`: the towns with the version at this byte of the header set to 99, and a header checksum that agrees.
fn patch(folder: &Folder, at: usize) {
    let mut bytes = fs::read(folder.path("towns.gaz")).unwrap();
    bytes[at..at + 4].copy_from_slice(&99u32.to_le_bytes());
    let end = HEADER + ENTRY * sections(&bytes).len();
    let sum = crc32([&bytes[..HEADER - 4], &bytes[HEADER..end]].concat().as_slice());
    bytes[HEADER - 4..HEADER].copy_from_slice(&sum.to_le_bytes());
    folder.write("other.gaz", bytes);
}

#[test]
fn a_flipped_byte_in_each_section() {
    let folder = Folder::with_towns();
    let whole = fs::read(folder.path("towns.gaz")).unwrap();
    let sections = sections(&whole);
    assert_eq!(sections.len(), 16);
    for (name, sum, offset, len) in sections {
        assert!(len > 0, "the towns have nothing in section {name}");
        let mut flipped = whole.clone();
        flipped[offset + len / 2] ^= 0x10;
        folder.write("flipped.gaz", &flipped);
        let ran = folder.run(&["verify", "-g", "flipped.gaz"]);
        let found = crc32(&flipped[offset..offset + len]);
        let message = format!(
            "exonym: flipped.gaz is damaged: section {name} has checksum {found:08x}, expected {sum:08x}; copy it again or \
             rebuild it with: exonym build\n"
        );
        assert_eq!((ran.status, ran.stdout, ran.stderr), (2, String::new(), message));
        // Whoever does not verify may get a wrong answer, but no crash.
        for command in [
            &["lookup", "-g", "flipped.gaz", "--names", "Baku", "Paris", "gn:1526384", "iso:KZ"][..],
            &["inspect", "-g", "flipped.gaz", "--json"],
        ] {
            let ran = folder.run(command);
            assert!((0..=2).contains(&ran.status) && !ran.stderr.contains("panicked"), "{name}: {ran}");
        }
        let ran =
            folder.run_with(&["annotate", "-g", "flipped.gaz"], "Talks in Alma-Ata, Баку and Paris, Texas");
        assert!((0..=2).contains(&ran.status) && !ran.stderr.contains("panicked"), "{name}: {ran}");
    }
}

#[test]
fn a_flipped_byte_in_the_header() {
    let folder = Folder::with_towns();
    let whole = fs::read(folder.path("towns.gaz")).unwrap();
    for at in (16..HEADER + ENTRY * sections(&whole).len()).step_by(7) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x10;
        folder.write("flipped.gaz", &flipped);
        let ran = folder.run(&["lookup", "-g", "flipped.gaz", "Baku"]);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "byte {at}: {ran}");
        assert!(ran.stderr.starts_with("exonym: flipped.gaz is "), "byte {at}: {ran}");
    }
}

/// Name, checksum, offset and length of each section.
fn sections(bytes: &[u8]) -> Vec<(String, u32, usize, usize)> {
    let u32_at = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
    let u64_at = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize;
    let rows = (0..u32_at(36) as usize).map(|row| HEADER + row * ENTRY);
    rows.map(|at| {
        let name = String::from_utf8(bytes[at..at + 8].to_vec()).unwrap();
        (name.trim_end_matches('\0').to_owned(), u32_at(at + 12), u64_at(at + 16), u64_at(at + 24))
    })
    .collect()
}

/// CRC-32 as in zip and png.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum: u32, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| sum >> 1 ^ (0xEDB8_8320 & (sum & 1).wrapping_neg()))
    })
}

#[test]
fn several_are_one() {
    let folder = Folder::with_towns();
    folder.write(
        "mine.csv",
        "id,name,lang,hide,population\nwd:Q35493,Алматыым,ky,,2000000\ngn:587084,Баку,,name,\ngn:9,Nowhere,,name,\n",
    );
    folder.write("more.jsonl", "{\"id\":\"gn:587084\",\"name\":\"Bakoo\"}\n");
    assert_ran!(
        folder.run(&[
            "lookup",
            "-g",
            "towns.gaz",
            "-g",
            "mine.csv",
            "-g",
            "more.jsonl",
            "Алматыым",
            "Баку",
            "bakoo"
        ]),
        str![[r#"
status 0
-- stdout
Алматыым: gn:1526384  Almaty  place  P.PPLA  KZ  43.25249,76.9115  population 2000000  wd:Q35493  as Алматыым  (alternate, ky)
bakoo: gn:587084  Baku  place  P.PPLC  AZ  40.37767,49.89201  population 2351300  wd:Q9248  as Bakoo  (alternate)
-- stderr
exonym: mine.csv:4: hides the name "Nowhere" of gn:9, which no layer below has
exonym: nothing is named "Баку" and nothing has that id

"#]]
    );
    assert_ran!(
        folder.run(&["export", "-g", "towns.gaz", "-g", "mine.csv", "-o", "ours.gaz"]),
        str![[r#"
status 0
-- stderr
exonym: mine.csv:4: hides the name "Nowhere" of gn:9, which no layer below has
9 records, 21 names, 20 keys, 1966 bytes

"#]]
    );
    assert_ran!(
        folder.run(&["verify", "-g", "ours.gaz", "-g", "mine.csv"]),
        str![[r#"
status 2
-- stdout
ours.gaz is sound: 9 records, 21 names
-- stderr
exonym: mine.csv:3: hides a name, and there is no layer below; lay the file over another with -g

"#]]
    );
    assert_ran!(
        folder.run(&["diff", "towns.gaz", "ours.gaz"]),
        str![[r#"
status 1
-- stdout
- gn:587084  name Баку  (alternate, ru)
~ gn:1526384  population: 1977011 -> 2000000
+ gn:1526384  name Алматыым  (alternate, ky)
-- stderr
records: 0 added, 0 removed, 2 changed; names of those in both: 1 added, 1 removed

"#]]
    );
    assert_ran!(
        folder.run(&["lookup", "-g", "default", "-g", "mine.csv", "--limit", "1", "Алматыым"]),
        str![[r#"
status 0
-- stdout
wd:Q35493  Алматыым  place  population 2000000
-- stderr
exonym: mine.csv:4: hides the name "Nowhere" of gn:9, which no layer below has

"#]]
    );
    folder.write("mine.csv", "id,name\ngn:1,\n");
    assert_ran!(
        folder.run(&["annotate", "-g", "towns.gaz", "-g", "mine.csv"]),
        str![[r#"
status 2
-- stderr
exonym: mine.csv:2: column name: the name is empty, expected the written form

"#]]
    );
}
