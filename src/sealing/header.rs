//! The look at an age header before the age crate sees it.
//!
//! A thousand recipient stanzas cost that crate over half a second and four thousand several, so a header over
//! [`HEADER_MAX_BYTES`], or with a stanza that is neither ours nor grease, is refused by a walk over its lines.

/// Longest header that is looked at, in bytes, from the version line to the line of the MAC.
pub const HEADER_MAX_BYTES: usize = 2048;

const VERSION: &[u8] = b"age-encryption.org/v1";
const X25519: &[u8] = b"X25519";
const GREASE_SUFFIX: &[u8] = b"-grease";

/// Why a file is refused before anything is tried on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    /// It does not begin as an age file of version 1 does.
    #[error("not an age file")]
    NotAge,
    /// The header does not end within [`HEADER_MAX_BYTES`].
    #[error("the age header is too long")]
    TooLong,
    /// A stanza of a kind that is never sealed here.
    #[error("the age header has a stanza of an unexpected kind")]
    UnexpectedStanza,
    /// No stanza that an office's or a mailbox's key could open.
    #[error("the age header has no X25519 stanza")]
    NoRecipient,
}

/// Checks a file's header and returns its length in bytes, the MAC's line end included.
///
/// # Errors
/// [`HeaderError`]; always within one pass over at most [`HEADER_MAX_BYTES`].
pub fn check_header(file: &[u8]) -> Result<usize, HeaderError> {
    let head = &file[..file.len().min(HEADER_MAX_BYTES)];
    let mut lines = head.split_inclusive(|byte| *byte == b'\n');
    let mut length = match lines.next() {
        Some(line) if line.strip_suffix(b"\n") == Some(VERSION) => line.len(),
        _ => return Err(HeaderError::NotAge),
    };
    let mut recipients = 0;
    for line in lines {
        let Some(text) = line.strip_suffix(b"\n") else {
            break;
        };
        length += line.len();
        if text.starts_with(b"---") {
            return if recipients > 0 {
                Ok(length)
            } else {
                Err(HeaderError::NoRecipient)
            };
        }
        if let Some(stanza) = text.strip_prefix(b"-> ") {
            match stanza.split(|byte| *byte == b' ').next() {
                Some(X25519) => recipients += 1,
                Some(tag) if tag.ends_with(GREASE_SUFFIX) => {}
                _ => return Err(HeaderError::UnexpectedStanza),
            }
        }
    }
    if file.len() > HEADER_MAX_BYTES {
        Err(HeaderError::TooLong)
    } else {
        Err(HeaderError::NotAge)
    }
}
