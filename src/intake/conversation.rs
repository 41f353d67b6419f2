//! Coming back: what lies under a code, and what is said from there. Both ways are here: with the code in hand, for
//! browsers without scripts, and with its lookup alone, for pages that open and seal themselves.

use super::attachments::{FileProblem, Target};
use super::desk::{DeskError, IntakeDesk, envelope};
use super::mailbox::{MailboxContent, read_mailbox};
use super::store::{Appended, NewEnvelope};
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::{Attachment, ReplyDocument, ReplyStatement, Said};
use mifeng_sealing::{
    Lookup, LookupDigest, MailboxSecrets, OfficeManifest, OpenedField, PickupCode, SealError,
    SealedReply, SubmissionTag, seal_reply,
};

/// What a code or its lookup leads to, before it is opened.
pub struct MailboxDoor {
    digest: LookupDigest,
    addressee: Option<String>,
}

impl MailboxDoor {
    /// Which mailbox it is, if there is one.
    #[must_use]
    pub fn known(&self) -> Option<LookupDigest> {
        self.addressee.as_ref().map(|_| self.digest)
    }

    /// Slug of the office that reads what is said from it; `None` if there is no mailbox.
    #[must_use]
    pub fn into_addressee(self) -> Option<String> {
        self.addressee
    }
}

/// A mailbox as it is kept.
pub struct SealedMailbox {
    /// Slug of the office that reads what is said from it; `None` if there is no such mailbox.
    pub addressee: Option<String>,
    /// What the office said, in no order.
    pub messages: Vec<Vec<u8>>,
    /// When it was opened before, for whoever has its code.
    pub opened: OpenedField,
}

/// What a reporter says, sealed in a browser and looked at as far as it can be without opening it.
pub struct SealedReplyTo {
    /// The mailbox's secret name.
    pub lookup: Lookup,
    /// Slug of the office it is sealed to.
    pub addressee: String,
    /// Tells a repeat from something else that is said.
    pub submission_tag: SubmissionTag,
    /// What is said.
    pub sealed: SealedReply,
    /// Files that go with it, which arrived before it.
    pub attachments: Vec<[u8; 16]>,
    /// Whether the mailbox goes with it.
    pub farewell: bool,
}

impl IntakeDesk {
    /// Whether there is a mailbox under `digest`: a fraction of the work of opening it.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn knock(
        &self,
        office: &OfficeManifest,
        digest: LookupDigest,
    ) -> Result<MailboxDoor, DeskError> {
        let addressee = self.store.mailbox_addressee(office.slug(), digest).await?;
        Ok(MailboxDoor { digest, addressee })
    }

    /// What lies in the mailbox of `secrets`, whose `door` was found, or `None` if there is none; the work is alike.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn pick_up(
        &self,
        office: &OfficeManifest,
        secrets: &MailboxSecrets,
        door: &MailboxDoor,
    ) -> Result<Option<MailboxContent>, DeskError> {
        let messages = self.store.messages(door.digest).await?;
        let content = read_mailbox(secrets, &messages, self.today(office));
        Ok(door.known().map(|_| content))
    }

    /// When the mailbox of `secrets`, whose `door` was found, was opened before; it is opened now. The work is alike where there
    /// is none.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn opened_before(
        &self,
        office: &OfficeManifest,
        secrets: &MailboxSecrets,
        door: &MailboxDoor,
    ) -> Result<Option<Day>, DeskError> {
        let today = self.today(office);
        let field = self.opened.open(door.known(), today).await?;
        Ok(secrets.opened_day(&field, today))
    }

    /// What is kept behind `door`; the work is alike where nothing is.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn sealed_mailbox(
        &self,
        office: &OfficeManifest,
        door: MailboxDoor,
    ) -> Result<SealedMailbox, DeskError> {
        let messages = self.store.messages(door.digest).await?;
        let known = door.addressee.is_some();
        let opened = self.opened.open(door.known(), self.today(office)).await?;
        Ok(SealedMailbox {
            opened,
            messages: if known { messages } else { Vec::new() },
            addressee: door.addressee,
        })
    }

    /// Seals and stores what a reporter says; `None` if the code has no mailbox. The same twice on a day is stored
    /// once. After [`Said::Farewell`] the mailbox is gone.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn say(
        &self,
        office: &OfficeManifest,
        code: &PickupCode,
        said: Said,
        attachments: &[Attachment],
    ) -> Result<Option<()>, DeskError> {
        let received_day = self.today(office);
        let secrets = MailboxSecrets::derive(code, office.slug());
        let digest = secrets.lookup().digest();
        let Some(addressee) = self.store.mailbox_addressee(office.slug(), digest).await? else {
            return Ok(None);
        };
        let recipients = office
            .readers_called(&addressee)
            .ok_or(SealError::NoRecipient)?;
        let tag = reply_tag(&secrets, received_day, &said, attachments);
        let id = id_of(&tag);
        let is_farewell = said == Said::Farewell;
        let ids = self.claimable_or_sent(&addressee, attachments).await?;
        let statement = ReplyStatement {
            office: office.slug().to_owned(),
            lookup_digest: digest.to_hex(),
            reply_id: tag.to_hex(),
            received_day,
            said,
            files: Vec::new(),
        };
        let statement = statement.with_files(attachments);
        let mut files = attachments.iter().map(|file| file.id.clone());
        let document = ReplyDocument::signed(secrets.sign(&statement), |_| files.next());
        let document = document.map_err(|_| SealError::Failed)?;
        let sealed = seal_reply(&document, recipients)?.0;
        let mut envelope = envelope(id, &addressee, sealed, received_day);
        envelope.attachments = ids;
        self.take_reply(office, digest, envelope, is_farewell).await
    }

    /// Stores what came sealed; the rest is as with [`Self::say`].
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn say_sealed(
        &self,
        office: &OfficeManifest,
        reply: SealedReplyTo,
    ) -> Result<Option<()>, DeskError> {
        let id = id_of(&reply.submission_tag);
        let today = self.today(office);
        let mut envelope = envelope(id, &reply.addressee, reply.sealed.0, today);
        envelope.attachments = reply.attachments;
        self.take_reply(office, reply.lookup.digest(), envelope, reply.farewell)
            .await
    }

    async fn take_reply(
        &self,
        office: &OfficeManifest,
        digest: LookupDigest,
        envelope: NewEnvelope,
        is_farewell: bool,
    ) -> Result<Option<()>, DeskError> {
        let ids = envelope.attachments.clone();
        self.make_room(&envelope).await;
        let appended = if is_farewell {
            self.store.forget(office.slug(), digest, envelope).await?
        } else {
            self.store.append(office.slug(), digest, envelope).await?
        };
        match appended {
            Appended::AlreadyStored => {
                self.discard(&ids).await;
                Ok(Some(()))
            }
            Appended::Stored => {
                self.claimed(&ids);
                Ok(Some(()))
            }
            Appended::NoMailbox => Ok(None),
            Appended::Closed => Err(DeskError::MailboxClosed),
            Appended::QuotaFull => Err(DeskError::Full),
            Appended::FileGone => Err(DeskError::File(FileProblem::Gone)),
        }
    }

    /// Whom the files of an addition are for that `addressee` reads; `None` if the manifest no longer names it.
    #[must_use]
    pub fn target_of_reply(&self, office: &OfficeManifest, addressee: String) -> Option<Target> {
        Some(Target {
            recipients: office.readers_called(&addressee)?.to_vec(),
            addressee,
            day: self.today(office),
        })
    }
}

/// What is said, keyed by the code: the same sent twice on a day is one envelope, and nobody without the code can tell
/// that they are the same. The page's script reckons the same (`reply.ts`).
fn reply_tag(
    secrets: &MailboxSecrets,
    day: Day,
    said: &Said,
    attachments: &[Attachment],
) -> SubmissionTag {
    let mut content = said.canonical();
    for file in attachments {
        content.extend_from_slice(file.sha256.as_bytes());
    }
    content.extend_from_slice(&day.number().to_le_bytes());
    secrets.submission_tag(&content)
}

/// The id of an envelope that is stored once, however often it comes.
fn id_of(tag: &SubmissionTag) -> [u8; 16] {
    let (id, _) = tag.as_bytes().split_at(16);
    id.try_into().expect("half of 32 bytes")
}
