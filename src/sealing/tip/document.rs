//! The JSON documents that stand inside a seal, each with its type and version as the first field.
//! What an older version wrote, every later one reads: `tests/vectors` holds them to it.

use super::papers::PassedPaper;
use super::{Attachment, Category, Tip};
use mifeng_foundation::clock::Day;
use mifeng_foundation::words::Language;
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A sealed document that is not what it should be. Never says what it held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Not JSON, or not the fields of this document.
    #[error("the document inside the seal cannot be read")]
    Malformed,
    /// JSON of another kind or of a version this program does not know.
    #[error("the document inside the seal is of an unknown type")]
    UnknownType,
}

#[derive(Deserialize)]
struct TypeOnly {
    r#type: String,
}

pub(super) fn read<'a, T: Deserialize<'a>>(
    json: &'a [u8],
    expected: &[&str],
) -> Result<T, DocumentError> {
    let found: TypeOnly = serde_json::from_slice(json).map_err(|_| DocumentError::Malformed)?;
    if !expected.contains(&found.r#type.as_str()) {
        return Err(DocumentError::UnknownType);
    }
    serde_json::from_slice(json).map_err(|_| DocumentError::Malformed)
}

pub(super) fn write<T: Serialize>(document: &T) -> Vec<u8> {
    serde_json::to_vec(document).expect("strings, days and codes always have a JSON form")
}

/// How a tip came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// The public web form or API.
    Web,
    /// A call, typed in by staff.
    Phone,
    /// A letter, typed in by staff.
    Letter,
    /// Someone at the desk, typed in by staff.
    WalkIn,
}

/// Where the office's answers go: everything that triage needs to reach a reporter it does not know.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct MailboxAddress {
    /// SHA-256 of the lookup, lower-case hex: the mailbox's key at intake.
    pub lookup_digest: String,
    /// The age recipient (`age1…`) that answers are sealed to.
    pub recipient: String,
    /// For a later proof of filing, lower-case hex, 32 bytes. What its reporter says later is authenticated under it where
    /// the tip has no `reply_key`.
    pub receipt_secret: String,
    /// The Ed25519 public key that what its reporter says later is signed with, lower-case hex, 32 bytes. Tips of the first
    /// version have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_key: Option<String>,
}

/// A tip as it stands inside its seal. `type` is `mifeng/tip/2`; the first version, whose mailbox has no `reply_key`, is read
/// too.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct TipDocument {
    r#type: String,
    /// Slug of the office whose form was used; salts the pickup code's secrets.
    pub office: String,
    /// What it is about.
    #[zeroize(skip)]
    pub category: Category,
    /// School or body, as typed.
    pub school: String,
    /// Who it is about, as typed.
    pub subject: String,
    /// When it happened, as typed.
    pub when: String,
    /// What happened.
    pub text: String,
    /// The reporter's language.
    #[zeroize(skip)]
    pub language: Language,
    /// The day it came, in the office's time zone.
    #[zeroize(skip)]
    pub received_day: Day,
    /// How it came.
    #[zeroize(skip)]
    pub channel: Channel,
    /// Where answers go.
    pub mailbox: MailboxAddress,
    /// Files that go with it; absent where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// How many messages lie in the mailbox from an office that passed the tip up: those of the next follow on them. Absent
    /// where there are none.
    #[zeroize(skip)]
    #[serde(default, skip_serializing_if = "is_zero")]
    pub messages_before: u32,
    /// What an office that passed the tip up had written into its case. Absent where there is nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<PassedPaper>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

impl TipDocument {
    /// The document's type and version.
    pub const TYPE: &'static str = "mifeng/tip/2";

    const FIRST_TYPE: &'static str = "mifeng/tip/1";

    /// The version that a tip with such a mailbox has.
    fn type_for(mailbox: &MailboxAddress) -> &'static str {
        match mailbox.reply_key {
            Some(_) => Self::TYPE,
            None => Self::FIRST_TYPE,
        }
    }

    /// A tip received by `office` on `received_day`.
    #[must_use]
    pub fn new(
        tip: &Tip,
        office: &str,
        received_day: Day,
        channel: Channel,
        mailbox: MailboxAddress,
    ) -> Self {
        Self {
            r#type: Self::type_for(&mailbox).to_owned(),
            office: office.to_owned(),
            category: tip.category(),
            school: tip.school().to_owned(),
            subject: tip.subject().to_owned(),
            when: tip.when().to_owned(),
            text: tip.text().to_owned(),
            language: tip.language(),
            received_day,
            channel,
            mailbox,
            attachments: tip.attachments().to_vec(),
            messages_before: 0,
            papers: Vec::new(),
        }
    }

    /// Reads a document of either version; trailing spaces (the padding) are fine.
    ///
    /// # Errors
    /// [`DocumentError`]; [`DocumentError::Malformed`] too for a key that the version does not have, or lacks.
    pub fn from_json(json: &[u8]) -> Result<Self, DocumentError> {
        let tip: Self = read(json, &[Self::TYPE, Self::FIRST_TYPE])?;
        if tip.r#type != Self::type_for(&tip.mailbox) {
            return Err(DocumentError::Malformed);
        }
        Ok(tip)
    }

    /// The JSON text, unpadded.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        write(self)
    }
}

impl fmt::Debug for TipDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TipDocument(..)")
    }
}
