//! The one integration binary of the library.

mod format;
mod layers;
#[cfg(feature = "serde")]
mod offsets;
mod sources;
