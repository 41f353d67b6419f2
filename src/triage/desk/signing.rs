//! What waits for a second person, where that person looks: above the queue.

use super::Desk;
use super::closing::signing_of;
use crate::triage::cases::{CaseNumber, Closing, Group, Signing, SigningLine, SigningOf};
use crate::triage::staff::Member;

impl Desk {
    /// What waits of a case for the signature of `viewer`.
    pub(super) fn to_sign(&self, viewer: &Member, group: &Group<'_>) -> Vec<SigningLine> {
        let card = &group.lead.card;
        let closing = card
            .closing
            .as_ref()
            .filter(|closing| Closing::waits(closing));
        let deletion = group
            .cases()
            .find_map(|entry| entry.card.deletion.as_deref());
        let passing = card.passing.as_deref();
        if closing.is_none() && deletion.is_none() && passing.is_none() {
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
                self.passing_signing(viewer, &entries),
                passing.map(|one| &one.asked),
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
                    title: group.lead.card.title(),
                    of,
                    by: by.name.clone(),
                    day: by.day,
                })
            })
            .collect()
    }
}
