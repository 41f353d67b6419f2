//! Routing: from a tip to a unit by rules a person wrote, each step with its reason.

mod checks;
mod choose;
mod name_search_text;
mod recusal;
mod rule_set;
mod rules;

pub use checks::RulesError;
pub use choose::{Load, Matter, Routed, Standing, choose_handler, works};
pub use name_search_text::NameSearchText;
pub use recusal::{Recusal, is_about};
pub use rule_set::{Condition, Explained, Fault, RULES_MAX, Rule, RuleSet};
pub use rules::{Area, Person, Rules, School, Unit, UnitChoice};
