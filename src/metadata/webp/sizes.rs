//! How large a picture or a frame is, by the heads of its chunks.

use crate::bytes::le32;

/// A measure in three bytes, less one.
pub(super) fn measure(data: &[u8], at: usize) -> u32 {
    let bytes = data.get(at..at + 3).unwrap_or(&[0; 3]);
    1 + u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0])
}

/// Width and height by the head of a VP8L stream (RFC 9649, 3.4).
pub(super) fn lossless(data: &[u8]) -> Option<(u32, u32)> {
    let bits = le32(data, 1).filter(|bits| data[0] == 0x2F && bits >> 29 == 0)?;
    Some((1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)))
}

/// Width and height by the head of a VP8 key frame (RFC 6386, 9.1).
pub(super) fn lossy(data: &[u8]) -> Option<(u32, u32)> {
    let bits = le32(data, 6).filter(|_| data[0] & 1 == 0 && data[3..6] == [0x9D, 0x01, 0x2A])?;
    Some((bits & 0x3FFF, bits >> 16 & 0x3FFF))
}
