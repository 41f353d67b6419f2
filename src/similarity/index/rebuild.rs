//! Filling the index at start, in batches: two cores put grams into their lists, and what is found by an exact thing is
//! sorted once.

use super::forward::{self, coded};
use super::table::{Sorted, TIPS_AT_ONCE};
use super::{Audience, Index, Sketch, TipId, Weights};
use crate::index::audience::take_audiences;
use crate::index::linking::link_all;
use std::sync::Arc;

/// Tips that are taken in together: enough for two cores.
const BATCH_TIPS: usize = 8192;

impl Index {
    /// An index of these tips, which came in this order and which these may see.
    #[must_use]
    pub fn of(weights: Weights, tips: &[(TipId, Arc<Sketch>, Audience)]) -> Self {
        let mut index = Self::new(weights);
        let mut halves = [Half::default(), Half::default()];
        for batch in tips.chunks(BATCH_TIPS) {
            let owned = batch.iter();
            let owned = owned.map(|(tip, sketch, _)| (*tip, (**sketch).clone()));
            index.add_batch(owned.collect(), &mut halves);
        }
        drop(halves);
        index.chains.settle();
        let audiences = tips.iter().map(|(tip, _, audience)| (*tip, *audience));
        take_audiences(&mut index, &audiences.collect::<Vec<_>>());
        link_all(&mut index, 0);
        index
    }

    /// Takes in many tips at once; they come in any order and are taken by their day.
    pub fn extend(&mut self, mut tips: Vec<(TipId, &Sketch)>) {
        // Stable: of one day, in the order given.
        tips.sort_by_key(|(_, sketch)| sketch.day.number());
        let batch = |some: &[(TipId, &Sketch)]| {
            let owned = some.iter().map(|(tip, sketch)| (*tip, (*sketch).clone()));
            owned.collect()
        };
        self.fill(tips.chunks(BATCH_TIPS).map(batch));
    }

    /// Takes in tips in the order given.
    pub fn fill(&mut self, batches: impl Iterator<Item = Vec<(TipId, Sketch)>>) {
        let from = self.next_number();
        let mut halves = [Half::default(), Half::default()];
        for batch in batches {
            self.add_batch(batch, &mut halves);
        }
        drop(halves);
        self.chains.settle();
        link_all(self, from);
    }

    fn add_batch(&mut self, batch: Vec<(TipId, Sketch)>, halves: &mut [Half; 2]) {
        let mut batch = batch.into_iter();
        loop {
            let some: Vec<_> = batch.by_ref().take(TIPS_AT_ONCE).collect();
            if some.is_empty() {
                return;
            }
            self.add_some(some, halves);
        }
    }

    fn add_some(&mut self, batch: Vec<(TipId, Sketch)>, halves: &mut [Half; 2]) {
        let first = self.next_number();
        let mut next = first;
        self.numbers.reserve(batch.len());
        let is_new = |(tip, _): &(TipId, Sketch)| {
            let number = *self.numbers.entry(*tip).or_insert(next);
            next += u32::from(number == next);
            number + 1 == next
        };
        let (tips, sketches): (Vec<TipId>, Vec<Sketch>) = batch.into_iter().filter(is_new).unzip();
        let middle = sketches.len() / 2;
        let (earlier, later) = sketches.split_at(middle);
        let [one, other] = halves;
        on_two_cores(
            || one.sorted.sort(earlier, 0),
            || other.sorted.sort(later, middle),
        );
        self.table
            .add_all(&mut one.sorted, &mut other.sorted, first);
        on_two_cores(|| one.pack(earlier), || other.pack(later));
        let packed = halves.iter().flat_map(|half| half.packed.iter());
        for ((tip, sketch), packed) in tips.into_iter().zip(&sketches).zip(packed) {
            self.push(tip, sketch, packed);
            self.chains.push_unlinked(super::candidates::keys(sketch));
        }
    }
}

/// What one core makes of its half of a batch. It is used again for the next one: memory that is given back between
/// them comes to lie among the lists, which grow meanwhile, and is lost there.
#[derive(Default)]
struct Half {
    sorted: Sorted,
    packed: Packed,
}

impl Half {
    /// Packs these tips, whose grams' numbers were sorted.
    fn pack(&mut self, sketches: &[Sketch]) {
        let Self { sorted, packed } = self;
        packed.bytes.clear();
        packed.ends.clear();
        let mut grams: Vec<u32> = Vec::new();
        let mut numbers = sorted.numbers();
        for sketch in sketches {
            let own = sketch.grams.iter();
            grams.clear();
            grams.extend(own.map(|gram| coded((numbers.next(gram.key), gram.is_headline))));
            grams.sort_unstable();
            forward::pack(&sketch.facts, &grams, &mut packed.bytes);
            packed.ends.push(packed.bytes.len());
        }
    }
}

/// Many tips as they are kept, one after the other.
#[derive(Default)]
struct Packed {
    bytes: Vec<u8>,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Packed {
    fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .map(|(from, to)| &self.bytes[from..*to])
    }
}

fn on_two_cores(one: impl FnOnce(), other: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        scope.spawn(other);
        one();
    });
}
