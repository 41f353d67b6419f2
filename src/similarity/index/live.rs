//! The index in use, which can be made anew beside it: after tips were removed, whose traces its lists hold still. It takes as
//! long as filling it at start, and nobody waits for it: what is done to the index meanwhile is noted and done again to the
//! new one, which then takes its place.

use super::{Audience, Index, TipId, Weights};
use crate::sketch::Sketch;
use std::ops::Deref;
use std::sync::Arc;

/// Steps that are done again while whoever looks at the index waits; each takes some microseconds. If there are more, all of
/// them are done again first, and then those that came meanwhile are looked at.
const STEPS_AT_ONCE: usize = 64;

/// Something that was done to the index.
enum Step {
    Added(TipId, Arc<Sketch>, Audience),
    Removed(TipId),
    Audiences(Vec<(TipId, Audience)>),
    AllAudiences(Vec<(TipId, Audience)>),
}

/// What was done to the index while it was made anew, in order.
pub struct Steps(Vec<Step>);

/// Every tip in the index in order of its coming, with all that the index knows of it.
pub struct Standing {
    weights: Weights,
    tips: Vec<(TipId, Arc<Sketch>, Audience)>,
}

/// What became of an index that was made anew.
pub enum Renewed {
    /// It is in use. What was in use before is given back, so that nobody waits while it is wiped.
    Done(Box<Index>),
    /// So much was done meanwhile that it is to be [done again](Steps::repeat_on) first.
    Behind(Box<Index>, Steps),
    /// It is not wanted any more.
    NotWanted(Box<Index>),
}

/// The index in use.
#[derive(Default)]
pub struct LiveIndex {
    index: Index,
    /// What was done to it since it began to be made anew.
    steps: Option<Vec<Step>>,
}

impl Deref for LiveIndex {
    type Target = Index;

    fn deref(&self) -> &Index {
        &self.index
    }
}

impl LiveIndex {
    /// Takes in many tips at once, that everybody may see.
    pub fn fill(&mut self, tips: Vec<(TipId, &Sketch)>) {
        // So many are taken in at start only: nothing is made anew then.
        self.steps = None;
        self.index.extend(tips);
    }

    /// As [`Index::add_for`].
    pub fn add_for(&mut self, tip: TipId, sketch: &Arc<Sketch>, audience: Audience) {
        self.note(|| Step::Added(tip, Arc::clone(sketch), audience));
        self.index.add_for(tip, sketch, audience);
    }

    /// As [`Index::remove`].
    pub fn remove(&mut self, tip: &TipId) {
        self.note(|| Step::Removed(*tip));
        self.index.remove(tip);
    }

    /// As [`Index::set_audiences`].
    pub fn set_audiences(&mut self, audiences: Vec<(TipId, Audience)>) {
        self.index.set_audiences(&audiences);
        self.note(|| Step::Audiences(audiences));
    }

    /// As [`Index::set_all_audiences`].
    pub fn set_all_audiences(&mut self, audiences: Vec<(TipId, Audience)>) {
        self.index.set_all_audiences(&audiences);
        self.note(|| Step::AllAudiences(audiences));
    }

    fn note(&mut self, step: impl FnOnce() -> Step) {
        if let Some(steps) = &mut self.steps {
            steps.push(step());
        }
    }

    /// Begins to take note of what is done, if the index holds anything of a tip that was removed and nobody makes it anew
    /// already.
    pub fn begin_renewal(&mut self) -> bool {
        let begins = self.index.has_gone() && self.steps.is_none();
        if begins {
            self.steps = Some(Vec::new());
        }
        begins
    }

    /// Every tip that is in it; `sketch` has what each is compared by.
    #[must_use]
    pub fn standing(&self, sketch: impl Fn(&TipId) -> Option<Arc<Sketch>>) -> Standing {
        let tips = self.index.standing();
        let tips = tips.filter_map(|(tip, audience)| Some((tip, sketch(&tip)?, audience)));
        Standing {
            weights: self.index.weights().clone(),
            tips: tips.collect(),
        }
    }

    /// Puts an index that was made from what [stood](Self::standing) when it [began](Self::begin_renewal) in the place of this
    /// one, if it is no more than some steps behind.
    pub fn renew(&mut self, mut renewed: Index) -> Renewed {
        let Some(steps) = self.steps.take() else {
            return Renewed::NotWanted(Box::new(renewed));
        };
        let of_all = |step: &Step| matches!(step, Step::AllAudiences(_));
        if steps.len() > STEPS_AT_ONCE || steps.iter().any(of_all) {
            self.steps = Some(Vec::new());
            return Renewed::Behind(Box::new(renewed), Steps(steps));
        }
        Steps(steps).repeat_on(&mut renewed);
        Renewed::Done(Box::new(std::mem::replace(&mut self.index, renewed)))
    }

    /// Takes note no longer.
    pub fn end_renewal(&mut self) {
        self.steps = None;
    }
}

impl Standing {
    /// An index of these tips and of nothing else, made on two cores.
    #[must_use]
    pub fn into_index(self) -> Index {
        Index::of(self.weights, &self.tips)
    }
}

impl Steps {
    /// Does them again.
    pub fn repeat_on(self, index: &mut Index) {
        for step in self.0 {
            match step {
                Step::Added(tip, sketch, audience) => index.add_for(tip, &sketch, audience),
                Step::Removed(tip) => index.remove(&tip),
                Step::Audiences(audiences) => index.set_audiences(&audiences),
                Step::AllAudiences(audiences) => index.set_all_audiences(&audiences),
            }
        }
    }
}
