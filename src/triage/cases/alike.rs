//! Cases that are perhaps about the same.

use crate::model::{CaseNumber, CaseState};
use mifeng_similarity::{Compared, Said, Tier};

/// A case that is like another. Proposed to a person, never acted upon.
#[derive(Clone, Debug)]
pub struct AlikeCase {
    /// The number of its tip that is like one of this case's.
    pub number: CaseNumber,
    /// The number of this case's tip.
    pub own: CaseNumber,
    /// The case in which that tip is handled, if it is another's.
    pub within: Option<CaseNumber>,
    /// How many tips are handled together there.
    pub tips: usize,
    /// Where it stands.
    pub state: CaseState,
    /// Its title.
    pub title: String,
    /// How alike.
    pub compared: Compared,
    /// Days from this case to that one.
    pub days_apart: i32,
    /// What speaks for and against.
    pub said: Vec<Said>,
}

impl AlikeCase {
    /// The number of the case in which it is handled.
    #[must_use]
    pub fn case(&self) -> &CaseNumber {
        self.within.as_ref().unwrap_or(&self.number)
    }

    /// Whether it is proposed for joining; others are only listed.
    #[must_use]
    pub fn is_proposed(&self) -> bool {
        self.compared.tier >= Tier::Maybe
    }

    /// Whether it is being handled: a new tip is proposed there first.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.tips > 1 || !(self.state == CaseState::Received || self.state.is_finished())
    }
}
