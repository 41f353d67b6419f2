//! Ascending numbers in few bytes: each as its distance from the one before, seven bits a byte.

/// Most bytes that a number takes.
pub(super) const BYTES_MAX: usize = 5;

/// Appends a number.
pub(super) fn push(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        bytes.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
}

/// Reads numbers back.
pub(super) struct Numbers<'a>(pub &'a [u8]);

impl Iterator for Numbers<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        let (first, mut rest) = self.0.split_first()?;
        let mut value = u32::from(first & 0x7f);
        let mut more = first & 0x80 != 0;
        let mut shift = 7;
        while more {
            let (byte, after) = rest.split_first()?;
            value |= u32::from(byte & 0x7f) << shift;
            more = byte & 0x80 != 0;
            shift += 7;
            rest = after;
        }
        self.0 = rest;
        Some(value)
    }
}
