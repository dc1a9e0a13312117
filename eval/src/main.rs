//! `exonym-eval`: scores exonym on annotated corpora and learns its weights from them.
//!
//! The corpora are other people's and stay outside the repository; what is learned holds no running text.

mod calibrate;
mod corpus;
mod learn;
mod score;
mod train;

use std::path::PathBuf;

use anyhow::{Result, ensure};
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "exonym-eval", about, version)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Exact precision, recall and F1 of place spans, and accuracy within 161 km, for each corpus.
    Score {
        /// Folder of corpora (*.jsonl).
        corpora: PathBuf,
        /// Only corpora whose name begins so; repeatable.
        #[arg(long)]
        only: Vec<String>,
        /// Weights to use instead of the built-in ones.
        #[arg(long)]
        weights: Option<PathBuf>,
        /// Print up to this many missed and wrong spans per corpus.
        #[arg(long, default_value_t = 0)]
        errors: usize,
    },
    /// Learn weights from corpora: a fixed seed, the same result every time.
    Train {
        /// Folder of corpora (*.jsonl).
        corpora: PathBuf,
        /// Where the weights go.
        #[arg(short, long, default_value = "rules/weights.tsv")]
        output: PathBuf,
        /// Leave out corpora whose name begins so; repeatable.
        #[arg(long)]
        without: Vec<String>,
    },
    /// How far scores are probabilities, and what each least score gives, on corpora left out of training in turn.
    Calibrate {
        /// Folder of corpora (*.jsonl).
        corpora: PathBuf,
        /// Only test corpora whose name begins so; they should have points or ids. Repeatable.
        #[arg(long)]
        only: Vec<String>,
    },
    /// Leave each group of corpora out of training in turn and score it with weights learned from the others.
    Cross {
        /// Folder of corpora (*.jsonl).
        corpora: PathBuf,
        /// Only test corpora whose name begins so; repeatable.
        #[arg(long)]
        only: Vec<String>,
    },
}

#[expect(clippy::print_stdout, reason = "a measuring program prints its tables")]
fn main() -> Result<()> {
    match Args::parse().command {
        Command::Score { corpora, only, weights, errors } => {
            let all = corpus::read_all(&corpora, &only)?;
            ensure!(!all.is_empty(), "{} holds no corpus of that name", corpora.display());
            let weights = weights.map(std::fs::read_to_string).transpose()?;
            print!("{}", score::table(&all, weights.as_deref(), errors));
        }
        Command::Train { corpora, output, without } => {
            let mut all = corpus::read_all(&corpora, &[])?;
            all.retain(|c| !without.iter().any(|w| c.name.starts_with(w.as_str())));
            ensure!(!all.is_empty(), "{} holds no corpus", corpora.display());
            std::fs::write(output, train::learn_all(&all.iter().collect::<Vec<_>>()))?;
        }
        Command::Calibrate { corpora, only } => {
            let all = corpus::read_all(&corpora, &[])?;
            print!("{}", calibrate::table(&all, &only));
        }
        Command::Cross { corpora, only } => {
            let all = corpus::read_all(&corpora, &[])?;
            print!("{}", train::cross(&all, &only));
        }
    }
    Ok(())
}
