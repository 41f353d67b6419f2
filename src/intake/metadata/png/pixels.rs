//! Packed pixels: unpacked to count them, and thrown away.

use super::known::Header;
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
    /// Of zlib's sum over the pixels, which are not here any more, how many bytes are to come.
    sum_left: usize,
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
        Self {
            unpack: Decompress::new(false),
            head: Vec::new(),
            sum_left: 4,
            expected_bytes: expected_bytes(header),
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
            let sum = self.sum_left.min(bytes.len() - used);
            self.sum_left -= sum;
            used += sum;
            self.ended = self.sum_left == 0;
        }
        let has = self.unpack.total_out();
        if has > self.expected_bytes {
            self.broken = true;
            return (bytes.len(), Verdict::TooMany);
        }
        if self.ended && has < self.expected_bytes {
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

/// Bytes of all lines, each with the number of its filter before it; of a picture larger than there can be, as many as can be
/// said, so that what comes is never whole.
fn expected_bytes(header: &Header) -> u64 {
    let bits = u64::from(header.depth * header.samples());
    let lines = |width: u64, height: u64| {
        if width == 0 {
            0
        } else {
            (1 + (width * bits).div_ceil(8)).saturating_mul(height)
        }
    };
    let (width, height) = (u64::from(header.width), u64::from(header.height));
    if !header.interlaced {
        return lines(width, height);
    }
    // Adam7: where each pass begins, and how far its pixels are apart (PNG 3, 8.1).
    let passes = [
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ];
    passes
        .iter()
        .map(|(x, y, across, down): &(u64, u64, u64, u64)| {
            let wide = width.saturating_sub(*x).div_ceil(*across);
            let high = height.saturating_sub(*y).div_ceil(*down);
            lines(wide, high)
        })
        .fold(0, u64::saturating_add)
}
