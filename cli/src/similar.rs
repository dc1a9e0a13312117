//! 'Did you mean' for names of columns and fields.

/// `; did you mean "name"?` where a known word is much like the one typed, else nothing.
pub(crate) fn meant<'w>(typed: &str, known: impl IntoIterator<Item = &'w str>) -> String {
    let like = |word: &str| strsim::jaro(&typed.to_lowercase(), &word.to_lowercase());
    let best = known.into_iter().map(|word| (like(word), word)).max_by(|a, b| a.0.total_cmp(&b.0));
    best.filter(|(like, _)| *like > 0.7)
        .map_or_else(String::new, |(_, word)| format!("; did you mean {word:?}?"))
}
