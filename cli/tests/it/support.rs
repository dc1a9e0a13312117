//! Running `exonym` in a folder of its own.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

/// A handful of real places: many scripts, a dated and a contested name, two of the same name and the units that tell them
/// apart. Small enough that whole outputs can be compared.
const TOWNS: &str = "\
id,kind,feature,country,admin1,lat,lon,population,same_as,exists_from,name,lang,name_kind,from,to,perspective,source
gn:1526384,place,P.PPLA,KZ,02,43.25249,76.9115,1977011,wd:Q35493,,Almaty,en,preferred,,,,geonames
gn:1526384,,,,,,,,,,Alma-Ata,en,historic,1921,1993,,curated
gn:1526384,,,,,,,,,,Алматы,kk;ru,alternate,,,,geonames
gn:1526384,,,,,,,,,,Алма-Ата,ru,alternate,,,,geonames
gn:1526384,,,,,,,,,,阿拉木图,zh,alternate,,,,geonames
gn:1526384,,,,,,,,,,Ալմաթի,hy,alternate,,,,geonames
gn:1526273,place,P.PPLC,KZ,05,51.1801,71.44598,1544142,wd:Q1520,,Astana,en,preferred,,,,geonames
gn:587084,place,P.PPLC,AZ,09,40.37767,49.89201,2351300,wd:Q9248,,Baku,en,preferred,,,,geonames
gn:587084,,,,,,,,,,Bakı,az,official,,,,geonames
gn:587084,,,,,,,,,,Баку,ru,alternate,,,,geonames
gn:146970,place,P.PPL,AZ,61,39.8177,46.7528,2100,,,Khankendi,en,preferred,,,,geonames
gn:146970,,,,,,,,,,Xankəndi,az,official,,,az,curated
gn:146970,,,,,,,,,,Ханкенди,ru,alternate,,,,geonames
gn:146970,,,,,,,,,,Ստեփանակերտ,hy,official,1923,,am,curated
gn:146970,,,,,,,,,,Stepanakert,en,alternate,1923,,am,curated
gn:2988507,place,P.PPLC,FR,11,48.85341,2.3488,2138551,wd:Q90,,Paris,en;fr,preferred,,,,geonames
gn:4717560,place,P.PPLA2,US,TX,33.66094,-95.55551,24782,,,Paris,en,preferred,,,,geonames
gn:4736286,place,A.ADM1,US,TX,31.25044,-99.25061,22875689,iso:US-TX,,Texas,en,preferred,,,,geonames
gn:174982,state,A.PCLI,AM,,40.261,45.062,3090500,iso:AM;wd:Q399,1991-09-21,Armenia,en,preferred,,,,geonames
gn:1522867,state,A.PCLI,KZ,,47.836,66.49,18276499,iso:KZ;wd:Q232,1991-12-16,Kazakhstan,en,preferred,,,,geonames
gn:1522867,,,,,,,,,,Қазақстан,kk,official,,,,geonames
";

/// A fresh folder, and the binary to run in it.
pub(crate) struct Folder {
    pub(crate) dir: TempDir,
}

/// What a run gave. Its display form is the whole of it, for snapshots.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Folder {
    pub(crate) fn new() -> Folder {
        Folder { dir: TempDir::new().unwrap() }
    }

    /// A folder that already holds `sample.gaz`, the sample of the repository.
    pub(crate) fn with_sample() -> Folder {
        let folder = Folder::new();
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../gazetteer/sample/sample.csv");
        fs::copy(sample, folder.path("sample.csv")).unwrap();
        let ran = folder.run(&["build", "--quiet", "--strict", "sample.csv", "-o", "sample.gaz"]);
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{ran}");
        folder
    }

    /// A folder that already holds `towns.csv`, and `towns.gaz` built from it.
    pub(crate) fn with_towns() -> Folder {
        let folder = Folder::new();
        folder.write("towns.csv", TOWNS);
        let about = ["--data-date", "2026-07-01", "--licence", "GeoNames, CC BY 4.0"];
        let ran =
            folder.run(&[&["build", "-q", "--strict", "towns.csv", "-o", "towns.gaz"], &about[..]].concat());
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{ran}");
        folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_exonym"));
        command.args(args).current_dir(self.dir.path());
        for variable in
            ["EXONYM_GAZETTEER", "EXONYM_CONFIG", "TMPDIR", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"]
        {
            command.env_remove(variable);
        }
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(&self.command(args).stdin(Stdio::null()).output().unwrap())
    }

    pub(crate) fn run_with(&self, args: &[&str], stdin: impl AsRef<[u8]>) -> Ran {
        let mut child = spawn(self.command(args).stdin(Stdio::piped()));
        let mut pipe = child.stdin.take().unwrap();
        let input = stdin.as_ref().to_vec();
        let writer = std::thread::spawn(move || {
            // A command that refuses its arguments does not read.
            let _ = pipe.write_all(&input);
        });
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        Ran::of(&output)
    }

    /// Files in the folder, by name.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.dir.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

/// Start a command with both outputs piped.
pub(crate) fn spawn(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

impl Ran {
    pub(crate) fn of(output: &Output) -> Ran {
        Ran {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout.clone()).unwrap(),
            stderr: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    /// The output as JSON lines.
    pub(crate) fn json(&self) -> Vec<serde_json::Value> {
        assert_eq!(self.status, 0, "{self}");
        self.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl fmt::Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "status {}", self.status)?;
        for (name, stream) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !stream.is_empty() {
                write!(
                    f,
                    "-- {name}\n{stream}{}",
                    if stream.ends_with('\n') { "" } else { "(no line end)\n" }
                )?;
            }
        }
        Ok(())
    }
}

/// Compares all of a run with an inline snapshot, as it is; `SNAPSHOTS=overwrite cargo test` writes it anew.
macro_rules! assert_ran {
    ($ran:expr, $expected:expr) => {
        snapbox::assert_data_eq!($ran.to_string(), snapbox::IntoData::raw($expected))
    };
}
pub(crate) use assert_ran;

/// Whether a signal that ends a program is ignored here, as behind `nohup` or in a script's background: the command leaves it so, and then
/// there is nothing to see.
#[allow(clippy::print_stderr, reason = "a test that is skipped says so")]
pub(crate) fn ignores_signals() -> bool {
    const HANGUP_INTERRUPT_TERMINATE: u64 = 1 | 1 << 1 | 1 << 14;
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    let ignores = mask & HANGUP_INTERRUPT_TERMINATE != 0;
    if ignores {
        eprintln!("skipped: signals are ignored where this runs");
    }
    ignores
}
