//! The config file, and what `exonym config` tells of it.

use snapbox::str;

use crate::support::{Folder, Ran, assert_ran};

const CONFIG: &str = "\
gazetteer = \"towns.gaz\"
color = \"never\"

[annotate]
min-score = 0
country = [\"AZ\", \"KZ\"]
format = \"tsv\"
no-header = true
all = false
";

fn run(folder: &Folder, config: &str, args: &[&str], env: &[(&str, &str)]) -> Ran {
    folder.write("exonym.toml", config);
    let mut command = folder.command(args);
    command.env("EXONYM_CONFIG", "exonym.toml").envs(env.iter().copied());
    Ran::of(&command.output().unwrap())
}

#[test]
fn options_of_the_file_hold_where_nothing_is_typed() {
    let folder = Folder::with_towns();
    folder.write("text.txt", "Baku");
    let annotate = |more: &[&str]| {
        let ran = run(&folder, CONFIG, &[&["annotate", "text.txt"], more].concat(), &[]);
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{ran}");
        ran.stdout
    };
    assert!(annotate(&[]).starts_with("text.txt\t0\t4\tBaku\t"));
    assert_eq!(annotate(&["--format", "text"]), "Baku [gn:587084 Baku, AZ]\n");
    // A default stands in the way of nothing that is typed.
    assert_eq!(annotate(&["--count"]), "text.txt\t1\n");
    assert_eq!(annotate(&["--replace"]), "Baku");
    let ran = run(&folder, CONFIG, &["inspect", "--json"], &[]);
    assert!(ran.stdout.contains("\"records\": 9"), "{ran}");
    // The environment comes before the file.
    let ran = run(&folder, CONFIG, &["inspect"], &[("EXONYM_GAZETTEER", "absent.gaz")]);
    assert_ran!(
        ran,
        str![[r#"
status 2
-- stderr
exonym: cannot open absent.gaz: No such file or directory (os error 2)

"#]]
    );
}

#[test]
fn paths_are_meant_from_where_the_file_is() {
    let folder = Folder::with_towns();
    folder.write("exonym.toml", "gazetteer = 'towns.gaz'\n");
    let mut command = folder.command(&["verify"]);
    command.current_dir("/").env("EXONYM_CONFIG", folder.path("exonym.toml"));
    let ran = Ran::of(&command.output().unwrap());
    assert!(ran.stdout.ends_with("towns.gaz is sound: 9 records, 21 names\n"), "{ran}");
}

#[test]
fn what_is_in_force() {
    let folder = Folder::with_towns();
    let ran = run(&folder, CONFIG, &["config", "annotate"], &[("NO_COLOR", "1")]);
    assert_ran!(
        ran,
        str![[r#"
status 0
-- stdout
command	option	value	from
annotate	--format	tsv	exonym.toml:7
annotate	--offsets	char	built in
annotate	--no-header	true	exonym.toml:8
annotate	--all	false	exonym.toml:9
annotate	--min-score	0	exonym.toml:5
annotate	--precision	balanced	built in
annotate	--country	AZ,KZ	exonym.toml:6
annotate	--gazetteer	towns.gaz	exonym.toml:1
annotate	--color	never	exonym.toml:2

"#]]
    );
    let ran = run(&folder, CONFIG, &["config", "lookup"], &[("EXONYM_GAZETTEER", "other.gaz")]);
    assert_ran!(
        ran,
        str![[r#"
status 0
-- stdout
command	option	value	from
lookup	--format	text	built in
lookup	--limit	10	built in
lookup	--gazetteer	other.gaz	EXONYM_GAZETTEER
lookup	--color	never	exonym.toml:2

"#]]
    );
    assert_ran!(
        folder.run(&["config", "explain"]),
        str![[r#"
status 0
-- stdout
command	option	value	from
explain	--limit	3	built in
explain	--color	auto	built in
-- stderr
exonym: there is no config file; EXONYM_CONFIG can name one

"#]]
    );
    assert_ran!(
        folder.run(&["config", "anotate"]),
        str![[r#"
status 2
-- stderr
exonym: there is no command "anotate"; did you mean "annotate"?; the commands are annotate, normalize, lookup, explain, build, export, diff, inspect, verify, completions, man, bench, config

"#]]
    );
    let ran = folder.run(&["config"]);
    assert!(ran.stdout.contains("\nnormalize\t--color\tauto\tbuilt in\n"), "{ran}");
}

#[test]
fn files_that_are_wrong() {
    let folder = Folder::new();
    for (config, expected) in [
        (
            "lang = ",
            str![[r#"
status 2
-- stderr
exonym: exonym.toml:1: string values must be quoted, expected literal string

"#]],
        ),
        (
            "\n[anotate]\nlang = 'ru'\n",
            str![[r#"
status 2
-- stderr
exonym: exonym.toml:2: there is no command "anotate"; did you mean "annotate"?

"#]],
        ),
        (
            "[annotate]\nlnag = 'ru'\n",
            str![[r#"
status 2
-- stderr
exonym: exonym.toml:2: annotate has not the option --lnag; did you mean "lang"?

"#]],
        ),
        (
            "[lookup]\nreplace = true\n",
            str![[r#"
status 2
-- stderr
exonym: exonym.toml:2: lookup has not the option --replace

"#]],
        ),
        (
            "nonsense = 1\n",
            str![[r#"
status 2
-- stderr
exonym: exonym.toml:1: no command has the option --nonsense

"#]],
        ),
        (
            "[annotate]\nformat = 'jsnl'\n",
            str![[r#"
status 2
-- stderr
exonym: exonym.toml:2: format is "jsnl"; did you mean "jsonl"?; it can be jsonl, jsonl-mentions, json, csv, tsv, geojson, ndgeojson, html, brat, conll, webannotation, spacy, tei, text

"#]],
        ),
        (
            "[annotate]\nexplain = 'yes'\n",
            str![[r#"
status 2
-- stderr
exonym: exonym.toml:2: explain must be true or false

"#]],
        ),
        (
            "[annotate]\nlang = true\n",
            str![[r#"
status 2
-- stderr
exonym: exonym.toml:2: lang must be a string or a number

"#]],
        ),
        (
            "[annotate]\nlang = ['ru', 'az']\n",
            str![[r#"
status 2
-- stderr
exonym: exonym.toml:2: --lang takes one value, not a list

"#]],
        ),
        (
            "[lookup]\nlimit = 'ten'\n",
            str![[r#"
status 2
-- stderr
exonym: exonym.toml: invalid value 'ten' for '--limit <N>': invalid digit found in string

"#]],
        ),
        (
            "help = true\n",
            str![[r#"
status 2
-- stderr
exonym: exonym.toml:1: no command has the option --help

"#]],
        ),
    ] {
        assert_ran!(run(&folder, config, &["lookup", "Baku"], &[]), expected);
    }
    let mut command = folder.command(&["lookup", "Baku"]);
    command.env("EXONYM_CONFIG", "absent.toml");
    assert_ran!(
        Ran::of(&command.output().unwrap()),
        str![[r#"
status 2
-- stderr
exonym: cannot read absent.toml, named by EXONYM_CONFIG: No such file or directory (os error 2)

"#]]
    );
}
