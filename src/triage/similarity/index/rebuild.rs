//! Filling the index at start, in batches: the same grams of many tips are put in their lists together.

use super::forward::Gram;
use super::{Index, Sketch, TipId};

impl Index {
    /// Takes in many tips at once; they come in any order and are taken by their day.
    pub fn extend(&mut self, mut tips: Vec<(TipId, Sketch)>) {
        // Stable: of one day, in the order given.
        tips.sort_by_key(|(_, sketch)| sketch.day.number());
        for batch in tips.chunks(BATCH_TIPS) {
            self.add_batch(batch);
        }
    }

    /// Takes in tips in the order given.
    pub fn add_batch(&mut self, tips: &[(TipId, Sketch)]) {
        let mut postings: Vec<(u32, u32)> =
            Vec::with_capacity(tips.len() * super::super::sketch::GRAMS_MAX);
        let mut docs = Vec::with_capacity(tips.len());
        for (tip, sketch) in tips {
            if self.numbers.contains_key(tip) {
                continue;
            }
            let mut grams: Vec<Gram> = sketch
                .grams
                .iter()
                .map(|gram| (self.table.id_or_new(gram.key), gram.is_headline))
                .collect();
            grams.sort_unstable();
            let doc = self.push(*tip, sketch, &grams);
            postings.extend(grams.iter().map(|(id, _)| (*id, doc)));
            docs.push(doc);
        }
        postings.sort_unstable();
        for (id, doc) in postings {
            self.table.add(id, doc);
        }
        for doc in docs {
            self.link(doc);
        }
    }
}

/// Enough that a common gram comes up often in each.
const BATCH_TIPS: usize = 4096;
