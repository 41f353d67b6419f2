//! The caseload: every case in memory, as the queue needs it. It is loaded at start and follows each stored change.

use super::Entry;
use super::audiences::Audiences;
use super::held_apart::HeldApart;
use super::open_tasks::OpenTasks;
use super::workload::Workload;
use crate::model::{CaseId, MemberId};
use crate::store::{DeadlineRow, Pair, Rewrap, TaskRow};
use mifeng_similarity::{Audience, Index, LiveIndex, Sketch, Standing};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// Every case, with what is looked up across cases: numbers, tips, joined cases, the index, tasks and load.
#[derive(Default)]
pub struct Caseload {
    pub(super) entries: HashMap<CaseId, Entry>,
    pub(super) numbers: HashMap<String, CaseId>,
    /// Numbers that cases had before, and which each case had.
    pub(super) older_numbers: HashMap<String, CaseId>,
    pub(super) older_numbers_of: HashMap<CaseId, Vec<String>>,
    pub(super) tips: HashMap<[u8; 16], CaseId>,
    pub(super) tips_of: HashMap<CaseId, Vec<[u8; 16]>>,
    /// Cases joined to the one that leads.
    pub(super) joined: HashMap<CaseId, Vec<CaseId>>,
    pub(super) held_apart: HeldApart,
    pub(super) index: LiveIndex,
    pub(super) tasks: OpenTasks,
    pub(super) audiences: Audiences,
    pub(super) workload: Workload,
}

impl Caseload {
    /// Takes in a new case with its tip, whose sketch may be in the index already.
    pub fn add(&mut self, tip: [u8; 16], entry: Entry) {
        self.index.add_for(tip, &entry.sketch, Audience::UNKNOWN);
        self.insert(tip, entry);
    }

    fn insert(&mut self, tip: [u8; 16], entry: Entry) {
        self.tips.insert(tip, entry.row.id);
        self.tips_of.entry(entry.row.id).or_default().push(tip);
        self.numbers.insert(entry.row.number.clone(), entry.row.id);
        self.replace(entry);
    }

    /// Takes in a new case with its tip, from which these are kept by a recusal, as the accounts and rules say by which the
    /// caseload was [settled](Self::settle) last: nothing of it is to be looked for any more.
    pub fn add_kept_from(&mut self, tip: [u8; 16], entry: Entry, kept: BTreeSet<MemberId>) {
        let (case, audience) = (entry.row.id, self.audiences.without(kept));
        self.index.add_for(tip, &entry.sketch, audience);
        self.insert(tip, entry);
        self.audiences.found(case, audience);
        self.count(case);
    }

    /// Replaces a case after a stored change.
    pub fn replace(&mut self, entry: Entry) {
        let id = entry.row.id;
        let lead = entry.row.joined.as_ref().map(|joined| joined.lead);
        let old = self.entries.insert(id, entry);
        let old_lead = old.and_then(|old| Some(old.row.joined?.lead));
        let touched = [Some(id), lead, old_lead];
        self.audiences.changed(touched.into_iter().flatten());
        if let Some(members) = old_lead.and_then(|lead| self.joined.get_mut(&lead)) {
            members.retain(|member| *member != id);
        }
        if let Some(lead) = lead {
            self.joined.entry(lead).or_default().push(id);
        }
        self.count_all(touched);
    }

    /// Takes in a case as the store has it, known or not, with its tasks that are not done; `apart` are all pairs that a person
    /// holds apart.
    pub fn read_again(&mut self, tip: [u8; 16], entry: Entry, tasks: Vec<TaskRow>, apart: &[Pair]) {
        let case = entry.row.id;
        if self.entries.contains_key(&case) {
            self.replace(entry);
        } else {
            self.add(tip, entry);
        }
        self.tasks.forget(case);
        for task in tasks {
            self.tasks.add(task);
        }
        self.held_apart.forget(case);
        for pair in apart.iter().filter(|pair| pair.other(case).is_some()) {
            self.held_apart.set(*pair, true);
        }
    }

    /// Forgets cases that were destroyed, at a cost of what they have and no other has. Nothing of them is found, counted or
    /// compared any more; what the index's own lists hold of them still goes when it is made anew.
    pub fn forget(&mut self, cases: &[CaseId]) {
        for case in cases {
            let Some(entry) = self.entries.remove(case) else {
                continue;
            };
            self.numbers.remove(&entry.row.number);
            for tip in self.tips_of.remove(case).unwrap_or_default() {
                self.tips.remove(&tip);
                self.index.remove(&tip);
            }
            let lead = entry.row.joined.map(|joined| joined.lead);
            if let Some(joined) = lead.and_then(|lead| self.joined.get_mut(&lead)) {
                joined.retain(|one| one != case);
            }
            self.joined.remove(case);
            self.audiences.forget(*case);
            for number in self.older_numbers_of.remove(case).unwrap_or_default() {
                self.older_numbers.remove(&number);
            }
            self.held_apart.forget(*case);
            self.tasks.forget(*case);
            self.count_all([Some(*case), lead]);
        }
    }

    /// Counts a case, and all that it leads, as they are now. Whatever changes who handles a case, what it stands in or who
    /// may see it calls this.
    pub(super) fn count(&mut self, lead: CaseId) {
        let leads = |entry: &&Entry| entry.row.joined.is_none();
        let group = self.entries.get(&lead).filter(leads);
        let group = group.map(|entry| self.group_of(entry));
        let open = group.filter(|group| !group.state().is_finished());
        let now = open.map(|group| (self.audiences.of(lead), group.lead.handlers()));
        self.workload.count(lead, now);
    }

    fn count_all(&mut self, leads: impl IntoIterator<Item = Option<CaseId>>) {
        for lead in leads.into_iter().flatten() {
            self.count(lead);
        }
    }

    /// Takes note of who holds which key after that was stored.
    pub fn rewrap(&mut self, rewraps: &[Rewrap]) {
        for rewrap in rewraps {
            if let Some(entry) = self.entries.get_mut(&rewrap.case) {
                let gone = |member: &MemberId| {
                    rewrap.take.contains(member)
                        || rewrap.give.iter().any(|(given, _)| given == member)
                };
                entry.holders.retain(|member| !gone(member));
                let given = rewrap.give.iter().map(|(member, _)| *member);
                entry.holders.extend(given);
            }
            self.count(rewrap.case);
        }
    }

    /// Takes note that a member holds no key any more.
    pub fn forget_holder(&mut self, member: MemberId) {
        let mut held = Vec::new();
        for (case, entry) in &mut self.entries {
            let before = entry.holders.len();
            entry.holders.retain(|holder| *holder != member);
            if entry.holders.len() < before {
                held.push(Some(*case));
            }
        }
        self.count_all(held);
    }

    /// The groups, each with the case that leads first, that cases belong to or belonged to, once they are as in `changed`.
    #[must_use]
    pub fn regrouped(&self, changed: &[Entry]) -> Vec<Vec<Entry>> {
        let lead_of = |entry: &Entry| {
            let joined = entry.row.joined.as_ref();
            joined.map_or(entry.row.id, |joined| joined.lead)
        };
        let changed_now = |id: CaseId| changed.iter().find(|entry| entry.row.id == id);
        let now = |id: CaseId| changed_now(id).or_else(|| self.entries.get(&id));
        let before = changed
            .iter()
            .filter_map(|entry| self.entries.get(&entry.row.id));
        let leads: BTreeSet<CaseId> = changed.iter().chain(before).map(lead_of).collect();
        let group = |lead: CaseId| {
            let first = now(lead).filter(|entry| entry.row.joined.is_none())?;
            let known = self.joined.get(&lead).into_iter().flatten().copied();
            let ids: BTreeSet<CaseId> = known
                .chain(changed.iter().map(|entry| entry.row.id))
                .filter(|id| *id != lead)
                .collect();
            let joined = ids.into_iter().filter_map(now);
            let joined = joined.filter(|entry| lead_of(entry) == lead);
            Some(std::iter::once(first).chain(joined).cloned().collect())
        };
        leads.into_iter().filter_map(group).collect()
    }

    /// Replaces a deadline of a case after it was stored.
    pub fn replace_deadline(&mut self, deadline: &DeadlineRow) {
        let case = self.entries.get_mut(&deadline.case);
        let deadlines = case.into_iter().flat_map(|entry| &mut entry.deadlines);
        for known in deadlines.filter(|known| known.id == deadline.id) {
            known.clone_from(deadline);
        }
    }

    /// The tasks that are not done.
    #[must_use]
    pub fn tasks(&self) -> &OpenTasks {
        &self.tasks
    }

    /// The same, to change.
    pub fn tasks_mut(&mut self) -> &mut OpenTasks {
        &mut self.tasks
    }

    /// The pairs that a person holds apart.
    #[must_use]
    pub fn held_apart(&self) -> &HeldApart {
        &self.held_apart
    }

    /// The same, to change.
    pub fn held_apart_mut(&mut self) -> &mut HeldApart {
        &mut self.held_apart
    }

    /// Takes note that a case had another number before.
    pub fn add_older_number(&mut self, number: String, case: CaseId) {
        let older = self.older_numbers_of.entry(case).or_default();
        older.push(number.clone());
        self.older_numbers.insert(number, case);
    }

    /// Every tip's sketch.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Puts a sketch into the index before its case is [added](Self::add): what comes after is compared with it.
    pub fn index_one(&mut self, tip: [u8; 16], sketch: &Arc<Sketch>) {
        self.index.add_for(tip, sketch, Audience::EVERYBODY);
    }

    /// The index in use, to fill it before cases are [added](Self::add), and to make it anew once cases were destroyed.
    pub fn index_mut(&mut self) -> &mut LiveIndex {
        &mut self.index
    }

    /// What the index is to be made anew from.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let sketch = |tip: &[u8; 16]| {
            let entry = self.of_tip(tip)?;
            Some(Arc::clone(&entry.sketch))
        };
        self.index.standing(sketch)
    }
}
