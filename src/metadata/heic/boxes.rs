//! Boxes: a length, a name, and what is in it (ISO 14496-12, 4.2).

use super::Reason;
use crate::bytes::{be_sized, be32, length};
use std::ops::Range;

/// A box: its name, all of it and what is in it.
pub(super) struct Box4 {
    pub name: [u8; 4],
    pub whole: Range<usize>,
    pub body: Range<usize>,
}

/// The boxes in `range`; damaged if they do not fill it exactly.
pub(super) fn boxes(file: &[u8], range: Range<usize>) -> Result<Vec<Box4>, Reason> {
    let (mut at, mut found) = (range.start, Vec::new());
    while at < range.end {
        let (size, head) = match be32(file, at).ok_or(Reason::Damaged)? {
            0 => (range.end - at, 8),
            1 => {
                let size = be_sized(file, at + 8, 8).ok_or(Reason::Damaged)?;
                (length(size), 16)
            }
            size => (length(size), 8),
        };
        if size < head || size > range.end - at {
            return Err(Reason::Damaged);
        }
        let name = file
            .get(at + 4..at + 8)
            .and_then(|name| name.try_into().ok());
        found.push(Box4 {
            name: name.ok_or(Reason::Damaged)?,
            whole: at..at + size,
            body: at + head..at + size,
        });
        at += size;
    }
    Ok(found)
}

/// The body of a box that has a version and flags first.
pub(super) fn full(body: &Range<usize>) -> Range<usize> {
    (body.start + 4).min(body.end)..body.end
}
