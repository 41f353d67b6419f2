//! Floods and templates among many tips at once: what each tip shares with those before it is read off the sorted lists,
//! sentence by sentence, on two cores. It finds what taking the tips in one by one would find.

use super::Index;
use super::table::{halves, pair};
use super::template::SCHOOLS_MIN;
use super::weighing::Weighing;
use crate::index::flood::{mates_of, sentences_met};
use crate::index::template::makes_template;
use std::ops::Range;

/// Tips that are linked at a time: fewer would go through the lists too often, more would take memory.
const TIPS_AT_ONCE: u32 = 1 << 18;
/// Tips whose meetings are kept together, so that sorting them stays in a core's own cache.
const TIPS_A_BLOCK: u32 = 1 << 12;

/// What some sentences say of some tips.
struct Seen {
    /// Sentences that are templates.
    templates: Vec<u32>,
    /// A tip and an earlier one with the same sentence, in one number; once for each sentence. By the tip's block.
    met: Vec<Vec<u64>>,
    /// Tips with a template sentence, once for each.
    templated: Vec<u32>,
}

/// Links every tip from number `from`, whose lists are settled.
pub(super) fn link_all(index: &mut Index, from: u32) {
    let to = index.next_number();
    let starts = (from..to).step_by(TIPS_AT_ONCE as usize);
    for start in starts {
        link_range(index, start..to.min(start + TIPS_AT_ONCE));
    }
}

fn link_range(index: &mut Index, docs: Range<u32>) {
    let seen = std::thread::scope(|scope| {
        let upper = scope.spawn(|| see(index, 1, docs.clone()));
        let lower = see(index, 0, docs.clone());
        [
            lower,
            upper.join().expect("looking at lists does not panic"),
        ]
    });
    for half in &seen {
        index.templates.0.extend(&half.templates);
    }
    let mut templated: Vec<u32> = seen
        .iter()
        .flat_map(|half| &half.templated)
        .copied()
        .collect();
    templated.sort_unstable();
    // Every second block is one core's: later tips have met more.
    let copies = |side: usize| {
        let blocks = (side..seen[0].met.len()).step_by(2);
        let mut weighing = Weighing::default();
        let copies = blocks.flat_map(|block| {
            let met = seen.iter().flat_map(|half| &half.met[block]);
            copies_of(index, met.copied().collect(), &templated, &mut weighing)
        });
        copies.collect::<Vec<_>>()
    };
    let (even, odd) = std::thread::scope(|scope| {
        let odd = scope.spawn(|| copies(1));
        let even = copies(0);
        (even, odd.join().expect("comparing does not panic"))
    });
    for (doc, mate) in even.into_iter().chain(odd) {
        index.floods.join(mate, doc);
    }
}

fn see(index: &Index, side: usize, range: Range<u32>) -> Seen {
    let blocks = range.len().div_ceil(TIPS_A_BLOCK as usize);
    let mut seen = Seen {
        templates: Vec::new(),
        met: vec![Vec::new(); blocks],
        templated: Vec::new(),
    };
    for (key, docs) in index.chains.shared(side) {
        let docs = &docs[..docs.partition_point(|doc| *doc < range.end)];
        let from = docs.partition_point(|doc| *doc < range.start);
        let Some(newest) = docs[from..].last() else {
            continue;
        };
        let sentences = index.docs[*newest as usize].sentences;
        if index.chains.keys(*newest, sentences).all(|own| own != key) {
            continue;
        }
        let mut is_template = index.templates.has(key);
        for (at, doc) in (from..).zip(docs[from..].iter().copied()) {
            let until = || docs[..=at].iter().rev().copied();
            if !is_template && at + 1 >= SCHOOLS_MIN && makes_template(index, doc, until()) {
                is_template = true;
                seen.templates.push(key);
            }
            if is_template {
                seen.templated.push(doc);
            } else {
                let block = (doc - range.start) / TIPS_A_BLOCK;
                let met = sentences_met(index, doc, until());
                seen.met[block as usize].extend(met.map(|other| pair(doc, other)));
            }
        }
    }
    seen
}

/// A tip and an earlier near copy of it, for every such pair among those that have a sentence in common.
fn copies_of(
    index: &Index,
    mut met: Vec<u64>,
    templated: &[u32],
    weighing: &mut Weighing,
) -> Vec<(u32, u32)> {
    met.sort_unstable();
    let mut copies = Vec::new();
    for of_one in met.chunk_by(|a, b| halves(*a).0 == halves(*b).0) {
        let doc = halves(of_one[0]).0;
        let others: Vec<u32> = of_one.iter().map(|pair| halves(*pair).1).collect();
        let from = templated.partition_point(|other| *other < doc);
        let count = templated[from..].partition_point(|other| *other == doc);
        let own = usize::from(index.docs[doc as usize].sentences) - count;
        let mates = mates_of(index, doc, &others, own, weighing).into_iter();
        copies.extend(mates.map(|mate| (doc, mate)));
    }
    copies
}
