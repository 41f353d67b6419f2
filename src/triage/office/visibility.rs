//! Visibility: the one way in which pages, lists, figures, mails, feeds and files get at cases. A [`VisibleCases`] holds the
//! cases that one viewer may see and nothing else. So everything that is shown, counted, ordered or compared is as it would be
//! if the other cases did not exist.
//!
//! The viewer's name is not looked for in every tip each time a list is opened: the answer is cached by case, until the case,
//! the account or the rules are changed.

use crate::cases::{Caseload, Entry, Group};
use crate::model::{CaseId, CaseNumber, Member, MemberId};
use crate::office::{Involved, Office};
use crate::routing::{Load, Rules};
use crate::store::{Pair, TaskRow};
use mifeng_similarity::{
    Burst, Candidate, Compared, Explanation, Flood, Reading, Reason, Sketch, TipId,
};
use parking_lot::{Mutex, MutexGuard};
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

/// From which cases each member is recused, as far as it was computed.
#[derive(Default)]
pub(crate) struct VisibilityCache(Mutex<HashMap<MemberId, Arc<Mutex<MemberVisibility>>>>);

/// From which cases one member is recused, by the account and the rules as they were then.
struct MemberVisibility {
    member: Member,
    rules: Arc<Rules>,
    /// By case: its version, and what the member has to do with it.
    recused: HashMap<CaseId, (i64, Involved)>,
}

impl VisibilityCache {
    fn of(&self, member: &Member, rules: &Arc<Rules>) -> Arc<Mutex<MemberVisibility>> {
        let mut visibility_cache = self.0.lock();
        let visibility = visibility_cache
            .entry(member.id)
            .or_insert_with(|| Arc::new(Mutex::new(MemberVisibility::new(member, rules))));
        Arc::clone(visibility)
    }
}

impl MemberVisibility {
    fn new(member: &Member, rules: &Arc<Rules>) -> Self {
        Self {
            member: member.clone(),
            rules: Arc::clone(rules),
            recused: HashMap::new(),
        }
    }

    fn recused(&mut self, office: &Office, entry: &Entry) -> bool {
        self.involved(office, entry).keeps()
    }

    fn involved(&mut self, office: &Office, entry: &Entry) -> Involved {
        // Every change of a case raises its version; what the reporter adds does too.
        let version = entry.row.version;
        match self.recused.get(&entry.row.id) {
            Some((known, involved)) if *known == version => *involved,
            _ => {
                let involved = office.involved(&self.member, entry);
                self.recused.insert(entry.row.id, (version, involved));
                involved
            }
        }
    }
}

/// The cases that one viewer may see: those that the rule of access allows and whose key the viewer holds. It gives out no
/// other case, and no number in which another case is counted.
pub(crate) struct VisibleCases<'s, 'b> {
    office: &'s Office,
    caseload: &'b Caseload,
    viewer: &'s Member,
    visibility: RefCell<MutexGuard<'s, MemberVisibility>>,
    /// Floods that were looked for, by each of their tips.
    floods: RefCell<HashMap<TipId, Option<Arc<Flood>>>>,
}

impl<'b> VisibleCases<'_, 'b> {
    /// Whether the viewer may see a group.
    fn may_see(&self, group: &Group<'_>) -> bool {
        let mut visibility = self.visibility.borrow_mut();
        group.lead.holders.contains(&self.viewer.id)
            && Office::in_role(self.viewer, group)
            && !group
                .cases()
                .any(|entry| visibility.recused(self.office, entry))
    }

    fn with_group(&self, entry: &'b Entry) -> Option<(&'b Entry, Group<'b>)> {
        let group = self.caseload.group_of(entry);
        self.may_see(&group).then_some((entry, group))
    }

    /// Every group, in no order.
    pub fn groups(&self) -> impl Iterator<Item = Group<'b>> {
        self.caseload.groups().filter(|group| self.may_see(group))
    }

    /// The case that has this number or had it before, with its group.
    pub fn by_number(&self, number: &CaseNumber) -> Option<(&'b Entry, Group<'b>)> {
        self.with_group(self.caseload.by_number(number)?)
    }

    /// The case with this id, with its group.
    pub fn by_id(&self, case: CaseId) -> Option<(&'b Entry, Group<'b>)> {
        self.with_group(self.caseload.by_id(case)?)
    }

    /// The case of a tip, with its group.
    pub fn of_tip(&self, tip: &TipId) -> Option<(&'b Entry, Group<'b>)> {
        self.with_group(self.caseload.of_tip(tip)?)
    }

    /// The tips of a case.
    pub fn tips_of(&self, case: CaseId) -> &'b [TipId] {
        self.by_id(case)
            .map_or(&[], |(entry, _)| self.caseload.tips_of(entry.row.id))
    }

    /// Open cases of each member, those that she handles with others among them.
    pub fn load(&self) -> Load {
        let mut load = Load::new();
        for group in self.groups().filter(|group| !group.state().is_finished()) {
            for handler in group.lead.handlers() {
                *load.entry(handler).or_default() += 1;
            }
        }
        load
    }

    /// The viewer's tasks that are not done, each with the case it is in, in no order.
    pub fn tasks(&self) -> impl Iterator<Item = (&'b TaskRow, Group<'b>)> {
        let own = self.caseload.tasks().of(self.viewer.id);
        own.filter_map(|task| Some((task, self.by_id(task.case)?.1)))
    }

    /// Cases whose text is the same, by day and number, each with its group.
    pub fn same_text(&self, sketch: &Sketch) -> impl Iterator<Item = (&'b Entry, Group<'b>)> {
        let mates = self.caseload.same_text(sketch).into_iter();
        mates.filter_map(|mate| self.with_group(mate))
    }

    /// Whether a person holds two cases apart that the viewer sees.
    pub fn is_apart(&self, pair: Pair) -> bool {
        self.caseload.held_apart().contains(pair)
    }

    /// Cases that a person holds apart from the one with this id, each with its group, in no order.
    pub fn apart_from(&self, case: CaseId) -> impl Iterator<Item = (&'b Entry, Group<'b>)> {
        let others = self.caseload.apart_from(case);
        others.filter_map(|other| self.with_group(other))
    }

    fn sees_tip(&self, tip: &TipId) -> bool {
        self.of_tip(tip).is_some()
    }

    /// The tips most like one, best first.
    pub fn candidates_of(&self, tip: &TipId) -> Vec<Candidate> {
        let index = self.caseload.index();
        let near = index.candidates_of(tip, |tip| self.sees_tip(tip));
        near.unwrap_or_default()
    }

    /// How two tips compare, as [`Self::candidates_of`] has it for the first; `None` if either is not there.
    pub fn compared(&self, tip: &TipId, other: &TipId) -> Option<Compared> {
        let seen = [tip, other].into_iter().all(|tip| self.sees_tip(tip));
        let index = self.caseload.index();
        seen.then(|| index.compared(tip, other, |tip| self.sees_tip(tip)))
            .flatten()
    }

    /// The copies that all tips of a group are of, as many as the viewer sees.
    pub fn flood_of(&self, group: &Group<'_>) -> Option<Arc<Flood>> {
        let mut tips = group
            .cases()
            .flat_map(|entry| self.caseload.tips_of(entry.row.id).iter());
        let flood = self.flood(tips.next()?)?;
        tips.all(|tip| flood.tips.contains(tip)).then_some(flood)
    }

    fn flood(&self, tip: &TipId) -> Option<Arc<Flood>> {
        if let Some(known) = self.floods.borrow().get(tip) {
            return known.clone();
        }
        let index = self.caseload.index();
        let flood = index.flood_of(tip, |tip| self.sees_tip(tip)).map(Arc::new);
        let mut floods = self.floods.borrow_mut();
        for tip in flood.iter().flat_map(|flood| &flood.tips) {
            floods.insert(*tip, flood.clone());
        }
        floods.insert(*tip, flood.clone());
        flood
    }

    /// What speaks for and against, the weightiest first.
    pub fn reasons(&self, compared: &Compared) -> Vec<Reason> {
        self.caseload.index().reasons(compared)
    }

    /// Two tips that are open laid beside each other, which compare so.
    pub fn explain(&self, compared: Compared, earlier: &Reading, later: &Reading) -> Explanation {
        let key = &self.office.sketch_key;
        self.caseload.index().explain(compared, earlier, later, key)
    }

    /// Where a tip's account has text that tips about many schools have in common; `read` reads the account.
    pub fn template_text(&self, tip: &TipId, read: impl FnOnce() -> Reading) -> Vec<Range<usize>> {
        let index = self.caseload.index();
        if !index.has_template(tip) {
            return Vec::new();
        }
        index.template_text(&read(), &self.office.sketch_key)
    }

    /// Schools with more tips of one kind than usual.
    pub fn bursts(&self) -> Vec<Burst> {
        let (rules, office) = (self.office.rules(), self.office);
        let schools = rules.compared_schools();
        let (today, key) = (office.today(), &office.sketch_key);
        let index = self.caseload.index();
        index.bursts_among(today, schools, key, |tip| self.sees_tip(tip))
    }
}

impl Office {
    /// Takes note of who may see which case, where the accounts, the rules or a case changed: before anything is compared,
    /// routed or shown by it.
    pub(crate) fn settle(&self, members: &[Member]) {
        let rules = self.rules();
        if self.caseload(|caseload| caseload.is_settled(members, &rules)) {
            return;
        }
        // Names are looked for while pages go on.
        let recused = |member: &Member, entry: &Entry| self.recused(member, entry);
        let found = self.caseload(|caseload| caseload.unsettled(members, &rules, recused));
        self.caseload_mut(|caseload| caseload.settle(members, &rules, found));
    }

    /// Who of those who read tips is kept from one, by `recused`.
    pub(crate) fn kept_from(
        members: &[Member],
        recused: impl Fn(&Member) -> bool,
    ) -> BTreeSet<MemberId> {
        let readers = members.iter().filter(|member| member.is_reader());
        readers
            .filter(|member| recused(member))
            .map(|member| member.id)
            .collect()
    }

    /// Calls `look` with the cases that the viewer may see. `look` must not call this itself.
    pub(crate) fn visible_to<T>(
        &self,
        viewer: &Member,
        look: impl FnOnce(&VisibleCases<'_, '_>) -> T,
    ) -> T {
        let rules = self.rules();
        let visibility = self.visibility_cache.of(viewer, &rules);
        self.caseload(|caseload| {
            let mut visibility = visibility.lock();
            if visibility.member != *viewer || !Arc::ptr_eq(&visibility.rules, &rules) {
                *visibility = MemberVisibility::new(viewer, &rules);
            }
            look(&VisibleCases {
                office: self,
                caseload,
                viewer,
                visibility: RefCell::new(visibility),
                floods: RefCell::default(),
            })
        })
    }

    /// Of some cases those in which `member` may be meant and nobody has said whether he is.
    pub(crate) fn asked_of<'b>(
        &self,
        member: &Member,
        cases: impl Iterator<Item = &'b Entry>,
    ) -> Vec<CaseId> {
        let rules = self.rules();
        let visibility = self.visibility_cache.of(member, &rules);
        let mut visibility = visibility.lock();
        if visibility.member != *member || !Arc::ptr_eq(&visibility.rules, &rules) {
            *visibility = MemberVisibility::new(member, &rules);
        }
        let asked = cases.filter(|entry| visibility.involved(self, entry) == Involved::Perhaps);
        asked.map(|entry| entry.row.id).collect()
    }
}
