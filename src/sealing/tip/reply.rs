//! What a reporter says later, as it stands inside its seal: a statement, word for word as it was signed, and the proof that
//! it is the reporter's own. Whether the proof holds only the sealing room can tell; here is the form.

use super::attachment::Attachment;
use super::document::{DocumentError, read, write};
use super::said::Said;
use super::statement::{ReplyStatement, SignedStatement, StatedFile};
use mifeng_foundation::clock::Day;
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// What a reporter says later. `type` is `mifeng/reply/3`. The second version, which had no proof, and the first, which knew
/// additions only, are read too.
///
/// The public fields are what is *claimed*. What acts is read from the signed text again, once its proof was checked.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct ReplyDocument {
    /// Slug of the office whose pickup page was used.
    pub office: String,
    /// The mailbox it was written from, lower-case hex.
    pub lookup_digest: String,
    /// The day it came.
    #[zeroize(skip)]
    pub received_day: Day,
    /// What is said.
    pub said: Said,
    /// Files that go with it and are at intake.
    pub attachments: Vec<Attachment>,
    signed: Option<SignedStatement>,
}

/// `mifeng/reply/3`.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct ThirdReply {
    r#type: String,
    statement: String,
    signature: String,
    mac: String,
    /// For each file of the statement its id at intake; empty for one that did not come along.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    attachment_ids: Vec<String>,
}

/// `mifeng/reply/2`.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct SecondReply {
    r#type: String,
    office: String,
    lookup_digest: String,
    #[zeroize(skip)]
    received_day: Day,
    said: Said,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    attachments: Vec<Attachment>,
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
    pub const TYPE: &'static str = "mifeng/reply/3";

    const SECOND_TYPE: &'static str = "mifeng/reply/2";
    const FIRST_TYPE: &'static str = "mifeng/reply/1";

    /// What somebody says for the mailbox with `lookup_digest`, with no proof: a document of the second version. Whoever
    /// reads it is told that it is not proven, and nothing comes of it.
    #[must_use]
    pub fn new(office: &str, lookup_digest: String, received_day: Day, said: Said) -> Self {
        Self {
            office: office.to_owned(),
            lookup_digest,
            received_day,
            said,
            attachments: Vec::new(),
            signed: None,
        }
    }

    /// A signed statement on its way, with the files of it that go along, under their ids at intake.
    ///
    /// # Errors
    /// [`DocumentError::Malformed`] where what was signed is no statement.
    pub fn signed(
        signed: SignedStatement,
        mut id_of: impl FnMut(&StatedFile) -> Option<String>,
    ) -> Result<Self, DocumentError> {
        let mut statement = ReplyStatement::from_json(&signed.statement)?;
        let attachments = statement.files.iter().filter_map(|file| {
            Some(Attachment {
                id: id_of(file)?,
                name: file.name.clone(),
                media_type: file.media_type.clone(),
                size_bytes: file.size_bytes,
                sha256: file.sha256.clone(),
                labelled_origin: file.labelled_origin,
                under_password: file.under_password,
            })
        });
        Ok(Self {
            attachments: attachments.collect(),
            office: std::mem::take(&mut statement.office),
            lookup_digest: std::mem::take(&mut statement.lookup_digest),
            received_day: statement.received_day,
            said: statement.said.clone(),
            signed: Some(signed),
        })
    }

    /// The statement with its proofs; `None` for the versions that had none.
    #[must_use]
    pub fn proof(&self) -> Option<&SignedStatement> {
        self.signed.as_ref()
    }

    /// Reads a document of any version.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn from_json(json: &[u8]) -> Result<Self, DocumentError> {
        match read::<ThirdReply>(json, &[Self::TYPE]) {
            Ok(third) => Self::from_third(&third),
            Err(DocumentError::UnknownType) => Self::from_earlier(json),
            Err(error) => Err(error),
        }
    }

    fn from_third(third: &ThirdReply) -> Result<Self, DocumentError> {
        let signed = SignedStatement {
            statement: third.statement.clone(),
            signature: third.signature.clone(),
            mac: third.mac.clone(),
        };
        let statement = ReplyStatement::from_json(&signed.statement)?;
        if third.attachment_ids.len() > statement.files.len() {
            return Err(DocumentError::Malformed);
        }
        let mut ids = third.attachment_ids.iter();
        Self::signed(signed, |_| {
            let id = ids.next();
            id.filter(|id| !id.is_empty()).cloned()
        })
    }

    fn from_earlier(json: &[u8]) -> Result<Self, DocumentError> {
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
            Err(DocumentError::UnknownType) => {
                let mut second: SecondReply = read(json, &[Self::SECOND_TYPE])?;
                let digest = std::mem::take(&mut second.lookup_digest);
                let said = second.said.clone();
                let mut reply = Self::new(&second.office, digest, second.received_day, said);
                reply.attachments = std::mem::take(&mut second.attachments);
                Ok(reply)
            }
            Err(error) => Err(error),
        }
    }

    /// The JSON text, unpadded: of the third version where there is a proof, else of the second.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        match &self.signed {
            Some(signed) => write(&ThirdReply {
                r#type: Self::TYPE.to_owned(),
                statement: signed.statement.clone(),
                signature: signed.signature.clone(),
                mac: signed.mac.clone(),
                attachment_ids: self.ids_of(signed),
            }),
            None => write(&SecondReply {
                r#type: Self::SECOND_TYPE.to_owned(),
                office: self.office.clone(),
                lookup_digest: self.lookup_digest.clone(),
                received_day: self.received_day,
                said: self.said.clone(),
                attachments: self.attachments.clone(),
            }),
        }
    }

    /// The ids of the files, in the order of the statement.
    fn ids_of(&self, signed: &SignedStatement) -> Vec<String> {
        let files = ReplyStatement::from_json(&signed.statement);
        let files = files.map_or_else(|_| Vec::new(), |statement| statement.files.clone());
        let mut left = self.attachments.iter().peekable();
        let ids = files.iter().map(|file| {
            let next = left.next_if(|one| StatedFile::of(one) == *file);
            next.map_or_else(String::new, |one| one.id.clone())
        });
        let ids: Vec<_> = ids.collect();
        let any = ids.iter().any(|id| !id.is_empty());
        if any { ids } else { Vec::new() }
    }
}

impl fmt::Debug for ReplyDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReplyDocument(..)")
    }
}
