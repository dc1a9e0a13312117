//! What texts can stand in: tables, objects, lists of files, other encodings, compressed files.

use std::io::Write;

use snapbox::str;

use crate::support::{Folder, Ran, assert_ran};

/// `In Baku`, a line end.
const XZ: &str = "fd377a585a000004e6d6b4460200210116000000742fe5a3010007496e2042616b750a00169d179809f489ea00012008bb19d9bb1fb6f37d010000000004595a";

fn annotate(folder: &Folder, args: &[&str], input: impl AsRef<[u8]>) -> Ran {
    folder.run_with(&[&["annotate", "-g", "towns.gaz", "--min-score", "0"], args].concat(), input)
}

#[test]
fn texts_in_tables() {
    let folder = Folder::with_towns();
    let table = "\u{feff}n,body,lang\r\n7,\"In Baku,\r\n\"\"Paris\"\"\",en\r\n\r\n8,Алма-Ата\r\n9\r\n";
    let args =
        ["--input", "csv", "-c", "body", "--id-column", "n", "--lang-column", "lang", "--format", "text"];
    assert_ran!(
        annotate(&folder, &args, table),
        str![[r#"
status 0
-- stdout
In Baku [gn:587084 Baku, AZ],
"Paris [gn:2988507 Paris, FR]"
Алма-Ата [gn:1526384 Almaty, KZ]


"#]]
    );
    let ran = annotate(&folder, &[&args[..8], &["--format", "jsonl"]].concat(), table);
    let seen: Vec<_> = ran
        .json()
        .iter()
        .map(|d| format!("{} {} {}", d["id"], d["lang"], d["annotations"].as_array().unwrap().len()))
        .collect();
    assert_eq!(seen, ["\"7\" \"en\" 2", "\"8\" null 1", "\"9\" null 0"]);
    folder.write("t.tsv", "a\tb\nBaku\tx\n");
    assert_ran!(
        folder.run(&["annotate", "-g", "towns.gaz", "--min-score", "0", "-c", "a", "--count", "t.tsv"]),
        str![[r#"
status 0
-- stdout
2	1

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--input", "tsv", "-c", "2", "--no-header", "--count"], "x\tBaku\n"),
        str![[r#"
status 0
-- stdout
1	1

"#]]
    );
    assert_ran!(
        annotate(&folder, &["-c", "a", "--count"], ""),
        str![[r#"
status 0

"#]]
    );
    assert_ran!(
        annotate(&folder, &["-c", "bdy"], table),
        str![[r#"
status 2
-- stderr
exonym: standard input: there is no column "bdy"; did you mean "body"?; the columns are n, body, lang

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--input", "csv"], table),
        str![[r#"
status 2
-- stderr
exonym: standard input: which column has the texts? give --column, one of n, body, lang

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--id-column", "n"], table),
        str![[r#"
status 2
-- stderr
exonym: --id-column is for tables; give --input csv or tsv

"#]]
    );
}

#[test]
fn tables_of_several_files() {
    let folder = Folder::with_towns();
    folder.write("a.csv", "n,body\n1,Baku");
    folder.write("b.csv", "n,body\n2,Paris\n");
    folder.write("c.csv", "body,n\nParis,3\n");
    let args = ["annotate", "-g", "towns.gaz", "--min-score", "0", "-c", "body", "--id-column", "n"];
    assert_ran!(
        folder.run(&[&args[..], &["--count", "a.csv", "b.csv"]].concat()),
        str![[r#"
status 0
-- stdout
1	1
2	1

"#]]
    );
    assert_ran!(
        folder.run(&[&args[..7], &["--count", "a.csv", "b.csv"]].concat()),
        str![[r#"
status 0
-- stdout
a.csv:2	1
b.csv:2	1

"#]]
    );
    assert_ran!(
        folder.run(&[&args[..7], &["--replace", "--template", "{id}", "a.csv", "b.csv"]].concat()),
        str![[r#"
status 0
-- stdout
n,body
1,gn:587084
2,gn:2988507

"#]]
    );
    assert_ran!(
        folder.run(&[&args[..], &["--count", "a.csv", "c.csv"]].concat()),
        str![[r#"
status 2
-- stdout
1	1
-- stderr
exonym: c.csv: its header is not that of the first file; run exonym once for each

"#]]
    );
}

#[test]
fn texts_in_fields() {
    let folder = Folder::with_towns();
    let lines = "{\"id\":12345678901234567890123,\"date\":\"2020-01\",\"page\":{\"body\":[\"\",\"in \\u0411аку\"]},\"lang\":\"ru\"}\n";
    let ran = annotate(&folder, &["--field", ".page.body[1]", "--format", "jsonl"], lines);
    assert!(ran.stdout.starts_with("{\"id\":12345678901234567890123,\"date\":\"2020-01\",\"lang\":\"ru\",\"offsets\":\"char\",\"annotations\":[{\"start\":3,\"end\":7,"), "{ran}");
    assert_ran!(
        annotate(&folder, &["--field", ".page"], lines),
        str![[r#"
status 2
-- stderr
exonym: standard input:1: there is no string at --field .page; give the path to the text, or pass over such lines with --skip-bad

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--field", ".page", "--skip-bad"], lines),
        str![[r#"
status 0
-- stderr
exonym: 1 bad line was skipped

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--field", ".page", "--input", "lines"], lines),
        str![[r#"
status 2
-- stderr
exonym: --field is for objects; give --input jsonl

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--field", ".page["], lines),
        str![[r#"
status 2
-- stderr
exonym: --field is ".page[", expected a path such as .place.name or .names[0]

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--input", "jsonl", "--count"], "{\"text\":\"Baku\",\"date\":null}"),
        str![[r#"
status 0
-- stdout
1

"#]]
    );
}

#[test]
fn files_of_a_list() {
    let folder = Folder::with_towns();
    for (name, text) in [("a.txt", "Baku"), ("b c.txt", "Almaty and Paris"), ("d.txt", "none")] {
        folder.write(name, text);
    }
    folder.write("list", "b c.txt\r\n\nd.txt\n");
    folder.write("none", "");
    let annotate = ["annotate", "-g", "towns.gaz", "--min-score", "0", "--count", "--files-from"];
    assert_ran!(
        folder.run(&[&annotate[..], &["list", "a.txt"]].concat()),
        str![[r#"
status 0
-- stdout
a.txt	1
b c.txt	2
d.txt	0

"#]]
    );
    assert_ran!(
        folder.run_with(&[&annotate[..], &["-"]].concat(), "d.txt\na.txt"),
        str![[r#"
status 0
-- stdout
d.txt	0
a.txt	1

"#]]
    );
    assert_ran!(
        folder.run(&[&annotate[..], &["none"]].concat()),
        str![[r#"
status 0

"#]]
    );
    assert_ran!(
        folder.run(&[&annotate[..], &["-", "-"]].concat()),
        str![[r#"
status 2
-- stderr
exonym: both the texts and --files-from are standard input; name one of them

"#]]
    );
    folder.write("list", "absent.txt\n");
    assert_ran!(
        folder.run(&[&annotate[..], &["list"]].concat()),
        str![[r#"
status 2
-- stderr
exonym: cannot read absent.txt: No such file or directory (os error 2)

"#]]
    );
    assert_ran!(
        folder.run_with(&["normalize", "-g", "towns.gaz", "--no-header", "--files-from", "-"], "a.txt\n"),
        str![[r#"
status 0
-- stdout
Baku	matched	gn:587084	Baku	AZ	place	1

"#]]
    );
}

#[test]
fn other_encodings() {
    let folder = Folder::with_towns();
    let cyrillic = encoding_rs::WINDOWS_1251.encode("В Баку.").0.into_owned();
    assert_ran!(
        annotate(&folder, &["--encoding", "cp1251", "--format", "text"], &cyrillic),
        str![[r#"
status 0
-- stdout
В Баку [gn:587084 Baku, AZ].

"#]]
    );
    assert_ran!(
        folder.run_with(
            &["normalize", "-g", "towns.gaz", "--no-header", "--encoding", "windows-1251"],
            &cyrillic[2..6]
        ),
        str![[r#"
status 0
-- stdout
Баку	matched	gn:587084	Baku	AZ	place	1

"#]]
    );
    // UTF-16 tells what it is.
    for (mark, bytes) in
        [([0xff, 0xfe], u16::to_le_bytes as fn(u16) -> [u8; 2]), ([0xfe, 0xff], u16::to_be_bytes)]
    {
        let text = "Baku\r\n阿拉木图\n";
        let wide: Vec<u8> = mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect();
        let ran = annotate(&folder, &["--input", "lines", "--format", "text"], wide);
        assert_eq!(
            (ran.stdout.as_str(), ran.stderr.as_str()),
            ("Baku [gn:587084 Baku, AZ]\n阿拉木图 [gn:1526384 Almaty, KZ]\n", "")
        );
    }
    let wrong = b"Baku\n\xff\xff Almaty\n";
    assert_ran!(
        annotate(&folder, &["--encoding", "shift_jis", "--input", "lines", "--format", "text"], wrong),
        str![[r#"
status 0
-- stdout
Baku [gn:587084 Baku, AZ]
�� Almaty [gn:1526384 Almaty, KZ]
-- stderr
exonym: standard input: byte 6 is not Shift_JIS; what is wrong is replaced by U+FFFD, and --strict refuses such input

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--encoding", "shift_jis", "--strict"], wrong),
        str![[r#"
status 2
-- stderr
exonym: cannot read standard input: byte 6 is not Shift_JIS; leave out --strict, or give another --encoding

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--encoding", "windoze"], wrong),
        str![[r#"
status 2
-- stderr
exonym: --encoding is "windoze", expected a label of the WHATWG such as utf-16le, windows-1251, gb18030 or shift_jis

"#]]
    );
}

#[test]
fn compressed_files() {
    let folder = Folder::with_towns();
    let text = b"In Baku\n";
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text).unwrap();
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    bzip2.write_all(text).unwrap();
    let zstd = ruzstd::encoding::compress_to_vec(&text[..], ruzstd::encoding::CompressionLevel::Fastest);
    let xz: Vec<u8> =
        (0..XZ.len()).step_by(2).map(|at| u8::from_str_radix(&XZ[at..at + 2], 16).unwrap()).collect();
    for (name, bytes) in
        [("gz", gzip.finish().unwrap()), ("bz2", bzip2.finish().unwrap()), ("zst", zstd), ("xz", xz)]
    {
        // One behind the other is the one text behind the other, whatever the name.
        let twice = [&bytes[..], &bytes[..]].concat();
        let ran = annotate(&folder, &["--input", "lines", "--count"], &twice);
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("1\t1\n2\t1\n", ""), "{name}");
        folder.write(&format!("a.csv.{name}"), &bytes);
        let file = format!("a.csv.{name}");
        let ran = folder.run(&["normalize", "-g", "towns.gaz", "-c", "1", "--no-header", "--replace", &file]);
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("In Baku\n", ""), "{name}");
        // Cut off, it is an error, not a short text.
        let ran = annotate(&folder, &["--input", "lines", "--count"], &bytes[..bytes.len() - 6]);
        assert_eq!(ran.status, 2, "{name}: {ran}");
        assert!(ran.stderr.starts_with("exonym: cannot read standard input: "), "{ran}");
    }
    // A frame that holds something for other programs is passed over.
    let zstd = ruzstd::encoding::compress_to_vec(&text[..], ruzstd::encoding::CompressionLevel::Fastest);
    let ran = annotate(
        &folder,
        &["--input", "lines", "--count"],
        [&zstd[..], b"\x53\x2a\x4d\x18\x03\0\0\0abc", &zstd].concat(),
    );
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("1\t1\n2\t1\n", ""));
    // Nothing is taken for compressed that is not.
    let ran = annotate(&folder, &["--format", "text"], "BZh9 is no Baku");
    assert_eq!(ran.stdout, "BZh9 is no Baku [gn:587084 Baku, AZ]\n");
}

#[test]
fn files_are_compressed_as_they_are_called() {
    let folder = Folder::with_towns();
    // More than is compressed at a time.
    folder.write("names.txt", "Baku\nnowhere at all\n".repeat(60_000));
    let normalize = ["normalize", "-g", "towns.gaz", "--replace"];
    for end in ["gz", "bz2", "xz", "zst"] {
        let (there, back) = (format!("out.{end}"), format!("back.{end}.txt"));
        let ran = folder.run(&[&normalize[..], &["-o", &there, "names.txt"]].concat());
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{end}");
        assert!(std::fs::metadata(folder.path(&there)).unwrap().len() < 20_000, "{end}");
        assert_eq!(folder.run(&[&normalize[..], &["-o", &back, &there]].concat()).status, 0);
        assert!(folder.read(&back) == folder.read("names.txt"), "{end}");
        // Of nothing too.
        folder.write("empty.txt", "");
        folder.run(&[&normalize[..], &["-o", &there, "empty.txt"]].concat());
        let ran = folder.run(&[&normalize[..], &[&*there]].concat());
        assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""), "{end}");
    }
}

#[test]
fn names_are_rewritten_in_their_texts() {
    let folder = Folder::with_towns();
    assert_ran!(
        annotate(&folder, &["--replace"], "Поезд из Алма-Аты в Баку\r\n\r\nНи слова"),
        str![[r#"
status 0
-- stdout
Поезд из Almaty в Baku

Ни слова(no line end)

"#]]
    );
    let template = ["--replace", "--template", "{{{text}}} = {name:ru} [{id}; {same_as:wd}]"];
    assert_ran!(
        annotate(&folder, &template, "Baku, Astana"),
        str![[r#"
status 0
-- stdout
{Baku} = Баку [gn:587084; wd:Q9248], {Astana} = Astana [gn:1526273; wd:Q1520](no line end)

"#]]
    );
    // Bytes that are no UTF-8 stay.
    let args =
        ["annotate", "-g", "towns.gaz", "--min-score", "0", "--replace", "-o", "out", "--input", "lines"];
    folder.run_with(&args, b"caf\xe9 in Alma-Ata\r\n\xff");
    assert_eq!(std::fs::read(folder.path("out")).unwrap(), b"caf\xe9 in Almaty\r\n\xff");
    let lines = "\u{feff}{ \"id\":1, \"text\": \"\\u0041lma-Ata\\n\" }\r\n\n{\"text\":\"\\u0041\"}";
    assert_ran!(
        annotate(&folder, &["--input", "jsonl", "--replace"], lines),
        str![[r#"
status 0
-- stdout
﻿{ "id":1, "text": "Almaty\n" }

{"text":"\u0041"}(no line end)

"#]]
    );
    let table = "id;\"body\"\r\n1;\"In Алма-Ата; or\"\r\n\r\n2;Алма-Ата\n3;\"x\"";
    let table_args = ["-c", "body", "--delimiter", ";", "--replace", "--template", "{name}; \"{country}\""];
    assert_ran!(
        annotate(&folder, &table_args, table),
        str![[r#"
status 0
-- stdout
id;"body"
1;"In Almaty; ""KZ""; or"

2;"Almaty; ""KZ"""
3;"x"(no line end)

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--replace", "--template", "{nam}"], "Baku"),
        str![[r#"
status 2
-- stderr
exonym: --template has no field "nam"; did you mean "name"?; the fields are id, name, used, kind, feature, country, admin1, lat, lon, population, from, to, same_as, disputed, claimed_by, controlled_by, score, name:LANG, text, role, number, same_as:SCHEME

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--replace", "--template", "{name"], "Baku"),
        str![[r#"
status 2
-- stderr
exonym: --template is "{name": a brace has no other; write {{ and }} for braces themselves

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--replace", "--format", "csv"], "Baku"),
        str![[r#"
status 2
-- stderr
error: the argument '--replace' cannot be used with '--format <FORMAT>'

Usage: exonym annotate --gazetteer <FILE> --min-score <P> --replace [FILE]...

For more information, try '--help'.

"#]]
    );
}

#[test]
fn counts() {
    let folder = Folder::with_towns();
    folder.write("a.txt", "Baku, Paris and Baku");
    folder.write("b.txt", "Алма-Ата, Kazakhstan, Баку");
    let files = ["annotate", "-g", "towns.gaz", "--min-score", "0", "a.txt", "b.txt"];
    assert_ran!(
        folder.run(&[&files[..], &["--summary"]].concat()),
        str![[r#"
status 0
-- stdout
by	mentions	texts	id	name	country
all	6	2			
kind	5	2	place	place	
kind	1	1	state	state	
country	3	2	AZ	AZ	AZ
country	2	1	KZ	Kazakhstan	KZ
country	1	1	FR	FR	FR
record	3	2	gn:587084	Baku	AZ
record	1	1	gn:1522867	Kazakhstan	KZ
record	1	1	gn:1526384	Almaty	KZ
record	1	1	gn:2988507	Paris	FR

"#]]
    );
    assert_ran!(
        folder.run(&[&files[..], &["--count"]].concat()),
        str![[r#"
status 0
-- stdout
a.txt	3
b.txt	3

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--count"], "Baku"),
        str![[r#"
status 0
-- stdout
1

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--summary", "--input", "lines"], ""),
        str![[r#"
status 0
-- stdout
by	mentions	texts	id	name	country
all	0	0			

"#]]
    );
}

#[test]
fn threads_change_nothing() {
    let folder = Folder::with_towns();
    let mut lines = String::new();
    for n in 0..8000 {
        lines.push_str(["In Baku and Paris.\n", "\n", "Astana\n", "nothing\n"][n % 4]);
    }
    folder.write("t.txt", &lines);
    for more in [&["--format", "geojson"][..], &["--format", "jsonl"], &["--summary"], &["--replace"]] {
        let run = |threads| {
            let args = [
                "annotate",
                "-g",
                "towns.gaz",
                "--min-score",
                "0",
                "--input",
                "lines",
                "t.txt",
                "--threads",
                threads,
            ];
            folder.run(&[&args[..], more].concat())
        };
        let one = run("1");
        assert_eq!(one.status, 0);
        assert!(one.stdout == run("2").stdout && one.stdout == run("5").stdout, "{more:?}");
    }
    assert_ran!(
        annotate(&folder, &["--threads", "0"], ""),
        str![[r#"
status 2
-- stderr
exonym: --threads is 0, expected 1 to 1024

"#]]
    );
}

#[test]
fn patterns_of_files() {
    let folder = Folder::with_towns();
    for name in ["b.txt", "a.txt", "deep/c.txt", "[d].txt"] {
        folder.write(name, "Baku");
    }
    let count =
        |pattern: &str| folder.run(&["annotate", "-g", "towns.gaz", "--min-score", "0", "--count", pattern]);
    assert_eq!(count("?.txt").stdout, "a.txt\t1\nb.txt\t1\n");
    assert_eq!(count("**/c*").stdout, "deep/c.txt\t1\n");
    // A file that is called so is meant.
    assert_eq!(count("[d].txt").stdout, "[d].txt\t1\n");
    assert_ran!(
        count("*.html"),
        str![[r#"
status 2
-- stderr
exonym: no file is like "*.html"

"#]]
    );
    assert_ran!(
        count("***.html"),
        str![[r#"
status 2
-- stderr
exonym: "***.html" is no pattern of files: Pattern syntax error near position 2: wildcards are either regular `*` or recursive `**`

"#]]
    );
}
