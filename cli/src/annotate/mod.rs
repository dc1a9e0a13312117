//! `exonym annotate`: texts in, annotations out, one text at a time.

pub(crate) mod args;
mod format;
mod text;

use std::borrow::Cow;
use std::io::Write;

use anyhow::{Result, anyhow, bail};
use exonym::output::{Annotated, Format};
use exonym::resolve::Scratch;
use exonym::{Annotation, Annotator, Options};
use serde::{Deserialize, Deserializer};
use serde_json::value::{RawValue, to_raw_value};

use self::args::{Annotate, AnnotateFormat, InputKind};
use crate::args::Outcome;
use crate::input::{Decoder, Input, Text, inputs};
use crate::json_path::fault;
use crate::sink::{Sink, tell};

/// One line of `--input jsonl`. The id is carried over as it is written: a number of thirty digits stays one.
#[derive(Deserialize)]
struct Line<'l> {
    #[serde(borrow, default, deserialize_with = "even_null")]
    id: Option<&'l RawValue>,
    #[serde(borrow)]
    text: Cow<'l, str>,
    lang: Option<String>,
}

/// What stays the same from text to text.
struct Run<'g> {
    annotator: Annotator<'g>,
    options: Options,
    format: Box<dyn Format>,
    /// Its name.
    word: String,
    out: Sink,
    buffer: Vec<u8>,
    /// How many texts there were, and whether one of them gave anything.
    texts: u64,
    written: bool,
    scratch: Scratch<'g>,
    found: Vec<Annotation<'g>>,
    skip_bad: bool,
    skipped: u64,
}

pub(crate) fn run(args: &Annotate) -> Result<Outcome> {
    let mut options = args.hints.options()?;
    options.all = args.all;
    options.explain = args.explain;
    options.candidates = args.candidates.unwrap_or(0);
    if let Some(least) = args.min_score {
        if !(0.0..=1.0).contains(&least) {
            bail!("--min-score is {least}, expected 0 to 1");
        }
        options.min_score = least;
    }
    let gazetteer = args.gazetteer.open()?;
    let out = Sink::open(args.output.as_deref())?;
    let format = AnnotateFormat::chosen(args, &out);
    format.more(args, &mut options);
    let mut run = Run {
        annotator: Annotator::new(&gazetteer).inflect(!args.no_inflect),
        options,
        format: format.open(args, &gazetteer, &out)?,
        word: format.word(),
        out,
        buffer: Vec::new(),
        texts: 0,
        written: false,
        scratch: Scratch::default(),
        found: Vec::new(),
        skip_bad: args.skip_bad,
        skipped: 0,
    };
    run.format.head(&mut run.buffer)?;
    run.out.write_all(&run.buffer)?;
    let mut decoder = Decoder::new(args.strict);
    for input in inputs(&args.files) {
        let mut input = input?;
        match args.input {
            InputKind::Text => run.whole(&mut input, &mut decoder)?,
            InputKind::Lines => run.lines(&mut input, &mut decoder, args.files.len() > 1)?,
            InputKind::Jsonl => run.jsonl(&mut input, &mut decoder)?,
        }
    }
    run.out.write_all(run.format.tail().as_bytes())?;
    run.out.close()?;
    decoder.report();
    if run.skipped > 0 {
        let lines = if run.skipped == 1 { "line was" } else { "lines were" };
        tell(format!("exonym: {} bad {lines} skipped", run.skipped));
    }
    Ok(Outcome::Found)
}

impl Run<'_> {
    fn whole(&mut self, input: &mut Input, decoder: &mut Decoder) -> Result<()> {
        let bytes = input.read_all()?;
        let text = decoder.decode(&bytes, || input.name.clone())?;
        let id = input.path.as_ref().map(|_| to_raw_value(&input.name)).transpose()?;
        self.document(id.as_deref(), None, &text)?;
        self.out.show()?;
        Ok(())
    }

    fn lines(&mut self, input: &mut Input, decoder: &mut Decoder, several: bool) -> Result<()> {
        let mut line = Vec::new();
        while self.next(input, &mut line)? {
            let text = decoder.decode(&line, || input.place())?;
            let id = if several { to_raw_value(&input.place()) } else { to_raw_value(&input.line()) }?;
            self.document(Some(&id), None, &text)?;
        }
        Ok(())
    }

    fn jsonl(&mut self, input: &mut Input, decoder: &mut Decoder) -> Result<()> {
        let mut bytes = Vec::new();
        while self.next(input, &mut bytes)? {
            let bytes = match bytes.strip_prefix(b"\xef\xbb\xbf") {
                Some(behind) if input.line() == 1 => behind,
                _ => &bytes,
            };
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            let content;
            let line = match decoder.decode(bytes, || input.place()) {
                Ok(text) => {
                    content = text;
                    serde_json::from_str(&content.text).map_err(|error| bad(&input.place(), &error))
                }
                Err(error) => Err(error),
            };
            match line {
                // Offsets count in the string itself, whatever escapes its line has.
                Ok(Line { id, text, lang }) => self.document(id, lang, &Text::from(&*text))?,
                Err(_) if self.skip_bad => self.skipped += 1,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn next(&mut self, input: &mut Input, line: &mut Vec<u8>) -> Result<bool> {
        if input.may_wait() {
            self.out.show()?;
        }
        input.read_line(line)
    }

    /// One text with its id and, if its input says so, its language.
    fn document(&mut self, id: Option<&RawValue>, lang: Option<String>, text: &Text<'_>) -> Result<()> {
        let content = &*text.text;
        let usual = lang.map(|lang| self.options.lang.replace(lang));
        self.annotator.annotate_into(content, &self.options, &mut self.scratch, &mut self.found);
        self.texts += 1;
        if self.format.holds_one() && self.texts > 1 {
            bail!("{} holds one text, and there is another; run exonym once for each", self.word);
        }
        let mut annotated = Annotated::new(content, &self.found);
        annotated.id = id;
        annotated.lang = self.options.lang.as_deref();
        annotated.replaced = text.replaced();
        self.buffer.clear();
        self.format.text(&annotated, &mut self.buffer)?;
        if !self.buffer.is_empty() {
            if self.written {
                self.out.write_all(self.format.between().as_bytes())?;
            }
            self.written = true;
            self.out.write_all(&self.buffer)?;
        }
        if let Some(usual) = usual {
            self.options.lang = usual;
        }
        Ok(())
    }
}

/// A line that is no document: where it stands, what was expected, and what is wrong.
fn bad(place: &str, error: &serde_json::Error) -> anyhow::Error {
    let (byte, what) = fault(error);
    anyhow!("{place}: byte {byte}: expected an object such as {{\"id\":1,\"text\":\"…\"}}: {what}")
}

/// A value that is there, be it null.
fn even_null<'de: 'l, 'l, D: Deserializer<'de>>(from: D) -> Result<Option<&'l RawValue>, D::Error> {
    Deserialize::deserialize(from).map(Some)
}
