//! What somebody is called, and which offices she holds or held.

use mifeng_foundation::clock::Day;
use serde::{Deserialize, Serialize};

/// Days after the end of an office in which its title still means whoever held it: tips tell of what was, and people go on
/// saying it.
const SAID_ON_DAYS: i32 = 366;

/// A title, and the days on which somebody holds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// The title: 局长, 督导室主任.
    pub title: String,
    /// The first day; `None` if it is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    /// The last day; `None` while she holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
}

impl Held {
    /// A title that somebody holds now and always did.
    #[must_use]
    pub fn always(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            from: None,
            to: None,
        }
    }

    /// Whether a tip that came on `day` and has the title may mean its holder.
    #[must_use]
    pub fn is_meant_on(&self, day: Day) -> bool {
        let begun = self.from.is_none_or(|from| from <= day);
        begun && self.to.is_none_or(|to| day.days_since(to) <= SAID_ON_DAYS)
    }

    /// Whether a tip that came on `day` and speaks of an earlier holder (前局长) may mean this one.
    #[must_use]
    pub fn is_earlier_on(&self, day: Day) -> bool {
        self.to.is_some_and(|to| to < day)
    }
}

/// Somebody who may be meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Every name: her own, earlier ones, those of her kin.
    pub names: Vec<String>,
    /// Names that mean her only where they stand as they are: those of her unit's head.
    pub exact_names: Vec<String>,
    /// Her offices.
    pub titles: Vec<Held>,
    /// Words beside which a name that only sounds or looks like hers may be hers: her unit, her schools.
    pub agreeing: Vec<String>,
}
