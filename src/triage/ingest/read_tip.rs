//! A tip that was opened and checked, ready to become a case.

use super::new_case::Arriving;
use crate::model::{HistoryText, Note, QuarantineReason};
use crate::store::StoredEnvelope;
use mifeng_sealing::tip::{Channel, TipDocument, is_within_limits, papers_fit};
use mifeng_sealing::{LookupDigest, Recipient, RecipientError};

/// A tip that came by the way of tips, and may become a case.
pub(super) struct ReadTip {
    tip: TipDocument,
    mailbox: LookupDigest,
    to_reporter: Recipient,
}

impl ReadTip {
    /// Reads what stood in a seal that came to the office called `own`; the error says why it is to be put into quarantine.
    pub fn of(json: &[u8], own: &str) -> Result<Self, QuarantineReason> {
        let tip = TipDocument::from_json(json).map_err(|_| QuarantineReason::NotATip)?;
        // What was sealed in a browser was looked at by nobody before.
        if !is_within_limits(&tip.text, &[&tip.school, &tip.subject, &tip.when]) {
            return Err(QuarantineReason::NotATip);
        }
        if !papers_fit(&tip.papers) {
            return Err(QuarantineReason::NotATip);
        }
        // Only another office's tip was anywhere before.
        let was_elsewhere = !tip.papers.is_empty() || tip.messages_before > 0;
        if was_elsewhere && tip.office == own {
            return Err(QuarantineReason::NotATip);
        }
        // A stranger may have sealed it: calls, letters and visits are typed in here, and never come this way.
        if tip.channel != Channel::Web {
            return Err(QuarantineReason::NotATip);
        }
        let mailbox = LookupDigest::from_hex(&tip.mailbox.lookup_digest);
        let mailbox = mailbox.ok_or(QuarantineReason::NotATip)?;
        let to_reporter = match tip.mailbox.recipient.parse::<Recipient>() {
            Ok(to_reporter) => to_reporter,
            Err(RecipientError::LowOrder | RecipientError::NotCanonical) => {
                return Err(QuarantineReason::WeakKey);
            }
            Err(_) => return Err(QuarantineReason::NotATip),
        };
        Ok(Self {
            tip,
            mailbox,
            to_reporter,
        })
    }

    /// The same on its way to become a case, with the first line of the case's record.
    pub fn arriving<'a>(
        &'a self,
        envelope: &'a StoredEnvelope,
        json: &'a [u8],
    ) -> (Arriving<'a>, HistoryText) {
        let text = HistoryText {
            actor: None,
            note: Note::Received,
            detail: String::new(),
            about: None,
        };
        let arriving = Arriving {
            envelope,
            tip: &self.tip,
            json,
            mailbox: self.mailbox,
            to_reporter: self.to_reporter.clone(),
            opening: None,
        };
        (arriving, text)
    }
}
