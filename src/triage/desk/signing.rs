//! What waits for a second person, where that person looks: above the queue.

use super::Desk;
use super::closing::signing_of;
use crate::cases::{Entry, Group, OpenObjection, Signing, SigningLine, SigningOf};
use crate::deadlines::Start;
use crate::model::{CaseNumber, Closing, Member};
use crate::store::ClockRow;

impl Desk {
    /// The objections to decisions of a case that no supervisor has answered.
    pub(super) fn open_objections<'a>(
        &self,
        cases: impl Iterator<Item = &'a Entry>,
    ) -> Vec<OpenObjection> {
        let deadlines = &self.office.parts.deadlines;
        let objected = cases.filter(|entry| entry.card.objected);
        let open = objected.map(|entry| {
            let is_of = |clock: &&ClockRow| {
                let mut rules = deadlines.beginning(Start::Objection);
                clock.met_day.is_none() && rules.any(|rule| rule.id == clock.rule)
            };
            let clock = entry.clocks.iter().find(is_of);
            OpenObjection {
                number: CaseNumber(entry.row.number.clone()),
                title: entry.card.title(),
                since: clock.map(|clock| clock.start_day),
                until: clock.map(|clock| clock.due_day),
                days_left: clock.map(|clock| clock.due_day.days_since(self.today())),
            }
        });
        open.collect()
    }

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
        let declined = group
            .cases()
            .find_map(|entry| entry.card.declined.as_deref());
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
                self.passing_signing(viewer, &entries),
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
                    title: group.lead.card.title(),
                    of,
                    by: by.name.clone(),
                    day: by.day,
                })
            })
            .collect()
    }
}
