//! How `exonym build` works: memory, threads, temporary files, and what is left when it is interrupted.

use snapbox::str;

use crate::support::{Folder, assert_ran, ignores_signals};

#[test]
fn memory_and_threads_change_no_byte() {
    let folder = Folder::with_sample();
    let build = |output: &str, more: &[&str]| {
        let ran = folder.run(&[&["build", "-q", "--strict", "sample.csv", "-o", output], more].concat());
        assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{ran}");
        std::fs::read(folder.path(output)).unwrap()
    };
    let expected = build("default.gaz", &[]);
    for (memory, threads) in [("1B", "1"), ("20KiB", "2"), ("3 MB", "3")] {
        assert!(build("other.gaz", &["--memory", memory, "--threads", threads, "--tmp", "."]) == expected);
    }
    assert_eq!(folder.files(), ["default.gaz", "other.gaz", "sample.csv", "sample.gaz"]);
}

#[test]
fn what_a_build_may_use_is_checked_first() {
    let folder = Folder::new();
    folder.write("names.csv", "id,name\ngn:587084,Baku\n");
    let build = |more: &[&str]| folder.run(&[&["build", "names.csv", "-o", "names.gaz"], more].concat());
    assert_ran!(
        build(&["--memory", "much"]),
        str![[r#"
status 2
-- stderr
error: invalid value 'much' for '--memory <SIZE>': expected a size such as 512MiB or 4GiB

For more information, try '--help'.

"#]]
    );
    assert_ran!(
        build(&["--threads", "0"]),
        str![[r#"
status 2
-- stderr
error: invalid value '0' for '--threads <N>': 0 is not in 1..=1024

For more information, try '--help'.

"#]]
    );
    assert_ran!(
        build(&["--tmp", "none"]),
        str![[r#"
status 2
-- stderr
exonym: cannot write temporary files in none; name another folder with --tmp: No such file or directory (os error 2)

"#]]
    );
    assert_eq!(folder.files(), ["names.csv"]);
}

/// Interrupted while it waits for rows; those read so far are in temporary files.
#[cfg(unix)]
#[test]
fn an_interrupted_build_leaves_nothing() {
    if ignores_signals() {
        return;
    }
    use std::io::{Read, Write};
    use std::process::{Command, Stdio};

    let folder = Folder::new();
    let mut child = folder
        .command(&["build", "/dev/stdin", "--format", "csv", "-o", "names.gaz", "--memory", "1B"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // A row that is refused tells when reading has begun.
    pipe.write_all(b"id,name,lat\ngn:587084,Baku,40\ngn:1526384,Almaty,400\n").unwrap();
    pipe.write_all(&b"gn:587084,Baku,40\n".repeat(100_000)).unwrap();
    let mut told = [0; 7];
    let mut stderr = child.stderr.take().unwrap();
    stderr.read_exact(&mut told).unwrap();
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(folder.files().is_empty());
}
