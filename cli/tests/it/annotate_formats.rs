//! What `annotate --format` writes, through the real binary. That each format is right is tested with the library.

use snapbox::str;

use crate::support::{Folder, assert_ran};

/// Scores are the business of `eval/`.
fn annotate(folder: &Folder, args: &[&str], text: &str) -> crate::support::Ran {
    let mut ran =
        folder.run_with(&[&["annotate", "-g", "towns.gaz", "--min-score", "0"], args].concat(), text);
    let mut out = String::new();
    let mut rest = ran.stdout.as_str();
    while let Some((at, mark)) = ["\"score\":", "cert=\"", "\tscore ", "place,", "place\t"]
        .iter()
        .filter_map(|mark| Some((rest.find(mark)?, mark)))
        .min()
    {
        let behind = at + mark.len();
        out.push_str(&rest[..behind]);
        rest = &rest[behind..];
        let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        if number > 0 {
            out.push('S');
        }
        rest = &rest[number..];
    }
    out.push_str(rest);
    ran.stdout = out;
    ran
}

#[test]
fn tables() {
    let folder = Folder::with_towns();
    assert_ran!(
        annotate(&folder, &["--format", "csv"], "Baku, \"Astana\""),
        str![[r#"
status 0
-- stdout
document,start,end,text,role,score,id,name,kind,feature,country,lat,lon,population,same_as,used_name,used_lang,used_kind
,0,4,Baku,place,S,gn:587084,Baku,place,P.PPLC,AZ,40.37767,49.89201,2351300,wd:Q9248,Baku,en,preferred
,7,13,Astana,place,S,gn:1526273,Astana,place,P.PPLC,KZ,51.1801,71.44598,1544142,wd:Q1520,Astana,en,preferred

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--format", "tsv", "--no-header", "--input", "lines"], "Baku\nnone\nAstana"),
        str![[r#"
status 0
-- stdout
1	0	4	Baku	place	S	gn:587084	Baku	place	P.PPLC	AZ	40.37767	49.89201	2351300	wd:Q9248	Baku	en	preferred
3	0	6	Astana	place	S	gn:1526273	Astana	place	P.PPLC	KZ	51.1801	71.44598	1544142	wd:Q1520	Astana	en	preferred

"#]]
    );
}

#[test]
fn json() {
    let folder = Folder::with_towns();
    for (format, text) in [("json", "Baku\n.\n"), ("geojson", ".\nBaku\n.\nParis\n"), ("ndgeojson", "Baku\n")]
    {
        let ran = annotate(&folder, &["--format", format, "--input", "lines"], text);
        match format {
            "json" => assert_ran!(
                ran,
                str![[r#"
status 0
-- stdout
[
{"id":1,"offsets":"char","annotations":[{"start":0,"end":4,"text":"Baku","role":"place","score":S,"entity":{"id":"gn:587084","name":"Baku","kind":"place","feature":"P.PPLC","country":"AZ","lat":40.37767,"lon":49.89201,"population":2351300,"same_as":["wd:Q9248"]},"name":{"text":"Baku","lang":"en","kind":"preferred"}}]},
{"id":2,"offsets":"char","annotations":[]}
]

"#]]
            ),
            "geojson" => assert_ran!(
                ran,
                str![[r#"
status 0
-- stdout
{"type":"FeatureCollection","features":[
{"type":"Feature","geometry":{"type":"Point","coordinates":[49.89201,40.37767]},"properties":{"document":2,"start":0,"end":4,"offsets":"char","text":"Baku","role":"place","score":S,"id":"gn:587084","name":"Baku","kind":"place","feature":"P.PPLC","country":"AZ","population":2351300,"same_as":["wd:Q9248"]}},
{"type":"Feature","geometry":{"type":"Point","coordinates":[2.3488,48.85341]},"properties":{"document":4,"start":0,"end":5,"offsets":"char","text":"Paris","role":"place","score":S,"id":"gn:2988507","name":"Paris","kind":"place","feature":"P.PPLC","country":"FR","population":2138551,"same_as":["wd:Q90"]}}
]}

"#]]
            ),
            _ => assert_ran!(
                ran,
                str![[r#"
status 0
-- stdout
{"type":"Feature","geometry":{"type":"Point","coordinates":[49.89201,40.37767]},"properties":{"document":1,"start":0,"end":4,"offsets":"char","text":"Baku","role":"place","score":S,"id":"gn:587084","name":"Baku","kind":"place","feature":"P.PPLC","country":"AZ","population":2351300,"same_as":["wd:Q9248"]}}

"#]]
            ),
        }
    }
    assert_ran!(
        annotate(&folder, &["--format", "jsonl-mentions"], "From Baku to Paris"),
        str![[r#"
status 0
-- stdout
{"offsets":"char","before":"From ","after":" to Paris","start":5,"end":9,"text":"Baku","role":"place","score":S,"entity":{"id":"gn:587084","name":"Baku","kind":"place","feature":"P.PPLC","country":"AZ","lat":40.37767,"lon":49.89201,"population":2351300,"same_as":["wd:Q9248"]},"name":{"text":"Baku","lang":"en","kind":"preferred"}}
{"offsets":"char","before":"From Baku to ","after":"","start":13,"end":18,"text":"Paris","role":"place","score":S,"entity":{"id":"gn:2988507","name":"Paris","kind":"place","feature":"P.PPLC","country":"FR","lat":48.85341,"lon":2.3488,"population":2138551,"same_as":["wd:Q90"]},"name":{"text":"Paris","lang":"en","kind":"preferred"}}

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--format", "json", "--input", "lines"], ""),
        str![[r#"
status 0
-- stdout
[

]

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--format", "spacy"], "In Baku."),
        str![[r#"
status 0
-- stdout
{"text":"In Baku.","ents":[{"start":3,"end":7,"label":"GPE","kb_id":"gn:587084","kb_url":"https://www.geonames.org/587084/"}],"spans":{"exonym":[{"start":3,"end":7,"label":"GPE","kb_id":"gn:587084"}]},"tokens":[{"id":0,"start":0,"end":2},{"id":1,"start":3,"end":7},{"id":2,"start":7,"end":8}]}

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--format", "webannotation"], "In Baku."),
        str![[r#"
status 0
-- stdout
{"@context":["http://www.w3.org/ns/anno.jsonld",{"label":"http://www.w3.org/2000/01/rdf-schema#label"}],"id":"annotations","type":"AnnotationPage","items":[
{"id":"text#gn:587084-3-7","type":"Annotation","motivation":"linking","body":[{"type":"SpecificResource","purpose":"identifying","source":"https://sws.geonames.org/587084/","label":"Baku"}],"target":{"source":"text","selector":[{"type":"TextPositionSelector","start":3,"end":7},{"type":"TextQuoteSelector","exact":"Baku","prefix":"In ","suffix":"."}]}}
]}

"#]]
    );
}

#[test]
fn text_and_markup() {
    let folder = Folder::with_towns();
    let text = "From Alma-Ata\n\nto <Baku>";
    assert_ran!(
        annotate(&folder, &["--format", "conll"], text),
        str![[r#"
status 0
-- stdout
# newdoc
From	O	_
Alma	B-place	gn:1526384
-	I-place	gn:1526384
Ata	I-place	gn:1526384

to	O	_
<	O	_
Baku	B-place	gn:587084
>	O	_


"#]]
    );
    assert_ran!(
        annotate(&folder, &["--format", "tei", "--lang", "en"], text),
        str![[r#"
status 0
-- stdout
<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0">
<teiHeader><fileDesc>
<titleStmt><title>Texts with their names</title></titleStmt>
<publicationStmt><p>Unpublished.</p></publicationStmt>
<sourceDesc><p>Names marked by exonym 0.1.0.</p></sourceDesc>
</fileDesc></teiHeader>
<text><body>
<div xml:lang="en"><p>From <placeName key="gn:1526384" ref="https://sws.geonames.org/1526384/" cert="S">Alma-Ata</placeName></p>
<p>to &lt;<placeName key="gn:587084" ref="https://sws.geonames.org/587084/" cert="S">Baku</placeName>&gt;</p></div>
</body></text>
</TEI>

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--format", "brat"], text),
        str![[r#"
status 0
-- stdout
T1	Place 5 13	Alma-Ata
A1	Role T1 place
N1	Reference T1 gn:1526384	Almaty
#1	AnnotatorNotes T1	score S
T2	Place 19 23	Baku
A2	Role T2 place
N2	Reference T2 gn:587084	Baku
#2	AnnotatorNotes T2	score S

"#]]
    );
}

#[test]
fn a_page_has_reasons_and_runners_up() {
    let folder = Folder::with_towns();
    let page = annotate(&folder, &["--format", "html", "--lang", "en"], "Paris, Texas & Baku").stdout;
    let section = page.lines().find(|l| l.starts_with("<section>")).unwrap();
    assert!(section.contains("<div class=\"text\" dir=\"auto\" lang=\"en\"><mark class=\"place\" tabindex=\"0\">Paris<span class=\"tip\""), "{section}");
    assert!(section.contains("<i>or <bdi>Paris</bdi>, gn:2988507, FR, P.PPLC, "), "{section}");
    assert!(
        section.contains("</mark> &amp; <mark") && section.contains("<br/>") && section.contains("<circle "),
        "{section}"
    );
    assert!(page.starts_with("<!DOCTYPE html>\n") && page.ends_with("</html>\n"));
    let page = annotate(&folder, &["--format", "html", "--candidates", "0"], "Paris, Texas").stdout;
    assert!(!page.contains("<i>or "));
}

#[test]
fn formats_that_do_not_fit() {
    let folder = Folder::with_towns();
    assert_ran!(
        annotate(&folder, &["--format", "brat", "--input", "lines"], "Baku\nAstana"),
        str![[r#"
status 2
-- stdout
T1	Place 0 4	Baku
A1	Role T1 place
N1	Reference T1 gn:587084	Baku
#1	AnnotatorNotes T1	score S
-- stderr
exonym: brat holds one text, and there is another; give a folder for all with -o FOLDER/

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--format", "spacy", "--offsets", "byte"], "Baku"),
        str![[r#"
status 2
-- stderr
exonym: --offsets is byte, but spacy counts code points by its definition; leave out --offsets

"#]]
    );
    assert_ran!(
        annotate(&folder, &["--format", "geojsn"], "Baku"),
        str![[r#"
status 2
-- stderr
error: invalid value 'geojsn' for '--format <FORMAT>'
  [possible values: jsonl, jsonl-mentions, json, csv, tsv, geojson, ndgeojson, html, brat, conll, webannotation, spacy, tei, text]

  tip: a similar value exists: 'geojson'

For more information, try '--help'.

"#]]
    );
}

#[test]
fn a_folder_for_brat() {
    let folder = Folder::with_towns();
    folder.write("one.txt", "Baku,\r\nПариж и Баку");
    folder.write("two.html", "<p>Ba<b>ku</b>");
    let brat = ["annotate", "-g", "towns.gaz", "--min-score", "0", "--format", "brat", "-o"];
    assert_ran!(
        folder.run(&[&brat[..], &["corpus/", "one.txt", "two.html"]].concat()),
        str![[r#"
status 0

"#]]
    );
    assert_eq!(folder.read("corpus/one.txt"), "Baku,\r\nПариж и Баку");
    assert_eq!(folder.read("corpus/two.txt"), "<p>Ba<b>ku</b>");
    // As brat reads it: code points of the text, and the text they hold.
    for name in ["one", "two"] {
        let text: Vec<char> = folder.read(&format!("corpus/{name}.txt")).chars().collect();
        let found = folder.read(&format!("corpus/{name}.ann"));
        let spans: Vec<&str> = found.lines().filter(|line| line.starts_with('T')).collect();
        assert!(!spans.is_empty(), "{found}");
        for line in spans {
            let (about, covered) = line.rsplit_once('\t').unwrap();
            let numbers: Vec<usize> = about.split([' ', ';', '\t']).filter_map(|n| n.parse().ok()).collect();
            let parts: Vec<String> = numbers.chunks(2).map(|n| text[n[0]..n[1]].iter().collect()).collect();
            assert_eq!(parts.join(" "), covered);
        }
    }
    assert!(folder.read("corpus/annotation.conf").contains("\nRole Arg:<ENTITY>, Value:place|demonym|"));
    // Ids name the files; a folder that is there needs no slash.
    let ran = folder.run_with(
        &[&brat[..], &["corpus", "--input", "jsonl"]].concat(),
        "{\"id\":\"a/ü 1\",\"text\":\"Baku\"}\n{\"text\":\"Paris\"}\n",
    );
    assert_eq!(ran.to_string(), "status 0\n");
    assert!(folder.path("corpus/a_ü_1.ann").exists() && folder.path("corpus/2.ann").exists());
    folder.write("x/one.txt", "Baku");
    assert_ran!(
        folder.run(&[&brat[..], &["corpus", "one.txt", "x/one.txt"]].concat()),
        str![[r#"
status 2
-- stderr
exonym: two texts would be one.txt in corpus; give them different ids

"#]]
    );
}
