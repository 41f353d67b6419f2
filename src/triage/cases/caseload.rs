//! The caseload: every case in memory, as the queue needs it. It is loaded at start and follows each stored change.

use super::Group;
use super::audiences::Audiences;
use super::workload::Workload;
use crate::model::{CaseId, CaseNumber, CaseSummary, MemberId};
use crate::routing::NameSearchText;
use crate::store::{CaseRow, DeadlineRow, Pair, PaperChanges, PaperRow, Rewrap, TaskRow};
use mifeng_foundation::clock::Day;
use mifeng_similarity::{Audience, Index, LiveIndex, Renewed, Sketch, Standing};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// One case.
#[derive(Clone)]
pub struct Entry {
    /// Its row.
    pub row: CaseRow,
    /// Its summary, opened.
    pub summary: CaseSummary,
    /// Its deadlines.
    pub deadlines: Vec<DeadlineRow>,
    /// The text in which names of staff are searched.
    pub name_search_text: NameSearchText,
    /// What its first tip is compared by. The index has it only taken apart, and is made anew from these when cases were
    /// destroyed; so it is kept whole, in somewhat more than a kilobyte.
    pub sketch: Arc<Sketch>,
    /// Who holds its key, in no order.
    pub holders: Vec<MemberId>,
}

impl Entry {
    /// Whether the member with this id handles the case: leads it, or helps.
    #[must_use]
    pub fn handles(&self, member: MemberId) -> bool {
        self.row.handler == Some(member) || self.summary.helps(member)
    }

    /// Who handles it and holds its key, the one who leads it first.
    #[must_use]
    pub fn handlers(&self) -> Vec<MemberId> {
        let helpers = self.holders.iter().copied();
        let mut helpers: Vec<_> = helpers
            .filter(|member| self.summary.helps(*member))
            .collect();
        helpers.sort_unstable();
        let lead = self.row.handler.into_iter();
        lead.chain(helpers).collect()
    }
}

/// Every case, with what is looked up across cases: numbers, tips, joined cases, the index, tasks and load.
#[derive(Default)]
pub struct Caseload {
    pub(super) entries: HashMap<CaseId, Entry>,
    numbers: HashMap<String, CaseId>,
    /// Numbers that cases had before, and which each case had.
    older_numbers: HashMap<String, CaseId>,
    older_numbers_of: HashMap<CaseId, Vec<String>>,
    tips: HashMap<[u8; 16], CaseId>,
    tips_of: HashMap<CaseId, Vec<[u8; 16]>>,
    /// Cases joined to the one that leads.
    joined: HashMap<CaseId, Vec<CaseId>>,
    /// Cases that a person holds apart from each, both ways.
    apart: HashMap<CaseId, BTreeSet<CaseId>>,
    pub(super) index: LiveIndex,
    /// Tasks that are not done, and those in each case.
    tasks: HashMap<[u8; 16], TaskRow>,
    tasks_in: HashMap<CaseId, BTreeSet<[u8; 16]>>,
    pub(super) audiences: Audiences,
    pub(super) workload: Workload,
}

impl Caseload {
    /// Puts many sketches into the index at once, before their cases are [added](Self::add).
    pub fn index_all(&mut self, sketches: Vec<([u8; 16], &Sketch)>) {
        self.index.fill(sketches);
    }

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
        for task in self.tasks_in.remove(&case).unwrap_or_default() {
            self.tasks.remove(&task);
        }
        for task in tasks {
            self.add_task(task);
        }
        for other in self.apart.remove(&case).unwrap_or_default() {
            self.no_longer_apart(other, case);
        }
        for pair in apart.iter().filter(|pair| pair.other(case).is_some()) {
            self.hold_apart(*pair, true);
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
            for other in self.apart.remove(case).unwrap_or_default() {
                self.no_longer_apart(other, *case);
            }
            for task in self.tasks_in.remove(case).unwrap_or_default() {
                self.tasks.remove(&task);
            }
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

    /// Puts a sketch into the index before its case is [added](Self::add): what comes after is compared with it.
    pub fn index_one(&mut self, tip: [u8; 16], sketch: &Arc<Sketch>) {
        self.index.add_for(tip, sketch, Audience::EVERYBODY);
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

    /// Takes in a task that is not done.
    pub fn add_task(&mut self, task: TaskRow) {
        self.tasks_in.entry(task.case).or_default().insert(task.id);
        self.tasks.insert(task.id, task);
    }

    /// Keeps step with papers that were stored.
    pub fn keep_papers(&mut self, papers: &PaperChanges) {
        for task in papers.new.iter().filter_map(PaperRow::open_task) {
            self.add_task(task);
        }
        for (task, _) in &papers.done {
            let done = self.tasks.remove(task);
            let others = done.and_then(|done| self.tasks_in.get_mut(&done.case));
            if let Some(others) = others {
                others.remove(task);
            }
        }
    }

    /// A task that is not done.
    #[must_use]
    pub fn task(&self, id: [u8; 16]) -> Option<&TaskRow> {
        self.tasks.get(&id)
    }

    /// A member's tasks, in no order.
    pub fn tasks_of(&self, member: MemberId) -> impl Iterator<Item = &TaskRow> {
        self.tasks
            .values()
            .filter(move |task| task.member == member)
    }

    /// Holds a pair apart, or no longer.
    pub fn hold_apart(&mut self, pair: Pair, apart: bool) {
        for (case, other) in pair.both_ways() {
            if apart {
                self.apart.entry(case).or_default().insert(other);
            } else {
                self.no_longer_apart(case, other);
            }
        }
    }

    fn no_longer_apart(&mut self, case: CaseId, other: CaseId) {
        let Some(others) = self.apart.get_mut(&case) else {
            return;
        };
        others.remove(&other);
        if others.is_empty() {
            self.apart.remove(&case);
        }
    }

    /// Whether a person holds the two apart.
    #[must_use]
    pub fn is_apart(&self, pair: Pair) -> bool {
        let [(case, other), _] = pair.both_ways();
        let others = self.apart.get(&case);
        others.is_some_and(|others| others.contains(&other))
    }

    /// Cases that a person holds apart from the one with this id, in no order.
    pub fn apart_from(&self, case: CaseId) -> impl Iterator<Item = &Entry> {
        let others = self.apart.get(&case).into_iter().flatten();
        others.filter_map(|other| self.entries.get(other))
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

    /// Takes note that a case had another number before.
    pub fn add_older_number(&mut self, number: String, case: CaseId) {
        let older = self.older_numbers_of.entry(case).or_default();
        older.push(number.clone());
        self.older_numbers.insert(number, case);
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

    /// Every tip's sketch.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The ids of the cases that lead or stand by themselves, in no order.
    pub fn leads(&self) -> impl Iterator<Item = CaseId> {
        let leads = self.entries.values();
        let leads = leads.filter(|entry| entry.row.joined.is_none());
        leads.map(|entry| entry.row.id)
    }

    /// Begins to make the index anew, if it holds anything of a case that was destroyed and nobody does so already. From
    /// now on it takes note of what is done to it.
    pub fn begin_renewal(&mut self) -> bool {
        self.index.begin_renewal()
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

    /// Puts an index that was made anew in the place of the one in use, once it has all that was done to that meanwhile.
    pub fn renew(&mut self, renewed: Index) -> Renewed {
        self.index.renew(renewed)
    }

    /// Gives up making it anew, if that was begun and did not end.
    pub fn end_renewal(&mut self) {
        self.index.end_renewal();
    }
}
