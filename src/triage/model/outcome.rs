//! How a case ends: what was found of each subject, what its reporters are told, and what closing it rests on.

use super::{CaseNumber, MemberId};
use mifeng_foundation::clock::Day;
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

    /// The outcome of the whole where these were found of its subjects; `None` for none. What was upheld of one and not of
    /// another is upheld in part.
    #[must_use]
    pub fn of_all(found: &[Self]) -> Option<Self> {
        let first = *found.first()?;
        if found.iter().all(|one| *one == first) {
            return Some(first);
        }
        let has = |outcome| found.contains(&outcome);
        Some(match () {
            () if has(Self::Upheld) || has(Self::PartlyUpheld) => Self::PartlyUpheld,
            () if has(Self::NotProvable) => Self::NotProvable,
            () => Self::NotUpheld,
        })
    }
}

/// What was found of one subject (被举报人), and what was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Who or what; may be empty where the case has one subject only.
    pub subject: String,
    /// What was found.
    pub outcome: Outcome,
    /// What was done about it; may be empty.
    pub measures: String,
}

impl Finding {
    /// Of the one subject that a case has.
    #[must_use]
    pub fn of_the_only_one(outcome: Outcome) -> Self {
        Self {
            subject: String::new(),
            outcome,
            measures: String::new(),
        }
    }
}

/// How a case is concluded.
#[derive(Clone, Debug)]
pub struct Conclusion {
    /// What was found of each subject. Must not be empty; of several each is named.
    pub findings: Vec<Finding>,
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

    /// The outcome of the whole; `None` without a finding.
    #[must_use]
    pub fn outcome(&self) -> Option<Outcome> {
        let found: Vec<_> = self
            .findings
            .iter()
            .map(|finding| finding.outcome)
            .collect();
        Outcome::of_all(&found)
    }
}

/// What a closing rests on (销号).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grounds {
    /// Entries of the evidence register that it rests on.
    #[serde(default)]
    pub exhibits: Vec<EvidenceItem>,
    /// Other evidence, named. Must not be empty where no entry is named.
    pub evidence: String,
    /// The measures that are done. Must not be empty.
    pub measures: String,
    /// The day on which somebody goes and looks again (回访).
    pub revisit_day: Day,
}

/// An entry of the evidence register, as it stood when something was rested on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceItem {
    /// Opaque id of the entry, hex.
    pub paper: String,
    /// Its number in the register.
    pub number: usize,
    /// What it is.
    pub what: String,
}

/// Who signed something, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// The member's id, hex.
    pub member: String,
    /// The name by then.
    pub name: String,
    /// The day.
    pub day: Day,
}

impl Signature {
    /// Whether the member with this id signed.
    #[must_use]
    pub fn is_of(&self, member: MemberId) -> bool {
        self.member == hex::encode(member.0)
    }
}

/// A closing as one person proposed it, and another approved it if somebody has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// What it rests on.
    pub grounds: Grounds,
    /// Who proposed it.
    pub proposed: Signature,
    /// Who approved it; `None` while it waits for that.
    pub approved: Option<Signature>,
}

impl Closing {
    /// Whether it waits for a second person.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.approved.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome::{self, Cleared, NotProvable, NotUpheld, PartlyUpheld, Upheld};

    #[test]
    fn the_whole_follows_from_what_was_found_of_each() {
        let of = Outcome::of_all;
        assert_eq!(of(&[]), None);
        for one in Outcome::ALL {
            assert_eq!(of(&[one, one]), Some(one));
        }
        assert_eq!(of(&[Upheld, Cleared]), Some(PartlyUpheld));
        assert_eq!(of(&[NotUpheld, PartlyUpheld]), Some(PartlyUpheld));
        assert_eq!(of(&[NotUpheld, NotProvable]), Some(NotProvable));
        assert_eq!(of(&[Cleared, NotUpheld]), Some(NotUpheld));
    }
}
