//! What is edited in the browser: the rules themselves, apart from the directory of units and schools that they name.

use super::{Rules, School};
use mifeng_sealing::tip::Category;
use serde::{Deserialize, Serialize};

/// Most rules of an office: more are no help to whoever has to keep them in his head.
pub const RULES_MAX: usize = 100;
/// Longest id of a rule, and longest reason, in characters.
const ID_MAX_CHARS: usize = 40;
const REASON_MAX_CHARS: usize = 300;

/// One rule. An absent list matches every tip.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Named on the pages.
    pub id: String,
    /// Categories.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Vec<Category>>,
    /// Stages of school.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<Vec<String>>,
    /// Areas of the county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Vec<String>>,
    /// Ids of schools.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school: Option<Vec<String>>,
    /// The unit that gets the tip.
    pub unit: String,
    /// Why, in Chinese.
    pub reason_zh: String,
    /// Why, in English.
    pub reason_en: String,
}

/// The rules in their order, and the unit for what none matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    /// Id of the unit.
    pub leading_group_unit: String,
    /// The first that matches wins.
    pub rule: Vec<Rule>,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// What the tip is about.
    Category,
    /// The school's stage.
    Stage,
    /// The school's area.
    Area,
    /// The school.
    School,
}

impl Condition {
    /// In the order in which they are looked at.
    pub const ALL: [Self; 4] = [Self::Category, Self::Stage, Self::Area, Self::School];

    /// The field of the form, and the end of the key of its words.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Stage => "stage",
            Self::Area => "area",
            Self::School => "school",
        }
    }
}

/// What is wrong with a set of rules: where, and the key of the words that say how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which rule, from 0; `None` for what is of none.
    pub rule: Option<usize>,
    /// Its field.
    pub field: &'static str,
    /// Key of words.
    pub key: &'static str,
}

/// How the rules led to where a tip goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The rule that matched, from 0, with the conditions that it has; `None` where none did.
    pub matched: Option<(usize, Vec<Condition>)>,
    /// Rules before it, each with the first condition that the tip does not meet.
    pub passed_over: Vec<(String, Condition)>,
}

impl Rule {
    fn values(&self, condition: Condition) -> Option<Vec<&str>> {
        let words = match condition {
            Condition::Category => {
                let list = self.category.as_ref()?;
                return Some(list.iter().map(|one| one.code()).collect());
            }
            Condition::Stage => &self.stage,
            Condition::Area => &self.area,
            Condition::School => &self.school,
        };
        let words = words.as_ref()?;
        Some(words.iter().map(String::as_str).collect())
    }

    /// The values of a condition, as stored; empty where it has none.
    #[must_use]
    pub fn listed(&self, condition: Condition) -> Vec<&str> {
        self.values(condition).unwrap_or_default()
    }

    /// The conditions that it has.
    pub fn conditions(&self) -> impl Iterator<Item = Condition> {
        let all = Condition::ALL.into_iter();
        all.filter(|condition| self.values(*condition).is_some())
    }

    /// The first condition that a tip does not meet; `None` where it matches.
    #[must_use]
    pub fn unmet(&self, category: Category, school: Option<&School>) -> Option<Condition> {
        Condition::ALL.into_iter().find(|condition| {
            let Some(list) = self.values(*condition) else {
                return false;
            };
            let value = match condition {
                Condition::Category => Some(category.code()),
                Condition::Stage => school.map(|school| school.stage.as_str()),
                Condition::Area => school.map(|school| school.area.as_str()),
                Condition::School => school.map(|school| school.id.as_str()),
            };
            value.is_none_or(|value| !list.contains(&value))
        })
    }

    /// Whether it matches whatever `other` matches, so that `other` behind it is never reached.
    fn covers(&self, other: &Self) -> bool {
        Condition::ALL.into_iter().all(|condition| {
            match (self.values(condition), other.values(condition)) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(mine), Some(others)) => others.iter().all(|one| mine.contains(one)),
            }
        })
    }
}

impl RuleSet {
    /// Everything that is wrong with it, held against a directory.
    #[must_use]
    pub fn faults(&self, directory: &Rules) -> Vec<Fault> {
        let mut faults = Vec::new();
        if directory.unit(&self.leading_group_unit).is_none() {
            faults.push(Fault {
                rule: None,
                field: "leading",
                key: "error-unit",
            });
        }
        if self.rule.len() > RULES_MAX {
            faults.push(Fault {
                rule: None,
                field: "rules",
                key: "error-rules-many",
            });
        }
        for (index, rule) in self.rule.iter().enumerate() {
            let wrong = self.faults_of(index, rule, directory);
            faults.extend(wrong.into_iter().map(|(field, key)| Fault {
                rule: Some(index),
                field,
                key,
            }));
        }
        faults
    }

    fn faults_of(
        &self,
        index: usize,
        rule: &Rule,
        directory: &Rules,
    ) -> Vec<(&'static str, &'static str)> {
        let before = &self.rule[..index];
        let mut wrong = Vec::new();
        let id_is_sound = !rule.id.is_empty()
            && rule.id.len() <= ID_MAX_CHARS
            && rule
                .id
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !id_is_sound {
            wrong.push(("id", "error-rule-id"));
        } else if before.iter().any(|other| other.id == rule.id) {
            wrong.push(("id", "error-rule-twice"));
        } else if before.iter().any(|other| other.covers(rule)) {
            wrong.push(("id", "error-rule-hidden"));
        }
        if directory.unit(&rule.unit).is_none() {
            wrong.push(("unit", "error-unit"));
        }
        for condition in Condition::ALL {
            let known = |value: &str| match condition {
                Condition::Category => true,
                Condition::Stage => directory.schools().iter().any(|one| one.stage == value),
                Condition::Area => directory.schools().iter().any(|one| one.area == value),
                Condition::School => directory.school_by_id(value).is_some(),
            };
            if !rule.listed(condition).into_iter().all(known) {
                wrong.push((condition.code(), "error-rule-unknown"));
            }
        }
        for (field, reason) in [("zh", &rule.reason_zh), ("en", &rule.reason_en)] {
            let chars = reason.trim().chars().count();
            if chars == 0 || chars > REASON_MAX_CHARS {
                wrong.push((field, "error-rule-reason"));
            }
        }
        wrong
    }

    /// How a tip comes to where it goes.
    #[must_use]
    pub fn explain(&self, category: Category, school: Option<&School>) -> Explained {
        let mut passed_over = Vec::new();
        for (index, rule) in self.rule.iter().enumerate() {
            match rule.unmet(category, school) {
                Some(condition) => passed_over.push((rule.id.clone(), condition)),
                None => {
                    return Explained {
                        matched: Some((index, rule.conditions().collect())),
                        passed_over,
                    };
                }
            }
        }
        Explained {
            matched: None,
            passed_over,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = include_str!("../../../deploy/routing.toml");

    fn faults(
        change: impl FnOnce(&mut RuleSet),
    ) -> Vec<(Option<usize>, &'static str, &'static str)> {
        let directory = Rules::parse(RULES).expect("the sample");
        let mut set = directory.set().clone();
        change(&mut set);
        let found = set.faults(&directory).into_iter();
        found.map(|one| (one.rule, one.field, one.key)).collect()
    }

    #[test]
    fn the_sample_is_sound_and_each_slip_has_its_place() {
        assert_eq!(faults(|_| {}), []);
        let id = faults(|set| "Gifts!".clone_into(&mut set.rule[2].id));
        assert_eq!(id, [(Some(2), "id", "error-rule-id")]);
        let twice = faults(|set| set.rule[3].id = set.rule[2].id.clone());
        assert_eq!(twice, [(Some(3), "id", "error-rule-twice")]);
        let unit = faults(|set| set.rule[1].unit.clear());
        assert_eq!(unit, [(Some(1), "unit", "error-unit")]);
        let leading = faults(|set| set.leading_group_unit.clear());
        assert_eq!(leading, [(None, "leading", "error-unit")]);
        let school = faults(|set| set.rule[3].school = Some(vec!["none".to_owned()]));
        assert_eq!(school, [(Some(3), "school", "error-rule-unknown")]);
        let reason = faults(|set| set.rule[0].reason_en.clear());
        assert_eq!(reason, [(Some(0), "en", "error-rule-reason")]);
    }

    #[test]
    fn a_rule_behind_one_that_matches_all_of_it_is_told() {
        let hidden = faults(|set| set.rule[0].category = None);
        let behind: Vec<_> = hidden.iter().map(|(rule, ..)| *rule).collect();
        let all: Vec<_> = (1..=behind.len()).map(Some).collect();
        assert_eq!(behind, all, "all behind it");
        assert!(hidden.iter().all(|one| one.2 == "error-rule-hidden"));
        // A part of what one before it has, under a narrower condition.
        let hidden = faults(|set| {
            let mut narrow = set.rule[2].clone();
            "narrow".clone_into(&mut narrow.id);
            narrow.stage = Some(vec!["junior".to_owned()]);
            set.rule.insert(3, narrow);
        });
        assert_eq!(hidden, [(Some(3), "id", "error-rule-hidden")]);
    }
}
