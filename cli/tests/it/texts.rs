//! Texts that are odd, empty, not UTF-8 or very long; and where in them the names stand.

use serde_json::Value;
use snapbox::str;

use crate::support::{Folder, assert_ran};

const TEXTS: &[&str] = &[
    "İİİ and 👩\u{200d}👩\u{200d}👧 met in Baku; e\u{301}té à Paris, 阿拉木图。",
    "\u{feff}Алматы – \u{202e}Баку\u{202c}\r\n\r\nAstana",
    "𝐁𝐚𝐤𝐮 ＡＬＭＡＴＹ ﬁn Ստեփանակերտ, ﺑﻐﺪﺍﺩ Астана",
];

/// Bytes that are not UTF-8 before, between and behind names: a lone byte, two that cannot be, the first two of three.
const NOT_UTF8: &[u8] = b"caf\xe9 \xff\xfe in Baku and \xe2\x82 Almaty \xff";

/// The annotations of the only document.
fn annotations(folder: &Folder, unit: &str, text: &[u8]) -> Vec<Value> {
    let args = ["annotate", "-g", "towns.gaz", "--min-score", "0", "--offsets", unit];
    let lines = folder.run_with(&args, text).json();
    assert_eq!((lines.len(), &lines[0]["offsets"]), (1, &unit.into()));
    lines[0]["annotations"].as_array().unwrap().clone()
}

/// The bytes of a span in a text.
fn slice(text: &[u8], unit: &str, annotation: &Value) -> Vec<u8> {
    let at = |field: &str| annotation[field].as_u64().unwrap() as usize;
    let (start, end) = (at("start"), at("end"));
    let decoded = String::from_utf8_lossy(text);
    match unit {
        "byte" => text[start..end].to_vec(),
        "char" => decoded.chars().skip(start).take(end - start).collect::<String>().into_bytes(),
        _ => {
            String::from_utf16(&decoded.encode_utf16().collect::<Vec<_>>()[start..end]).unwrap().into_bytes()
        }
    }
}

#[test]
fn text_is_the_slice_in_three_units() {
    let folder = Folder::with_towns();
    for text in TEXTS {
        for unit in ["char", "byte", "utf16"] {
            let found = annotations(&folder, unit, text.as_bytes());
            assert!(found.len() >= 2, "{text:?}: {found:?}");
            for a in &found {
                assert_eq!(
                    a["text"].as_str().unwrap().as_bytes(),
                    slice(text.as_bytes(), unit, a),
                    "{unit} of {text:?}"
                );
            }
        }
    }
}

#[test]
fn text_is_the_slice_where_bytes_are_replaced() {
    let folder = Folder::with_towns();
    for unit in ["char", "byte", "utf16"] {
        let found = annotations(&folder, unit, NOT_UTF8);
        let texts: Vec<&Value> = found.iter().map(|a| &a["text"]).collect();
        assert_eq!(texts, ["Baku", "Almaty"]);
        for a in &found {
            assert_eq!(a["text"].as_str().unwrap().as_bytes(), slice(NOT_UTF8, unit, a), "{unit}");
        }
    }
}

#[test]
fn text_that_is_not_utf8_is_counted_or_refused() {
    let folder = Folder::with_towns();
    folder.write("latin.txt", NOT_UTF8);
    let annotate = ["annotate", "-g", "towns.gaz", "--min-score", "0", "--format", "text", "latin.txt"];
    assert_ran!(
        folder.run(&annotate),
        str![[r#"
status 0
-- stdout
caf� �� in Baku [gn:587084 Baku, AZ] and � Almaty [gn:1526384 Almaty, KZ] �
-- stderr
exonym: 5 invalid UTF-8 sequences were replaced by U+FFFD, the first at latin.txt: byte 4; --strict refuses such input

"#]]
    );
    assert_ran!(
        folder.run(&[&annotate[..], &["--strict"]].concat()),
        str![[r#"
status 2
-- stderr
exonym: latin.txt: byte 4: 0xE9 is not UTF-8; convert the input, or leave out --strict

"#]]
    );
    let lines = b"Baku\nAlma\xffty\n";
    assert_ran!(
        folder.run_with(
            &["annotate", "-g", "towns.gaz", "--min-score", "0", "--input", "lines", "--format", "text"],
            lines
        ),
        str![[r#"
status 0
-- stdout
Baku [gn:587084 Baku, AZ]
Alma�ty
-- stderr
exonym: 1 invalid UTF-8 sequence was replaced by U+FFFD, the first at standard input:2: byte 5; --strict refuses such input

"#]]
    );
    assert_ran!(
        folder.run_with(
            &["annotate", "-g", "towns.gaz", "--min-score", "0", "--input", "lines", "--strict"],
            &lines[5..]
        ),
        str![[r#"
status 2
-- stderr
exonym: standard input:1: byte 5: 0xFF is not UTF-8; convert the input, or leave out --strict

"#]]
    );
    assert_ran!(
        folder.run_with(&["normalize", "-g", "towns.gaz"], lines),
        str![[r#"
status 0
-- stdout
input	status	id	name	country	kind	score
Baku	matched	gn:587084	Baku	AZ	place	1
Alma�ty	unmatched					
-- stderr
exonym: 1 invalid UTF-8 sequence was replaced by U+FFFD, the first at standard input:2: byte 5; --strict refuses such input

"#]]
    );
    assert_ran!(
        folder.run_with(&["normalize", "-g", "towns.gaz", "--strict", "--no-header"], lines),
        str![[r#"
status 2
-- stdout
Baku	matched	gn:587084	Baku	AZ	place	1
-- stderr
exonym: standard input:2: byte 5: 0xFF is not UTF-8; convert the input, or leave out --strict

"#]]
    );
}

#[test]
fn empty_input() {
    let folder = Folder::with_towns();
    folder.write("empty.txt", "");
    assert_ran!(
        folder.run(&["annotate", "-g", "towns.gaz", "--min-score", "0"]),
        str![[r#"
status 0
-- stdout
{"offsets":"char","annotations":[]}

"#]]
    );
    assert_ran!(
        folder.run(&["annotate", "-g", "towns.gaz", "--min-score", "0", "empty.txt"]),
        str![[r#"
status 0
-- stdout
{"id":"empty.txt","offsets":"char","annotations":[]}

"#]]
    );
    assert_ran!(
        folder.run(&["annotate", "-g", "towns.gaz", "--min-score", "0", "--input", "lines"]),
        str![[r#"
status 0

"#]]
    );
    assert_ran!(
        folder.run(&["annotate", "-g", "towns.gaz", "--min-score", "0", "--input", "jsonl"]),
        str![[r#"
status 0

"#]]
    );
    assert_ran!(
        folder.run(&["normalize", "-g", "towns.gaz"]),
        str![[r#"
status 0
-- stdout
input	status	id	name	country	kind	score

"#]]
    );
}

#[test]
fn lines_end_in_every_way() {
    let folder = Folder::with_towns();
    let ran = folder.run_with(
        &["annotate", "-g", "towns.gaz", "--min-score", "0", "--input", "lines", "--format", "text"],
        "Baku\r\n\r\nAstana\n\nПоезд в Баку",
    );
    assert_ran!(
        ran,
        str![[r#"
status 0
-- stdout
Baku [gn:587084 Baku, AZ]

Astana [gn:1526273 Astana, KZ]

Поезд в Баку [gn:587084 Baku, AZ]

"#]]
    );
}

#[test]
fn a_line_that_is_no_document() {
    let folder = Folder::with_towns();
    let annotate = ["annotate", "-g", "towns.gaz", "--min-score", "0", "--input", "jsonl", "docs.jsonl"];
    for (bad, what) in [
        ("{\"id\":2,\"txt\":\"Baku\"}", "byte 21: W: missing field `text`"),
        ("{\"id\":2,\"text\":7}", "byte 16: W: invalid type: integer `7`, expected a string"),
        ("{\"id\":2,\"text\":\"Baku\"", "byte 21: W: EOF while parsing an object"),
        ("{\"text\":\"\\ud800 Baku\"}", "byte 16: W: unexpected end of hex escape"),
        ("Baku", "byte 1: W: expected value"),
    ] {
        folder.write(
            "docs.jsonl",
            format!("{{\"id\":1,\"text\":\"Baku\"}}\n\n{bad}\n{{\"id\":3,\"text\":\"\"}}\n"),
        );
        let ran = folder.run(&annotate);
        let what = what.replace('W', "expected an object such as {\"id\":1,\"text\":\"…\"}");
        assert_eq!((ran.status, ran.stderr.clone()), (2, format!("exonym: docs.jsonl:3: {what}\n")), "{ran}");
        // What came before it was good, and is there.
        assert!(ran.stdout.starts_with("{\"id\":1,") && ran.stdout.lines().count() == 1, "{ran}");
        let ran = folder.run(&[&annotate[..], &["--skip-bad", "--strict"]].concat());
        assert_eq!((ran.status, ran.stderr.as_str()), (0, "exonym: 1 bad line was skipped\n"));
        assert_eq!(ran.stdout.lines().last(), Some("{\"id\":3,\"offsets\":\"char\",\"annotations\":[]}"));
    }
    folder.write("docs.jsonl", b"{\"text\":\"caf\xe9 in Baku\"}\n");
    assert_ran!(
        folder.run(&[&annotate[..], &["--strict"]].concat()),
        str![[r#"
status 2
-- stderr
exonym: docs.jsonl:1: byte 13: 0xE9 is not UTF-8; convert the input, or leave out --strict

"#]]
    );
    assert_ran!(
        folder.run(&[&annotate[..], &["--strict", "--skip-bad"]].concat()),
        str![[r#"
status 0
-- stderr
exonym: 1 bad line was skipped

"#]]
    );
    assert_ran!(
        folder.run(&[&annotate[..], &["--format", "text"]].concat()),
        str![[r#"
status 0
-- stdout
caf� in Baku [gn:587084 Baku, AZ]
-- stderr
exonym: 1 invalid UTF-8 sequence was replaced by U+FFFD, the first at docs.jsonl:1: byte 13; --strict refuses such input

"#]]
    );
}

#[test]
fn ids_of_every_type_are_carried_over_as_they_are() {
    let folder = Folder::with_towns();
    let ids = [
        "\"a\\u00e9\"",
        "7",
        "1234567890123456789012345678901234567890",
        "1.50",
        "null",
        "[1, {\"b\":2,\"a\":1}]",
        "true",
    ];
    let input: String = ids.iter().map(|id| format!("{{\"more\":[],\"id\":{id},\"text\":\"\"}}\n")).collect();
    let output: String =
        ids.iter().map(|id| format!("{{\"id\":{id},\"offsets\":\"char\",\"annotations\":[]}}\n")).collect();
    let ran =
        folder.run_with(&["annotate", "-g", "towns.gaz", "--min-score", "0", "--input", "jsonl"], input);
    assert_eq!((ran.stdout, ran.stderr), (output, String::new()));
}

#[test]
fn offsets_of_jsonl_count_in_the_string() {
    let folder = Folder::with_towns();
    let text = "Ба\u{301}ку é \u{1f469} Baku \"Astana\"\n\tПариж Almaty";
    let escaped: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    for unit in ["char", "byte", "utf16"] {
        let args = ["annotate", "-g", "towns.gaz", "--min-score", "0", "--input", "jsonl", "--offsets", unit];
        let lines = folder.run_with(&args, format!("{{\"text\":\"{escaped}\"}}")).json();
        let found = lines[0]["annotations"].as_array().unwrap();
        assert!(found.len() >= 3, "{found:?}");
        for a in found {
            assert_eq!(a["text"].as_str().unwrap().as_bytes(), slice(text.as_bytes(), unit, a), "{unit}");
        }
    }
}

#[cfg(feature = "slow-tests")]
#[test]
fn a_line_of_100_mb() {
    let folder = Folder::with_towns();
    let mut line =
        "in Baku and Almaty, not far from Astana, there is nothing to see ".repeat(100_000_000 / 64);
    line.push('\n');
    folder.write("long.txt", &line);
    let ran = folder.run(&[
        "annotate",
        "-g",
        "towns.gaz",
        "--min-score",
        "0",
        "--input",
        "lines",
        "-o",
        "out.jsonl",
        "long.txt",
    ]);
    assert_eq!((ran.status, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    let written = folder.read("out.jsonl");
    assert_eq!(written.lines().count(), 1);
    assert!(written.matches("\"gn:587084\"").count() > 1_000_000);
}
