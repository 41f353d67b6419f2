//! What a reporter sent so far, as it is told to whoever has the code: when, of which kind, how much. Never the words, since
//! the code may be in other hands.

use super::said::{Said, SaidKind};
use mifeng_foundation::clock::Day;
use serde::{Deserialize, Serialize};

/// Most things that one message lists, the tip among them: so many leave room for a status in the smallest size class.
pub const SENT_MAX: usize = 12;

/// What kind of thing was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SentKind {
    /// The tip.
    Tip,
    /// More about it, or an answer.
    Addition,
    /// An objection to the decision.
    Objection,
    /// A correction of the tip.
    Correction,
    /// That the tip is taken back.
    Withdrawal,
    /// How it was some time after the decision.
    Aftercare,
}

impl SentKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Tip,
        Self::Addition,
        Self::Objection,
        Self::Correction,
        Self::Withdrawal,
        Self::Aftercare,
    ];

    /// The word used in documents and as the end of a key of words.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Tip => "tip",
            Self::Addition => "addition",
            Self::Objection => "objection",
            Self::Correction => "correction",
            Self::Withdrawal => "withdrawal",
            Self::Aftercare => "aftercare",
        }
    }

    /// That of something said later; `None` for marks, which are not listed.
    #[must_use]
    pub fn of(kind: SaidKind) -> Option<Self> {
        match kind {
            SaidKind::Addition => Some(Self::Addition),
            SaidKind::Objection => Some(Self::Objection),
            SaidKind::Correction => Some(Self::Correction),
            SaidKind::Withdrawal => Some(Self::Withdrawal),
            SaidKind::Aftercare => Some(Self::Aftercare),
            SaidKind::Read | SaidKind::Farewell => None,
        }
    }
}

/// One thing that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SentItem {
    /// The day.
    pub day: Day,
    /// What it was.
    pub kind: SentKind,
    /// Its length in characters.
    pub chars: u32,
    /// How many files went with it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub files: u32,
    /// How many messages of the office lay in the mailbox when it came: a question after those is not answered by it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub after: u32,
}

impl SentItem {
    /// What was said later, with so many files, when the mailbox had `after` messages; `None` for marks.
    #[must_use]
    pub fn of(day: Day, said: &Said, files: usize, after: u32) -> Option<Self> {
        Some(Self {
            day,
            kind: SentKind::of(said.kind())?,
            chars: count(said.text().chars().count()),
            files: count(files),
            after,
        })
    }

    /// A tip with this text.
    #[must_use]
    pub fn of_tip(day: Day, text: &str, files: usize) -> Self {
        Self {
            day,
            kind: SentKind::Tip,
            chars: count(text.chars().count()),
            files: count(files),
            after: 0,
        }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A day by which the office promised the reporter something, whether it was done or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldDeadline {
    /// The rule's id in the office's file of deadlines.
    pub rule: String,
    /// The last day.
    pub due_day: Day,
    /// The last day as it was promised first; absent where it was not extended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_due_day: Option<Day>,
    /// The day it was done; absent while the deadline runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met_day: Option<Day>,
}
