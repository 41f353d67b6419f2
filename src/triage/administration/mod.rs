//! What administrators and officers do of the office itself: accounts and their keys, signatures for what takes two, routing rules.

mod account_error;
mod account_requests;
pub mod accounts;
mod mail_keys;
mod rules;
mod signing_requests;

pub use account_error::AccountError;
pub use account_requests::RequestView;
pub use accounts::{Accounts, Outcome};
pub use mail_keys::{mail_recipients, seal_mail};
pub use rules::{
    FIRST_VERSION, RulesRefused, RulesVersion, TRIED_TIPS, TriedTip, rules_in_force,
    rules_versions, try_rules, write_rules,
};
