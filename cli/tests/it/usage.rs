//! Arguments that are wrong, and what the program says of itself.

use snapbox::str;

use crate::support::{Folder, assert_ran};

#[test]
fn arguments_that_are_wrong() {
    let folder = Folder::with_towns();
    assert_ran!(
        folder.run(&["annotate", "--format", "xml"]),
        str![[r#"
status 2
-- stderr
error: invalid value 'xml' for '--format <FORMAT>'
  [possible values: jsonl, jsonl-mentions, json, csv, tsv, geojson, ndgeojson, html, brat, conll, webannotation, spacy, tei, text]

  tip: a similar value exists: 'html'

For more information, try '--help'.

"#]]
    );
    assert_ran!(
        folder.run(&["lookup"]),
        str![[r#"
status 2
-- stderr
error: the following required arguments were not provided:
  <NAME>...

Usage: exonym lookup <NAME>...

For more information, try '--help'.

"#]]
    );
    for (args, message) in [
        (["--near", "43.25"], "--near is \"43.25\", expected LAT,LON such as 43.25,76.92"),
        (
            ["--near", "91,0"],
            "--near is \"91,0\", expected LAT,LON such as 43.25,76.92: latitude is 91, expected -90 to 90",
        ),
        (["--country", "KAZ"], "--country is \"KAZ\", expected an ISO 3166-1 alpha-2 code such as KZ"),
        (["--min-score", "1.5"], "--min-score is 1.5, expected 0 to 1"),
        (
            ["-g", "towns.csv"],
            "towns.csv is not a gazetteer; build one from CSV, TSV or JSON Lines with: exonym build",
        ),
    ] {
        let ran = folder.run(&[&["annotate"], &args[..]].concat());
        assert_eq!((ran.status, ran.stdout, ran.stderr), (2, String::new(), format!("exonym: {message}\n")));
    }
    assert_ran!(
        folder.run(&["annotate", "-g", "towns.gaz", "--min-score", "0", "absent.txt"]),
        str![[r#"
status 2
-- stderr
exonym: cannot read absent.txt: No such file or directory (os error 2)

"#]]
    );
    assert_ran!(
        folder.run(&["annotate", "-g", "towns.gaz", "--min-score", "0", "."]),
        str![[r#"
status 2
-- stderr
exonym: cannot read .: it is a folder; name the files in it

"#]]
    );
}

#[test]
fn the_gazetteer_of_the_environment() {
    let folder = Folder::with_towns();
    let run = |file: &str| {
        let output = folder.command(&["verify"]).env("EXONYM_GAZETTEER", file).output().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    assert_eq!(run("towns.gaz"), "towns.gaz is sound: 9 records, 21 names\n");
    assert_eq!(run("absent.gaz"), "exonym: cannot open absent.gaz: No such file or directory (os error 2)\n");
    assert!(run("").starts_with("the embedded gazetteer is sound: "));
}

#[test]
fn version_tells_the_date_of_the_data() {
    let ran = Folder::new().run(&["--version"]);
    let (version, data) = ran.stdout.split_once('\n').unwrap();
    assert_eq!(version, concat!("exonym ", env!("CARGO_PKG_VERSION")));
    let date = data.strip_prefix("embedded gazetteer: data of 20").expect(data);
    assert!(date.as_bytes()[..8].iter().all(|b| b.is_ascii_digit() || *b == b'-'), "{data}");
}

#[test]
fn colour_only_where_it_is_wanted() {
    let folder = Folder::with_towns();
    let coloured = |variable: Option<(&str, &str)>, more: &[&str]| {
        let mut command = folder.command(&[
            "annotate",
            "-g",
            "towns.gaz",
            "--min-score",
            "0",
            "--format",
            "text",
            "towns.txt",
        ]);
        command.args(more).envs(variable);
        command.output().unwrap().stdout.contains(&0x1b)
    };
    folder.write("towns.txt", "Baku");
    assert!(!coloured(None, &[]));
    assert!(coloured(None, &["--color", "always"]));
    assert!(coloured(Some(("CLICOLOR_FORCE", "1")), &[]));
    assert!(!coloured(Some(("NO_COLOR", "1")), &[]));
    assert!(!coloured(Some(("CLICOLOR_FORCE", "1")), &["--color", "never"]));
    let ran = folder.run(&[
        "annotate",
        "-g",
        "towns.gaz",
        "--min-score",
        "0",
        "--format",
        "text",
        "--color",
        "always",
        "towns.txt",
    ]);
    let plain = "\u{1b}[1m\u{1b}[32mBaku\u{1b}[0m \u{1b}[2m[gn:587084 Baku, AZ]\u{1b}[0m\n";
    assert_eq!(ran.stdout, plain);
}
