//! Which tips have a gram: one list of tip numbers a gram, ascending, so that the newest is appended.

use super::varint::{self, Numbers};
use crate::triage::similarity::sketch::{GRAMS_MAX, Sketch};
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

/// Every gram. A gram's number is its number in its half, then the half's bit.
#[derive(Default)]
pub(super) struct GramTable([Half; 2]);

/// Numbers of the grams of many tips, one half's beside the other's.
pub(super) struct Numbered([Vec<u32>; 2]);

impl Numbered {
    /// The number of a gram, by its hash and its place among all.
    pub fn id(&self, key: u32, at: usize) -> u32 {
        self.0[half_of(key)][at]
    }
}

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

    /// Makes room for so many more tips in a gram's list, and little more: lists that double would be half empty.
    #[inline]
    fn reserve(&mut self, local: u32, tips: usize) {
        let bytes = &mut self.postings[local as usize].bytes;
        // A gap to the tip before takes a byte or two; many tips are near each other.
        let needed = if tips < NEAR_TIPS {
            tips * 2
        } else {
            tips + tips / 8
        };
        if tips >= FEW_TIPS && bytes.capacity() - bytes.len() < needed {
            bytes.reserve_exact(needed.max(bytes.len() / 4));
        }
    }

    /// Adds a tip, whose number is above all before, to a gram's list.
    #[inline]
    fn append(&mut self, local: u32, doc: u32) {
        let postings = &mut self.postings[local as usize];
        varint::push(&mut postings.bytes, doc - postings.last);
        postings.last = doc;
        self.counts[local as usize] += 1;
    }

    /// Adds many tips, numbered from `first`. Of each gram of this half its number, at the gram's place among all.
    fn add_all(&mut self, half: usize, sketches: &[Sketch], first: u32) -> Vec<u32> {
        let starts: Vec<u32> = sketches
            .iter()
            .scan(0, |next, sketch| {
                let start = *next;
                *next += length(sketch.grams.len());
                Some(start)
            })
            .collect();
        let count: usize = sketches.iter().map(|sketch| sketch.grams.len()).sum();
        let mut found = Vec::with_capacity(count / 2 + count / 8);
        for (tip, sketch) in (0..).zip(sketches) {
            let grams = (0..).zip(&sketch.grams);
            let own = grams.filter(|(_, gram)| half_of(gram.key) == half);
            found.extend(own.map(|(at, gram)| pair(gram.key, tip << PLACE_BITS | at)));
        }
        // A gram is looked up once, however many of the tips have it, and its list is filled in one go.
        found.sort_unstable();
        let mut ids = vec![0; count];
        for same in found.chunk_by(|a, b| halves(*a).0 == halves(*b).0) {
            let key = halves(same[0]).0;
            let local = self.local(key);
            let id = local << 1 | key & 1;
            self.reserve(local, same.len());
            for place in same.iter().map(|pair| halves(*pair).1) {
                let (tip, at) = (place >> PLACE_BITS, place & ((1 << PLACE_BITS) - 1));
                self.append(local, first + tip);
                ids[(starts[tip as usize] + at) as usize] = id;
            }
        }
        ids
    }
}

/// Bits of a gram's place in its tip: a sketch has at most [`GRAMS_MAX`].
const PLACE_BITS: u32 = 7;
const _: () = assert!(GRAMS_MAX <= 1 << PLACE_BITS);

/// Tips for which a list is not made longer in advance.
const FEW_TIPS: usize = 5;
/// Tips from which most of those added at once are less than 128 apart.
const NEAR_TIPS: usize = TIPS_AT_ONCE / 64;

/// Most tips that are added at once.
pub(super) const TIPS_AT_ONCE: usize = 1 << 14;

/// Two numbers as one, which is sorted by the first of them, then by the second.
pub(super) fn pair(first: u32, second: u32) -> u64 {
    u64::from(first) << 32 | u64::from(second)
}

/// The two numbers of a pair.
pub(super) fn halves(pair: u64) -> (u32, u32) {
    let half = |shift: u32| u32::try_from(pair >> shift & 0xffff_ffff).unwrap_or(0);
    (half(32), half(0))
}

fn length(count: usize) -> u32 {
    u32::try_from(count).expect("the grams of so few tips are far below 2^32")
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

    /// Adds tips, at most [`TIPS_AT_ONCE`] and numbered from `first`, on two cores: their grams' numbers.
    pub fn add_all(&mut self, sketches: &[Sketch], first: u32) -> Numbered {
        let [even, odd] = &mut self.0;
        let halves = std::thread::scope(|scope| {
            let odd = scope.spawn(|| odd.add_all(1, sketches, first));
            let even = even.add_all(0, sketches, first);
            [even, odd.join().expect("adding to a list does not panic")]
        });
        Numbered(halves)
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
