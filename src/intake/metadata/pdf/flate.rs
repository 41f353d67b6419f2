//! Deflate with a bound on what comes out, and with a length that is given beforehand.

use flate2::read::ZlibDecoder;
use flate2::{Compress, Compression, FlushCompress};
use std::io::Read as _;

/// A stored block's head: final or not, length, and its complement.
const STORED_HEAD_BYTES: usize = 5;
const ADLER_BYTES: usize = 4;
const STORED_MAX_BYTES: usize = 0xFFFF;

/// Unpacks at most `limit_bytes`; `None` where it is more, or damaged.
pub(super) fn inflate(packed: &[u8], limit_bytes: usize) -> Option<Vec<u8>> {
    let mut plain = Vec::new();
    let limit = u64::try_from(limit_bytes).ok()?;
    let mut decoder = ZlibDecoder::new(packed).take(limit + 1);
    decoder.read_to_end(&mut plain).ok()?;
    (plain.len() <= limit_bytes).then_some(plain)
}

/// Packs `plain`, followed by as many spaces as needed, into exactly `length` bytes. `None` where it does not fit.
pub(super) fn deflate_to(plain: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut compress = Compress::new(Compression::best(), true);
    let mut packed = Vec::with_capacity(length);
    compress
        .compress_vec(plain, &mut packed, FlushCompress::Sync)
        .ok()?;
    // All of it went in, and all came out: the last four bytes are the mark of a flush.
    if compress.total_in() != u64::try_from(plain.len()).ok()?
        || !packed.ends_with(&[0, 0, 0xFF, 0xFF])
    {
        return None;
    }
    let mut sum = Adler::new();
    sum.add(plain);
    let mut left = length.checked_sub(packed.len() + ADLER_BYTES)?;
    loop {
        let size = left.checked_sub(STORED_HEAD_BYTES)?.min(STORED_MAX_BYTES);
        let mut after = left - STORED_HEAD_BYTES - size;
        // The next block needs room for its head.
        let size = if after > 0 && after < STORED_HEAD_BYTES {
            after += STORED_HEAD_BYTES;
            size - STORED_HEAD_BYTES
        } else {
            size
        };
        let count = u16::try_from(size).ok()?;
        packed.push(u8::from(after == 0));
        packed.extend_from_slice(&count.to_le_bytes());
        packed.extend_from_slice(&(!count).to_le_bytes());
        let spaces = vec![b' '; size];
        packed.extend_from_slice(&spaces);
        sum.add(&spaces);
        left = after;
        if left == 0 {
            break;
        }
    }
    packed.extend_from_slice(&sum.value().to_be_bytes());
    debug_assert_eq!(packed.len(), length);
    Some(packed)
}

/// The checksum at a zlib stream's end (RFC 1950, 8.2).
struct Adler(u32, u32);

impl Adler {
    fn new() -> Self {
        Self(1, 0)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 + u32::from(*byte)) % 65_521;
            self.1 = (self.1 + self.0) % 65_521;
        }
    }

    fn value(&self) -> u32 {
        self.1 << 16 | self.0
    }
}
