//! The one integration binary of the library.

mod format;
mod geonames;
mod layers;
#[cfg(feature = "serde")]
mod objects;
#[cfg(feature = "serde")]
mod offsets;
#[cfg(feature = "serde")]
mod outputs;
mod overlay;
mod sources;
#[cfg(feature = "serde")]
mod tables;
