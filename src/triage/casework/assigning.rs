//! What is changed: who handles a case, and what its reporter is told; and what every change has in common. Each carries
//! the version it was made against, and says why.

use super::candidates::could_handle;
use super::on_record::change_case;
use super::storing::{drafts, store_drafts};
use super::texts::{REASON_MAX_CHARS, check_text};
use crate::audit::{Act, Kind};
use crate::cases::{Entry, Group};
use crate::model::{CaseNumber, CaseState, Member, MemberId, Note};
use crate::office::{Office, OfficeError};
use crate::store::Rewrap;

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

/// Where a case with these tips stands.
pub(crate) fn state_of(entries: &[Entry]) -> CaseState {
    Group::of(entries).map_or(CaseState::Received, |group| group.state())
}

/// Who got and who lost the key of which case.
pub(super) fn keys_on_record(rewraps: &[Rewrap]) -> Vec<Act> {
    let of = |rewrap: &Rewrap| {
        let act = |kind, member: MemberId| Act::new(kind).on(rewrap.case).of(member.0);
        let taken = rewrap.take.iter().map(|one| act(Kind::KeyTaken, *one));
        let given = rewrap.give.iter().map(|(one, _)| act(Kind::KeyGiven, *one));
        taken.chain(given).collect::<Vec<_>>()
    };
    rewraps.iter().flat_map(of).collect()
}
