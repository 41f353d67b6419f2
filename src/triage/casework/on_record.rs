//! Who has access to a case: every sight and change is put on record before it happens, every refusal with its cause; nobody
//! else changes a case meanwhile; and the viewer's own key opens it.

use crate::audit::{Act, Kind};
use crate::cases::{Entry, Group};
use crate::model::{CaseNumber, CaseState, Member, Viewer};
use crate::office::{CaseLock, Office, OfficeError};
use mifeng_opening::Identity;
use std::future::Future;

/// The case that has this number or leads the one that has it, with all that are handled with it, if `viewer` may
/// have it; it comes first. A refusal goes on record with its cause, which `viewer` is not told.
pub(crate) async fn entries(
    office: &Office,
    viewer: &Member,
    number: &CaseNumber,
) -> Result<Vec<Entry>, OfficeError> {
    if office.is_locked() {
        return Err(OfficeError::Locked);
    }
    if !viewer.role.reads_tips() {
        let act = Act::new(Kind::RefusedRole).detailed("case");
        office.audit_log().record(Some(viewer.id), act).await?;
        return Err(OfficeError::NotPermitted);
    }
    let found = office.visible_to(viewer, |seen| {
        seen.by_number(number).map(|(_, group)| group.to_entries())
    });
    if let Some(entries) = found {
        return Ok(entries);
    }
    // The audit log is told why; the viewer is not.
    let refusal = office.caseload(|caseload| {
        let Some(entry) = caseload.by_number(number) else {
            return Act::new(Kind::RefusedUnknown);
        };
        let group = caseload.group_of(entry);
        let recused = group.cases().any(|entry| office.recused(viewer, entry));
        let kind = if recused {
            Kind::RefusedRecused
        } else {
            Kind::RefusedNotMember
        };
        Act::new(kind).on(entry.row.id)
    });
    office.audit_log().record(Some(viewer.id), refusal).await?;
    Err(OfficeError::NotYours)
}

/// The same for a case that is only looked at: the sight is on record before anything is shown, once for each tip
/// that is shown.
pub(crate) async fn entries_seen(
    office: &Office,
    viewer: &Member,
    number: &CaseNumber,
    act: Act,
) -> Result<Vec<Entry>, OfficeError> {
    let entries = entries(office, viewer, number).await?;
    for entry in &entries {
        let act = act.on(entry.row.id);
        office.audit_log().record(Some(viewer.id), act).await?;
    }
    Ok(entries)
}

/// The number that a case has now which has or had this one, if `viewer` may see it; else the same.
#[must_use]
pub fn current_number(office: &Office, viewer: &Member, number: CaseNumber) -> CaseNumber {
    if !CaseNumber::is_counted(&number.0) {
        return number;
    }
    let found = office.visible_to(viewer, |seen| {
        let (entry, _) = seen.by_number(&number)?;
        Some(CaseNumber(entry.row.number.clone()))
    });
    found.unwrap_or(number)
}

/// Does `deed` with a case, as [`entries`] gives it, after putting it on record as `act` of that case. Nobody else
/// changes the case meanwhile, nor what is handled with it, nor the accounts; others change other cases: a `deed` reads of
/// those only what may be another in the next moment.
pub(super) async fn change_case<T>(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    act: Act,
    deed: impl AsyncFnOnce(Vec<Entry>) -> Result<T, OfficeError>,
) -> Result<T, OfficeError> {
    let _lock = lock_of(office, number).await;
    change_now(office, actor, number, act, deed).await
}

/// The same while nobody changes anything else.
pub(super) async fn change_case_alone<T>(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    act: Act,
    deed: impl AsyncFnOnce(Vec<Entry>) -> Result<T, OfficeError>,
) -> Result<T, OfficeError> {
    let _exclusive = office.exclusive().await;
    change_now(office, actor, number, act, deed).await
}

/// Takes the lock of the case that has this number or leads the one that has it.
pub(super) async fn lock_of<'a>(office: &'a Office, number: &CaseNumber) -> CaseLock<'a> {
    let lead = || {
        office.caseload(|caseload| {
            let entry = caseload.by_number(number)?;
            Some(caseload.group_of(entry).lead.row.id)
        })
    };
    office.lock_case(lead).await
}

async fn change_now<T>(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    act: Act,
    deed: impl AsyncFnOnce(Vec<Entry>) -> Result<T, OfficeError>,
) -> Result<T, OfficeError> {
    let entries = entries(office, actor, number).await?;
    let act = act.on(entries[0].row.id);
    on_record(office, actor, act, deed(entries)).await
}

/// Does `deed` after putting it on record as `act`; if it is not completed, that goes on record too.
pub(crate) async fn on_record<T>(
    office: &Office,
    actor: &Member,
    act: Act,
    deed: impl Future<Output = Result<T, OfficeError>>,
) -> Result<T, OfficeError> {
    office.audit_log().around(Some(actor.id), act, deed).await
}

/// Each case with its key: the viewer's own opens that of the leading one, which opens those that were joined to it. The
/// office's key has no part in it.
pub(crate) async fn keyed<'a>(
    office: &Office,
    viewer: &Viewer,
    entries: &'a [Entry],
) -> Result<Vec<(&'a Entry, Identity)>, OfficeError> {
    let (lead, joined) = entries.split_first().ok_or(OfficeError::NotYours)?;
    let store = &office.parts.store;
    let wrapped = store.wrap(lead.row.id, viewer.id).await?;
    let wrapped = wrapped.ok_or(OfficeError::NotYours)?;
    let lead_key = viewer.identity().open_identity(&wrapped);
    let lead_key = lead_key.map_err(|_| OfficeError::Damaged)?;
    let mut keyed = vec![(lead, lead_key.clone())];
    for entry in joined {
        let row = entry.row.joined.as_ref().ok_or(OfficeError::Damaged)?;
        let key = lead_key.open_identity(&row.identity);
        keyed.push((entry, key.map_err(|_| OfficeError::Damaged)?));
    }
    Ok(keyed)
}

/// Where a case with these tips stands.
pub(super) fn state_of(entries: &[Entry]) -> CaseState {
    Group::of(entries).map_or(CaseState::Received, |group| group.state())
}
