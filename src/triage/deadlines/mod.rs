//! Clocks: rules as data, and the working days of a year as published.

mod calendar;

pub use calendar::{Calendar, CalendarError};

use crate::clock::Day;
use crate::tip::Category;
use crate::triage::cases::CaseState;
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

/// When a clock begins to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Start {
    /// It runs from the day of receipt.
    Receipt,
    /// It is written down with the decision that meets it, counted from receipt.
    Decision,
}

/// One rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockRule {
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
    /// Whether the reporter is told its due day.
    #[serde(default)]
    pub tell: bool,
    /// Where it stands, in Chinese.
    pub source_zh: String,
    /// Where it stands, in English.
    pub source_en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    clock: Vec<ClockRule>,
}

/// Every rule, with the calendar they count by.
#[derive(Clone, Debug)]
pub struct Deadlines {
    rules: Vec<ClockRule>,
    calendar: Calendar,
}

/// When a clock ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Last day.
    pub day: Day,
    /// Whether it may move because a calendar is not out.
    pub provisional: bool,
}

impl Deadlines {
    /// The rules and calendars that come with the program.
    #[must_use]
    pub fn embedded() -> Self {
        Self {
            rules: parse(DEFAULT_RULES).expect("the sample is parsed in tests"),
            calendar: Calendar::embedded(),
        }
    }

    /// Rules from a file's text, with `calendar`.
    ///
    /// # Errors
    /// Where it is not well formed.
    pub fn new(text: &str, calendar: Calendar) -> Result<Self, toml::de::Error> {
        Ok(Self {
            rules: parse(text)?,
            calendar,
        })
    }

    /// The rule with this id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&ClockRule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// Rules for a tip of `category` that begin at `start`.
    pub fn starting(&self, category: Category, start: Start) -> impl Iterator<Item = &ClockRule> {
        self.rules.iter().filter(move |rule| {
            rule.start == start
                && rule
                    .category
                    .as_ref()
                    .is_none_or(|list| list.contains(&category))
        })
    }

    /// When `rule` ends that began on `start`.
    #[must_use]
    pub fn due(&self, rule: &ClockRule, start: Day) -> Due {
        match rule.count {
            Count::Calendar => Due {
                day: start.plus_days(i32::from(rule.length_days)),
                provisional: false,
            },
            Count::Working => {
                let (day, provisional) = self.calendar.add_working_days(start, rule.length_days);
                Due { day, provisional }
            }
        }
    }
}

fn parse(text: &str) -> Result<Vec<ClockRule>, toml::de::Error> {
    toml::from_str::<File>(text).map(|file| file.clock)
}
