//! Lookups by beginnings, with slips and filters; exports and differences.

use snapbox::str;

use crate::support::{Folder, assert_ran};

#[test]
fn beginnings_and_slips() {
    let folder = Folder::with_towns();
    assert_ran!(
        folder.run(&["lookup", "-g", "towns.gaz", "--prefix", "алма", "par"]),
        str![[r#"
status 0
-- stdout
алма: gn:1526384  Almaty  place  P.PPLA  KZ  43.25249,76.9115  population 1977011  wd:Q35493  as Алма-Ата  (alternate, ru)
par: gn:2988507  Paris  place  P.PPLC  FR  48.85341,2.3488  population 2138551  wd:Q90
par: gn:4717560  Paris  place  P.PPLA2  US  33.66094,-95.55551  population 24782

"#]]
    );
    assert_ran!(
        folder.run(&["lookup", "-g", "towns.gaz", "--fuzzy", "2", "Amlaty", "Stepanakret", "Xyzzy"]),
        str![[r#"
status 0
-- stdout
Amlaty: gn:1526384  Almaty  place  P.PPLA  KZ  43.25249,76.9115  population 1977011  wd:Q35493
Stepanakret: gn:146970  Khankendi  place  P.PPL  AZ  39.8177,46.7528  population 2100  disputed  as Stepanakert  (alternate, en, 1923/.., used by am)
-- stderr
exonym: nothing is named "Xyzzy" and nothing has that id

"#]]
    );
}

#[test]
fn filters() {
    let folder = Folder::with_towns();
    let run = |more: &[&str]| folder.run(&[&["lookup", "-g", "towns.gaz", "--format", "tsv"], more].concat());
    for (filter, ids) in [
        (&["--country", "us", "Paris"][..], &["gn:4717560"][..]),
        (&["--bbox", "40,-10,55,10", "Paris"], &["gn:2988507"]),
        (&["--bbox=-20,170,60,3", "Paris"], &["gn:2988507", "gn:4717560"]),
        (&["--feature", "P.PPLC", "Paris"], &["gn:2988507"]),
        (&["--feature", "P", "--limit", "5", "Paris"], &["gn:2988507", "gn:4717560"]),
        (&["--lang", "fr", "Paris"], &["gn:2988507"]),
        (&["--kind", "state", "--prefix", "a"], &["gn:174982"]),
        (&["--kind", "state", "Baku"], &[]),
        (&["iso:AM"], &["gn:174982"]),
    ] {
        let ran = run(filter);
        let found: Vec<&str> = ran.stdout.lines().map(|line| line.split('\t').nth(1).unwrap()).collect();
        assert_eq!(found, ids, "{filter:?}: {ran}");
    }
    assert_ran!(
        run(&["--bbox", "50,0,40,10", "Paris"]),
        str![[r#"
status 2
-- stderr
exonym: --bbox is "50,0,40,10", expected south, west, north and east such as 40,46,56,88

"#]]
    );
}

#[test]
fn an_export_is_built_again_the_same() {
    let folder = Folder::with_towns();
    assert_eq!(folder.run(&["export", "-g", "towns.gaz", "-o", "all.csv"]).status, 0);
    let about = ["--data-date", "2026-07-01", "--licence", "GeoNames, CC BY 4.0"];
    let ran = folder.run(&[&["build", "-q", "--strict", "all.csv", "-o", "again.gaz"], &about[..]].concat());
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""));
    let [first, again] = ["towns.gaz", "again.gaz"].map(|name| std::fs::read(folder.path(name)).unwrap());
    assert!(first == again);
    assert_ran!(
        folder.run(&["diff", "towns.gaz", "again.gaz"]),
        str![[r#"
status 0
-- stderr
records: 0 added, 0 removed, 0 changed; names of those in both: 0 added, 0 removed

"#]]
    );
}

#[test]
fn differences_are_told() {
    let folder = Folder::with_towns();
    let changed: String = folder
        .read("towns.csv")
        .replace("1977011", "2000900")
        .replace("Stepanakert", "Stepanagerd")
        .lines()
        .filter(|line| !line.contains("gn:4717560"))
        .map(|line| format!("{line}\n"))
        .collect();
    folder.write(
        "new.csv",
        changed + "gn:586523,place,P.PPLA,AZ,,40.68,46.36,300000,,,Ganja,en,preferred,,,,geonames\n",
    );
    assert_eq!(folder.run(&["build", "-q", "new.csv", "-o", "new.gaz"]).status, 0);
    assert_ran!(
        folder.run(&["diff", "towns.gaz", "new.gaz"]),
        str![[r#"
status 1
-- stdout
- gn:146970  name Stepanakert  (alternate, en)
+ gn:146970  name Stepanagerd  (alternate, en)
~ gn:1526384  population: 1977011 -> 2000900
- gn:4717560  Paris
+ gn:586523  Ganja
-- stderr
records: 1 added, 1 removed, 2 changed; names of those in both: 1 added, 1 removed

"#]]
    );
}
