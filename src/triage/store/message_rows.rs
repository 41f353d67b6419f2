//! Rows of what was written: messages, answers on their way, history.

use crate::model::CaseId;
use mifeng_foundation::clock::Day;
use mifeng_sealing::LookupDigest;

/// A text to or from the reporter.
#[derive(Clone, Debug)]
pub struct MessageRow {
    /// Random id.
    pub id: [u8; 16],
    /// The tip it belongs to.
    pub tip: [u8; 16],
    /// Its case.
    pub case: CaseId,
    /// Whether the reporter wrote it.
    pub from_reporter: bool,
    /// The day.
    pub day: Day,
    /// Sealed to the case.
    pub sealed: Vec<u8>,
}

/// What became of a message for a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutgoingState {
    /// Not at intake yet.
    Queued,
    /// In its mailbox.
    Posted,
    /// Its mailbox is gone.
    NoMailbox,
}

impl OutgoingState {
    /// The word stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Posted => "posted",
            Self::NoMailbox => "no_mailbox",
        }
    }
}

/// A message for a mailbox.
#[derive(Clone, Debug)]
pub struct OutgoingRow {
    /// Its id at intake.
    pub id: [u8; 16],
    /// The text it carries, if it carries one.
    pub message: Option<[u8; 16]>,
    /// The tip whose mailbox it is for.
    pub tip: [u8; 16],
    /// The mailbox.
    pub mailbox: LookupDigest,
    /// Sealed to the mailbox.
    pub ciphertext: Vec<u8>,
}

/// A line of a case's history.
#[derive(Clone, Debug)]
pub struct HistoryRow {
    /// Random id.
    pub id: [u8; 16],
    /// The day.
    pub day: Day,
    /// Sealed to the case.
    pub sealed: Vec<u8>,
}
