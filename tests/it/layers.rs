//! The modules of the library stand in one order, and each uses only those before it.

use std::fs;
use std::path::Path;

/// The order; `docs/design.md` says what each does.
const ORDER: [&str; 12] = [
    "error",
    "rules",
    "script",
    "fold",
    "token",
    "record",
    "source",
    "gazetteer",
    "find",
    "resolve",
    "annotate",
    "output",
];

/// Uses of one module in the code of another: `crate::gazetteer`, `use crate::{fold, …}`. Comments and tests may point forward.
fn modules_used(code: &str) -> Vec<String> {
    let code = code.split("#[cfg(test)]").next().unwrap_or_default();
    let mut used = Vec::new();
    for line in code.lines().map(str::trim).filter(|l| !l.starts_with("//")) {
        for (at, _) in line.match_indices("crate::") {
            let rest = &line[at + "crate::".len()..];
            let names: Vec<&str> = match rest.strip_prefix('{') {
                Some(list) => list.split(',').map(str::trim).collect(),
                None => vec![rest],
            };
            for name in names {
                let word: String = name.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
                if ORDER.contains(&word.as_str()) {
                    used.push(word);
                }
            }
        }
    }
    used
}

fn check(path: &Path, module: &str, faults: &mut Vec<String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            check(&entry.unwrap().path(), module, faults);
        }
        return;
    }
    let position = ORDER.iter().position(|m| *m == module).unwrap_or_else(|| {
        panic!(
            "{} is in no module of the order; add it to tests/it/layers.rs and docs/design.md",
            path.display()
        )
    });
    for used in modules_used(&fs::read_to_string(path).unwrap()) {
        if ORDER.iter().position(|m| *m == used).unwrap() > position {
            faults.push(format!("{} uses {used}, which comes after {module}", path.display()));
        }
    }
}

#[test]
fn each_module_uses_only_those_before_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut faults = Vec::new();
    for entry in fs::read_dir(src).unwrap() {
        let path = entry.unwrap().path();
        let module = path.file_stem().unwrap().to_string_lossy().into_owned();
        if module != "lib" {
            check(&path, &module, &mut faults);
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_forward_use_is_noticed() {
    assert_eq!(
        modules_used("use crate::{fold, resolve::Role};\nlet x = crate::find::Match;"),
        ["fold", "resolve", "find"]
    );
    assert_eq!(
        modules_used("// crate::output\n#[cfg(test)]\nmod tests { use crate::output; }"),
        Vec::<String>::new()
    );
}

#[test]
fn lib_lists_the_modules_in_order() {
    let lib = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let listed: Vec<&str> = lib
        .lines()
        .map(|l| l.trim_start_matches("pub "))
        .filter_map(|l| l.strip_prefix("mod ")?.strip_suffix(';'))
        .collect();
    assert_eq!(listed, ORDER);
}
