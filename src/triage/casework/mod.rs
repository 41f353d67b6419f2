//! What every change of a case is made of: the draft that puts together what is stored with it, and what its reporter is told.

mod draft;
mod files;
mod told;

pub(crate) use draft::{Draft, sent_tip, tell_deadlines};
pub(crate) use files::attachment_rows;
pub use told::{PHRASES, phrase};
pub(crate) use told::{told, unended};
