//! XML of any vocabulary: an element is part of the running text where its parent has text of its own.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::{Fault, Ground, Prose, entity, html};

/// Elements that stand by themselves in running text, besides those of HTML: notes and lines of verse.
const BLOCKS: &[&str] = &["ab", "fn", "footnote", "head", "item", "l", "lg", "list", "note", "para", "sec"];

/// What the source is made of.
enum Part {
    /// A begin, and how it stands in its parent.
    Begin {
        name: String,
        parent: Option<usize>,
        /// Whether it has text of its own.
        has_text: bool,
    },
    End {
        begin: usize,
    },
    Text(Range<usize>, Ground),
    /// A comment or instruction, which ends no word.
    Nothing,
}

pub(super) fn read(prose: &mut Prose<'_>) -> Result<(), Fault> {
    let parts = parts(prose.source)?;
    let is_inline = |parent: &Option<usize>, name: &str| {
        let text_around =
            parent.is_some_and(|at| matches!(parts.get(at), Some(Part::Begin { has_text: true, .. })));
        text_around && !html::is_block(name) && !BLOCKS.contains(&name)
    };
    let mut unread: Option<usize> = None;
    for (i, part) in parts.iter().enumerate() {
        match part {
            Part::Begin { name, parent, .. } if unread.is_none() => {
                if matches!(&**name, "br" | "lb") {
                    prose.line_end();
                } else if !is_inline(parent, name) {
                    prose.gap();
                }
                if matches!(&**name, "script" | "style") {
                    unread = Some(i);
                }
            }
            Part::End { begin } => {
                if unread == Some(*begin) {
                    unread = None;
                }
                if let (None, Some(Part::Begin { name, parent, .. })) = (unread, parts.get(*begin))
                    && !is_inline(parent, name)
                    && !matches!(&**name, "br" | "lb")
                {
                    prose.gap();
                }
            }
            Part::Text(source, Ground::Cdata) if unread.is_none() => {
                prose.verbatim(source.clone(), Ground::Cdata);
            }
            Part::Text(source, ground) if unread.is_none() => entity::read(prose, source.clone(), *ground),
            _ => {}
        }
    }
    Ok(())
}

fn parts(source: &str) -> Result<Vec<Part>, Fault> {
    let mut reader = Reader::from_str(source);
    let (mut parts, mut open): (Vec<Part>, Vec<usize>) = (Vec::new(), Vec::new());
    let place = |position: u64| usize::try_from(position).unwrap_or(source.len());
    loop {
        let start = place(reader.buffer_position());
        let event = reader
            .read_event()
            .map_err(|error| Fault { byte: place(reader.error_position()), what: error.to_string() })?;
        let end = place(reader.buffer_position());
        let parent = open.last().copied();
        let part = match event {
            Event::Start(tag) => {
                open.push(parts.len());
                Part::Begin { name: tag.local_name().as_ref().to_owned(), parent, has_text: false }
            }
            Event::Empty(tag) => {
                parts.push(Part::Begin {
                    name: tag.local_name().as_ref().to_owned(),
                    parent,
                    has_text: false,
                });
                Part::End { begin: parts.len() - 1 }
            }
            Event::End(_) => Part::End { begin: open.pop().unwrap_or_default() },
            Event::Text(_) => Part::Text(start..end, Ground::Mixed),
            Event::GeneralRef(_) => Part::Text(start..end, Ground::Mixed),
            Event::CData(_) => Part::Text(start + "<![CDATA[".len()..end - "]]>".len(), Ground::Cdata),
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) | Event::DocType(_) => Part::Nothing,
            Event::Eof => break,
        };
        if let Part::Text(range, _) = &part
            && let Some(Part::Begin { has_text, .. }) = parent.and_then(|at| parts.get_mut(at))
        {
            let text = source.get(range.clone()).unwrap_or_default();
            // Space that holds a line end is there to make the source readable.
            *has_text |= !text.is_empty() && (!text.trim().is_empty() || !text.contains('\n'));
        }
        parts.push(part);
    }
    if open.is_empty() {
        return Ok(parts);
    }
    Err(Fault { byte: source.len(), what: "the text ends inside an element".to_owned() })
}
