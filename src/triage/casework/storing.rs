//! Storing what was changed of cases: checked against the version that was shown, together or not at all.

use super::draft::Draft;
use crate::audit::{Act, Kind};
use crate::cases::Entry;
use crate::model::MemberId;
use crate::office::{Office, OfficeError, index_changes};
use crate::store::{ChangeSet, Rewrap};

/// Drafts of all, where the first is as it was when `version` of it was shown.
pub(crate) fn drafts(
    office: &Office,
    entries: Vec<Entry>,
    version: i64,
) -> Result<Vec<Draft<'_>>, OfficeError> {
    if entries.first().map(|lead| lead.row.version) != Some(version) {
        return Err(OfficeError::Changed);
    }
    let drafts = entries.into_iter();
    drafts.map(|entry| Draft::new(office, entry)).collect()
}

/// Stores the drafts, all or nothing.
///
/// # Errors
/// [`OfficeError::Changed`] where another change was stored first, or what the store says; then nothing is.
pub(crate) async fn store_drafts(
    office: &Office,
    drafts: Vec<Draft<'_>>,
) -> Result<(), OfficeError> {
    store_drafts_with(office, drafts, ChangeSet::default()).await
}

/// Stores the drafts with what else is to be stored, all or nothing.
pub(super) async fn store_drafts_with(
    office: &Office,
    drafts: Vec<Draft<'_>>,
    mut together: ChangeSet,
) -> Result<(), OfficeError> {
    let mut entries = Vec::new();
    for draft in drafts {
        let (change, entry) = draft.finish()?;
        together.changes.push(change);
        entries.push(entry);
    }
    let members = office.members().await?;
    let rewraps = office.rewraps_after(&entries, &members).await?;
    if let Some(change) = together.changes.first_mut() {
        change.rewraps.clone_from(&rewraps);
    }
    let acts = keys_on_record(&rewraps);
    for act in &acts {
        office.audit_log().record_own(*act).await?;
    }
    let cases = entries.iter().map(|entry| entry.row.id);
    let rewrapped = rewraps.iter().map(|rewrap| rewrap.case);
    let pairs = together.apart.iter().map(|(pair, _)| pair);
    let pairs = pairs.chain(&together.no_longer_apart);
    let paired = pairs.flat_map(|pair| pair.both_ways().map(|(case, _)| case));
    let write = office.unconfirmed(cases.chain(rewrapped).chain(paired));
    let stored = office.parts.store.change_together(&together).await;
    if !matches!(stored, Ok(true)) {
        for act in acts {
            office.audit_log().record_own(act.failed()).await?;
        }
    }
    if !stored? {
        return Err(OfficeError::Changed);
    }
    office.caseload_mut(|caseload| {
        for entry in entries {
            caseload.replace(entry);
        }
        caseload.rewrap(&rewraps);
        caseload.tasks_mut().keep(&together.papers);
        for (pair, _) in &together.apart {
            caseload.held_apart_mut().set(*pair, true);
        }
        for pair in &together.no_longer_apart {
            caseload.held_apart_mut().set(*pair, false);
        }
    });
    write.confirmed();
    office.settle(&members);
    index_changes(office, &together.changes, &together.papers.new);
    Ok(())
}

/// Who got and who lost the key of which case.
fn keys_on_record(rewraps: &[Rewrap]) -> Vec<Act> {
    let of = |rewrap: &Rewrap| {
        let act = |kind, member: MemberId| Act::new(kind).on(rewrap.case).of(member.0);
        let taken = rewrap.take.iter().map(|one| act(Kind::KeyTaken, *one));
        let given = rewrap.give.iter().map(|(one, _)| act(Kind::KeyGiven, *one));
        taken.chain(given).collect::<Vec<_>>()
    };
    rewraps.iter().flat_map(of).collect()
}
