//! Which of many tips can be near copies of one: the cosine of their grams alone, from sums that are made once a tip.

use super::table::PlainMap;
use super::{Index, likeness};
use crate::index::gram_count_of;
use crate::index::likeness::rarest;

/// Places for the grams of one tip: many more than it has, so that nearly every other gram falls on an empty one.
const PLACES: usize = 1024;
/// An empty place.
const EMPTY: u8 = u8::MAX;

/// What is known of the tips that were weighed.
#[derive(Default)]
pub(super) struct Weighing {
    /// What all grams of a tip weigh, as if no other tip had been compared with it.
    totals: PlainMap<f32>,
}

/// A tip whose grams are found at once.
pub(super) struct Weighed {
    grams: Vec<Heavy>,
    /// Where in `grams` one is, by the lowest bits of its number; a taken place sends on to the next.
    places: [u8; PLACES],
    total: f32,
    /// Whether it counts itself, as a number to be taken off.
    own: u32,
}

/// A gram with its weight, as all tips say it, and as all but one and all but two do.
struct Heavy {
    id: u32,
    factor: f32,
    weights: [f32; 3],
}

impl Heavy {
    /// Its weight with so many tips not counted.
    fn without(&self, tips: u32) -> f32 {
        self.weights[tips as usize]
    }
}

fn place_of(id: u32) -> usize {
    id as usize % PLACES
}

impl Weighed {
    fn find(&self, id: u32) -> Option<&Heavy> {
        let mut place = place_of(id);
        loop {
            let heavy = self.grams.get(usize::from(self.places[place]))?;
            if heavy.id == id {
                return Some(heavy);
            }
            place = (place + 1) % PLACES;
        }
    }
}

/// Lays a tip in the index open for weighing others against it.
pub(super) fn weigh(index: &Index, doc: u32) -> Weighed {
    let mut weighed = Weighed {
        grams: heavy(index, doc).collect(),
        places: [EMPTY; PLACES],
        total: 0.0,
        own: index.own(doc),
    };
    for (at, heavy) in (0_u8..).zip(&weighed.grams) {
        let mut place = place_of(heavy.id);
        while weighed.places[place] != EMPTY {
            place = (place + 1) % PLACES;
        }
        weighed.places[place] = at;
        weighed.total += heavy.without(weighed.own) * heavy.factor;
    }
    weighed
}

fn heavy(index: &Index, doc: u32) -> impl Iterator<Item = Heavy> {
    let rarest = rarest(index);
    let weight = move |tips: u32| {
        let rarity = (rarest - likeness::ln_after(tips)).max(0.0);
        rarity * rarity
    };
    gram_count_of(index, doc).map(move |(id, is_headline)| {
        let count = index.table.count(id);
        Heavy {
            id,
            factor: likeness::factor(is_headline),
            weights: [0, 1, 2].map(|tips| weight(count.saturating_sub(tips))),
        }
    })
}

/// The square of the cosine between the grams of two tips in the index, to the fourth digit; where it is below
/// `least`, perhaps a greater number that is below it too.
pub(super) fn squared_cosine(
    index: &Index,
    weighed: &Weighed,
    other: u32,
    least: f32,
    known: &mut Weighing,
) -> f32 {
    let (mut both, mut own, mut more_own, mut more_other) = (0.0, 0.0, 0.0, 0.0);
    let theirs = index.own(other);
    for (id, is_headline) in gram_count_of(index, other) {
        if let Some(heavy) = weighed.find(id) {
            let factor = likeness::factor(is_headline);
            let shared = heavy.without(weighed.own + theirs);
            both += shared * (heavy.factor * factor).sqrt();
            own += shared * heavy.factor;
            // Neither of the two is a sign that a gram is common.
            more_own += (shared - heavy.without(weighed.own)) * heavy.factor;
            more_other += (shared - heavy.without(theirs)) * factor;
        }
    }
    let total = weighed.total + more_own;
    // What one has of the other bounds the cosine, whatever else the other has.
    let most = likeness::ratio(own, total);
    if most < least {
        return most;
    }
    let totals = known.totals.entry(other);
    let alone = totals.or_insert_with(|| {
        let heavy = heavy(index, other);
        let weights = heavy.map(|heavy| heavy.without(theirs) * heavy.factor);
        weights.sum()
    });
    likeness::ratio(both * both, total * (*alone + more_other))
}

#[cfg(test)]
mod tests {
    use super::Weighing;
    use super::{squared_cosine, weigh};
    use crate::generate::school_tips;
    use crate::index::likeness::{likeness_of, side_at};
    use crate::{Fields, Index, Reading, Schools};
    use mifeng_foundation::clock::Day;
    use mifeng_opening::{Identity, SketchKey};

    #[test]
    fn weighing_two_tips_is_their_cosine_or_says_that_it_is_less() {
        const LEAST: f32 = 0.36;
        let key = SketchKey::derive(&Identity::generate());
        let mut index = Index::default();
        for (number, tip) in (0_u128..).zip(&school_tips(5, 40).0) {
            let fields = Fields {
                title: &tip.title,
                ..Fields::of_account(
                    &tip.text,
                    tip.submitted[..10].parse::<Day>().expect("a day"),
                )
            };
            let sketch = index.sketch(&Reading::of(&fields, &Schools::default()), &key);
            index.add(number.to_be_bytes(), &sketch);
        }
        let (mut alike, mut apart) = (0, 0);
        let mut known = Weighing::default();
        for doc in 0..index.next_number() {
            let (weighed, side) = (weigh(&index, doc), side_at(&index, doc));
            for other in doc.saturating_sub(40)..doc {
                let cosine = likeness_of(&index, &side, &side_at(&index, other)).cosine;
                let exact = squared_cosine(&index, &weighed, other, 0.0, &mut known);
                assert!((exact - cosine * cosine).abs() < 0.0005);
                let quick = squared_cosine(&index, &weighed, other, LEAST, &mut known);
                if quick < LEAST {
                    assert!(exact <= quick + 0.0005);
                    apart += 1;
                } else {
                    alike += 1;
                }
            }
        }
        assert!(alike > 0 && apart > alike, "{alike} alike, {apart} apart");
    }
}
