//! What one person proposes and another has to sign: who may sign, send back or take back.

use crate::cases::{Entry, Signing};
use crate::model::{Member, Signature};
use crate::office::{Office, OfficeError};

/// Who signs today.
pub(super) fn signature(office: &Office, actor: &Member) -> Signature {
    Signature {
        member: hex::encode(actor.id.0),
        name: actor.name.clone(),
        day: office.today(),
    }
}

/// Whether `actor` can sign what `first` proposed: one who sees all cases, who is another, and who neither handles nor
/// handled any tip of it.
pub(super) fn check_second(
    actor: &Member,
    first: &Signature,
    entries: &[Entry],
) -> Result<(), OfficeError> {
    if !actor.role.sees_all_cases() {
        return Err(OfficeError::NotPermitted);
    }
    let id = hex::encode(actor.id.0);
    let handled = |entry: &Entry| {
        entry.handles(actor.id)
            || entry.summary.handler_before.as_ref() == Some(&id)
            || entry.summary.handled_by.contains(&id)
    };
    if first.is_of(actor.id) || entries.iter().any(handled) {
        return Err(OfficeError::SecondPerson);
    }
    Ok(())
}

/// Whether `actor` can send back what `first` proposed: a second person, or whoever proposed it and takes it back.
pub(super) fn check_sending_back(
    actor: &Member,
    first: &Signature,
    entries: &[Entry],
) -> Result<(), OfficeError> {
    if first.is_of(actor.id) {
        return Ok(());
    }
    check_second(actor, first, entries)
}

/// What `viewer` has to do with what `first` proposed, if anybody did.
pub(crate) fn signing_of(viewer: &Member, first: Option<&Signature>, entries: &[Entry]) -> Signing {
    match first {
        Some(first) if first.is_of(viewer.id) => Signing::Proposed,
        Some(first) if check_second(viewer, first, entries).is_ok() => Signing::Second,
        _ => Signing::Nothing,
    }
}
