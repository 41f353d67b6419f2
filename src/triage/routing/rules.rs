//! The rules' file: units, schools, rules, read strictly.

use crate::tip::Category;
use crate::triage::similarity::{SchoolEntry, Schools, SchoolsError, fold};
use serde::Deserialize;
use std::collections::HashMap;

/// Rules that cannot be used. Names the place.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// Not well formed, or an unknown key.
    #[error("the routing rules are not well formed: {0}")]
    Malformed(#[from] toml::de::Error),
    /// A unit no `[[unit]]` has.
    #[error("{place} names the unit \"{unit}\", which no [[unit]] has")]
    UnknownUnit {
        /// Where.
        place: String,
        /// What.
        unit: String,
    },
    /// A school, stage or area no `[[school]]` has.
    #[error("{place} names \"{value}\", which no [[school]] has")]
    UnknownSchool {
        /// Where.
        place: String,
        /// What.
        value: String,
    },
    /// An id or a name that two have.
    #[error("\"{0}\" stands for two things")]
    Twice(String),
    /// A school list that tips cannot be compared by.
    #[error(transparent)]
    Schools(#[from] SchoolsError),
}

/// A section of the office that can be given work.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Used by the rules.
    pub id: String,
    /// Shown in Chinese.
    pub name_zh: String,
    /// Shown in English.
    pub name_en: String,
}

/// A school of the directory.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct School {
    /// Used by rules and recusals.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Short forms.
    #[serde(default)]
    pub alias: Vec<String>,
    /// Kindergarten to vocational.
    pub stage: String,
    /// Part of the county.
    pub area: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    id: String,
    category: Option<Vec<Category>>,
    stage: Option<Vec<String>>,
    area: Option<Vec<String>>,
    school: Option<Vec<String>>,
    unit: String,
    reason_zh: String,
    reason_en: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: String,
    leading_group_unit: String,
    unit: Vec<Unit>,
    #[serde(default)]
    school: Vec<School>,
    #[serde(default)]
    rule: Vec<Rule>,
}

/// Checked rules.
#[derive(Clone, Debug)]
pub struct Rules {
    file: File,
    /// Folded names and aliases, the longest first.
    names: Vec<(String, usize)>,
    schools: Schools,
}

/// The unit a tip goes to, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitChoice {
    /// The unit.
    pub unit: String,
    /// The rule; `None` if none matched.
    pub rule: Option<String>,
    /// Why, in Chinese and English.
    pub reason: (String, String),
}

impl Rules {
    /// Reads and checks a file's text.
    ///
    /// # Errors
    /// [`RulesError`], with the place.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let file: File = toml::from_str(text)?;
        check_units(&file)?;
        check_schools(&file)?;
        let mut owner: HashMap<String, usize> = HashMap::new();
        for (index, school) in file.school.iter().enumerate() {
            for name in school.alias.iter().chain([&school.name]) {
                let other = owner.insert(fold(name).to_string(), index);
                if other.is_some_and(|other| other != index) {
                    return Err(RulesError::Twice(name.clone()));
                }
            }
        }
        let mut names: Vec<_> = owner.into_iter().collect();
        names.sort_by(|a, b| (b.0.chars().count(), &b.0).cmp(&(a.0.chars().count(), &a.0)));
        let schools = file.school.iter().map(|school| SchoolEntry {
            id: school.id.clone(),
            full: school.name.clone(),
            alias: school.alias.clone(),
            staff: vec![],
            place: None,
        });
        let schools = Schools::new(schools.collect())?;
        Ok(Self {
            file,
            names,
            schools,
        })
    }

    /// The version, a date, for the case's reasons.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.file.version
    }

    /// The unit with this id.
    #[must_use]
    pub fn unit(&self, id: &str) -> Option<&Unit> {
        self.file.unit.iter().find(|unit| unit.id == id)
    }

    /// Every unit.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.file.unit
    }

    /// Every school.
    #[must_use]
    pub fn schools(&self) -> &[School] {
        &self.file.school
    }

    /// The schools as tips are compared by them.
    #[must_use]
    pub fn compared_schools(&self) -> &Schools {
        &self.schools
    }

    /// The school that what was typed means: the longest name or alias that occurs in it.
    #[must_use]
    pub fn school(&self, typed: &str) -> Option<&School> {
        let typed = fold(typed);
        let (_, index) = self
            .names
            .iter()
            .find(|(name, _)| !name.is_empty() && typed.contains(name.as_str()))?;
        self.file.school.get(*index)
    }

    /// The school with this id.
    #[must_use]
    pub fn school_by_id(&self, id: &str) -> Option<&School> {
        self.file.school.iter().find(|school| school.id == id)
    }

    /// The first rule that matches.
    #[must_use]
    pub fn choose(&self, category: Category, school: Option<&School>) -> UnitChoice {
        let rule = self.file.rule.iter().find(|rule| {
            let has = |list: &Option<Vec<String>>, value: fn(&School) -> &String| {
                list.as_ref()
                    .is_none_or(|list| school.is_some_and(|school| list.contains(value(school))))
            };
            rule.category
                .as_ref()
                .is_none_or(|list| list.contains(&category))
                && has(&rule.stage, |school| &school.stage)
                && has(&rule.area, |school| &school.area)
                && has(&rule.school, |school| &school.id)
        });
        match rule {
            Some(rule) => UnitChoice {
                unit: rule.unit.clone(),
                rule: Some(rule.id.clone()),
                reason: (rule.reason_zh.clone(), rule.reason_en.clone()),
            },
            None => UnitChoice {
                unit: self.file.leading_group_unit.clone(),
                rule: None,
                reason: (
                    "没有规则相符，先交领导组所在科室阅看。".to_owned(),
                    "No rule matches, so it is read first in the leading group's unit.".to_owned(),
                ),
            },
        }
    }
}

type ValueOf = fn(&School) -> &String;

fn check_units(file: &File) -> Result<(), RulesError> {
    let rules = file
        .rule
        .iter()
        .map(|rule| (format!("the rule \"{}\"", rule.id), &rule.unit));
    let leading = ("leading_group_unit".to_owned(), &file.leading_group_unit);
    for (place, unit) in rules.chain([leading]) {
        if !file.unit.iter().any(|known| known.id == *unit) {
            let unit = unit.clone();
            return Err(RulesError::UnknownUnit { place, unit });
        }
    }
    Ok(())
}

fn check_schools(file: &File) -> Result<(), RulesError> {
    for rule in &file.rule {
        let lists: [(_, ValueOf); 3] = [
            (&rule.school, |school| &school.id),
            (&rule.stage, |school| &school.stage),
            (&rule.area, |school| &school.area),
        ];
        for (list, value_of) in lists {
            let unknown = list
                .iter()
                .flatten()
                .find(|value| !file.school.iter().any(|school| value_of(school) == *value));
            if let Some(value) = unknown {
                return Err(RulesError::UnknownSchool {
                    place: format!("the rule \"{}\"", rule.id),
                    value: value.clone(),
                });
            }
        }
    }
    Ok(())
}
