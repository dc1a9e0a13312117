//! What is written into a source so that it stays what it is: names marked, or others in their place.

use std::fmt::Write as _;
use std::ops::Range;

use encoding_rs::{Encoding, UTF_8};
use exonym::Annotation;
use exonym::output::link;

use super::{Ground, Markup, Prose};

/// What stands instead of a stretch of the source.
pub(crate) type Edit = (Range<usize>, String);

impl Prose<'_> {
    /// What is written is UTF-8, and says so.
    pub(crate) fn declare(&self, edits: &mut Vec<Edit>) {
        let Some(span) = Markup::declared(self.source.as_bytes()) else { return };
        let label = self.source.get(span.clone()).unwrap_or_default();
        if self.markup != Markup::Markdown && Encoding::for_label(label.as_bytes()) != Some(UTF_8) {
            edits.push((span, "utf-8".to_owned()));
            edits.sort_by_key(|(span, _)| span.start);
        }
    }

    /// Another text in the place of a stretch of the text that is read; elements inside stay, and are empty then.
    pub(crate) fn replace(&self, stretch: Range<usize>, with: &str, edits: &mut Vec<Edit>) {
        for (i, (mut source, ground)) in self.ranges(stretch.start, stretch.end).into_iter().enumerate() {
            if i == 0 {
                edits.push((source, self.escaped(with, ground)));
                continue;
            }
            // Around nothing, marks of emphasis would be text.
            let around = |source: &Range<usize>| {
                let before = self.source.as_bytes().get(source.start.checked_sub(1)?)?;
                let behind = self.source.as_bytes().get(source.end)?;
                (before == behind && b"*_~".contains(before)).then_some(source.start - 1..source.end + 1)
            };
            while let Some(wider) = around(&source).filter(|_| self.markup == Markup::Markdown) {
                source = wider;
            }
            edits.push((source, String::new()));
        }
    }

    /// The record of a name around each part of it: a `span` in HTML, a `name` in XML, a link in Markdown.
    pub(crate) fn mark(&self, annotation: &Annotation<'_>, called: &str, edits: &mut Vec<Edit>) {
        let record = annotation.record;
        let (id, role) = (record.id().to_string(), annotation.role);
        let (open, close) = match self.markup {
            Markup::Html => {
                let called = self.escaped(called, Ground::Mixed).replace('"', "&quot;");
                let open = format!(
                    "<span class=\"exonym\" data-id=\"{id}\" data-role=\"{role}\" title=\"{called}\">"
                );
                (open, "</span>".to_owned())
            }
            Markup::Xml => (format!("<name key=\"{id}\" type=\"{role}\">"), "</name>".to_owned()),
            Markup::Markdown => ("[".to_owned(), format!("]({})", link(record).unwrap_or(id))),
        };
        for (source, ground) in self.ranges(annotation.start, annotation.end) {
            let text = self.source.get(source.clone()).unwrap_or_default();
            let (open, close) = match ground {
                Ground::Mixed => (open.clone(), close.clone()),
                Ground::Cdata => (format!("]]>{open}<![CDATA["), format!("]]>{close}<![CDATA[")),
                Ground::Bare => continue,
            };
            if !text.trim().is_empty() {
                edits.push((source.start..source.start, open));
                edits.push((source.end..source.end, close));
            }
        }
    }

    fn escaped(&self, text: &str, ground: Ground) -> String {
        if ground == Ground::Cdata {
            return text.replace("]]>", "]]]]><![CDATA[>");
        }
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            match (self.markup, c) {
                (Markup::Html | Markup::Xml, '&') => out.push_str("&amp;"),
                (Markup::Html | Markup::Xml, '<') => out.push_str("&lt;"),
                (Markup::Html | Markup::Xml, '>') => out.push_str("&gt;"),
                (Markup::Xml, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}') => {
                    out.push(char::REPLACEMENT_CHARACTER)
                }
                (
                    Markup::Markdown,
                    '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '$',
                ) => {
                    let _ = write!(out, "\\{c}");
                }
                _ => out.push(c),
            }
        }
        out
    }
}
