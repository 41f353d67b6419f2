//! The same text many times within days: seen as one group, and every tip of it kept.

use super::weighing::Weighing;
use super::{Index, TipId};
use crate::clock::Day;
use crate::triage::similarity::measure::veto_of_copies;
use std::collections::HashMap;

/// Days within which near copies belong together.
const WINDOW_DAYS: i32 = 7;
/// Copies from which it is a flood.
const COPIES_MIN: usize = 5;
/// Cosine of the grams from which two texts are near copies.
const COPY_FROM: f32 = 0.6;
/// How far from the square of a cosine it may be that two tips' sums give.
const WEIGHING_ERROR: f32 = 0.001;
/// Earlier tips looked at for each sentence.
const LOOK_BACK: usize = 8;
/// One in so many of a text's sentences has to be in a copy, before the two are compared.
const SENTENCES_PER_SHARED: usize = 3;

/// Near copies of one text that came within days of each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flood {
    /// Its name: the first tip.
    pub first_tip: TipId,
    /// Every tip of it, in order of arrival.
    pub tips: Vec<TipId>,
    /// Day of the first.
    pub first_day: Day,
    /// Day of the last.
    pub last_day: Day,
}

/// Groups of near copies: a forest in which each tip points at an earlier one of its group.
#[derive(Default)]
pub(super) struct Floods {
    earlier: HashMap<u32, u32>,
    groups: HashMap<u32, Vec<u32>>,
}

impl Floods {
    fn root(&self, doc: u32) -> u32 {
        let mut at = doc;
        while let Some(earlier) = self.earlier.get(&at) {
            at = *earlier;
        }
        at
    }

    pub(super) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        let (first, later) = (a.min(b), a.max(b));
        self.earlier.insert(later, first);
        let moved = self.groups.remove(&later).unwrap_or_else(|| vec![later]);
        self.groups
            .entry(first)
            .or_insert_with(|| vec![first])
            .extend(moved);
    }
}

impl Index {
    pub(super) fn find_flood(&mut self, doc: u32) {
        let entry = &self.docs[doc as usize];
        let sentences: Vec<u32> = self
            .chains
            .keys(doc, entry.sentences)
            .filter(|sentence| !self.templates.has(*sentence))
            .collect();
        let mut met = Vec::new();
        for sentence in &sentences {
            met.extend(self.met(doc, self.chains.docs_until(*sentence, doc)));
        }
        met.sort_unstable();
        let mates = self.mates(doc, &met, sentences.len(), &mut Weighing::default());
        for mate in mates {
            self.floods.join(mate, doc);
        }
    }

    /// Of the tips that have a sentence, from `doc` back, the latest that came within days of it.
    pub(super) fn met(
        &self,
        doc: u32,
        until: impl Iterator<Item = u32>,
    ) -> impl Iterator<Item = u32> {
        let day = self.day_of(doc);
        until
            .take(LOOK_BACK)
            .filter(move |other| *other != doc && self.is_within_days(*other, day))
    }

    /// The near copies of a tip among those it met, each of which is named once a shared sentence and in order;
    /// `sentences` of its own are no template's. None of the copies names another school, person or place.
    pub(super) fn mates(
        &self,
        doc: u32,
        met: &[u32],
        sentences: usize,
        weighing: &mut Weighing,
    ) -> Vec<u32> {
        let needed = sentences.div_ceil(SENTENCES_PER_SHARED);
        let often = met
            .chunk_by(|a, b| a == b)
            .filter(|same| same.len() >= needed)
            .map(|same| same[0]);
        let mut others: Vec<u32> = often.collect();
        self.bring_near(&others);
        // Of those that share a phrase and no more, nearly all name different things, or are far from alike: it takes
        // a tenth of the time to see that.
        let facts = self.facts(doc);
        let is_apart = |other: u32| veto_of_copies(&facts, &self.facts(other)).is_some();
        others.retain(|other| !is_apart(*other));
        if others.is_empty() {
            return others;
        }
        let weighed = self.weigh(doc);
        let least = COPY_FROM * COPY_FROM - WEIGHING_ERROR;
        others.retain(|other| self.squared_cosine(&weighed, *other, least, weighing) >= least);
        if others.is_empty() {
            return others;
        }
        let side = self.side(doc);
        others.retain(|other| self.likeness(&side, &self.side(*other)).cosine >= COPY_FROM);
        others
    }

    fn is_within_days(&self, doc: u32, day: i32) -> bool {
        (self.day_of(doc) - day).abs() <= WINDOW_DAYS
    }

    /// The flood a tip belongs to.
    #[must_use]
    pub fn flood_of(&self, tip: &TipId) -> Option<Flood> {
        let doc = *self.numbers.get(tip)?;
        self.flood(self.floods.groups.get(&self.floods.root(doc))?)
    }

    /// Every flood, the first that began first.
    #[must_use]
    pub fn floods(&self) -> Vec<Flood> {
        let mut floods: Vec<_> = self
            .floods
            .groups
            .values()
            .filter_map(|group| self.flood(group))
            .collect();
        floods.sort_by_key(|flood| (flood.first_day.number(), flood.first_tip));
        floods
    }

    /// A group is a flood where so many came within the window.
    fn flood(&self, group: &[u32]) -> Option<Flood> {
        let mut docs: Vec<_> = group
            .iter()
            .copied()
            .filter(|doc| !self.docs[*doc as usize].is_gone)
            .collect();
        docs.sort_unstable();
        let mut days: Vec<_> = docs.iter().map(|doc| self.day_of(*doc)).collect();
        days.sort_unstable();
        let is_burst = days
            .windows(COPIES_MIN)
            .any(|days| days[COPIES_MIN - 1] - days[0] <= WINDOW_DAYS);
        let (first, last) = (*days.first()?, *days.last()?);
        let tips: Vec<_> = docs
            .iter()
            .map(|doc| self.docs[*doc as usize].tip)
            .collect();
        is_burst.then_some(Flood {
            first_tip: *tips.first()?,
            tips,
            first_day: Day::from_number(first).ok()?,
            last_day: Day::from_number(last).ok()?,
        })
    }
}
