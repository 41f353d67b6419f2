//! Forgetting a tip, and what is left of it until the index is made anew from the others.

use super::{Audience, Index};
use crate::TipId;
use crate::index::audience::discount_audience;

impl Index {
    /// Whether it holds anything still of a tip that was removed.
    #[must_use]
    pub fn has_gone(&self) -> bool {
        self.gone > 0
    }

    /// Every tip that is in it, in order of coming, with who may see it.
    pub(super) fn standing(&self) -> impl Iterator<Item = (TipId, Audience)> {
        let docs = self.docs.iter().filter(|doc| !doc.is_gone);
        docs.map(|doc| (doc.tip, doc.audience))
    }

    /// Forgets a tip: it is found, counted and compared no more. Its numbers stay in the lists until the index is made anew
    /// from the [others](super::Standing), and so do the copies and templates that were found by it.
    pub fn remove(&mut self, tip: &TipId) {
        let Some(doc) = self.numbers.remove(tip) else {
            return;
        };
        let entry = &mut self.docs[doc as usize];
        entry.is_gone = true;
        self.gone += 1;
        let day = self.briefs[doc as usize].day;
        let kept = entry.kept;
        let facts = self.forward.facts(kept);
        self.arrivals.remove(&facts, day);
        if self.counts(doc) {
            discount_audience(self, doc);
        }
    }
}
