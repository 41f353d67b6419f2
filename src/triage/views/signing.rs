//! What waits for a second person, where that person looks: above the queue.

use crate::cases::{Group, Signing, SigningLine, SigningOf};
use crate::casework::{passing_signing, signing_of};
use crate::model::{CaseNumber, Closing, Member};
use crate::office::Office;

/// What waits of a case for the signature of `viewer`.
pub(super) fn to_sign(office: &Office, viewer: &Member, group: &Group<'_>) -> Vec<SigningLine> {
    let summary = &group.lead.summary;
    let closing = summary
        .closing
        .as_ref()
        .filter(|closing| Closing::waits(closing));
    let deletion = group
        .cases()
        .find_map(|entry| entry.summary.deletion.as_deref());
    let passing = summary.passing.as_deref();
    let declined = group
        .cases()
        .find_map(|entry| entry.summary.declined.as_deref());
    if closing.is_none() && deletion.is_none() && passing.is_none() && declined.is_none() {
        return Vec::new();
    }
    let entries = group.to_entries();
    let closing = closing.map(|one| &one.proposed);
    let deletion = deletion.map(|one| &one.asked);
    let kinds = [
        (
            SigningOf::Closing,
            signing_of(viewer, closing, &entries),
            closing,
        ),
        (
            SigningOf::Deletion,
            signing_of(viewer, deletion, &entries),
            deletion,
        ),
        (
            SigningOf::Passing,
            passing_signing(office, viewer, &entries),
            passing.map(|one| &one.asked),
        ),
        (
            SigningOf::Declining,
            signing_of(viewer, declined, &entries),
            declined,
        ),
    ];
    let waits = kinds
        .into_iter()
        .filter(|(_, signing, _)| *signing == Signing::Second);
    waits
        .filter_map(|(of, _, by)| {
            let by = by?;
            Some(SigningLine {
                number: CaseNumber(group.lead.row.number.clone()),
                title: group.lead.summary.title(),
                of,
                by: by.name.clone(),
                day: by.day,
            })
        })
        .collect()
}
