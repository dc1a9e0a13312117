//! Inputs that are no texts: no panic, a clear word, and an exit status of 0 or 2.

use crate::support::{Folder, Ran};

/// Bytes without a plan, the same each time.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    std::iter::repeat_with(next).flatten().take(length).collect()
}

/// A page of PDF with a packed stream, a JPEG with its segments, and others that come by mistake.
fn inputs() -> Vec<(&'static str, Vec<u8>)> {
    let pdf = [
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Length 4000/Filter/FlateDecode>>\nstream\n".to_vec(),
        noise(4000),
        b"\nendstream\nendobj\nxref\n0 1\n0000000000 65535 f\ntrailer\n<</Root 1 0 R>>\n%%EOF\n".to_vec(),
    ];
    let jpeg = [
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xdb\0C\0".to_vec(),
        noise(5000),
        b"\xff\xd9".to_vec(),
    ];
    vec![
        ("noise", noise(100_000)),
        ("pdf", pdf.concat()),
        ("jpeg", jpeg.concat()),
        ("zeros", vec![0; 500_000]),
        ("nothing", vec![]),
        ("open quotes", b"a,b\n\"".repeat(3)),
        ("braces", b"{".repeat(100_000)),
        ("tags", b"<a ".repeat(50_000)),
        ("elements", b"<a>".repeat(50_000)),
        ("quotations", b"> ".repeat(20_000)),
        ("stars", b"*a_ ".repeat(20_000)),
        ("brackets", b"[".repeat(50_000)),
        ("references", b"&#x110000;&#0;&".repeat(1000)),
        ("gzip that ends", b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x4b".to_vec()),
        ("gzip of noise", [b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec(), noise(1000)].concat()),
        ("zstd of noise", [b"\x28\xb5\x2f\xfd".to_vec(), noise(1000)].concat()),
        ("xz of noise", [b"\xfd7zXZ\0".to_vec(), noise(1000)].concat()),
        ("bzip2 of noise", [b"BZh91AY&SY".to_vec(), noise(1000)].concat()),
        ("utf-16 that ends", b"\xff\xfeB\0a".to_vec()),
        ("marks", "a\u{301}".repeat(10_000).into_bytes()),
        ("directions", "\u{202e}\u{2066}Baku".repeat(1000).into_bytes()),
    ]
}

/// Run on all of them; what is refused is refused in one line that begins as all do.
fn check(args: &[&str]) {
    check_some(args, usize::MAX);
}

/// Run on the first of them.
fn check_some(args: &[&str], most: usize) {
    let folder = Folder::with_towns();
    for (name, bytes) in inputs().into_iter().take(most) {
        let args = [args, &["-g", "towns.gaz", "-o", "out"]].concat();
        let Ran { status, stdout, stderr } = folder.run_with(&args, &bytes);
        assert!(matches!(status, 0 | 2), "{name}: {args:?} ended with {status}: {stderr}");
        assert_eq!(stdout, "", "{name}");
        assert!(stderr.lines().all(|line| line.starts_with("exonym: ")), "{name}: {args:?} says {stderr}");
        assert!(status == 0 || stderr.lines().count() >= 1, "{name}: {args:?} says nothing");
        assert!(!stderr.contains("panicked"), "{name}: {args:?} says {stderr}");
    }
}

#[test]
fn texts() {
    for input in ["text", "lines", "html", "xml", "markdown"] {
        check(&["annotate", "--input", input]);
    }
}

#[test]
fn tables_and_objects() {
    check(&["annotate", "--input", "jsonl", "--skip-bad", "--replace"]);
    check(&["annotate", "--column", "1", "--no-header", "--format", "csv"]);
    check(&["normalize"]);
    check(&["normalize", "--column", "1", "--no-header", "--add", "id"]);
    check(&["normalize", "--column", ".name", "--input", "jsonl"]);
}

#[test]
fn formats_and_texts_written_anew() {
    for format in
        ["html", "geojson", "tei", "conll", "brat", "spacy", "webannotation", "text", "jsonl-mentions"]
    {
        check_some(&["annotate", "--format", format], 5);
    }
    for input in ["html", "xml", "markdown"] {
        check_some(&["annotate", "--replace", "--input", input], 12);
    }
}

#[test]
fn sources_and_gazetteers() {
    let folder = Folder::with_towns();
    for (name, bytes) in inputs() {
        folder.write("bad.gaz", &bytes);
        let ran = folder.run(&["verify", "-g", "bad.gaz"]);
        assert_eq!(ran.status, 2, "{name}: {ran}");
        assert!(ran.stderr.starts_with("exonym: bad.gaz"), "{name}: {ran}");
        for end in ["csv", "jsonl", "zip"] {
            let source = format!("bad.{end}");
            folder.write(&source, &bytes);
            let ran = folder.run(&["build", "-q", &source, "-o", "out.gaz"]);
            assert_eq!(ran.status, 2, "{name} as {end}: {ran}");
            assert!(ran.stderr.lines().all(|line| line.starts_with("exonym: ")), "{name} as {end}: {ran}");
        }
    }
    assert!(!folder.files().contains(&"out.gaz".to_owned()));
}
