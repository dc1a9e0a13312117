//! Every format, read back by another reader: what it says is what was found.

use std::str::FromStr;

use exonym::output::brat::Brat;
use exonym::output::conll::Conll;
use exonym::output::delimited::Delimited;
use exonym::output::geojson::GeoJson;
use exonym::output::html::Html;
use exonym::output::json::Json;
use exonym::output::jsonl::Jsonl;
use exonym::output::mentions::Mentions;
use exonym::output::spacy::Spacy;
use exonym::output::tei::Tei;
use exonym::output::web_annotation::WebAnnotation;
use exonym::output::{Annotated, Format, Offsets};
use exonym::resolve::Scratch;
use exonym::{Annotation, Annotator, Options};
use proptest::prelude::*;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::offsets::{sample, texts};

/// Awkward for every format: quotes, tabs, markup, a name over a line end, controls, right-to-left and astral characters.
const TEXTS: [&str; 4] = [
    "\"Talks\", 👩\u{200d}🚀 <b>in</b> Alma-Ata & New\nDelhi;\tParis, Texas.\r\n\r\nالقاهرة عاصمة مصر\u{1}\n",
    "nothing,  \u{301}at \u{1c} all",
    "",
    "Երևանում և Бакуге 阿拉木图。\n\n\n\nThe Armenian side\u{2028}left for Москву.",
];

/// The ids the texts are given, and the words they are.
const IDS: [(&str, &str); 4] =
    [("\"a, \\\"b\\\" & <c>\"", "a, \"b\" & <c>"), ("17", "17"), ("null", "null"), ("\"ü#%\"", "ü#%")];

fn found(text: &str) -> Vec<Annotation<'static>> {
    let mut options = Options::default();
    (options.min_score, options.explain, options.candidates) = (0.0, true, 3);
    let mut found = Vec::new();
    Annotator::new(sample()).annotate_into(text, &options, &mut Scratch::default(), &mut found);
    found
}

/// All texts in a format, put together as the trait says.
fn written(format: &dyn Format, texts: &[&str]) -> String {
    let mut out = Vec::new();
    format.head(&mut out).unwrap();
    let mut any = false;
    for (text, (id, _)) in texts.iter().zip(IDS) {
        let (found, id) = (found(text), RawValue::from_string(id.to_owned()).unwrap());
        let mut annotated = Annotated::new(text, &found);
        (annotated.id, annotated.lang) = (Some(&*id), Some("en"));
        let mut part = Vec::new();
        format.text(&annotated, &mut part).unwrap();
        if !part.is_empty() {
            if any {
                out.extend(format.between().as_bytes());
            }
            any = true;
            out.extend(part);
        }
    }
    out.extend(format.tail().as_bytes());
    String::from_utf8(out).unwrap()
}

/// What must be in each format: document, start and end in code points, text, id of the record.
fn expected() -> Vec<(String, usize, usize, String, String)> {
    let mut all = Vec::new();
    for (text, (_, label)) in TEXTS.iter().zip(IDS) {
        for a in found(text) {
            let at = |byte: usize| text[..byte].chars().count();
            let id = a.record.id().to_string();
            all.push((label.to_owned(), at(a.start), at(a.end), text[a.start..a.end].to_owned(), id));
        }
    }
    assert!(all.len() >= 8, "{all:?}");
    all
}

fn string(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Mentions of documents by the JSON contract.
fn of_documents(documents: &[Value]) -> Vec<(String, usize, usize, String, String)> {
    assert_eq!(documents.len(), TEXTS.len());
    let mentions = documents.iter().flat_map(|d| {
        d["annotations"].as_array().unwrap().iter().map(|a| {
            (
                string(&d["id"]),
                number(&a["start"]),
                number(&a["end"]),
                string(&a["text"]),
                string(&a["entity"]["id"]),
            )
        })
    });
    mentions.collect()
}

#[test]
fn json_lines_and_one_array_hold_the_same() {
    let lines: Vec<Value> = written(&Jsonl::default(), &TEXTS).lines().map(json).collect();
    assert_eq!(of_documents(&lines), expected());
    let array = json(&written(&Json::default(), &TEXTS));
    assert_eq!(array.as_array().unwrap(), &lines);
    assert_eq!(json(&written(&Json::default(), &[])), Value::Array(vec![]));
}

#[test]
fn a_mention_stands_between_what_was_before_and_after_it() {
    let lines: Vec<Value> = written(&Mentions::default(), &TEXTS).lines().map(json).collect();
    assert_eq!(lines.len(), expected().len());
    for (line, (document, start, _, text, id)) in lines.iter().zip(expected()) {
        assert_eq!((string(&line["document"]), number(&line["start"])), (document.clone(), start));
        assert_eq!((string(&line["text"]), string(&line["entity"]["id"])), (text.clone(), id));
        let around = format!("{}{text}{}", string(&line["before"]), string(&line["after"]));
        let at = IDS.iter().position(|(_, label)| *label == document).unwrap();
        assert!(TEXTS[at].contains(&around), "{around:?}");
    }
}

#[test]
fn tables_have_a_row_for_each_mention() {
    let text = written(&Delimited::csv(Offsets::Char), &TEXTS);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let at = |name: &str| columns.iter().position(|c| c == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let number = |row: &csv::StringRecord, name| usize::from_str(&row[at(name)]).unwrap();
    let of_row = |row: &csv::StringRecord| {
        (
            row[at("document")].to_owned(),
            number(row, "start"),
            number(row, "end"),
            row[at("text")].to_owned(),
            row[at("id")].to_owned(),
        )
    };
    assert_eq!(rows.iter().map(of_row).collect::<Vec<_>>(), expected());

    let text = written(&Delimited::tsv(Offsets::Char), &TEXTS);
    let lines: Vec<Vec<&str>> = text.lines().map(|l| l.split('\t').collect()).collect();
    assert_eq!(lines.len(), rows.len() + 1);
    assert!(lines.iter().all(|l| l.len() == columns.len()), "{text}");
    assert!(
        text.contains("\tNew Delhi\t")
            && !written(&Delimited::tsv(Offsets::Char).header(false), &TEXTS).contains("document")
    );
}

#[test]
fn geojson_is_read_by_its_reader() {
    let text = written(&GeoJson::collection(Offsets::Char), &TEXTS);
    let collection = geojson::FeatureCollection::from_str(&text).unwrap();
    assert_eq!(collection.features.len(), expected().len());
    for (feature, (document, start, _, text, id)) in collection.features.iter().zip(expected()) {
        let property = |name: &str| string(feature.property(name).unwrap());
        assert_eq!((property("document"), property("start")), (document, start.to_string()));
        assert_eq!((property("text"), property("id")), (text, id));
        let point = sample().by_id(&property("id")).unwrap().point().unwrap();
        let geojson::GeometryValue::Point { coordinates } = &feature.geometry.as_ref().unwrap().value else {
            panic!("{feature:?}")
        };
        assert!((coordinates[0] - point.lon()).abs() < 1e-4 && (coordinates[1] - point.lat()).abs() < 1e-4);
    }
    let lines = written(&GeoJson::lines(Offsets::Char), &TEXTS);
    let features: Vec<geojson::Feature> =
        lines.lines().map(|l| geojson::Feature::from_str(l).unwrap()).collect();
    assert_eq!(features, collection.features);
    let empty = written(&GeoJson::collection(Offsets::Char), &[]);
    assert!(geojson::FeatureCollection::from_str(&empty).unwrap().features.is_empty());
}

#[test]
fn html_is_well_formed_asks_for_nothing_and_keeps_the_text() {
    let text = written(&Html::new(sample()), &TEXTS);
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let page = roxmltree::Document::parse_with_options(&text, options).unwrap();
    let has_class = |n: &roxmltree::Node<'_, '_>, class: &str| {
        n.attribute("class").is_some_and(|c| c.split(' ').any(|c| c == class))
    };
    // The text without the tooltips is the text, but for what XML cannot hold.
    let bodies: Vec<String> = page
        .descendants()
        .filter(|n| has_class(n, "text"))
        .map(|body| {
            assert_eq!(body.attribute("dir"), Some("auto"));
            let texts = body.descendants().filter(|n| n.is_text());
            let outside = texts.filter(|n| !n.ancestors().any(|a| has_class(&a, "tip")));
            outside.filter_map(|n| n.text()).collect()
        })
        .collect();
    assert_eq!(bodies, TEXTS.map(|t| t.replace(['\u{1}', '\u{1c}'], "\u{fffd}")));
    let tips: Vec<String> = page
        .descendants()
        .filter(|n| has_class(n, "tip"))
        .map(|n| n.descendants().filter_map(|n| n.text().filter(|_| n.is_text())).collect())
        .collect();
    assert_eq!(tips.len(), expected().len());
    for (tip, (.., id)) in tips.iter().zip(expected()) {
        assert!(tip.contains(&id), "{tip}");
    }
    assert!(tips.iter().any(|t| t.contains("or Paris, gn:2988507, FR")), "{tips:?}");
    for node in page.descendants() {
        let name = node.tag_name().name();
        assert!(!["script", "link", "img", "iframe", "object"].contains(&name), "{name}");
        let reference = node.attribute("href").filter(|_| name != "a");
        assert!(node.attribute("src").is_none() && reference.is_none_or(|r| r == "#world"));
    }
    assert!(!text.contains("url(") && !text.contains("@import"));
    assert_eq!(page.descendants().filter(|n| has_class(n, "map")).count(), 2);
}

#[test]
fn tei_is_well_formed_and_keeps_the_text() {
    let text = written(&Tei, &TEXTS);
    let tei = roxmltree::Document::parse(&text).unwrap();
    let root = tei.root_element();
    assert_eq!(
        (root.tag_name().name(), root.tag_name().namespace()),
        ("TEI", Some("http://www.tei-c.org/ns/1.0"))
    );
    let named = |name: &'static str| tei.descendants().filter(move |n| n.tag_name().name() == name);
    let divisions: Vec<_> = named("div").collect();
    assert_eq!(
        divisions.iter().map(|d| d.attribute("n").unwrap()).collect::<Vec<_>>(),
        ["a,_\"b\"_&_<c>", "17", "null", "ü#%"]
    );
    let words = |text: &str| {
        text.replace(['\u{1}', '\u{1c}'], "\u{fffd}").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for (division, text) in divisions.iter().zip(TEXTS) {
        let paragraphs = division
            .children()
            .map(|p| p.descendants().filter_map(|n| n.text().filter(|_| n.is_text())).collect());
        assert_eq!(words(&paragraphs.collect::<Vec<String>>().join("\n")), words(text));
    }
    let names: Vec<(String, String)> = tei
        .descendants()
        .filter_map(|n| Some((n.text()?.to_owned(), n.attribute("key")?.to_owned())))
        .collect::<Vec<_>>();
    let elements: Vec<_> = tei.descendants().filter(|n| n.has_attribute("key")).collect();
    assert_eq!(elements.len(), expected().len(), "{names:?}");
    for (element, (.., text, id)) in elements.iter().zip(expected()) {
        assert_eq!((element.text(), element.attribute("key")), (Some(&*text), Some(&*id)));
    }
    assert_eq!(divisions[3].children().filter(roxmltree::Node::is_element).count(), 2);
}

#[test]
fn brat_takes_the_parts_of_a_name_over_a_line_end() {
    for (i, text) in TEXTS.iter().enumerate() {
        let characters: Vec<char> = text.chars().collect();
        let written = written(&Brat, &TEXTS[i..=i]);
        let mut ids = Vec::new();
        for line in written.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            match fields[0].chars().next() {
                Some('T') => {
                    let (kind, spans) = fields[1].split_once(' ').unwrap();
                    assert!(["Place", "State"].contains(&kind));
                    let parts = spans.split(';').map(|span| {
                        let (start, end) = span.split_once(' ').unwrap();
                        characters[start.parse().unwrap()..end.parse().unwrap()].iter().collect::<String>()
                    });
                    assert_eq!(parts.collect::<Vec<_>>().join(" "), fields[2]);
                }
                Some('N') => ids.push(fields[1].rsplit_once(' ').unwrap().1.to_owned()),
                Some('A' | '#') => {}
                _ => panic!("{line:?}"),
            }
        }
        let expected = found(text).iter().map(|a| a.record.id().to_string()).collect::<Vec<_>>();
        assert_eq!(ids, expected);
        assert!(i > 0 || written.contains(";"), "{written}");
    }
    assert!(Brat.holds_one());
}

#[test]
fn conll_tags_are_the_mentions() {
    let text = written(&Conll, &TEXTS);
    let mut names: Vec<(String, String)> = Vec::new();
    for line in text.lines().filter(|l| !l.is_empty() && !l.starts_with("# newdoc")) {
        let [word, tag, id] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line:?}") };
        match tag.split_once('-') {
            Some(("B", _)) => names.push((word.to_owned(), id.to_owned())),
            Some(("I", _)) => {
                let (name, last) = names.last_mut().unwrap();
                assert_eq!(last, id);
                name.push_str(word);
            }
            _ => assert_eq!((tag, id), ("O", "_")),
        }
    }
    let joined = |text: &str| text.split_whitespace().collect::<String>();
    let expected: Vec<_> = expected().into_iter().map(|(.., text, id)| (joined(&text), id)).collect();
    assert_eq!(names, expected);
    assert_eq!(text.matches("# newdoc id = ").count(), TEXTS.len());
    // Three lines of the first text hold words, one of the second, none of the third, two of the last.
    assert_eq!(text.split("\n\n").filter(|s| s.contains('\t')).count(), 6, "{text}");
}

#[test]
fn spacy_entities_are_made_of_whole_tokens() {
    let lines: Vec<Value> = written(&Spacy, &TEXTS).lines().map(json).collect();
    let mut names = Vec::new();
    for (line, text) in lines.iter().zip(TEXTS) {
        assert_eq!(line["text"], text);
        let characters: Vec<char> = text.chars().collect();
        let spans = |list: &Value| -> Vec<(usize, usize)> {
            list.as_array().unwrap().iter().map(|t| (number(&t["start"]), number(&t["end"]))).collect()
        };
        let tokens = spans(&line["tokens"]);
        // Between two tokens is nothing or one space.
        let mut at = 0;
        for (start, end) in tokens.iter().copied().chain([(characters.len(), characters.len())]) {
            assert!(start == at || (start == at + 1 && characters[at] == ' '), "{text:?}: {tokens:?}");
            at = end;
        }
        for (start, end) in spans(&line["ents"]) {
            assert!(tokens.iter().any(|t| t.0 == start) && tokens.iter().any(|t| t.1 == end));
        }
        let label = string(&line["id"]);
        for e in line["ents"].as_array().unwrap() {
            let (start, end) = (number(&e["start"]), number(&e["end"]));
            names.push((
                label.clone(),
                start,
                end,
                characters[start..end].iter().collect(),
                string(&e["kb_id"]),
            ));
        }
    }
    assert_eq!(names, expected());
}

#[test]
fn web_annotations_select_the_mentions() {
    let page = json(&written(&WebAnnotation, &TEXTS));
    assert_eq!(
        (&page["@context"][0], &page["type"]),
        (&"http://www.w3.org/ns/anno.jsonld".into(), &"AnnotationPage".into())
    );
    let items = page["items"].as_array().unwrap();
    assert_eq!(items.len(), expected().len());
    let mut ids: Vec<String> = items.iter().map(|i| string(&i["id"])).collect();
    for (item, (document, start, end, text, id)) in items.iter().zip(expected()) {
        assert_eq!(item["type"], "Annotation");
        let source = string(&item["target"]["source"]);
        assert!(source.chars().all(|c| !matches!(c, ' ' | '"' | '<' | '>' | '#' | '{' | '}')), "{source}");
        assert_eq!(percent_encoding::percent_decode_str(&source).decode_utf8().unwrap(), document);
        let [position, quote] = &item["target"]["selector"].as_array().unwrap()[..] else { panic!("{item}") };
        assert_eq!((number(&position["start"]), number(&position["end"])), (start, end));
        assert_eq!(quote["exact"], text);
        let number = id.strip_prefix("gn:").unwrap();
        assert_eq!(item["body"][0]["source"], format!("https://sws.geonames.org/{number}/"));
    }
    ids.dedup();
    assert_eq!(ids.len(), items.len());
    assert_eq!(json(&written(&WebAnnotation, &TEXTS[1..3]))["items"], Value::Array(vec![]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn any_text_is_read_again(text in texts()) {
        let one = [&*text];
        let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
        let page = written(&Html::new(sample()), &one);
        prop_assert!(roxmltree::Document::parse_with_options(&page, options).is_ok(), "{}", page);
        let tei = written(&Tei, &one);
        prop_assert!(roxmltree::Document::parse(&tei).is_ok(), "{}", tei);
        for format in [&Jsonl::default() as &dyn Format, &Json::default(), &Spacy, &WebAnnotation] {
            prop_assert!(serde_json::from_str::<Value>(&written(format, &one)).is_ok());
        }
        let found = found(&text).len();
        let tagged = written(&Conll, &one);
        prop_assert_eq!(tagged.lines().filter(|l| l.contains("\tB-")).count(), found, "{}", tagged);
        prop_assert!(tagged.lines().all(|l| l.is_empty() || l.starts_with("# newdoc") || l.split('\t').count() == 3));
        let tsv = written(&Delimited::tsv(Offsets::Char), &one);
        prop_assert_eq!(tsv.split('\n').count(), found + 2);
    }
}
