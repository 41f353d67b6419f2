//! The account of a file: that it is clean can only be said of one whose every byte was read by a reader that knows what it
//! is for.

use super::finding::Reason;
use std::ops::Range;

/// Proof that each byte of a file was read by a reader that knows what it is for, and kept as harmless or taken out. Only
/// [`Account::close`] and [`Coverage::close`] make one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Accounted {
    bytes: u64,
}

impl Accounted {
    /// Length of the file.
    pub fn bytes(self) -> u64 {
        self.bytes
    }
}

/// The account of a reader that goes through a file from its first byte to its last. How long the file was is counted by
/// somebody else, who only handed the bytes over: both must come to the same number.
#[derive(Debug, Default)]
pub(super) struct Account {
    bytes: u64,
}

impl Account {
    /// The next `bytes` were understood: they are kept as harmless, or taken out.
    pub fn enter(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes as u64);
    }

    /// The proof, if nothing of a file of `file_bytes` was left out.
    pub fn close(self, file_bytes: u64) -> Result<Accounted, Reason> {
        let accounted = Accounted { bytes: self.bytes };
        (self.bytes == file_bytes)
            .then_some(accounted)
            .ok_or(Reason::Unchecked)
    }
}

/// The account of a reader that goes to and fro in a file that it holds.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    spans: Vec<Range<usize>>,
}

impl Coverage {
    /// These bytes were understood: they are kept as harmless, or overwritten. Spans may overlap.
    pub fn enter(&mut self, span: Range<usize>) {
        self.spans.push(span);
    }

    /// Every byte, for a reader that takes the whole of a file apart and writes it anew.
    pub fn whole(file_bytes: usize) -> Self {
        let mut all = Self::default();
        all.enter(0..file_bytes);
        all
    }

    /// The parts of `range` that nobody has entered, in their order.
    pub fn gaps(&mut self, range: Range<usize>) -> Vec<Range<usize>> {
        self.spans.sort_by_key(|span| span.start);
        let (mut at, mut gaps) = (range.start, Vec::new());
        for span in &self.spans {
            if span.start >= range.end {
                break;
            }
            if span.start > at {
                gaps.push(at..span.start);
            }
            at = at.max(span.end);
        }
        if at < range.end {
            gaps.push(at..range.end);
        }
        gaps
    }

    /// The proof, if nothing of a file of `file_bytes` was left out.
    pub fn close(mut self, file_bytes: usize) -> Result<Accounted, Reason> {
        let is_whole = self.gaps(0..file_bytes).is_empty();
        let accounted = Accounted {
            bytes: file_bytes as u64,
        };
        is_whole.then_some(accounted).ok_or(Reason::Unchecked)
    }
}
