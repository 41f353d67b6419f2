//! Rows as they go in and come out. Fields named `sealed`, `summary`, `wrapped_identity` and `ciphertext` are age files.

use super::attachments::AttachmentState;
use super::message_rows::{HistoryRow, MessageRow, OutgoingRow};
use super::openings::OpeningRow;
use super::passing::PassingRow;
use super::wraps::Rewrap;
use crate::deadlines::{DeadlineRule, Due, EscalationLevel};
use crate::model::{CaseId, CaseState, MemberId};
use mifeng_foundation::clock::Day;
use mifeng_sealing::{ContentHash, LookupDigest};

/// An envelope, as remembered so that it is never stored twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredEnvelope {
    /// Hash of its ciphertext.
    pub content: ContentHash,
    /// Its id at intake.
    pub intake_id: [u8; 16],
    /// The day it came to intake.
    pub received_day: Day,
    /// Whether it is in quarantine, and opens now.
    pub from_quarantine: bool,
}

/// A file that came with an envelope in quarantine.
#[derive(Clone, Debug)]
pub struct KeptFileRow {
    /// Random id, by which it lies here.
    pub id: [u8; 16],
    /// Its id at intake.
    pub intake_id: [u8; 16],
    /// Hash of its envelope's ciphertext.
    pub content: ContentHash,
    /// Its length as it came, in bytes.
    pub size_bytes: u64,
    /// Where it is.
    pub state: AttachmentState,
}

/// A case.
#[derive(Clone, Debug)]
pub struct CaseRow {
    /// Random id.
    pub id: CaseId,
    /// For people; empty until stored. See [`crate::model::CaseNumber`].
    pub number: String,
    /// Where it stands.
    pub state: CaseState,
    /// Who handles it.
    pub handler: Option<MemberId>,
    /// Day of receipt.
    pub opened_day: Day,
    /// Day of the last change.
    pub changed_day: Day,
    /// Raised by every change.
    pub version: i64,
    /// age recipient of the case.
    pub recipient: String,
    /// The case's identity, sealed to the office.
    pub wrapped_identity: Vec<u8>,
    /// Sealed to the case; empty where it was opened and is kept in memory.
    pub summary: Vec<u8>,
    /// The case that it is handled with, if a person joined the two.
    pub joined: Option<JoinedRow>,
}

/// That a case is handled with another (并案). What is sealed to either stays as it is: one small identity gives the
/// other's handlers both, and taking it away takes them apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinedRow {
    /// The case that leads.
    pub lead: CaseId,
    /// The day they were joined.
    pub day: Day,
    /// The joined case's identity, sealed to the one that leads.
    pub identity: Vec<u8>,
}

/// A tip.
#[derive(Clone, Debug)]
pub struct TipRow {
    /// Random id.
    pub id: [u8; 16],
    /// Its case.
    pub case: CaseId,
    /// Hash of its envelope's ciphertext.
    pub content: ContentHash,
    /// The day it came to intake.
    pub received_day: Day,
    /// Its mailbox.
    pub mailbox: LookupDigest,
    /// Sealed to the case.
    pub sealed: Vec<u8>,
    /// Sealed under the sketch key.
    pub sketch: Vec<u8>,
}

/// Where a mailbox leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredTip {
    /// The tip.
    pub id: [u8; 16],
    /// Its case.
    pub case: CaseId,
}

/// A deadline of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadlineRow {
    /// Random id.
    pub id: [u8; 16],
    /// Its case.
    pub case: CaseId,
    /// Rule it runs under.
    pub rule: String,
    /// First day.
    pub start_day: Day,
    /// Last day.
    pub due_day: Day,
    /// Whether the last day may move.
    pub provisional: bool,
    /// The day it was met.
    pub met_day: Option<Day>,
    /// Days it was extended by; 0 if it was not.
    pub extended_days: u16,
    /// The level to which it is escalated.
    pub escalated: EscalationLevel,
    /// How often its last day was changed.
    pub moved_times: u32,
    /// The day that was last done; `None` if it never was.
    pub moved_day: Option<Day>,
}

impl DeadlineRow {
    /// A deadline of `case` under `rule` that begins on `start`.
    #[must_use]
    pub fn new(id: [u8; 16], case: CaseId, rule: &DeadlineRule, start: Day, due: Due) -> Self {
        Self {
            id,
            case,
            rule: rule.id.clone(),
            start_day: start,
            due_day: due.day,
            provisional: due.provisional,
            met_day: None,
            extended_days: 0,
            escalated: EscalationLevel::Nobody,
            moved_times: 0,
            moved_day: None,
        }
    }
}

/// A file that goes with a tip or an addition.
#[derive(Clone, Debug)]
pub struct AttachmentRow {
    /// Random id, and the name of the sealed file.
    pub id: [u8; 16],
    /// Its id at intake.
    pub intake_id: [u8; 16],
    /// The envelope that named it.
    pub content: ContentHash,
    /// Its case.
    pub case: CaseId,
    /// Its tip.
    pub tip: [u8; 16],
    /// Where it is.
    pub state: AttachmentState,
    /// Sealed to the case: name, type, size, SHA-256.
    pub sealed: Vec<u8>,
}

/// Everything that is stored with a new tip.
#[derive(Clone, Debug)]
pub struct NewTip {
    /// Its envelope.
    pub envelope: StoredEnvelope,
    /// Its case, whose number the store chooses among `numbers`.
    pub case: CaseRow,
    /// The numbers that it can have, the shortest first: the first that no other case has is its own.
    pub numbers: Vec<String>,
    /// The tip.
    pub tip: TipRow,
    /// The deadlines.
    pub deadlines: Vec<DeadlineRow>,
    /// The first lines of the history.
    pub history: Vec<HistoryRow>,
    /// The acknowledgement.
    pub outgoing: Vec<OutgoingRow>,
    /// Whom to mail, with the row's id.
    pub mail: Vec<([u8; 16], MemberId)>,
    /// The files that go with it.
    pub attachments: Vec<AttachmentRow>,
    /// The mailbox to open, for a tip that was typed in here.
    pub opening: Option<OpeningRow>,
    /// Who gets its key.
    pub rewrap: Rewrap,
}

/// A change of a case.
#[derive(Clone, Debug)]
pub struct Change {
    /// The case as it shall be; its `version` is the one that is expected, and is raised.
    pub case: CaseRow,
    /// Deadlines met, with the day.
    pub met: Vec<([u8; 16], Day)>,
    /// New deadlines.
    pub deadlines: Vec<DeadlineRow>,
    /// Deadlines with another last day.
    pub moved: Vec<DeadlineRow>,
    /// New lines of the history.
    pub history: Vec<HistoryRow>,
    /// New texts.
    pub messages: Vec<MessageRow>,
    /// New messages for mailboxes.
    pub outgoing: Vec<OutgoingRow>,
    /// Whom to mail, with the row's id.
    pub mail: Vec<([u8; 16], MemberId)>,
    /// New files.
    pub attachments: Vec<AttachmentRow>,
    /// Who gets the key of this case or of one that is handled with it, and who loses it.
    pub rewraps: Vec<Rewrap>,
    /// What goes to the office above with it.
    pub passing: Vec<PassingRow>,
    /// The id of what a reporter said, which counts once.
    pub reply: Option<ReplyId>,
}

/// By which what the reporter of a tip said counts once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReplyId {
    /// The tip.
    pub tip: [u8; 16],
    /// Signed with what was said.
    pub id: [u8; 32],
}
