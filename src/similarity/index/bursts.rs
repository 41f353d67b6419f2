//! Schools about which far more tips come than usual.

use super::{Brief, Doc, Index};
use crate::TipId;
use crate::burst::{Arrivals, Burst, SEEN_DAYS};
use crate::reading::Schools;
use mifeng_foundation::clock::Day;
use mifeng_opening::SketchKey;

impl Index {
    /// Schools with far more tips of one kind in the past week than in the twelve weeks before.
    #[must_use]
    pub fn bursts(&self, today: Day, schools: &Schools, key: &SketchKey) -> Vec<Burst> {
        self.arrivals.bursts(today, schools, key)
    }

    /// The same among the tips that somebody may see: no number tells of one that she may not.
    #[must_use]
    pub fn bursts_among(
        &self,
        today: Day,
        schools: &Schools,
        key: &SketchKey,
        mut sees: impl FnMut(&TipId) -> bool,
    ) -> Vec<Burst> {
        // Leaving tips out of the usual weeks can make a burst as well as unmake one.
        let mut recent = |doc: &Doc, day: i32| {
            !doc.is_gone && (0..SEEN_DAYS).contains(&(today.number() - day)) && sees(&doc.tip)
        };
        let mut arrivals = Arrivals::default();
        for (doc, Brief { day, .. }) in self.docs.iter().zip(&self.briefs) {
            if recent(doc, *day) {
                arrivals.add(&self.forward.facts(doc.kept), *day);
            }
        }
        arrivals.bursts(today, schools, key)
    }
}
