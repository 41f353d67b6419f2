//! Which tips have a gram: one list of tip numbers a gram, ascending, so that the newest is appended.

use super::varint::{self, Numbers};
use crate::sketch::Sketch;
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

/// Bits of a gram's hash by which the table is cut into parts: so many that what is looked up of one part stays in a
/// core's own cache while many tips are added.
const PART_BITS: u32 = 8;
const PARTS: usize = 1 << PART_BITS;

#[derive(Default)]
struct Postings {
    bytes: Vec<u8>,
    last: u32,
}

/// Some of the grams by number, in the order in which they were first seen.
#[derive(Default)]
struct Part {
    ids: PlainMap<u32>,
    postings: Vec<Postings>,
    /// Tips that have it, without dead ones and those that do not count.
    counts: Vec<u32>,
}

/// Every gram. A gram's number is its number in its part, then the part's bits.
pub(super) struct GramTable(Vec<Part>);

impl Default for GramTable {
    fn default() -> Self {
        Self((0..PARTS).map(|_| Part::default()).collect())
    }
}

/// The part a hash belongs to: by its highest bits, since the lowest find its place in the part.
fn part_of_key(key: u32) -> usize {
    (key >> (32 - PART_BITS)) as usize
}

fn part_of(id: u32) -> usize {
    id as usize % PARTS
}

fn place(id: u32) -> usize {
    (id >> PART_BITS) as usize
}

/// The number of a gram, by its number in its part and its hash.
fn id_of(local: u32, key: u32) -> u32 {
    local << PART_BITS | key >> (32 - PART_BITS)
}

impl Part {
    /// The number of a gram in this part, a new one where it was never seen.
    #[inline]
    fn local(&mut self, key: u32) -> u32 {
        let next =
            u32::try_from(self.postings.len()).expect("fewer than 2^22 grams a part fit in memory");
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
        let Postings { bytes, last } = &mut self.postings[local as usize];
        // Little more than is needed: lists that double would be half empty.
        if bytes.capacity() - bytes.len() < varint::BYTES_MAX && bytes.len() >= LONG_BYTES {
            bytes.reserve_exact(bytes.len() / 4);
        }
        varint::push(bytes, doc - *last);
        *last = doc;
        self.counts[local as usize] += 1;
    }

    /// Adds tips, numbered from `first`; each gram's hash gives way to its number.
    fn add_all(&mut self, found: &mut [Found], first: u32) {
        for Found { gram, tip } in found {
            let key = *gram;
            let local = self.local(key);
            self.append(local, first + *tip);
            *gram = id_of(local, key);
        }
    }
}

/// Length from which a list grows by a quarter.
const LONG_BYTES: usize = 32;

/// Most tips that are added at once.
pub(super) const TIPS_AT_ONCE: usize = 1 << 14;

/// A gram of a tip: its hash, once it was added its number.
#[derive(Clone, Copy)]
struct Found {
    gram: u32,
    /// The tip's number among those added at once.
    tip: u32,
}

/// The grams of some tips, by part; in each part those of one tip after those of the tip before.
pub(super) struct Sorted(Vec<Vec<Found>>);

impl Default for Sorted {
    fn default() -> Self {
        Self((0..PARTS).map(|_| Vec::new()).collect())
    }
}

impl Sorted {
    /// Sorts the grams of tips, of which the first has this number among those added at once, in the place of others.
    pub fn sort(&mut self, sketches: &[Sketch], first: usize) {
        let count: usize = sketches.iter().map(|sketch| sketch.grams.len()).sum();
        // Hashes fall into all parts alike.
        let some = count / PARTS + count / PARTS / 8;
        for part in &mut self.0 {
            part.clear();
            part.reserve_exact(some);
        }
        for (tip, sketch) in (length(first)..).zip(sketches) {
            for gram in &sketch.grams {
                self.0[part_of_key(gram.key)].push(Found {
                    gram: gram.key,
                    tip,
                });
            }
        }
    }

    /// Reads the numbers back, in the order in which the grams were given.
    pub fn numbers(&self) -> Reader<'_> {
        Reader(self.0.iter().map(|part| part.iter()).collect())
    }
}

/// Reads numbers of grams.
pub(super) struct Reader<'a>(Vec<std::slice::Iter<'a, Found>>);

impl Reader<'_> {
    /// The number of the next gram, which has this hash.
    #[inline]
    pub fn next(&mut self, key: u32) -> u32 {
        let found = self.0[part_of_key(key)].next();
        found.expect("what is read was sorted").gram
    }
}

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
    u32::try_from(count).expect("so few tips are far below 2^32")
}

impl GramTable {
    /// The number of a gram, or one that no gram has.
    pub fn id(&self, key: u32) -> u32 {
        let local = self.0[part_of_key(key)].ids.get(&key);
        local.map_or(UNKNOWN | key, |local| id_of(*local, key))
    }

    /// Tips that have the gram and count.
    #[inline]
    pub fn count(&self, id: u32) -> u32 {
        let counts = &self.0[part_of(id)].counts;
        counts.get(place(id)).copied().unwrap_or(0)
    }

    /// Adds a tip, whose number is above all before; the gram's number.
    pub fn add(&mut self, key: u32, doc: u32) -> u32 {
        let part = &mut self.0[part_of_key(key)];
        let local = part.local(key);
        part.append(local, doc);
        id_of(local, key)
    }

    /// Adds tips, numbered from `first`, on two cores; `earlier` and `later` then have their grams' numbers.
    pub fn add_all(&mut self, earlier: &mut Sorted, later: &mut Sorted, first: u32) {
        let middle = PARTS / 2;
        let (low, high) = self.0.split_at_mut(middle);
        let (low_earlier, high_earlier) = earlier.0.split_at_mut(middle);
        let (low_later, high_later) = later.0.split_at_mut(middle);
        let add = |parts: &mut [Part], earlier: &mut [Vec<Found>], later: &mut [Vec<Found>]| {
            for ((part, earlier), later) in parts.iter_mut().zip(earlier).zip(later) {
                part.add_all(earlier, first);
                part.add_all(later, first);
            }
        };
        std::thread::scope(|scope| {
            scope.spawn(|| add(high, high_earlier, high_later));
            add(low, low_earlier, low_later);
        });
    }

    /// One more tip counts that has the gram and is in its list.
    pub fn count_one(&mut self, id: u32) {
        if let Some(count) = self.0[part_of(id)].counts.get_mut(place(id)) {
            *count += 1;
        }
    }

    /// Whether any tip has the gram, whether or not it counts.
    pub fn is_known(&self, id: u32) -> bool {
        self.0[part_of(id)].postings.get(place(id)).is_some()
    }

    /// A tip is gone or counts no longer; its number stays in the list.
    pub fn forget(&mut self, id: u32) {
        if let Some(count) = self.0[part_of(id)].counts.get_mut(place(id)) {
            *count = count.saturating_sub(1);
        }
    }

    /// Numbers of the tips that have the gram, ascending.
    #[inline]
    pub fn docs(&self, id: u32) -> impl Iterator<Item = u32> {
        let postings = self.0[part_of(id)].postings.get(place(id));
        let bytes = postings.map_or(&[][..], |postings| &postings.bytes);
        Numbers(bytes).scan(0, |doc, gap| {
            *doc += gap;
            Some(*doc)
        })
    }

    /// How many different grams there are.
    pub fn len(&self) -> usize {
        self.0.iter().map(|part| part.postings.len()).sum()
    }
}
