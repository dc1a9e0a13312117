//! HTML, cut into tokens as the standard says; what lies in which element is told by the tags alone.

use std::ops::Range;

use html5gum::{DefaultEmitter, Token, Tokenizer};

use super::{Ground, Prose, entity};

/// Elements that stand by themselves: no name goes over their edges.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "button",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "listing",
    "main",
    "menu",
    "nav",
    "ol",
    "optgroup",
    "option",
    "p",
    "plaintext",
    "pre",
    "search",
    "section",
    "select",
    "summary",
    "table",
    "tbody",
    "td",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
    "xmp",
];

/// Elements whose content is no running text.
const UNREAD: &[&str] = &[
    "code", "iframe", "kbd", "noembed", "noframes", "rp", "rt", "samp", "script", "style", "svg", "math",
    "template",
];

/// Elements with text and no elements in it.
const BARE: &[&str] = &["option", "textarea", "title"];

/// Things in a line that are no text, and marks on a name that are no part of it.
const THINGS: &[&str] = &["audio", "canvas", "embed", "img", "input", "object", "sub", "sup", "video"];

pub(super) fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name)
}

/// Read a part of the source as HTML.
pub(super) fn read(prose: &mut Prose<'_>, part: Range<usize>) {
    let Some(source) = prose.source.get(part.clone()) else { return };
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    // The element that is passed over, and how many of its name are open; whether in this one none may stand.
    let (mut unread, mut bare): (Option<(Vec<u8>, usize)>, bool) = (None, false);
    for token in Tokenizer::new_with_emitter(source, emitter).flatten() {
        match token {
            Token::StartTag(tag) => {
                if let Some((name, depth)) = &mut unread {
                    *depth += usize::from(*name == *tag.name && !tag.self_closing);
                    continue;
                }
                edge(prose, &tag.name);
                bare = among(BARE, &tag.name);
                if !tag.self_closing && among(UNREAD, &tag.name) {
                    unread = Some((tag.name.to_vec(), 1));
                }
            }
            Token::EndTag(tag) => {
                if let Some((name, depth)) = &mut unread {
                    *depth -= usize::from(*name == *tag.name);
                    if *depth == 0 {
                        unread = None;
                    }
                    continue;
                }
                edge(prose, &tag.name);
                bare = false;
            }
            Token::String(text) if unread.is_none() => {
                let ground = if bare { Ground::Bare } else { Ground::Mixed };
                entity::read(prose, part.start + text.span.start..part.start + text.span.end, ground);
            }
            _ => {}
        }
    }
    prose.gap();
}

/// What a tag means for the text around it.
fn edge(prose: &mut Prose<'_>, name: &[u8]) {
    if among(BLOCKS, name) {
        prose.gap();
    } else if name == b"br" {
        prose.line_end();
    } else if among(THINGS, name)
        || (among(UNREAD, name) && !matches!(name, b"rp" | b"rt" | b"script" | b"style"))
    {
        prose.thing();
    }
}

fn among(names: &[&str], name: &[u8]) -> bool {
    names.iter().any(|known| known.as_bytes() == name)
}
