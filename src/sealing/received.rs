//! A file that somebody else sealed: what can be told of it without opening.
//!
//! Whom a stanza is for cannot be told, nor whether the payload is sound; what does not open is quarantined by
//! triage. What can be told is whether the file looks as one of ours does, to the byte.

use super::envelope::{Sealed, SealedReply, SealedTip};
use super::header::{HeaderError, check_header};
use super::size_class::{is_class, padded_length};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;

/// The nonce between an age header and its payload, in bytes (C2SP age.md).
const NONCE_BYTES: usize = 16;
/// A body line shorter than this is a stanza's last (C2SP age.md).
const BODY_LINE_CHARS: usize = 64;

/// Why a sealed file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReceivedError {
    /// Its header is refused before anything else.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The header's lines are not those of an age file.
    #[error("the age header is not well formed")]
    MalformedHeader,
    /// It is sealed to more or fewer keys than the addressee has.
    #[error("the file is not sealed to as many keys as the addressee has")]
    OtherRecipients,
    /// Its length is no size class, or no payload has this length.
    #[error("the file's length is no size class")]
    NotAClass,
}

impl SealedTip {
    /// Takes a tip that was sealed elsewhere to `recipients` keys.
    ///
    /// # Errors
    /// [`ReceivedError`].
    pub fn receive(file: Vec<u8>, recipients: usize) -> Result<Self, ReceivedError> {
        received(file, recipients).map(Self)
    }
}

impl SealedReply {
    /// The same for what a reporter says later.
    ///
    /// # Errors
    /// [`ReceivedError`].
    pub fn receive(file: Vec<u8>, recipients: usize) -> Result<Self, ReceivedError> {
        received(file, recipients).map(Self)
    }
}

fn received(file: Vec<u8>, recipients: usize) -> Result<Sealed, ReceivedError> {
    if !is_class(file.len()) {
        return Err(ReceivedError::NotAClass);
    }
    let header_bytes = check_header(&file)?;
    if x25519_stanzas(&file[..header_bytes]).ok_or(ReceivedError::MalformedHeader)? != recipients {
        return Err(ReceivedError::OtherRecipients);
    }
    padded_length(file.len() as u64, (header_bytes + NONCE_BYTES) as u64)
        .ok_or(ReceivedError::NotAClass)?;
    Ok(Sealed::from_checked(file))
}

/// How many well-formed X25519 stanzas a header has; `None` if any line is not as it must be. Grease (a random stanza
/// that the age crate adds) may have any arguments and any body.
fn x25519_stanzas(header: &[u8]) -> Option<usize> {
    let mut lines = std::str::from_utf8(header)
        .ok()?
        .strip_suffix('\n')?
        .split('\n')
        .skip(1);
    let mut count = 0;
    loop {
        let line = lines.next()?;
        if let Some(mac) = line.strip_prefix("--- ") {
            return (is_32_bytes(mac) && lines.next().is_none()).then_some(count);
        }
        let mut arguments = line.strip_prefix("-> ")?.split(' ');
        let is_ours = arguments.next()? == "X25519";
        if is_ours {
            let share = arguments.next()?;
            if !is_32_bytes(share) || arguments.next().is_some() || !is_32_bytes(lines.next()?) {
                return None;
            }
            count += 1;
        } else {
            while lines.next()?.len() == BODY_LINE_CHARS {}
        }
    }
}

fn is_32_bytes(base64: &str) -> bool {
    BASE64_STANDARD_NO_PAD
        .decode(base64)
        .is_ok_and(|bytes| bytes.len() == 32)
}
