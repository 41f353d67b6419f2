//! How cases end: each ending has a rule of how long the case is kept.

use crate::cases::Entry;
use crate::model::{CaseState, Outcome};
use serde::Deserialize;

/// How a case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// 不予受理.
    Declined,
    /// 查实.
    Upheld,
    /// 部分属实.
    PartlyUpheld,
    /// 不属实.
    NotUpheld,
    /// 无法查实.
    NotProvable,
    /// 澄清.
    Cleared,
}

impl Ending {
    /// Every ending.
    pub const ALL: [Self; 6] = [
        Self::Declined,
        Self::Upheld,
        Self::PartlyUpheld,
        Self::NotUpheld,
        Self::NotProvable,
        Self::Cleared,
    ];

    /// How a case with this outcome ended.
    #[must_use]
    pub fn with(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Upheld => Self::Upheld,
            Outcome::PartlyUpheld => Self::PartlyUpheld,
            Outcome::NotUpheld => Self::NotUpheld,
            Outcome::NotProvable => Self::NotProvable,
            Outcome::Cleared => Self::Cleared,
        }
    }

    pub(super) fn of(entry: &Entry) -> Option<Self> {
        match (entry.row.state, entry.summary.outcome) {
            (CaseState::Declined, _) => Some(Self::Declined),
            (CaseState::Closed, outcome) => outcome.map(Self::with),
            _ => None,
        }
    }
}
