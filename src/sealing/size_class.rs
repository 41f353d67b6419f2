//! Size classes: a sealed file is 4 KiB long, or 8, 16, … up to 1 MiB, to the byte. Trailing spaces inside
//! the seal fill it up, and are measured after the header is written, so that a header that varies (age adds a
//! random stanza, other writers do not) changes nothing of the length seen from outside.

use super::header::HEADER_MAX_BYTES;

/// Length of the smallest sealed file, in bytes.
pub const SMALLEST_CLASS_BYTES: usize = 4096;

/// Every length a sealed document can have, in bytes.
pub const SIZE_CLASSES: [usize; 9] = [
    SMALLEST_CLASS_BYTES,
    SMALLEST_CLASS_BYTES << 1,
    SMALLEST_CLASS_BYTES << 2,
    SMALLEST_CLASS_BYTES << 3,
    SMALLEST_CLASS_BYTES << 4,
    SMALLEST_CLASS_BYTES << 5,
    SMALLEST_CLASS_BYTES << 6,
    SMALLEST_CLASS_BYTES << 7,
    SMALLEST_CLASS_BYTES << 8,
];

/// Plaintext in one chunk of an age payload, and the tag after it, in bytes (C2SP age.md, "Payload").
const CHUNK_BYTES: usize = 64 * 1024;
const TAG_BYTES: usize = 16;
const NONCE_BYTES: usize = 16;
const SEALED_CHUNK_BYTES: u64 = (CHUNK_BYTES + TAG_BYTES) as u64;

/// The class that holds `content_bytes` whatever the header turns out to be; `None` if none does.
#[must_use]
pub fn class_for(content_bytes: usize) -> Option<usize> {
    let tags = (content_bytes / CHUNK_BYTES + 1) * TAG_BYTES;
    let needed = HEADER_MAX_BYTES + NONCE_BYTES + content_bytes + tags + TAG_BYTES;
    SIZE_CLASSES.into_iter().find(|class| *class >= needed)
}

/// Whether a sealed file can have this length.
#[must_use]
pub fn is_class(file_bytes: usize) -> bool {
    SIZE_CLASSES.contains(&file_bytes)
}

/// How long the padded plaintext must be for a file of `file_bytes` of which `header_bytes` (nonce included)
/// are written already. `None` where the last chunk would have to be empty, which the format forbids.
pub(super) fn padded_length(file_bytes: u64, header_bytes: u64) -> Option<u64> {
    let payload = file_bytes.checked_sub(header_bytes)?;
    let chunks = payload.div_ceil(SEALED_CHUNK_BYTES);
    let rest = payload % SEALED_CHUNK_BYTES;
    (rest == 0 || rest > TAG_BYTES as u64).then(|| payload - chunks * TAG_BYTES as u64)
}
