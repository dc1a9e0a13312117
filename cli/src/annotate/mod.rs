//! `exonym annotate`: texts in, annotations out, in the same order.

pub(crate) mod args;
mod documents;
mod folder;
mod format;
mod replace;
mod rules;
mod summary;
mod text;

use std::io::Write;

use anyhow::{Error, Result, anyhow, bail};
use exonym::gazetteer::LabelOptions;
use exonym::output::{Annotated, Format};
use exonym::resolve::Scratch;
use exonym::{Annotator, Options};

use self::args::{Annotate, InputKind};
use self::documents::{Document, Reading, Stands, Visit};
use self::folder::Folder;
use self::format::AnnotateFormat;
use self::replace::Rewriting;
use self::summary::{Count, Summary};
use crate::args::Outcome;
use crate::input::Decoder;
use crate::input::args::Declared;
use crate::input::records::{Batch, Cut, batches};
use crate::markup::{Fault, Markup};
use crate::pipeline;
use crate::progress;
use crate::sink::{Sink, tell};
use crate::table::delimiter;

/// What is made of the texts.
enum Product {
    /// What was found, in a format; of texts that are marked up it may hold what is read, or point into the source.
    Format { format: Box<dyn Format>, holds_text: bool },
    /// A folder with files for each text.
    Folder(Folder),
    /// The texts themselves, with their names rewritten or marked.
    Texts(Rewriting),
    /// Counts of all.
    Summary,
}

/// What became of a batch.
struct Piece<'g> {
    bytes: Vec<u8>,
    /// What was wrong behind the bytes.
    error: Option<Error>,
    decoder: Decoder,
    skipped: u64,
    summary: Summary<'g>,
    first: bool,
    last_for_now: bool,
}

pub(crate) fn run(args: &Annotate) -> Result<Outcome> {
    let mut options = options(args)?;
    let labels = args.naming.labels();
    let kind = kind(args)?;
    let delimiter = delimiter(args.texts.delimiter.as_deref(), kind == InputKind::Tsv)?;
    let markup = markup_of(args, kind);
    let mut inputs = args.inputs.inputs()?;
    inputs.declared = match (markup, kind) {
        (MarkupOf::ByName, _) => Declared::ByName,
        (_, InputKind::Html | InputKind::Xml) => Declared::Looked,
        _ => Declared::Ignored,
    };
    let gazetteer = args.gazetteer.open()?;
    let whole = Reading::cut(kind, delimiter) == Cut::Whole;
    let folder = args.format.map(|format| Folder::asked(args, format, whole)).transpose()?.flatten();
    let mut out = Sink::open(args.output.as_deref().filter(|_| folder.is_none()))?;
    progress::start(inputs.total(), out.is_terminal());
    let (product, word) = product(args, folder, &mut options, &gazetteer, &out)?;
    let annotator = Annotator::new(&gazetteer).inflect(!args.no_inflect);

    let mut records = batches(&inputs, Reading::cut(kind, delimiter));
    let mut first = if matches!(kind, InputKind::Csv | InputKind::Tsv) { records.next()? } else { None };
    let reading = Reading::new(args, kind, delimiter, inputs.paths.len() > 1, first.as_ref())?;

    let mut around = Vec::new();
    match &product {
        Product::Format { format, .. } => format.head(&mut around)?,
        Product::Texts(_) => reading.header(first.as_ref(), &mut around),
        Product::Folder(_) | Product::Summary => {}
    }
    out.write_all(&around)?;

    let worker = || {
        let mut work = Work {
            annotator: &annotator,
            options: options.clone(),
            labels: &labels,
            markup,
            scratch: Scratch::default(),
            found: Vec::new(),
        };
        let (product, reading, word) = (&product, &reading, &word);
        move |batch: Batch| {
            let mut piece = Piece {
                bytes: Vec::new(),
                error: None,
                skipped: 0,
                summary: Summary::default(),
                first: batch.first,
                last_for_now: batch.last_for_now,
                decoder: Decoder::new(inputs.strict),
            };
            let mut decoder = Decoder::new(inputs.strict);
            let texts = u64::from(!(batch.first && batch.input == 0));
            let mut job = Job {
                work: &mut work,
                piece: &mut piece,
                product,
                word,
                name: &batch.name,
                texts,
                skip_bad: args.skip_bad,
            };
            let done = reading.each(&batch, &mut decoder, &mut job);
            (piece.error, piece.decoder) = (done.err(), decoder);
            piece
        }
    };
    let between = if let Product::Format { format, .. } = &product { format.between() } else { "" };
    let (mut decoder, mut skipped, mut summary, mut any) =
        (Decoder::new(inputs.strict), 0, Summary::default(), false);
    let mut open_line = false;
    let next = || match first.take() {
        Some(batch) => Ok(Some(batch)),
        None => records.next(),
    };
    let result = pipeline::run(inputs.threads, next, worker, |piece: Piece<'_>| {
        if any && !piece.bytes.is_empty() {
            out.write_all(between.as_bytes())?;
        }
        // The last line of a file may have no end, and another file follows.
        if piece.first
            && open_line
            && !piece.bytes.is_empty()
            && !matches!(product, Product::Format { .. })
            && !whole
        {
            out.write_all(b"\n")?;
        }
        open_line = piece.bytes.last().map_or(open_line, |last| *last != b'\n');
        any |= !piece.bytes.is_empty();
        out.write_all(&piece.bytes)?;
        if piece.last_for_now {
            out.show()?;
        }
        decoder.add(piece.decoder);
        skipped += piece.skipped;
        summary.add(piece.summary);
        piece.error.map_or(Ok(()), Err)
    });
    // What came before an error was good, and is there.
    if let Err(error) = result {
        out.show()?;
        return Err(error);
    }
    match &product {
        Product::Format { format, .. } => out.write_all(format.tail().as_bytes())?,
        Product::Folder(_) | Product::Texts(_) => {}
        Product::Summary => summary.write(&gazetteer, &labels, &mut out)?,
    }
    out.close()?;
    progress::end();
    // Bytes that are no text stay as they are where texts are written as they came; but JSON is text throughout.
    if !matches!(product, Product::Texts(_)) || kind == InputKind::Jsonl {
        decoder.report();
    }
    if skipped > 0 {
        let (one, many) =
            if kind == InputKind::Jsonl { ("line was", "lines were") } else { ("text was", "texts were") };
        let lines = if skipped == 1 { one } else { many };
        tell(format!("exonym: {skipped} bad {lines} skipped"));
    }
    Ok(Outcome::Found)
}

/// What a thread works with.
struct Work<'a, 'g> {
    annotator: &'a Annotator<'g>,
    options: Options,
    labels: &'a LabelOptions,
    markup: MarkupOf,
    scratch: Scratch<'g>,
    found: Vec<exonym::Annotation<'g>>,
}

/// A batch being worked on.
struct Job<'j, 'a, 'g> {
    work: &'j mut Work<'a, 'g>,
    piece: &'j mut Piece<'g>,
    product: &'j Product,
    /// The word for the format.
    word: &'j str,
    /// The name of the input.
    name: &'j str,
    /// Texts before, as far as it matters: none or some.
    texts: u64,
    skip_bad: bool,
}

impl Visit for Job<'_, '_, '_> {
    fn text(&mut self, document: &Document<'_>, end: &[u8]) -> Result<()> {
        let (work, out) = (&mut *self.work, &mut self.piece.bytes);
        let text = &*document.text.text;
        let markup = match work.markup {
            MarkupOf::Told(markup) => markup,
            MarkupOf::ByName => Markup::of_file(self.name),
        };
        let prose = match markup.map(|markup| markup.read(text)).transpose() {
            Ok(prose) => prose,
            Err(fault) => return self.bad(unread(self.name, document, &fault)),
        };
        let read = prose.as_ref().map_or(text, |prose| &prose.text);
        let usual = document.lang.as_ref().map(|lang| work.options.lang.replace(lang.clone()));
        let usual_date = document.as_of().map(|date| work.options.as_of.replace(date));
        work.annotator.annotate_into(read, &work.options, &mut work.scratch, &mut work.found);
        // What points into a text points into its source, what holds the text holds what is read.
        let (holds, rewrites) = match self.product {
            Product::Format { holds_text, .. } => (*holds_text, false),
            Product::Texts(_) => (false, true),
            Product::Folder(_) | Product::Summary => (false, false),
        };
        if let (Some(prose), false, false) = (&prose, holds, rewrites) {
            for annotation in &mut work.found {
                let span = prose.span(annotation.start, annotation.end);
                (annotation.start, annotation.end) = (span.start, span.end);
            }
        }
        let mut annotated = Annotated::new(if holds { read } else { text }, &work.found);
        annotated.id = document.id.as_deref();
        annotated.date = document.date.as_deref();
        annotated.lang = work.options.lang.as_deref();
        annotated.labels = Some(work.labels);
        annotated.as_of = work.options.as_of.as_ref();
        annotated.replaced = document.text.replaced();
        self.texts += 1;
        match self.product {
            Product::Format { format, .. } => {
                if format.holds_one() && self.texts > 1 {
                    bail!(
                        "{} holds one text, and there is another; give a folder for all with -o FOLDER/",
                        self.word
                    );
                }
                let before = out.len();
                if before > 0 {
                    out.extend(format.between().as_bytes());
                }
                let start = out.len();
                format.text(&annotated, out)?;
                if out.len() == start {
                    out.truncate(before);
                }
            }
            Product::Folder(folder) => folder.text(&annotated, document.line)?,
            Product::Texts(rewriting) => {
                if prose.is_none() && matches!(rewriting, Rewriting::Mark) {
                    bail!(
                        "{}: --mark is for what is marked up; give --input or --markup html, xml or markdown, or --format text for plain text",
                        self.name
                    );
                }
                rewriting.rewrite(&annotated, prose.as_ref(), &document.stands, out)?;
                out.extend(end);
            }
            Product::Summary => self.piece.summary.text(&work.found),
        }
        if let Some(usual) = usual {
            work.options.lang = usual;
        }
        if let Some(usual) = usual_date {
            work.options.as_of = usual;
        }
        Ok(())
    }

    fn pass(&mut self, bytes: &[u8]) {
        if matches!(self.product, Product::Texts(_)) {
            self.piece.bytes.extend(bytes);
        }
    }

    fn bad(&mut self, error: Error) -> Result<()> {
        self.piece.skipped += 1;
        if self.skip_bad { Ok(()) } else { Err(error) }
    }
}

fn options(args: &Annotate) -> Result<Options> {
    let mut options = args.hints.options()?;
    options.all = args.all;
    options.explain = args.explain;
    options.candidates = args.candidates.unwrap_or(0);
    options.min_score = args.precision.min_score();
    if let Some(least) = args.min_score {
        if !(0.0..=1.0).contains(&least) {
            bail!("--min-score is {least}, expected 0 to 1");
        }
        options.min_score = least;
    }
    Ok(options)
}

/// What the input is: as said, else told by the options that belong to it.
fn kind(args: &Annotate) -> Result<InputKind> {
    let texts = &args.texts;
    let by_name = || match args.inputs.extension().as_deref() {
        Some("tsv" | "tab") => InputKind::Tsv,
        _ => InputKind::Csv,
    };
    let usual = match (&texts.field, &texts.column) {
        (Some(_), _) => InputKind::Jsonl,
        (None, Some(_)) => by_name(),
        (None, None) => InputKind::Text,
    };
    let kind = args.input.unwrap_or(usual);
    let is_table = matches!(kind, InputKind::Csv | InputKind::Tsv);
    let of_table = [
        ("--column", texts.column.is_some()),
        ("--id-column", texts.id_column.is_some()),
        ("--lang-column", texts.lang_column.is_some()),
        ("--date-column", texts.date_column.is_some()),
        ("--delimiter", texts.delimiter.is_some()),
    ];
    if let Some((option, _)) = of_table.iter().find(|(_, given)| *given && !is_table) {
        bail!("{option} is for tables; give --input csv or tsv");
    }
    if texts.markup.is_some() && matches!(kind, InputKind::Html | InputKind::Xml | InputKind::Markdown) {
        bail!(
            "--markup is for texts in fields, columns and lines; --input says how a whole file is marked up"
        );
    }
    if texts.field.is_some() && kind != InputKind::Jsonl {
        bail!("--field is for objects; give --input jsonl");
    }
    Ok(kind)
}

/// How texts are marked up.
#[derive(Clone, Copy)]
enum MarkupOf {
    Told(Option<Markup>),
    /// As the name of the file says.
    ByName,
}

fn markup_of(args: &Annotate, kind: InputKind) -> MarkupOf {
    MarkupOf::Told(match kind {
        InputKind::Html => Some(Markup::Html),
        InputKind::Xml => Some(Markup::Xml),
        InputKind::Markdown => Some(Markup::Markdown),
        _ if args.input.is_none() && args.texts.markup.is_none() && kind == InputKind::Text => {
            return MarkupOf::ByName;
        }
        _ => args.texts.markup,
    })
}

/// A source that is not what it should be, with the place.
fn unread(name: &str, document: &Document<'_>, fault: &Fault) -> Error {
    let before = document.text.text.get(..fault.byte).unwrap_or(&document.text.text);
    let (lines, start) = (before.matches('\n').count() as u64, before.rfind('\n').map_or(0, |at| at + 1));
    let (line, byte) = match document.stands {
        Stands::Itself(_) => (document.line + lines, fault.byte - start + 1),
        Stands::String(..) | Stands::Cell(..) => (document.line, fault.byte + 1),
    };
    anyhow!(
        "{name}:{line}: byte {byte} of the text: no well-formed XML: {}; mend it, read it as html, or pass over such texts with --skip-bad",
        fault.what
    )
}

/// What to make, and the word for it.
fn product(
    args: &Annotate,
    folder: Option<Folder>,
    options: &mut Options,
    gazetteer: &exonym::Gazetteer,
    out: &Sink,
) -> Result<(Product, String)> {
    if let Some(folder) = folder {
        return Ok((Product::Folder(folder), String::new()));
    }
    if args.replace {
        // What tells of a place to be hidden may be part of a bigger name.
        options.all |= !args.anonymize.is_empty();
        return Ok((Product::Texts(Rewriting::new(args, gazetteer)?), String::new()));
    }
    if args.mark {
        return Ok((Product::Texts(Rewriting::Mark), String::new()));
    }
    if args.summary {
        return Ok((Product::Summary, String::new()));
    }
    if args.count {
        return Ok((Product::Format { format: Box::new(Count), holds_text: false }, String::new()));
    }
    let format = AnnotateFormat::chosen(args, out);
    format.more(args, options);
    let holds_text = format.holds_text();
    Ok((Product::Format { format: format.open(args, gazetteer, out)?, holds_text }, format.word()))
}
