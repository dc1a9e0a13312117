//! What each command does with good input.

use serde_json::Value;
use snapbox::str;

use crate::support::Folder;

/// The pairs that must be one record, each in several scripts.
const PAIRS: &[(&str, &[&str])] = &[
    (
        "gn:1526384",
        &[
            "Almaty",
            "Alma-Ata",
            "ALMATY",
            "Алматы",
            "Алма-Ата",
            "АЛМА-АТА",
            "Ալմաթի",
            "阿拉木图",
            "阿拉木圖",
            "アルマトイ",
        ],
    ),
    (
        "gn:146970",
        &[
            "Stepanakert",
            "Khankendi",
            "Xankəndi",
            "XANKƏNDİ",
            "STEPANAKERT",
            "Степанакерт",
            "ХАНКЕНДИ",
            "Ստեփանակերտ",
        ],
    ),
    (
        "wd:Q44302",
        &[
            "Nagorno-Karabakh",
            "Artsakh",
            "ARTSAKH",
            "NAGORNO-KARABAKH",
            "Нагорный Карабах",
            "Арцах",
            "АРЦАХ",
            "Արցախ",
            "ԱՐՑԱԽ",
            "Dağlıq Qarabağ",
        ],
    ),
];

#[test]
fn every_spelling_of_a_pair_is_one_record() {
    let folder = Folder::new();
    for (id, names) in PAIRS {
        for name in *names {
            let looked_up = folder.run(&["lookup", "--limit", "1", "--format", "jsonl", name]).json();
            assert_eq!(looked_up[0]["entity"]["id"], *id, "lookup {name}");
        }
        let normalized = folder.run_with(&["normalize", "--format", "jsonl"], names.join("\n")).json();
        for (line, name) in normalized.iter().zip(*names) {
            assert_eq!(line["entity"]["id"], *id, "normalize {name}");
        }
    }
}

#[test]
fn every_spelling_of_a_pair_is_found_in_a_sentence() {
    let folder = Folder::new();
    for (id, names) in PAIRS {
        for name in *names {
            let script = name.chars().find(|c| c.is_alphabetic()).unwrap();
            let text = match script {
                'А'..='я' => format!("Переговоры прошли в городе {name} вчера."),
                '\u{530}'..='\u{58f}' => format!("Երեկ նա մեկնել է {name}։"),
                '\u{3040}'..='\u{9fff}' => format!("会议在{name}举行。"),
                _ => format!("The talks were held in {name} yesterday."),
            };
            let lines = folder.run_with(&["annotate"], &text).json();
            let found = lines[0]["annotations"].as_array().unwrap();
            assert!(
                found.iter().any(|a| a["text"] == *name && a["entity"]["id"] == *id),
                "{text}: {found:?}"
            );
        }
    }
}

#[test]
fn annotate_writes_the_contract() {
    let folder = Folder::with_sample();
    let input = r#"{"id":"a1","text":"From Alma-Ata to Москва.","lang":"en","more":1}
{"id":2,"text":"nothing"}
"#;
    let lines = folder.run_with(&["annotate", "-g", "sample.gaz", "--input", "jsonl"], input).json();
    assert_eq!(lines[0]["id"], "a1");
    assert_eq!(lines[0]["lang"], "en");
    assert_eq!(lines[0]["offsets"], "char");
    let first = &lines[0]["annotations"][0];
    assert_eq!((&first["start"], &first["end"], &first["text"]), (&5.into(), &13.into(), &"Alma-Ata".into()));
    assert_eq!(first["role"], "place");
    assert!(first["score"].as_f64().is_some_and(|s| (0.0..=1.0).contains(&s)));
    let entity = &first["entity"];
    assert_eq!(
        (&entity["id"], &entity["name"], &entity["kind"]),
        (&"gn:1526384".into(), &"Almaty".into(), &"place".into())
    );
    assert_eq!((&entity["feature"], &entity["country"]), (&"P.PPLA".into(), &"KZ".into()));
    assert!(entity["lat"].is_f64() && entity["lon"].is_f64());
    assert_eq!((&first["name"]["text"], &first["name"]["kind"]), (&"Alma-Ata".into(), &"historic".into()));
    assert!(first.get("reasons").is_none() && first.get("candidates").is_none());
    assert_eq!(lines[1]["id"], 2);
    assert_eq!(lines[1]["annotations"], Value::Array(vec![]));
}

#[test]
fn annotate_gives_reasons_and_candidates_when_asked() {
    let folder = Folder::with_sample();
    let args = ["annotate", "-g", "sample.gaz", "--explain", "--candidates", "2"];
    let lines = folder.run_with(&args, "He moved from Dallas to Paris, Texas.").json();
    let paris = &lines[0]["annotations"][0];
    assert_eq!(paris["entity"]["id"], "gn:4717560", "{paris}");
    assert_eq!(paris["candidates"].as_array().unwrap().len(), 2);
    assert!(
        paris["reasons"].as_array().unwrap().iter().all(|r| r["text"].is_string() && r["weight"].is_number())
    );
}

#[test]
fn annotate_text_puts_ids_behind_names() {
    let folder = Folder::with_sample();
    let ran =
        folder.run_with(&["annotate", "-g", "sample.gaz", "--format", "text"], "Поезд из Москвы в Баку.");
    snapbox::assert_data_eq!(
        ran.stdout,
        str![[r#"
Поезд из Москвы [gn:524901 Moscow, RU] в Баку [gn:587084 Baku, AZ].

"#]]
    );
}

#[test]
fn annotate_reads_lines_and_files_in_order() {
    let folder = Folder::with_sample();
    folder.write("a.txt", "Baku");
    folder.write("b.txt", "Tbilisi\nYerevan\n");
    let lines = folder.run(&["annotate", "-g", "sample.gaz", "a.txt", "b.txt"]).json();
    assert_eq!((&lines[0]["id"], &lines[1]["id"]), (&"a.txt".into(), &"b.txt".into()));
    let lines = folder.run(&["annotate", "-g", "sample.gaz", "--input", "lines", "b.txt"]).json();
    assert_eq!((&lines[0]["id"], &lines[1]["id"], lines.len()), (&1.into(), &2.into(), 2));
}

#[test]
fn normalize_keeps_order_and_says_what_matched() {
    let folder = Folder::with_sample();
    let input = "Алма-Ата\nnowhere at all\n\nParis, Texas\nBaku (Azerbaijan)\nBakıda\n";
    let ran = folder.run_with(&["normalize", "-g", "sample.gaz"], input);
    let statuses: Vec<Vec<&str>> = ran.stdout.lines().map(|l| l.split('\t').take(3).collect()).collect();
    assert_eq!(
        statuses,
        [
            ["input", "status", "id"],
            ["Алма-Ата", "matched", "gn:1526384"],
            ["nowhere at all", "unmatched", ""],
            ["", "unmatched", ""],
            ["Paris, Texas", "matched", "gn:4717560"],
            ["Baku (Azerbaijan)", "matched", "gn:587084"],
            ["Bakıda", "matched", "gn:587084"],
        ]
    );
    assert_eq!(ran.status, 0);
    let ran = folder.run_with(&["normalize", "-g", "sample.gaz", "--fail-unmatched"], "nowhere\n");
    assert_eq!(ran.status, 1);
}

#[test]
fn lookup_tells_names_and_ids() {
    let folder = Folder::with_sample();
    let ran = folder.run(&["lookup", "-g", "sample.gaz", "Ханкенди"]);
    snapbox::assert_data_eq!(
        ran.stdout,
        str![[r#"
gn:146970  Khankendi  place  P.PPL  AZ  39.8177,46.7528  population 2100  as Ханкенди  (alternate)

"#]]
    );
    let ran = folder.run(&["lookup", "-g", "sample.gaz", "iso:AM"]);
    assert!(ran.stdout.starts_with("gn:174982  Armenia  state  A.PCLI  AM"), "{}", ran.stdout);
    let ran = folder.run(&["lookup", "-g", "sample.gaz", "Atlantis"]);
    assert_eq!((ran.status, ran.stdout.as_str()), (1, ""));
    assert_eq!(ran.stderr, "exonym: nothing is named \"Atlantis\" and nothing has that id\n");
}

#[test]
fn inspect_and_verify_tell_what_is_there() {
    let folder = Folder::with_sample();
    let report: Value =
        serde_json::from_str(&folder.run(&["inspect", "-g", "sample.gaz", "--json"]).stdout).unwrap();
    assert_eq!(report["records"], 35);
    assert!(report["names"].as_u64().unwrap() > 400 && report["languages"].as_u64().unwrap() >= 15);
    assert!(report["kinds"]["place"].is_u64() && report["kinds"]["state"].is_u64());
    assert_eq!(report["data_date"], Value::Null);
    let ran = folder.run(&["verify", "-g", "sample.gaz"]);
    assert!(ran.stdout.starts_with("sample.gaz is sound: 35 records"), "{ran:?}");
}

#[test]
fn rows_in_another_order_make_the_same_file() {
    let folder = Folder::with_sample();
    let sample = std::fs::read_to_string(folder.path("sample.csv")).unwrap();
    let (header, rows) = sample.split_once('\n').unwrap();
    let mut rows: Vec<&str> = rows.lines().collect();
    rows.reverse();
    folder.write("other.csv", format!("{header}\n{}\n", rows.join("\n")));
    assert_eq!(folder.run(&["build", "-q", "other.csv", "-o", "other.gaz"]).status, 0);
    let read = |name| std::fs::read(folder.path(name)).unwrap();
    assert!(read("sample.gaz") == read("other.gaz"));
}

#[test]
fn the_embedded_gazetteer_has_its_size() {
    let folder = Folder::new();
    let report: Value = serde_json::from_str(&folder.run(&["inspect", "--json"]).stdout).unwrap();
    assert!(report["kinds"]["place"].as_u64().unwrap() >= 170_000);
    assert!(report["names"].as_u64().unwrap() >= 1_000_000);
    assert!(report["languages"].as_u64().unwrap() >= 150);
    assert!(report["licence"].as_str().unwrap().contains("GeoNames"));
    assert_eq!(folder.run(&["verify"]).status, 0);
}

#[test]
fn help_has_an_example_for_each_command() {
    let folder = Folder::new();
    for command in ["annotate", "normalize", "lookup", "build", "inspect", "verify", "completions", "man"] {
        let ran = folder.run(&[command, "--help"]);
        assert!(ran.status == 0 && ran.stdout.contains("Example"), "{command}");
    }
}
