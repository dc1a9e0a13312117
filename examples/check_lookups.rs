//! Checks a gazetteer of any size against the tables of GeoNames it was built from: of a sample of keys, its answers must be those
//! of a hash map. Tells first how long it took to open the file and look a first name up; without tables, only that.
//!
//!     cargo run --release --example check_lookups -- world.gaz 100000 allCountries.txt alternateNamesV2.txt

use std::collections::{BTreeSet, HashMap};
use std::error::Error;
use std::time::Instant;

use exonym::Gazetteer;
use exonym::gazetteer::filter::hash;
use exonym::source::geonames::GeoNamesReader;
use exonym::token::Key;

#[expect(clippy::print_stdout, reason = "this is what it is for")]
fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some((gazetteer, rest)) = args.split_first() else {
        return Err("expected: check_lookups GAZETTEER [SAMPLE TABLE…]".into());
    };
    let start = Instant::now();
    let gazetteer = Gazetteer::open(gazetteer)?;
    let found = gazetteer.lookup("Paris").len();
    let took = start.elapsed();
    let (names, keys) = (gazetteer.info().names, gazetteer.info().keys);
    println!("{names} names, {keys} keys: opened and looked up once in {took:?} ({found} names)");
    let [sample, first, others @ ..] = rest else { return Ok(()) };

    let every = (u64::from(keys) / sample.parse::<u64>()?.max(1)).max(1);
    let mut rows = GeoNamesReader::from_path(first)?;
    for table in others {
        rows = rows.then(GeoNamesReader::from_path(table)?);
    }
    let mut expected: HashMap<Key, BTreeSet<(String, String)>> = HashMap::new();
    for row in rows {
        let (record, _) = row?;
        for name in record.names {
            let key = Key::new(&name.text);
            if !key.is_empty() && hash(key.as_bytes()).is_multiple_of(every) {
                expected.entry(key).or_default().insert((record.id.to_string(), name.text));
            }
        }
    }
    let mut bearers = 0;
    for (key, expected) in &expected {
        let found: BTreeSet<_> =
            gazetteer.get(key).map(|name| (name.record().id().to_string(), name.text().to_owned())).collect();
        if found != *expected {
            return Err(format!("{key:?}: found {found:?}, expected {expected:?}").into());
        }
        bearers += found.len();
    }
    println!("{} keys with {bearers} names: each answer is that of a hash map", expected.len());
    Ok(())
}
