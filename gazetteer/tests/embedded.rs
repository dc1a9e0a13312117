//! The embedded gazetteer: every name is found, and what must be there is there.

use exonym::Finder;
use exonym::token::Key;
use exonym_gazetteer::embedded;

#[test]
fn every_name_is_found_when_it_stands_alone() {
    let gazetteer = embedded();
    let finder = Finder::new(gazetteer).inflect(false);
    let mut missed = Vec::new();
    let mut tried = 0u32;
    for name in gazetteer.names() {
        let text = name.text();
        if gazetteer.get(&Key::new(text)).is_empty() {
            continue;
        }
        tried += 1;
        let whole =
            finder.find_iter(text).any(|m| m.candidates(gazetteer).any(|n| n.record() == name.record()));
        if !whole {
            missed.push(text);
        }
    }
    assert!(tried > 1_000_000, "{tried} names have a key");
    assert!(
        missed.is_empty(),
        "{} of {tried} are not found: {:?}",
        missed.len(),
        &missed[..missed.len().min(20)]
    );
}

#[test]
fn it_is_sound_and_of_its_size() {
    let gazetteer = embedded();
    gazetteer.verify().unwrap();
    let kinds = gazetteer.kinds();
    assert!(kinds["place"] >= 170_000 && kinds["state"] >= 400 && kinds["organization"] >= 100, "{kinds:?}");
    assert!(gazetteer.languages().len() >= 150);
    let features = |class: &str| {
        gazetteer
            .records()
            .filter(|r| r.id().scheme() == "xn" && r.feature().is_some_and(|f| f.starts_with(class)))
            .count()
    };
    assert!(features("H") + features("T") + features("L") >= 600);
}

#[test]
fn a_point_lies_where_its_country_is() {
    let gazetteer = embedded();
    for (id, lat, lon) in
        [("iso:US", 39.76, -98.5), ("iso:RU", 60.0, 100.0), ("iso:KZ", 48.0, 68.0), ("iso:AU", -25.0, 135.0)]
    {
        let point = gazetteer.by_id(id).unwrap().point().unwrap();
        assert!((point.lat() - lat).abs() < 1.0 && (point.lon() - lon).abs() < 1.0, "{id}: {point:?}");
    }
}
