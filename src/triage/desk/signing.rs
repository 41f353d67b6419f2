//! What waits for a second person, where that person looks: above the queue.

use super::Desk;
use super::closing::signing_of;
use crate::cases::{Entry, Group, OpenObjection, Signing, SigningLine, SigningOf};
use crate::deadlines::Start;
use crate::model::{CaseNumber, Closing, Member};
use crate::store::DeadlineRow;

impl Desk {
    /// The objections to decisions of a case that no supervisor has answered.
    pub(super) fn open_objections<'a>(
        &self,
        cases: impl Iterator<Item = &'a Entry>,
    ) -> Vec<OpenObjection> {
        let deadline_rules = &self.office.parts.deadline_rules;
        let objected = cases.filter(|entry| entry.summary.objected);
        let open = objected.map(|entry| {
            let is_of = |deadline: &&DeadlineRow| {
                let mut rules = deadline_rules.beginning(Start::Objection);
                deadline.met_day.is_none() && rules.any(|rule| rule.id == deadline.rule)
            };
            let deadline = entry.deadlines.iter().find(is_of);
            OpenObjection {
                number: CaseNumber(entry.row.number.clone()),
                title: entry.summary.title(),
                since: deadline.map(|deadline| deadline.start_day),
                until: deadline.map(|deadline| deadline.due_day),
                days_left: deadline.map(|deadline| deadline.due_day.days_since(self.today())),
            }
        });
        open.collect()
    }

    /// What waits of a case for the signature of `viewer`.
    pub(super) fn to_sign(&self, viewer: &Member, group: &Group<'_>) -> Vec<SigningLine> {
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
                    title: group.lead.summary.title(),
                    of,
                    by: by.name.clone(),
                    day: by.day,
                })
            })
            .collect()
    }
}
