//! The ledger (台账): a line for every case, filtered by states, ids and days only, so that a filter can stand in an address.

mod filter;
mod line;
mod sheet;

pub use filter::{FIELDS, Filter, HandlerFilter, StateFilter, Wrong};
pub use line::{LedgerLine, LedgerPage, Sort, last, matches, order};
pub use sheet::{Cell, Format, Sheet};

/// Lines on a page.
pub const PAGE_LINES: usize = 50;
