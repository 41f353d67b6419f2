//! Who may see a tip, as far as comparing goes. What is common, and what a template, is said by the tips that everybody may
//! see, and by no other: so nothing that is shown of a tip, whoever looks at it, tells of one from which somebody is kept.

use super::{Index, TipId};
use crate::index::flood::find_flood;
use crate::index::linking::link_all;
use crate::index::template::find_template_anew;

/// Tips from which the same people are kept. The number says nothing but that they are the same people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Audience(pub u32);

impl Audience {
    /// From which nobody is kept.
    pub const EVERYBODY: Self = Self(0);
    /// Of which it is not known yet.
    pub const UNKNOWN: Self = Self(u32::MAX);

    /// Whether nobody is kept from it.
    #[must_use]
    pub fn is_everybody(self) -> bool {
        self == Self::EVERYBODY
    }
}

impl Index {
    /// Whether what a tip says counts for what is common.
    #[inline]
    pub(super) fn counts(&self, doc: u32) -> bool {
        self.docs[doc as usize].audience.is_everybody()
    }

    /// The same as a number to be taken off.
    #[inline]
    pub(super) fn own(&self, doc: u32) -> u32 {
        u32::from(self.counts(doc))
    }

    /// Takes note of who may see some tips: of new ones, or of those of a case that was changed.
    pub fn set_audiences(&mut self, audiences: &[(TipId, Audience)]) {
        for (doc, before) in take_audiences(self, audiences) {
            let after = self.docs[doc as usize].audience;
            if before == Audience::UNKNOWN {
                self.link(doc);
                continue;
            }
            if before.is_everybody() || after.is_everybody() {
                let sentences = self.docs[doc as usize].sentences;
                let sentences: Vec<u32> = self.chains.keys(doc, sentences).collect();
                for sentence in sentences {
                    find_template_anew(self, sentence);
                }
            }
            find_flood(self, doc);
        }
    }

    /// Takes note of who may see tips where that was not known before, or the accounts or rules are others: if any is another,
    /// all are linked anew, so that it is as if it had been known when they came.
    pub fn set_all_audiences(&mut self, audiences: &[(TipId, Audience)]) {
        if take_audiences(self, audiences).is_empty() {
            return;
        }
        self.templates.0.clear();
        self.floods = super::flood::Floods::default();
        self.chains.settle();
        link_all(self, 0);
    }
}

/// Which tips are another's now, each with whose it was.
pub(super) fn take_audiences(
    index: &mut Index,
    audiences: &[(TipId, Audience)],
) -> Vec<(u32, Audience)> {
    let mut changed = Vec::new();
    for (tip, audience) in audiences {
        let Some(doc) = index.numbers.get(tip).copied() else {
            continue;
        };
        let before = std::mem::replace(&mut index.docs[doc as usize].audience, *audience);
        if before == *audience {
            continue;
        }
        if before.is_everybody() {
            discount_audience(index, doc);
        } else if audience.is_everybody() {
            count_audience(index, doc);
        }
        changed.push((doc, before));
    }
    changed
}

/// Counts what a tip says.
pub(super) fn count_audience(index: &mut Index, doc: u32) {
    let kept = index.docs[doc as usize].kept;
    index.common.add(&index.forward.facts(kept));
    index.counted += 1;
    for (id, _) in index.forward.grams(kept) {
        index.table.count_one(id);
    }
}

/// Counts it no longer.
pub(super) fn discount_audience(index: &mut Index, doc: u32) {
    let kept = index.docs[doc as usize].kept;
    index.common.remove(&index.forward.facts(kept));
    index.counted -= 1;
    for (id, _) in index.forward.grams(kept) {
        index.table.forget(id);
    }
}
