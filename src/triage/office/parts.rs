//! What an office is put together from.

use crate::deadlines::DeadlineRules;
use crate::routing::Rules;
use crate::staff::Directory;
use crate::store::TriageStore;
use jiff::tz::TimeZone;
use mifeng_foundation::clock::Clock;
use mifeng_foundation::entropy::Entropy;
use mifeng_opening::Identity;
use mifeng_sealing::ParentOffice;
use std::sync::Arc;

/// What an office is made of.
pub struct Parts {
    /// Its slug.
    pub slug: String,
    /// The zone its days begin in.
    pub zone: TimeZone,
    /// Its private key; one that opens nothing where the office is [locked](super::Office::locked).
    pub identity: Identity,
    /// What it keeps.
    pub store: Arc<dyn TriageStore>,
    /// Who works there.
    pub directory: Arc<dyn Directory>,
    /// Where tips go at the start.
    pub rules: Rules,
    /// By which rules deadlines are set.
    pub deadline_rules: DeadlineRules,
    /// The office above, which gets what this one may not handle; `None` where there is none.
    pub parent: Option<ParentOffice>,
    /// What the time is.
    pub clock: Arc<dyn Clock>,
    /// What nobody can guess.
    pub entropy: Arc<dyn Entropy>,
}
