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

#[test]
fn completions_for_five_shells() {
    let folder = Folder::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = folder.run(&["completions", shell]);
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{shell}");
        assert!(ran.stdout.contains("normalize") && ran.stdout.contains("country-column"), "{shell}");
        // Values are completed where the shell's scripts can.
        let values = !matches!(shell, "elvish" | "powershell");
        assert_eq!(ran.stdout.contains("jsonl-mentions"), values, "{shell}");
    }
    assert_ran!(
        folder.run(&["completions", "bsh"]),
        str![[r#"
status 2
-- stderr
error: invalid value 'bsh' for '<SHELL>'
  [possible values: bash, elvish, fish, powershell, zsh]

  tip: a similar value exists: 'bash'

For more information, try '--help'.

"#]]
    );
}

#[test]
fn pages_of_the_manual() {
    let folder = Folder::new();
    let page = folder.run(&["man", "annotate"]).stdout;
    assert!(
        page.contains(".TH exonym-annotate 1") && page.contains("files\\-from") && page.contains("Examples:"),
        "{page}"
    );
    assert!(folder.run(&["man"]).stdout.contains("exonym\\-normalize(1)"));
    assert_eq!(folder.run(&["man", "--dir", "man/man1"]).status, 0);
    let mut pages: Vec<String> = std::fs::read_dir(folder.path("man/man1"))
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    pages.sort();
    assert_eq!(pages[..3], ["exonym-annotate.1", "exonym-bench.1", "exonym-build.1"]);
    assert_eq!(pages.len(), 14);
    assert_ran!(
        folder.run(&["man", "anotate"]),
        str![[r#"
status 2
-- stderr
exonym: there is no command "anotate"; did you mean "annotate"?; the commands are annotate, normalize, lookup, explain, build, export, diff, inspect, verify, completions, man, bench, config

"#]]
    );
}
