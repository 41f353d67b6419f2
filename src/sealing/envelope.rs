//! Envelopes: a document, padded, in one age file whose length is a size class.

use super::header::HEADER_MAX_BYTES;
use super::recipient::Recipient;
use super::size_class::{class_for, padded_length};
use crate::tip::{MailboxMessage, ReplyDocument, TipDocument};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use zeroize::Zeroizing;

/// What an envelope holds, as far as intake knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EnvelopeKind {
    /// A new tip.
    Tip,
    /// An addition from a reporter who has a code.
    Reply,
}

impl EnvelopeKind {
    /// The word stored and sent.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Tip => "tip",
            Self::Reply => "reply",
        }
    }

    /// The kind with this word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Tip, Self::Reply]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// SHA-256 of a sealed file: makes every step of the relay safe to repeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentHash([u8; 32]);

impl ContentHash {
    /// The hash of `file`.
    #[must_use]
    pub fn of(file: &[u8]) -> Self {
        Self(Sha256::digest(file).into())
    }

    /// From the stored bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// From 64 hex digits; `None` if it is anything else.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes).ok()?;
        Some(Self(bytes))
    }

    /// The bytes to store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Lower-case hex, as on the relay.
    #[must_use]
    pub fn to_hex(self) -> String {
        hex::encode(self.0)
    }
}

/// An age file made by this program. Its length is a size class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// A file made elsewhere, once it was looked at.
    pub(super) fn from_checked(file: Vec<u8>) -> Self {
        Self(file)
    }

    /// The file.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The file, to store.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Its hash.
    #[must_use]
    pub fn content_hash(&self) -> ContentHash {
        ContentHash::of(&self.0)
    }
}

/// A tip that only its office can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedTip(pub Sealed);

/// An addition that only the office can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedReply(pub Sealed);

/// A message that only the holder of the code can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedMessage(pub Sealed);

/// Why nothing was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// There is nobody to seal to.
    #[error("no recipient to seal to")]
    NoRecipient,
    /// More recipients than a header that is still [looked at](super::check_header) can name.
    #[error("too many recipients to seal to")]
    TooManyRecipients,
    /// The document is longer than the largest class holds.
    #[error("the document is too large to seal")]
    TooLarge,
    /// The age crate refused.
    #[error("sealing failed")]
    Failed,
}

/// Seals a tip to `recipients`.
///
/// # Errors
/// [`SealError`].
pub fn seal_tip(tip: &TipDocument, recipients: &[Recipient]) -> Result<SealedTip, SealError> {
    seal_bytes(&Zeroizing::new(tip.to_json()), recipients).map(SealedTip)
}

/// Seals a reporter's addition to `recipients`.
///
/// # Errors
/// [`SealError`].
pub fn seal_reply(
    reply: &ReplyDocument,
    recipients: &[Recipient],
) -> Result<SealedReply, SealError> {
    seal_bytes(&Zeroizing::new(reply.to_json()), recipients).map(SealedReply)
}

/// Seals a message to a mailbox.
///
/// # Errors
/// [`SealError`].
pub fn seal_message(
    message: &MailboxMessage,
    mailbox: &Recipient,
) -> Result<SealedMessage, SealError> {
    seal_bytes(
        &Zeroizing::new(message.to_json()),
        std::slice::from_ref(mailbox),
    )
    .map(SealedMessage)
}

/// Seals `document`, filled up with trailing spaces so that the whole file has the length of a size class.
///
/// # Errors
/// [`SealError`].
pub fn seal_bytes(document: &[u8], recipients: &[Recipient]) -> Result<Sealed, SealError> {
    if recipients.is_empty() {
        return Err(SealError::NoRecipient);
    }
    let class = class_for(document.len()).ok_or(SealError::TooLarge)?;
    loop {
        if let Some(file) = seal_to_class(document, recipients, class)? {
            return Ok(Sealed(file));
        }
    }
}

/// Seals what always has the same length, such as a key, to one recipient: nothing is filled up, so that it stays small.
///
/// # Errors
/// [`SealError::Failed`].
pub fn seal_key(key: &[u8], recipient: &Recipient) -> Result<Vec<u8>, SealError> {
    let keys = std::iter::once(recipient.as_age());
    let encryptor = age::Encryptor::with_recipients(keys).map_err(|_| SealError::Failed)?;
    let mut file = Vec::with_capacity(512);
    let written = encryptor.wrap_output(&mut file).and_then(|mut writer| {
        writer.write_all(key)?;
        writer.finish()
    });
    written.map_err(|_| SealError::Failed)?;
    Ok(file)
}

/// `None` for the rare header length at which no padding fits; the next header has another.
fn seal_to_class(
    document: &[u8],
    recipients: &[Recipient],
    class: usize,
) -> Result<Option<Vec<u8>>, SealError> {
    let keys = recipients.iter().map(Recipient::as_age);
    let encryptor = age::Encryptor::with_recipients(keys).map_err(|_| SealError::Failed)?;
    let output = SharedOutput::with_capacity(class);
    let mut writer = encryptor
        .wrap_output(output.clone())
        .map_err(|_| SealError::Failed)?;
    // What is longer is refused at opening: better not sealed than sealed for nobody.
    if output.len() > HEADER_MAX_BYTES {
        return Err(SealError::TooManyRecipients);
    }
    let Some(padded) = padded_length(class as u64, output.len() as u64) else {
        return Ok(None);
    };
    let padding = padded
        .checked_sub(document.len() as u64)
        .ok_or(SealError::TooLarge)?;
    let written = writer
        .write_all(document)
        .and_then(|()| io::copy(&mut io::Read::take(io::repeat(b' '), padding), &mut writer))
        .and_then(|_| writer.finish());
    written.map_err(|_| SealError::Failed)?;
    Ok(Some(output.take()))
}

/// Where the age crate writes to while we still look at how long the header became.
#[derive(Clone)]
struct SharedOutput(Rc<RefCell<Vec<u8>>>);

impl SharedOutput {
    fn with_capacity(bytes: usize) -> Self {
        Self(Rc::new(RefCell::new(Vec::with_capacity(bytes))))
    }

    fn len(&self) -> usize {
        self.0.borrow().len()
    }

    fn take(&self) -> Vec<u8> {
        self.0.take()
    }
}

impl Write for SharedOutput {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(buffer);
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
