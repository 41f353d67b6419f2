//! Sealing: recipients only. What is done here anyone could do who has read the office's poster; nothing in this crate
//! opens anything, and it must never import `opening`, `intake` or `triage`.
//!
//! - [`tip`]: what a tip is, and the documents that stand inside a seal: start reading there; [`relay`]: the contract between the two services;
//! - [`PickupCode`] is made, and gives the mailbox's [`Lookup`] and recipient;
//! - an [`OfficeManifest`] says who may be sealed to, and who signed that;
//! - [`SealedTip`] and the other sealed forms are age files whose length is a [size class](SIZE_CLASSES);
//! - an [`AttachmentSealer`] seals a file as it streams by.

pub mod relay;
pub mod tip;

mod attachment;
mod envelope;
mod header;
mod mailbox;
mod manifest;
mod manifest_file;
mod manifest_key;
mod opened;
mod own_words;
mod pickup_code;
mod received;
mod recipient;
mod reply_proof;
mod revoked;
mod size_class;
mod typed_code;

pub use attachment::{
    ATTACHMENT_MAX_BYTES, ATTACHMENT_SMALLEST_BYTES, AttachmentSeal, AttachmentSealer,
    ContentSealer, attachment_length, is_attachment_length, padme,
};
pub use envelope::{
    ContentHash, EnvelopeKind, SealError, Sealed, SealedMessage, SealedReply, SealedTip,
    seal_bytes, seal_key, seal_message, seal_reply, seal_tip,
};
pub use header::{HEADER_MAX_BYTES, HeaderError, check_header};
pub use mailbox::{Lookup, LookupDigest, MailboxSecrets, SubmissionTag};
pub use manifest::{
    Contact, HelpLine, ManifestBody, OfficeManifest, OwnWords, ParentOffice, RelayClient,
};
pub use manifest_file::{ManifestError, named_in, sign_manifest};
pub use manifest_key::{ManifestPublicKey, ManifestSigningKey};
pub use opened::{OPENED_FIELD_BYTES, OpenedField, OpenedKey};
pub use own_words::MissingWords;
pub use pickup_code::{CODE_DIGITS, CodeError, PickupCode, damm};
pub use received::ReceivedError;
pub use recipient::{Recipient, RecipientError};
pub use reply_proof::{BadReplyKey, ProvenReply, ReplyKey};
pub use revoked::RevokedKey;
pub use size_class::{SIZE_CLASSES, SMALLEST_CLASS_BYTES, class_for, is_class};
