//! Pairs of cases that a person holds apart: they tell of different things, whatever the comparison says.

use crate::model::CaseId;
use crate::store::Pair;
use std::collections::{BTreeSet, HashMap};

/// All pairs, each found from both of its cases.
#[derive(Default)]
pub struct HeldApart(HashMap<CaseId, BTreeSet<CaseId>>);

impl HeldApart {
    /// Holds a pair apart, or no longer.
    pub fn set(&mut self, pair: Pair, apart: bool) {
        for (case, other) in pair.both_ways() {
            if apart {
                self.0.entry(case).or_default().insert(other);
            } else {
                self.remove(case, other);
            }
        }
    }

    fn remove(&mut self, case: CaseId, other: CaseId) {
        let Some(others) = self.0.get_mut(&case) else {
            return;
        };
        others.remove(&other);
        if others.is_empty() {
            self.0.remove(&case);
        }
    }

    /// Whether a person holds the two apart.
    #[must_use]
    pub fn contains(&self, pair: Pair) -> bool {
        let [(case, other), _] = pair.both_ways();
        let others = self.0.get(&case);
        others.is_some_and(|others| others.contains(&other))
    }

    /// Cases that are held apart from this one.
    pub fn of(&self, case: CaseId) -> impl Iterator<Item = CaseId> {
        self.0.get(&case).into_iter().flatten().copied()
    }

    /// Forgets all pairs that a case is in.
    pub fn forget(&mut self, case: CaseId) {
        for other in self.0.remove(&case).unwrap_or_default() {
            self.remove(other, case);
        }
    }
}
