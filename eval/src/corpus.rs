//! Annotated corpora: one JSON object a line, offsets in code points.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

/// One corpus.
#[derive(Debug)]
pub(crate) struct Corpus {
    /// File name without its extension.
    pub(crate) name: String,
    /// Its documents.
    pub(crate) documents: Vec<Document>,
}

/// One text with its gold spans.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// The text.
    pub(crate) text: String,
    /// BCP 47.
    pub(crate) lang: Option<String>,
    /// Gold spans in bytes, sorted.
    pub(crate) gold: Vec<Gold>,
    /// Spans of persons, organisations and others, in bytes, sorted.
    pub(crate) other: Vec<(usize, usize)>,
}

/// A gold span.
#[derive(Clone, Debug)]
pub(crate) struct Gold {
    /// Byte span.
    pub(crate) span: (usize, usize),
    /// Neither required nor punished.
    pub(crate) optional: bool,
    /// Where it is.
    pub(crate) point: Option<(f64, f64)>,
    /// Ids (`gn:…`, `wd:…`).
    pub(crate) ids: Vec<String>,
}

/// How a copy of a text is written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Case {
    /// All in capitals.
    Upper,
    /// All in small letters.
    Lower,
    /// The words that begin with a capital in capitals, as in datelines and lists.
    Names,
}

impl Document {
    /// A copy that does not say its language.
    pub(crate) fn without_language(&self) -> Document {
        Document { lang: None, ..self.clone() }
    }

    /// A copy in capitals or small letters, with the same spans; letters whose other case is not one letter stay.
    pub(crate) fn recased(&self, case: Case) -> Document {
        let mut text = String::with_capacity(self.text.len());
        let mut at = vec![0; self.text.len() + 1];
        let mut in_name = false;
        for (i, c) in self.text.char_indices() {
            at[i] = text.len();
            in_name = c.is_uppercase() || in_name && c.is_alphanumeric();
            let other: Vec<char> = match case {
                Case::Upper => c.to_uppercase().collect(),
                Case::Lower => c.to_lowercase().collect(),
                Case::Names if in_name => c.to_uppercase().collect(),
                Case::Names => vec![c],
            };
            text.push(if let [other] = other[..] { other } else { c });
        }
        at[self.text.len()] = text.len();
        let moved = |span: (usize, usize)| (at[span.0], at[span.1]);
        let gold = self.gold.iter().map(|g| Gold { span: moved(g.span), ids: g.ids.clone(), ..*g }).collect();
        Document {
            text,
            lang: self.lang.clone(),
            gold,
            other: self.other.iter().map(|s| moved(*s)).collect(),
        }
    }
}

#[derive(Deserialize)]
struct Line {
    text: String,
    lang: Option<String>,
    annotations: Vec<LineSpan>,
    other: Option<Vec<LineSpan>>,
}

#[derive(Deserialize)]
struct LineSpan {
    start: usize,
    end: usize,
    #[serde(default)]
    optional: bool,
    lat: Option<f64>,
    lon: Option<f64>,
    geonames_id: Option<serde_json::Value>,
    wikidata: Option<String>,
}

/// Read every `*.jsonl` of a folder whose name begins with one of the prefixes (all, if none is given), by name.
pub(crate) fn read_all(folder: &Path, prefixes: &[String]) -> Result<Vec<Corpus>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .with_context(|| format!("cannot read {}", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    paths.retain(|path| path.extension().is_some_and(|e| e == "jsonl"));
    paths.sort();
    let mut all = Vec::new();
    for path in paths {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if prefixes.is_empty() || prefixes.iter().any(|p| name.starts_with(p.as_str())) {
            all.push(Corpus { documents: read(&path)?, name });
        }
    }
    Ok(all)
}

fn read(path: &Path) -> Result<Vec<Document>> {
    let content = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut documents = Vec::new();
    for (number, line) in content.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let line: Line =
            serde_json::from_str(line).with_context(|| format!("{}:{}", path.display(), number + 1))?;
        let mut bytes: Vec<usize> = line.text.char_indices().map(|(i, _)| i).collect();
        bytes.push(line.text.len());
        let span = |s: &LineSpan| Some((*bytes.get(s.start)?, *bytes.get(s.end)?));
        let mut gold: Vec<Gold> = line
            .annotations
            .iter()
            .filter_map(|s| {
                let id = s.geonames_id.as_ref().and_then(|v| match v {
                    serde_json::Value::String(id) => Some(format!("gn:{id}")),
                    serde_json::Value::Number(id) => Some(format!("gn:{id}")),
                    _ => None,
                });
                let ids = id.into_iter().chain(s.wikidata.as_ref().map(|q| format!("wd:{q}"))).collect();
                Some(Gold { span: span(s)?, optional: s.optional, point: s.lat.zip(s.lon), ids })
            })
            .collect();
        gold.sort_by_key(|g| g.span);
        let mut other: Vec<(usize, usize)> = line.other.iter().flatten().filter_map(span).collect();
        other.sort_unstable();
        documents.push(Document { text: line.text, lang: line.lang, gold, other });
    }
    Ok(documents)
}
