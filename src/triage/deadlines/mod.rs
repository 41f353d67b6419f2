//! Deadlines of cases: their rules as data, their escalation, and the working days of a year as published.

mod calendar;
mod config;
mod escalation;

pub use calendar::{Calendar, CalendarError};
pub use config::{DeadlinesConfig, DeadlinesError};
pub use escalation::{EscalationDays, EscalationLevel};

use crate::model::CaseState;
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::Category;
use serde::Deserialize;

const DEFAULT_RULES: &str = include_str!("../../../deploy/clocks.toml");

/// How days are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Count {
    /// Every day.
    Calendar,
    /// Working days as published.
    Working,
}

/// When a deadline begins to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// It runs from the day of receipt.
    Receipt,
    /// It is written down with the decision that meets it, counted from receipt.
    Decision,
    /// It runs from the day on which it shows that the office may not handle the tip itself.
    NotOurs,
    /// It runs from the day on which a reporter objects to the decision.
    Objection,
}

/// One rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineRule {
    /// Key of its name.
    pub id: String,
    /// Length in days; the day after the start is the first.
    pub length_days: u16,
    /// How days are counted.
    pub count: Count,
    /// Categories it is for; absent for all.
    pub category: Option<Vec<Category>>,
    /// When it begins.
    pub start: Start,
    /// States that meet it.
    pub met_by: Vec<CaseState>,
    /// Days by which a supervisor may extend it, once; absent for not at all.
    pub extension_days: Option<u16>,
    /// Whether the reporter is told its due day as that of the office's answer.
    #[serde(default)]
    pub tell: bool,
    /// Whether it is listed to the reporter among what was promised, and when it was done.
    #[serde(default)]
    pub promised: bool,
    /// Where it stands, in Chinese.
    pub source_zh: String,
    /// The same in traditional letters, for reporters who read those; empty for as it stands above.
    #[serde(default)]
    pub source_hant: String,
    /// Where it stands, in English.
    pub source_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    #[serde(rename = "climb")]
    escalation: EscalationDays,
    #[serde(rename = "clock")]
    deadline: Vec<DeadlineRule>,
}

/// The version of the rules' file that this program reads.
const VERSION: u32 = 1;

/// Rules that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// Not well formed.
    #[error("the rules of deadlines are not well formed")]
    Malformed(#[from] toml::de::Error),
    /// Of a version that this program does not read.
    #[error("the rules of deadlines are of version {0}, which this program does not read")]
    Version(u32),
    /// Two rules under one id.
    #[error("two rules of deadlines have one id")]
    Twice,
}

/// Every rule, with the calendar they count by.
#[derive(Clone, Debug)]
pub struct DeadlineRules {
    rules: Vec<DeadlineRule>,
    escalation: EscalationDays,
    calendar: Calendar,
}

/// When a deadline ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Last day.
    pub day: Day,
    /// Whether it may move because a calendar is not out.
    pub provisional: bool,
}

impl DeadlineRules {
    /// The rules and calendars that come with the program.
    #[must_use]
    pub fn embedded() -> Self {
        Self::standard(Calendar::embedded())
    }

    /// The rules that come with the program, with `calendar`.
    #[must_use]
    pub fn standard(calendar: Calendar) -> Self {
        Self::new(DEFAULT_RULES, calendar).expect("the sample is parsed in tests")
    }

    /// Rules from a file's text, with `calendar`.
    ///
    /// # Errors
    /// [`RulesError`].
    pub fn new(text: &str, calendar: Calendar) -> Result<Self, RulesError> {
        let mut file: File = toml::from_str(text)?;
        if file.version != VERSION {
            return Err(RulesError::Version(file.version));
        }
        let objection = |rule: &DeadlineRule| rule.start == Start::Objection;
        if !file.deadline.iter().any(objection) {
            // An objection is answered by a day, whatever an office's own rules forgot.
            let standard: File = toml::from_str(DEFAULT_RULES)?;
            file.deadline
                .extend(standard.deadline.into_iter().filter(objection));
        }
        let mut ids: Vec<_> = file.deadline.iter().map(|rule| &rule.id).collect();
        ids.sort();
        if ids.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(RulesError::Twice);
        }
        Ok(Self {
            rules: file.deadline,
            escalation: file.escalation,
            calendar,
        })
    }

    /// After how many days what is late is escalated to which level.
    #[must_use]
    pub fn escalation(&self) -> EscalationDays {
        self.escalation
    }

    /// The rule with this id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&DeadlineRule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// Rules for a tip of `category` that begin at `start`.
    pub fn starting(
        &self,
        category: Category,
        start: Start,
    ) -> impl Iterator<Item = &DeadlineRule> {
        self.rules.iter().filter(move |rule| {
            rule.start == start
                && rule
                    .category
                    .as_ref()
                    .is_none_or(|list| list.contains(&category))
        })
    }

    /// Rules that begin at `start`, whatever the category.
    pub fn beginning(&self, start: Start) -> impl Iterator<Item = &DeadlineRule> {
        self.rules.iter().filter(move |rule| rule.start == start)
    }

    /// When `rule` ends that began on `start`.
    #[must_use]
    pub fn due(&self, rule: &DeadlineRule, start: Day) -> Due {
        self.count(rule.count, start, rule.length_days)
    }

    /// When a deadline under `rule` ends that ended on `due` and is extended by `days`, counted as the rule counts.
    #[must_use]
    pub fn extended(&self, rule: &DeadlineRule, due: Day, days: u16) -> Due {
        self.count(rule.count, due, days)
    }

    fn count(&self, count: Count, start: Day, days: u16) -> Due {
        match count {
            Count::Calendar => Due {
                day: start.plus_days(i32::from(days)),
                provisional: false,
            },
            Count::Working => {
                let (day, provisional) = self.calendar.add_working_days(start, days);
                Due { day, provisional }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_of_another_version_and_rules_twice_are_refused() {
        let new = |text: &str| DeadlineRules::new(text, Calendar::embedded());
        assert!(new(DEFAULT_RULES).is_ok());
        let newer = DEFAULT_RULES.replace("version = 1", "version = 2");
        assert!(matches!(new(&newer), Err(RulesError::Version(2))));
        let twice = DEFAULT_RULES.replace("id = \"mis-sent\"", "id = \"handle\"");
        assert!(matches!(new(&twice), Err(RulesError::Twice)));
        let (before, after) = DEFAULT_RULES
            .split_once("[[clock]]\nid = \"objection\"")
            .expect("a rule");
        let (_, after) = after.split_once("[[clock]]").expect("the next");
        let without = new(&format!("{before}[[clock]]{after}")).expect("rules");
        assert_eq!(
            without.beginning(Start::Objection).count(),
            1,
            "of the program"
        );
        let misspelt = DEFAULT_RULES.replace("parent_days", "parents_days");
        assert!(matches!(new(&misspelt), Err(RulesError::Malformed(_))));
    }
}
