//! Texts that are marked up: what of HTML, XML and Markdown a person reads, and where in the source it stands.

mod entity;
mod html;
mod markdown;
mod write;
mod xml;

use std::ops::Range;
use std::path::Path;

use clap::ValueEnum;

pub(crate) use self::write::Edit;

/// How a text is marked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Markup {
    /// HTML as browsers read it.
    Html,
    /// Well-formed XML.
    Xml,
    /// CommonMark, with tables, footnotes and front matter.
    Markdown,
}

impl Markup {
    /// What the end of a file's name says, but for what it is compressed with.
    pub(crate) fn of_file(name: &str) -> Option<Markup> {
        let name = name.to_ascii_lowercase();
        let name =
            [".gz", ".zst", ".xz", ".bz2"].iter().fold(&*name, |n, end| n.strip_suffix(end).unwrap_or(n));
        match Path::new(name).extension()?.to_str()? {
            "html" | "htm" => Some(Markup::Html),
            "xml" | "xhtml" | "tei" => Some(Markup::Xml),
            "md" | "markdown" => Some(Markup::Markdown),
            _ => None,
        }
    }

    /// Where a document says what it is encoded in, if it does: in its first bytes, as the standards have it.
    pub(crate) fn declared(start: &[u8]) -> Option<Range<usize>> {
        let start = start.get(..DECLARED_WITHIN).unwrap_or(start).to_ascii_lowercase();
        let key: &[u8] =
            if start.trim_ascii_start().starts_with(b"<?xml") { b"encoding=" } else { b"charset=" };
        let at = start.windows(key.len()).position(|bytes| bytes == key)? + key.len();
        let at = at + usize::from(start.get(at).is_some_and(|byte| matches!(byte, b'"' | b'\'')));
        let label = start.get(at..)?;
        let end = label.iter().position(|b| !(b.is_ascii_alphanumeric() || b"-_:.".contains(b)))?;
        (end > 0).then_some(at..at + end)
    }

    /// What a person reads of a source. An error tells the byte of the source where it ends to be one.
    pub(crate) fn read(self, source: &str) -> Result<Prose<'_>, Fault> {
        let mut prose = Prose { markup: self, source, text: String::new(), pieces: Vec::new() };
        match self {
            Markup::Html => html::read(&mut prose, 0..source.len()),
            Markup::Xml => xml::read(&mut prose)?,
            Markup::Markdown => markdown::read(&mut prose),
        }
        Ok(prose)
    }
}

/// So far into a document its encoding is declared.
const DECLARED_WITHIN: usize = 1024;

/// What stands in a text for a thing that is not read.
const THING: char = '\u{fffc}';

/// Why a source cannot be read, and at which byte.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) byte: usize,
    pub(crate) what: String,
}

/// What can be done where a piece stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ground {
    /// Text among elements.
    Mixed,
    /// Text among which no element may stand: a title, a link.
    Bare,
    /// A CDATA section.
    Cdata,
}

/// Text of the source, as it stands there or decoded.
#[derive(Clone, Debug, PartialEq)]
struct Piece {
    /// Where it is in the text that is read.
    read: Range<usize>,
    source: Range<usize>,
    /// Whether both are the same bytes.
    verbatim: bool,
    ground: Ground,
}

/// The text a person reads, in pieces of the source. Between blocks stands an empty line, which no name goes over.
#[derive(Debug)]
pub(crate) struct Prose<'s> {
    markup: Markup,
    source: &'s str,
    pub(crate) text: String,
    pieces: Vec<Piece>,
}

impl Prose<'_> {
    /// Where in the source a stretch of the text stands.
    pub(crate) fn span(&self, start: usize, end: usize) -> Range<usize> {
        let ranges = self.ranges(start, end);
        match (ranges.first(), ranges.last()) {
            (Some((first, _)), Some((last, _))) => first.start..last.end,
            _ => 0..0,
        }
    }

    /// The parts of the source a stretch of the text stands in, joined where nothing is between them.
    fn ranges(&self, start: usize, end: usize) -> Vec<(Range<usize>, Ground)> {
        let first = self.pieces.partition_point(|piece| piece.read.end <= start);
        let mut ranges: Vec<(Range<usize>, Ground)> = Vec::new();
        for piece in self.pieces.iter().skip(first).take_while(|piece| piece.read.start < end) {
            let mut source = piece.source.clone();
            if piece.verbatim {
                let at = |read: usize| {
                    piece.source.start + read.clamp(piece.read.start, piece.read.end) - piece.read.start
                };
                source = at(start)..at(end);
            }
            match ranges.last_mut() {
                Some((last, ground)) if last.end == source.start && *ground == piece.ground => {
                    last.end = source.end;
                }
                _ => ranges.push((source, piece.ground)),
            }
        }
        ranges
    }

    /// Text as it stands in the source; white space of any length is one space.
    fn verbatim(&mut self, source: Range<usize>, ground: Ground) {
        let white = |c: char| c.is_ascii_whitespace();
        let (whole, mut at) = (self.source, source.start);
        while let Some(text) = whole.get(at..source.end).filter(|text| !text.is_empty()) {
            let word = text.find(white).unwrap_or(text.len());
            self.piece(text.get(..word).unwrap_or_default(), at..at + word, true, ground);
            let behind = text.get(word..).unwrap_or_default();
            let space = behind.len() - behind.trim_start_matches(white).len();
            if space > 0 {
                self.space(at + word..at + word + space, ground);
            }
            at += word + space;
        }
    }

    /// White space: one space, or none at the beginning of a line.
    fn space(&mut self, source: Range<usize>, ground: Ground) {
        let is_space = self.source.get(source.clone()) == Some(" ");
        if !self.text.is_empty() && !self.text.ends_with([' ', '\n']) {
            self.piece(" ", source, is_space, ground);
        }
    }

    /// Text that is written otherwise in the source.
    fn decoded(&mut self, text: &str, source: Range<usize>, ground: Ground) {
        self.piece(text, source, false, ground);
    }

    fn piece(&mut self, text: &str, source: Range<usize>, verbatim: bool, ground: Ground) {
        if text.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.push_str(text);
        let end = self.text.len();
        match self.pieces.last_mut() {
            Some(last)
                if verbatim
                    && last.verbatim
                    && last.ground == ground
                    && last.read.end == start
                    && last.source.end == source.start =>
            {
                (last.read.end, last.source.end) = (end, source.end);
            }
            _ => self.pieces.push(Piece { read: start..end, source, verbatim, ground }),
        }
    }

    /// Between two blocks.
    fn gap(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push_str("\n\n");
        }
    }

    /// A line end inside a block.
    fn line_end(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// Something inside a block that is not read, and that no name goes over.
    fn thing(&mut self) {
        self.text.push(THING);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text that is read, with each given stretch of it and where that stands in the source.
    #[track_caller]
    fn check(markup: Markup, source: &str, text: &str, stretches: &[(&str, &str)]) {
        let prose = markup.read(source).unwrap();
        assert_eq!(prose.text.trim_end(), text);
        for (stretch, stands) in stretches {
            let start = prose.text.find(stretch).unwrap();
            assert_eq!(&source[prose.span(start, start + stretch.len())], *stands);
        }
        // Every piece that says so is the same bytes, and pieces come in the order of both texts.
        for piece in &prose.pieces {
            let (read, stands) = (&prose.text[piece.read.clone()], &source[piece.source.clone()]);
            assert!(!piece.verbatim || read == stands, "{piece:?}");
        }
        assert!(prose.pieces.is_sorted_by_key(|piece| (piece.read.start, piece.source.start)));
    }

    #[test]
    fn html_is_read_as_it_is_seen() {
        check(
            Markup::Html,
            "<!doctype html><title>Baku &amp; co</title><style>p{}</style><p title='Oslo'>New <b>Yo</b>rk<!-- x -->\n \
             City<p>S&atilde;o&nbsp;Tom&eacute<br>a<sup>1</sup> <script>Rome</script>b<ul><li>Alma<wbr>ty</ul>",
            "Baku & co\n\nNew York City\n\nSão\u{a0}Tomé\na\u{fffc}1\u{fffc} b\n\nAlmaty",
            &[
                ("New York City", "New <b>Yo</b>rk<!-- x -->\n City"),
                ("São", "S&atilde;o"),
                ("Tomé", "Tom&eacute"),
                ("Almaty", "Alma<wbr>ty"),
                ("rk Ci", "rk<!-- x -->\n Ci"),
                ("&", "&amp;"),
            ],
        );
        check(
            Markup::Html,
            "a &lt b < c &notit; &unknown; &#x41;&#150;",
            "a < b < c ¬it; &unknown; A–",
            &[("¬it", "&notit")],
        );
        check(
            Markup::Html,
            "<ruby>東<rt>とう</rt>京</ruby><select><option>A<option>B</select>",
            "東京\n\nA\n\nB",
            &[],
        );
        check(Markup::Html, "", "", &[]);
    }

    #[test]
    fn elements_of_xml_are_inline_where_text_is_around_them() {
        check(
            Markup::Xml,
            "<?xml version='1.0'?><!DOCTYPE t><t><row><a>New</a>\n<a>York</a></row><p>To <hi>Al</hi>ma<lb/>Ata &#233;&lt;\
             <![CDATA[<Baku>]]></p><?x Rome?></t>",
            "New\n\nYork\n\nTo Alma\nAta é<<Baku>",
            &[("Alma", "Al</hi>ma"), ("Baku", "Baku"), ("é", "&#233;")],
        );
        for (source, byte) in [("<a>Baku</b>", 7), ("<a>", 3), ("a & b", 2), ("<a><b></a>", 6)] {
            assert_eq!(Markup::Xml.read(source).unwrap_err().byte, byte, "{source}");
        }
    }

    #[test]
    fn markdown_is_read_without_its_marks() {
        check(
            Markup::Markdown,
            "---\ntitle: Oslo\n---\n# New **York** `Rome`\n\n* Alma\\-Ata,\n  S&atilde;o [Tomé](Paris)\n* a\n\n|New|York|\n|-|-|\n|x|y|\n\n\
             ```\nRome\n```\n<div>Ba<i>ku</i></div>\n",
            "New York \u{fffc}\n\nAlma-Ata, São Tomé\n\na\n\nNew\n\nYork\n\nx\n\ny\n\nBaku",
            &[
                ("New York", "New **York"),
                ("Alma-Ata", "Alma\\-Ata"),
                ("São", "S&atilde;o"),
                ("Baku", "Ba<i>ku"),
            ],
        );
    }

    #[test]
    fn encodings_are_declared_near_the_beginning() {
        for (start, label) in [
            ("<!doctype html><META charset=\"Windows-1251\">", Some("Windows-1251")),
            ("<meta http-equiv=Content-Type content='text/html; charset=koi8-r'>", Some("koi8-r")),
            ("<?xml version='1.0' encoding='ISO-8859-2'?>", Some("ISO-8859-2")),
            ("<p>charset", None),
            ("<meta charset=''>", None),
        ] {
            let found = Markup::declared(start.as_bytes()).map(|span| &start[span]);
            assert_eq!(found, label, "{start}");
        }
    }

    #[test]
    fn names_of_files_tell_the_markup() {
        for (name, markup) in [
            ("a/page.HTML", Some(Markup::Html)),
            ("letter.tei.gz", Some(Markup::Xml)),
            ("README.md", Some(Markup::Markdown)),
            ("notes.txt", None),
            ("md", None),
            ("standard input", None),
        ] {
            assert_eq!(Markup::of_file(name), markup, "{name}");
        }
    }
}
