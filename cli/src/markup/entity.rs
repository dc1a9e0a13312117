//! Character references: `&amp;`, `&eacute;`, `&#233;`, `&#xE9;`.

use std::borrow::Cow;
use std::ops::Range;

use super::{Ground, Prose};

/// Text in which references are decoded, whatever else is as it stands.
pub(super) fn read(prose: &mut Prose<'_>, source: Range<usize>, ground: Ground) {
    let whole = prose.source;
    let mut at = source.start;
    while let Some(text) = whole.get(at..source.end).filter(|text| !text.is_empty()) {
        let start = text.find('&').unwrap_or(text.len());
        prose.verbatim(at..at + start, ground);
        at += start;
        let Some((decoded, length)) = whole.get(at..source.end).and_then(first) else {
            // An ampersand that is one.
            let end = (at + 1).min(source.end);
            prose.verbatim(at..end, ground);
            at = end;
            continue;
        };
        prose.decoded(&decoded, at..at + length, ground);
        at += length;
    }
}

/// The reference a text begins with, decoded, and how long it is in the source.
fn first(text: &str) -> Option<(Cow<'_, str>, usize)> {
    let name = text.strip_prefix('&')?;
    let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '#').unwrap_or(name.len());
    let end = 1 + end + usize::from(name.as_bytes().get(end) == Some(&b';'));
    let run = text.get(..end)?;
    let whole = htmlize::unescape(run);
    if whole == run {
        return None;
    }
    // A name may be shorter than the run of letters (`&notit;` is ¬ and `it;`): the shortest that explains it is it.
    (2..=run.len()).find_map(|length| {
        let (reference, rest) = run.split_at_checked(length)?;
        let decoded = htmlize::unescape(reference);
        (decoded != reference && whole.strip_suffix(rest) == Some(&*decoded)).then_some((decoded, length))
    })
}
