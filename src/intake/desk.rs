//! What both the pages and the API do: take a tip. What comes after it is in `conversation.rs`.

use super::attachments::{Attachments, FileProblem, Target};
use super::offices::Offices;
use super::opened::OpenedDays;
use super::problem::Problem;
use super::store::{IntakeStore, NewEnvelope, NewSubmission, Submitted};
use mifeng_foundation::clock::{Clock, Day};
use mifeng_foundation::entropy::{Entropy, random_id};
use mifeng_foundation::storage::StoreError;
use mifeng_sealing::tip::{Attachment, Category, Channel, Tip, TipDocument};
use mifeng_sealing::{
    Lookup, MailboxSecrets, OfficeManifest, OpenedKey, PickupCode, SealError, Sealed, SealedTip,
    SubmissionTag, seal_tip,
};
use std::sync::Arc;
use zeroize::Zeroizing;

/// Everything a request needs. Cheap to share.
pub struct IntakeDesk {
    /// The store.
    pub store: Arc<dyn IntakeStore>,
    /// Files that go with tips; `None` where none are taken.
    pub attachments: Option<Arc<Attachments>>,
    /// The offices of the settings.
    pub offices: Offices,
    /// When mailboxes were last opened.
    pub opened: OpenedDays,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The random source.
    pub entropy: Arc<dyn Entropy>,
}

/// A tip that was sealed in a browser, looked at as far as it can be without opening it.
pub struct ReceivedTip {
    /// Slug of the office that may pull it: the one whose form was used, or its parent.
    pub addressee: String,
    /// The mailbox's secret name.
    pub lookup: Lookup,
    /// Tells a repeat from another tip under the same code.
    pub submission_tag: SubmissionTag,
    /// The tip.
    pub sealed: SealedTip,
    /// Files that go with it, which arrived before it.
    pub attachments: Vec<[u8; 16]>,
    /// What the days of its mailbox's openings are encrypted to; `None` where whoever sent it brought none.
    pub opened_key: Option<OpenedKey>,
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
    /// The office said its last words in the mailbox, and closed it; nothing was stored.
    #[error("the mailbox is closed")]
    MailboxClosed,
    /// Only the office above may open it, and there is none; nothing was stored.
    #[error("there is no office above")]
    NobodyAbove,
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
    /// The office to show to whoever names none: the first that is not only somebody's parent.
    #[must_use]
    pub fn front_office(&self) -> Option<&OfficeManifest> {
        let mut offices = self.offices.served.values();
        let first = offices.find(|it| it.body().parent.is_some());
        let front = first.or_else(|| self.offices.served.values().next());
        front.map(Arc::as_ref)
    }

    /// The office called `slug`.
    ///
    /// # Errors
    /// [`Problem::NotServed`] for one of the settings that is not served, [`Problem::UnknownOffice`].
    pub fn office(&self, slug: &str) -> Result<&Arc<OfficeManifest>, Problem> {
        match self.offices.served.get(slug) {
            Some(office) => Ok(office),
            None if self.offices.refused(slug).is_some() => Err(Problem::NotServed),
            None => Err(Problem::UnknownOffice),
        }
    }

    /// Whether the store takes tips, and one office's manifest at least is in its term.
    pub async fn is_ready(&self) -> bool {
        let in_term = |office: &Arc<OfficeManifest>| self.today(office) <= office.body().not_after;
        self.offices.served.values().any(in_term) && self.store.check().await.is_ok()
    }

    /// Slugs, or files, of the offices for which nothing is taken now: not served, or run out since the start.
    #[must_use]
    pub fn away(&self) -> Vec<String> {
        let refused = self.offices.refused.iter();
        let refused = refused.map(|office| office.slug.clone().unwrap_or_else(|| "?".to_owned()));
        let served = self.offices.served.values();
        let run_out = served.filter(|office| self.today(office) > office.body().not_after);
        refused
            .chain(run_out.map(|office| office.slug().to_owned()))
            .collect()
    }

    /// Today in the office's zone.
    #[must_use]
    pub fn today(&self, office: &OfficeManifest) -> Day {
        self.clock.today(&office.zone())
    }

    /// Seals and stores a tip under `code`, for the office above alone if `only_above`; returns the day of receipt once it is
    /// durable. The same tip under the same code again changes nothing and gives the same answer.
    ///
    /// # Errors
    /// [`DeskError`]; nothing is stored then.
    pub async fn submit(
        &self,
        office: &OfficeManifest,
        tip: &Tip,
        code: &PickupCode,
        only_above: bool,
    ) -> Result<Day, DeskError> {
        let received_day = self.today(office);
        let secrets = MailboxSecrets::derive(code, office.slug());
        let readers = office.readers_of(tip.category(), only_above);
        let (addressee, recipients) = readers.ok_or(DeskError::NobodyAbove)?;
        let attachments = self.claimable_or_sent(addressee, tip.attachments()).await?;
        let document = TipDocument::new(
            tip,
            office.slug(),
            received_day,
            Channel::Web,
            secrets.address(),
        );
        let received = ReceivedTip {
            addressee: addressee.to_owned(),
            lookup: secrets.lookup(),
            submission_tag: secrets.submission_tag(&content_of(tip, only_above)),
            sealed: seal_tip(&document, recipients)?,
            attachments,
            opened_key: Some(secrets.opened_key()),
        };
        self.submit_sealed(office, received).await
    }

    /// Stores a sealed tip; returns the day of receipt once it is durable. A repeat under the same lookup and tag
    /// changes nothing and gives the same answer, though it may be sealed anew.
    ///
    /// # Errors
    /// [`DeskError`]; nothing is stored then.
    pub async fn submit_sealed(
        &self,
        office: &OfficeManifest,
        tip: ReceivedTip,
    ) -> Result<Day, DeskError> {
        let received_day = self.today(office);
        if received_day > office.body().not_after {
            return Err(DeskError::ManifestExpired);
        }
        let mut submission = NewSubmission {
            envelope: envelope(self.random_id(), &tip.addressee, tip.sealed.0, received_day),
            office: office.slug().to_owned(),
            lookup_digest: tip.lookup.digest(),
            submission_tag: tip.submission_tag,
        };
        submission.envelope.attachments.clone_from(&tip.attachments);
        self.make_room(&submission.envelope).await;
        let mailbox = submission.lookup_digest;
        match self.store.submit(submission).await? {
            Submitted::Stored => {
                self.claimed(&tip.attachments);
                if let Some(key) = tip.opened_key {
                    self.opened.begin(mailbox, key);
                }
                Ok(received_day)
            }
            Submitted::AlreadyStored => {
                self.discard(&tip.attachments).await;
                Ok(received_day)
            }
            Submitted::FileGone => Err(DeskError::File(FileProblem::Gone)),
            Submitted::OtherContent => Err(DeskError::CodeUsed),
            Submitted::QuotaFull => Err(DeskError::Full),
        }
    }

    /// Whom the files of a tip of `category` are for; `None` where the office above alone may open it and there is none.
    #[must_use]
    pub fn target_of_tip(
        &self,
        office: &OfficeManifest,
        category: Category,
        only_above: bool,
    ) -> Option<Target> {
        let (addressee, recipients) = office.readers_of(category, only_above)?;
        Some(Target {
            addressee: addressee.to_owned(),
            recipients: recipients.to_vec(),
            day: self.today(office),
        })
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

    /// The ids of files that can be claimed. A repeat finds its files claimed already, and that is no problem: the
    /// store tells which it is.
    pub(super) async fn claimable_or_sent(
        &self,
        addressee: &str,
        list: &[Attachment],
    ) -> Result<Vec<[u8; 16]>, DeskError> {
        match self.claimable(addressee, list).await {
            Err(FileProblem::Gone) => Ok(ids_of(list)),
            checked => checked.map_err(DeskError::File),
        }
    }

    /// Looks at what can be known of the files of a tip that came sealed: how many there are. Each was measured when it
    /// came, and the store tells whether it is there.
    ///
    /// # Errors
    /// [`DeskError::File`].
    pub fn check_sealed_files(&self, ids: &[[u8; 16]]) -> Result<(), DeskError> {
        match &self.attachments {
            _ if ids.is_empty() => Ok(()),
            Some(attachments) => attachments.check_count(ids.len()).map_err(DeskError::File),
            None => Err(DeskError::File(FileProblem::NotTaken)),
        }
    }

    /// Files that no tip has claimed go before a tip is refused.
    pub(super) async fn make_room(&self, envelope: &NewEnvelope) {
        if let Some(attachments) = &self.attachments {
            let bytes = envelope.ciphertext.len();
            attachments.make_room(bytes, &envelope.attachments).await;
        }
    }

    /// Files that have a tip by now.
    pub(super) fn claimed(&self, ids: &[[u8; 16]]) {
        if let Some(attachments) = &self.attachments {
            attachments.claimed(ids);
        }
    }

    /// Files that came again with a repeat.
    pub(super) async fn discard(&self, ids: &[[u8; 16]]) {
        if let Some(attachments) = &self.attachments {
            attachments.discard(ids).await;
        }
    }

    fn random_id(&self) -> [u8; 16] {
        random_id(self.entropy.as_ref())
    }
}

/// An envelope without files.
pub(super) fn envelope(
    id: [u8; 16],
    addressee: &str,
    sealed: Sealed,
    received_day: Day,
) -> NewEnvelope {
    NewEnvelope {
        id,
        addressee: addressee.to_owned(),
        content_hash: sealed.content_hash(),
        ciphertext: sealed.into_bytes(),
        received_day,
        attachments: Vec::new(),
    }
}

fn ids_of(list: &[Attachment]) -> Vec<[u8; 16]> {
    list.iter().filter_map(Attachment::id_bytes).collect()
}

/// A tip's fields in one string, for the keyed tag: what a repeated request has in common with the first.
fn content_of(tip: &Tip, only_above: bool) -> Zeroizing<Vec<u8>> {
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
    // Who reads it is a part of what was sent: with another choice it is another tip.
    if only_above {
        fields.push("only-above");
    }
    // No field can hold the separator: control characters are refused when a tip is parsed.
    Zeroizing::new(fields.join("\0").into_bytes())
}
