//! How long a finished case is kept: rules as data, by how the case ended.

mod config;
mod ending;

pub use config::{RetentionConfig, RetentionError};

use crate::cases::Group;
pub use ending::Ending;
use mifeng_foundation::clock::Day;
use serde::Deserialize;

const DEFAULT_RULES: &str = include_str!("../../../deploy/retention.toml");

/// The version of the rules' file that this program reads.
const VERSION: u32 = 1;

/// Longest time that a rule can say, in its unit.
const LENGTH_MAX: u16 = 1_200;

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
    /// What the audit log calls it.
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

/// What must be over before a case is destroyed, whatever its rule says and whoever signs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Windows {
    /// Days after the decision in which its reporter may object.
    pub objection_days: u16,
    /// Days after the decision on which its reporter is asked how it is.
    pub aftercare_days: Vec<u16>,
    /// Days since its reporter wrote last.
    pub quiet_days: u16,
}

/// What the reporter's page promises: no office's rules say less.
const OBJECTION_DAYS_LEAST: u16 = 30;
const AFTERCARE_DAYS_LEAST: u16 = 90;
/// Longest of these, in days.
const WINDOW_MAX_DAYS: u16 = 3_660;

impl Windows {
    fn is_sound(&self) -> bool {
        let last = self.aftercare_days.iter().max().copied();
        (OBJECTION_DAYS_LEAST..=WINDOW_MAX_DAYS).contains(&self.objection_days)
            && last.is_some_and(|last| (AFTERCARE_DAYS_LEAST..=WINDOW_MAX_DAYS).contains(&last))
            && (1..=WINDOW_MAX_DAYS).contains(&self.quiet_days)
    }

    /// The first day on which a tip may be destroyed that was decided on one day, and whose reporter wrote last on another.
    #[must_use]
    pub fn over_on(&self, decided: Day, wrote: Option<Day>) -> Day {
        let asked = self.aftercare_days.iter().copied();
        let longest = asked.fold(self.objection_days, u16::max);
        let decided = decided.plus_days(i32::from(longest) + 1);
        let quiet = wrote.map(|day| day.plus_days(i32::from(self.quiet_days)));
        quiet.map_or(decided, |quiet| quiet.max(decided))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    windows: Option<Windows>,
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
    /// A name that the audit log cannot hold.
    #[error("a rule of retention has a name of other letters than a-z, 0-9 and -")]
    Name,
    /// A length of none, or of more than anybody means.
    #[error("a rule of retention is shorter than one or longer than {LENGTH_MAX} of its unit")]
    Length,
    /// Days that are fewer than what the reporter's page promises, or more than anybody means.
    #[error(
        "the windows of retention are shorter than the reporter's page promises, or longer than {WINDOW_MAX_DAYS} days"
    )]
    Windows,
    /// An ending without a rule, or with two.
    #[error("the ending {0:?} has no rule of retention, or more than one")]
    Ending(Ending),
}

/// Every rule.
#[derive(Clone, Debug)]
pub struct Retention {
    rules: Vec<RetentionRule>,
    windows: Windows,
    /// The file's text, to be compared with that of the next start.
    text: String,
    /// The rules before these, and the day on which these took their place.
    before: Option<(Box<Retention>, Day)>,
}

/// Days after the first for which what only shorter rules let go is kept all the same: thirty in all, in which it stands on the
/// list.
const SHORTENED_DAYS: i32 = 29;

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
        let windows = match file.windows {
            Some(windows) => windows,
            None => toml::from_str::<File>(DEFAULT_RULES)?
                .windows
                .ok_or(RulesError::Windows)?,
        };
        if !windows.is_sound() {
            return Err(RulesError::Windows);
        }
        Ok(Self {
            rules: file.retention,
            windows,
            text: text.to_owned(),
            before: None,
        })
    }

    /// The file's text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The same where other rules were in force until `since`: what these let go earlier than those did is kept for thirty days
    /// from then on, and not longer than those said.
    #[must_use]
    pub fn in_place_of(mut self, before: Self, since: Day) -> Self {
        self.before = Some((Box::new(before), since));
        self
    }

    /// The day until which nothing goes that only these rules let go, and whether they let go a group earlier than those before.
    #[must_use]
    pub fn shortened(&self, group: &Group<'_>) -> Option<Day> {
        let (before, since) = self.before.as_ref()?;
        let (now, _) = self.by_rules(group)?;
        let (then, _) = before.by_rules(group)?;
        (now < then).then(|| since.plus_days(SHORTENED_DAYS))
    }

    /// The first day on which a group may be destroyed, by its rule or early: every tip's windows are over. `None` while
    /// something in it is not finished and off the ledger.
    #[must_use]
    pub fn earliest(&self, group: &Group<'_>) -> Option<Day> {
        let mut earliest = None;
        for entry in group.cases() {
            Ending::of(entry)?;
            // What was decided before these days were written down was changed last on the later of them, or after.
            let (changed, summary) = (entry.row.changed_day, &entry.summary);
            let over = match summary.decided_day {
                Some(decided) => self.windows.over_on(decided, summary.wrote_day),
                None => self.windows.over_on(changed, Some(changed)),
            };
            earliest = earliest.max(Some(over));
        }
        earliest
    }

    /// The rule with this name.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&RetentionRule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// Until when a group is kept, its last day included, and by which rule: the one that keeps the longest. `None` while
    /// something in it is not finished and off the ledger.
    #[must_use]
    pub fn of(&self, group: &Group<'_>) -> Option<(Day, &RetentionRule)> {
        let (mut day, rule) = self.by_rules(group)?;
        if let (Some(until), Some((before, _))) = (self.shortened(group), &self.before) {
            let (then, _) = before.by_rules(group)?;
            day = day.max(then.min(until));
        }
        Some((day, rule))
    }

    /// The same by these rules alone, whatever was before them.
    fn by_rules(&self, group: &Group<'_>) -> Option<(Day, &RetentionRule)> {
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
mod tests;
