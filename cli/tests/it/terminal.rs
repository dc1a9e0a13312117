//! In a pseudo-terminal: columns, links, a pager, how far the work is, and Ctrl-C.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use pty_process::Size;
use pty_process::blocking::{Command, Pty, open};
use snapbox::str;

use crate::support::{Folder, ignores_signals, spawn};

/// Run in a terminal of so many columns, with the streams that `change` leads elsewhere.
fn start(
    folder: &Folder,
    args: &[&str],
    columns: u16,
    env: &[(&str, &str)],
    change: impl FnOnce(Command) -> Command,
) -> (Pty, Child) {
    let (pty, pts) = open().unwrap();
    pty.resize(Size::new(24, columns)).unwrap();
    let command = Command::new(env!("CARGO_BIN_EXE_exonym")).args(args).current_dir(folder.dir.path());
    // What the terminal of the tests can do does not matter.
    let path = std::env::var_os("PATH").unwrap_or_default();
    let command =
        command.env_clear().env("PATH", path).env("TERM", "xterm-256color").envs(env.iter().copied());
    let child = change(command).spawn(pts).unwrap();
    (pty, child)
}

/// All that is written to a terminal, until there is nobody to write.
fn read(mut pty: Pty) -> String {
    let mut screen = Vec::new();
    let mut buffer = [0; 4096];
    // At the end there is an error and no end.
    while let Ok(count @ 1..) = pty.read(&mut buffer) {
        screen.extend(&buffer[..count]);
    }
    String::from_utf8(screen).unwrap().replace("\r\n", "\n").replace('\u{1b}', "ESC")
}

fn see(folder: &Folder, args: &[&str], columns: u16, env: &[(&str, &str)]) -> String {
    let (pty, mut child) = start(folder, args, columns, env, |command| command.stdin(Stdio::null()));
    let screen = read(pty);
    format!("status {}\n{screen}", child.wait().unwrap().code().unwrap())
}

macro_rules! assert_seen {
    ($seen:expr, $expected:expr) => {
        snapbox::assert_data_eq!($seen, snapbox::IntoData::raw($expected))
    };
}

#[test]
fn columns_below_each_other() {
    let folder = Folder::with_towns();
    assert_seen!(
        see(&folder, &["lookup", "-g", "towns.gaz", "Paris", "阿拉木图", "Հայ"], 120, &[]),
        str![[r#"
status 0
Paris:     gn:2988507  Paris   place  P.PPLC   FR  48.85341,2.3488     population 2138551  wd:Q90
Paris:     gn:4717560  Paris   place  P.PPLA2  US  33.66094,-95.55551  population 24782
阿拉木图:  gn:1526384  Almaty  place  P.PPLA   KZ  43.25249,76.9115    population 1977011  wd:Q35493  as 阿拉木图  (alternate, zh)
exonym: nothing is named "Հայ" and nothing has that id

"#]]
    );
    folder.write("text.txt", "Baku, Баку, Astana and Kazakhstan");
    let summary = ["annotate", "-g", "towns.gaz", "--min-score", "0", "--summary", "text.txt"];
    assert_seen!(
        see(&folder, &[&summary[..], &["--name-lang", "zh"]].concat(), 80, &[]),
        str![[r#"
status 0
by       mentions  texts  id          name        country
all             4      1
kind            3      1  place       place
kind            1      1  state       state
country         2      1  AZ          AZ          AZ
country         2      1  KZ          Kazakhstan  KZ
record          2      1  gn:587084   Baku        AZ
record          1      1  gn:1522867  Kazakhstan  KZ
record          1      1  gn:1526273  Astana      KZ

"#]]
    );
    // Where they do not fit there are none.
    assert_seen!(
        see(&folder, &["lookup", "-g", "towns.gaz", "Paris", "阿拉木图"], 60, &[]),
        str![[r#"
status 0
Paris:  gn:2988507  Paris  place  P.PPLC  FR  48.85341,2.3488  population 2138551  wd:Q90
Paris:  gn:4717560  Paris  place  P.PPLA2  US  33.66094,-95.55551  population 24782
阿拉木图:  gn:1526384  Almaty  place  P.PPLA  KZ  43.25249,76.9115  population 1977011  wd:Q35493  as 阿拉木图  (alternate, zh)

"#]]
    );
    assert_seen!(
        see(&folder, &["config", "lookup"], 80, &[]),
        str![[r#"
status 0
command  option    value  from
lookup   --format  text   built in
lookup   --limit   10     built in
lookup   --color   auto   built in
exonym: there is no config file; EXONYM_CONFIG can name one

"#]]
    );
}

#[test]
fn colours_and_links() {
    let folder = Folder::with_towns();
    folder.write("text.txt", "From Baku to Ստեփանակերտ");
    let annotate = ["annotate", "-g", "towns.gaz", "--min-score", "0", "text.txt"];
    assert_seen!(
        see(&folder, &annotate, 80, &[]),
        str![[r#"
status 0
From ESC[1mESC[32mBakuESC[0m ESC[2m[gn:587084 Baku, AZ]ESC[0m to ESC[1mESC[32mՍտեփանակերտESC[0m ESC[2m[gn:146970 Khankendi, AZ]ESC[0m

"#]]
    );
    assert_seen!(
        see(&folder, &annotate, 80, &[("FORCE_HYPERLINK", "1")]),
        str![[r#"
status 0
From ESC[1mESC[32mBakuESC[0m ESC[2m[ESC]8;;https://www.geonames.org/587084/ESC\gn:587084ESC]8;;ESC\ Baku, AZ]ESC[0m to ESC[1mESC[32mՍտեփանակերտESC[0m ESC[2m[ESC]8;;https://www.geonames.org/146970/ESC\gn:146970ESC]8;;ESC\ Khankendi, AZ]ESC[0m

"#]]
    );
    assert_seen!(
        see(&folder, &annotate, 80, &[("FORCE_HYPERLINK", "1"), ("NO_COLOR", "1")]),
        str![[r#"
status 0
From Baku [gn:587084 Baku, AZ] to Ստեփանակերտ [gn:146970 Khankendi, AZ]

"#]]
    );
    let lookup = ["lookup", "-g", "towns.gaz", "Baku"];
    assert_seen!(
        see(&folder, &lookup, 80, &[("FORCE_HYPERLINK", "1")]),
        str![[r#"
status 0
ESC]8;;https://www.geonames.org/587084/ESC\gn:587084ESC]8;;ESC\  Baku  place  P.PPLC  AZ  40.37767,49.89201  population 2351300  wd:Q9248

"#]]
    );
}

#[test]
fn a_pager_shows_what_is_long() {
    let folder = Folder::with_towns();
    let explain = ["explain", "-g", "towns.gaz", "Stepanakert"];
    let plain = see(&folder, &explain, 80, &[("PAGER", "cat")]);
    assert_seen!(
        plain.clone(),
        str![[r#"
status 0
gn:146970  Khankendi  place  P.PPL  AZ  disputed
  the name
    Stepanakert  (alternate, en, 1923/.., used by am)
  used by am
    1923/..  Stepanakert (en), Ստեփանակերտ (hy)
  used by az
    no dates  Xankəndi (az)
  names in time
    1923/..  Stepanakert (en), Ստեփանակերտ (hy)

"#]]
    );
    assert_eq!(see(&folder, &explain, 80, &[("PAGER", "")]), plain);
    // Where there is no such program, it is written as it is.
    assert_eq!(see(&folder, &explain, 80, &[("PAGER", "absent-pager")]), plain);
    let paged = see(&folder, &explain, 80, &[("PAGER", "sed 's/^/| /'")]);
    assert_eq!(paged.lines().filter(|line| line.starts_with("| ")).count(), plain.lines().count() - 1);
}

#[test]
fn how_far_the_work_is() {
    let folder = Folder::with_towns();
    folder.write("names.txt", "Baku\n".repeat(1000));
    let normalize = ["normalize", "-g", "towns.gaz", "-o", "out.tsv", "-"];
    // Standard input stays open until a bar was there.
    let (pty, mut child) = start(&folder, &normalize, 80, &[], |command| command.stdin(Stdio::piped()));
    let mut stdin = child.stdin.take().unwrap();
    let writer = thread::spawn(move || {
        for _ in 0..30 {
            stdin.write_all("Baku\n".repeat(1000).as_bytes()).unwrap();
            thread::sleep(Duration::from_millis(100));
        }
    });
    let screen = read(pty);
    writer.join().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(screen.contains(" KiB read, "), "{screen}");
    // And nothing is left of it.
    assert!(screen.ends_with("ESC[2K"), "{screen}");
    // Work that is soon done has none; nor has any that is not seen.
    assert_eq!(
        see(&folder, &["normalize", "-g", "towns.gaz", "-o", "out.tsv", "names.txt"], 80, &[]),
        "status 0\n"
    );
}

#[test]
fn control_c_leaves_whole_lines_and_no_files() {
    if ignores_signals() {
        return;
    }
    let folder = Folder::with_towns();
    folder.write("names.txt", "Baku\n".repeat(2_000_000));
    for to_file in [false, true] {
        let out = OpenOptions::new().create(true).append(true).open(folder.path("lines.tsv")).unwrap();
        let mut args = vec!["normalize", "-g", "towns.gaz", "names.txt"];
        args.extend(if to_file { &["-o", "out.tsv"][..] } else { &[] });
        let (mut pty, mut child) = start(&folder, &args, 80, &[], |command| command.stdout(out));
        let written = |folder: &Folder| {
            let begun = folder.files().iter().any(|name| name.starts_with(".exonym-"));
            if to_file { begun } else { fs::metadata(folder.path("lines.tsv")).unwrap().len() > 0 }
        };
        let since = Instant::now();
        while !written(&folder) {
            assert!(since.elapsed() < Duration::from_secs(30));
            thread::sleep(Duration::from_millis(5));
        }
        pty.write_all(b"\x03").unwrap();
        read(pty);
        assert_eq!(child.wait().unwrap().code(), Some(130));
    }
    let lines = folder.read("lines.tsv");
    assert!(lines.ends_with("\tgn:587084\tBaku\tAZ\tplace\t1\n"), "{:?}", lines.lines().last());
    assert_eq!(folder.files(), ["lines.tsv", "names.txt", "towns.csv", "towns.gaz"]);
}

#[test]
fn being_told_to_end_leaves_no_files_either() {
    if ignores_signals() {
        return;
    }
    let folder = Folder::with_towns();
    let mut child =
        spawn(folder.command(&["normalize", "-g", "towns.gaz", "-o", "out.tsv"]).stdin(Stdio::piped()));
    let since = Instant::now();
    while folder.files().len() < 3 {
        assert!(since.elapsed() < Duration::from_secs(30));
        thread::sleep(Duration::from_millis(5));
    }
    thread::sleep(Duration::from_millis(50));
    let kill = std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(kill.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(folder.files(), ["towns.csv", "towns.gaz"]);
}
