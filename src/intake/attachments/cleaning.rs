//! Taking out what a file says of its maker beside its content, as it streams by.

use crate::intake::metadata::{Report, Stripper};
use crate::tip::FileKind;
use std::io::{self, Read, Write};

/// How much is read at a time, in bytes.
const STEP_BYTES: usize = 64 * 1024;

/// Passes a file of `kind` on without what it says of its maker, and tells what that was. A file of a kind that nothing
/// can be taken out of passes as it is, and the report says so.
///
/// # Errors
/// What reader and writer say.
pub fn clean(
    kind: FileKind,
    reader: &mut impl Read,
    writer: &mut impl Write,
) -> io::Result<Report> {
    let mut stripper = Stripper::new(kind);
    let (mut bytes, mut passed) = (vec![0; STEP_BYTES], Vec::new());
    loop {
        let read = reader.read(&mut bytes)?;
        if read == 0 {
            break;
        }
        stripper.feed(&bytes[..read], &mut passed);
        writer.write_all(&passed)?;
        passed.clear();
    }
    let report = stripper.finish(&mut passed);
    writer.write_all(&passed)?;
    Ok(report)
}
