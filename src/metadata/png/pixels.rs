//! Packed pixels: unpacked to count them and to look at their rows, and thrown away.

use super::known::Header;
use super::rows::{Adler, Rows};
use flate2::{Decompress, FlushDecompress, Status};
use std::fmt;

const SCRATCH_BYTES: usize = 32 * 1024;

/// How the stream goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Goes,
    /// It cannot be unpacked, or it ended too early.
    Broken,
    /// It has more than the picture's pixels.
    TooMany,
}

/// The stream of one frame.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact about the stream"
)]
pub(super) struct Packed {
    unpack: Decompress,
    /// Bytes of zlib's own head that are to come, and the first of them.
    head: Vec<u8>,
    rows: Box<Rows>,
    /// Over the pixels that came out.
    adler: Adler,
    /// What zlib says that it is, as far as it has come.
    sum: Vec<u8>,
    expected_bytes: u64,
    unpacked: bool,
    ended: bool,
    broken: bool,
    /// Whether its chunks are those of a further frame (`fdAT`), which have numbers.
    numbered: bool,
}

impl Packed {
    /// Of the first frame, or of a further one.
    pub fn of(header: &Header, frame: u8) -> Self {
        let rows = Box::new(Rows::of(header));
        Self {
            unpack: Decompress::new(false),
            head: Vec::new(),
            expected_bytes: rows.bytes(),
            rows,
            adler: Adler::new(),
            sum: Vec::new(),
            unpacked: false,
            ended: false,
            broken: false,
            numbered: frame > 0,
        }
    }

    /// Whether another chunk of this kind belongs to it.
    pub fn is_still(&self, frame: u8) -> bool {
        self.numbered == (frame > 0) && (!self.ended || self.broken)
    }

    pub fn is_numbered(&self) -> bool {
        self.numbered
    }

    pub fn is_whole(&self) -> bool {
        self.ended && !self.broken
    }

    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    /// How many of these bytes belong to the stream; those behind its end do not.
    pub fn take(&mut self, bytes: &[u8]) -> (usize, Verdict) {
        if self.broken {
            return (bytes.len(), Verdict::Broken);
        }
        let mut used = bytes.len().min(2 - self.head.len());
        self.head.extend_from_slice(&bytes[..used]);
        match self.head[..] {
            [method, flags] if is_zlib(method, flags) => {}
            [_, _] => {
                self.broken = true;
                return (bytes.len(), Verdict::Broken);
            }
            _ => return (bytes.len(), Verdict::Goes),
        }
        let mut scratch = vec![0; SCRATCH_BYTES];
        while !self.unpacked {
            let (read, written) = (self.unpack.total_in(), self.unpack.total_out());
            let status =
                self.unpack
                    .decompress(&bytes[used..], &mut scratch, FlushDecompress::None);
            let read = self.unpack.total_in() - read;
            used += usize::try_from(read).unwrap_or(0);
            let more = self.unpack.total_out() - written;
            let came = &scratch[..usize::try_from(more).unwrap_or(0).min(SCRATCH_BYTES)];
            self.adler.add(came);
            if !self.rows.take(came) {
                self.broken = true;
                return (bytes.len(), Verdict::Broken);
            }
            match status {
                Ok(Status::StreamEnd) => self.unpacked = true,
                Ok(_) if used == bytes.len() && more < SCRATCH_BYTES as u64 => break,
                Ok(_) if read > 0 || more > 0 => {}
                Ok(_) | Err(_) => {
                    self.broken = true;
                    return (bytes.len(), Verdict::Broken);
                }
            }
        }
        if self.unpacked {
            let sum = (4 - self.sum.len()).min(bytes.len() - used);
            self.sum.extend_from_slice(&bytes[used..used + sum]);
            used += sum;
            self.ended = self.sum.len() == 4;
        }
        let has = self.unpack.total_out();
        if has > self.expected_bytes {
            self.broken = true;
            return (bytes.len(), Verdict::TooMany);
        }
        let is_sum = self.sum == self.adler.sum().to_be_bytes();
        if self.ended && (has < self.expected_bytes || !is_sum) {
            self.broken = true;
            return (bytes.len(), Verdict::Broken);
        }
        (used, Verdict::Goes)
    }
}

impl fmt::Debug for Packed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Packed(..)")
    }
}

/// RFC 1950, 2.2: deflate, a window of at most 32 KiB, no dictionary, and a check over both bytes.
fn is_zlib(method: u8, flags: u8) -> bool {
    let both = u16::from_be_bytes([method, flags]);
    method & 15 == 8 && method >> 4 <= 7 && flags & 0x20 == 0 && both.is_multiple_of(31)
}
