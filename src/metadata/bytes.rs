//! Reading numbers out of bytes that may end anywhere.

use memchr::memmem;

/// A number of `N` bytes at `at`, the large end first.
fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

pub(super) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_be_bytes)
}

pub(super) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_be_bytes)
}

pub(super) fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_le_bytes)
}

/// A number of 0, 4 or 8 bytes, the large end first, as ISO-BMFF has them.
pub(super) fn be_sized(bytes: &[u8], at: usize, size: usize) -> Option<u64> {
    match size {
        0 => Some(0),
        4 => be32(bytes, at).map(u64::from),
        8 => array(bytes, at).map(u64::from_be_bytes),
        _ => None,
    }
}

/// A length for memory; larger than memory can be is as good as endless.
pub(super) fn length(number: impl TryInto<usize>) -> usize {
    number.try_into().unwrap_or(usize::MAX)
}

pub(super) fn contains(bytes: &[u8], word: &str) -> bool {
    memmem::find(bytes, word.as_bytes()).is_some()
}

/// Moves bytes from `input` to `held` until `held` has `needed`; true once it has.
pub(super) fn gather(held: &mut Vec<u8>, needed: usize, input: &mut &[u8]) -> bool {
    let missing = needed.saturating_sub(held.len()).min(input.len());
    let (now, later) = input.split_at(missing);
    held.extend_from_slice(now);
    *input = later;
    held.len() >= needed
}

/// The byte that lies nearest to what its three neighbours let expect (PNG 3, 9.4); documents pack pictures so, too.
pub(super) fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let near = |byte: u8| {
        let guess = i16::from(left) + i16::from(up) - i16::from(corner);
        (guess - i16::from(byte)).abs()
    };
    if near(left) <= near(up) && near(left) <= near(corner) {
        left
    } else if near(up) <= near(corner) {
        up
    } else {
        corner
    }
}
