//! `exonym annotate`: texts in, annotations out, in the same order.

pub(crate) mod args;
mod documents;
mod format;
mod replace;
mod summary;
mod text;

use std::io::Write;

use anyhow::{Error, Result, bail};
use exonym::gazetteer::LabelOptions;
use exonym::output::{Annotated, Format};
use exonym::resolve::Scratch;
use exonym::{Annotator, Options};

use self::args::{Annotate, InputKind};
use self::documents::{Document, Reading, Visit};
use self::format::AnnotateFormat;
use self::replace::Template;
use self::summary::{Count, Summary};
use crate::args::Outcome;
use crate::input::Decoder;
use crate::input::records::{Batch, batches};
use crate::pipeline;
use crate::sink::{Sink, tell};
use crate::table::delimiter;

/// What is made of the texts.
enum Product {
    /// What was found, in a format.
    Format(Box<dyn Format>),
    /// The texts themselves, with their names rewritten.
    Texts(Template),
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
    let inputs = args.inputs.inputs()?;
    let gazetteer = args.gazetteer.open()?;
    let mut out = Sink::open(args.output.as_deref())?;
    let (product, word) = product(args, &mut options, &gazetteer, &out)?;
    let annotator = Annotator::new(&gazetteer).inflect(!args.no_inflect);

    let mut records = batches(&inputs, Reading::cut(kind, delimiter));
    let mut first = if matches!(kind, InputKind::Csv | InputKind::Tsv) { records.next()? } else { None };
    let reading = Reading::new(args, kind, delimiter, inputs.paths.len() > 1, first.as_ref())?;

    let mut around = Vec::new();
    match &product {
        Product::Format(format) => format.head(&mut around)?,
        Product::Texts(_) => reading.header(first.as_ref(), &mut around),
        Product::Summary => {}
    }
    out.write_all(&around)?;

    let worker = || {
        let mut work = Work {
            annotator: &annotator,
            options: options.clone(),
            labels: &labels,
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
            let mut job =
                Job { work: &mut work, piece: &mut piece, product, word, texts, skip_bad: args.skip_bad };
            let done = reading.each(&batch, &mut decoder, &mut job);
            (piece.error, piece.decoder) = (done.err(), decoder);
            piece
        }
    };
    let between = if let Product::Format(format) = &product { format.between() } else { "" };
    let (mut decoder, mut skipped, mut summary, mut any) =
        (Decoder::new(inputs.strict), 0, Summary::default(), false);
    let (mut open_line, whole) = (false, kind == InputKind::Text);
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
            && !matches!(product, Product::Format(_))
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
        Product::Format(format) => out.write_all(format.tail().as_bytes())?,
        Product::Texts(_) => {}
        Product::Summary => summary.write(&gazetteer, &labels, &mut out)?,
    }
    out.close()?;
    // Bytes that are no text stay as they are where texts are written as they came; but JSON is text throughout.
    if !matches!(product, Product::Texts(_)) || kind == InputKind::Jsonl {
        decoder.report();
    }
    if skipped > 0 {
        let lines = if skipped == 1 { "line was" } else { "lines were" };
        tell(format!("exonym: {skipped} bad {lines} skipped"));
    }
    Ok(Outcome::Found)
}

/// What a thread works with.
struct Work<'a, 'g> {
    annotator: &'a Annotator<'g>,
    options: Options,
    labels: &'a LabelOptions,
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
    /// Texts before, as far as it matters: none or some.
    texts: u64,
    skip_bad: bool,
}

impl Visit for Job<'_, '_, '_> {
    fn text(&mut self, document: &Document<'_>, end: &[u8]) -> Result<()> {
        let (work, out) = (&mut *self.work, &mut self.piece.bytes);
        let text = &*document.text.text;
        let usual = document.lang.as_ref().map(|lang| work.options.lang.replace(lang.clone()));
        let usual_date = document.as_of().map(|date| work.options.as_of.replace(date));
        work.annotator.annotate_into(text, &work.options, &mut work.scratch, &mut work.found);
        let mut annotated = Annotated::new(text, &work.found);
        annotated.id = document.id.as_deref();
        annotated.date = document.date.as_deref();
        annotated.lang = work.options.lang.as_deref();
        annotated.labels = Some(work.labels);
        annotated.as_of = work.options.as_of.as_ref();
        annotated.replaced = document.text.replaced();
        self.texts += 1;
        match self.product {
            Product::Format(format) => {
                if format.holds_one() && self.texts > 1 {
                    bail!("{} holds one text, and there is another; run exonym once for each", self.word);
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
            Product::Texts(template) => {
                template.rewrite(&annotated, &document.stands, out)?;
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
    if texts.field.is_some() && kind != InputKind::Jsonl {
        bail!("--field is for objects; give --input jsonl");
    }
    Ok(kind)
}

/// What to make, and the word for it.
fn product(
    args: &Annotate,
    options: &mut Options,
    gazetteer: &exonym::Gazetteer,
    out: &Sink,
) -> Result<(Product, String)> {
    if args.replace {
        let template = Template::parse(args.template.as_deref().unwrap_or("{name}"))?;
        return Ok((Product::Texts(template), String::new()));
    }
    if args.summary {
        return Ok((Product::Summary, String::new()));
    }
    if args.count {
        return Ok((Product::Format(Box::new(Count)), String::new()));
    }
    let format = AnnotateFormat::chosen(args, out);
    format.more(args, options);
    Ok((Product::Format(format.open(args, gazetteer, out)?), format.word()))
}
