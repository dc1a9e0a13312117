//! Who's On First: GeoJSON, a file or a line for each place.
//!
//! Names stand in properties such as `name:rus_x_preferred`. Places marked as deprecated are passed over.

use super::objects::At;
use crate::error::Result;
use crate::record::{Kind, Name, NameKind, Record};

/// What the types of places are in the words of GeoNames, where there is one for them.
const TYPES: [(&str, &str); 12] = [
    ("continent", "L.CONT"),
    ("country", "A.PCLI"),
    ("dependency", "A.PCLD"),
    ("region", "A.ADM1"),
    ("county", "A.ADM2"),
    ("localadmin", "A.ADM3"),
    ("locality", "P.PPL"),
    ("borough", "P.PPLX"),
    ("macrohood", "P.PPLX"),
    ("neighbourhood", "P.PPLX"),
    ("ocean", "H.OCN"),
    ("marinearea", "H.SEA"),
];

/// ISO 639-3 codes whose languages BCP 47 calls by two letters.
const LANGS: &str = "afr af amh am ara ar aze az bel be ben bn bos bs bul bg cat ca ces cs cym cy dan da deu de ell el eng en epo eo \
    est et eus eu fas fa fin fi fra fr gle ga glg gl guj gu heb he hin hi hrv hr hun hu hye hy ind id isl is ita it jpn ja kan kn kat \
    ka kaz kk khm km kir ky kor ko kur ku lao lo lat la lav lv lit lt ltz lb mal ml mar mr mkd mk mlg mg mlt mt mon mn msa ms mya my \
    nep ne nld nl nno nn nob nb nor no oci oc pan pa pol pl por pt pus ps ron ro rus ru san sa sin si slk sk slv sl som so spa es sqi \
    sq srp sr swa sw swe sv tam ta tat tt tel te tgk tg tgl tl tha th tuk tk tur tr uig ug ukr uk urd ur uzb uz vie vi yid yi yor yo \
    zho zh zul zu";

pub(super) fn record(feature: &At<'_>) -> Result<Option<Record>> {
    let properties = feature.need("properties")?;
    let id = properties.get("wof:id").map_or_else(|| feature.need("id"), Ok)?;
    let mut record = Record::new(id.id(&format!("wof:{}", id.count()?))?);
    let given = |key: &str| {
        let date = properties.get(key).map(|date| date.word()).transpose()?;
        Ok::<_, crate::Error>(date.filter(|date| !matches!(date.as_str(), "" | "u" | "uuuu" | ".." | "open")))
    };
    if given("edtf:deprecated")?.is_some() {
        return Ok(None);
    }
    let kind = properties.get("wof:placetype").map(|kind| kind.text()).transpose()?.unwrap_or("");
    record.kind = Some(if kind == "country" { Kind::State } else { Kind::Place });
    let feature = TYPES.iter().find(|(known, _)| *known == kind);
    record.feature = feature.map(|(_, feature)| feature.parse()).transpose()?;
    for (key, value) in properties.members()? {
        let Some((lang, way)) = key.strip_prefix("name:").and_then(|rest| rest.split_once("_x_")) else {
            continue;
        };
        let kind = match way {
            "preferred" => NameKind::Official,
            "variant" => NameKind::Alternate,
            "colloquial" => NameKind::Colloquial,
            "historical" => NameKind::Historic,
            "abbreviation" => NameKind::Abbreviation,
            _ => continue,
        };
        for text in properties.items(key)? {
            let word = text.text()?.trim();
            if word.is_empty() {
                return Err(value.fail("a name is empty, expected the written form"));
            }
            record.names.push(Name { kind, source: "wof".to_owned(), ..Name::new(word, &tag(lang)) });
        }
    }
    if let Some(name) = properties.get("wof:name")
        && !name.text()?.trim().is_empty()
    {
        let name = Name::new(name.text()?.trim(), "");
        record.names.push(Name { kind: NameKind::Preferred, source: "wof".to_owned(), ..name });
    }
    if record.names.is_empty() {
        return Err(properties.fail("has no \"wof:name\" and no \"name:…\""));
    }
    let country = properties.get("iso:country").or_else(|| properties.get("wof:country"));
    if let Some(country) = country {
        let code = country.text()?;
        // Where there is none they write -1, XX and the like.
        let fine = code.len() == 2
            && code.bytes().all(|b| b.is_ascii_uppercase())
            && !matches!(code, "XX" | "XY" | "XZ");
        record.country = fine.then(|| code.to_owned());
    }
    for [lat, lon] in [["lbl:latitude", "lbl:longitude"], ["geom:latitude", "geom:longitude"]] {
        if let (None, Some(lat), Some(lon)) = (record.point, properties.get(lat), properties.get(lon)) {
            record.point = Some(lat.point(&lat, &lon)?);
        }
    }
    if let Some(people) = properties.get("wof:population") {
        record.population = Some(people.count()?).filter(|n| *n > 0);
    }
    if let Some(other) = properties.get("wof:concordances") {
        for (key, scheme) in [
            ("gn:id", "gn"),
            ("wd:id", "wd"),
            ("iso:id", "iso"),
            ("iata:code", "iata"),
            ("icao:code", "icao"),
        ] {
            if let Some(id) = other.get(key) {
                let value = id.word()?;
                if !matches!(value.as_str(), "" | "0" | "-1") {
                    record.same_as.push(id.id(&format!("{scheme}:{value}"))?);
                }
            }
        }
    }
    if let Some(parent) = properties.get("wof:parent_id").map(|parent| parent.word()).transpose()?
        && !parent.starts_with('-')
        && parent != "0"
    {
        record.part_of.push(properties.id(&format!("wof:{parent}"))?);
    }
    for other in properties.items("wof:superseded_by")? {
        record.successors.push(other.id(&format!("wof:{}", other.count()?))?);
    }
    let date = |key: &str| {
        // A way of writing EDTF from before its standard: u for an unknown digit.
        given(key)?.map(|text| properties.date(&text.replace('u', "X"))).transpose()
    };
    (record.period.from, record.period.to) = (date("edtf:inception")?, date("edtf:cessation")?);
    Ok(Some(record))
}

/// `rus` → `ru`, `zho_hant` → `zh-hant`.
fn tag(code: &str) -> String {
    let mut parts = code.split('_');
    let first = parts.next().unwrap_or("");
    let mut pairs = LANGS.split_whitespace();
    let mut short = first;
    while let (Some(three), Some(two)) = (pairs.next(), pairs.next()) {
        if three == first {
            short = two;
        }
    }
    let whole = [short].into_iter().chain(parts).collect::<Vec<_>>().join("-");
    super::vocabulary::tag(&whole).to_owned()
}
