//! Taking out what a file says of its maker beside its content, as it streams by.

use super::held::Share;
use mifeng_metadata::{Report, Stripper};
use mifeng_sealing::tip::FileKind;
use std::io::{self, BufRead, Write};

/// How much is looked at at a time, in bytes, at most.
const STEP_BYTES: usize = 128 * 1024;

/// Of each byte that is held, what there is at one moment: itself and its cleaned copy.
pub const COPIES: u64 = 2;

/// Passes a file of `kind` on without what it says of its maker, and tells what that was. A file of a kind that nothing
/// can be taken out of passes as it is, and the report says so. What must be held whole is charged to `share`.
///
/// # Errors
/// What reader and writer say; [`io::ErrorKind::ResourceBusy`] where there is no room to hold it.
pub fn clean(
    kind: FileKind,
    reader: &mut impl BufRead,
    writer: &mut impl Write,
    share: &mut Share<'_>,
) -> io::Result<Report> {
    let mut stripper = Stripper::new(kind);
    let mut passed = Vec::new();
    loop {
        let available = reader.fill_buf()?;
        let read = available.len().min(STEP_BYTES);
        let bytes = &available[..read];
        if read == 0 {
            break;
        }
        if stripper.holds() {
            share.grow(COPIES * read as u64)?;
        }
        let (unchanged, others) = bytes.split_at(stripper.pass_unchanged(bytes));
        writer.write_all(unchanged)?;
        if !others.is_empty() {
            stripper.feed(others, &mut passed);
            writer.write_all(&passed)?;
            passed.clear();
        }
        reader.consume(read);
        if !stripper.holds() {
            passed.shrink_to(STEP_BYTES);
            share.give_back();
        }
    }
    let report = stripper.finish(&mut passed);
    writer.write_all(&passed)?;
    Ok(report)
}
