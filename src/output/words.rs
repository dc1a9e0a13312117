//! A text cut into words and marks, for formats that write one by one. No word reaches across the edge of a mention.

use unicode_segmentation::UnicodeSegmentation;

use crate::resolve::Annotation;

use super::Annotated;

/// A word, a mark or a stretch of white space.
pub(super) struct Word<'a> {
    pub(super) start: usize,
    pub(super) text: &'a str,
    /// The mention it belongs to.
    pub(super) mention: Option<&'a Annotation<'a>>,
    /// Whether it is the first of its mention.
    pub(super) first: bool,
}

impl Word<'_> {
    pub(super) fn is_space(&self) -> bool {
        self.text.starts_with(is_space)
    }
}

/// Separators are white space to Python, whose tools read what is made of these words.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// All of a text, by the word boundaries of Unicode (UAX 29), and between white space and what stands on it: a lone mark.
pub(super) fn words<'a>(text: &Annotated<'a>) -> Vec<Word<'a>> {
    let mut words = Vec::new();
    let mut at = 0;
    let mut add = |start: usize, end: usize, mention: Option<&'a Annotation<'a>>| {
        for (i, word) in text.text.get(start..end).unwrap_or_default().split_word_bound_indices() {
            let (mut at, mut rest) = (start + i, word);
            while let Some(space) = rest.chars().next().map(is_space) {
                let end = rest.find(|c| is_space(c) != space).unwrap_or(rest.len());
                let (text, behind) = rest.split_at(end);
                words.push(Word { start: at, text, mention, first: at == start && mention.is_some() });
                (at, rest) = (at + end, behind);
            }
        }
    };
    for annotation in text.apart() {
        add(at, annotation.start, None);
        add(annotation.start, annotation.end, Some(annotation));
        at = annotation.end;
    }
    add(at, text.text.len(), None);
    words
}
