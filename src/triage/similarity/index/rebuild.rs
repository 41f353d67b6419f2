//! Filling the index at start, in batches: two cores put grams into their lists, and what is found by an exact thing is
//! sorted once.

use super::forward::{self, coded};
use super::table::{Numbered, TIPS_AT_ONCE};
use super::{Index, Sketch, TipId};

/// Tips that are taken in together: enough for two cores.
const BATCH_TIPS: usize = 8192;

impl Index {
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
        for batch in batches {
            self.add_batch(batch);
        }
        self.chains.settle();
        self.link_all(from);
    }

    fn add_batch(&mut self, batch: Vec<(TipId, Sketch)>) {
        let mut batch = batch.into_iter();
        loop {
            let some: Vec<_> = batch.by_ref().take(TIPS_AT_ONCE).collect();
            if some.is_empty() {
                return;
            }
            self.add_some(some);
        }
    }

    fn add_some(&mut self, batch: Vec<(TipId, Sketch)>) {
        let first = self.next_number();
        let mut next = first;
        self.numbers.reserve(batch.len());
        let is_new = |(tip, _): &(TipId, Sketch)| {
            let number = *self.numbers.entry(*tip).or_insert(next);
            next += u32::from(number == next);
            number + 1 == next
        };
        let (tips, sketches): (Vec<TipId>, Vec<Sketch>) = batch.into_iter().filter(is_new).unzip();
        let ids = self.table.add_all(&sketches, first);
        let middle = sketches.len() / 2;
        let (earlier, later) = sketches.split_at(middle);
        let from = earlier.iter().map(|sketch| sketch.grams.len()).sum();
        let packed = std::thread::scope(|scope| {
            let later = scope.spawn(|| pack(later, from, &ids));
            let earlier = pack(earlier, 0, &ids);
            [earlier, later.join().expect("packing does not panic")]
        });
        let packed = packed.iter().flat_map(Packed::iter);
        for ((tip, sketch), grams) in tips.into_iter().zip(&sketches).zip(packed) {
            self.push(tip, sketch, grams);
            self.chains.push_unlinked(super::candidates::keys(sketch));
        }
    }
}

/// The grams of many tips as they are kept, one tip's after the other's.
#[derive(Default)]
struct Packed {
    bytes: Vec<u8>,
    /// Where each tip's end.
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

/// Packs the grams of these tips, of which the first is at place `at` among all.
fn pack(sketches: &[Sketch], mut at: usize, ids: &Numbered) -> Packed {
    let mut packed = Packed::default();
    let mut grams: Vec<u32> = Vec::new();
    for sketch in sketches {
        let places = (at..).zip(&sketch.grams);
        grams.clear();
        grams.extend(places.map(|(at, gram)| coded((ids.id(gram.key, at), gram.is_headline))));
        grams.sort_unstable();
        forward::pack(&grams, &mut packed.bytes);
        packed.ends.push(packed.bytes.len());
        at += sketch.grams.len();
    }
    packed
}
