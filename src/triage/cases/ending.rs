//! What a page shows of a case's end.

use super::Signing;
use crate::model::{Deletion, Hold};
use mifeng_foundation::clock::Day;

/// What a page shows of a case's end.
#[derive(Clone, Debug, Default)]
pub struct EndView {
    /// The last day on which it is kept; `None` while it is not off the ledger.
    pub kept_until: Option<Day>,
    /// The first day on which it may be destroyed early; `None` while it is not off the ledger.
    pub earliest: Option<Day>,
    /// Where that rule stands, in Chinese and English.
    pub source: (String, String),
    /// Whether somebody compared the rule with the source's own text.
    pub checked: bool,
    /// What was asked for and waits.
    pub deletion: Option<Deletion>,
    /// What the viewer has to do with it.
    pub signing: Signing,
    /// What holds it.
    pub hold: Option<Hold>,
    /// Whether the viewer may ask for it to be destroyed early.
    pub can_ask: bool,
    /// Whether the viewer may hold it, or let it go.
    pub can_hold: bool,
}
