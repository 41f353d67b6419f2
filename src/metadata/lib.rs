//! Takes out of a file what tells on the person who made it: position, device, author, programs, dates, small previews.
//!
//! [`Stripper`] passes a file through without what tells; [`mifeng_sealing::tip::FileKind`] says what it is. JPEG, PNG
//! and WebP pass as a stream in constant memory; HEIC, PDF and Office files are held up to [`WHOLE_LIMIT_BYTES`]. Where
//! something cannot be done safely the bytes pass as they came and the [`Report`] says so: it never claims more than was
//! done. What a person sees in the file (a name in the text, a face, a number plate) stays.
//!
//! It knows nothing of pages, stores or networks. Start reading at `strip.rs`, which chooses a reader by the kind of file,
//! and at `finding.rs`, which says what the page is told.

mod account;
mod bytes;
mod exif;
mod finding;
mod heic;
mod icc;
mod iptc;
mod jpeg;
mod office;
mod pdf;
mod png;
mod strip;
mod text;
mod webp;
mod xmp;

pub use finding::{Finding, Outcome, Reason, Report, What};
pub use strip::{Stripper, WHOLE_LIMIT_BYTES};
