//! HTML, XML and Markdown: what is read of them, offsets into the source, and output that stays what the input was.

use snapbox::str;

use crate::support::{Folder, assert_ran};

const ANNOTATE: [&str; 5] = ["annotate", "-g", "towns.gaz", "--min-score", "0"];

const PAGE: &str = "<!doctype html>\n<html><head><title>Baku &amp; Astana</title><style>Texas{}</style></head>\n\
    <body title='Paris'><p>From Al<b>ma-A</b>ta to <a href='Paris'>Xank&#601;ndi</a>.<!-- Paris -->\n<script>Paris</script>\
    <ul><li>Baku<li>Texas</ul></body></html>\n";

const LETTER: &str = "<?xml version=\"1.0\"?>\n<text><p n=\"Paris\">From <hi>Alma</hi>-Ata &amp; <![CDATA[<Baku>]]>.</p>\
    <row><cell>Alma</cell>\n<cell>Ata</cell></row></text>\n";

const NOTES: &str = "# From **Baku**\n\nto *Alma*\\-Ata, [Paris](Texas) and `Astana`\n\n| a | b |\n|---|---|\n| Baku | Texas |\n";

fn folder() -> Folder {
    let folder = Folder::with_towns();
    folder.write("page.html", PAGE);
    folder.write("letter.xml", LETTER);
    folder.write("notes.md", NOTES);
    folder
}

#[test]
fn offsets_lead_into_the_source() {
    let folder = folder();
    for (unit, name) in [("char", "page.html"), ("byte", "letter.xml"), ("utf16", "notes.md")] {
        let source = folder.read(name);
        let ran = folder.run(&[&ANNOTATE[..], &["--format", "jsonl", "--offsets", unit, name]].concat());
        for annotation in ran.json()[0]["annotations"].as_array().unwrap() {
            let at = |field: &str| usize::try_from(annotation[field].as_u64().unwrap()).unwrap();
            let slice = match unit {
                "byte" => source[at("start")..at("end")].to_owned(),
                "char" => source.chars().take(at("end")).skip(at("start")).collect(),
                _ => {
                    let units: Vec<u16> = source.encode_utf16().collect();
                    String::from_utf16(&units[at("start")..at("end")]).unwrap()
                }
            };
            assert_eq!(annotation["text"], slice, "{name}");
        }
    }
    let texts = |name: &str| {
        let ran = folder.run(&[&ANNOTATE[..], &["--format", "tsv", "--no-header", name]].concat());
        ran.stdout.lines().map(|line| line.split('\t').nth(3).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(texts("page.html"), ["Baku", "Astana", "Al<b>ma-A</b>ta", "Xank&#601;ndi", "Baku", "Texas"]);
    assert_eq!(texts("letter.xml"), ["Alma</hi>-Ata", "Baku"]);
    assert_eq!(texts("notes.md"), ["Baku", "Alma*\\-Ata", "Paris", "Baku", "Texas"]);
}

#[test]
fn formats_that_hold_the_text_hold_what_is_read() {
    let folder = folder();
    assert_ran!(
        folder.run(&[&ANNOTATE[..], &["--format", "text", "page.html", "notes.md"]].concat()),
        str![[r#"
status 0
-- stdout
Baku [gn:587084 Baku, AZ] & Astana [gn:1526273 Astana, KZ]

From Alma-Ata [gn:1526384 Almaty, KZ] to Xankəndi [gn:146970 Khankendi, AZ]. 

Baku [gn:587084 Baku, AZ]

Texas [gn:4736286 Texas, US]

From Baku [gn:587084 Baku, AZ]

to Alma-Ata [gn:1526384 Almaty, KZ], Paris [gn:2988507 Paris, FR] and ￼

a

b

Baku [gn:587084 Baku, AZ]

Texas [gn:4736286 Texas, US]


"#]]
    );
    let ran = folder.run(&[&ANNOTATE[..], &["--format", "spacy", "letter.xml"]].concat());
    let text = ran.json()[0]["text"].as_str().unwrap().to_owned();
    assert_eq!(text, "From Alma-Ata & <Baku>.\n\nAlma\n\nAta\n\n");
}

#[test]
fn names_are_marked() {
    let folder = folder();
    for (name, expected) in [
        (
            "page.html",
            str![[r#"
status 0
-- stdout
<!doctype html>
<html><head><title>Baku &amp; Astana</title><style>Texas{}</style></head>
<body title='Paris'><p>From <span class="exonym" data-id="gn:1526384" data-role="place" title="Almaty">Al</span><b><span class="exonym" data-id="gn:1526384" data-role="place" title="Almaty">ma-A</span></b><span class="exonym" data-id="gn:1526384" data-role="place" title="Almaty">ta</span> to <a href='Paris'><span class="exonym" data-id="gn:146970" data-role="place" title="Khankendi">Xank&#601;ndi</span></a>.<!-- Paris -->
<script>Paris</script><ul><li><span class="exonym" data-id="gn:587084" data-role="place" title="Baku">Baku</span><li><span class="exonym" data-id="gn:4736286" data-role="place" title="Texas">Texas</span></ul></body></html>

"#]],
        ),
        (
            "letter.xml",
            str![[r#"
status 0
-- stdout
<?xml version="1.0"?>
<text><p n="Paris">From <hi><name key="gn:1526384" type="place">Alma</name></hi><name key="gn:1526384" type="place">-Ata</name> &amp; <![CDATA[<]]><name key="gn:587084" type="place"><![CDATA[Baku]]></name><![CDATA[>]]>.</p><row><cell>Alma</cell>
<cell>Ata</cell></row></text>

"#]],
        ),
        (
            "notes.md",
            str![[r#"
status 0
-- stdout
# From **[Baku](https://www.geonames.org/587084/)**

to *[Alma](https://www.geonames.org/1526384/)*[\-Ata](https://www.geonames.org/1526384/), [Paris](Texas) and `Astana`

| a | b |
|---|---|
| [Baku](https://www.geonames.org/587084/) | [Texas](https://www.geonames.org/4736286/) |

"#]],
        ),
    ] {
        assert_ran!(folder.run(&[&ANNOTATE[..], &["--mark", name]].concat()), expected);
    }
    folder.write("plain.txt", "Baku");
    assert_ran!(
        folder.run(&[&ANNOTATE[..], &["--mark", "plain.txt"]].concat()),
        str![[r#"
status 2
-- stderr
exonym: plain.txt: --mark is for what is marked up; give --input or --markup html, xml or markdown, or --format text for plain text

"#]]
    );
}

#[test]
fn names_are_replaced_and_escaped() {
    let folder = folder();
    for (name, expected) in [
        (
            "page.html",
            str![[r#"
status 0
-- stdout
<!doctype html>
<html><head><title>&lt;Baku&gt;&amp;]]&gt; &amp; &lt;Astana&gt;&amp;]]&gt;</title><style>Texas{}</style></head>
<body title='Paris'><p>From &lt;Almaty&gt;&amp;]]&gt;<b></b> to <a href='Paris'>&lt;Khankendi&gt;&amp;]]&gt;</a>.<!-- Paris -->
<script>Paris</script><ul><li>&lt;Baku&gt;&amp;]]&gt;<li>&lt;Texas&gt;&amp;]]&gt;</ul></body></html>

"#]],
        ),
        (
            "letter.xml",
            str![[r#"
status 0
-- stdout
<?xml version="1.0"?>
<text><p n="Paris">From <hi>&lt;Almaty&gt;&amp;]]&gt;</hi> &amp; <![CDATA[<<Baku>&]]]]><![CDATA[>>]]>.</p><row><cell>Alma</cell>
<cell>Ata</cell></row></text>

"#]],
        ),
        (
            "notes.md",
            str![[r#"
status 0
-- stdout
# From **\<Baku\>\&\]\]\>**

to *\<Almaty\>\&\]\]\>*, [\<Paris\>\&\]\]\>](Texas) and `Astana`

| a | b |
|---|---|
| \<Baku\>\&\]\]\> | \<Texas\>\&\]\]\> |

"#]],
        ),
    ] {
        assert_ran!(
            folder.run(&[&ANNOTATE[..], &["--replace", "--template", "<{name}>&]]>", name]].concat()),
            expected
        );
    }
}

#[test]
fn what_is_written_is_well_formed() {
    let folder = Folder::with_towns();
    let names =
        ["Baku", "Al<i>ma</i>-<b><i>A</i>ta</b>", "Pa&#114;is", "<![CDATA[Texas]]>", "<x><y>Baku</y>,</x>"];
    let mut source = "<r xmlns='urn:x'>".to_owned();
    for a in names {
        for b in names {
            source.push_str(&format!("<p>To {a} <z/>{b} and {b}.</p>"));
        }
    }
    source.push_str("</r>");
    folder.write("in.xml", &source);
    let read = |text: &str| {
        let document = roxmltree::Document::parse(text).unwrap();
        document.descendants().filter(|n| n.is_text()).filter_map(|n| n.text()).collect::<String>()
    };
    let marked = folder.run(&[&ANNOTATE[..], &["--mark", "in.xml"]].concat());
    assert_eq!(read(&marked.stdout), read(&source));
    assert!(marked.stdout.matches("<name ").count() > 100);
    let replaced = folder.run(&[&ANNOTATE[..], &["--replace", "--template", "]]>&<{id}", "in.xml"]].concat());
    let text = read(&replaced.stdout);
    assert!(text.contains("]]>&<gn:1526384") && !text.contains("Ata"), "{text}");
}

#[test]
fn markup_in_fields_and_cells() {
    let folder = folder();
    assert_ran!(
        folder.run_with(
            &[&ANNOTATE[..], &["--field", ".body", "--markup", "html", "--replace"]].concat(),
            "{\"id\":1,\"body\":\"<p>Al<b>ma</b>-Ata &amp; \\u0042aku\"}\n{\"body\":\"<p>none\"}\n"
        ),
        str![[r#"
status 0
-- stdout
{"id":1,"body":"<p>Almaty<b></b> &amp; Baku"}
{"body":"<p>none"}

"#]]
    );
    assert_ran!(
        folder.run_with(
            &[&ANNOTATE[..], &["--column", "t", "--markup", "markdown", "--mark"]].concat(),
            "n,t\n1,\"*Baku*, \"\"Paris\"\"\"\n"
        ),
        str![[r#"
status 0
-- stdout
n,t
1,"*[Baku](https://www.geonames.org/587084/)*, ""[Paris](https://www.geonames.org/2988507/)"""

"#]]
    );
    assert_ran!(
        folder.run_with(
            &[&ANNOTATE[..], &["--field", ".body", "--markup", "xml", "--skip-bad"]].concat(),
            "{\"body\":\"<p>Baku\"}\n{\"body\":\"<p>Baku</p>\"}\n"
        ),
        str![[r#"
status 0
-- stdout
{"offsets":"char","annotations":[{"start":3,"end":7,"text":"Baku","role":"place","score":0.7246,"entity":{"id":"gn:587084","name":"Baku","kind":"place","feature":"P.PPLC","country":"AZ","lat":40.37767,"lon":49.89201,"population":2351300,"same_as":["wd:Q9248"]},"name":{"text":"Baku","lang":"en","kind":"preferred"}}]}
-- stderr
exonym: 1 bad line was skipped

"#]]
    );
}

#[test]
fn a_document_says_what_it_is_encoded_in() {
    let folder = Folder::with_towns();
    // Баку
    let page = b"<html><meta charset='windows-1251'><p>\xc1\xe0\xea\xf3, Baku";
    folder.write("page.html", page);
    let ran = folder.run(&[&ANNOTATE[..], &["--replace", "--template", "{text}!", "page.html"]].concat());
    assert_ran!(
        ran,
        str![[r#"
status 0
-- stdout
<html><meta charset='utf-8'><p>Баку!, Baku!(no line end)

"#]]
    );
    let ran = folder.run_with(
        &[&ANNOTATE[..], &["--input", "xml", "--format", "tsv", "--no-header"]].concat(),
        b"<?xml version='1.0' encoding='koi8-r'?><p>\xe2\xc1\xcb\xd5</p>",
    );
    assert!(ran.stdout.starts_with("\t42\t46\tБаку\t"), "{ran}");
    // What is said on the command line goes before.
    let ran = folder.run(&[&ANNOTATE[..], &["--encoding", "koi8-r", "--count", "page.html"]].concat());
    assert_eq!(ran.stdout, "page.html\t1\n");
}

#[test]
fn what_cannot_be_read_is_told() {
    let folder = Folder::with_towns();
    folder.write("bad.xml", "<text>\n<p>Baku & <b>Paris</p></text>");
    assert_ran!(
        folder.run(&[&ANNOTATE[..], &["bad.xml"]].concat()),
        str![[r#"
status 2
-- stderr
exonym: bad.xml:2: byte 9 of the text: no well-formed XML: ill-formed document: entity or character reference not closed: `;` not found before end of input; mend it, read it as html, or pass over such texts with --skip-bad

"#]]
    );
    folder.write("bad.xml", "<text>\n<p>Baku <b>Paris</p></text>");
    assert_ran!(
        folder.run(&[&ANNOTATE[..], &["bad.xml"]].concat()),
        str![[r#"
status 2
-- stderr
exonym: bad.xml:2: byte 17 of the text: no well-formed XML: ill-formed document: expected `</b>`, but `</p>` was found; mend it, read it as html, or pass over such texts with --skip-bad

"#]]
    );
    assert_ran!(
        folder.run(&[&ANNOTATE[..], &["--skip-bad", "--count", "bad.xml"]].concat()),
        str![[r#"
status 0
-- stderr
exonym: 1 bad text was skipped

"#]]
    );
    assert_eq!(
        folder.run(&[&ANNOTATE[..], &["--input", "html", "--count", "bad.xml"]].concat()).stdout,
        "bad.xml\t2\n"
    );
    assert_ran!(
        folder.run(&[&ANNOTATE[..], &["--input", "html", "--markup", "xml"]].concat()),
        str![[r#"
status 2
-- stderr
exonym: --markup is for texts in fields, columns and lines; --input says how a whole file is marked up

"#]]
    );
}

#[test]
fn rules_of_ones_own() {
    let folder = Folder::with_towns();
    folder.write(
        "rules.csv",
        "# what, and what to write\ngn:587084,\"Bakou, {country}\"\nParis,{text} ({number})\n",
    );
    let replace = |rules: &str, more: &[&str]| {
        folder.write("text.txt", "Baku, Paris, Баку and Texas.\n");
        folder.run(&[&ANNOTATE[..], &["--replace", "--map", rules, "text.txt"], more].concat())
    };
    assert_eq!(replace("rules.csv", &[]).stdout, "Bakou, AZ, Paris (2), Bakou, AZ and Texas.\n");
    assert_eq!(
        replace("rules.csv", &["--template", "{id}"]).stdout,
        "Bakou, AZ, Paris (2), Bakou, AZ and gn:4736286.\n"
    );
    for (rules, expected) in [
        (
            "gn:587084\tBakou\nBaku\t{nam}\n",
            str![[r#"
status 2
-- stderr
exonym: rules.tsv:2 has no field "nam"; did you mean "name"?; the fields are id, name, used, kind, feature, country, admin1, lat, lon, population, from, to, same_as, disputed, claimed_by, controlled_by, score, name:LANG, text, role, number, same_as:SCHEME

"#]],
        ),
        (
            "gn:999\tNowhere\n",
            str![[r#"
status 2
-- stderr
exonym: rules.tsv:1: nothing has the id "gn:999"; exonym lookup tells the id of a name

"#]],
        ),
        (
            "Baku\tBakou\textra\n",
            str![[r#"
status 2
-- stderr
exonym: rules.tsv:1: 3 columns, expected 2: an id or a name, and what to write for it

"#]],
        ),
        (
            "Baku\t{name\n",
            str![[r#"
status 2
-- stderr
exonym: rules.tsv:1 is "{name": a brace has no other; write {{ and }} for braces themselves

"#]],
        ),
        (
            "Baku\ta\n\nBaku\tb\n",
            str![[r#"
status 2
-- stderr
exonym: rules.tsv:3: there is a rule for "Baku" already; leave one of them

"#]],
        ),
    ] {
        folder.write("rules.tsv", rules);
        assert_ran!(replace("rules.tsv", &[]), expected);
    }
    assert_ran!(
        replace("absent.csv", &[]),
        str![[r#"
status 2
-- stderr
exonym: cannot read absent.csv: No such file or directory (os error 2)

"#]]
    );
}

#[test]
fn names_are_hidden() {
    let folder = Folder::with_towns();
    let hide = |more: &[&str]| {
        let ran = folder.run_with(
            &[&ANNOTATE[..], &["--replace"], more].concat(),
            "Baku, Astana and Баку, in Kazakhstan.\n",
        );
        ran.stdout
    };
    assert_eq!(hide(&["--anonymize", "place"]), "[place 1], [place 2] and [place 1], in Kazakhstan.\n");
    assert_eq!(hide(&["--anonymize", "state,place"]), "[place 1], [place 2] and [place 1], in [state 1].\n");
    assert_eq!(hide(&["--anonymize", "state", "--template", "X{number}"]), "Baku, Astana and Баку, in X1.\n");
    assert_ran!(
        folder.run(&[&ANNOTATE[..], &["--replace", "--anonymize", "town"]].concat()),
        str![[r#"
status 2
-- stderr
error: invalid value 'town' for '--anonymize <KIND>'
  [possible values: place, state, organization, person, document, event]

For more information, try '--help'.

"#]]
    );
}
