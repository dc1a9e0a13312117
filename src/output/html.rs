//! A page that a person reads: the text with its names coloured by kind, what is known of each on pointing at it, and a map.
//! It is one file that asks for nothing from outside, and well-formed XML besides.

use std::io::{self, Write};

use crate::gazetteer::{Gazetteer, RecordRef};
use crate::record::Kind;
use crate::resolve::{Annotation, Role};

use super::map::{Dot, map, world};
use super::xml::{escape, escaped};
use super::{Annotated, Format, link};

const STYLE: &str = include_str!("html.css");

/// The kinds of the legend.
const KINDS: [Kind; 6] =
    [Kind::Place, Kind::State, Kind::Organization, Kind::Person, Kind::Document, Kind::Event];

/// Writes one page with a section per text.
#[derive(Clone, Debug)]
pub struct Html {
    world: Vec<u8>,
}

impl Html {
    /// A page whose maps show land where the gazetteer has places.
    pub fn new(gazetteer: &Gazetteer) -> Html {
        let mut drawn = Vec::new();
        // Writing to memory does not fail.
        let _ = world(gazetteer, &mut drawn);
        Html { world: drawn }
    }
}

impl Format for Html {
    fn head(&self, out: &mut Vec<u8>) -> io::Result<()> {
        write!(
            out,
            "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n<meta charset=\"utf-8\"/>\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>Names in the text</title>\n\
             <style>\n{STYLE}</style>\n</head>\n<body>\n"
        )?;
        out.extend(&self.world);
        out.extend(b"<header><h1>Names in the text</h1><ul class=\"legend\">");
        for kind in KINDS {
            let kind = kind.as_str();
            write!(out, "<li><mark class=\"{kind}\">{kind}</mark></li>")?;
        }
        out.extend(b"<li><mark class=\"place as\">used in another role</mark></li></ul></header>\n");
        Ok(())
    }

    fn text(&self, text: &Annotated<'_>, out: &mut Vec<u8>) -> io::Result<()> {
        out.extend(b"<section>");
        let label = text.label();
        if !label.is_empty() {
            write!(out, "<h2 dir=\"auto\">{}</h2>", escaped(&label))?;
        }
        out.extend(b"<div class=\"text\" dir=\"auto\"");
        if let Some(lang) = text.lang {
            write!(out, " lang=\"{}\"", escaped(lang))?;
        }
        out.push(b'>');
        let mut at = 0;
        for annotation in text.apart() {
            escape(text.text.get(at..annotation.start).unwrap_or_default(), out);
            mark(text, annotation, out)?;
            at = annotation.end;
        }
        escape(text.text.get(at..).unwrap_or_default(), out);
        out.extend(b"</div>");
        aside(text, out)?;
        out.extend(b"</section>\n");
        Ok(())
    }

    fn tail(&self) -> &'static str {
        "</body>\n</html>\n"
    }
}

fn mark(text: &Annotated<'_>, annotation: &Annotation<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    let kind = annotation.record.kind();
    let own = match annotation.role {
        Role::Place => matches!(kind, Kind::Place | Kind::State),
        role => role.as_str() == kind.as_str(),
    };
    write!(out, "<mark class=\"{}{}\" tabindex=\"0\">", kind.as_str(), if own { "" } else { " as" })?;
    escape(text.slice(annotation), out);
    out.extend(b"<span class=\"tip\" role=\"note\" dir=\"ltr\">");
    write!(out, "<b><bdi>{}</bdi></b>", escaped(&text.name_of(annotation.record)))?;
    write!(out, "<i>{}, {}, score {:.2}</i>", facts(annotation.record), annotation.role, annotation.score)?;
    for reason in &annotation.reasons {
        write!(out, "<span>{:+.2} {}</span><br/>", reason.weight, escaped(&reason.text))?;
    }
    for candidate in annotation.candidates.iter().filter(|c| c.record != annotation.record) {
        write!(
            out,
            "<i>or <bdi>{}</bdi>, {}, {:.2}</i>",
            escaped(&text.name_of(candidate.record)),
            facts(candidate.record),
            candidate.score
        )?;
    }
    if let Some(link) = link(annotation.record) {
        let link = escaped(&link);
        write!(out, "<a href=\"{link}\">{link}</a>")?;
    }
    out.extend(b"</span></mark>");
    Ok(())
}

/// Id, country and kind.
fn facts(record: RecordRef<'_>) -> String {
    let country = record.country().map(|c| format!(", {}", escaped(c))).unwrap_or_default();
    let feature = record.feature().map_or(record.kind().as_str(), |f| f);
    format!("{}{country}, {}", escaped(&record.id().to_string()), escaped(feature))
}

/// The records of a text, most mentioned first: on a map and as a list.
fn aside(text: &Annotated<'_>, out: &mut Vec<u8>) -> io::Result<()> {
    let mut records: Vec<(RecordRef<'_>, usize)> = Vec::new();
    let mut sorted: Vec<RecordRef<'_>> = text.apart().map(|a| a.record).collect();
    sorted.sort_by_key(|record| record.index());
    for record in sorted {
        match records.last_mut() {
            Some((last, count)) if *last == record => *count += 1,
            _ => records.push((record, 1)),
        }
    }
    if records.is_empty() {
        return Ok(());
    }
    records.sort_by(|(a, n), (b, m)| m.cmp(n).then_with(|| a.name().text().cmp(b.name().text())));
    let dots: Vec<Dot<'_>> = records
        .iter()
        .filter_map(|(record, count)| {
            let title = format!("{} ({count})", escaped(&text.name_of(*record)));
            Some(Dot { point: record.point()?, class: record.kind().as_str(), title, count: *count })
        })
        .collect();
    out.extend(b"<aside>");
    map(&dots, out)?;
    out.extend(b"<ol>");
    for (record, count) in &records {
        let name = escaped(&text.name_of(*record));
        let kind = record.kind().as_str();
        let country = record.country().map(|c| format!(" {}", escaped(c))).unwrap_or_default();
        write!(
            out,
            "<li><mark class=\"{kind}\"><bdi>{name}</bdi></mark>{country} <span>{count}</span></li>"
        )?;
    }
    out.extend(b"</ol></aside>");
    Ok(())
}
