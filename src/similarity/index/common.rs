//! How common places and matters are among the tips: a place that every second tip names says little.

use super::Index;
use super::table::PlainMap;
use crate::index::likeness::rarity_of;
use crate::sketch::Facts;

/// Kinds of matter.
const MATTERS: usize = 32;
/// Places that count: more of them are of one neighbourhood and say the same again.
const PLACES_COUNTED: usize = 3;
/// Rarity of shared places at which there is nothing more to say: one or two that no other tip names.
const PLACES_ENOUGH: f32 = 20.0;

/// Tips that name each.
#[derive(Default)]
pub(super) struct Common {
    places: PlainMap<u32>,
    matters: [u32; MATTERS],
}

fn bits(matters: u32) -> impl Iterator<Item = usize> {
    (0..MATTERS).filter(move |bit| matters >> bit & 1 == 1)
}

impl Common {
    pub fn add(&mut self, facts: &Facts) {
        for place in facts.places.iter() {
            *self.places.entry(place).or_default() += 1;
        }
        for bit in bits(facts.matters) {
            self.matters[bit] += 1;
        }
    }

    pub fn remove(&mut self, facts: &Facts) {
        for place in facts.places.iter() {
            if let Some(tips) = self.places.get_mut(&place) {
                *tips = tips.saturating_sub(1);
            }
        }
        for bit in bits(facts.matters) {
            self.matters[bit] = self.matters[bit].saturating_sub(1);
        }
    }
}

/// Rarity of the places that both name, from 0 to 1; `own` of the two are counted themselves.
pub(super) fn shared_places(index: &Index, a: &Facts, b: &Facts, own: u32) -> f32 {
    let rarity = |place: u32| {
        let tips = index.common.places.get(&place).copied().unwrap_or(0);
        rarity_of(index, tips.saturating_sub(own)).max(0.0)
    };
    let mut shared: Vec<f32> = a
        .places
        .iter()
        .filter(|place| b.places.iter().any(|other| other == *place))
        .map(rarity)
        .collect();
    shared.sort_by(|a, b| b.total_cmp(a));
    let sum: f32 = shared.into_iter().take(PLACES_COUNTED).sum();
    (sum / PLACES_ENOUGH).min(1.0)
}

/// Of the matters that either is about, the share that both are, each by its rarity.
pub(super) fn shared_matters(index: &Index, a: &Facts, b: &Facts, own: (u32, u32)) -> f32 {
    let rarity = |bit: usize| {
        let counted = |facts: &Facts, own: u32| own * (facts.matters >> bit & 1);
        let own = counted(a, own.0) + counted(b, own.1);
        rarity_of(index, index.common.matters[bit].saturating_sub(own)).max(0.0)
    };
    let sum = |matters: u32| bits(matters).map(rarity).sum::<f32>();
    super::likeness::ratio(sum(a.matters & b.matters), sum(a.matters | b.matters))
}
