//! The questions of `gazetteer/tests/cases/time.toml`, answered by the command; and what time and dispute do to its output.

use serde_json::Value as Json;
use snapbox::str;
use toml::{Table, Value};

use crate::support::{Folder, assert_ran};

/// What `annotate` or `normalize` says of the name of a question.
fn answer(folder: &Folder, question: &Table) -> Json {
    let text = |key: &str| question.get(key).and_then(Value::as_str);
    let yes = |key: &str| question.get(key).and_then(Value::as_bool) == Some(true);
    let command = if text("text").is_some() { "annotate" } else { "normalize" };
    let mut args = vec![command, "--format", "jsonl"];
    for (option, key) in [
        ("--lang", "lang"),
        ("--as-of", "date"),
        ("--country", "country"),
        ("--perspective", "perspective"),
        ("--name-lang", "name_lang"),
    ] {
        args.extend(text(key).map(|value| [option, value]).into_iter().flatten());
    }
    args.extend(yes("current").then_some("--to-current"));
    args.extend(yes("neutral").then_some("--neutral"));
    let input = text("text").or(text("name")).unwrap();
    let mut lines = folder.run_with(&args, input).json();
    let line = lines.remove(0);
    match text("mention") {
        None => line,
        Some(mention) => {
            let all = line["annotations"].as_array().unwrap();
            all.iter().find(|a| a["text"] == mention).cloned().unwrap_or_default()
        }
    }
}

/// Whether an entity has an id, as its own or a further one.
fn has_id(entity: &Json, id: &str) -> bool {
    entity["id"] == id || entity["same_as"].as_array().is_some_and(|all| all.iter().any(|other| other == id))
}

#[test]
fn the_command_answers_as_the_library_does() {
    let folder = Folder::new();
    let cases: Table = include_str!("../../../gazetteer/tests/cases/time.toml").parse().unwrap();
    let mut faults = Vec::new();
    for question in cases["question"].as_array().unwrap() {
        let question = question.as_table().unwrap();
        let answer = answer(&folder, question);
        let text = |key: &str| question.get(key).and_then(Value::as_str);
        let valid = question.get("valid").and_then(Value::as_bool);
        let right = has_id(&answer["entity"], text("id").unwrap())
            && text("former").map_or(answer["former"].is_null(), |id| has_id(&answer["former"], id))
            && valid.is_none_or(|valid| answer["name"]["valid"] == valid)
            && text("label").is_none_or(|label| answer["entity"]["name"] == label);
        if !right {
            faults.push(format!("{question:?}\n{answer}"));
        }
    }
    assert!(faults.is_empty(), "{}:\n\n{}", faults.len(), faults.join("\n\n"));
}

#[test]
fn a_text_has_the_date_of_its_object_or_row() {
    let folder = Folder::with_towns();
    let valid = |ran: crate::support::Ran| -> Vec<Json> {
        ran.json().iter().map(|line| line["annotations"][0]["name"]["valid"].clone()).collect()
    };
    let lines = "{\"text\":\"Talks in Alma-Ata.\",\"date\":\"1985-03-11T10:00:00Z\"}\n\
                 {\"text\":\"Talks in Alma-Ata.\",\"date\":2005}\n\
                 {\"text\":\"Talks in Alma-Ata.\",\"date\":\"last week\"}\n";
    let jsonl = ["annotate", "-g", "towns.gaz", "--input", "jsonl", "--format", "jsonl"];
    assert_eq!(valid(folder.run_with(&jsonl, lines)), [true.into(), false.into(), Json::Null]);
    let usual = [&jsonl[..], &["--as-of", "1990"]].concat();
    assert_eq!(valid(folder.run_with(&usual, lines)), [true.into(), false.into(), Json::from(true)]);
    let table = "day,text\n1985,Talks in Alma-Ata.\n2005-01-01,Talks in Alma-Ata.\n";
    let csv = "annotate -g towns.gaz --input csv --column text --date-column day --format jsonl";
    let csv: Vec<&str> = csv.split(' ').collect();
    assert_eq!(valid(folder.run_with(&csv, table)), [true, false]);
}

#[test]
fn a_name_has_the_date_of_its_row() {
    let folder = Folder::new();
    folder.write(
        "states.csv",
        "id,kind,country,lat,lon,exists_from,exists_to,successors,name\n\
         xn:union,state,,55,37,1922,1991,iso:KZ;iso:EE,Union\n\
         xn:town,place,KZ,43,76,,,,Union\n\
         iso:KZ,state,KZ,48,67,,,,Kazakhstan\n\
         iso:EE,state,EE,59,25,,,,Estonia\n",
    );
    assert_eq!(folder.run(&["build", "-q", "states.csv", "-o", "states.gaz"]).status, 0);
    let table = "place,year,lat,lon\nUnion,1980,58,24\n";
    let args = "normalize -g states.gaz --input csv -c place --date-column year --lat-column lat --lon-column lon \
                --to-current --add name";
    let args: Vec<&str> = args.split_whitespace().collect();
    assert_eq!(
        folder.run_with(&args, table).stdout,
        "place,year,lat,lon,place_name\nUnion,1980,58,24,Estonia\n"
    );
}

#[test]
fn a_date_that_is_none_is_refused() {
    for command in [&["annotate"][..], &["lookup", "Almaty"], &["explain", "Almaty"], &["normalize"]] {
        let ran = Folder::new().run(&[command, &["--as-of", "11.3.1985"]].concat());
        assert_eq!(
            (ran.status, &*ran.stderr),
            (2, "exonym: --as-of is \"11.3.1985\", expected a date such as 1985, 1985-12 or 1985-12-31\n")
        );
    }
}

#[test]
fn explain_tells_of_users_and_times() {
    let folder = Folder::with_towns();
    assert_ran!(
        folder.run(&["explain", "-g", "towns.gaz", "Stepanakert", "Alma-Ata"]),
        str![[r#"
status 0
-- stdout
gn:146970  Khankendi  place  P.PPL  AZ  disputed
  the name
    Stepanakert  (alternate, en, 1923/.., used by am)
  used by am
    1923/..  Stepanakert (en), Ստեփանակերտ (hy)
  used by az
    no dates  Xankəndi (az)
  names in time
    1923/..  Stepanakert (en), Ստեփանակերտ (hy)

gn:1526384  Almaty  place  P.PPLA  KZ
  the name
    Alma-Ata  (historic, en, 1921/1993)
  names in time
    1921/1993  Alma-Ata (en)
  further ids
    wd:Q35493

"#]]
    );
    assert_ran!(
        folder.run(&["explain", "-g", "towns.gaz", "--as-of", "2005", "--json", "Alma-Ata"]),
        str![[r#"
status 0
-- stdout
{"input":"Alma-Ata","entity":{"id":"gn:1526384","name":"Almaty","kind":"place","feature":"P.PPLA","country":"KZ","lat":43.25249,"lon":76.9115,"population":1977011,"same_as":["wd:Q35493"]},"used":[{"text":"Alma-Ata","kind":"historic","langs":["en"],"from":"1921","to":"1993","valid":false}],"history":[{"text":"Alma-Ata","kind":"historic","langs":["en"],"from":"1921","to":"1993","valid":false}]}

"#]]
    );
    assert_ran!(
        folder.run(&["explain", "-g", "towns.gaz", "Nowhere"]),
        str![[r#"
status 1
-- stderr
exonym: nothing is named "Nowhere" and nothing has that id

"#]]
    );
}

#[test]
fn explain_tells_what_a_name_came_after_and_before() {
    let folder = Folder::new();
    folder.write(
        "city.csv",
        "id,name,lang,name_kind,from,to\n\
         gn:498817,Saint Petersburg,en,preferred,1991-09-06,\n\
         gn:498817,Saint Petersburg,en,historic,1703,1914-08-31\n\
         gn:498817,Petrograd,en,historic,1914-08-31,1924\n\
         gn:498817,Петроград,ru,historic,1914-08-31,1924\n\
         gn:498817,Leningrad,en,historic,1924-01-26,1991-09-06\n\
         gn:498817,Ленинград,ru,historic,1924-01-26,1991-09-06\n",
    );
    assert_eq!(folder.run(&["build", "-q", "city.csv", "-o", "city.gaz"]).status, 0);
    assert_ran!(
        folder.run(&["explain", "-g", "city.gaz", "Ленинград", "Saint Petersburg"]),
        str![[r#"
status 0
-- stdout
gn:498817  Saint Petersburg  place
  the name
    Ленинград  (historic, ru, 1924-01-26/1991-09-06)
      before it  Петроград  1914-08-31/1924
      after it  Saint Petersburg  1991-09-06/..
  names in time
    1703/1914-08-31  Saint Petersburg (en)
    1914-08-31/1924  Petrograd (en), Петроград (ru)
    1924-01-26/1991-09-06  Leningrad (en), Ленинград (ru)
    1991-09-06/..  Saint Petersburg (en)

gn:498817  Saint Petersburg  place
  the name
    Saint Petersburg  (preferred, en, 1991-09-06/..)
      before it  Leningrad  1924-01-26/1991-09-06
    Saint Petersburg  (historic, en, 1703/1914-08-31)
      after it  Petrograd  1914-08-31/1924
  names in time
    1703/1914-08-31  Saint Petersburg (en)
    1914-08-31/1924  Petrograd (en), Петроград (ru)
    1924-01-26/1991-09-06  Leningrad (en), Ленинград (ru)
    1991-09-06/..  Saint Petersburg (en)

"#]]
    );
    assert_ran!(
        folder.run(&["explain", "-g", "city.gaz", "--json", "Petrograd"]),
        str![[r#"
status 0
-- stdout
{"input":"Petrograd","entity":{"id":"gn:498817","name":"Saint Petersburg","kind":"place"},"used":[{"text":"Petrograd","kind":"historic","langs":["en"],"from":"1914-08-31","to":"1924","before":{"text":"Saint Petersburg","from":"1703","to":"1914-08-31"},"after":{"text":"Leningrad","from":"1924-01-26","to":"1991-09-06"}}],"history":[{"text":"Saint Petersburg","kind":"historic","langs":["en"],"from":"1703","to":"1914-08-31"},{"text":"Petrograd","kind":"historic","langs":["en"],"from":"1914-08-31","to":"1924"},{"text":"Петроград","kind":"historic","langs":["ru"],"from":"1914-08-31","to":"1924"},{"text":"Leningrad","kind":"historic","langs":["en"],"from":"1924-01-26","to":"1991-09-06"},{"text":"Ленинград","kind":"historic","langs":["ru"],"from":"1924-01-26","to":"1991-09-06"},{"text":"Saint Petersburg","kind":"preferred","langs":["en"],"from":"1991-09-06"}]}

"#]]
    );
}

#[test]
fn who_claims_and_who_holds_is_told() {
    let folder = Folder::new();
    folder.write(
        "land.csv",
        "id,kind,country,name,claimed_by,controlled_by\n\
         xn:isle,place,AA,Isle,iso:AA 1900/.. treaty of 1900;iso:BB /2001 note of 1950,iso:BB 1950/2001\n\
         xn:isle,,,Isla,iso:AA 1900/.. treaty of 1900,iso:AA 2001/.. award of 2001\n\
         xn:strip,place,AA,Strip,iso:AA;iso:BB 1950/..,iso:BB\n\
         iso:BB,state,BB,Beland,,\n",
    );
    assert_eq!(folder.run(&["build", "-q", "land.csv", "-o", "land.gaz"]).status, 0);
    assert_ran!(
        folder.run(&["explain", "-g", "land.gaz", "--as-of", "1960", "Isle"]),
        str![[r#"
status 0
-- stdout
xn:isle  Isle  place  AA
  claimed by
    iso:BB  Beland  ../2001  (note of 1950)
    iso:AA  1900/..  (treaty of 1900)
  controlled by
    iso:BB  Beland  1950/2001
    iso:AA  2001/..  (award of 2001)  not then
  the name
    Isle  (alternate)

"#]]
    );
    assert_ran!(
        folder.run(&["lookup", "-g", "land.gaz", "Isle", "Strip"]),
        str![[r#"
status 0
-- stdout
Isle: xn:isle  Isle  place  AA  claimed by iso:AA  controlled by iso:AA
Strip: xn:strip  Strip  place  AA  disputed  claimed by iso:AA iso:BB  controlled by iso:BB

"#]]
    );
    assert_ran!(
        folder.run(&["lookup", "-g", "land.gaz", "--format", "jsonl", "Strip"]),
        str![[r#"
status 0
-- stdout
{"input":"Strip","entity":{"id":"xn:strip","name":"Strip","kind":"place","country":"AA","disputed":true,"claimed_by":[{"id":"iso:AA"},{"id":"iso:BB","from":"1950","to":".."}],"controlled_by":[{"id":"iso:BB"}]},"name":{"text":"Strip","lang":"und","kind":"alternate"}}

"#]]
    );
    let add = ["normalize", "-g", "land.gaz", "-c", "place", "--add", "disputed,claimed_by,controlled_by"];
    let add = [&add[..], &["--input", "csv"]].concat();
    assert_ran!(
        folder.run_with(&add, "place\nIsle\nStrip\n"),
        str![[r#"
status 0
-- stdout
place,place_disputed,place_claimed_by,place_controlled_by
Isle,,iso:AA,iso:AA
Strip,disputed,iso:AA iso:BB,iso:BB

"#]]
    );
    folder.write("old.csv", folder.read("land.csv").replace("iso:BB 1950/..", "iso:BB"));
    assert_eq!(folder.run(&["build", "-q", "old.csv", "-o", "old.gaz"]).status, 0);
    assert_ran!(
        folder.run(&["diff", "old.gaz", "land.gaz"]),
        str![[r#"
status 1
-- stdout
~ xn:strip  claimed_by: iso:AA | iso:BB -> iso:AA | iso:BB 1950/..
-- stderr
records: 0 added, 0 removed, 1 changed; names of those in both: 0 added, 0 removed

"#]]
    );
    assert_eq!(folder.run(&["export", "-g", "land.gaz", "-o", "all.csv"]).status, 0);
    assert_eq!(folder.run(&["build", "-q", "--strict", "all.csv", "-o", "again.gaz"]).status, 0);
    assert_eq!(folder.run(&["diff", "again.gaz", "land.gaz"]).status, 0);
}
