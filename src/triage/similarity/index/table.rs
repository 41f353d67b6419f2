//! Which tips have a gram: one list of tip numbers a gram, ascending, so that the newest is appended.

use super::varint::{self, Numbers};
use crate::triage::similarity::sketch::Sketch;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// Keys are keyed hashes already; hashing them again would only cost time.
#[derive(Default)]
pub(super) struct Plain(u64);

impl Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u32(&mut self, key: u32) {
        // The table takes its bucket from the low bits and its tag from the high ones.
        self.0 = u64::from(key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

pub(super) type PlainMap<V> = HashMap<u32, V, BuildHasherDefault<Plain>>;

pub(super) type PlainSet = HashSet<u32, BuildHasherDefault<Plain>>;

/// A gram no tip in the index has. Two such are told apart by their hash.
const UNKNOWN: u32 = 1 << 31;

#[derive(Default)]
struct Postings {
    bytes: Vec<u8>,
    last: u32,
}

/// Grams by number, in the order in which they were first seen: half of them, by the lowest bit of their hash, so that
/// two cores can fill the table.
#[derive(Default)]
struct Half {
    ids: PlainMap<u32>,
    postings: Vec<Postings>,
    /// Tips that have it, dead ones not counted.
    counts: Vec<u32>,
}

/// Bits of a gram's number within which lists are near each other: about what a core's cache holds.
const NEAR_BITS: u32 = 10;

/// Every gram. A gram's number is its number in its half, then the half's bit.
#[derive(Default)]
pub(super) struct GramTable([Half; 2]);

fn half_of(number: u32) -> usize {
    (number & 1) as usize
}

fn place(id: u32) -> usize {
    (id >> 1) as usize
}

impl Half {
    /// The number of a gram in this half, a new one where it was never seen.
    #[inline]
    fn local(&mut self, key: u32) -> u32 {
        let next = u32::try_from(self.postings.len()).expect("fewer than 2^30 grams fit in memory");
        let local = *self.ids.entry(key).or_insert(next);
        if local == next {
            self.postings.push(Postings::default());
            self.counts.push(0);
        }
        local
    }

    /// Adds a tip, whose number is above all before, to a gram's list.
    #[inline]
    fn append(&mut self, local: u32, doc: u32) {
        let postings = &mut self.postings[local as usize];
        varint::push(&mut postings.bytes, doc - postings.last);
        postings.last = doc;
        self.counts[local as usize] += 1;
    }

    /// Adds many tips, numbered from `first`; the numbers of this half's grams, in order.
    fn add_all(&mut self, half: usize, sketches: &[Sketch], first: u32) -> Vec<u32> {
        let mut ids = Vec::with_capacity(sketches.len() * 64);
        // Lists far apart in memory would cost more than all else: those near each other are filled together.
        let mut near: Vec<Vec<(u32, u32)>> = Vec::new();
        for (doc, sketch) in (first..).zip(sketches) {
            for gram in sketch.grams.iter().filter(|gram| half_of(gram.key) == half) {
                let local = self.local(gram.key);
                let at = (local >> NEAR_BITS) as usize;
                if at >= near.len() {
                    near.resize_with(at + 1, Vec::new);
                }
                near[at].push((local, doc));
                ids.push(local << 1 | gram.key & 1);
            }
        }
        for (local, doc) in near.into_iter().flatten() {
            self.append(local, doc);
        }
        ids
    }
}

impl GramTable {
    /// The number of a gram, or one that no gram has.
    pub fn id(&self, key: u32) -> u32 {
        let local = self.0[half_of(key)].ids.get(&key);
        local.map_or(UNKNOWN | key, |local| local << 1 | key & 1)
    }

    /// Tips that have the gram.
    #[inline]
    pub fn count(&self, id: u32) -> u32 {
        let counts = &self.0[half_of(id)].counts;
        counts.get(place(id)).copied().unwrap_or(0)
    }

    /// Adds a tip, whose number is above all before; the gram's number.
    pub fn add(&mut self, key: u32, doc: u32) -> u32 {
        let half = &mut self.0[half_of(key)];
        let local = half.local(key);
        half.append(local, doc);
        local << 1 | key & 1
    }

    /// Adds many tips, numbered from `first`, on two cores: the numbers of their grams, in order.
    pub fn add_all(&mut self, sketches: &[Sketch], first: u32) -> Vec<u32> {
        let [even, odd] = &mut self.0;
        let halves = std::thread::scope(|scope| {
            let odd = scope.spawn(|| odd.add_all(1, sketches, first));
            let even = even.add_all(0, sketches, first);
            [even, odd.join().expect("adding to a list does not panic")]
        });
        let mut halves = halves.map(Vec::into_iter);
        let grams = sketches.iter().flat_map(|sketch| &sketch.grams);
        grams
            .filter_map(|gram| halves[half_of(gram.key)].next())
            .collect()
    }

    /// A tip is gone; its number stays in the list and is passed over.
    pub fn forget(&mut self, id: u32) {
        if let Some(count) = self.0[half_of(id)].counts.get_mut(place(id)) {
            *count = count.saturating_sub(1);
        }
    }

    /// Numbers of the tips that have the gram, ascending.
    #[inline]
    pub fn docs(&self, id: u32) -> impl Iterator<Item = u32> {
        let postings = self.0[half_of(id)].postings.get(place(id));
        let bytes = postings.map_or(&[][..], |postings| &postings.bytes);
        Numbers(bytes).scan(0, |doc, gap| {
            *doc += gap;
            Some(*doc)
        })
    }

    /// How many different grams there are.
    pub fn len(&self) -> usize {
        self.0.iter().map(|half| half.postings.len()).sum()
    }
}
