//! Where names are looked for.

pub use crate::names::Text as Haystack;
