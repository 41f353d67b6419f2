//! IPTC: a news agency's labels, kept by image editors in their own block of a JPEG.

use super::finding::{Findings, What};
use memchr::memmem;

/// Marks a dataset of the application record (IIM 4.2, chapter 6).
const DATASET: &[u8] = &[0x1C, 0x02];
const RESOURCE: &[u8] = b"8BIM";

/// Notes what an editor's block tells.
pub(super) fn look(block: &[u8], findings: &mut Findings) {
    let mut known = false;
    for at in memmem::find_iter(block, DATASET) {
        if let Some(what) = block.get(at + 2).and_then(|number| dataset(*number)) {
            findings.removed(what);
            known = true;
        }
    }
    for at in memmem::find_iter(block, RESOURCE) {
        // The small copy of the picture, in the old layout and the new one.
        if matches!(block.get(at + 4..at + 6), Some([0x04, 0x09 | 0x0C])) {
            findings.removed(What::Thumbnail);
            known = true;
        }
    }
    if !known {
        findings.removed(What::Other);
    }
}

fn dataset(number: u8) -> Option<What> {
    Some(match number {
        5 | 25 | 105 | 120 => What::Comment,
        55 | 60 | 62 | 63 => What::Date,
        65 | 70 => What::Software,
        80 | 85 | 110 | 115 | 116 | 122 => What::Author,
        90 | 92 | 95 | 100 | 101 => What::Position,
        _ => return None,
    })
}
