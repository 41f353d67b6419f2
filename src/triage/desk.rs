//! The desk: what the pages ask of the service. Every method checks for itself that the viewer may.

use super::cases::{
    CaseFile, CaseNumber, CaseState, Conclusion, QuarantinedEnvelope, Queue, QueueView,
};
use super::staff::{Member, MemberId};
use crate::clock::Day;
use crate::storage::StoreError;

/// Why the desk refused.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// No such case, or not this viewer's: the two cannot be told apart.
    #[error("no such case, or not yours")]
    NotYours,
    /// The role does not do this.
    #[error("the role does not allow this")]
    NotPermitted,
    /// Someone else changed the case since it was shown.
    #[error("the case was changed meanwhile")]
    Changed,
    /// A state cannot be reached from the present one, or a person cannot be given the case.
    #[error("not possible from here")]
    NotPossible,
    /// A reason or an answer is missing or too long.
    #[error("a text is missing or too long")]
    BadText,
    /// What was stored did not open or read.
    #[error("a stored case is damaged")]
    Damaged,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How pulling goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PullHealth {
    /// Seconds since the last exchange that worked; `None` before the first.
    pub last_ok_s: Option<u64>,
    /// Whether the last try failed.
    pub failing: bool,
}

/// Who could be given a case.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The member's id.
    pub id: MemberId,
    /// Shown name.
    pub name: String,
    /// Unit id.
    pub unit: Option<String>,
    /// Open cases in hand.
    pub open_cases: usize,
}

/// The desk. Fields and bodies are the engine's.
pub struct Desk {}

#[expect(
    unused_variables,
    clippy::unused_async,
    missing_docs,
    clippy::missing_errors_doc,
    reason = "contract"
)]
impl Desk {
    pub fn today(&self) -> Day {
        todo!()
    }
    pub fn pull_health(&self) -> PullHealth {
        todo!()
    }
    pub async fn queue(&self, viewer: &Member, view: QueueView) -> Result<Queue, DeskError> {
        todo!()
    }
    pub async fn case(&self, viewer: &Member, number: &CaseNumber) -> Result<CaseFile, DeskError> {
        todo!()
    }
    pub async fn candidates(
        &self,
        viewer: &Member,
        number: &CaseNumber,
    ) -> Result<Vec<Candidate>, DeskError> {
        todo!()
    }
    pub async fn assign(
        &self,
        actor: &Member,
        number: &CaseNumber,
        version: i64,
        handler: MemberId,
        reason: &str,
    ) -> Result<(), DeskError> {
        todo!()
    }
    pub async fn change_state(
        &self,
        actor: &Member,
        number: &CaseNumber,
        version: i64,
        to: CaseState,
        reason: &str,
    ) -> Result<(), DeskError> {
        todo!()
    }
    pub async fn write_to_reporter(
        &self,
        actor: &Member,
        number: &CaseNumber,
        text: &str,
    ) -> Result<(), DeskError> {
        todo!()
    }
    pub async fn conclude(
        &self,
        actor: &Member,
        number: &CaseNumber,
        version: i64,
        conclusion: Conclusion,
    ) -> Result<(), DeskError> {
        todo!()
    }
    pub async fn quarantine(&self, viewer: &Member) -> Result<Vec<QuarantinedEnvelope>, DeskError> {
        todo!()
    }
}
