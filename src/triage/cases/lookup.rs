//! Cases of the caseload found by what is known of them.

use super::caseload::Caseload;
use super::{Entry, Group};
use crate::model::{CaseId, CaseNumber, MemberId};
use mifeng_foundation::clock::Day;
use mifeng_similarity::Sketch;

impl Caseload {
    /// Whether a member holds the key of any case.
    #[must_use]
    pub fn holds_any(&self, member: MemberId) -> bool {
        let mut entries = self.entries.values();
        entries.any(|entry| entry.holders.contains(&member))
    }

    /// Whether there is a case that came on `day` or before.
    #[must_use]
    pub fn has_one_from_until(&self, day: Day) -> bool {
        let mut entries = self.entries.values();
        entries.any(|entry| entry.row.opened_day <= day)
    }

    /// Cases that a person holds apart from the one with this id, in no order.
    pub fn apart_from(&self, case: CaseId) -> impl Iterator<Item = &Entry> {
        let others = self.held_apart.of(case);
        others.filter_map(|other| self.entries.get(&other))
    }

    /// The group that an entry belongs to.
    #[must_use]
    pub fn group_of<'a>(&'a self, entry: &'a Entry) -> Group<'a> {
        let lead = entry.row.joined.as_ref().map(|joined| joined.lead);
        let lead = lead.and_then(|lead| self.entries.get(&lead));
        let lead = lead.unwrap_or(entry);
        let joined = self.joined.get(&lead.row.id).into_iter().flatten();
        let mut joined: Vec<_> = joined.filter_map(|id| self.entries.get(id)).collect();
        joined.sort_by(|a, b| a.row.number.cmp(&b.row.number));
        Group { lead, joined }
    }

    /// Every group, in no order.
    pub fn groups(&self) -> impl Iterator<Item = Group<'_>> {
        let leads = self
            .entries
            .values()
            .filter(|entry| entry.row.joined.is_none());
        leads.map(|lead| self.group_of(lead))
    }

    /// The case that has this number, or had it before.
    #[must_use]
    pub fn by_number(&self, number: &CaseNumber) -> Option<&Entry> {
        let now = self.numbers.get(&number.0);
        let case = now.or_else(|| self.older_numbers.get(&number.0))?;
        self.entries.get(case)
    }

    /// The case with this id.
    #[must_use]
    pub fn by_id(&self, id: CaseId) -> Option<&Entry> {
        self.entries.get(&id)
    }

    /// The tips of a case, in order of arrival here.
    #[must_use]
    pub fn tips_of(&self, case: CaseId) -> &[[u8; 16]] {
        self.tips_of.get(&case).map_or(&[], Vec::as_slice)
    }

    /// The case of a tip.
    #[must_use]
    pub fn of_tip(&self, tip: &[u8; 16]) -> Option<&Entry> {
        self.entries.get(self.tips.get(tip)?)
    }

    /// Cases whose text is the same, by day and number.
    #[must_use]
    pub fn same_text(&self, sketch: &Sketch) -> Vec<&Entry> {
        let tips = self.index.same_text(sketch).into_iter();
        let mut found: Vec<_> = tips
            .filter_map(|tip| self.entries.get(self.tips.get(&tip)?))
            .collect();
        found.sort_by(|a, b| {
            (a.row.opened_day, &a.row.number).cmp(&(b.row.opened_day, &b.row.number))
        });
        found
    }

    /// The ids of the cases that lead or stand by themselves, in no order.
    pub fn leads(&self) -> impl Iterator<Item = CaseId> {
        let leads = self.entries.values();
        let leads = leads.filter(|entry| entry.row.joined.is_none());
        leads.map(|entry| entry.row.id)
    }
}
