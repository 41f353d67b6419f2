//! Changing a case: what is stored with a change, put together in one place.

mod deadlines;
mod messages;

use crate::cases::Entry;
use crate::casework::attachment_rows::attachment_rows;
use crate::model::{HistoryText, MemberId, Note};
use crate::office::{Office, OfficeError, seal_json};
use crate::store::{AttachmentRow, Change, HistoryRow, PassingRow, ReplyId, StoredEnvelope};
pub use messages::{sent_tip, tell_deadlines};
use mifeng_foundation::clock::Day;
use mifeng_sealing::Recipient;
use mifeng_sealing::tip::Attachment;

/// A change in the making: the case as it shall be, and what is stored with it.
pub struct Draft<'a> {
    office: &'a Office,
    /// The case as it shall be.
    pub entry: Entry,
    change: Change,
    today: Day,
    to_case: Recipient,
    is_new_fact: bool,
}

impl<'a> Draft<'a> {
    /// A change of `entry`.
    pub fn new(office: &'a Office, entry: Entry) -> Result<Self, OfficeError> {
        let to_case = entry
            .row
            .recipient
            .parse()
            .map_err(|_| OfficeError::Damaged)?;
        Ok(Self {
            office,
            change: Change {
                case: entry.row.clone(),
                met: Vec::new(),
                deadlines: Vec::new(),
                moved: Vec::new(),
                history: Vec::new(),
                messages: Vec::new(),
                outgoing: Vec::new(),
                mail: Vec::new(),
                attachments: Vec::new(),
                rewraps: Vec::new(),
                passing: Vec::new(),
                reply: None,
            },
            entry,
            today: office.today(),
            to_case,
            is_new_fact: true,
        })
    }

    /// Writes a line of the history.
    pub fn note(
        &mut self,
        actor: Option<&str>,
        note: Note,
        detail: &str,
    ) -> Result<(), OfficeError> {
        self.write_history(&HistoryText {
            actor: actor.map(str::to_owned),
            note,
            detail: detail.to_owned(),
            about: None,
        })
    }

    /// Writes a line that speaks of another case.
    pub fn note_about(
        &mut self,
        other: &Entry,
        actor: &str,
        note: Note,
        reason: &str,
    ) -> Result<(), OfficeError> {
        self.write_history(&HistoryText {
            actor: Some(actor.to_owned()),
            note,
            detail: format!("{}: {reason}", other.row.number),
            about: Some(hex::encode(other.row.id.0)),
        })
    }

    fn write_history(&mut self, text: &HistoryText) -> Result<(), OfficeError> {
        self.change.history.push(HistoryRow {
            id: self.office.new_id(),
            day: self.today,
            sealed: seal_json(text, &self.to_case)?,
        });
        Ok(())
    }

    /// Adds the files that an envelope of the tip with id `tip` names.
    pub fn attach(
        &mut self,
        envelope: &StoredEnvelope,
        tip: [u8; 16],
        files: &[Attachment],
    ) -> Result<(), OfficeError> {
        let case = self.entry.row.id;
        let rows = attachment_rows(self.office, envelope, case, tip, files, &self.to_case)?;
        self.change.attachments.extend(rows);
        Ok(())
    }

    /// The files that were added.
    #[must_use]
    pub fn attached(&self) -> &[AttachmentRow] {
        &self.change.attachments
    }

    /// Leaves the day of the last change as it is: how long the case is kept is counted from that.
    pub fn keep_day(&mut self) {
        self.is_new_fact = false;
    }

    /// Reminds a member.
    pub fn remind(&mut self, member: MemberId) {
        self.change.mail.push((self.office.new_id(), member));
    }

    /// Reminds several.
    pub fn remind_all(&mut self, members: impl IntoIterator<Item = MemberId>) {
        for member in members {
            self.remind(member);
        }
    }

    /// Sends envelopes to the office above with the change.
    pub fn pass(&mut self, rows: Vec<PassingRow>) {
        self.change.passing.extend(rows);
    }

    /// Lets what the reporter of `tip` said under `id` count once.
    pub fn count_once(&mut self, tip: [u8; 16], id: [u8; 32]) {
        self.change.reply = Some(ReplyId { tip, id });
    }

    /// The change to store, and the case as the caseload shall have it afterwards.
    pub fn finish(mut self) -> Result<(Change, Entry), OfficeError> {
        if self.is_new_fact {
            self.entry.row.changed_day = self.today;
        }
        self.change.case = self.entry.row.clone();
        self.change.case.summary = seal_json(&self.entry.summary, &self.to_case)?;
        self.entry.row.version += 1;
        Ok((self.change, self.entry))
    }
}
