//! Compiles the data in `import/` and `records/` into one gazetteer file, with the library that will read it.
//!
//! The imported units, places and names are one layer, each curated file one more over it. A row that is not right stops the
//! build: this data is ours.

use std::error::Error;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use exonym::gazetteer::GazetteerBuilder;
use exonym::source::csv::CsvReader;
use lzma_rust2::XzReader;

#[expect(clippy::print_stderr, reason = "this is how a build script says what is wrong")]
fn main() -> ExitCode {
    match build() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn build() -> Result<(), Box<dyn Error>> {
    for path in ["build.rs", "import", "records", "data_date.txt", "NOTICE"] {
        println!("cargo::rerun-if-changed={path}");
    }
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let mut builder = GazetteerBuilder::new()
        .transliterate(true)
        .data_date(fs::read_to_string("data_date.txt")?.trim())
        .licence(fs::read_to_string("NOTICE")?.trim());
    for name in ["units", "places"] {
        let file = File::open(Path::new("import").join(format!("{name}.tsv.xz")))?;
        add(
            &mut builder,
            CsvReader::from_reader(XzReader::new(BufReader::new(file), false), format!("{name}.tsv"))?,
        )?;
    }
    let names = XzReader::new(exonym_gazetteer_names::NAMES_TSV_XZ, false);
    add(&mut builder, CsvReader::from_reader(names, "names.tsv")?)?;
    let mut curated: Vec<PathBuf> =
        fs::read_dir("records")?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    curated.retain(|path| path.extension().is_some_and(|e| e == "csv"));
    curated.sort();
    for path in curated {
        builder.next_layer();
        add(&mut builder, CsvReader::from_path(&path)?)?;
    }
    let report = builder.write(out.join("embedded.gaz"))?;
    fs::write(out.join("report.txt"), report.to_string())?;
    Ok(())
}

fn add(
    builder: &mut GazetteerBuilder,
    rows: impl Iterator<Item = exonym::Result<(exonym::Record, exonym::error::Place)>>,
) -> exonym::Result<()> {
    for row in rows {
        let (record, place) = row?;
        builder.add(record, Some(place))?;
    }
    Ok(())
}
