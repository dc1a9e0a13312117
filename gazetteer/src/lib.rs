//! The default gazetteer of exonym, compiled into the program.
//!
//! ```
//! let gazetteer = exonym_gazetteer::embedded();
//! let almaty = gazetteer.lookup("Алма-Ата").next().expect("it is a well-known name").record();
//! assert_eq!(almaty.id().to_string(), "gn:1526384");
//! ```

use std::sync::OnceLock;

use exonym::Gazetteer;

/// 16-byte alignment keeps the tables of the file on cache lines.
#[repr(C, align(64))]
struct Aligned<T: ?Sized>(T);

static BYTES: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/embedded.gaz")));

/// The bytes of the gazetteer file, as `exonym build` would write them.
pub fn bytes() -> &'static [u8] {
    &BYTES.0
}

/// The gazetteer. Opening it reads its header; the tables stay where the program was loaded.
///
/// # Panics
///
/// Never: the bytes were written by the same version of the library.
pub fn embedded() -> &'static Gazetteer {
    static EMBEDDED: OnceLock<Gazetteer> = OnceLock::new();
    EMBEDDED.get_or_init(|| Gazetteer::from_static(bytes()).expect("written by this version of exonym"))
}

/// What the build had to say: counts of records, names and keys, names left out by reason, sizes.
pub fn build_report() -> &'static str {
    include_str!(concat!(env!("OUT_DIR"), "/report.txt"))
}
