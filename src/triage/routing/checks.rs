//! What must hold of routing rules before they are used.

use super::rules::{File, School};
use mifeng_similarity::SchoolsError;

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
    /// An area no `[[school]]` lies in: its id may be misspelt.
    #[error("the [[area]] \"{0}\" has no [[school]] in it")]
    EmptyArea(String),
    /// An id or a name that two have.
    #[error("\"{0}\" stands for two things")]
    Twice(String),
    /// A school list that tips cannot be compared by.
    #[error(transparent)]
    Schools(#[from] SchoolsError),
}

type ValueOf = fn(&School) -> &String;

/// Each name is given once, and to an area with a school: a misspelt id is an error, not a code on the page.
pub(super) fn check_areas(file: &File) -> Result<(), RulesError> {
    for (at, area) in file.area.iter().enumerate() {
        if file.area[..at].iter().any(|other| other.id == area.id) {
            return Err(RulesError::Twice(area.id.clone()));
        }
        if !file.school.iter().any(|school| school.area == area.id) {
            return Err(RulesError::EmptyArea(area.id.clone()));
        }
    }
    Ok(())
}

pub(super) fn check_units(file: &File) -> Result<(), RulesError> {
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

pub(super) fn check_schools(file: &File) -> Result<(), RulesError> {
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
