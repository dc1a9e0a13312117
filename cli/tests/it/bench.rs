//! `exonym bench`: what is told, not how fast it is.

use crate::support::Folder;

#[test]
fn figures_for_people_and_programs() {
    let folder = Folder::with_towns();
    folder.write("news.txt", "Almaty and Paris, Texas.\n");
    let args = ["bench", "-g", "towns.gaz", "--seconds", "0", "--threads", "2"];
    let ran = folder.run(&[&args[..], &["--json", "news.txt"]].concat());
    assert_eq!((ran.status, ran.stderr.as_str()), (0, ""), "{ran}");
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let rows = report["throughput"].as_array().unwrap();
    let told: Vec<_> =
        rows.iter().map(|row| (row["what"].as_str().unwrap(), row["threads"].as_u64())).collect();
    assert_eq!(told, [("find", Some(1)), ("annotate", Some(1)), ("annotate", Some(2))]);
    assert_eq!(rows[0]["found"], 3);
    assert!(rows.iter().all(|row| row["mb_per_second"].as_f64() > Some(0.0)));
    let lookups = report["lookups"].as_array().unwrap();
    let found: Vec<_> =
        lookups.iter().map(|row| (row["queries"].as_str().unwrap(), row["found"].as_u64())).collect();
    assert_eq!(found, [("uniform", Some(100_000)), ("zipf", Some(100_000)), ("miss", Some(0))]);

    let ran = folder.run(&args);
    assert!(
        ran.status == 0 && ran.stdout.contains("per second") && !ran.stdout.contains("annotate"),
        "{ran}"
    );
    let ran = folder.run(&[&args[..], &["absent.txt"]].concat());
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.starts_with("exonym: cannot read absent.txt: "), "{ran}");
}
