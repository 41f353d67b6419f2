//! How a case is handled (办理方式), and what is said when it moves.

use super::CaseState;
use serde::{Deserialize, Serialize};

/// How a case is handled. Chosen when it is accepted, and changed only with a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// 直查: the office looks into it itself.
    Direct,
    /// 转办: passed to a school or unit.
    Passed,
    /// 督办: passed on, and supervised.
    Supervised,
    /// 会商: studied together.
    Joint,
}

impl Mode {
    /// Every mode.
    pub const ALL: [Self; 4] = [Self::Direct, Self::Passed, Self::Supervised, Self::Joint];

    /// The word used in forms and as the key of its name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Passed => "passed",
            Self::Supervised => "supervised",
            Self::Joint => "joint",
        }
    }

    /// The mode with this word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.code() == code)
    }
}

/// A step of a case, and what is said with it.
#[derive(Clone, Copy, Debug)]
pub struct Move<'a> {
    /// Where to.
    pub to: CaseState,
    /// How it is handled from now on: must be named where it is accepted, and is not looked at elsewhere.
    pub mode: Option<Mode>,
    /// What its reporters are told with it; may be empty, but not where it is declined.
    pub told: &'a str,
    /// Why, for the file. Must not be empty.
    pub reason: &'a str,
}

impl<'a> Move<'a> {
    /// To `to`, for `reason`; reporters are told where it stands, and no more.
    #[must_use]
    pub fn new(to: CaseState, reason: &'a str) -> Self {
        Self {
            to,
            mode: None,
            told: "",
            reason,
        }
    }

    /// Accepted, to be handled by `mode`.
    #[must_use]
    pub fn accept(mode: Mode, reason: &'a str) -> Self {
        Self {
            mode: Some(mode),
            ..Self::new(CaseState::Accepted, reason)
        }
    }

    /// Declined; its reporters read `told`.
    #[must_use]
    pub fn decline(told: &'a str, reason: &'a str) -> Self {
        Self {
            told,
            ..Self::new(CaseState::Declined, reason)
        }
    }
}
