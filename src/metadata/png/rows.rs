//! The rows of a picture as they come out of their packing: how each was filtered, what stands in the bits behind its last
//! pixel, and which colours of the palette it uses. Nothing is kept but the last two rows, and these only where it matters.

use super::super::bytes::paeth;
use super::known::Header;

/// Longer rows are not looked into: no picture that means well has such.
const ROW_MAX_BYTES: u64 = 1024 * 1024;
/// How a row can be filtered (PNG 3, 9.2).
const FILTERS: u8 = 5;

/// One pass over a picture, or all of it: pixels in a row, and rows.
struct Pass {
    width: u64,
    height: u64,
}

pub(super) struct Rows {
    passes: Vec<Pass>,
    /// Bits of a pixel.
    bits: u64,
    /// Pixels are numbers of colours.
    indexed: bool,
    pass: usize,
    row: u64,
    /// How the row that is coming was filtered; `None` before that was said.
    filter: Option<u8>,
    /// Bytes of the row that have come.
    come: u64,
    above: Vec<u8>,
    now: Vec<u8>,
    /// What stands behind the last pixel of every row so far: nothing, or ones.
    padding: Option<bool>,
    odd: bool,
    used: [bool; 256],
}

impl Rows {
    pub fn of(header: &Header) -> Self {
        let (width, height) = (u64::from(header.width), u64::from(header.height));
        let passes = if header.interlaced {
            // Adam7: where each pass begins, and how far its pixels are apart (PNG 3, 8.1).
            const PASSES: [(u64, u64, u64, u64); 7] = [
                (0, 0, 8, 8),
                (4, 0, 8, 8),
                (0, 4, 4, 8),
                (2, 0, 4, 4),
                (0, 2, 2, 4),
                (1, 0, 2, 2),
                (0, 1, 1, 2),
            ];
            let part = |(x, y, across, down): &(u64, u64, u64, u64)| Pass {
                width: width.saturating_sub(*x).div_ceil(*across),
                height: height.saturating_sub(*y).div_ceil(*down),
            };
            PASSES.iter().map(part).collect()
        } else {
            vec![Pass { width, height }]
        };
        Self {
            passes,
            bits: u64::from(header.depth * header.samples()),
            indexed: header.colours == 3,
            pass: 0,
            row: 0,
            filter: None,
            come: 0,
            above: Vec::new(),
            now: Vec::new(),
            padding: None,
            odd: false,
            used: [false; 256],
        }
    }

    /// Bytes of all rows, each with the number of its filter before it; of a picture larger than there can be, as many as
    /// can be said, so that what comes is never whole.
    pub fn bytes(&self) -> u64 {
        let rows = |pass: &Pass| {
            if pass.width == 0 {
                0
            } else {
                (1 + self.bytes_of_row(pass)).saturating_mul(pass.height)
            }
        };
        self.passes.iter().map(rows).fold(0, u64::saturating_add)
    }

    fn bytes_of_row(&self, pass: &Pass) -> u64 {
        (pass.width * self.bits).div_ceil(8)
    }

    /// Whether something stands in the bits behind the last pixels.
    pub fn hides(&self) -> bool {
        self.odd
    }

    /// Which colours of the palette were used.
    pub fn used(&self) -> &[bool; 256] {
        &self.used
    }

    /// Takes the next bytes; false where a row is filtered in a way that there is not.
    pub fn take(&mut self, mut bytes: &[u8]) -> bool {
        while let Some((first, rest)) = bytes.split_first() {
            let Some(pass) = self.passes.get(self.pass) else {
                return true;
            };
            if pass.width == 0 || self.row == pass.height {
                self.pass += 1;
                self.row = 0;
                self.above.clear();
                continue;
            }
            let length = self.bytes_of_row(pass);
            let Some(filter) = self.filter else {
                if *first >= FILTERS {
                    return false;
                }
                self.filter = Some(*first);
                bytes = rest;
                continue;
            };
            let left = usize::try_from(length - self.come).unwrap_or(usize::MAX);
            let (now, later) = bytes.split_at(left.min(bytes.len()));
            let is_looked_at = self.indexed || self.bits < 8;
            if is_looked_at && length > ROW_MAX_BYTES {
                self.odd = true;
            } else if is_looked_at {
                self.unfilter(filter, now);
            }
            self.come += now.len() as u64;
            bytes = later;
            if self.come == length {
                self.close();
            }
        }
        true
    }

    /// What these bytes were before they were filtered: all pixels here are of a byte or less.
    fn unfilter(&mut self, filter: u8, bytes: &[u8]) {
        for byte in bytes {
            let at = self.now.len();
            let left = at.checked_sub(1).map_or(0, |at| self.now[at]);
            let up = self.above.get(at).copied().unwrap_or(0);
            let corner = at.checked_sub(1).and_then(|at| self.above.get(at));
            let guess = match filter {
                0 => 0,
                1 => left,
                2 => up,
                3 => left.midpoint(up),
                _ => paeth(left, up, corner.copied().unwrap_or(0)),
            };
            self.now.push(byte.wrapping_add(guess));
        }
    }

    /// A row is whole.
    fn close(&mut self) {
        let width = self.passes[self.pass].width;
        if let Some(last) = self.now.last() {
            let behind = (8 - width * self.bits % 8) % 8;
            let ones = (1_u16 << behind).to_le_bytes()[0].wrapping_sub(1);
            let padding = last & ones;
            if behind > 0 {
                // Some programs fill the last byte with ones: the same in each row, it says nothing.
                let is_ones = padding == ones;
                self.odd |= !is_ones && padding != 0;
                self.odd |= *self.padding.get_or_insert(is_ones) != is_ones;
            }
        }
        if self.indexed {
            self.mark_used(width);
        }
        std::mem::swap(&mut self.above, &mut self.now);
        self.now.clear();
        (self.filter, self.come) = (None, 0);
        self.row += 1;
    }

    fn mark_used(&mut self, width: u64) {
        let in_byte = 8 / self.bits;
        let mut left = width;
        for byte in &self.now {
            for place in 0..in_byte.min(left) {
                let index = (byte >> (8 - self.bits * (place + 1))) & (0xFF >> (8 - self.bits));
                self.used[usize::from(index)] = true;
            }
            left = left.saturating_sub(in_byte);
        }
    }
}

/// The sum over what was packed (RFC 1950, 9).
#[derive(Clone, Copy, Debug)]
pub(super) struct Adler {
    low: u32,
    high: u32,
}

impl Adler {
    const PRIME: u32 = 65_521;
    /// So many bytes can be added before the sums are too large.
    const BYTES: usize = 3_800;

    pub fn new() -> Self {
        Self { low: 1, high: 0 }
    }

    pub fn add(&mut self, bytes: &[u8]) {
        for part in bytes.chunks(Self::BYTES) {
            for byte in part {
                self.low += u32::from(*byte);
                self.high += self.low;
            }
            self.low %= Self::PRIME;
            self.high %= Self::PRIME;
        }
    }

    pub fn sum(self) -> u32 {
        self.high << 16 | self.low
    }
}
