//! Giving a case to another handler.

use super::candidates::could_handle;
use super::on_record::{change_case, state_of};
use super::storing::{drafts, store_drafts};
use super::texts::{REASON_MAX_CHARS, check_text};
use crate::audit::{Act, Kind};
use crate::cases::Entry;
use crate::model::{CaseNumber, Member, MemberId, Note};
use crate::office::{Office, OfficeError};

/// Gives the case to `handler`.
///
/// # Errors
/// As [`candidates`](super::candidates()); [`OfficeError::NotPossible`] if the handler cannot have it, [`OfficeError::Changed`].
pub async fn assign(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
    handler: MemberId,
    reason: &str,
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::Assigned).of(handler.0);
    change_case(office, actor, number, act, async |entries| {
        give(office, actor, entries, version, handler, reason).await
    })
    .await
}

async fn give(
    office: &Office,
    actor: &Member,
    entries: Vec<Entry>,
    version: i64,
    handler: MemberId,
    reason: &str,
) -> Result<(), OfficeError> {
    check_text("reason", reason, REASON_MAX_CHARS)?;
    if !actor.role.sees_all_cases() {
        return Err(OfficeError::NotPermitted);
    }
    let members = office.members().await?;
    let chosen = members.iter().find(|member| member.id == handler);
    let chosen = chosen.filter(|member| could_handle(office, member, &entries));
    let chosen = chosen.filter(|_| !state_of(&entries).is_finished());
    let chosen = chosen.ok_or(OfficeError::NotPossible)?;
    let mut drafts = drafts(office, entries, version)?;
    for draft in &mut drafts {
        let before = draft.entry.row.handler.replace(handler);
        let before = before.filter(|before| *before != handler);
        let before = before.map(|before| hex::encode(before.0));
        draft.entry.summary.handled_by.extend(before);
        draft
            .entry
            .summary
            .co_handlers
            .remove(&hex::encode(handler.0));
        if let Some(unit) = &chosen.unit {
            draft.entry.summary.unit.clone_from(unit);
        }
        let detail = format!("{}: {reason}", chosen.name);
        draft.note(Some(&actor.name), Note::Assigned, &detail)?;
    }
    drafts[0].remind(handler);
    store_drafts(office, drafts).await
}
