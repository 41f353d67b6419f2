//! What goes into the store and comes out of it, and what became of what was to be stored.

use super::AttachmentId;
use mifeng_foundation::clock::Day;
use mifeng_foundation::storage::{StoreError, hash_from, id_from};
use mifeng_sealing::{ContentHash, EnvelopeKind, LookupDigest, RevokedKey, SubmissionTag};

/// A sealed envelope on its way into the store.
#[derive(Clone, Debug)]
pub struct NewEnvelope {
    /// Random to whoever has no code; the same for a repeat of the same addition.
    pub id: [u8; 16],
    /// Slug of the office that may pull it.
    pub addressee: String,
    /// Hash of the ciphertext.
    pub content_hash: ContentHash,
    /// The age file.
    pub ciphertext: Vec<u8>,
    /// Day of receipt.
    pub received_day: Day,
    /// Files that go with it, which arrived before it.
    pub attachments: Vec<AttachmentId>,
}

/// A new tip with the mailbox for its answers.
#[derive(Clone, Debug)]
pub struct NewSubmission {
    /// The sealed tip.
    pub envelope: NewEnvelope,
    /// Slug of the office whose form was used.
    pub office: String,
    /// The mailbox's key.
    pub lookup_digest: LookupDigest,
    /// Tells a repeat from another tip under the same code.
    pub submission_tag: SubmissionTag,
}

/// What became of a submission. Durable when returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Submitted {
    /// It is on disk.
    Stored,
    /// The same tip under the same code was on disk already.
    AlreadyStored,
    /// Another tip is on disk under this code; nothing was stored.
    OtherContent,
    /// The quota of held ciphertext is used up; nothing was stored.
    QuotaFull,
    /// A file that goes with it is not there, or not for its addressee; nothing was stored.
    FileGone,
}

/// What became of an addition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It is on disk.
    Stored,
    /// The same with the same id was on disk already.
    AlreadyStored,
    /// There is no such mailbox.
    NoMailbox,
    /// The office said its last words in it: nothing more is taken for it, and nothing was stored.
    Closed,
    /// The quota is used up.
    QuotaFull,
    /// A file that goes with it is not there, or not for its addressee; nothing was stored.
    FileGone,
}

/// An envelope as listed to triage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedEnvelope {
    /// Random id.
    pub id: [u8; 16],
    /// Tip or reply.
    pub kind: EnvelopeKind,
    /// Hash of the ciphertext.
    pub content_hash: ContentHash,
    /// Length of the ciphertext.
    pub size_bytes: u64,
    /// Day of receipt.
    pub received_day: Day,
}

/// A message from triage.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// Chosen by triage.
    pub id: [u8; 16],
    /// The mailbox.
    pub lookup_digest: LookupDigest,
    /// The age file.
    pub ciphertext: Vec<u8>,
}

/// What is noted of a manifest that is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServedManifest {
    /// Its serial number.
    pub serial: u64,
    /// Hash of its signed text; `None` if it was served by a version that noted none.
    pub content_sha256: Option<[u8; 32]>,
    /// Fingerprint of the key that signed it; empty in the same case.
    pub fingerprint: String,
    /// Keys of offices below that it takes back.
    pub revoked: Vec<RevokedKey>,
    /// Whether it names no office above.
    pub is_top: bool,
}

/// An envelope named by id and content.
pub type EnvelopeName = ([u8; 16], ContentHash);

impl ListedEnvelope {
    /// From its columns.
    pub(super) fn from_columns(
        id: &[u8],
        kind: &str,
        content: &[u8],
        size_bytes: i64,
        received_day: i32,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            id: id_from(id)?,
            kind: EnvelopeKind::from_code(kind).ok_or(StoreError::Damaged("an unknown kind"))?,
            content_hash: ContentHash::from_bytes(hash_from(content)?),
            size_bytes: size_bytes.unsigned_abs(),
            received_day: Day::from_number(received_day)
                .map_err(|_| StoreError::Damaged("a day beyond the calendar"))?,
        })
    }
}
