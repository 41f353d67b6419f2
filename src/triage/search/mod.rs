//! Search over what is sealed: an index in memory only, filled as cases are opened and kept in step with each stored
//! change. Chinese is found by pairs of characters, everything else by words. Which results a person sees is not decided
//! here.

mod index;
mod text;

pub use index::{Filed, Found, Index};
pub use text::{Part, Query, QueryError, Text};
