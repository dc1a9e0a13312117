//! The pipelines of `docs/cookbook.md` and their outputs are true: each block is run in a fresh folder, through a shell.

use std::process::Command;

use crate::support::Folder;

/// The blocks of a page: commands, and what they print.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for block in page.split("```console\n").skip(1) {
        let Some((block, _)) = block.split_once("```") else { continue };
        let (mut commands, mut output) = (String::new(), String::new());
        let mut in_command = false;
        for line in block.lines() {
            match line.strip_prefix("$ ").or(line.strip_prefix("> ").filter(|_| in_command)) {
                Some(command) => {
                    in_command = true;
                    commands.push_str(command);
                    commands.push('\n');
                }
                None => {
                    in_command = false;
                    output.push_str(line);
                    output.push('\n');
                }
            }
        }
        all.push((commands, output));
    }
    all
}

#[test]
fn every_pipeline_prints_what_the_page_says() {
    if Command::new("jq").arg("--version").output().is_err() {
        #[expect(clippy::print_stderr, reason = "a skipped check says so")]
        {
            eprintln!("skipped: jq is missing, which the pipelines use");
        }
        return;
    }
    let page = include_str!("../../../docs/cookbook.md");
    let blocks = blocks(page);
    assert!(blocks.len() >= 20, "{} blocks", blocks.len());
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_exonym"));
    let path =
        format!("{}:{}", binary.parent().unwrap().display(), std::env::var("PATH").unwrap_or_default());
    let mut faults = Vec::new();
    for (commands, output) in &blocks {
        let folder = Folder::new();
        let ran = Command::new("bash")
            .args(["-c", &format!("exec 2>&1\n{commands}")])
            .stdin(std::process::Stdio::null())
            .current_dir(folder.path("."))
            .env("PATH", &path)
            .env("LC_ALL", "C.UTF-8")
            .env("NO_COLOR", "1")
            .env_remove("EXONYM_GAZETTEER")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ran.stdout);
        if said != *output {
            faults.push(format!("$ {commands}printed\n{said}expected\n{output}"));
        }
    }
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), blocks.len(), faults.join("\n"));
}
