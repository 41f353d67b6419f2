//! The rules' file: units, schools, rules, read strictly.

use super::checks::{RulesError, check_areas, check_schools, check_units};
use super::rule_set::{Rule, RuleSet};
use mifeng_names::{Held, fold};
use mifeng_sealing::tip::Category;
use mifeng_similarity::{SchoolEntry, Schools};
use serde::Deserialize;
use std::collections::HashMap;

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
    /// Who heads it: nobody of the unit has to do with a tip about him.
    pub head: Option<Person>,
}

/// Somebody in office, by every name that people call him.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Full name.
    pub name: String,
    /// What else he is called, with his title for instance.
    #[serde(default)]
    pub alias: Vec<String>,
    /// Offices that he holds or held, with the days.
    #[serde(default)]
    pub title: Vec<Held>,
}

impl Person {
    /// Every name of his.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let alias = self.alias.iter().map(String::as_str);
        std::iter::once(self.name.as_str()).chain(alias)
    }
}

/// A part of the county.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Area {
    /// Used by schools and rules.
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
    /// Id of a part of the county; its name, where the office gives it none.
    pub area: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) version: String,
    pub(super) leading_group_unit: String,
    pub(super) unit: Vec<Unit>,
    #[serde(default)]
    pub(super) leader: Vec<Person>,
    #[serde(default)]
    pub(super) area: Vec<Area>,
    #[serde(default)]
    pub(super) school: Vec<School>,
    #[serde(default)]
    pub(super) rule: Vec<Rule>,
}

/// Checked rules.
#[derive(Clone, Debug)]
pub struct Rules {
    file: File,
    set: RuleSet,
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
        check_areas(&file)?;
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
        let set = RuleSet {
            leading_group_unit: file.leading_group_unit.clone(),
            rule: file.rule.clone(),
        };
        Ok(Self {
            file,
            set,
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

    /// Who leads the office: a tip about one of them is for the office above.
    #[must_use]
    pub fn leaders(&self) -> &[Person] {
        &self.file.leader
    }

    /// What else somebody of this name is called, as far as the directory knows.
    pub fn called<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.of_name(name).flat_map(Person::names)
    }

    /// Offices of somebody of this name, as far as the directory knows.
    pub fn titles_of<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Held> + use<'a> {
        self.of_name(name).flat_map(|person| &person.title)
    }

    fn of_name<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a Person> + use<'a> {
        let heads = self.file.unit.iter().filter_map(|unit| unit.head.as_ref());
        let known = heads.chain(&self.file.leader);
        let name = fold(name);
        known.filter(move |person| *fold(&person.name) == *name)
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

    /// The area with this id, where the office gives it a name.
    #[must_use]
    pub fn area(&self, id: &str) -> Option<&Area> {
        self.file.area.iter().find(|area| area.id == id)
    }

    /// The rules, as they are edited.
    #[must_use]
    pub fn set(&self) -> &RuleSet {
        &self.set
    }

    /// The same directory with other rules; `None` if they name what is not in it. What the pages find
    /// [wrong](RuleSet::faults) beside that does not matter here: it was looked at when they were written.
    #[must_use]
    pub fn with(&self, set: RuleSet, version: String) -> Option<Self> {
        let file = File {
            version,
            leading_group_unit: set.leading_group_unit.clone(),
            rule: set.rule.clone(),
            ..self.file.clone()
        };
        let sound = check_units(&file).is_ok() && check_schools(&file).is_ok();
        sound.then(|| Self {
            file,
            set,
            ..self.clone()
        })
    }

    /// The first rule that matches.
    #[must_use]
    pub fn choose(&self, category: Category, school: Option<&School>) -> UnitChoice {
        let mut rules = self.set.rule.iter();
        match rules.find(|rule| rule.unmet(category, school).is_none()) {
            Some(rule) => UnitChoice {
                unit: rule.unit.clone(),
                rule: Some(rule.id.clone()),
                reason: (rule.reason_zh.clone(), rule.reason_en.clone()),
            },
            None => UnitChoice {
                unit: self.set.leading_group_unit.clone(),
                rule: None,
                reason: (
                    "没有规则相符，先交领导组所在科室阅看。".to_owned(),
                    "No rule matches, so it is read first in the leading group's unit.".to_owned(),
                ),
            },
        }
    }
}
