//! The stored file: what comes back, what is refused and in which words, and that no bytes do harm.

use std::collections::{BTreeSet, HashMap};
use std::ops::ControlFlow;

use exonym::fold::FOLD_VERSION;
use exonym::gazetteer::{ClaimRef, Gazetteer, GazetteerBuilder, Stage, filter};
use exonym::record::{CaseRule, Kind, Name, NameKind, Period, Point, Record};
use exonym::source;
use exonym::token::Key;
use proptest::prelude::*;

/// A row: id, name, languages, kind of name.
fn row(id: &str, text: &str, langs: &str, kind: NameKind) -> Record {
    let mut record = Record::new(id.parse().unwrap());
    let mut name = Name::new(text, "");
    name.langs = langs.split(';').filter(|l| !l.is_empty()).map(str::to_owned).collect();
    name.kind = kind;
    record.names.push(name);
    record
}

/// Towns and states with every field somewhere.
fn rows() -> Vec<Record> {
    let mut almaty = row("gn:1526384", "Almaty", "en", NameKind::Preferred);
    almaty.kind = Some(Kind::Place);
    almaty.feature = Some("P.PPLA".parse().unwrap());
    almaty.country = Some("KZ".into());
    almaty.admin1 = Some("02".into());
    almaty.admin2 = Some("8623".into());
    almaty.point = Some(Point::new(43.25667, 76.92861).unwrap());
    almaty.population = Some(2_000_900);
    almaty.period = Period { from: Some("1854".parse().unwrap()), to: Some("..".parse().unwrap()) };
    almaty.same_as = vec!["wd:Q35493".parse().unwrap(), "xn:verny".parse().unwrap()];
    almaty.part_of = vec!["gn:1522867".parse().unwrap(), "iso:KZ-ALA".parse().unwrap()];
    let mut verny = row("gn:1526384", "Верный", "ru", NameKind::Historic);
    verny.names[0].period = Period { from: Some("1867".parse().unwrap()), to: Some("1921".parse().unwrap()) };
    verny.names[0].source = "curated".into();
    let mut town = row("gn:616752", "Stepanakert", "en;hy", NameKind::Preferred);
    town.names[0].perspective = vec!["am".into(), "artsakh".into()];
    town.claimed_by = ["xn:b 1991/ a source", "iso:AZ"].map(|claim| claim.parse().unwrap()).to_vec();
    town.controlled_by =
        ["iso:AZ 2023-09-20/..", "xn:b 1992/2023-09-20"].map(|c| c.parse().unwrap()).to_vec();
    town.population = Some(60_000);
    let mut union = row("iso:SU", "USSR", "en", NameKind::Abbreviation);
    union.kind = Some(Kind::State);
    union.feature = Some("A.PCLH".parse().unwrap());
    union.successors = vec!["iso:RU".parse().unwrap(), "gn:1522867".parse().unwrap()];
    union.population = Some(5_000_000_000);
    let mut title = row("xn:nice", "Nice", "fr", NameKind::Alternate);
    title.names[0].case = Some(CaseRule::Title);
    title.point = Some(Point::new(-0.0000001, -180.0).unwrap());
    vec![
        almaty,
        verny,
        row("gn:1526384", "Алматы", "kk", NameKind::Alternate),
        row("gn:1526384", "Алматы", "ru", NameKind::Alternate),
        row("gn:1526384", "阿拉木图", "zh", NameKind::Alternate),
        row("gn:1526384", "Alma-Ata", "", NameKind::Historic),
        town,
        row("gn:616752", "Xankəndi", "az", NameKind::Official),
        row("gn:616752", "???", "", NameKind::Code),
        union,
        row("iso:SU", "Советский Союз", "ru", NameKind::Short),
        title,
        row("gn:99", "Almaty", "", NameKind::Alternate),
    ]
}

fn build(rows: Vec<Record>) -> Vec<u8> {
    let mut builder = GazetteerBuilder::new().data_date("2025-11-01").licence("CC BY 4.0, © someone");
    for row in rows {
        builder.add(row, None).unwrap();
    }
    builder.build().unwrap().0
}

fn refusal(bytes: Vec<u8>) -> String {
    let error = Gazetteer::from_bytes(bytes).unwrap_err();
    assert!(error.is_format());
    error.to_string()
}

#[test]
fn every_field_comes_back() {
    let gazetteer = Gazetteer::from_bytes(build(rows())).unwrap();
    gazetteer.verify().unwrap();
    let info = gazetteer.info();
    assert_eq!((info.records, info.names, info.keys), (5, 12, 10));
    assert_eq!(
        (info.data_date.as_deref(), gazetteer.licence()),
        (Some("2025-11-01"), "CC BY 4.0, © someone")
    );
    let ids: Vec<_> = gazetteer.records().map(|r| r.id().to_string()).collect();
    assert_eq!(ids, ["gn:99", "gn:616752", "gn:1526384", "iso:SU", "xn:nice"]);

    let almaty = gazetteer.by_id("gn:1526384").unwrap();
    assert_eq!(
        (almaty.kind(), almaty.feature(), almaty.country()),
        (Kind::Place, Some("P.PPLA"), Some("KZ"))
    );
    assert_eq!((almaty.admin1(), almaty.admin2()), (Some("02"), Some("8623")));
    assert_eq!(almaty.point(), Some(Point::new(43.25667, 76.92861).unwrap()));
    assert_eq!((almaty.population(), almaty.from(), almaty.to()), (2_000_900, Some("1854"), Some("..")));
    assert_eq!(almaty.same_as().map(|id| id.to_string()).collect::<Vec<_>>(), ["wd:Q35493", "xn:verny"]);
    assert_eq!(almaty.part_of().map(|id| id.to_string()).collect::<Vec<_>>(), ["gn:1522867", "iso:KZ-ALA"]);
    assert_eq!(almaty.name().text(), "Almaty");
    let texts: Vec<_> = almaty.names().map(|n| n.text()).collect();
    assert_eq!(texts, ["Almaty", "Алматы", "阿拉木图", "Alma-Ata", "Верный"]);
    assert!(almaty.name().is_canonical() && almaty.names().skip(1).all(|n| !n.is_canonical()));
    let verny = almaty.names().find(|n| n.text() == "Верный").unwrap();
    assert_eq!((verny.from(), verny.to(), verny.source()), (Some("1867"), Some("1921"), "curated"));
    assert_eq!((verny.kind(), verny.lang(), verny.case_rule()), (NameKind::Historic, "ru", CaseRule::Any));

    let town = gazetteer.by_id("gn:616752").unwrap();
    assert_eq!(town.name().perspective().collect::<Vec<_>>(), ["am", "artsakh"]);
    assert_eq!(town.name().langs().collect::<Vec<_>>(), ["en", "hy"]);
    assert_eq!((town.point(), town.from(), town.feature(), town.country()), (None, None, None, None));
    let union = gazetteer.by_id("iso:SU").unwrap();
    assert_eq!((union.population(), union.kind()), (5_000_000_000, Kind::State));
    let town = gazetteer.by_id("gn:616752").unwrap();
    let texts = |claims: Vec<ClaimRef<'_>>| claims.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(texts(town.claimed_by().collect()), ["iso:AZ", "xn:b 1991/ a source"]);
    assert_eq!(texts(town.controlled_by().collect()), ["xn:b 1992/2023-09-20", "iso:AZ 2023-09-20/.."]);
    assert_eq!(union.successors().map(|id| id.to_string()).collect::<Vec<_>>(), ["gn:1522867", "iso:RU"]);
    assert_eq!(union.name().text(), "Советский Союз");
    assert_eq!(gazetteer.lookup("ussr").next().unwrap().case_rule(), CaseRule::Exact);
    let nice = gazetteer.by_id("xn:nice").unwrap();
    assert_eq!(nice.name().case_rule(), CaseRule::Title);
    assert_eq!(nice.point(), Some(Point::new(-0.0000001, -180.0).unwrap()));

    for id in ["wd:Q35493", "xn:verny"] {
        assert_eq!(gazetteer.by_id(id), Some(almaty), "{id}");
    }
    for id in ["", "gn:1", "gn:01526384", "wd:Q1", "iso:RU", "zz:zz", "gn:1522867"] {
        assert_eq!(gazetteer.by_id(id), None, "{id}");
    }
    assert!(almaty.id() == *"gn:1526384" && almaty.id() != "gn:99" && almaty.id().scheme() == "gn");
    assert_eq!(gazetteer.languages()["ru"], 3);
    assert_eq!(gazetteer.languages()["und"], 3);
    assert_eq!(
        (gazetteer.kinds()["state"], gazetteer.sources()["curated"], gazetteer.name_kinds()["code"]),
        (1, 1, 1)
    );
}

#[test]
fn the_most_prominent_stands_first() {
    let gazetteer = Gazetteer::from_bytes(build(rows())).unwrap();
    let found: Vec<_> = gazetteer.lookup("ALMATY").map(|n| n.record().id().to_string()).collect();
    assert_eq!(found, ["gn:1526384", "gn:99"]);
    assert!(gazetteer.lookup("Astana").is_empty() && gazetteer.lookup("").is_empty());
    assert_eq!(gazetteer.get(&Key::new("xankəndi")).len(), 1);
}

#[test]
fn the_filter_misses_no_first_word() {
    let gazetteer = Gazetteer::from_bytes(build(rows())).unwrap();
    for name in gazetteer.names() {
        let key = Key::new(name.text());
        let flags = gazetteer.filter().query(filter::hash(key.first_word()));
        if !key.is_empty() {
            let whole = key.first_word() == key.as_bytes();
            assert!(if whole { flags.single() } else { flags.continues() }, "{}", name.text());
        }
    }
}

#[test]
fn what_is_not_indexed_is_counted() {
    let mut builder = GazetteerBuilder::new();
    for row in rows() {
        builder.add(row, None).unwrap();
    }
    builder.add(row("gn:5", &"ö".repeat(2000), "", NameKind::Alternate), None).unwrap();
    builder.add(Record::new("gn:7".parse().unwrap()), None).unwrap();
    let (bytes, report) = builder.build().unwrap();
    let told: Vec<_> = report.not_indexed.iter().map(|(why, n)| (why.as_str(), *n)).collect();
    let expected = [
        ("name longer than 1000 bytes when folded", 1),
        ("name without a letter or digit", 1),
        ("record without a name (left out)", 1),
    ];
    assert_eq!(told, expected);
    assert!(report.to_string().contains("not indexed: 1 × name without a letter or digit"), "{report}");
    let gazetteer = Gazetteer::from_bytes(bytes).unwrap();
    assert!(gazetteer.names().any(|n| n.text() == "???") && gazetteer.by_id("gn:7").is_none());

    let mut strict = GazetteerBuilder::new().strict(true);
    strict.add(Record::new("xn:7".parse().unwrap()), None).unwrap();
    let error = strict.build().unwrap_err().to_string();
    assert_eq!(error, "id xn:7 has no name in any row; give it one");
    let mut empty = GazetteerBuilder::new();
    let error = empty.add(row("gn:1", " ", "", NameKind::Short), None).unwrap_err().to_string();
    assert_eq!(error, "id gn:1 has an empty name");
    let date = GazetteerBuilder::new().data_date("1.11.2025").build().unwrap_err().to_string();
    assert_eq!(date, "data date is \"1.11.2025\", expected YYYY-MM-DD such as 2025-11-01");
}

#[test]
fn an_empty_gazetteer_is_one() {
    let gazetteer = Gazetteer::from_bytes(GazetteerBuilder::new().build().unwrap().0).unwrap();
    gazetteer.verify().unwrap();
    assert!(gazetteer.lookup("Almaty").is_empty() && gazetteer.by_id("gn:1").is_none());
    assert_eq!((gazetteer.records().len(), gazetteer.licence(), &gazetteer.info().data_date), (0, "", &None));
}

#[test]
fn a_later_layer_replaces_fields_and_adds_names() {
    let mut builder = GazetteerBuilder::new();
    let mut base = row("gn:1", "Верный", "ru", NameKind::Preferred);
    base.country = Some("RU".into());
    base.population = Some(10);
    base.part_of = vec!["iso:RU".parse().unwrap()];
    base.same_as = vec!["wd:Q1".parse().unwrap()];
    builder.add(base, None).unwrap();
    builder.add(row("gn:2", "Baku", "en", NameKind::Alternate), None).unwrap();
    builder.add(row("gn:2", "Баку", "ru", NameKind::Alternate), None).unwrap();
    builder.next_layer();
    let mut later = row("gn:1", "Алматы", "kk", NameKind::Preferred);
    later.country = Some("KZ".into());
    later.part_of = vec!["iso:KZ".parse().unwrap()];
    later.same_as = vec!["wd:Q2".parse().unwrap()];
    builder.add(later, None).unwrap();
    let mut other = row("gn:2", "Bakou", "fr", NameKind::Official);
    other.country = Some("AZ".into());
    builder.add(other, None).unwrap();
    builder.add(row("gn:2", "Baku", "az", NameKind::Alternate), None).unwrap();
    let (bytes, report) = builder.build().unwrap();
    assert_eq!(report.conflict_count, 0);
    let gazetteer = Gazetteer::from_bytes(bytes).unwrap();
    let town = gazetteer.by_id("wd:Q1").unwrap();
    assert_eq!(gazetteer.by_id("wd:Q2"), Some(town));
    assert_eq!((town.name().text(), town.country(), town.population()), ("Алматы", Some("KZ"), 10));
    assert_eq!(town.part_of().map(|id| id.to_string()).collect::<Vec<_>>(), ["iso:KZ"]);
    assert_eq!(town.names().len(), 2);
    // Only a preferred name takes the place of the canonical one.
    let baku = gazetteer.by_id("gn:2").unwrap();
    assert_eq!((baku.name().text(), baku.country(), baku.names().len()), ("Baku", Some("AZ"), 3));
    assert_eq!(baku.name().langs().collect::<Vec<_>>(), ["az", "en"]);
}

#[test]
fn more_languages_and_sources_than_rows_have_bits_for() {
    let mut builder = GazetteerBuilder::new();
    for i in 0..70_000 {
        let mut record = row(&format!("gn:{}", i + 1), &format!("Name{i}"), "", NameKind::Alternate);
        record.names[0].langs = vec![format!("x-{i}"), "zz".into()];
        record.names[0].source = format!("source {}", i % 300);
        builder.add(record, None).unwrap();
    }
    let gazetteer = Gazetteer::from_bytes(builder.build().unwrap().0).unwrap();
    gazetteer.verify().unwrap();
    for i in (0..70_000).step_by(97).chain(69_900..70_000) {
        let name = gazetteer.lookup(&format!("Name{i}")).next().unwrap();
        assert_eq!(
            (name.lang(), name.source()),
            (format!("x-{i}").as_str(), format!("source {}", i % 300).as_str())
        );
    }
}

#[test]
fn three_ways_in_give_the_same_answers() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world.gaz");
    let mut builder = GazetteerBuilder::new().data_date("2025-11-01").licence("CC BY 4.0, © someone");
    for row in rows() {
        builder.add(row, None).unwrap();
    }
    let report = builder.write(&path).unwrap();
    let bytes = build(rows());
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
    assert!(report.bytes() < bytes.len() as u64);
    let fixed: &'static [u8] = Box::leak(bytes.clone().into_boxed_slice());
    let all = [
        Gazetteer::open(&path).unwrap(),
        Gazetteer::from_bytes(bytes).unwrap(),
        Gazetteer::from_static(fixed).unwrap(),
    ];
    let told: Vec<String> =
        all.iter().map(|g| format!("{:?} {:?}", g.info(), g.names().collect::<Vec<_>>())).collect();
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]));
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["world.gaz"]);
}

/// The sample of the repository, and rows whose strings are also others' names, ids, dates and units.
fn sample() -> Vec<Record> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/gazetteer/sample/sample.csv");
    let mut all: Vec<Record> = source::read(path).unwrap().map(|row| row.unwrap().0).collect();
    all.extend(many());
    for text in ["KZ", "1854", "gn:1526384", "xn:verny", "curated", "iso:SU", "!", &"ö".repeat(2000)] {
        all.push(row(&format!("zz:{}", text.len()), text, "ru", NameKind::Alternate));
        all.push(row("gn:1526384", text, "", NameKind::Official));
    }
    all
}

#[test]
fn memory_and_threads_change_no_byte() {
    let folder = tempfile::tempdir().unwrap();
    let build = |builder: GazetteerBuilder| {
        let mut builder = builder.transliterate(true);
        sample().into_iter().for_each(|row| builder.add(row, None).unwrap());
        builder.build().unwrap()
    };
    let expected = build(GazetteerBuilder::new());
    Gazetteer::from_bytes(expected.0.clone()).unwrap().verify().unwrap();
    for (bytes, threads) in [(1, 1), (5_000, 1), (5_000, 2), (100_000, 3), (usize::MAX, 2)] {
        let builder = GazetteerBuilder::new().memory(bytes, folder.path()).threads(threads);
        assert!(build(builder) == expected, "{bytes} bytes, {threads} threads");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_small_memory_answers_as_a_hash_map_does() {
    let folder = tempfile::tempdir().unwrap();
    let mut builder = GazetteerBuilder::new().memory(10_000, folder.path()).threads(2);
    let mut expected: HashMap<Key, BTreeSet<(String, String)>> = HashMap::new();
    for row in sample() {
        for name in &row.names {
            let bearer = (row.id.to_string(), name.text.clone());
            expected.entry(Key::new(&name.text)).or_default().insert(bearer);
        }
        builder.add(row, None).unwrap();
    }
    expected.retain(|key, _| !key.is_empty() && key.as_bytes().len() <= 1000);
    let gazetteer = Gazetteer::from_bytes(builder.build().unwrap().0).unwrap();
    assert_eq!(gazetteer.info().keys as usize, expected.len());
    for (key, bearers) in expected {
        let found: BTreeSet<_> =
            gazetteer.get(&key).map(|n| (n.record().id().to_string(), n.text().to_owned())).collect();
        assert_eq!(found, bearers, "{key:?}");
    }
}

#[test]
fn a_stopped_build_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world.gaz");
    std::fs::write(&path, "before").unwrap();
    for stage in [Stage::Joining, Stage::Writing] {
        let mut builder = GazetteerBuilder::new().memory(1, folder.path()).on_progress(move |progress| {
            if progress.stage == stage { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        rows().into_iter().for_each(|row| builder.add(row, None).unwrap());
        let error = builder.write(&path).unwrap_err();
        assert_eq!(error.to_string(), "the build was stopped; nothing was written");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "{stage:?}");
        assert_eq!(std::fs::read(&path).unwrap(), b"before");
    }
}

#[test]
fn a_failed_write_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("taken.gaz");
    std::fs::create_dir_all(taken.join("inside")).unwrap();
    let error = GazetteerBuilder::new().write(&taken).unwrap_err();
    assert!(error.is_io() && error.to_string().starts_with("cannot write "), "{error}");
    let error = GazetteerBuilder::new().write(folder.path().join("none/x.gaz")).unwrap_err().to_string();
    assert!(error.starts_with("cannot create ") && error.contains("x.gaz.tmp"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let error = Gazetteer::open(folder.path()).unwrap_err().to_string();
    assert!(error.ends_with("is a folder, expected a gazetteer file such as world.gaz"), "{error}");
    let error = Gazetteer::open(folder.path().join("none.gaz")).unwrap_err();
    assert!(error.is_io() && std::error::Error::source(&error).is_some(), "{error}");
}

#[test]
fn what_is_no_gazetteer_of_ours_is_refused_in_words() {
    assert_eq!(refusal(vec![]), "the data is empty; build it with: exonym build");
    let text = refusal(b"id,name\ngn:1,Almaty\n".to_vec());
    assert_eq!(text, "the data is not a gazetteer; build one from CSV, TSV or JSON Lines with: exonym build");
    assert_eq!(refusal(b"\xfd7zXZ\0\0\0".to_vec()), "the data is xz-compressed; decompress it first");
    let good = build(rows());
    let mut other = good.clone();
    other[8] = 9;
    let text = refusal(other);
    assert_eq!(text, "the data has format version 9, this program reads 1; rebuild it with: exonym build");
    let mut longer = good.clone();
    longer.push(0);
    assert!(refusal(longer).contains(&format!("it has {} bytes, expected {}", good.len() + 1, good.len())));
    let text = refusal(good[..good.len() - 7].to_vec());
    let (expected, found) = (good.len(), good.len() - 7);
    assert!(text.contains(&format!("is truncated: expected {expected} bytes, found {found};")), "{text}");

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("world.gaz");
    let mut other = good;
    other[12..16].copy_from_slice(&(FOLD_VERSION + 1).to_le_bytes());
    mend(&mut other);
    std::fs::write(&path, other).unwrap();
    let text = Gazetteer::open(&path).unwrap_err().to_string();
    let now = FOLD_VERSION;
    let expected = format!(
        "world.gaz was built with fold version {}, this program folds with {now}; rebuild it with: exonym build",
        now + 1
    );
    assert!(text.ends_with(&expected), "{text}");
}

/// Gives a header that was changed a right checksum again.
fn mend(bytes: &mut [u8]) {
    let count = u32::from_le_bytes(bytes[36..40].try_into().unwrap()) as usize;
    let mut sum = crc32fast::Hasher::new();
    sum.update(&bytes[..60]);
    sum.update(&bytes[64..64 + 32 * count]);
    let sum = sum.finalize();
    bytes[60..64].copy_from_slice(&sum.to_le_bytes());
}

/// Name, offset and length of the sections, from the table as docs/format.md describes it.
fn sections(bytes: &[u8]) -> Vec<(usize, String, usize, usize)> {
    let count = u32::from_le_bytes(bytes[36..40].try_into().unwrap()) as usize;
    (0..count)
        .map(|i| {
            let entry = 64 + 32 * i;
            let name =
                std::str::from_utf8(&bytes[entry..entry + 8]).unwrap().trim_end_matches('\0').to_owned();
            let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap()) as usize;
            (entry, name, number(entry + 16), number(entry + 24))
        })
        .collect()
}

#[test]
fn an_unknown_section_is_ignored_unless_it_is_required() {
    let mut bytes = build(rows());
    let (entry, ..) = sections(&bytes).into_iter().find(|s| s.1 == "extras").unwrap();
    bytes[entry..entry + 8].copy_from_slice(b"claims\0\0");
    mend(&mut bytes);
    let text = refusal(bytes.clone());
    assert!(
        text.contains("has a section \"claims\" that this program does not know; use a newer exonym"),
        "{text}"
    );
    bytes[entry + 8] = 0;
    mend(&mut bytes);
    assert!(refusal(bytes).contains("is damaged: section extras is missing"));
}

/// Asks everything of a gazetteer that may be damaged.
fn exercise(gazetteer: &Gazetteer) {
    for text in ["Almaty", "Алматы", "USSR", "Советский Союз", "阿拉木图", "nothing"] {
        for name in gazetteer.lookup(text).take(50) {
            look(name);
        }
    }
    for record in gazetteer.records().take(50) {
        let _ = (record.id().to_string(), record.kind(), record.feature(), record.country(), record.admin1());
        let _ = (record.admin2(), record.point(), record.population(), record.from(), record.to());
        let ids = record.same_as().chain(record.part_of()).chain(record.successors());
        ids.take(50).for_each(|id| drop(id.to_string()));
        for claim in record.claimed_by().chain(record.controlled_by()).take(50) {
            let _ = (claim.by(), claim.from(), claim.to(), claim.source(), claim.is_open());
        }
        let _ = record.is_disputed();
        record.names().take(50).for_each(look);
    }
    gazetteer.names().take(50).for_each(look);
    (0..20).for_each(|entry| gazetteer.entry(entry).take(50).for_each(look));
    for id in ["gn:1526384", "wd:Q35493", "xn:verny", "iso:KZ"] {
        let _ = gazetteer.by_id(id).map(|record| record.id().to_string());
    }
    let _ = (gazetteer.languages(), gazetteer.kinds(), gazetteer.sources(), gazetteer.licence().len());
    for i in 0..100u64 {
        let _ = gazetteer.filter().query(i.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    }
}

fn look(name: exonym::gazetteer::NameRef<'_>) {
    let _ = (name.text(), name.lang(), name.kind(), name.case_rule(), name.from(), name.to(), name.source());
    let _ =
        (name.perspective().count(), name.langs().count(), name.record().name().text(), name.is_canonical());
    let _ = format!("{name:?} {:?}", name.record());
}

#[test]
fn cut_short_at_any_length_it_is_refused() {
    let good = build(rows());
    for len in 0..good.len() {
        let text = refusal(good[..len].to_vec());
        let fine = match len {
            0 => text.contains("is empty"),
            _ => text.contains("truncated: expected") && text.contains(&format!("found {len};")),
        };
        assert!(fine, "{len}: {text}");
    }
}

#[test]
fn a_flipped_byte_is_found_and_its_section_named() {
    let good = build(rows());
    for (_, name, offset, len) in sections(&good) {
        for at in offset..offset + len {
            let mut bad = good.clone();
            bad[at] ^= 1 << (at % 8);
            let gazetteer = Gazetteer::from_bytes(bad).unwrap();
            let text = gazetteer.verify().unwrap_err().to_string();
            assert!(text.contains(&format!("is damaged: section {name} has checksum")), "{text}");
            exercise(&gazetteer);
        }
    }
    let head = 64 + 32 * sections(&good).len();
    for at in 0..head {
        let mut bad = good.clone();
        bad[at] ^= 1 << (at % 8);
        let text = refusal(bad);
        let words = ["not a gazetteer", "version", "truncated", "damaged"];
        assert!(words.iter().any(|word| text.contains(word)), "{at}: {text}");
    }
}

/// Bytes changed with checksums mended, as someone with ill intent would.
fn forge(bytes: &mut [u8]) {
    for (entry, _, offset, len) in sections(bytes) {
        let crc = crc32fast::hash(&bytes[offset..offset + len]);
        bytes[entry + 12..entry + 16].copy_from_slice(&crc.to_le_bytes());
    }
    mend(bytes);
}

#[test]
fn forged_references_are_found() {
    let good = build(rows());
    for name in
        ["names", "records", "links", "same_as", "entries", "lists", "extras", "regions", "langs", "keys"]
    {
        let (_, _, offset, len) = sections(&good).into_iter().find(|s| s.1 == name).unwrap();
        let mut bad = good.clone();
        bad[offset..offset + len].fill(0xfe);
        forge(&mut bad);
        let gazetteer = Gazetteer::from_bytes(bad).unwrap();
        let text = gazetteer.verify().unwrap_err().to_string();
        assert!(text.contains("is damaged: section "), "{name}: {text}");
        exercise(&gazetteer);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rows_in_any_order_give_the_same_bytes(rows in Just(many()).prop_shuffle()) {
        prop_assert!(build(rows) == build(many()));
    }

    #[test]
    fn forged_bytes_do_no_harm(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40)) {
        let mut bytes = build(rows());
        let head = 64 + 32 * sections(&bytes).len();
        let len = bytes.len();
        for (at, byte) in flips {
            bytes[head + at.index(len - head)] = byte;
        }
        forge(&mut bytes);
        let gazetteer = Gazetteer::from_bytes(bytes).unwrap();
        exercise(&gazetteer);
        let _ = gazetteer.verify();
    }

    #[test]
    fn forged_tables_do_no_harm(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        let mut bytes = build(rows());
        let head = 64 + 32 * sections(&bytes).len();
        for (at, byte) in flips {
            bytes[24 + at.index(head - 24)] = byte;
        }
        // The number of sections stays, or the header's checksum could not be mended.
        bytes[36..40].copy_from_slice(&15u32.to_le_bytes());
        mend(&mut bytes);
        if let Ok(gazetteer) = Gazetteer::from_bytes(bytes) {
            exercise(&gazetteer);
            let _ = gazetteer.verify();
        }
    }

    #[test]
    fn random_bytes_are_refused(tail in prop::collection::vec(any::<u8>(), 0..400)) {
        let mut bytes = b"exonym\x1a\n\x01\0\0\0".to_vec();
        bytes.extend(FOLD_VERSION.to_le_bytes());
        bytes.extend(&tail);
        refusal(bytes);
        prop_assert!(Gazetteer::from_bytes(tail).is_err());
    }
}

/// Rows that contradict, repeat and outdo each other.
fn many() -> Vec<Record> {
    let mut all = rows();
    for i in 0..6u32 {
        let mut a =
            row("gn:1526384", ["Алматы", "Almaty", "Alma-Ata"][i as usize % 3], "tr;en", NameKind::Alternate);
        a.population = Some(u64::from(i) * 100);
        a.country = Some(["KZ", "RU"][i as usize % 2].into());
        a.same_as = vec![format!("wd:Q{}", i + 1).parse().unwrap(), "aa:x".parse().unwrap()];
        a.names[0].source = format!("s{}", i % 4);
        all.push(a);
        let mut b = row(&format!("zz:{}", i % 3), "Баку", "", NameKind::ALL[i as usize]);
        b.names[0].case = [None, Some(CaseRule::Exact)][i as usize % 2];
        b.point = Some(Point::new(f64::from(i), 1.0).unwrap());
        all.push(b);
    }
    all
}
