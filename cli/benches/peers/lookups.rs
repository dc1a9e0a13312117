//! Single names: looking them up, and how long it takes from nothing to the first answer.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use exonym::Gazetteer;
use exonym::token::Key;
use fst::Map;
use rustc_hash::FxHashMap;

use crate::report::{Report, cpu_seconds, median};
use crate::texts::Random;

const QUERIES: usize = 500_000;

/// All get folded keys, and give the number of the first name with this key after comparing the key in full.
pub(crate) fn measure(
    gazetteer: &Gazetteer,
    file: &Path,
    names: &[String],
    rounds: usize,
    report: &mut Report,
) -> Result<()> {
    let mut keys: Vec<Key> = names.iter().map(|name| Key::new(name)).filter(|key| !key.is_empty()).collect();
    keys.sort_unstable();
    keys.dedup();
    let number = |key: &Key| {
        let mut cursor = gazetteer.cursor();
        if cursor.steps(key.as_bytes()) { cursor.value() } else { None }
    };
    let known: Vec<(&[u8], u32)> =
        keys.iter().filter_map(|key| Some((key.as_bytes(), number(key)?))).collect();
    let hashed: FxHashMap<&[u8], u32> = known.iter().copied().collect();
    let map = Map::from_iter(known.iter().map(|(key, number)| (*key, u64::from(*number))))?;
    let bytes = known.iter().map(|(key, _)| key.len()).sum::<usize>()
        + hashed.capacity() * 8 / 7 * (size_of::<(&[u8], u32)>() + 1);
    report.add("bytes-a-name", "", "fxhash", bytes as f64 / known.len() as f64, "B", None);

    let mut random = Random(0x1234_5678_abcd_ef01);
    let mut shuffled: Vec<usize> = (0..keys.len()).collect();
    (1..shuffled.len()).for_each(|i| shuffled.swap(i, random.below(i + 1)));
    let uniform: Vec<Key> = (0..QUERIES).map(|_| keys[random.below(keys.len())].clone()).collect();
    let zipf: Vec<Key> = (0..QUERIES).map(|_| keys[shuffled[random.zipf(keys.len())]].clone()).collect();
    let miss: Vec<Key> =
        (0..QUERIES).map(|_| changed(&keys[random.below(keys.len())], &mut random)).collect();
    for (measure, queries) in [("lookup-uniform", &uniform), ("lookup-zipf", &zipf), ("lookup-miss", &miss)] {
        let mut seconds = [vec![], vec![], vec![]];
        for _ in 0..rounds {
            let (ours, found) =
                cpu_seconds(|| queries.iter().filter(|key| gazetteer.get(key).next().is_some()).count());
            let (fx, by_hash) =
                cpu_seconds(|| queries.iter().filter(|key| hashed.contains_key(key.as_bytes())).count());
            let (walk, by_map) =
                cpu_seconds(|| queries.iter().filter(|key| map.get(key.as_bytes()).is_some()).count());
            ensure!(found == by_hash && found == by_map, "{measure}: {found}, {by_hash} and {by_map} found");
            seconds.iter_mut().zip([ours, fx, walk]).for_each(|(all, took)| all.push(took));
        }
        for (name, seconds) in ["exonym", "fxhash", "fst-walk"].into_iter().zip(&seconds) {
            report.add(measure, "", name, median(seconds) * 1e9 / QUERIES as f64, "ns", None);
        }
        let ratios: Vec<f64> = seconds[0].iter().zip(&seconds[1]).map(|(ours, fx)| ours / fx).collect();
        report.add(&format!("{measure}-vs-fxhash"), "", "exonym", median(&ratios), "times its time", None);
    }
    open(file, &keys, rounds, report)
}

/// A key with one letter changed and one added: nearly always no key, and all the way close to one.
fn changed(key: &Key, random: &mut Random) -> Key {
    let mut chars: Vec<char> = std::str::from_utf8(key.as_bytes()).unwrap_or_default().chars().collect();
    let at = random.below(chars.len());
    chars[at] = char::from(b'a' + random.below(26) as u8);
    chars.push(char::from(b'a' + random.below(26) as u8));
    Key::new(&chars.into_iter().collect::<String>())
}

/// Opening a file and a first lookup.
fn open(file: &Path, keys: &[Key], rounds: usize, report: &mut Report) -> Result<()> {
    let middle = &keys[keys.len() / 2];
    let mut seconds = vec![];
    for _ in 0..rounds {
        let start = Instant::now();
        let opened = Gazetteer::open(file)?;
        ensure!(opened.get(middle).next().is_some(), "the first lookup finds nothing");
        seconds.push(start.elapsed().as_secs_f64());
    }
    report.add("open+lookup", "", "exonym", median(&seconds) * 1e3, "ms", None);
    Ok(())
}
