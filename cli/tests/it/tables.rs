//! `normalize` on tables: what is asked for is added, all else stays as it came.

use snapbox::str;

use crate::support::{Folder, Ran, assert_ran};

/// A mark, two kinds of line ends, an empty line, rows too short and too long, quotation marks of every sort, no last line end.
const RAGGED: &str = "\u{feff}id;city;land;\"note; x\"\r\n1;Баку;AZ;\"a;\"\"b\"\r\n2;\"Paris\";US;x \"y\"\n\n3;Atlantis\r\n4;\"Par\"is;France;1;extra\r\n\
                      5;\" Khankendi \";;\"multi\r\nline\"";

fn normalize(folder: &Folder, args: &[&str], input: &str) -> Ran {
    folder.run_with(&[&["normalize", "-g", "towns.gaz"], args].concat(), input)
}

#[test]
fn a_table_stays_as_it_came_but_for_what_is_added() {
    let folder = Folder::with_towns();
    let ran = normalize(
        &folder,
        &[
            "-c",
            "city",
            "--delimiter",
            ";",
            "--country-column",
            "land",
            "--add",
            "id,score,status,same_as:wd,name:ru,lat",
        ],
        RAGGED,
    );
    assert_ran!(
        ran,
        str![[r#"
status 0
-- stdout
﻿id;city;land;"note; x";city_id;city_score;city_status;city_same_as_wd;city_name_ru;city_lat
1;Баку;AZ;"a;""b";gn:587084;1;matched;wd:Q9248;Баку;40.37767
2;"Paris";US;x "y";gn:4717560;1;matched;;;33.66094

3;Atlantis;;;;;unmatched;;;
4;"Par"is;France;1;extra;gn:2988507;1;matched;wd:Q90;;48.85341
5;" Khankendi ";;"multi
line";gn:146970;1;matched;;Ханкенди;39.8177(no line end)
-- stderr
exonym: 1 row has more cells than the header; what is added to them stands further right

"#]]
    );
    // Without what is added it is the input again, byte for byte.
    let mut rest = RAGGED;
    for line in ran.stdout.lines() {
        let kept = (0..=line.len())
            .rev()
            .filter_map(|at| line.get(..at))
            .find(|kept| rest.starts_with(kept))
            .unwrap();
        rest = rest[kept.len()..].trim_start_matches(['\r', '\n']);
    }
    assert_eq!(rest, "");
    assert_eq!(ran.stdout.matches("\r\n").count(), RAGGED.matches("\r\n").count());
}

#[test]
fn names_are_replaced_in_their_cells() {
    let folder = Folder::with_towns();
    let replace = ["-c", "city", "--delimiter", ";"];
    assert_ran!(
        normalize(&folder, &[&replace[..], &["--replace", "--country-column", "land"]].concat(), RAGGED),
        str![[r#"
status 0
-- stdout
﻿id;city;land;"note; x"
1;Baku;AZ;"a;""b"
2;"Paris";US;x "y"

3;Atlantis
4;"Par"is;France;1;extra
5;" Khankendi ";;"multi
line"(no line end)

"#]]
    );
    assert_ran!(
        normalize(
            &folder,
            &[&replace[..], &["--replace=id", "--on-miss", "empty", "--add", "kind"]].concat(),
            RAGGED
        ),
        str![[r#"
status 0
-- stdout
﻿id;city;land;"note; x";city_kind
1;gn:587084;AZ;"a;""b";place
2;"gn:2988507";US;x "y";place

3;;;;
4;"gn:2988507";France;1;extra;place
5;" gn:146970 ";;"multi
line";place(no line end)
-- stderr
exonym: 1 row has more cells than the header; what is added to them stands further right

"#]]
    );
    assert_ran!(
        normalize(&folder, &[&replace[..], &["--replace=same_as:wd", "--on-miss", "fail"]].concat(), RAGGED),
        str![[r#"
status 2
-- stdout
﻿id;city;land;"note; x"
1;wd:Q9248;AZ;"a;""b"
2;"wd:Q90";US;x "y"

-- stderr
exonym: standard input:5: "Atlantis" matches nothing; mend it, or leave out --on-miss fail

"#]]
    );
    // A value that needs quotation marks gets them.
    assert_ran!(
        normalize(
            &folder,
            &["-c", "1", "--split", "|", "--replace=same_as", "--input", "csv"],
            "a\nArmenia|Баку\n"
        ),
        str![[r#"
status 0
-- stdout
a
wd:Q399 iso:AM|wd:Q9248

"#]]
    );
}

#[test]
fn columns_go_by_name_number_and_range() {
    let folder = Folder::with_towns();
    let table = "from,to,1,via-x\nБаку,Paris,,Astana\n";
    for (columns, added) in [
        (&["from"][..], "from_id"),
        (&["2"], "to_id"),
        (&["1"], "1_id"),
        (&["2-3"], "to_id,1_id"),
        (&["from-to"], "from_id,to_id"),
        (&["via-x", "from"], "via-x_id,from_id"),
    ] {
        let typed: Vec<&str> = columns.iter().flat_map(|c| ["--column", c]).collect();
        let ran = normalize(&folder, &[&typed[..], &["--add", "id"]].concat(), table);
        assert_eq!(ran.stdout.lines().next().unwrap(), format!("from,to,1,via-x,{added}"), "{ran}");
    }
    let several = ["-c", "from", "-c", "to", "--add", "id,used", "--prefix", "x:"];
    assert_ran!(
        normalize(&folder, &several, table),
        str![[r#"
status 0
-- stdout
from,to,1,via-x,x:from_id,x:from_used,x:to_id,x:to_used
Баку,Paris,,Astana,gn:587084,Баку,gn:2988507,Paris

"#]]
    );
    assert_ran!(
        normalize(&folder, &["-c", "2", "--no-header", "--add", "id", "--prefix", "x"], "a,Баку\nb,x\n"),
        str![[r#"
status 0
-- stdout
a,Баку,gn:587084
b,x,

"#]]
    );
}

#[test]
fn a_row_says_where_its_place_is() {
    let folder = Folder::with_towns();
    let table = "city,land,region,lat,lon\nParis,,,,\nParis,US,,,\nParis,France,,,\nParis,Kazakhstan,,,\nParis,,Texas,,\nParis,,,33.6,-95.5\n\
                 Paris,,,48.8,2.3\nParis,,,0,0\nParis,,,?,\n";
    let args = [
        "-c",
        "city",
        "--country-column",
        "land",
        "--region-column",
        "region",
        "--lat-column",
        "lat",
        "--lon-column",
        "lon",
    ];
    assert_ran!(
        normalize(&folder, &[&args[..], &["--add", "id,status"]].concat(), table),
        str![[r#"
status 0
-- stdout
city,land,region,lat,lon,city_id,city_status
Paris,,,,,gn:2988507,matched
Paris,US,,,,gn:4717560,matched
Paris,France,,,,gn:2988507,matched
Paris,Kazakhstan,,,,gn:2988507,ambiguous
Paris,,Texas,,,gn:4717560,matched
Paris,,,33.6,-95.5,gn:4717560,matched
Paris,,,48.8,2.3,gn:2988507,matched
Paris,,,0,0,gn:2988507,ambiguous
Paris,,,?,,gn:2988507,matched

"#]]
    );
    assert_ran!(
        normalize(&folder, &["-c", "city", "--add", "id", "--country", "US"], "city\nParis\nБаку\n"),
        str![[r#"
status 0
-- stdout
city,city_id
Paris,gn:4717560
Баку,gn:587084

"#]]
    );
    let langs = ["-c", "city", "--lang-column", "lang", "--add", "id,used"];
    assert_ran!(
        normalize(&folder, &langs, "city,lang\nАлматы,kk\n"),
        str![[r#"
status 0
-- stdout
city,lang,city_id,city_used
Алматы,kk,gn:1526384,Алматы

"#]]
    );
}

#[test]
fn cells_with_several_names() {
    let folder = Folder::with_towns();
    let table = "places\nБаку; Paris, Texas;nowhere\n;\nKhankendi\n";
    let args = ["--input", "csv", "--delimiter", "|", "-c", "places", "--split", ";", "--add", "id,country"];
    assert_ran!(
        normalize(&folder, &args, table),
        str![[r#"
status 0
-- stdout
places|places_id|places_country
Баку; Paris, Texas;nowhere|gn:587084;gn:4717560;|AZ;US;
;|;|;
Khankendi|gn:146970|AZ

"#]]
    );
    let args = ["--input", "csv", "--delimiter", "|", "-c", "places", "--split", ";", "--replace"];
    assert_ran!(
        normalize(&folder, &args, table),
        str![[r#"
status 0
-- stdout
places
Baku; Paris;nowhere
;
Khankendi

"#]]
    );
}

#[test]
fn tsv_knows_no_quotation_marks_over_lines() {
    let folder = Folder::with_towns();
    folder.write("t.tsv", "a\tb\n\"Баку\t\"Paris\"\r\nБаку\"\tx\n");
    assert_ran!(
        folder.run(&["normalize", "-g", "towns.gaz", "-c", "a", "-c", "b", "--add", "id", "t.tsv"]),
        str![[r#"
status 0
-- stdout
a	b	a_id	b_id
"Баку	"Paris"	gn:587084	gn:2988507
Баку"	x	gn:587084	

"#]]
    );
}

#[test]
fn objects_stay_as_they_came_but_for_what_is_added() {
    let folder = Folder::with_towns();
    let lines = "{ \"n\": 1.50, \"place\": {\"city\":\"\\u0411аку\"}, \"to\": [\"Paris\", \"x\", 7] , \"land\":\"US\" } \r\n\n{}\n{\"place\":{\"city\":null}}";
    let args = [
        "--input",
        "jsonl",
        "-c",
        ".place.city",
        "-c",
        "to",
        "--country-column",
        "land",
        "--add",
        "id,lat,name:ru",
    ];
    assert_ran!(
        normalize(&folder, &args, lines),
        str![[r#"
status 0
-- stdout
{ "n": 1.50, "place": {"city":"\u0411аку"}, "to": ["Paris", "x", 7] , "land":"US" ,"city_id":"gn:587084","city_lat":40.37767,"city_name_ru":"Баку","to_id":["gn:4717560",null,null],"to_lat":[33.66094,null,null],"to_name_ru":[null,null,null]} 

{"city_id":null,"city_lat":null,"city_name_ru":null,"to_id":null,"to_lat":null,"to_name_ru":null}
{"place":{"city":null},"city_id":null,"city_lat":null,"city_name_ru":null,"to_id":null,"to_lat":null,"to_name_ru":null}(no line end)

"#]]
    );
    let args = ["--input", "jsonl", "-c", ".place.city", "-c", "to", "--replace=id", "--on-miss", "empty"];
    assert_ran!(
        normalize(&folder, &args, lines),
        str![[r#"
status 0
-- stdout
{ "n": 1.50, "place": {"city":"gn:587084"}, "to": ["gn:2988507",null,null] , "land":"US" } 

{}
{"place":{"city":null}}(no line end)

"#]]
    );
    assert_ran!(
        normalize(&folder, &["--input", "jsonl", "-c", "a", "--add", "id"], "{\"a\":\"\",\"a_id\":1}"),
        str![[r#"
status 2
-- stderr
exonym: standard input:1: there is a field "a_id" already; give the added ones another --prefix

"#]]
    );
    assert_ran!(
        normalize(&folder, &["--input", "jsonl", "-c", "a"], "{\"a\":\"Баку\"}\n[1]\n"),
        str![[r#"
status 2
-- stdout
{"a":"Баку","a_status":"matched","a_id":"gn:587084","a_name":"Baku","a_country":"AZ","a_kind":"place","a_score":1.0}
-- stderr
exonym: standard input:2: byte 1: expected an object such as {"city":"…"}: invalid type: sequence, expected an object

"#]]
    );
}

#[test]
fn lists_have_the_fields_asked_for() {
    let folder = Folder::with_towns();
    assert_ran!(
        normalize(&folder, &["--add", "id,name:ru,lat,same_as"], "Баку\nnowhere\n"),
        str![[r#"
status 0
-- stdout
input	id	name_ru	lat	same_as
Баку	gn:587084	Баку	40.37767	wd:Q9248
nowhere				

"#]]
    );
    assert_ran!(
        normalize(&folder, &["--replace"], "Баку\r\nnowhere\nАлма-Ата"),
        str![[r#"
status 0
-- stdout
Baku
nowhere
Almaty(no line end)

"#]]
    );
    assert_ran!(
        normalize(&folder, &["--split", ";", "--add", "id"], "Баку;Paris\n"),
        str![[r#"
status 0
-- stdout
input	id
Баку;Paris	gn:587084;gn:2988507

"#]]
    );
}

#[test]
fn files_follow_each_other() {
    let folder = Folder::with_towns();
    folder.write("a.csv", "city,n\nБаку,1");
    folder.write("b.csv", "city,n\nParis,2\n");
    folder.write("c.csv", "n,city\n3,Paris\n");
    folder.write("empty.csv", "");
    let args = ["normalize", "-g", "towns.gaz", "-c", "city", "--add", "id"];
    assert_ran!(
        folder.run(&[&args[..], &["empty.csv", "a.csv", "b.csv"]].concat()),
        str![[r#"
status 0
-- stdout
city,n,city_id
Баку,1,gn:587084
Paris,2,gn:2988507

"#]]
    );
    assert_ran!(
        folder.run(&[&args[..], &["a.csv", "c.csv"]].concat()),
        str![[r#"
status 2
-- stdout
city,n,city_id
Баку,1,gn:587084(no line end)
-- stderr
exonym: c.csv: its header is not that of the first file; run exonym once for each

"#]]
    );
    assert_ran!(
        folder.run(&[&args[..], &["empty.csv"]].concat()),
        str![[r#"
status 0

"#]]
    );
}

#[test]
fn threads_change_nothing() {
    let folder = Folder::with_towns();
    let mut table = String::from("n,city\n");
    for n in 0..20_000 {
        table.push_str(&format!(
            "{n},{}\n",
            ["Баку", "\"Paris, Texas\"", "nowhere", "Almaty", "\"a\nb\""][n % 5]
        ));
    }
    folder.write("t.csv", &table);
    let run =
        |threads| folder.run(&["normalize", "-g", "towns.gaz", "-c", "city", "--threads", threads, "t.csv"]);
    let one = run("1");
    assert_eq!(one.status, 0);
    assert_eq!(one.stdout.lines().count(), 24_001);
    assert!(one.stdout == run("2").stdout && one.stdout == run("5").stdout);
}

#[test]
fn tables_that_are_wrong() {
    let folder = Folder::with_towns();
    let table = "city;land\nБаку;AZ\n";
    assert_ran!(
        normalize(&folder, &["-c", "city"], table),
        str![[r#"
status 2
-- stderr
exonym: standard input: there is no column "city"; did you mean "city;land"?; the columns are city;land; if cells are parted otherwise, give --delimiter

"#]]
    );
    assert_ran!(
        normalize(&folder, &["-c", "ctiy", "--delimiter", ";"], table),
        str![[r#"
status 2
-- stderr
exonym: standard input: there is no column "ctiy"; did you mean "city"?; the columns are city, land

"#]]
    );
    for (args, message) in [
        (
            &["-c", "5", "--no-header", "--country-column", "land"][..],
            "--country-column is \"land\", but without a header columns go by number, from 1",
        ),
        (
            &["--input", "csv", "--delimiter", ";"],
            "standard input: which column has the names? give --column, one of city, land",
        ),
        (&["--input", "jsonl"], "which field has the names? give --column, such as --column .place.name"),
        (
            &["--input", "jsonl", "-c", ".a["],
            "--column is \".a[\", expected a path such as .place.name or .names[0]",
        ),
        (
            &["-c", "city", "--delimiter", ";;"],
            "--delimiter is \";;\", expected one ASCII character such as ; or \\t",
        ),
        (&["-c", "city", "--split", ""], "--split is empty, expected what stands between names, such as ;"),
        (
            &["-c", "city", "--format", "csv"],
            "--format and --candidates are for lists; a table stays as it is, with the fields of --add",
        ),
        (
            &["--country-column", "land"],
            "--country-column is for tables; give --column, or --input csv, tsv or jsonl",
        ),
        (&["-c", "city", "--threads", "0"], "--threads is 0, expected 1 to 1024"),
        (
            &["--format", "jsonl", "--add", "id"],
            "--add and --split are for tables; jsonl has the whole record of one name per line",
        ),
        (&["--replace", "--format", "csv"], "with --replace a list stays one; leave out --format and --add"),
        (
            &["-c", "city", "--delimiter", ";", "--add", "land", "--prefix", "", "--add", "country"],
            "--add has no field \"land\"; did you mean \"lon\"?; the fields are id, name, used, kind, feature, country, admin1, lat, lon, population, from, to, same_as, disputed, claimed_by, controlled_by, score, name:LANG, status, same_as:SCHEME",
        ),
    ] {
        let ran = normalize(&folder, args, table);
        assert_eq!(
            (ran.status, ran.stdout.as_str(), ran.stderr),
            (2, "", format!("exonym: {message}\n")),
            "{args:?}"
        );
    }
    assert_ran!(
        normalize(&folder, &["-c", "name", "--prefix", "", "--add", "id"], "id,name\n1,Баку\n"),
        str![[r#"
status 2
-- stderr
exonym: standard input: there is a column "id" already; give the added ones another --prefix

"#]]
    );
    assert_ran!(
        normalize(&folder, &["-c", "a"], "a,b\nБаку,1\n\"Paris,2\nБаку,3\n"),
        str![[r#"
status 2
-- stdout
a,b,a_status,a_id,a_name,a_country,a_kind,a_score
Баку,1,matched,gn:587084,Baku,AZ,place,1
-- stderr
exonym: standard input:3: a quotation mark opens a cell and none closes it; close it, or give --input tsv if quotation marks are text

"#]]
    );
    let args = ["normalize", "-g", "towns.gaz", "-c", "a", "--add", "id"];
    folder.run_with(&[&args[..], &["-o", "out.csv"]].concat(), b"a,b\nParis,caf\xe9\n");
    assert_eq!(std::fs::read(folder.path("out.csv")).unwrap(), b"a,b,a_id\nParis,caf\xe9,gn:2988507\n");
    assert_ran!(
        folder.run_with(&[&args[..], &["--strict"]].concat(), b"a,b\nParis,caf\xe9\n"),
        str![[r#"
status 2
-- stdout
a,b,a_id
-- stderr
exonym: standard input:2: byte 10 is not UTF-8; convert the input, or leave out --strict

"#]]
    );
    assert_ran!(
        folder.run_with(&[&args[..], &["--strict"]].concat(), b"a,b\xe9\nParis,x\n"),
        str![[r#"
status 2
-- stderr
exonym: standard input:1: the header is not UTF-8; convert the input, or leave out --strict

"#]]
    );
}
