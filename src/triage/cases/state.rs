//! Where a case stands, and where it can go from there.

use crate::tip::Status;
use serde::{Deserialize, Serialize};

/// Where a case stands. Legal transitions are in [`CaseState::next_states`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseState {
    /// Routed, nobody has decided yet (待受理).
    Received,
    /// 受理.
    Accepted,
    /// 不予受理.
    Declined,
    /// 转办.
    Referred,
    /// 查办中.
    UnderInquiry,
    /// 办结, with an outcome.
    Concluded,
}

impl CaseState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Received,
        Self::Accepted,
        Self::Declined,
        Self::Referred,
        Self::UnderInquiry,
        Self::Concluded,
    ];

    /// The word stored and used in forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.told_as().code()
    }

    /// The state with this word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// What the reporter is told.
    #[must_use]
    pub fn told_as(self) -> Status {
        match self {
            Self::Received => Status::Received,
            Self::Accepted => Status::Accepted,
            Self::Declined => Status::Declined,
            Self::Referred => Status::Referred,
            Self::UnderInquiry => Status::UnderInquiry,
            Self::Concluded => Status::Concluded,
        }
    }

    /// States a person may set by hand from here. `Concluded` is reached by concluding with an outcome only.
    #[must_use]
    pub fn next_states(self) -> &'static [Self] {
        match self {
            Self::Received => &[Self::Accepted, Self::Declined, Self::Referred],
            Self::Accepted => &[Self::UnderInquiry, Self::Referred],
            Self::UnderInquiry => &[Self::Referred],
            Self::Referred => &[Self::UnderInquiry],
            Self::Declined | Self::Concluded => &[],
        }
    }

    /// How far it is on the way, to tell which of two is further.
    #[must_use]
    pub fn step(self) -> u8 {
        match self {
            Self::Received => 0,
            Self::Accepted => 1,
            Self::Referred => 2,
            Self::UnderInquiry => 3,
            Self::Declined | Self::Concluded => 4,
        }
    }

    /// Whether nothing more is owed.
    #[must_use]
    pub fn is_finished(self) -> bool {
        matches!(self, Self::Declined | Self::Concluded)
    }
}
