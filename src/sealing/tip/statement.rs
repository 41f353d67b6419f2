//! The statement in what a reporter says later: what is signed, word for word, and its proofs.

use super::attachment::{Attachment, is_false};
use super::document::{DocumentError, write};
use super::said::Said;
use mifeng_foundation::clock::Day;
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A file as a statement names it: what it is, not where it lies.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct StatedFile {
    /// The file's name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its length in the clear.
    pub size_bytes: u64,
    /// SHA-256 of it in the clear, lower-case hex.
    pub sha256: String,
    /// As [`Attachment::labelled_origin`].
    #[serde(default, skip_serializing_if = "is_false")]
    pub labelled_origin: bool,
    /// As [`Attachment::under_password`].
    #[serde(default, skip_serializing_if = "is_false")]
    pub under_password: bool,
}

impl StatedFile {
    pub(super) fn of(file: &Attachment) -> Self {
        Self {
            name: file.name.clone(),
            media_type: file.media_type.clone(),
            size_bytes: file.size_bytes,
            sha256: file.sha256.clone(),
            labelled_origin: file.labelled_origin,
            under_password: file.under_password,
        }
    }
}

/// What is signed: everything that is said, for which mailbox, and the id by which it counts once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct ReplyStatement {
    /// Slug of the office whose pickup page was used; it salts the code's secrets.
    pub office: String,
    /// The mailbox it was written from, lower-case hex.
    pub lookup_digest: String,
    /// By which it counts once, however often it comes: the tag of the submission, lower-case hex, 32 bytes. The same words
    /// with the same files on one day have the same.
    pub reply_id: String,
    /// The day it came.
    #[zeroize(skip)]
    pub received_day: Day,
    /// What is said.
    pub said: Said,
    /// Files that go with it; absent where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<StatedFile>,
}

impl ReplyStatement {
    /// With the files that go with it.
    #[must_use]
    pub fn with_files(mut self, attachments: &[Attachment]) -> Self {
        self.files = attachments.iter().map(StatedFile::of).collect();
        self
    }

    /// Reads a statement.
    ///
    /// # Errors
    /// [`DocumentError::Malformed`].
    pub fn from_json(json: &str) -> Result<Self, DocumentError> {
        serde_json::from_str(json).map_err(|_| DocumentError::Malformed)
    }

    /// The JSON text to sign.
    ///
    /// # Panics
    /// Never: JSON is UTF-8.
    #[must_use]
    pub fn to_json(&self) -> String {
        String::from_utf8(write(self)).expect("JSON is UTF-8")
    }
}

impl fmt::Debug for ReplyStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReplyStatement(..)")
    }
}

/// A statement with its proofs. It is kept and sent on as it came: another form of the same words would not verify.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct SignedStatement {
    /// A [`ReplyStatement`] as JSON, to the byte as it was signed.
    pub statement: String,
    /// Ed25519 signature by the key that the tip's seal carries, lower-case hex, 64 bytes.
    pub signature: String,
    /// HMAC-SHA256 under the tip's receipt secret, for tips without such a key, lower-case hex, 32 bytes.
    pub mac: String,
}

impl fmt::Debug for SignedStatement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedStatement(..)")
    }
}
