//! Floods and templates among many tips at once: what each tip shares with those before it is read off the sorted lists,
//! sentence by sentence, on two cores. It finds what taking the tips in one by one would find.

use super::Index;
use super::table::{halves, pair};
use super::template::SCHOOLS_MIN;

/// What one half of the sentences says.
#[derive(Default)]
struct Seen {
    /// Sentences that are templates.
    templates: Vec<u32>,
    /// A tip and an earlier one with the same sentence, in one number; once for each sentence.
    met: Vec<u64>,
    /// Tips with a template sentence, once for each.
    templated: Vec<u32>,
}

impl Index {
    /// Links every tip from number `from`, whose lists are settled.
    pub(super) fn link_all(&mut self, from: u32) {
        let (lower, mut upper) = std::thread::scope(|scope| {
            let upper = scope.spawn(|| self.see(1, from));
            let lower = self.see(0, from);
            (
                lower,
                upper.join().expect("looking at lists does not panic"),
            )
        });
        self.templates.0.extend(lower.templates);
        self.templates.0.extend(upper.templates);
        let mut met = lower.met;
        met.append(&mut upper.met);
        let mut templated = lower.templated;
        templated.append(&mut upper.templated);
        templated.sort_unstable();
        let middle = u32::midpoint(from, self.next_number());
        let (mut earlier, mut later): (Vec<u64>, Vec<u64>) =
            met.into_iter().partition(|pair| halves(*pair).0 < middle);
        let (earlier, later) = std::thread::scope(|scope| {
            let later = scope.spawn(|| self.copies(&mut later, &templated));
            let earlier = self.copies(&mut earlier, &templated);
            (earlier, later.join().expect("comparing does not panic"))
        });
        for (doc, mate) in earlier.into_iter().chain(later) {
            self.floods.join(mate, doc);
        }
    }

    fn see(&self, side: usize, from: u32) -> Seen {
        let mut seen = Seen::default();
        for (key, docs) in self.chains.shared(side) {
            let newest = docs[docs.len() - 1];
            let sentences = self.docs[newest as usize].sentences;
            if newest < from || self.chains.keys(newest, sentences).all(|own| own != key) {
                continue;
            }
            let mut is_template = self.templates.has(key);
            for (at, doc) in docs.iter().copied().enumerate() {
                if doc < from {
                    continue;
                }
                let until = || docs[..=at].iter().rev().copied();
                if !is_template && at + 1 >= SCHOOLS_MIN && self.makes_template(doc, until()) {
                    is_template = true;
                    seen.templates.push(key);
                }
                if is_template {
                    seen.templated.push(doc);
                } else {
                    let met = self.met(doc, until());
                    seen.met.extend(met.map(|other| pair(doc, other)));
                }
            }
        }
        seen
    }

    /// A tip and an earlier near copy of it, for every such pair among those that have a sentence in common.
    fn copies(&self, met: &mut [u64], templated: &[u32]) -> Vec<(u32, u32)> {
        met.sort_unstable();
        let mut copies = Vec::new();
        for of_one in met.chunk_by(|a, b| halves(*a).0 == halves(*b).0) {
            let doc = halves(of_one[0]).0;
            let others: Vec<u32> = of_one.iter().map(|pair| halves(*pair).1).collect();
            let from = templated.partition_point(|other| *other < doc);
            let count = templated[from..].partition_point(|other| *other == doc);
            let own = usize::from(self.docs[doc as usize].sentences) - count;
            let mates = self.mates(doc, &others, own).into_iter();
            copies.extend(mates.map(|mate| (doc, mate)));
        }
        copies
    }
}
