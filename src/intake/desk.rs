//! What both the pages and the API do: take a tip, show a mailbox, take an addition.

use super::attachments::{Attachments, FileProblem, Target};
use super::mailbox::{MailboxContent, read_mailbox, read_nothing};
use super::store::{Appended, IntakeStore, NewEnvelope, NewSubmission, Submitted};
use crate::clock::{Clock, Day};
use crate::entropy::{Entropy, random_id};
use crate::sealing::{
    MailboxSecrets, OfficeManifest, PickupCode, SealError, Sealed, seal_reply, seal_tip,
};
use crate::storage::StoreError;
use crate::tip::{Attachment, Category, Channel, MailboxAddress, ReplyDocument, Tip, TipDocument};
use std::collections::BTreeMap;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Everything a request needs. Cheap to share.
pub struct IntakeDesk {
    /// The store.
    pub store: Arc<dyn IntakeStore>,
    /// Files that go with tips; `None` where none are taken.
    pub attachments: Option<Arc<Attachments>>,
    /// Verified manifests by slug.
    pub offices: BTreeMap<String, OfficeManifest>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The random source.
    pub entropy: Arc<dyn Entropy>,
}

/// Why a request could not be served.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The quota or the disk is full; nothing was stored.
    #[error("no room for more")]
    Full,
    /// Another tip was sent under this code before; nothing was stored.
    #[error("the code was used for another tip")]
    CodeUsed,
    /// The office's manifest has run out since the start.
    #[error("the office's manifest has run out")]
    ManifestExpired,
    /// A file that goes with it cannot; nothing was stored.
    #[error("a file that goes with it cannot")]
    File(FileProblem),
    /// Sealing failed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::Full,
            other => Self::Store(other),
        }
    }
}

impl IntakeDesk {
    /// Today in the office's zone.
    #[must_use]
    pub fn today(&self, office: &OfficeManifest) -> Day {
        self.clock.today(&office.zone())
    }

    /// Seals and stores a tip under `code`; returns the day of receipt once it is durable. The same tip under the
    /// same code again changes nothing and gives the same answer.
    ///
    /// # Errors
    /// [`DeskError`]; nothing is stored then.
    pub async fn submit(
        &self,
        office: &OfficeManifest,
        tip: &Tip,
        code: &PickupCode,
    ) -> Result<Day, DeskError> {
        let received_day = self.today(office);
        if received_day > office.body().not_after {
            return Err(DeskError::ManifestExpired);
        }
        let secrets = MailboxSecrets::derive(code, office.slug());
        let (addressee, recipients) = office.readers_of(tip.category());
        let attachments = self.claimable(addressee, tip.attachments()).await;
        let address = MailboxAddress {
            lookup_digest: secrets.lookup().digest().to_hex(),
            recipient: secrets.recipient(),
            receipt_secret: secrets.receipt_secret(),
        };
        let document = TipDocument::new(tip, office.slug(), received_day, Channel::Web, address);
        let sealed = seal_tip(&document, recipients)?.0;
        let mut submission = NewSubmission {
            envelope: self.envelope(addressee, sealed, received_day),
            office: office.slug().to_owned(),
            lookup_digest: secrets.lookup().digest(),
            submission_tag: secrets.submission_tag(&content_of(tip)),
        };
        // A repeat finds its files claimed already, and is no problem; the store tells which it is.
        let ids = match attachments {
            Ok(ids) => ids,
            Err(FileProblem::Gone) => ids_of(tip.attachments()),
            Err(problem) => return Err(DeskError::File(problem)),
        };
        submission.envelope.attachments.clone_from(&ids);
        match self.store.submit(submission).await? {
            Submitted::Stored => Ok(received_day),
            Submitted::AlreadyStored => {
                if let Some(attachments) = &self.attachments {
                    attachments.discard(&ids).await;
                }
                Ok(received_day)
            }
            Submitted::FileGone => Err(DeskError::File(FileProblem::Gone)),
            Submitted::OtherContent => Err(DeskError::CodeUsed),
            Submitted::QuotaFull => Err(DeskError::Full),
        }
    }

    /// What lies in the mailbox of `code`, or `None` if there is none; the work is alike.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn pick_up(
        &self,
        office: &OfficeManifest,
        code: &PickupCode,
    ) -> Result<Option<MailboxContent>, DeskError> {
        let secrets = MailboxSecrets::derive(code, office.slug());
        let digest = secrets.lookup().digest();
        let known = self.store.mailbox_addressee(office.slug(), digest).await?;
        let messages = self.store.messages(digest).await?;
        if known.is_none() || messages.is_empty() {
            read_nothing(&secrets, self.today(office));
        }
        Ok(known.map(|_| read_mailbox(&secrets, &messages)))
    }

    /// Seals and stores an addition; `None` if the code has no mailbox.
    ///
    /// # Errors
    /// [`DeskError`].
    pub async fn reply(
        &self,
        office: &OfficeManifest,
        code: &PickupCode,
        text: String,
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
        let ids = self
            .claimable(&addressee, attachments)
            .await
            .map_err(DeskError::File)?;
        let mut document = ReplyDocument::new(office.slug(), digest.to_hex(), received_day, text);
        document.attachments = attachments.to_vec();
        let sealed = seal_reply(&document, recipients)?.0;
        let mut envelope = self.envelope(&addressee, sealed, received_day);
        envelope.attachments = ids;
        match self.store.append(office.slug(), digest, envelope).await? {
            Appended::Stored => Ok(Some(())),
            Appended::NoMailbox => Ok(None),
            Appended::QuotaFull => Err(DeskError::Full),
            Appended::FileGone => Err(DeskError::File(FileProblem::Gone)),
        }
    }

    /// Whom the files of a tip of `category` are for.
    #[must_use]
    pub fn target_of_tip(&self, office: &OfficeManifest, category: Category) -> Target {
        let (addressee, recipients) = office.readers_of(category);
        Target {
            addressee: addressee.to_owned(),
            recipients: recipients.to_vec(),
            day: self.today(office),
        }
    }

    /// Whom the files of an addition under `code` are for; `None` if the code has no mailbox.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn target_of_reply(
        &self,
        office: &OfficeManifest,
        code: &PickupCode,
    ) -> Result<Option<Target>, DeskError> {
        let digest = MailboxSecrets::derive(code, office.slug())
            .lookup()
            .digest();
        let addressee = self.store.mailbox_addressee(office.slug(), digest).await?;
        Ok(addressee.and_then(|addressee| {
            Some(Target {
                recipients: office.readers_called(&addressee)?.to_vec(),
                addressee,
                day: self.today(office),
            })
        }))
    }

    async fn claimable(
        &self,
        addressee: &str,
        list: &[Attachment],
    ) -> Result<Vec<[u8; 16]>, FileProblem> {
        match &self.attachments {
            _ if list.is_empty() => Ok(Vec::new()),
            Some(attachments) => attachments.check(addressee, list).await,
            None => Err(FileProblem::NotTaken),
        }
    }

    fn envelope(&self, addressee: &str, sealed: Sealed, received_day: Day) -> NewEnvelope {
        NewEnvelope {
            id: random_id(self.entropy.as_ref()),
            addressee: addressee.to_owned(),
            content_hash: sealed.content_hash(),
            ciphertext: sealed.into_bytes(),
            received_day,
            attachments: Vec::new(),
        }
    }
}

fn ids_of(list: &[Attachment]) -> Vec<[u8; 16]> {
    list.iter().filter_map(Attachment::id_bytes).collect()
}

/// A tip's fields in one string, for the keyed tag: what a repeated request has in common with the first.
fn content_of(tip: &Tip) -> Zeroizing<Vec<u8>> {
    let mut fields = vec![
        tip.category().code(),
        tip.school(),
        tip.subject(),
        tip.when(),
        tip.text(),
        tip.language().tag(),
    ];
    // By content, not by id: a form that is sent again brings its files again.
    for file in tip.attachments() {
        fields.extend([file.name.as_str(), &file.sha256]);
    }
    // No field can hold the separator: control characters are refused when a tip is parsed.
    Zeroizing::new(fields.join("\0").into_bytes())
}
