//! Figures: gathered, printed as one table, written as JSON.

use std::hint::black_box;

use anyhow::{Context, Result};
use cpu_time::ThreadTime;

/// Seconds of this thread for one run, and what it gave.
pub(crate) fn cpu_seconds<R>(run: impl FnOnce() -> R) -> (f64, R) {
    let start = ThreadTime::now();
    let result = black_box(run());
    (start.elapsed().as_secs_f64(), result)
}

pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

#[derive(serde::Serialize)]
struct Row {
    measure: String,
    text: String,
    contender: String,
    value: f64,
    unit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    matches: Option<usize>,
}

#[derive(Default)]
pub(crate) struct Report {
    rows: Vec<Row>,
}

impl Report {
    pub(crate) fn add(
        &mut self,
        measure: &str,
        text: &str,
        contender: &str,
        value: f64,
        unit: &str,
        matches: Option<usize>,
    ) {
        let row = Row {
            measure: measure.to_owned(),
            text: text.to_owned(),
            contender: contender.to_owned(),
            value,
            unit: unit.to_owned(),
            matches,
        };
        eprintln!("  {measure} {text} {contender}: {value:.3} {unit}");
        self.rows.push(row);
    }

    pub(crate) fn note(&self, note: String) {
        eprintln!("  {note}");
    }

    /// Print the table: a line for each measure and text, a column for each contender.
    pub(crate) fn finish(&self) -> Result<()> {
        let distinct = |of: fn(&Row) -> &str| {
            let mut all: Vec<&str> = vec![];
            self.rows.iter().map(of).for_each(|word| {
                if !all.contains(&word) {
                    all.push(word);
                }
            });
            all
        };
        let contenders = distinct(|row| &row.contender);
        print!("{:<24}{:<12}{:>10}", "measure", "text", "matches");
        contenders.iter().for_each(|name| print!("{name:>14}"));
        println!("  unit");
        for measure in distinct(|row| &row.measure) {
            for text in distinct(|row| &row.text) {
                let here: Vec<&Row> =
                    self.rows.iter().filter(|row| row.measure == measure && row.text == text).collect();
                let Some(first) = here.first() else { continue };
                let matches = first.matches.map(|n| n.to_string()).unwrap_or_default();
                print!("{measure:<24}{text:<12}{matches:>10}");
                for name in &contenders {
                    match here.iter().find(|row| row.contender == *name) {
                        Some(row) => print!("{:>14.3}", row.value),
                        None => print!("{:>14}", ""),
                    }
                }
                println!("  {}", first.unit);
            }
        }
        if let Some(path) = std::env::var_os("EXONYM_BENCH_JSON") {
            let json = serde_json::to_string_pretty(&self.rows)?;
            std::fs::write(&path, json + "\n")
                .with_context(|| format!("cannot write {}", path.to_string_lossy()))?;
        }
        Ok(())
    }
}
