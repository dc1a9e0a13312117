//! The one integration binary of the library.

mod format;
mod layers;
mod sources;
