//! The text in which names of staff and leaders are searched: the fields and words of a tip, folded for the search.

pub use mifeng_names::Text as NameSearchText;
