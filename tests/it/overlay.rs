//! Layers over a gazetteer: what the stack holds is what a build of all layers holds, and what is hidden is gone.

use exonym::gazetteer::Stack;
use exonym::source::csv::CsvReader;
use exonym::source::{Format, read_from};
use exonym::{Finder, Gazetteer, GazetteerBuilder, Result};
use proptest::prelude::*;

fn rows(table: &str) -> CsvReader {
    CsvReader::from_reader(std::io::Cursor::new(table.to_owned()), "rows.csv").unwrap()
}

/// All tables as layers of one build over a gazetteer.
fn built(base: Option<&Gazetteer>, tables: &[String]) -> Gazetteer {
    let mut builder = GazetteerBuilder::new();
    base.iter().for_each(|base| builder.add_layer(base).unwrap());
    for table in tables {
        for row in rows(table) {
            let (record, place) = row.unwrap();
            builder.add(record, Some(place)).unwrap();
        }
        builder.next_layer();
    }
    Gazetteer::from_bytes(builder.build().unwrap().0).unwrap()
}

fn stacked(base: &Gazetteer, layers: &[String]) -> Result<(Gazetteer, Vec<String>)> {
    let mut stack = Stack::over(base);
    for table in layers {
        for row in rows(table) {
            let (record, place) = row?;
            stack.add(record, Some(place))?;
        }
        stack.next_layer();
    }
    stack.build()
}

/// Everything that can be asked of a gazetteer.
fn all(gazetteer: &Gazetteer) -> String {
    gazetteer.verify().unwrap();
    let mut out = Vec::new();
    gazetteer.export(&mut out).unwrap();
    let mut out = String::from_utf8(out).unwrap();
    for name in gazetteer.names() {
        let bearers =
            gazetteer.lookup(name.text()).map(|n| (n.record().id().to_string(), n.text(), n.kind()));
        out += &format!("{} {:?}\n", name.text(), bearers.collect::<Vec<_>>());
        assert_eq!(gazetteer.lookup(name.text()).filter(|other| *other == name).count(), 1);
    }
    for id in ["gn:1", "gn:2", "gn:3", "xn:a", "xn:b", "wd:Q1", "wd:Q2", "iso:KZ"] {
        let found = gazetteer.by_id(id).map(|record| record.id().to_string());
        out += &format!("{id} {found:?}\n");
    }
    let begun: Vec<_> = gazetteer.prefix("al").map(|name| name.text()).collect();
    let text = "Alma Ata, Almaty, Алматы and Нью Йорк in 阿拉木图, Alma.";
    let found = Finder::new(gazetteer);
    let found = found.find_iter(text).map(|m| (m.start, m.end, m.candidates(gazetteer).len()));
    out + &format!("{begun:?} {:?}", found.collect::<Vec<_>>())
}

const HEADER: &str =
    "id,feature,country,admin1,lat,lon,exists_from,part_of,name,lang,name_kind,from,perspective,source\n";

fn table() -> impl Strategy<Value = String> {
    let id = prop::sample::select(&["gn:1", "gn:2", "gn:3", "xn:a", "xn:b"][..]);
    let fields = prop::sample::select(
        &[
            ",,,,,,",
            "P.PPLC,KZ,02,43,76,1854,",
            "P.PPL,AZ,09,40,49,,gn:3",
            "A.ADM1,KZ,,,,,iso:KZ",
            "H.SEA,,,42,51,1918?,",
        ][..],
    );
    let name = prop::sample::select(
        &["Almaty", "Alma-Ata", "Alma", "Алматы", "阿拉木图", "New York", "Нью-Йорк", "almaty", "Ալմաթի"][..],
    );
    let rest = prop::sample::select(
        &[
            ",,,,",
            "kk,alternate,,,geonames",
            "ru,preferred,,,curated",
            "ru;uk,historic,1921,az;tr,curated",
            "en,demonym,,,x",
            "mul,code,,kz,",
        ][..],
    );
    prop::collection::vec((id, fields, name, rest), 1..8).prop_map(|rows| {
        let row =
            |(id, fields, name, rest): (&str, &str, &str, &str)| format!("{id},{fields},{name},{rest}\n");
        HEADER.to_owned() + &rows.into_iter().map(row).collect::<String>()
    })
}

proptest! {
    #[test]
    fn a_stack_holds_what_a_build_of_its_layers_holds(tables in prop::collection::vec(table(), 1..4)) {
        let base = built(None, &tables[..1]);
        let (stack, idle) = stacked(&base, &tables[1..]).unwrap();
        prop_assert_eq!(all(&stack), all(&built(Some(&base), &tables[1..])));
        prop_assert!(idle.is_empty());
    }
}

fn towns() -> Gazetteer {
    built(
        None,
        &["id,same_as,country,name,lang,name_kind\n\
        gn:1526384,wd:Q35493;iata:ALA,KZ,Almaty,en,preferred\n\
        gn:1526384,,,Алматы,kk;ru,\n\
        gn:1526384,,,Alma-Ata,en,historic\n\
        gn:587084,wd:Q9248,AZ,Baku,en,preferred\n\
        gn:587084,,,Bakou,fr,\n\
        xn:x,,,Alma-Ata,,\n"
            .to_owned()],
    )
}

#[test]
fn records_and_names_are_hidden() {
    let layer = "id,name,lang,hide,country\n\
        gn:1526384,Алматы,ru,name,\n\
        wd:Q35493,Alma-Ata,,name,\n\
        gn:587084,,,record,\n\
        xn:x,,,record,\n\
        xn:x,Alma Mater,,,US\n\
        gn:587084,Bakı,az,,\n";
    let (stack, idle) = stacked(&towns(), &[layer.to_owned()]).unwrap();
    stack.verify().unwrap();
    assert!(idle.is_empty());
    let almaty = stack.by_id("iata:ALA").unwrap();
    let names: Vec<_> = almaty.names().map(|name| (name.text(), name.lang())).collect();
    assert_eq!(names, [("Almaty", "en"), ("Алматы", "kk")]);
    assert!(stack.lookup("Alma-Ata").is_empty() && stack.prefix("alma at").count() == 0);
    assert_eq!(Finder::new(&stack).find_iter("Alma-Ata, Alma Mater, Bakou").count(), 1);
    let baku = stack.by_id("gn:587084").unwrap();
    assert_eq!((baku.names().len(), baku.country(), stack.by_id("wd:Q9248")), (1, None, None));
}

#[test]
fn a_later_layer_may_bring_back_what_one_hides() {
    let layers = ["id,name,hide\ngn:587084,,record\n", "id,name\ngn:587084,Baku\n"].map(str::to_owned);
    let base = towns();
    let (below, _) = stacked(&base, &layers[..1]).unwrap();
    assert!(below.lookup("Baku").is_empty() && below.by_id("gn:587084").is_none());
    let (both, _) = stacked(&base, &layers).unwrap();
    assert_eq!(both.lookup("Baku").len(), 1);
    let mut over = Stack::over(&below);
    over.add_gazetteer(&base).unwrap();
    assert_eq!(over.build().unwrap().0.lookup("Bakou").len(), 1, "a stack may lie under another");
}

#[test]
fn rows_speak_of_the_record_with_their_id_or_further_ids() {
    let layer = "id,same_as,name\nwd:Q9248,,Bakuu\nmine:1,iata:ALA,Алма\nmine:1,,Alm\nmine:2,iata:ALA;wd:Q9248,Both\n";
    let (stack, _) = stacked(&towns(), &[layer.to_owned()]).unwrap();
    let of = |text: &str| stack.lookup(text).next().unwrap().record().id().to_string();
    assert_eq!(
        (of("Bakuu"), of("Алма"), of("Alm")),
        ("gn:587084".into(), "gn:1526384".into(), "gn:1526384".into())
    );
    assert_eq!(stack.by_id("mine:1").unwrap().id(), "gn:1526384");
    // Two records cannot be one.
    assert_eq!(of("Both"), "mine:2");
}

#[test]
fn what_hides_nothing_is_told_and_wrong_words_are_refused() {
    let layer = "id,name,hide\ngn:587084,Nowhere,name\ngn:7,,record\n";
    let (_, idle) = stacked(&towns(), &[layer.to_owned()]).unwrap();
    assert_eq!(
        idle,
        [
            "rows.csv:2: hides the name \"Nowhere\" of gn:587084, which no layer below has",
            "rows.csv:3: hides gn:7, which no layer below has",
        ]
    );
    for (layer, expected) in [
        (
            "id,name,hide\ngn:1,A,yes\n",
            "rows.csv:2: column hide: hide is \"yes\", expected one of: name, record",
        ),
        (
            "id,name,hide\ngn:1,,name\n",
            "rows.csv:2: column name: the name is empty, expected the written form",
        ),
    ] {
        assert_eq!(stacked(&towns(), &[layer.to_owned()]).unwrap_err().to_string(), expected);
    }
    let row = read_from("{\"id\":\"gn:1\",\"hide\":\"record\"}".as_bytes(), "rows.jsonl", Format::Jsonl);
    let (record, place) = row.unwrap().next().unwrap().unwrap();
    let error = GazetteerBuilder::new().add(record, Some(place)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "rows.jsonl:1: hides a record, and there is no layer below; lay the file over another with -g"
    );
}

#[test]
fn many_layers_and_new_words_are_found() {
    let new: String = (0..3000).map(|i| format!("xn:{i},слово{i} город,lang{i},,source{i}\n")).collect();
    let (stack, _) = stacked(&towns(), &["id,name,lang,country,source\n".to_owned() + &new]).unwrap();
    stack.verify().unwrap();
    let finder = Finder::new(&stack);
    for i in (0..3000).step_by(97) {
        let name = stack.lookup(&format!("Слово{i} город")).next().unwrap();
        assert_eq!((name.lang(), name.source()), (&*format!("lang{i}"), &*format!("source{i}")));
        assert_eq!(finder.find_iter(&format!("в слово{i} город")).count(), 1);
    }
    assert_eq!(stack.lookup("Almaty").len(), 1);
}
