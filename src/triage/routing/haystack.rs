//! Where names are looked for.

pub use mifeng_names::Text as Haystack;
