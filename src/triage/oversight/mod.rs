//! What a supervisor oversees: figures of the cases that he may see, and the same figures as they may leave the office,
//! without the small ones.

mod figures;
mod withheld;

pub use figures::{Dimension, Key, Measure, Table, Tally};
pub use withheld::{Published, SMALL, publish};
