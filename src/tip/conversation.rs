//! What is said after a tip, each way: documents that stand inside a seal, as a tip does.

use super::attachment::Attachment;
use super::document::{DocumentError, read, write};
use super::draft::{TipError, parse_optional_text, parse_reply_text};
use crate::clock::Day;
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Whether what was reported has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stopped {
    /// It has.
    Yes,
    /// In part.
    Partly,
    /// It goes on.
    No,
}

impl Stopped {
    /// Every answer, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Yes, Self::Partly, Self::No];

    /// The word used in the form and as the end of a key of words.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Partly => "partly",
            Self::No => "no",
        }
    }
}

/// What a reporter says later.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Said {
    /// More about the matter, or an answer to a question.
    Addition {
        /// The words.
        text: String,
    },
    /// That the decision is wrong.
    Objection {
        /// Why.
        text: String,
    },
    /// How it is some time after the decision.
    Aftercare {
        /// The days after which it was asked: 30 or 90.
        after_days: u16,
        /// Whether it has ended.
        #[zeroize(skip)]
        stopped: Stopped,
        /// Whether the reporter or the child was made to suffer for it.
        treated_badly: bool,
        /// More, in words; may be empty.
        text: String,
    },
    /// That the office's messages were read.
    Read {
        /// How many with words, from the first.
        messages: u32,
    },
    /// That the reporter deleted the mailbox: nothing reaches it any more.
    Farewell,
}

impl Said {
    /// With its words checked and trimmed.
    ///
    /// # Errors
    /// [`TipError`] as for a tip's text; only aftercare may do without words.
    pub fn checked(self) -> Result<Self, TipError> {
        Ok(match &self {
            Self::Addition { text } => Self::Addition {
                text: parse_reply_text(text)?,
            },
            Self::Objection { text } => Self::Objection {
                text: parse_reply_text(text)?,
            },
            Self::Aftercare {
                after_days,
                stopped,
                treated_badly,
                text,
            } => Self::Aftercare {
                after_days: *after_days,
                stopped: *stopped,
                treated_badly: *treated_badly,
                text: parse_optional_text(text)?,
            },
            Self::Read { .. } | Self::Farewell => self,
        })
    }

    /// Everything said, in one string: what a repeated request has in common with the first.
    #[must_use]
    pub fn canonical(&self) -> zeroize::Zeroizing<Vec<u8>> {
        zeroize::Zeroizing::new(write(self))
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Said(..)")
    }
}

/// What a reporter says later, as it stands inside its seal. `type` is `mifeng/reply/2`; the first version, which knew
/// additions only, is read too.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct ReplyDocument {
    r#type: String,
    /// Slug of the office whose pickup page was used.
    pub office: String,
    /// The mailbox it was written from, lower-case hex.
    pub lookup_digest: String,
    /// The day it came.
    #[zeroize(skip)]
    pub received_day: Day,
    /// What is said.
    pub said: Said,
    /// Files that go with it; absent where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

/// `mifeng/reply/1`.
#[derive(Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct FirstReply {
    r#type: String,
    office: String,
    lookup_digest: String,
    #[zeroize(skip)]
    received_day: Day,
    text: String,
    #[serde(default)]
    attachments: Vec<Attachment>,
}

impl ReplyDocument {
    /// The document's type and version.
    pub const TYPE: &'static str = "mifeng/reply/2";

    const FIRST_TYPE: &'static str = "mifeng/reply/1";

    /// What the reporter whose mailbox has `lookup_digest` says.
    #[must_use]
    pub fn new(office: &str, lookup_digest: String, received_day: Day, said: Said) -> Self {
        Self {
            r#type: Self::TYPE.to_owned(),
            office: office.to_owned(),
            lookup_digest,
            received_day,
            said,
            attachments: Vec::new(),
        }
    }

    /// Reads a document of either version.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn from_json(json: &[u8]) -> Result<Self, DocumentError> {
        match read::<FirstReply>(json, &[Self::FIRST_TYPE]) {
            Ok(mut first) => {
                let said = Said::Addition {
                    text: std::mem::take(&mut first.text),
                };
                let digest = std::mem::take(&mut first.lookup_digest);
                let mut reply = Self::new(&first.office, digest, first.received_day, said);
                reply.attachments = std::mem::take(&mut first.attachments);
                Ok(reply)
            }
            Err(DocumentError::UnknownType) => read(json, &[Self::TYPE]),
            Err(error) => Err(error),
        }
    }

    /// The JSON text, unpadded.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        write(self)
    }
}

impl fmt::Debug for ReplyDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReplyDocument(..)")
    }
}

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
    /// A question or a note from the office.
    Message,
    /// The outcome.
    Result,
}

/// What the office tells a reporter. `type` is `mifeng/mailbox/2`; the first version, which told less, is read too.
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
    /// By when the office answers, while a clock runs.
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
    pub const TYPE: &'static str = "mifeng/mailbox/2";

    const FIRST_TYPE: &'static str = "mifeng/mailbox/1";

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
        }
    }

    /// Reads a message of either version.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn from_json(json: &[u8]) -> Result<Self, DocumentError> {
        read(json, &[Self::TYPE, Self::FIRST_TYPE])
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
