//! The contract between the two services: paths and JSON bodies, version 6: version 5 closed no mailboxes, version 4 passed files up with nothing, version 3 passed nothing up, version 2 opened no mailboxes for calls and
//! letters, version 1 knew no attachments. A triage of
//! version 1 stops at an envelope that lists some instead of releasing them unread; without any the two are the same. Triage always asks; intake answers.
//!
//! Every request may be repeated: an envelope is named by its id *and* its content's hash, a message by an id
//! that triage chose. Bodies are base64 in JSON; days are `YYYY-MM-DD`.

use crate::EnvelopeKind;
use mifeng_foundation::clock::Day;
use serde::{Deserialize, Serialize};

/// `GET`: [`Hello`].
pub const HELLO_PATH: &str = "/relay/v1/hello";
/// `GET` with [`ListQuery`]: [`EnvelopeList`].
pub const LIST_PATH: &str = "/relay/v1/envelopes";
/// `POST` [`FetchRequest`]: [`FetchResponse`].
pub const FETCH_PATH: &str = "/relay/v1/envelopes/fetch";
/// `POST` [`EnvelopeRefs`]: [`Done`]. "I have stored these."
pub const ACKNOWLEDGE_PATH: &str = "/relay/v1/envelopes/acknowledge";
/// `POST` [`EnvelopeRefs`]: [`Done`]. "These are safe": intake deletes the ciphertext.
pub const RELEASE_PATH: &str = "/relay/v1/envelopes/release";
/// `GET`, followed by an envelope's id and one of its attachments' ids, each behind a slash, with the header
/// `Range: bytes=FROM-`: status 206 with a part of the sealed file from there, of at most [`RANGE_MAX_BYTES`]; status
/// 416 at its end, 404 if the envelope lists no such attachment. Acknowledging and releasing an envelope does so for
/// its attachments.
pub const ATTACHMENTS_PATH: &str = "/relay/v1/attachments";
/// `POST` [`PostMessages`]: [`Posted`].
pub const MESSAGES_PATH: &str = "/relay/v1/messages";

/// `POST` [`OpenMailboxes`]: [`Opened`]. For tips that came to the office by telephone, by letter or at its desk: intake
/// learns what it would of a tip from its page, and no more.
pub const MAILBOXES_PATH: &str = "/relay/v1/mailboxes";

/// `POST` [`PostMessages`]: [`Posted`]. The last message of each mailbox: it is put into it, and the mailbox closed in the same
/// step. What lies in it can be read until its reporter deletes it; what is written to it from then on is refused, and said to be.
pub const CLOSE_PATH: &str = "/relay/v1/mailboxes/close";

/// `POST` [`PassUp`]: [`Passed`]. What an office may not handle itself goes to the office above that its manifest names,
/// which pulls it as any other envelope; and that office answers the mailbox from now on.
pub const PASS_PATH: &str = "/relay/v1/pass";

/// `POST`, followed by a slash and the id that triage chose for it, with a file that is sealed to the office above as the
/// body: [`Done`]. Sent for those that an answer to [`PASS_PATH`] says are [missing](Passed::missing); the same id twice is
/// one file. What no envelope names in time is deleted, and is missing again.
pub const PASS_FILES_PATH: &str = "/relay/v1/pass/files";

/// The version of this contract.
pub const VERSION: u32 = 6;

/// Most envelopes or messages in one exchange.
pub const BATCH_MAX: usize = 64;

/// Most ciphertext in one fetch, in bytes: beyond it the rest comes with the next.
pub const FETCH_MAX_BYTES: usize = 8 * 1024 * 1024;

/// Most of an attachment in one answer, in bytes.
pub const RANGE_MAX_BYTES: usize = 1024 * 1024;

/// Whom triage speaks to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// [`VERSION`].
    pub version: u32,
    /// Slug of the office that the connection's certificate stands for.
    pub office: String,
    /// Envelopes not yet acknowledged.
    pub waiting: u64,
}

/// Which envelopes to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListState {
    /// Those not yet acknowledged.
    Waiting,
    /// All that intake still holds, acknowledged or not: for the check after a start or a restore.
    Held,
}

/// The query of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// Which ones.
    pub state: ListState,
    /// List those with ids after this one (hex); empty for the first page.
    #[serde(default)]
    pub after: String,
}

/// One envelope, without its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvelopeEntry {
    /// Random id, 32 hex digits.
    pub id: String,
    /// Tip or reply.
    pub kind: EnvelopeKind,
    /// SHA-256 of the ciphertext, hex.
    pub content_sha256: String,
    /// Length of the ciphertext.
    pub size_bytes: u64,
    /// The day it came.
    pub received_day: Day,
    /// The files that go with it; absent where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentEntry>,
}

/// A sealed file that goes with an envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachmentEntry {
    /// Random id, 32 hex digits, by which the tip names it.
    pub id: String,
    /// Length of the sealed file.
    pub size_bytes: u64,
}

/// A page of envelopes, at most [`BATCH_MAX`], in the order of their (random) ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvelopeList {
    /// The entries.
    pub envelopes: Vec<EnvelopeEntry>,
    /// Whether there are more after the last one.
    pub more: bool,
}

/// Ids to fetch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FetchRequest {
    /// At most [`BATCH_MAX`].
    pub ids: Vec<String>,
}

/// One envelope's content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FetchedEnvelope {
    /// The id asked for.
    pub id: String,
    /// The age file.
    #[serde(with = "base64_bytes")]
    pub ciphertext: Vec<u8>,
}

/// What was there of what was asked for, at most [`FETCH_MAX_BYTES`] of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FetchResponse {
    /// Those found.
    pub envelopes: Vec<FetchedEnvelope>,
}

/// An envelope named so that no mistake can hit another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvelopeRef {
    /// Its id.
    pub id: String,
    /// SHA-256 of its ciphertext, hex.
    pub content_sha256: String,
}

/// Envelopes to acknowledge or release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvelopeRefs {
    /// At most [`BATCH_MAX`].
    pub envelopes: Vec<EnvelopeRef>,
}

/// How many of them changed state; the others had before, or are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Done {
    /// Rows changed.
    pub changed: u64,
}

/// A message for a reporter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageEntry {
    /// Chosen by triage, 32 hex digits; the same id twice is one message.
    pub id: String,
    /// The mailbox, hex.
    pub lookup_digest: String,
    /// The age file, sealed to the mailbox.
    #[serde(with = "base64_bytes")]
    pub ciphertext: Vec<u8>,
}

/// Messages to put into mailboxes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostMessages {
    /// At most [`BATCH_MAX`].
    pub messages: Vec<MessageEntry>,
}

/// A mailbox to open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailboxEntry {
    /// The mailbox, hex.
    pub lookup_digest: String,
    /// Keyed by its code, 64 hex digits: tells a repeat from another tip under the same code.
    pub submission_tag: String,
}

/// Mailboxes to open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpenMailboxes {
    /// At most [`BATCH_MAX`].
    pub mailboxes: Vec<MailboxEntry>,
}

/// What became of them; the same request again gives the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// Digests of mailboxes that are open.
    pub open: Vec<String>,
    /// Digests under which there is another mailbox.
    pub taken: Vec<String>,
}

/// What became of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Posted {
    /// Ids that now lie in their mailbox.
    pub stored: Vec<String>,
    /// Ids whose mailbox is unknown or gone; there is no use in trying again.
    pub no_mailbox: Vec<String>,
}

/// An envelope for the office above.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PassedEnvelope {
    /// Chosen by triage, 32 hex digits; the same id twice is one envelope.
    pub id: String,
    /// Tip or reply.
    pub kind: EnvelopeKind,
    /// The age file, sealed to the office above.
    #[serde(with = "base64_bytes")]
    pub ciphertext: Vec<u8>,
    /// Ids of the files that go with it, sealed to the office above; absent where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<String>,
}

/// What goes up of one mailbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PassUp {
    /// The mailbox, hex. Where its reporter deleted it, the envelopes go up all the same.
    pub lookup_digest: String,
    /// At most [`BATCH_MAX`].
    pub envelopes: Vec<PassedEnvelope>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passed {
    /// Ids that the office above can pull, or has pulled; the others found no room, and wait.
    pub stored: Vec<String>,
    /// Files that have to be sent first, for [`PASS_FILES_PATH`]: until they are there, nothing of this mailbox is taken, and
    /// it is not handed over; absent where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

mod base64_bytes {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        BASE64_STANDARD
            .decode(String::deserialize(deserializer)?)
            .map_err(|_| D::Error::custom("not base64"))
    }
}
