//! Where output goes, and what happens when it cannot.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;

use snapbox::str;

use crate::support::{Folder, Ran, assert_ran, spawn};

#[test]
fn an_output_that_cannot_be_written_is_refused_before_work_starts() {
    let folder = Folder::with_towns();
    // The input is not there either: the output is what is looked at first.
    assert_ran!(
        folder.run(&[
            "annotate",
            "-g",
            "towns.gaz",
            "--min-score",
            "0",
            "-o",
            "absent/out.jsonl",
            "absent.txt"
        ]),
        str![[r#"
status 2
-- stderr
exonym: cannot write absent/out.jsonl: there is no folder absent

"#]]
    );
    assert_ran!(
        folder.run(&["normalize", "-g", "towns.gaz", "-o", "towns.csv/out.tsv", "absent.txt"]),
        str![[r#"
status 2
-- stderr
exonym: cannot write towns.csv/out.tsv: there is no folder towns.csv

"#]]
    );
    assert_ran!(
        folder.run(&["annotate", "-g", "towns.gaz", "--min-score", "0", "-o", "."]),
        str![[r#"
status 2
-- stderr
exonym: cannot write .: it is a folder; name a file in it

"#]]
    );
    assert_ran!(
        folder.run(&["build", "absent.csv", "-o", "absent/out.gaz"]),
        str![[r#"
status 2
-- stderr
exonym: cannot write absent/out.gaz: there is no folder absent

"#]]
    );
    assert_ran!(
        folder.run(&["build", "absent.csv", "-o", "."]),
        str![[r#"
status 2
-- stderr
exonym: cannot write .: it is a folder; name a file in it

"#]]
    );
    assert_eq!(folder.files(), ["towns.csv", "towns.gaz"]);
}

#[test]
fn an_output_file_appears_whole_or_not_at_all() {
    let folder = Folder::with_towns();
    folder.write("names.txt", "Baku\nAlmaé\n");
    folder.write("out.tsv", "before\n");
    let normalize = ["normalize", "-g", "towns.gaz", "-o", "out.tsv", "names.txt"];
    assert_ran!(
        folder.run(&[&normalize[..], &["absent.txt"]].concat()),
        str![[r#"
status 2
-- stderr
exonym: cannot read absent.txt: No such file or directory (os error 2)

"#]]
    );
    assert_eq!(folder.read("out.tsv"), "before\n");
    assert_ran!(
        folder.run(&normalize),
        str![[r#"
status 0

"#]]
    );
    assert_eq!(folder.read("out.tsv").lines().count(), 3);
    assert_eq!(folder.files(), ["names.txt", "out.tsv", "towns.csv", "towns.gaz"]);
}

#[cfg(unix)]
#[test]
fn output_files_keep_their_mode_and_links_lead_to_them() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = Folder::with_towns();
    let mode = |name| fs::metadata(folder.path(name)).unwrap().permissions().mode() & 0o777;
    folder.write("plain.txt", "");
    folder.write("kept.jsonl", "");
    fs::set_permissions(folder.path("kept.jsonl"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("kept.jsonl", folder.path("link.jsonl")).unwrap();
    for out in ["new.jsonl", "link.jsonl"] {
        assert_eq!(
            folder.run(&["annotate", "-g", "towns.gaz", "--min-score", "0", "-o", out, "plain.txt"]).status,
            0
        );
    }
    assert_eq!(mode("new.jsonl"), mode("plain.txt"));
    assert_eq!(mode("kept.jsonl"), 0o640);
    assert!(fs::symlink_metadata(folder.path("link.jsonl")).unwrap().is_symlink());
    assert_eq!(folder.read("kept.jsonl"), "{\"id\":\"plain.txt\",\"offsets\":\"char\",\"annotations\":[]}\n");
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_is_written_to_and_not_replaced() {
    use std::os::unix::fs::FileTypeExt;

    let folder = Folder::with_towns();
    let ran =
        folder.run_with(&["annotate", "-g", "towns.gaz", "--min-score", "0", "-o", "/dev/null"], "Baku");
    assert_ran!(
        ran,
        str![[r#"
status 0

"#]]
    );
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    assert_ran!(
        folder.run_with(&["normalize", "-g", "towns.gaz", "-o", "/dev/full"], "Baku"),
        str![[r#"
status 2
-- stderr
exonym: cannot write /dev/full: No space left on device (os error 28), after 0 bytes

"#]]
    );
    assert_ran!(
        folder.run(&["build", "towns.csv", "-o", "/dev/null"]),
        str![[r#"
status 2
-- stderr
exonym: cannot write /dev/null: it is no regular file

"#]]
    );
    assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut child = folder.command(&["lookup", "-g", "towns.gaz", "Baku"]);
    let output = child.stdout(full).stderr(Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "exonym: cannot write standard output: No space left on device (os error 28), after 0 bytes\n"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_with_the_bytes_written() {
    let folder = Folder::with_towns();
    folder.write("names.txt", "Baku\n".repeat(50_000));
    // A limit of the shell stands for a disk that is full: of 64 blocks of 1024 bytes.
    let limited = |out: &str| {
        let script =
            format!("trap '' XFSZ; ulimit -f 64; exec \"$0\" normalize -g towns.gaz names.txt {out}");
        let mut command = std::process::Command::new("bash");
        command.args(["-c", &script, env!("CARGO_BIN_EXE_exonym")]).current_dir(folder.path(""));
        Ran::of(&command.output().unwrap())
    };
    assert_ran!(
        limited("-o out.tsv"),
        str![[r#"
status 2
-- stderr
exonym: cannot write out.tsv: File too large (os error 27), after 65536 bytes; nothing of it is kept

"#]]
    );
    assert_ran!(
        limited("> out.tsv"),
        str![[r#"
status 2
-- stderr
exonym: cannot write standard output: File too large (os error 27), after 65536 bytes

"#]]
    );
    assert!(folder.read("out.tsv").len() <= 65536);
}

#[test]
fn a_closed_pipe_is_quiet_success() {
    let folder = Folder::with_towns();
    folder.write("lines.txt", "Baku, Almaty and Astana.\n".repeat(20_000));
    folder.write("names.txt", "Baku\n".repeat(200_000));
    for args in [
        &["annotate", "-g", "towns.gaz", "--min-score", "0", "--input", "lines", "lines.txt"][..],
        &[
            "annotate",
            "-g",
            "towns.gaz",
            "--min-score",
            "0",
            "--input",
            "lines",
            "--format",
            "text",
            "lines.txt",
        ],
        &["normalize", "-g", "towns.gaz", "names.txt"],
        &["normalize", "-g", "towns.gaz", "--format", "jsonl", "names.txt"],
        &["normalize", "-g", "towns.gaz", "--format", "csv", "names.txt"],
        &["export"],
    ] {
        let mut child = spawn(&mut folder.command(args));
        let mut line = String::new();
        BufReader::with_capacity(64, child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(!line.is_empty());
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), String::from_utf8(output.stderr).unwrap()),
            (Some(0), String::new()),
            "{args:?}"
        );
    }
}

#[cfg(unix)]
#[test]
fn lines_are_written_one_by_one_where_that_is_wanted() {
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixDatagram;

    let folder = Folder::with_towns();
    folder.write("names.txt", "Baku\n".repeat(1000));
    for (more, lines) in [(&[][..], 1000), (&["--line-buffered"], 1)] {
        // Here each write arrives by itself.
        let (ours, theirs) = UnixDatagram::pair().unwrap();
        let normalize = ["normalize", "-g", "towns.gaz", "--no-header", "names.txt"];
        let mut child = folder.command(&normalize).args(more).stdout(OwnedFd::from(theirs)).spawn().unwrap();
        let mut buffer = [0; 1 << 16];
        let count = ours.recv(&mut buffer).unwrap();
        assert_eq!(buffer[..count].iter().filter(|byte| **byte == b'\n').count(), lines);
        child.kill().unwrap();
        child.wait().unwrap();
    }
}

#[test]
fn a_line_is_answered_before_the_next_one_comes() {
    let folder = Folder::with_towns();
    for (args, answer) in [
        (
            &["annotate", "-g", "towns.gaz", "--min-score", "0", "--input", "lines", "--format", "text"][..],
            "Baku [gn:587084 Baku, AZ]\n",
        ),
        (&["normalize", "-g", "towns.gaz", "--no-header"], "Baku\tmatched\tgn:587084\tBaku\tAZ\tplace\t1\n"),
        (
            &["normalize", "-g", "towns.gaz", "--no-header", "--format", "csv"],
            "Baku,matched,gn:587084,Baku,AZ,place,1\n",
        ),
    ] {
        let mut child = spawn(folder.command(args).stdin(Stdio::piped()));
        let mut stdin = child.stdin.take().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        for _ in 0..2 {
            stdin.write_all(b"Baku\n").unwrap();
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            assert_eq!(line, answer);
        }
        drop(stdin);
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).unwrap();
        assert_eq!((child.wait().unwrap().code(), rest.as_str()), (Some(0), ""));
    }
}
