//! What was typed.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::OnceLock;

use bytesize::ByteSize;
use clap::builder::styling::{AnsiColor, Styles};
use clap::builder::{OsStringValueParser, PossibleValuesParser, RangedU64ValueParser, TypedValueParser};
use clap::{Args, ColorChoice, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use exonym::record::{Kind, NameKind};
use exonym::source::Format;
use exonym::source::select::Selection;

use crate::annotate::args::Annotate;
use crate::completions::Completions;
use crate::config::Config;
use crate::config::show::ConfigArgs;
use crate::input::args::MOST_THREADS;
use crate::man::Man;
use crate::normalize::args::Normalize;
use crate::progress;
use crate::sink::{interrupt, is_closed_pipe, tell};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default());

/// Any name of a place, state, organisation or person, in any language and script, to one canonical record.
#[derive(Parser)]
#[command(
    name = "exonym",
    version,
    long_version = long_version(),
    styles = STYLES,
    after_help = "Examples:\n  echo 'Talks in Alma-Ata and Ханкенди' | exonym annotate\n  exonym lookup Almatıda 阿拉木图\n  \
                  exonym normalize < cities.txt > ids.tsv\n\nExit status: 0 done or found, 1 nothing found, 2 error."
)]
struct Exonym {
    #[command(subcommand)]
    command: Command,
    /// When to colour output.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
}

#[derive(Subcommand)]
enum Command {
    /// Find the names in texts and tell which records they mean.
    #[command(
        after_help = "Examples:\n  exonym annotate news.txt\n  exonym annotate --input jsonl --format jsonl < docs.jsonl > \
                            annotations.jsonl\n  exonym annotate --lang ru --explain --format jsonl статья.txt\n  exonym annotate \
                            --format html --files-from list.txt -o page.html\n  exonym annotate --column body --id-column nr --format \
                            geojson news.csv.gz\n  exonym annotate --replace --template '{name} [{id}]' < letter.txt\n  exonym \
                            annotate --mark page.html > marked.html\n  exonym annotate --summary archive/*.txt"
    )]
    Annotate(Box<Annotate>),
    /// Tell which record each line of a list, or each cell of a table's column, means.
    #[command(
        after_help = "Examples:\n  exonym normalize cities.txt\n  exonym normalize --column city --country-column land \
                            --add id,lat,lon customers.csv > placed.csv\n  exonym normalize --column .place.name --add id docs.jsonl\n  \
                            exonym normalize --column 2 --replace=name:ru --on-miss empty table.tsv\n  printf 'Paris, \
                            Texas\\nБаку\\n' | exonym normalize\n\nFields for --add and --replace: id, name, name:LANG, used, kind, \
                            feature, country, admin1, lat, lon, population,\nfrom, to, same_as, same_as:SCHEME, status, score."
    )]
    Normalize(Box<Normalize>),
    /// Show the records that bear a name or have an id.
    #[command(
        after_help = "Examples:\n  exonym lookup Almaty\n  exonym lookup --format jsonl Ханкенди Paris\n  exonym lookup --names \
                            gn:1526384\n  exonym lookup --as-of 1930 --name-lang ru Leningrad\n  exonym lookup --prefix \
                            --country KZ Алм\n  exonym lookup --fuzzy 1 Kazahkstan"
    )]
    Lookup(Lookup),
    /// Tell who uses a name, since when and until when, and what the thing was before and after.
    #[command(
        after_help = "Examples:\n  exonym explain Stepanakert\n  exonym explain --json Leningrad | jq .history\n  exonym explain \
                            --as-of 1950 Danzig USSR"
    )]
    Explain(Explain),
    /// Make a gazetteer file from CSV, TSV, JSON Lines or GeoNames.
    #[command(
        after_help = "Examples:\n  exonym build names.csv -o names.gaz\n  exonym annotate -g names.gaz text.txt\n  exonym build \
                            cities500.zip --alternate-names alternateNamesV2.zip -o cities.gaz\n\nColumns: id and \
                            name, and optionally kind, feature, lang, name_kind, country, admin1, admin2, lat, lon,\npopulation, from, to, \
                            perspective, case, same_as, exists_from, exists_to, part_of, successors, claimed_by, controlled_by, \
                            source.\nFurther rows with the same id add names."
    )]
    Build(Build),
    /// Write all of a gazetteer as CSV, from which it can be built again, or several as one gazetteer file.
    #[command(
        after_help = "Examples:\n  exonym export -g names.gaz -o names.csv.gz\n  exonym export -g default -g mine.csv -o ours.gaz"
    )]
    Export(Export),
    /// Tell how two gazetteers differ.
    #[command(
        after_help = "Example:\n  exonym diff old.gaz new.gaz\n\nLines begin with + (added), - (removed) or ~ (a field changed). Exit \
                            status: 0 no difference, 1 some, 2 error."
    )]
    Diff(Diff),
    /// Tell what a gazetteer holds.
    #[command(after_help = "Examples:\n  exonym inspect\n  exonym inspect -g names.gaz --json | jq .records")]
    Inspect(Inspect),
    /// Read all of a gazetteer and check it.
    #[command(after_help = "Example:\n  exonym verify -g names.gaz")]
    Verify(Verify),
    /// Write a script that completes commands and options in a shell.
    #[command(
        after_help = "Examples:\n  exonym completions bash > ~/.local/share/bash-completion/completions/exonym\n  exonym completions \
                            zsh > ~/.zfunc/_exonym\n  exonym completions fish > ~/.config/fish/completions/exonym.fish"
    )]
    Completions(Completions),
    /// Write a page of the manual.
    #[command(
        after_help = "Examples:\n  exonym man annotate | man -l -\n  exonym man --dir ~/.local/share/man/man1"
    )]
    Man(Man),
    /// Measure how fast this machine is with a text and a gazetteer.
    #[command(
        after_help = "Examples:\n  exonym bench news.txt\n  exonym bench -g names.gaz --threads 4 --json news.txt | jq .throughput"
    )]
    Bench(Bench),
    /// Show the options that hold where nothing is typed, and where they come from.
    #[command(
        after_help = "Examples:\n  exonym config annotate\n  EXONYM_CONFIG=exonym.toml exonym config\n\nThe file that EXONYM_CONFIG \
                            names holds options by their names, for all commands or for one:\n\n  gazetteer = \"world.gaz\"\n\n  \
                            [annotate]\n  lang = \"ru\"\n  country = [\"KZ\", \"UZ\"]\n  explain = true\n\nWhat is typed comes first, then the \
                            environment, then the file."
    )]
    Config(ConfigArgs),
}

/// Which gazetteer.
#[derive(Args, Default)]
pub(crate) struct GazetteerArgs {
    /// A gazetteer file instead of the embedded one; given again, a further one laid over it. Also a source of `build` such as a .csv,
    /// and `default` for the embedded one.
    // An empty variable is none; the usual parser of paths refuses it.
    #[arg(short, long, value_name = "FILE", env = "EXONYM_GAZETTEER", value_parser = OsStringValueParser::new().map(PathBuf::from))]
    pub(crate) gazetteer: Vec<PathBuf>,
}

/// What the user knows of the texts or names.
#[derive(Args, Default)]
pub(crate) struct Hints {
    /// Language of the input (BCP 47); otherwise told from the text.
    #[arg(long, value_name = "TAG")]
    pub(crate) lang: Option<String>,
    /// Prefer places of these countries (ISO 3166-1 alpha-2).
    #[arg(long, value_name = "CC", value_delimiter = ',')]
    pub(crate) country: Vec<String>,
    /// Prefer places near a point.
    #[arg(long, value_name = "LAT,LON", allow_hyphen_values = true)]
    pub(crate) near: Option<String>,
    /// Prefer names and states of this date (EDTF: 1985, 1985-12, 1985-12-31).
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) as_of: Option<String>,
    /// Give instead of a past state what it is today, as far as that can be told.
    #[arg(long)]
    pub(crate) to_current: bool,
}

/// How records are called.
#[derive(Args, Default)]
pub(crate) struct Naming {
    /// Call records by their names in this language (BCP 47, with a script where there are several: sr-Latn).
    #[arg(long, value_name = "TAG")]
    pub(crate) name_lang: Option<String>,
    /// Call records as this side does, where names are disputed (az, am, …).
    #[arg(long, value_name = "CODE")]
    pub(crate) perspective: Option<String>,
    /// Call records by the names of all sides, joined by /, where names are disputed.
    #[arg(long, conflicts_with = "perspective")]
    pub(crate) neutral: bool,
}

#[derive(Args)]
pub(crate) struct Lookup {
    /// Names, or ids such as gn:1526384 or iso:KZ.
    #[arg(value_name = "NAME", required = true)]
    pub(crate) names: Vec<String>,
    /// How to write.
    #[arg(long, value_enum, default_value_t = LookupFormat::Text)]
    pub(crate) format: LookupFormat,
    /// Most records to show for each name.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) limit: usize,
    /// Show all names of each record.
    #[arg(long = "names")]
    pub(crate) all_names: bool,
    /// Prefer names and states of this date (EDTF: 1985, 1985-12, 1985-12-31).
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) as_of: Option<String>,
    /// Show what begins so, the best known first.
    #[arg(long, conflicts_with = "fuzzy")]
    pub(crate) prefix: bool,
    /// Show what differs in at most N letters, the nearest first.
    #[arg(long, value_name = "N")]
    pub(crate) fuzzy: Option<usize>,
    /// Only records of these kinds.
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = kind())]
    pub(crate) kind: Vec<Kind>,
    /// Only records of these countries (ISO 3166-1 alpha-2).
    #[arg(long, value_name = "CC", value_delimiter = ',')]
    pub(crate) country: Vec<String>,
    /// Only records of these GeoNames classes or codes (P, P.PPLC).
    #[arg(long, value_name = "FEATURE", value_delimiter = ',')]
    pub(crate) feature: Vec<String>,
    /// Only names of these languages (BCP 47).
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    pub(crate) lang: Vec<String>,
    /// Only records within these corners, south-west and north-east; it may cross 180°.
    #[arg(long, value_name = "LAT,LON,LAT,LON", allow_hyphen_values = true)]
    pub(crate) bbox: Option<String>,
    #[command(flatten)]
    pub(crate) naming: Naming,
    #[command(flatten)]
    pub(crate) gazetteer: GazetteerArgs,
}

#[derive(Args)]
pub(crate) struct Explain {
    /// Names, or ids such as gn:1526384 or iso:KZ.
    #[arg(value_name = "NAME", required = true)]
    pub(crate) names: Vec<String>,
    /// Write one JSON object per record.
    #[arg(long)]
    pub(crate) json: bool,
    /// Most records to explain for each name.
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub(crate) limit: usize,
    /// Mark what was not in use at this date (EDTF: 1985, 1985-12, 1985-12-31), and give what was first.
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    pub(crate) as_of: Option<String>,
    #[command(flatten)]
    pub(crate) gazetteer: GazetteerArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LookupFormat {
    /// For people.
    Text,
    /// Tab-separated, without a header.
    Tsv,
    /// One JSON object per record.
    Jsonl,
}

#[derive(Args)]
pub(crate) struct Build {
    /// Sources: .csv, .tsv, .jsonl, .txt of GeoNames, .json with --format; also as .gz, .zst, .xz, .bz2 and .zip.
    #[arg(value_name = "SOURCE", required = true)]
    pub(crate) sources: Vec<PathBuf>,
    /// What the sources are, where their names do not tell.
    #[arg(long, value_parser = format())]
    pub(crate) format: Option<Format>,
    /// alternateNamesV2.txt of GeoNames, for the records of the sources.
    #[arg(long, value_name = "FILE")]
    pub(crate) alternate_names: Option<PathBuf>,
    /// The file to make.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Stop at the first row that is not right.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Also store names as the press of other languages spells them (Чернівці: Chernivtsi, Tscherniwzi).
    #[arg(long)]
    pub(crate) transliterate: bool,
    /// The date of the data (YYYY-MM-DD), kept in the file.
    #[arg(long, value_name = "DATE")]
    pub(crate) data_date: Option<String>,
    /// The licence of the data, kept in the file; `@FILE` reads it from a file.
    #[arg(long, value_name = "TEXT")]
    pub(crate) licence: Option<String>,
    /// Keep about this much in memory while building, such as 512MiB or 4GiB, and the rest in temporary files.
    #[arg(long, value_name = "SIZE", default_value = "1GiB", value_parser = size)]
    pub(crate) memory: ByteSize,
    /// The folder for temporary files; otherwise that of the output.
    #[arg(long, value_name = "DIR", env = "TMPDIR", hide_env_values = true, value_parser = OsStringValueParser::new().map(PathBuf::from))]
    pub(crate) tmp: Option<PathBuf>,
    /// How many threads to work with; all cores if not given.
    #[arg(long, value_name = "N", value_parser = threads())]
    pub(crate) threads: Option<usize>,
    /// Join records of further formats by name only if they are not farther apart (km); 0: never by name.
    #[arg(long, value_name = "KM", default_value_t = exonym::gazetteer::Joiner::WITHIN_KM)]
    pub(crate) join_within: f64,
    #[command(flatten)]
    pub(crate) only: Only,
    /// Also write what became of the rows, as JSON.
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// Say nothing but errors.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// What to take of the sources.
#[derive(Args)]
pub(crate) struct Only {
    /// Take only names of these languages (BCP 47), und for none known; names of kind preferred stay.
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    languages: Vec<String>,
    /// Take only records of these kinds.
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = kind())]
    kinds: Vec<Kind>,
    /// Take only records of these countries (ISO 3166-1 alpha-2).
    #[arg(long, value_name = "CC", value_delimiter = ',')]
    countries: Vec<String>,
    /// Take only records of these GeoNames classes or codes (P, A.ADM1).
    #[arg(long, value_name = "FEATURE", value_delimiter = ',')]
    features: Vec<String>,
    /// Leave out populated places (class P) with fewer inhabitants.
    #[arg(long, value_name = "N", default_value_t = 0)]
    min_population: u64,
    /// Leave out names of these kinds (historic, code, …).
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = name_kind())]
    drop_names: Vec<NameKind>,
}

impl Only {
    pub(crate) fn selection(&self) -> anyhow::Result<Selection> {
        let mut selection = Selection::default();
        for code in &self.countries {
            if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_alphabetic()) {
                anyhow::bail!("--countries has {code:?}, expected ISO 3166-1 alpha-2 codes such as KZ");
            }
            selection.countries.push(code.to_ascii_uppercase());
        }
        for feature in &self.features {
            let class = feature.len() == 1 && feature.bytes().all(|b| b.is_ascii_uppercase());
            if !class && feature.parse::<exonym::record::Feature>().is_err() {
                anyhow::bail!(
                    "--features has {feature:?}, expected GeoNames classes or codes such as P or A.ADM1"
                );
            }
        }
        selection.languages.clone_from(&self.languages);
        selection.kinds.clone_from(&self.kinds);
        selection.features.clone_from(&self.features);
        selection.min_population = self.min_population;
        selection.drop_names.clone_from(&self.drop_names);
        Ok(selection)
    }
}

#[derive(Args)]
pub(crate) struct Inspect {
    /// Write one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) gazetteer: GazetteerArgs,
}

#[derive(Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) gazetteer: GazetteerArgs,
}

#[derive(Args)]
pub(crate) struct Bench {
    /// Files with text; without any, only lookups are measured.
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Threads to try besides one; as many as the machine has by default.
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// Least time for each measurement of texts.
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0)]
    pub(crate) seconds: f64,
    /// Write one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) gazetteer: GazetteerArgs,
}

fn size(text: &str) -> Result<ByteSize, &'static str> {
    text.parse().map_err(|_| "expected a size such as 512MiB or 4GiB")
}

/// How many threads a command may be told to work with.
fn threads() -> impl TypedValueParser<Value = usize> {
    RangedU64ValueParser::<usize>::new().range(1..=MOST_THREADS as u64)
}

/// One of the kinds of names.
fn name_kind() -> impl TypedValueParser<Value = NameKind> {
    PossibleValuesParser::new(NameKind::ALL.iter().map(|kind| kind.as_str()))
        .try_map(|word| word.parse::<NameKind>())
}

/// One of the kinds of records.
pub(crate) fn kind() -> impl TypedValueParser<Value = Kind> {
    PossibleValuesParser::new(Kind::ALL.iter().map(|kind| kind.as_str())).try_map(|word| word.parse::<Kind>())
}

#[derive(Args)]
pub(crate) struct Export {
    /// The file to write, CSV or what ends in .gaz; standard output by default.
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) gazetteer: GazetteerArgs,
}

#[derive(Args)]
pub(crate) struct Diff {
    /// The gazetteer before.
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The gazetteer after.
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    /// Say nothing but the counts.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

/// One of the formats of sources.
fn format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.iter().map(|format| format.as_str()))
        .try_map(|word| word.parse::<Format>())
}

/// What a command found: whether there was anything.
pub(crate) enum Outcome {
    Found,
    Nothing,
}

fn long_version() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        let date = exonym_gazetteer::embedded().info().data_date.as_deref().unwrap_or("an unknown date");
        format!(
            "{}\nembedded gazetteer: data of {date}; exonym inspect has its counts and licences",
            env!("CARGO_PKG_VERSION")
        )
    })
}

/// All that can be typed, for completions and pages of the manual.
pub(crate) fn command() -> clap::Command {
    Exonym::command()
}

/// Run the command that was typed.
pub(crate) fn run() -> ExitCode {
    let config = match Config::read(&Exonym::command()) {
        Ok(config) => config,
        Err(error) => {
            tell(format!("exonym: {error:#}"));
            return ExitCode::from(2);
        }
    };
    let matches = match config.apply(Exonym::command()).try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            // What is right without the file is wrong in the file.
            if let (Some(path), Ok(_)) = (&config.path, Exonym::command().try_get_matches()) {
                let error = error.to_string();
                let what = error.lines().next().unwrap_or_default().trim_start_matches("error: ");
                tell(format!("exonym: {}: {what}", path.display()));
                return ExitCode::from(2);
            }
            error.exit()
        }
    };
    let args = Exonym::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    interrupt::catch();
    match args.color {
        ColorChoice::Auto => {}
        ColorChoice::Always => anstream::ColorChoice::Always.write_global(),
        ColorChoice::Never => anstream::ColorChoice::Never.write_global(),
    }
    let result = match args.command {
        Command::Annotate(args) => crate::annotate::run(&args),
        Command::Normalize(args) => crate::normalize::run(&args),
        Command::Lookup(args) => crate::lookup::run(&args),
        Command::Explain(args) => crate::explain::run(&args),
        Command::Build(args) => crate::build::run(&args),
        Command::Export(args) => crate::export::run(&args),
        Command::Diff(args) => crate::diff::run(&args),
        Command::Inspect(args) => crate::inspect::run(&args),
        Command::Verify(args) => crate::verify::run(&args),
        Command::Completions(args) => crate::completions::run(&args),
        Command::Man(args) => crate::man::run(&args),
        Command::Bench(args) => crate::bench::run(&args),
        Command::Config(args) => crate::config::show::run(&args, &config),
    };
    progress::end();
    match result {
        Ok(Outcome::Found) => ExitCode::SUCCESS,
        Ok(Outcome::Nothing) => ExitCode::from(1),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            tell(format!("exonym: {error:#}"));
            ExitCode::from(2)
        }
    }
}
