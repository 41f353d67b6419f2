//! A member of the staff and what the role allows.

use serde::{Deserialize, Serialize};

/// A member's random id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MemberId(pub [u8; 16]);

/// What a member is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Confirms routing, sees the whole queue.
    Dispatcher,
    /// Handles the cases given to her (承办人), sees no other.
    Investigator,
    /// Sees what is late, approves (分管领导).
    Supervisor,
    /// Keeps accounts and rules; can read no tip.
    Administrator,
    /// Reads the trail, not the tips.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [
        Self::Dispatcher,
        Self::Investigator,
        Self::Supervisor,
        Self::Administrator,
        Self::Auditor,
    ];

    /// The word stored, used in forms and as the key of its name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Dispatcher => "dispatcher",
            Self::Investigator => "investigator",
            Self::Supervisor => "supervisor",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
        }
    }

    /// The role with this word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Whether this role ever reads a tip.
    #[must_use]
    pub fn reads_tips(self) -> bool {
        matches!(
            self,
            Self::Dispatcher | Self::Investigator | Self::Supervisor
        )
    }

    /// Whether this role sees every case it is not recused from, not only its own.
    #[must_use]
    pub fn sees_all_cases(self) -> bool {
        matches!(self, Self::Dispatcher | Self::Supervisor)
    }
}

/// Someone with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Random id.
    pub id: MemberId,
    /// What is typed to sign in.
    pub login: String,
    /// Shown to colleagues.
    pub name: String,
    /// What the member is there for.
    pub role: Role,
    /// Unit id from the routing rules, for those who handle cases.
    pub unit: Option<String>,
    /// Where reminders go; empty for none.
    pub email: String,
    /// School ids (from the routing rules) that the member has to do with.
    pub recused_schools: Vec<String>,
    /// Names whose tips the member may not see: his own, declared kin.
    pub recused_names: Vec<String>,
    /// Whether the account can sign in and be given work.
    pub active: bool,
}
