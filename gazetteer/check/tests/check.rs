//! Wrong rows of each kind, a file for each rule, and rows that are right.

use std::path::{Path, PathBuf};

use exonym_gazetteer_check::{Imported, Rule, check, count};

fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// The faults of a file: line, rule and message.
fn faults(file: &str) -> Vec<(u64, Rule, String)> {
    let imported = Imported::read(here("import")).unwrap();
    let faults = check(&imported, &[here(file)]).unwrap();
    faults.into_iter().map(|f| (f.place.line.unwrap_or(0), f.rule, f.message)).collect()
}

#[test]
fn right_rows_have_no_faults() {
    assert_eq!(faults("right.csv"), []);
}

#[test]
fn wrong_rows_of_each_kind_are_found() {
    for (rule, wanted) in [
        (
            Rule::Row,
            &[
                (1, "column \"note\" has no meaning; see gazetteer/README.md"),
                (2, "date is \"1918-13\", expected EDTF such as 1991, 1991-12-26, 1918?, 192X or .."),
                (3, "id is \"baku\", expected scheme:value such as gn:1526384, without spaces"),
                (4, "kind is \"city\", expected one of: place, state, organization, person, document, event"),
                (5, "the name is empty, expected the written form"),
            ][..],
        ),
        (
            Rule::Ids,
            &[
                (2, "gn:1 is not imported and no row says what it is; give kind or feature"),
                (3, "xn:nothing is not imported and no row says what it is; give kind or feature"),
                (4, "xn:khanate refers to xn:nowhere, which is not there"),
                (5, "xn:khanate refers to wd:Q1, which is not there"),
                (6, "xn:khanate refers to iso:XX, which is not there"),
                (7, "gn:587084 has country SU, which is no code of ISO 3166 that was imported"),
            ],
        ),
        (
            Rule::Position,
            &[
                (2, "gn:587084 lies 1292 km from where it was imported, expected at most 60"),
                (2, "gn:587084 lies 1292 km from the nearest town of AZ, expected at most 1100"),
                (3, "gn:587116 lies 9007 km from where it was imported, expected at most 2000"),
                (4, "xn:lake lies 7755 km from the nearest town of AZ, expected at most 1100"),
            ],
        ),
        (
            Rule::Dates,
            &[
                (2, "xn:khanate: it existed: the end is before the beginning"),
                (3, "xn:khanate: Bakı xanlığı: the end is before the beginning"),
                (4, "xn:khanate: iso:AZ: the end is before the beginning"),
                (5, "xn:khanate: iso:AZ: the end is before the beginning"),
            ],
        ),
        (
            Rule::Script,
            &[
                (2, "gn:587084: Baku is written in Latn, which is no script of ru"),
                (3, "gn:587084: Баку is written in Cyrl, which is no script of en"),
                (4, "gn:587084: Баку is written in Cyrl, which is no script of hy"),
                (5, "gn:587084: 巴库 is written in Hani, which is no script of el"),
                (6, "gn:587084: Baku is written in Latn, which is no script of az-Cyrl"),
            ],
        ),
        (
            Rule::Twice,
            &[
                (3, "gn:587084: Baku (de) was told at twice.csv:2; keep one"),
                (6, "gn:587084: Baku (und) was told at twice.csv:5; keep one"),
            ],
        ),
        (
            Rule::Source,
            &[
                (2, "gn:587084: Baku has no source"),
                (3, "gn:587084: source \"the press\" is no key of NOTICE and no act with its year"),
                (4, "gn:587084: claimed_by iso:AZ: no source is named"),
            ],
        ),
        (
            Rule::Claim,
            &[
                (2, "\"Ganja\" is no name of gn:587084; the id may be wrong"),
                (3, "gn:587084: claimed_by iso:AZ is told twice; keep one"),
                (5, "\"Baku\" is no name of gn:587116; the id may be wrong"),
            ],
        ),
    ] {
        let name = rule.as_str();
        let found = faults(&format!("wrong/{name}.csv"));
        let wanted: Vec<_> =
            wanted.iter().map(|(line, message)| (*line, rule, (*message).to_owned())).collect();
        let folder = here("wrong").display().to_string() + "/";
        let found: Vec<_> = found.into_iter().map(|(l, r, m)| (l, r, m.replace(&folder, ""))).collect();
        assert_eq!(found, wanted, "{name}");
    }
}

#[test]
fn every_rule_has_its_wrong_rows() {
    for rule in Rule::ALL {
        assert!(here("wrong").join(format!("{}.csv", rule.as_str())).is_file(), "{}", rule.as_str());
    }
}

#[test]
fn counts_are_those_of_the_rows() {
    let report = count::report(&[here("right.csv"), here("wrong/claim.csv")]).unwrap();
    for wanted in [
        "4 records, 7 names in 5 languages.\n",
        "| claimed or held by someone, with sources | 3 | 6 | 0 |\n",
        "| called differently by sides | 1 | 3 | 0 |\n",
        "| past states and territories | 1 | 3 | 0 |\n",
        "| … of which successors are told | 0 | 0 | 0 |\n",
        "| places with names of the past | 1 | 3 | 0 |\n",
        "| organizations | 1 | 1 | 0 |\n",
        "| `right.csv` | 3 | 7 | 1 | 5 |\n",
        "| az | 3 |\n",
        "| AZ | 1 |\n",
    ] {
        assert!(report.contains(wanted), "{wanted}{report}");
    }
}
