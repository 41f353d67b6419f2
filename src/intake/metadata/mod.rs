//! Takes out of a file what tells on the person who made it: position, device, author, programs, dates, small previews.
//!
//! [`sniff()`] tells what a file is from its first bytes, [`Disguise`] whether it is something else as well, and
//! [`Stripper`] passes it through without what tells. JPEG, PNG and WebP pass as a stream in constant memory; HEIC, PDF
//! and Office files are held up to [`WHOLE_LIMIT_BYTES`]. Where something cannot be done safely the bytes pass as they
//! came and the [`Report`] says so: it never claims more than was done. What a person sees in the file (a name in the
//! text, a face, a number plate) stays.

mod bytes;
mod exif;
mod finding;
mod heic;
mod iptc;
mod jpeg;
mod office;
mod pdf;
mod png;
mod sniff;
mod strip;
mod webp;
mod xmp;

pub use finding::{Finding, Outcome, Reason, Report, What};
pub use sniff::{Disguise, FileKind, SNIFF_BYTES, sniff};
pub use strip::{Stripper, WHOLE_LIMIT_BYTES};
