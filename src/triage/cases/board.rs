//! Every case as the queue needs it, in memory: loaded at start, kept in step with each stored change.

use super::{Card, CaseNumber, Group, PaperKind};
use crate::clock::Day;
use crate::triage::routing::{Haystack, Load, Rules};
use crate::triage::similarity::{Audience, Index, Sketch};
use crate::triage::staff::{Member, MemberId};
use crate::triage::store::{CaseId, CaseRow, ClockRow, Pair, PaperChanges, Rewrap, TaskRow};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// One case.
#[derive(Clone)]
pub struct Entry {
    /// Its row.
    pub row: CaseRow,
    /// Its card, opened.
    pub card: Card,
    /// Its clocks.
    pub clocks: Vec<ClockRow>,
    /// What names are looked for in.
    pub haystack: Haystack,
    /// What its first tip is compared by. The index has it only taken apart, and is filled anew from these when cases are
    /// destroyed; so it is kept whole, in somewhat more than a kilobyte.
    pub sketch: Sketch,
    /// Who holds its key, in no order.
    pub holders: Vec<MemberId>,
}

impl Entry {
    /// Whether the member with this id handles the case: leads it, or helps.
    #[must_use]
    pub fn handles(&self, member: MemberId) -> bool {
        self.row.handler == Some(member) || self.card.helps(member)
    }

    /// Who handles it and holds its key, the one who leads it first.
    #[must_use]
    pub fn handlers(&self) -> Vec<MemberId> {
        let helpers = self.holders.iter().copied();
        let mut helpers: Vec<_> = helpers.filter(|member| self.card.helps(*member)).collect();
        helpers.sort_unstable();
        let lead = self.row.handler.into_iter();
        lead.chain(helpers).collect()
    }
}

/// Every case.
#[derive(Default)]
pub struct Board {
    entries: HashMap<CaseId, Entry>,
    numbers: HashMap<String, CaseId>,
    /// Numbers that cases had before.
    older_numbers: HashMap<String, CaseId>,
    tips: HashMap<[u8; 16], CaseId>,
    tips_of: HashMap<CaseId, Vec<[u8; 16]>>,
    /// Cases joined to the one that leads.
    joined: HashMap<CaseId, Vec<CaseId>>,
    /// Pairs that a person holds apart.
    apart: HashSet<Pair>,
    index: Index,
    /// Tasks that are not done.
    tasks: HashMap<[u8; 16], TaskRow>,
    audiences: Audiences,
}

/// Who is kept from cases that are handled together, or from one by itself.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The cases, each with the version that was looked at.
    from: Vec<(CaseId, i64)>,
    /// Who is kept from them.
    who: BTreeSet<MemberId>,
}

/// Who is kept from which case by a recusal.
#[derive(Default)]
struct Audiences {
    /// The people of each, by number; the first is nobody.
    kept: Vec<Arc<BTreeSet<MemberId>>>,
    of: HashMap<CaseId, Audience>,
    /// Cases of which it is to be found anew.
    stale: HashSet<CaseId>,
    /// The accounts and the rules by which it was found.
    by: Option<(Vec<Member>, Arc<Rules>)>,
}

impl Audiences {
    fn of(&self, case: CaseId) -> Audience {
        self.of.get(&case).copied().unwrap_or(Audience::UNKNOWN)
    }

    /// Who is kept from the cases of an audience; `None` where that is not known.
    fn kept(&self, audience: Audience) -> Option<&BTreeSet<MemberId>> {
        let known = self.kept.get(audience.0 as usize);
        known.map(|kept| &**kept)
    }

    /// The audience from which these are kept.
    fn without(&mut self, kept: BTreeSet<MemberId>) -> Audience {
        if self.kept.is_empty() {
            self.kept.push(Arc::default());
        }
        let known = self.kept.iter().position(|known| **known == kept);
        let at = known.unwrap_or_else(|| {
            self.kept.push(Arc::new(kept));
            self.kept.len() - 1
        });
        u32::try_from(at).map_or(Audience::UNKNOWN, Audience)
    }
}

impl Board {
    /// Puts many sketches into the index at once, before their cases are [added](Self::add).
    pub fn index_all(&mut self, sketches: Vec<([u8; 16], &Sketch)>) {
        self.index.extend(sketches);
    }

    /// Takes in a new case with its tip, whose sketch may be in the index already.
    pub fn add(&mut self, tip: [u8; 16], entry: Entry) {
        self.index.add_for(tip, &entry.sketch, Audience::UNKNOWN);
        self.tips.insert(tip, entry.row.id);
        self.tips_of.entry(entry.row.id).or_default().push(tip);
        self.numbers.insert(entry.row.number.clone(), entry.row.id);
        self.replace(entry);
    }

    /// Replaces a case after a stored change.
    pub fn replace(&mut self, entry: Entry) {
        let id = entry.row.id;
        let lead = entry.row.joined.as_ref().map(|joined| joined.lead);
        let old = self.entries.insert(id, entry);
        let old_lead = old.and_then(|old| Some(old.row.joined?.lead));
        let stale = [Some(id), lead, old_lead].into_iter().flatten();
        self.audiences.stale.extend(stale);
        if let Some(members) = old_lead.and_then(|lead| self.joined.get_mut(&lead)) {
            members.retain(|member| *member != id);
        }
        if let Some(lead) = lead {
            self.joined.entry(lead).or_default().push(id);
        }
    }

    /// Forgets cases that were destroyed, and fills the index anew from the others: nothing of them is left in it.
    pub fn forget(&mut self, cases: &[CaseId]) {
        for case in cases {
            let Some(entry) = self.entries.remove(case) else {
                continue;
            };
            self.numbers.remove(&entry.row.number);
            for tip in self.tips_of.remove(case).unwrap_or_default() {
                self.tips.remove(&tip);
            }
            if let Some(joined) = entry
                .row
                .joined
                .and_then(|one| self.joined.get_mut(&one.lead))
            {
                joined.retain(|one| one != case);
            }
            self.joined.remove(case);
            self.audiences.of.remove(case);
            self.audiences.stale.remove(case);
            self.older_numbers.retain(|_, of| of != case);
            self.apart.retain(|pair| pair.other(*case).is_none());
            self.tasks.retain(|_, task| task.case != *case);
        }
        let sketches = self.tips.iter().filter_map(|(tip, case)| {
            let entry = self.entries.get(case)?;
            Some((*tip, &entry.sketch))
        });
        let sketches = sketches.collect();
        self.index = Index::default();
        self.index.extend(sketches);
        let audiences = self.tips.iter();
        let audiences: Vec<_> = audiences
            .map(|(tip, case)| (*tip, self.audiences.of(*case)))
            .collect();
        self.index.set_all_audiences(&audiences);
    }

    /// Whether it is known of every case who is kept from it, as these accounts and rules say.
    #[must_use]
    pub fn is_settled(&self, members: &[Member], rules: &Arc<Rules>) -> bool {
        let by = self.audiences.by.as_ref();
        self.audiences.stale.is_empty()
            && by.is_some_and(|(known, by)| known == members && Arc::ptr_eq(by, rules))
    }

    /// Who is kept from every case that was changed; from all of them where the accounts or the rules are others. To be
    /// [taken note of](Self::settle).
    #[must_use]
    pub fn unsettled(
        &self,
        members: &[Member],
        rules: &Arc<Rules>,
        recused: impl Fn(&Member, &Entry) -> bool,
    ) -> Vec<Kept> {
        let by = self.audiences.by.as_ref();
        let known = by.filter(|(_, by)| Arc::ptr_eq(by, rules));
        let known = known.map_or(&[][..], |(known, _)| known);
        // Of an account that is as it was it is known of every case that was not changed.
        let (same, others): (Vec<&Member>, Vec<&Member>) =
            members.iter().partition(|member| known.contains(member));
        let is_all = !others.is_empty() || same.len() < known.len();
        let leads: BTreeSet<CaseId> = if is_all {
            let leads = self.groups();
            leads.map(|group| group.lead.row.id).collect()
        } else {
            let stale = self.audiences.stale.iter();
            let stale = stale.filter_map(|case| self.entries.get(case));
            stale
                .map(|entry| self.group_of(entry).lead.row.id)
                .collect()
        };
        let kept = |lead: CaseId| {
            let group = self.group_of(self.entries.get(&lead)?);
            let is_stale = |entry: &Entry| self.audiences.stale.contains(&entry.row.id);
            let is_stale = group.cases().any(is_stale);
            let before = self.audiences.kept(self.audiences.of(lead));
            let before = before.filter(|_| !is_stale);
            let is_kept = |member: &&Member| {
                let looked = || group.cases().any(|entry| recused(member, entry));
                let was = before.filter(|_| known.contains(member));
                member.is_reader() && was.map_or_else(looked, |kept| kept.contains(&member.id))
            };
            let kept = members.iter().filter(is_kept);
            Some(Kept {
                from: group
                    .cases()
                    .map(|entry| (entry.row.id, entry.row.version))
                    .collect(),
                who: kept.map(|member| member.id).collect(),
            })
        };
        leads.into_iter().filter_map(kept).collect()
    }

    /// Takes note of who is kept from which cases, as these accounts and rules say. What was changed since it was looked for
    /// stays to be looked for.
    pub fn settle(&mut self, members: &[Member], rules: &Arc<Rules>, found: Vec<Kept>) {
        let mut changed = Vec::new();
        for Kept { from, who } in found {
            let audience = self.audiences.without(who);
            for (case, version) in from {
                let Some(entry) = self.entries.get(&case) else {
                    continue;
                };
                if entry.row.version == version {
                    self.audiences.stale.remove(&case);
                }
                self.audiences.of.insert(case, audience);
                let tips = self.tips_of(case).iter();
                changed.extend(tips.map(|tip| (*tip, audience)));
            }
        }
        let by = self.audiences.by.as_ref();
        if by.is_some_and(|(known, by)| known == members && Arc::ptr_eq(by, rules)) {
            self.index.set_audiences(&changed);
        } else {
            self.index.set_all_audiences(&changed);
        }
        let entries = &self.entries;
        self.audiences
            .stale
            .retain(|case| entries.contains_key(case));
        self.audiences.by = Some((members.to_vec(), Arc::clone(rules)));
    }

    /// Whether everybody may see a case who is not among `kept`, as far as recusals go: only then may anything of it have a
    /// say in what becomes of a case from which those are kept.
    #[must_use]
    pub fn may_speak(&self, case: CaseId, kept: &BTreeSet<MemberId>) -> bool {
        let of_case = self.audiences.kept(self.audiences.of(case));
        of_case.is_some_and(|of_case| of_case.is_subset(kept))
    }

    /// Open cases of each member, of those that [may speak](Self::may_speak): whom a new case is given to tells nobody of
    /// one that she may not see.
    #[must_use]
    pub fn load_without(&self, kept: &BTreeSet<MemberId>) -> Load {
        let mut load = Load::new();
        let mut known: HashMap<Audience, bool> = HashMap::new();
        for group in self.groups().filter(|group| !group.state().is_finished()) {
            let case = group.lead.row.id;
            let speaks = known
                .entry(self.audiences.of(case))
                .or_insert_with(|| self.may_speak(case, kept));
            if !*speaks {
                continue;
            }
            for handler in group.lead.handlers() {
                *load.entry(handler).or_default() += 1;
            }
        }
        load
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
    pub fn index_one(&mut self, tip: [u8; 16], sketch: &Sketch) {
        self.index.add(tip, sketch);
    }

    /// Takes note that a member holds no key any more.
    pub fn forget_holder(&mut self, member: MemberId) {
        for entry in self.entries.values_mut() {
            entry.holders.retain(|holder| *holder != member);
        }
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

    /// Replaces a clock of a case after it was stored.
    pub fn replace_clock(&mut self, clock: &ClockRow) {
        let case = self.entries.get_mut(&clock.case);
        let clocks = case.into_iter().flat_map(|entry| &mut entry.clocks);
        for known in clocks.filter(|known| known.id == clock.id) {
            known.clone_from(clock);
        }
    }

    /// Takes in a task that is not done.
    pub fn add_task(&mut self, task: TaskRow) {
        self.tasks.insert(task.id, task);
    }

    /// Keeps step with papers that were stored.
    pub fn keep_papers(&mut self, papers: &PaperChanges) {
        for paper in &papers.new {
            if let (PaperKind::Task, Some(due_day)) = (paper.kind, paper.due_day) {
                self.add_task(TaskRow {
                    id: paper.id,
                    case: paper.case,
                    member: paper.member,
                    due_day,
                });
            }
        }
        for (task, _) in &papers.done {
            self.tasks.remove(task);
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
        if apart {
            self.apart.insert(pair);
        } else {
            self.apart.remove(&pair);
        }
    }

    /// Whether a person holds the two apart.
    #[must_use]
    pub fn is_apart(&self, pair: Pair) -> bool {
        self.apart.contains(&pair)
    }

    /// Cases that a person holds apart from the one with this id, in no order.
    pub fn apart_from(&self, case: CaseId) -> impl Iterator<Item = &Entry> {
        let others = self.apart.iter().filter_map(move |pair| pair.other(case));
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

    /// Takes note that a case had another number before.
    pub fn add_older_number(&mut self, number: String, case: CaseId) {
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
}
