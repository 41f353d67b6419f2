//! Which tips have a gram: one list of tip numbers a gram, ascending, so that the newest is appended.

use super::varint::{self, Numbers};
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

/// Grams by number, in the order in which they were first seen.
#[derive(Default)]
pub(super) struct GramTable {
    ids: PlainMap<u32>,
    postings: Vec<Postings>,
    /// Tips that have it, dead ones not counted.
    counts: Vec<u32>,
}

impl GramTable {
    /// The number of a gram, or one that no gram has.
    pub fn id(&self, key: u32) -> u32 {
        self.ids.get(&key).copied().unwrap_or(UNKNOWN | key)
    }

    /// The number of a gram, a new one where it was never seen.
    pub fn id_or_new(&mut self, key: u32) -> u32 {
        let next = u32::try_from(self.postings.len()).expect("fewer than 2^31 grams fit in memory");
        let id = *self.ids.entry(key).or_insert(next);
        if id == next {
            self.postings.push(Postings::default());
            self.counts.push(0);
        }
        id
    }

    /// Tips that have the gram.
    #[inline]
    pub fn count(&self, id: u32) -> u32 {
        self.counts.get(id as usize).copied().unwrap_or(0)
    }

    /// Adds a tip, whose number is above all before.
    #[inline]
    pub fn add(&mut self, id: u32, doc: u32) {
        let postings = &mut self.postings[id as usize];
        varint::push(&mut postings.bytes, doc - postings.last);
        postings.last = doc;
        self.counts[id as usize] += 1;
    }

    /// A tip is gone; its number stays in the list and is passed over.
    pub fn forget(&mut self, id: u32) {
        if let Some(count) = self.counts.get_mut(id as usize) {
            *count = count.saturating_sub(1);
        }
    }

    /// Numbers of the tips that have the gram, ascending.
    #[inline]
    pub fn docs(&self, id: u32) -> impl Iterator<Item = u32> {
        let bytes = self
            .postings
            .get(id as usize)
            .map_or(&[][..], |postings| &postings.bytes);
        Numbers(bytes).scan(0, |doc, gap| {
            *doc += gap;
            Some(*doc)
        })
    }

    /// How many different grams there are.
    pub fn len(&self) -> usize {
        self.postings.len()
    }
}
