//! What is done at the desk is put on record: every sight and change before it happens, every refusal with its cause.

use super::Desk;
use crate::audit::{Act, Kind};
use crate::cases::Entry;
use crate::model::{CaseNumber, Member};
use crate::office::{CaseLock, OfficeError};
use std::future::Future;

impl Desk {
    /// The case that has this number or leads the one that has it, with all that are handled with it, if `viewer` may
    /// have it; it comes first. A refusal goes on record with its cause, which `viewer` is not told.
    pub(super) async fn entries(
        &self,
        viewer: &Member,
        number: &CaseNumber,
    ) -> Result<Vec<Entry>, OfficeError> {
        if self.is_locked() {
            return Err(OfficeError::Locked);
        }
        if !viewer.role.reads_tips() {
            let act = Act::new(Kind::RefusedRole).detailed("case");
            self.audit_log().record(Some(viewer.id), act).await?;
            return Err(OfficeError::NotPermitted);
        }
        let found = self.office.visible_to(viewer, |seen| {
            seen.by_number(number).map(|(_, group)| group.to_entries())
        });
        if let Some(entries) = found {
            return Ok(entries);
        }
        // The audit log is told why; the viewer is not.
        let refusal = self.office.caseload(|caseload| {
            let Some(entry) = caseload.by_number(number) else {
                return Act::new(Kind::RefusedUnknown);
            };
            let group = caseload.group_of(entry);
            let recused = group.cases().any(|entry| self.recused(viewer, entry));
            let kind = if recused {
                Kind::RefusedRecused
            } else {
                Kind::RefusedNotMember
            };
            Act::new(kind).on(entry.row.id)
        });
        self.audit_log().record(Some(viewer.id), refusal).await?;
        Err(OfficeError::NotYours)
    }

    /// The number that a case has now which has or had this one, if `viewer` may see it; else the same.
    #[must_use]
    pub fn current_number(&self, viewer: &Member, number: CaseNumber) -> CaseNumber {
        if !CaseNumber::is_counted(&number.0) {
            return number;
        }
        let found = self.office.visible_to(viewer, |seen| {
            let (entry, _) = seen.by_number(&number)?;
            Some(CaseNumber(entry.row.number.clone()))
        });
        found.unwrap_or(number)
    }

    /// The same for a case that is only looked at: the sight is on record before anything is shown, once for each tip
    /// that is shown.
    pub(super) async fn entries_seen(
        &self,
        viewer: &Member,
        number: &CaseNumber,
        act: Act,
    ) -> Result<Vec<Entry>, OfficeError> {
        let entries = self.entries(viewer, number).await?;
        for entry in &entries {
            let act = act.on(entry.row.id);
            self.audit_log().record(Some(viewer.id), act).await?;
        }
        Ok(entries)
    }

    /// Does `deed` with a case, as [`Self::entries`] gives it, after putting it on record as `act` of that case. Nobody else
    /// changes the case meanwhile, nor what is handled with it, nor the accounts; others change other cases: a `deed` reads of
    /// those only what may be another in the next moment.
    pub(super) async fn change_case<T>(
        &self,
        actor: &Member,
        number: &CaseNumber,
        act: Act,
        deed: impl AsyncFnOnce(Vec<Entry>) -> Result<T, OfficeError>,
    ) -> Result<T, OfficeError> {
        let _lock = self.lock_of(number).await;
        self.change_now(actor, number, act, deed).await
    }

    /// The same while nobody changes anything else.
    pub(super) async fn change_case_alone<T>(
        &self,
        actor: &Member,
        number: &CaseNumber,
        act: Act,
        deed: impl AsyncFnOnce(Vec<Entry>) -> Result<T, OfficeError>,
    ) -> Result<T, OfficeError> {
        let _exclusive = self.office.exclusive().await;
        self.change_now(actor, number, act, deed).await
    }

    /// Takes the lock of the case that has this number or leads the one that has it.
    pub(super) async fn lock_of(&self, number: &CaseNumber) -> CaseLock<'_> {
        let lead = || {
            self.office.caseload(|caseload| {
                let entry = caseload.by_number(number)?;
                Some(caseload.group_of(entry).lead.row.id)
            })
        };
        self.office.lock_case(lead).await
    }

    async fn change_now<T>(
        &self,
        actor: &Member,
        number: &CaseNumber,
        act: Act,
        deed: impl AsyncFnOnce(Vec<Entry>) -> Result<T, OfficeError>,
    ) -> Result<T, OfficeError> {
        let entries = self.entries(actor, number).await?;
        let act = act.on(entries[0].row.id);
        self.on_record(actor, act, deed(entries)).await
    }

    /// Does `deed` after putting it on record as `act`; if it is not completed, that goes on record too.
    pub(super) async fn on_record<T>(
        &self,
        actor: &Member,
        act: Act,
        deed: impl Future<Output = Result<T, OfficeError>>,
    ) -> Result<T, OfficeError> {
        self.audit_log().around(Some(actor.id), act, deed).await
    }
}
