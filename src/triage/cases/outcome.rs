//! How a case ends: what was found, and what its reporters are told.

use super::CaseNumber;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an inquiry found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
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

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 5] = [
        Self::Upheld,
        Self::PartlyUpheld,
        Self::NotUpheld,
        Self::NotProvable,
        Self::Cleared,
    ];

    /// The word used in forms and as the key of its name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::PartlyUpheld => "partly-upheld",
            Self::NotUpheld => "not-upheld",
            Self::NotProvable => "not-provable",
            Self::Cleared => "cleared",
        }
    }

    /// The outcome with this word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// How a case is concluded.
#[derive(Clone, Debug)]
pub struct Conclusion {
    /// What was found.
    pub outcome: Outcome,
    /// What the reporter is told, word for word. Must not be empty.
    pub answer_to_reporter: String,
    /// What those are told who get an answer of their own, by number. None may be empty.
    pub own_answers: BTreeMap<CaseNumber, String>,
    /// Why, for the file. Must not be empty.
    pub reason: String,
}

impl Conclusion {
    /// What the reporter of the tip with this number is told.
    #[must_use]
    pub fn answer_to(&self, number: &str) -> &str {
        let own = self.own_answers.get(&CaseNumber(number.to_owned()));
        own.unwrap_or(&self.answer_to_reporter)
    }

    /// Every answer.
    pub fn answers(&self) -> impl Iterator<Item = &str> {
        let own = self.own_answers.values();
        own.chain([&self.answer_to_reporter]).map(String::as_str)
    }
}
