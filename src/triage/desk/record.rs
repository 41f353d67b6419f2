//! What is done at the desk is put on record: every sight and change before it happens, every refusal with its cause.

use super::{Desk, DeskError};
use crate::triage::cases::{CaseNumber, Entry};
use crate::triage::staff::Member;
use crate::triage::trail::{Act, Kind};
use std::future::Future;

impl Desk {
    /// The case with this number, if `viewer` may have it; a refusal goes on record with its cause, which `viewer` is
    /// not told.
    pub(super) async fn entry(
        &self,
        viewer: &Member,
        number: &CaseNumber,
    ) -> Result<Entry, DeskError> {
        if !viewer.role.reads_tips() {
            let act = Act::new(Kind::RefusedRole).detailed("case");
            self.trail().record(Some(viewer.id), act).await?;
            return Err(DeskError::NotPermitted);
        }
        let found = self.office.board(|board| board.by_number(number).cloned());
        let refusal = match found {
            Some(entry) if self.sees(viewer, &entry) => return Ok(entry),
            Some(entry) if self.recused(viewer, &entry) => {
                Act::new(Kind::RefusedRecused).on(entry.row.id)
            }
            Some(entry) => Act::new(Kind::RefusedNotMember).on(entry.row.id),
            None => Act::new(Kind::RefusedUnknown),
        };
        self.trail().record(Some(viewer.id), refusal).await?;
        Err(DeskError::NotYours)
    }

    /// The same for a case that is only looked at: the sight is on record before anything is shown.
    pub(super) async fn entry_seen(
        &self,
        viewer: &Member,
        number: &CaseNumber,
        act: Act,
    ) -> Result<Entry, DeskError> {
        let entry = self.entry(viewer, number).await?;
        let act = act.on(entry.row.id);
        self.trail().record(Some(viewer.id), act).await?;
        Ok(entry)
    }

    /// Does `deed` after putting it on record as `act`; if it is not completed, that goes on record too.
    pub(super) async fn on_record<T>(
        &self,
        actor: &Member,
        act: Act,
        deed: impl Future<Output = Result<T, DeskError>>,
    ) -> Result<T, DeskError> {
        let trail = self.trail();
        trail.record(Some(actor.id), act).await?;
        let done = deed.await;
        if done.is_err() {
            trail.record(Some(actor.id), act.failed()).await?;
        }
        done
    }
}
