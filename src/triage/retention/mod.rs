//! How long a finished case is kept: rules as data, by how the case ended.

mod config;

pub use config::{RetentionConfig, RetentionError};

use crate::clock::Day;
use crate::triage::cases::{CaseState, Entry, Group, Outcome};
use serde::Deserialize;

const DEFAULT_RULES: &str = include_str!("../../../deploy/retention.toml");

/// The version of the rules' file that this program reads.
const VERSION: u32 = 1;

/// Longest time that a rule can say, in its unit.
const LENGTH_MAX: u16 = 1_200;

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

    fn of(entry: &Entry) -> Option<Self> {
        match (entry.row.state, entry.card.outcome) {
            (CaseState::Declined, _) => Some(Self::Declined),
            (CaseState::Closed, outcome) => outcome.map(Self::with),
            _ => None,
        }
    }
}

/// What lengths are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Calendar years; of 29 February the 28th where the year has no other.
    Years,
    /// Calendar months; the month's last day where it has no such day.
    Months,
    /// Calendar days.
    Days,
}

/// One rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetentionRule {
    /// What the trail calls it.
    pub id: String,
    /// Endings it is for.
    pub of: Vec<Ending>,
    /// How long, in its unit.
    pub length: u16,
    /// What the length is counted in.
    pub unit: Unit,
    /// Whether somebody compared it with the source's own text.
    pub checked: bool,
    /// Where it stands, in Chinese.
    pub source_zh: String,
    /// Where it stands, in English.
    pub source_en: String,
}

impl RetentionRule {
    /// The last day on which a case is kept that was changed last on `day`.
    #[must_use]
    pub fn kept_until(&self, day: Day) -> Day {
        let length = i32::from(self.length);
        match self.unit {
            Unit::Years => day.plus_months(length * 12),
            Unit::Months => day.plus_months(length),
            Unit::Days => day.plus_days(length),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    retention: Vec<RetentionRule>,
}

/// Rules that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// Not well formed.
    #[error("the rules of retention are not well formed")]
    Malformed(#[from] toml::de::Error),
    /// Of a version that this program does not read.
    #[error("the rules of retention are of version {0}, which this program does not read")]
    Version(u32),
    /// A name that the trail cannot hold.
    #[error("a rule of retention has a name of other letters than a-z, 0-9 and -")]
    Name,
    /// A length of none, or of more than anybody means.
    #[error("a rule of retention is shorter than one or longer than {LENGTH_MAX} of its unit")]
    Length,
    /// An ending without a rule, or with two.
    #[error("the ending {0:?} has no rule of retention, or more than one")]
    Ending(Ending),
}

/// Every rule.
#[derive(Clone, Debug)]
pub struct Retention {
    rules: Vec<RetentionRule>,
}

impl Default for Retention {
    fn default() -> Self {
        Self::new(DEFAULT_RULES).expect("the sample is parsed in tests")
    }
}

impl Retention {
    /// Rules from a file's text.
    ///
    /// # Errors
    /// [`RulesError`].
    pub fn new(text: &str) -> Result<Self, RulesError> {
        let file: File = toml::from_str(text)?;
        if file.version != VERSION {
            return Err(RulesError::Version(file.version));
        }
        let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        for rule in &file.retention {
            if rule.id.is_empty() || rule.id.len() > 40 || !rule.id.bytes().all(letters) {
                return Err(RulesError::Name);
            }
            if !(1..=LENGTH_MAX).contains(&rule.length) {
                return Err(RulesError::Length);
            }
        }
        for ending in Ending::ALL {
            let named = file.retention.iter().flat_map(|rule| &rule.of);
            if named.filter(|of| **of == ending).count() != 1 {
                return Err(RulesError::Ending(ending));
            }
        }
        Ok(Self {
            rules: file.retention,
        })
    }

    /// Until when a group is kept, its last day included, and by which rule: the one that keeps the longest. `None` while
    /// something in it is not finished and off the ledger.
    #[must_use]
    pub fn of(&self, group: &Group<'_>) -> Option<(Day, &RetentionRule)> {
        let changed = group.cases().map(|entry| entry.row.changed_day).max()?;
        let mut kept = Vec::new();
        for entry in group.cases() {
            let ending = Ending::of(entry)?;
            let rule = self.rules.iter().find(|rule| rule.of.contains(&ending))?;
            kept.push((rule.kept_until(changed), rule));
        }
        kept.into_iter().max_by_key(|(day, _)| *day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    #[test]
    fn the_rules_that_come_with_the_program_are_whole_and_say_that_nobody_checked_them() {
        let rules = Retention::default().rules;
        assert!(rules.iter().all(|rule| !rule.checked));
        assert!(rules.iter().all(|rule| !rule.source_zh.is_empty()));
    }

    #[test]
    fn an_ending_without_a_rule_or_with_two_is_refused() {
        let without = DEFAULT_RULES.replace("of = [\"cleared\"]", "of = []");
        let twice = DEFAULT_RULES.replace("of = [\"cleared\"]", "of = [\"cleared\", \"declined\"]");
        for (text, ending) in [(without, Ending::Cleared), (twice, Ending::Declined)] {
            let refused = Retention::new(&text);
            assert!(matches!(refused, Err(RulesError::Ending(of)) if of == ending));
        }
        for (from, to) in [
            ("version = 1", "version = 2"),
            ("length = 10", "length = 0"),
            ("length = 10", "length_days = 10"),
            ("\"cleared\"\nof", "\"Cleared by\"\nof"),
            ("unit = \"years\"", "unit = \"decades\""),
        ] {
            let refused = Retention::new(&DEFAULT_RULES.replacen(from, to, 1));
            assert!(refused.is_err(), "{to}");
        }
    }

    #[test]
    fn years_and_months_are_those_of_the_calendar() {
        let mut rule = Retention::default().rules.remove(0);
        assert_eq!(rule.kept_until(day("2024-02-29")), day("2034-02-28"));
        (rule.length, rule.unit) = (1, Unit::Months);
        assert_eq!(rule.kept_until(day("2026-01-31")), day("2026-02-28"));
        (rule.length, rule.unit) = (30, Unit::Days);
        assert_eq!(rule.kept_until(day("2026-01-31")), day("2026-03-02"));
    }
}
