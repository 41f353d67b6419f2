//! Which cases a member sees, without looking for his name in every tip each time he opens a list: what was found of a
//! case holds until it, he or the rules are changed.

use crate::triage::cases::{Board, Entry, Group};
use crate::triage::office::Office;
use crate::triage::routing::Rules;
use crate::triage::similarity::TipId;
use crate::triage::staff::{Member, MemberId};
use crate::triage::store::CaseId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What was found of each member.
#[derive(Default)]
pub(in crate::triage) struct Sights(Mutex<HashMap<MemberId, Arc<Mutex<Sight>>>>);

/// What was found of one member, as he and the rules were then.
struct Sight {
    member: Member,
    rules: Arc<Rules>,
    /// By case: its version, and whether he is recused from it.
    recused: HashMap<CaseId, (i64, bool)>,
}

impl Sights {
    fn of(&self, member: &Member, rules: &Arc<Rules>) -> Arc<Mutex<Sight>> {
        let mut sights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sight = sights
            .entry(member.id)
            .or_insert_with(|| Arc::new(Mutex::new(Sight::new(member, rules))));
        Arc::clone(sight)
    }
}

impl Sight {
    fn new(member: &Member, rules: &Arc<Rules>) -> Self {
        Self {
            member: member.clone(),
            rules: Arc::clone(rules),
            recused: HashMap::new(),
        }
    }

    fn recused(&mut self, office: &Office, entry: &Entry) -> bool {
        // Every change of a case raises its version; what the reporter adds does too.
        let version = entry.row.version;
        match self.recused.get(&entry.row.id) {
            Some((known, recused)) if *known == version => *recused,
            _ => {
                let recused = office.recused(&self.member, entry);
                self.recused.insert(entry.row.id, (version, recused));
                recused
            }
        }
    }
}

impl Office {
    /// Shows `look` each group on the board that the viewer may have before him, as [`crate::triage::desk::Desk`] says for one: the
    /// rule lets him, and he holds its key.
    pub(in crate::triage) fn each_seen<'b>(
        &self,
        board: &'b Board,
        viewer: &Member,
        mut look: impl FnMut(Group<'b>),
    ) {
        self.with_sight(viewer, |sees| {
            for group in board.groups().filter(|group| sees(group)) {
                look(group);
            }
        });
    }

    /// Lends `work` the question whether the viewer may have a tip before him; one that is not on the board nobody may.
    pub(in crate::triage) fn with_sight_of_tips<T>(
        &self,
        board: &Board,
        viewer: &Member,
        work: impl FnOnce(&mut dyn FnMut(&TipId) -> bool) -> T,
    ) -> T {
        self.with_sight(viewer, |sees| {
            work(&mut |tip| {
                let entry = board.of_tip(tip);
                entry.is_some_and(|entry| sees(&board.group_of(entry)))
            })
        })
    }

    /// Lends `work` the question whether the viewer may have a group before him.
    pub(in crate::triage) fn with_sight<T>(
        &self,
        viewer: &Member,
        work: impl FnOnce(&mut dyn FnMut(&Group<'_>) -> bool) -> T,
    ) -> T {
        let rules = self.rules();
        let sight = self.sights.of(viewer, &rules);
        let mut sight = sight.lock().unwrap_or_else(PoisonError::into_inner);
        if sight.member != *viewer || !Arc::ptr_eq(&sight.rules, &rules) {
            *sight = Sight::new(viewer, &rules);
        }
        work(&mut |group| {
            group.lead.holders.contains(&viewer.id)
                && Self::in_role(viewer, group)
                && !group.cases().any(|entry| sight.recused(self, entry))
        })
    }
}
