//! Open arbitrary bytes as a gazetteer and use what opens: no panic, whatever the bytes say.
#![no_main]

use exonym::{Annotator, Finder, Gazetteer};
use libfuzzer_sys::fuzz_target;

const TEXT: &str = "The talks in Alma-Ata, Baku and Степанакерте went on; 阿拉木图 was silent, İstanbul'da.";

fuzz_target!(|bytes: &[u8]| {
    let Ok(gazetteer) = Gazetteer::from_bytes(bytes.to_vec()) else { return };
    let _ = gazetteer.verify();
    for name in gazetteer.lookup("Almaty").take(10) {
        let record = name.record();
        let _ = (record.id().to_string(), record.name().text(), record.point(), record.country());
        record.names().take(50).for_each(|name| drop((name.text(), name.langs().count(), name.kind())));
    }
    let _ = gazetteer.by_id("gn:1526384");
    let _ = Finder::new(&gazetteer).find_iter(TEXT).count();
    let _ = Annotator::new(&gazetteer).annotate(TEXT);
});
