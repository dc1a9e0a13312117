//! `cargo run -p exonym-gazetteer-check`: the curated records, checked; with `counts` behind `--`, counted.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it is a program")]

use std::path::Path;
use std::process::ExitCode;

use exonym_gazetteer_check::{Imported, check, count, files};

fn main() -> ExitCode {
    match run() {
        Ok(faults) => ExitCode::from(u8::from(faults > 0)),
        Err(error) => {
            eprintln!("exonym-gazetteer-check: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> exonym::Result<usize> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("gazetteer"));
    let files = files(folder.join("records"))?;
    match std::env::args().nth(1).as_deref() {
        None => {}
        Some("counts") => {
            print!("{}", count::report(&files)?);
            return Ok(0);
        }
        Some(other) => {
            return Err(exonym::Error::usage(format!("the argument is {other:?}, expected counts or none")));
        }
    }
    let faults = check(&Imported::read(folder.join("import"))?, &files)?;
    for fault in &faults {
        println!("{fault}");
    }
    eprintln!("{} files, {} faults", files.len(), faults.len());
    Ok(faults.len())
}
