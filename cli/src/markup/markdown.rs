//! Markdown: CommonMark with the extensions of GitHub.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::{Ground, Prose, html};

pub(super) fn read(prose: &mut Prose<'_>) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST;
    // Open blocks that are not read, open links and images, and what is HTML.
    let (mut unread, mut linked, mut part) = (0_usize, 0_usize, None::<Range<usize>>);
    for (event, range) in Parser::new_ext(prose.source, options).into_offset_iter() {
        match event {
            Event::Start(tag) => match tag {
                Tag::CodeBlock(_) | Tag::MetadataBlock(_) => unread += 1,
                Tag::Link { .. } | Tag::Image { .. } => linked += 1,
                Tag::Emphasis | Tag::Strong | Tag::Strikethrough => {}
                Tag::Superscript | Tag::Subscript => prose.thing(),
                _ => prose.gap(),
            },
            Event::End(tag) => match tag {
                TagEnd::CodeBlock | TagEnd::MetadataBlock(_) => unread -= 1,
                TagEnd::Link | TagEnd::Image => linked -= 1,
                TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {}
                TagEnd::Superscript | TagEnd::Subscript => prose.thing(),
                TagEnd::HtmlBlock => {
                    if let Some(part) = part.take() {
                        html::read(prose, part);
                    }
                }
                _ => prose.gap(),
            },
            Event::Text(text) if unread == 0 => {
                let ground = if linked > 0 { Ground::Bare } else { Ground::Mixed };
                if prose.source.get(range.clone()) != Some(&*text) {
                    prose.decoded(&text, range, ground);
                    continue;
                }
                // A backslash that is no text belongs to what it stands before.
                let before = range.start.saturating_sub(1);
                let is_escaped = prose.source.get(before..range.start) == Some("\\")
                    && prose.pieces.last().is_none_or(|last| last.source.end <= before);
                let escaped = if is_escaped { text.chars().next().map_or(0, char::len_utf8) } else { 0 };
                prose.decoded(text.get(..escaped).unwrap_or_default(), before..range.start + escaped, ground);
                prose.verbatim(range.start + escaped..range.end, ground);
            }
            Event::SoftBreak => prose.space(range, Ground::Mixed),
            Event::HardBreak => prose.line_end(),
            Event::Html(_) => {
                let start = part.map_or(range.start, |part| part.start);
                part = Some(start..range.end);
            }
            Event::InlineHtml(tag) if tag.to_ascii_lowercase().starts_with("<br") => prose.line_end(),
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => prose.thing(),
            Event::Text(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_)
            | Event::Rule => {}
        }
    }
}
