//! What each command writes, whole.

use snapbox::str;

use crate::support::{Folder, assert_ran};

const TEXT: &str = "Alma-Ata (now Алматы), Ստեփանակերտ and Paris, Texas\n";

#[test]
fn annotate_writes_json_lines() {
    let folder = Folder::with_towns();
    let ran = folder.run_with(&["annotate", "-g", "towns.gaz", "--min-score", "0"], TEXT);
    // Scores are the business of `eval/`.
    let mut lines = ran.json();
    for annotation in lines[0]["annotations"].as_array_mut().unwrap() {
        let score = annotation["score"].take().as_f64().unwrap();
        assert!(score > 0.0 && score <= 1.0, "{score}");
    }
    let pretty = serde_json::to_string_pretty(&lines[0]).unwrap();
    snapbox::assert_data_eq!(
        pretty,
        snapbox::IntoData::raw(str![[r#"
{
  "annotations": [
    {
      "end": 8,
      "entity": {
        "country": "KZ",
        "feature": "P.PPLA",
        "id": "gn:1526384",
        "kind": "place",
        "lat": 43.25249,
        "lon": 76.9115,
        "name": "Almaty",
        "population": 1977011,
        "same_as": [
          "wd:Q35493"
        ]
      },
      "name": {
        "from": "1921",
        "kind": "historic",
        "lang": "en",
        "text": "Alma-Ata",
        "to": "1993"
      },
      "role": "place",
      "score": null,
      "start": 0,
      "text": "Alma-Ata"
    },
    {
      "end": 20,
      "entity": {
        "country": "KZ",
        "feature": "P.PPLA",
        "id": "gn:1526384",
        "kind": "place",
        "lat": 43.25249,
        "lon": 76.9115,
        "name": "Almaty",
        "population": 1977011,
        "same_as": [
          "wd:Q35493"
        ]
      },
      "name": {
        "kind": "alternate",
        "lang": "kk",
        "text": "Алматы"
      },
      "role": "place",
      "score": null,
      "start": 14,
      "text": "Алматы"
    },
    {
      "end": 34,
      "entity": {
        "country": "AZ",
        "disputed": true,
        "feature": "P.PPL",
        "id": "gn:146970",
        "kind": "place",
        "lat": 39.8177,
        "lon": 46.7528,
        "name": "Khankendi",
        "population": 2100
      },
      "name": {
        "from": "1923",
        "kind": "official",
        "lang": "hy",
        "perspective": [
          "am"
        ],
        "text": "Ստեփանակերտ"
      },
      "role": "place",
      "score": null,
      "start": 23,
      "text": "Ստեփանակերտ"
    },
    {
      "end": 44,
      "entity": {
        "country": "US",
        "feature": "P.PPLA2",
        "id": "gn:4717560",
        "kind": "place",
        "lat": 33.66094,
        "lon": -95.55551,
        "name": "Paris",
        "population": 24782
      },
      "name": {
        "kind": "preferred",
        "lang": "en",
        "text": "Paris"
      },
      "role": "place",
      "score": null,
      "start": 39,
      "text": "Paris"
    },
    {
      "end": 51,
      "entity": {
        "country": "US",
        "feature": "A.ADM1",
        "id": "gn:4736286",
        "kind": "place",
        "lat": 31.25044,
        "lon": -99.25061,
        "name": "Texas",
        "population": 22875689,
        "same_as": [
          "iso:US-TX"
        ]
      },
      "name": {
        "kind": "preferred",
        "lang": "en",
        "text": "Texas"
      },
      "role": "place",
      "score": null,
      "start": 46,
      "text": "Texas"
    }
  ],
  "offsets": "char"
}
"#]])
    );
}

#[test]
fn annotate_writes_text() {
    let folder = Folder::with_towns();
    assert_ran!(
        folder.run_with(&["annotate", "-g", "towns.gaz", "--min-score", "0", "--format", "text"], TEXT),
        str![[r#"
status 0
-- stdout
Alma-Ata [gn:1526384 Almaty, KZ] (now Алматы [gn:1526384 Almaty, KZ]), Ստեփանակերտ [gn:146970 Khankendi, AZ] and Paris [gn:4717560 Paris, US], Texas [gn:4736286 Texas, US]

"#]]
    );
}

#[test]
fn annotate_takes_files_and_lines() {
    let folder = Folder::with_towns();
    folder.write("a.txt", "");
    folder.write("b.txt", "\n.\n");
    assert_ran!(
        folder.run(&["annotate", "-g", "towns.gaz", "--min-score", "0", "a.txt", "b.txt", "-"]),
        str![[r#"
status 0
-- stdout
{"id":"a.txt","offsets":"char","annotations":[]}
{"id":"b.txt","offsets":"char","annotations":[]}
{"offsets":"char","annotations":[]}

"#]]
    );
    assert_ran!(
        folder.run(&["annotate", "-g", "towns.gaz", "--min-score", "0", "--input", "lines", "b.txt"]),
        str![[r#"
status 0
-- stdout
{"id":1,"offsets":"char","annotations":[]}
{"id":2,"offsets":"char","annotations":[]}

"#]]
    );
    assert_ran!(
        folder.run(&[
            "annotate",
            "-g",
            "towns.gaz",
            "--min-score",
            "0",
            "--input",
            "lines",
            "a.txt",
            "b.txt"
        ]),
        str![[r#"
status 0
-- stdout
{"id":"b.txt:1","offsets":"char","annotations":[]}
{"id":"b.txt:2","offsets":"char","annotations":[]}

"#]]
    );
    let docs = "{\"id\":1,\"text\":\".\",\"lang\":\"ru\"}\n{\"text\":\".\"}\n";
    assert_ran!(
        folder.run_with(&["annotate", "-g", "towns.gaz", "--min-score", "0", "--input", "jsonl"], docs),
        str![[r#"
status 0
-- stdout
{"id":1,"lang":"ru","offsets":"char","annotations":[]}
{"offsets":"char","annotations":[]}

"#]]
    );
    assert_ran!(
        folder.run_with(
            &["annotate", "-g", "towns.gaz", "--min-score", "0", "--input", "jsonl", "--lang", "az"],
            docs
        ),
        str![[r#"
status 0
-- stdout
{"id":1,"lang":"ru","offsets":"char","annotations":[]}
{"lang":"az","offsets":"char","annotations":[]}

"#]]
    );
}

#[test]
fn normalize_writes_a_line_for_a_line() {
    let folder = Folder::with_towns();
    folder.write("names.txt", "\u{feff}Алма-Ата\nnowhere, \"at\tall\"\n\nБаку\r\nKhankendi");
    let normalize = ["normalize", "-g", "towns.gaz", "names.txt", "--format"];
    for (format, more) in
        [("tsv", &[][..]), ("csv", &[]), ("jsonl", &["--candidates"]), ("csv", &["--no-header"])]
    {
        let ran = folder.run(&[&normalize[..], &[format], more].concat());
        folder.write("last.txt", ran.to_string());
        match (format, more) {
            ("tsv", _) => assert_ran!(
                ran,
                str![[r#"
status 0
-- stdout
input	status	id	name	country	kind	score
Алма-Ата	matched	gn:1526384	Almaty	KZ	place	1
nowhere, "at all"	unmatched					
	unmatched					
Баку	matched	gn:587084	Baku	AZ	place	1
Khankendi	matched	gn:146970	Khankendi	AZ	place	1

"#]]
            ),
            ("jsonl", _) => assert_ran!(
                ran,
                str![[r#"
status 0
-- stdout
{"input":"Алма-Ата","status":"matched","entity":{"id":"gn:1526384","name":"Almaty","kind":"place","feature":"P.PPLA","country":"KZ","lat":43.25249,"lon":76.9115,"population":1977011,"same_as":["wd:Q35493"]},"name":{"text":"Алма-Ата","lang":"ru","kind":"alternate"},"score":1.0,"candidates":[{"entity":{"id":"gn:1526384","name":"Almaty","kind":"place","feature":"P.PPLA","country":"KZ","lat":43.25249,"lon":76.9115,"population":1977011,"same_as":["wd:Q35493"]},"name":{"text":"Алма-Ата","lang":"ru","kind":"alternate"},"score":1.0}]}
{"input":"nowhere, \"at\tall\"","status":"unmatched","score":0.0}
{"input":"","status":"unmatched","score":0.0}
{"input":"Баку","status":"matched","entity":{"id":"gn:587084","name":"Baku","kind":"place","feature":"P.PPLC","country":"AZ","lat":40.37767,"lon":49.89201,"population":2351300,"same_as":["wd:Q9248"]},"name":{"text":"Баку","lang":"ru","kind":"alternate"},"score":1.0,"candidates":[{"entity":{"id":"gn:587084","name":"Baku","kind":"place","feature":"P.PPLC","country":"AZ","lat":40.37767,"lon":49.89201,"population":2351300,"same_as":["wd:Q9248"]},"name":{"text":"Баку","lang":"ru","kind":"alternate"},"score":1.0}]}
{"input":"Khankendi","status":"matched","entity":{"id":"gn:146970","name":"Khankendi","kind":"place","feature":"P.PPL","country":"AZ","lat":39.8177,"lon":46.7528,"population":2100,"disputed":true},"name":{"text":"Khankendi","lang":"en","kind":"preferred"},"score":1.0,"candidates":[{"entity":{"id":"gn:146970","name":"Khankendi","kind":"place","feature":"P.PPL","country":"AZ","lat":39.8177,"lon":46.7528,"population":2100,"disputed":true},"name":{"text":"Khankendi","lang":"en","kind":"preferred"},"score":1.0}]}

"#]]
            ),
            (_, []) => assert_ran!(
                ran,
                str![[r#"
status 0
-- stdout
input,status,id,name,country,kind,score
Алма-Ата,matched,gn:1526384,Almaty,KZ,place,1
"nowhere, ""at	all""",unmatched,,,,,
,unmatched,,,,,
Баку,matched,gn:587084,Baku,AZ,place,1
Khankendi,matched,gn:146970,Khankendi,AZ,place,1

"#]]
            ),
            _ => assert_eq!(ran.stdout.lines().count(), 5),
        }
    }
}

#[test]
fn normalize_fails_on_the_unmatched_when_asked() {
    let folder = Folder::with_towns();
    let normalize = ["normalize", "-g", "towns.gaz", "--no-header", "--fail-unmatched"];
    assert_ran!(
        folder.run_with(&normalize, "Baku\nnowhere\n"),
        str![[r#"
status 1
-- stdout
Baku	matched	gn:587084	Baku	AZ	place	1
nowhere	unmatched					

"#]]
    );
    assert_ran!(
        folder.run_with(&normalize, "Baku\n"),
        str![[r#"
status 0
-- stdout
Baku	matched	gn:587084	Baku	AZ	place	1

"#]]
    );
}

#[test]
fn lookup_writes_text_tsv_and_json_lines() {
    let folder = Folder::with_towns();
    let lookup = ["lookup", "-g", "towns.gaz"];
    let run = |more: &[&str]| folder.run(&[&lookup[..], more].concat());
    assert_ran!(
        run(&["Paris"]),
        str![[r#"
status 0
-- stdout
gn:2988507  Paris  place  P.PPLC  FR  48.85341,2.3488  population 2138551  wd:Q90
gn:4717560  Paris  place  P.PPLA2  US  33.66094,-95.55551  population 24782

"#]]
    );
    assert_ran!(
        run(&["Paris", "--limit", "1"]),
        str![[r#"
status 0
-- stdout
gn:2988507  Paris  place  P.PPLC  FR  48.85341,2.3488  population 2138551  wd:Q90

"#]]
    );
    assert_ran!(
        run(&["STEPANAKERT", "iso:KZ", "Atlantis"]),
        str![[r#"
status 0
-- stdout
STEPANAKERT: gn:146970  Khankendi  place  P.PPL  AZ  39.8177,46.7528  population 2100  disputed  as Stepanakert  (alternate, en, 1923/.., used by am)
iso:KZ: gn:1522867  Kazakhstan  state  A.PCLI  KZ  47.836,66.49  population 18276499  wd:Q232 iso:KZ  1991-12-16/..
-- stderr
exonym: nothing is named "Atlantis" and nothing has that id

"#]]
    );
    assert_ran!(
        run(&["Atlantis"]),
        str![[r#"
status 1
-- stderr
exonym: nothing is named "Atlantis" and nothing has that id

"#]]
    );
    assert_ran!(
        run(&["wd:Q1", "--format", "jsonl"]),
        str![[r#"
status 1
-- stderr
exonym: nothing is named "wd:Q1" and nothing has that id

"#]]
    );
    assert_ran!(
        run(&["gn:1526384", "--names"]),
        str![[r#"
status 0
-- stdout
gn:1526384  Almaty  place  P.PPLA  KZ  43.25249,76.9115  population 1977011  wd:Q35493
    Almaty  (preferred, en)
    Алма-Ата  (alternate, ru)
    Алматы  (alternate, kk ru)
    Ալմաթի  (alternate, hy)
    阿拉木图  (alternate, zh)
    Alma-Ata  (historic, en, 1921/1993)

"#]]
    );
    assert_ran!(
        run(&["Алма-Ата", "Paris", "--format", "tsv"]),
        str![[r#"
status 0
-- stdout
Алма-Ата	gn:1526384	Almaty	place	P.PPLA	KZ	43.25249	76.9115	1977011	Алма-Ата	alternate	ru
Paris	gn:2988507	Paris	place	P.PPLC	FR	48.85341	2.3488	2138551	Paris	preferred	en;fr
Paris	gn:4717560	Paris	place	P.PPLA2	US	33.66094	-95.55551	24782	Paris	preferred	en

"#]]
    );
    assert_ran!(
        run(&["Xankəndi", "--names", "--format", "jsonl"]),
        str![[r#"
status 0
-- stdout
{"input":"Xankəndi","entity":{"id":"gn:146970","name":"Khankendi","kind":"place","feature":"P.PPL","country":"AZ","lat":39.8177,"lon":46.7528,"population":2100,"disputed":true},"name":{"text":"Xankəndi","lang":"az","kind":"official","perspective":["az"]},"names":[{"text":"Khankendi","lang":"en","kind":"preferred"},{"text":"Xankəndi","lang":"az","kind":"official","perspective":["az"]},{"text":"Ստեփանակերտ","lang":"hy","kind":"official","from":"1923","perspective":["am"]},{"text":"Stepanakert","lang":"en","kind":"alternate","from":"1923","perspective":["am"]},{"text":"Ханкенди","lang":"ru","kind":"alternate"}]}

"#]]
    );
}

#[test]
fn inspect_and_verify_tell_what_is_there() {
    let folder = Folder::with_towns();
    assert_ran!(
        folder.run(&["inspect", "-g", "towns.gaz"]),
        str![[r#"
status 0
-- stdout
9 records, 21 names, 20 keys, 7 language tags, 1959 bytes
data of 2026-07-01, format version 1, fold version 1
records in dispute: 1; claims: 0; times of control: 0

kind                   count
place                      7
state                      2

kind of name           count
preferred                  9
alternate                  7
official                   4
historic                   1

language               count
en                        11
ru                         4
az                         2
hy                         2
kk                         2
fr                         1
zh                         1

country                count
KZ                         3
AZ                         2
US                         2
AM                         1
FR                         1

source                 count
geonames                  17
curated                    4

section                bytes
entries                   80
extras                    63
features                  28
filter                    64
keys                     414
langs                     36
licence                   19
links                    132
lists                     12
names                    252
pairs                      8
records                  288
regions                  108
same_as                   36
sources                   12
strings                  407

GeoNames, CC BY 4.0

"#]]
    );
    assert_ran!(
        folder.run(&["inspect", "-g", "towns.gaz", "--json"]),
        str![[r#"
status 0
-- stdout
{
  "records": 9,
  "names": 21,
  "keys": 20,
  "languages": 7,
  "kinds": {
    "place": 7,
    "state": 2
  },
  "name_kinds": {
    "alternate": 7,
    "historic": 1,
    "official": 4,
    "preferred": 9
  },
  "by_language": {
    "az": 2,
    "en": 11,
    "fr": 1,
    "hy": 2,
    "kk": 2,
    "ru": 4,
    "zh": 1
  },
  "by_country": {
    "AM": 1,
    "AZ": 2,
    "FR": 1,
    "KZ": 3,
    "US": 2
  },
  "disputed": 1,
  "claims": 0,
  "control": 0,
  "sources": {
    "curated": 4,
    "geonames": 17
  },
  "data_date": "2026-07-01",
  "licence": "GeoNames, CC BY 4.0",
  "format_version": 1,
  "fold_version": 1,
  "bytes": 1959,
  "sections": {
    "entries": 80,
    "extras": 63,
    "features": 28,
    "filter": 64,
    "keys": 414,
    "langs": 36,
    "licence": 19,
    "links": 132,
    "lists": 12,
    "names": 252,
    "pairs": 8,
    "records": 288,
    "regions": 108,
    "same_as": 36,
    "sources": 12,
    "strings": 407
  }
}

"#]]
    );
    assert_ran!(
        folder.run(&["verify", "-g", "towns.gaz"]),
        str![[r#"
status 0
-- stdout
towns.gaz is sound: 9 records, 21 names

"#]]
    );
}

#[test]
fn build_reports_what_it_made() {
    let folder = Folder::with_towns();
    assert_ran!(
        folder.run(&["build", "towns.csv", "-o", "new.gaz"]),
        str![[r#"
status 0
-- stderr
9 records, 21 names, 20 keys, 1940 bytes

"#]]
    );
    assert_ran!(
        folder.run(&["build", "--quiet", "towns.csv", "-o", "new.gaz"]),
        str![[r#"
status 0

"#]]
    );
}
