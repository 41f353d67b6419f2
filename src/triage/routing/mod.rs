//! Routing: from a tip to a unit by rules a person wrote, each step with its reason.

mod choose;
mod rules;

pub use choose::{Haystack, Load, Routed, choose_handler, is_recused};
pub use rules::{Rules, RulesError, School, Unit, UnitChoice};
