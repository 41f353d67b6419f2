//! The same text many times within days: seen as one group, and every tip of it kept.

use super::weighing::Weighing;
use super::{Audience, Index, TipId};
use crate::index::likeness::{likeness_of, side_at};
use crate::index::weighing::{squared_cosine, weigh};
use crate::index::{bring_near, facts_at};
use crate::measure::veto_of_copies;
use mifeng_foundation::clock::Day;
use std::collections::{HashMap, HashSet};

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
/// And of all audiences together: it bounds the time.
const LOOK_BACK_AT_ALL: usize = 256;
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

/// Tips of which each is a near copy of the other.
#[derive(Default)]
pub(super) struct Floods(HashMap<u32, Vec<u32>>);

impl Floods {
    pub(super) fn join(&mut self, a: u32, b: u32) {
        for (one, other) in [(a, b), (b, a)] {
            let copies = self.0.entry(one).or_default();
            if !copies.contains(&other) {
                copies.push(other);
            }
        }
    }

    /// All that are copies of one, or copies of its copies, of those that `sees` lets through; with itself.
    fn group(&self, doc: u32, mut sees: impl FnMut(u32) -> bool) -> Vec<u32> {
        let mut known = HashSet::from([doc]);
        let mut group = vec![doc];
        let mut at = 0;
        while let Some(one) = group.get(at) {
            at += 1;
            let copies = self.0.get(one).map_or(&[][..], Vec::as_slice);
            let news: Vec<u32> = copies
                .iter()
                .copied()
                .filter(|other| known.insert(*other) && sees(*other))
                .collect();
            group.extend(news);
        }
        group
    }
}

impl Index {
    /// The flood a tip belongs to, of the tips that `sees` lets through; it is one if those are enough.
    #[must_use]
    pub fn flood_of(&self, tip: &TipId, mut sees: impl FnMut(&TipId) -> bool) -> Option<Flood> {
        let doc = *self.numbers.get(tip)?;
        let sees = |doc: u32| sees(&self.docs[doc as usize].tip);
        flood_at(self, &self.floods.group(doc, sees))
    }

    /// Every flood, the first that began first.
    #[must_use]
    pub fn floods(&self) -> Vec<Flood> {
        let mut known = HashSet::new();
        let mut floods = Vec::new();
        for doc in self.floods.0.keys().copied() {
            if known.contains(&doc) {
                continue;
            }
            let group = self.floods.group(doc, |_| true);
            known.extend(group.iter().copied());
            floods.extend(flood_at(self, &group));
        }
        floods.sort_by_key(|flood| (flood.first_day.number(), flood.first_tip));
        floods
    }
}

pub(super) fn find_flood(index: &mut Index, doc: u32) {
    let entry = &index.docs[doc as usize];
    let sentences: Vec<u32> = index
        .chains
        .keys(doc, entry.sentences)
        .filter(|sentence| !index.templates.has(*sentence))
        .collect();
    let mut met = Vec::new();
    for sentence in &sentences {
        met.extend(sentences_met(
            index,
            doc,
            index.chains.docs_until(*sentence, doc),
        ));
    }
    met.sort_unstable();
    let mates = mates_of(index, doc, &met, sentences.len(), &mut Weighing::default());
    for mate in mates {
        index.floods.join(mate, doc);
    }
}

/// Of the tips that have a sentence, from `doc` back, the latest that came within days of it: as many of each audience,
/// so that what some may not see takes no place of what they may.
pub(super) fn sentences_met(
    index: &Index,
    doc: u32,
    until: impl Iterator<Item = u32>,
) -> impl Iterator<Item = u32> {
    let day = index.day_of(doc);
    let mut looked: Vec<(Audience, usize)> = Vec::new();
    until
        .take(LOOK_BACK_AT_ALL)
        .filter(move |other| {
            let audience = index.docs[*other as usize].audience;
            let at = looked.iter().position(|(known, _)| *known == audience);
            let at = at.unwrap_or_else(|| {
                looked.push((audience, 0));
                looked.len() - 1
            });
            looked[at].1 += 1;
            looked[at].1 <= LOOK_BACK
        })
        .filter(move |other| *other != doc && is_within_days(index, *other, day))
}

/// The near copies of a tip among those it met, each of which is named once a shared sentence and in order;
/// `sentences` of its own are no template's. None of the copies names another school, person or place.
pub(super) fn mates_of(
    index: &Index,
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
    bring_near(index, &others);
    // Of those that share a phrase and no more, nearly all name different things, or are far from alike: it takes
    // a tenth of the time to see that.
    let facts = facts_at(index, doc);
    let is_apart = |other: u32| veto_of_copies(&facts, &facts_at(index, other)).is_some();
    others.retain(|other| !is_apart(*other));
    if others.is_empty() {
        return others;
    }
    let weighed = weigh(index, doc);
    let least = COPY_FROM * COPY_FROM - WEIGHING_ERROR;
    others.retain(|other| squared_cosine(index, &weighed, *other, least, weighing) >= least);
    if others.is_empty() {
        return others;
    }
    let side = side_at(index, doc);
    others.retain(|other| likeness_of(index, &side, &side_at(index, *other)).cosine >= COPY_FROM);
    others
}

fn is_within_days(index: &Index, doc: u32, day: i32) -> bool {
    (index.day_of(doc) - day).abs() <= WINDOW_DAYS
}

/// A group is a flood where so many came within the window.
fn flood_at(index: &Index, group: &[u32]) -> Option<Flood> {
    let mut docs: Vec<_> = group
        .iter()
        .copied()
        .filter(|doc| !index.docs[*doc as usize].is_gone)
        .collect();
    docs.sort_unstable();
    let mut days: Vec<_> = docs.iter().map(|doc| index.day_of(*doc)).collect();
    days.sort_unstable();
    let is_burst = days
        .windows(COPIES_MIN)
        .any(|days| days[COPIES_MIN - 1] - days[0] <= WINDOW_DAYS);
    let (first, last) = (*days.first()?, *days.last()?);
    let tips: Vec<_> = docs
        .iter()
        .map(|doc| index.docs[*doc as usize].tip)
        .collect();
    is_burst.then_some(Flood {
        first_tip: *tips.first()?,
        tips,
        first_day: Day::from_number(first).ok()?,
        last_day: Day::from_number(last).ok()?,
    })
}
