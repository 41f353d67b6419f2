//! Filling the index at start, in batches: two cores put grams into their lists, and what is found by an exact thing is
//! sorted once.

use super::forward::Gram;
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
        let mut ids = ids.as_slice();
        let mut grams: Vec<Gram> = Vec::new();
        for (tip, sketch) in tips.into_iter().zip(&sketches) {
            let (own, rest) = ids.split_at(sketch.grams.len());
            ids = rest;
            let headlines = sketch.grams.iter().map(|gram| gram.is_headline);
            grams.clear();
            grams.extend(own.iter().copied().zip(headlines));
            grams.sort_unstable();
            self.push(tip, sketch, &grams);
            self.chains.push_unlinked(super::candidates::keys(sketch));
        }
    }
}
