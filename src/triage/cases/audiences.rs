//! Who is kept from which case by a recusal: found anew where a case, an account or the rules changed, and known until then.

use super::{Caseload, Entry};
use crate::model::{CaseId, Member, MemberId};
use crate::routing::{Load, Rules};
use mifeng_similarity::Audience;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

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
pub(super) struct Audiences {
    /// The people of each, by number; the first is nobody.
    kept: Vec<Arc<BTreeSet<MemberId>>>,
    numbers: HashMap<Arc<BTreeSet<MemberId>>, Audience>,
    of: HashMap<CaseId, Audience>,
    /// Cases of which it is to be found anew.
    stale: HashSet<CaseId>,
    /// The accounts and the rules by which it was found.
    by: Option<(Vec<Member>, Arc<Rules>)>,
}

impl Audiences {
    /// That of a case.
    pub fn of(&self, case: CaseId) -> Audience {
        self.of.get(&case).copied().unwrap_or(Audience::UNKNOWN)
    }

    /// Who is kept from the cases of an audience; `None` where that is not known.
    fn kept(&self, audience: Audience) -> Option<&BTreeSet<MemberId>> {
        let known = self.kept.get(audience.0 as usize);
        known.map(|kept| &**kept)
    }

    /// The audience from which these are kept.
    pub fn without(&mut self, kept: BTreeSet<MemberId>) -> Audience {
        if self.kept.is_empty() {
            self.number(Arc::default());
        }
        match self.numbers.get(&kept) {
            Some(known) => *known,
            None => self.number(Arc::new(kept)),
        }
    }

    fn number(&mut self, kept: Arc<BTreeSet<MemberId>>) -> Audience {
        let Ok(number) = u32::try_from(self.kept.len()) else {
            return Audience::UNKNOWN;
        };
        self.kept.push(Arc::clone(&kept));
        self.numbers.insert(kept, Audience(number));
        Audience(number)
    }

    /// Takes note of a case's audience: nothing of it is to be looked for any more.
    pub fn found(&mut self, case: CaseId, audience: Audience) {
        self.of.insert(case, audience);
        self.stale.remove(&case);
    }

    /// Takes note that cases were changed.
    pub fn changed(&mut self, cases: impl IntoIterator<Item = CaseId>) {
        self.stale.extend(cases);
    }

    /// Forgets a case.
    pub fn forget(&mut self, case: CaseId) {
        self.of.remove(&case);
        self.stale.remove(&case);
    }
}

impl Caseload {
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
                self.count(case);
            }
        }
        let by = self.audiences.by.as_ref();
        if by.is_some_and(|(known, by)| known == members && Arc::ptr_eq(by, rules)) {
            self.index.set_audiences(changed);
        } else {
            self.index.set_all_audiences(changed);
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
        self.workload.load(|audience| {
            let of_case = self.audiences.kept(audience);
            of_case.is_some_and(|of_case| of_case.is_subset(kept))
        })
    }
}
