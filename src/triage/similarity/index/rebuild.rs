//! Filling the index at start, in batches: two cores put grams into their lists, and what is found by an exact thing is
//! sorted once.

use super::forward::{self, coded};
use super::table::{Sorted, TIPS_AT_ONCE};
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
        let middle = sketches.len() / 2;
        let (earlier, later) = sketches.split_at(middle);
        let [mut sorted_earlier, mut sorted_later] =
            on_two_cores(|| Sorted::of(earlier, 0), || Sorted::of(later, middle));
        self.table
            .add_all(&mut sorted_earlier, &mut sorted_later, first);
        let packed = on_two_cores(
            || pack(earlier, &sorted_earlier),
            || pack(later, &sorted_later),
        );
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

/// Packs the grams of these tips, whose numbers were sorted.
fn pack(sketches: &[Sketch], sorted: &Sorted) -> Packed {
    let mut packed = Packed::default();
    let mut grams: Vec<u32> = Vec::new();
    let mut numbers = sorted.numbers();
    for sketch in sketches {
        let own = sketch.grams.iter();
        grams.clear();
        grams.extend(own.map(|gram| coded((numbers.next(gram.key), gram.is_headline))));
        grams.sort_unstable();
        forward::pack(&grams, &mut packed.bytes);
        packed.ends.push(packed.bytes.len());
    }
    packed
}

fn on_two_cores<T: Send>(one: impl FnOnce() -> T, other: impl FnOnce() -> T + Send) -> [T; 2] {
    std::thread::scope(|scope| {
        let other = scope.spawn(other);
        let one = one();
        [one, other.join().expect("sorting and packing do not panic")]
    })
}
