//! Taking a tip: sealed here or in a browser, stored once under its code, however often it is sent.

use super::{DeskError, IntakeDesk, envelope};
use crate::attachments::FileProblem;
use crate::store::{NewSubmission, Submitted};
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::{Channel, Tip, TipDocument};
use mifeng_sealing::{
    Lookup, MailboxSecrets, OfficeManifest, OpenedKey, PickupCode, SealedTip, SubmissionTag,
    seal_tip,
};
use zeroize::Zeroizing;

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

impl IntakeDesk {
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
