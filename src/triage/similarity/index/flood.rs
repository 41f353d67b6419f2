//! The same text many times within days: seen as one group, and every tip of it kept.

use super::likeness::Side;
use super::{Index, TipId};
use crate::clock::Day;
use std::collections::HashMap;

/// Days within which near copies belong together.
const WINDOW_DAYS: i32 = 7;
/// Copies from which it is a flood.
const COPIES_MIN: usize = 5;
/// Cosine of the grams from which two texts are near copies.
const COPY_FROM: f32 = 0.6;
/// Earlier tips looked at for each sentence.
const LOOK_BACK: usize = 24;

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

    fn join(&mut self, a: u32, b: u32) {
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
        let side = self.side(doc);
        let mut looked = Vec::new();
        let mut mates = Vec::new();
        for sentence in side
            .sentences
            .iter()
            .filter(|sentence| !self.templates.has(**sentence))
        {
            let recent = self.chains.docs(*sentence).take(LOOK_BACK);
            for other in recent.filter(|other| *other != doc) {
                if (self.docs[other as usize].day - side.day).abs() > WINDOW_DAYS {
                    break;
                }
                if !looked.contains(&other) {
                    looked.push(other);
                    if self.is_copy(&side, other) {
                        mates.push(other);
                    }
                }
            }
        }
        for mate in mates {
            self.floods.join(mate, doc);
        }
    }

    /// A near copy: not one that names another school or person.
    fn is_copy(&self, side: &Side<'_>, other: u32) -> bool {
        let other = self.side(other);
        let compared = self.compare_sides(side, &other);
        compared.veto.is_none() && self.likeness(side, &other).cosine >= COPY_FROM
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
        let mut days: Vec<_> = docs
            .iter()
            .map(|doc| self.docs[*doc as usize].day)
            .collect();
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
