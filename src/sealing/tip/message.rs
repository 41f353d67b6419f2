//! What the office tells a reporter: where the tip stands, and words besides.

use super::document::{DocumentError, read, write};
use super::sent::{SentItem, ToldDeadline};
use mifeng_foundation::clock::Day;
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Where a tip stands, in the words a reporter is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Sealed and stored; the office has not opened it yet. Said by intake alone, never by a message.
    Stored,
    /// Opened and given to someone (received).
    Received,
    /// Accepted for handling (受理).
    Accepted,
    /// Not this office's to handle, or not a matter for it (不予受理).
    Declined,
    /// Passed to another body (转办).
    Referred,
    /// Being looked into.
    UnderInquiry,
    /// Answered with an outcome (办结).
    Concluded,
}

impl Status {
    /// The word used in the API and as the key of its name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Stored => "stored",
            Self::Received => "received",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Referred => "referred",
            Self::UnderInquiry => "under-inquiry",
            Self::Concluded => "concluded",
        }
    }
}

/// What a mailbox message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessageKind {
    /// The state or the due date changed.
    Status,
    /// A note from the office.
    Message,
    /// A question, which waits for the reporter's answer.
    Question,
    /// The outcome.
    Result,
    /// The last words: the case was destroyed, and the mailbox is closed.
    Closed,
}

/// What the office tells a reporter. `type` is `mifeng/mailbox/3`; the earlier versions, which told less, are read too.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct MailboxMessage {
    r#type: String,
    /// Place in the conversation, from 1, since rows at intake have no order.
    pub sequence: u32,
    /// The day it was written.
    #[zeroize(skip)]
    pub day: Day,
    /// What it is for.
    #[zeroize(skip)]
    pub kind: MessageKind,
    /// Where the tip stands from now on.
    #[zeroize(skip)]
    pub status: Status,
    /// By when the office answers, while a deadline runs.
    #[zeroize(skip)]
    pub due_day: Option<Day>,
    /// Whether the due day may move because the calendar of its year is not out.
    pub due_is_provisional: bool,
    /// Free words from the office; may be empty for a status.
    pub text: String,
    /// The rule that sets the due day, in Chinese.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub due_source_zh: String,
    /// The same in English.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub due_source_en: String,
    /// How many messages with words the reporter said to have read.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub messages_read: u32,
    /// The latest of the questions after 30 and 90 days that the reporter answered; 0 for none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub aftercare_answered_days: u32,
    /// What the reporter sent so far, oldest first, the tip before all: at most [`SENT_MAX`](super::SENT_MAX).
    #[zeroize(skip)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sent: Vec<SentItem>,
    /// How much was sent between the tip and the rest of that list, and is not in it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub sent_left_out: u32,
    /// What the reporter was promised, by its last day: the latest deadline of each rule, running or met.
    #[zeroize(skip)]
    #[serde(default, rename = "clocks", skip_serializing_if = "Vec::is_empty")]
    pub deadlines: Vec<ToldDeadline>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands out references"
)]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl MailboxMessage {
    /// The document's type and version.
    pub const TYPE: &'static str = "mifeng/mailbox/3";

    const EARLIER_TYPES: [&'static str; 2] = ["mifeng/mailbox/2", "mifeng/mailbox/1"];

    /// A message; fill the public fields in as needed.
    #[must_use]
    pub fn new(sequence: u32, day: Day, kind: MessageKind, status: Status) -> Self {
        Self {
            r#type: Self::TYPE.to_owned(),
            sequence,
            day,
            kind,
            status,
            due_day: None,
            due_is_provisional: false,
            text: String::new(),
            due_source_zh: String::new(),
            due_source_en: String::new(),
            messages_read: 0,
            aftercare_answered_days: 0,
            sent: Vec::new(),
            sent_left_out: 0,
            deadlines: Vec::new(),
        }
    }

    /// Reads a message of any version.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn from_json(json: &[u8]) -> Result<Self, DocumentError> {
        let [second, first] = Self::EARLIER_TYPES;
        read(json, &[Self::TYPE, second, first])
    }

    /// The JSON text, unpadded.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        write(self)
    }
}

impl fmt::Debug for MailboxMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MailboxMessage(..)")
    }
}
