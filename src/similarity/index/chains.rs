//! Tips that share an exact thing (a sentence, a contact, a name): most are settled in one sorted list, the newest hang
//! in chains, each occurrence pointing at the one before.

use super::table::PlainMap;

const NONE: u32 = u32::MAX;
/// Newest occurrences that are settled at once: fewer would sort too often, more would take memory.
const NEW_MAX: usize = 1 << 18;
/// Bits of a key by which the sorted list is cut into parts.
const PART_BITS: u32 = 16;

#[derive(Clone, Copy)]
struct Slot {
    before: u32,
    doc: u32,
}

/// Occurrences of keys.
#[derive(Default)]
pub(super) struct Chains {
    /// Each tip's keys, side by side.
    keys: Vec<u32>,
    /// First key of each tip, by its number.
    starts: Vec<u32>,
    settled: Settled,
    /// Occurrences in tips that are not settled.
    slots: Vec<Slot>,
    last: PlainMap<u32>,
}

/// Occurrences in order of key, then of tip.
#[derive(Default)]
struct Settled {
    /// Lower bits of the keys, and the tips that have them.
    keys: Vec<u16>,
    docs: Vec<u32>,
    /// Where each part begins.
    parts: Vec<u32>,
}

impl Chains {
    /// Adds the next tip's keys.
    pub fn push(&mut self, keys: impl Iterator<Item = u32>) {
        let doc = u32::try_from(self.starts.len()).expect("more tips than slots do not fit");
        self.push_unlinked(keys);
        for at in self.range(doc) {
            let slot = length(self.slots.len());
            let before = self.last.insert(self.keys[at], slot).unwrap_or(NONE);
            self.slots.push(Slot { before, doc });
        }
        if self.slots.len() > NEW_MAX.max(self.keys.len() / 8) {
            self.settle();
        }
    }

    /// Adds the next tip's keys, which are found after [`Self::settle`] only.
    pub fn push_unlinked(&mut self, keys: impl Iterator<Item = u32>) {
        self.starts.push(length(self.keys.len()));
        self.keys.extend(keys);
    }

    /// Sorts every occurrence.
    pub fn settle(&mut self) {
        self.keys.shrink_to_fit();
        self.starts.shrink_to_fit();
        self.slots = Vec::new();
        self.last = PlainMap::default();
        self.settled = Settled::of(&self.keys, &self.starts);
    }

    fn range(&self, doc: u32) -> std::ops::Range<usize> {
        let from = self.starts[doc as usize] as usize;
        let next = self.starts.get(doc as usize + 1);
        from..next.map_or(self.keys.len(), |next| *next as usize)
    }

    /// The first `count` keys of a tip.
    pub fn keys(&self, doc: u32, count: u8) -> impl Iterator<Item = u32> {
        let from = self.starts[doc as usize] as usize;
        self.keys[from..from + usize::from(count)].iter().copied()
    }

    /// Tips that have a key, the latest first.
    pub fn docs(&self, key: u32) -> impl Iterator<Item = u32> {
        self.docs_until(key, NONE)
    }

    /// The same as they were when tip `until` had just come.
    pub fn docs_until(&self, key: u32, until: u32) -> impl Iterator<Item = u32> {
        let mut at = self.last.get(&key).copied().unwrap_or(NONE);
        let newest = std::iter::from_fn(move || {
            let slot = self.slots.get(at as usize)?;
            at = slot.before;
            Some(slot.doc)
        });
        let settled = self.settled.docs(key);
        let settled = &settled[..settled.partition_point(|doc| *doc <= until)];
        newest
            .skip_while(move |doc| *doc > until)
            .chain(settled.iter().rev().copied())
    }

    /// Keys that more than one settled tip has, each with those tips, ascending. `side` is 0 for the lower half of the
    /// keys and 1 for the upper one, so that two cores can go through them.
    pub fn shared(&self, side: usize) -> impl Iterator<Item = (u32, &[u32])> {
        let half = self.settled.parts.len() / 2;
        let parts = self.settled.parts.windows(2).enumerate();
        parts
            .skip(side * half)
            .take(half)
            .flat_map(|(part, bounds)| {
                let (from, to) = (bounds[0] as usize, bounds[1] as usize);
                let high = length(part) << (32 - PART_BITS);
                let same = self.settled.keys[from..to].chunk_by(|a, b| a == b);
                same.scan(from, move |at, same| {
                    let range = *at..*at + same.len();
                    *at = range.end;
                    Some((high | u32::from(same[0]), range))
                })
                .filter(|(_, range)| range.len() > 1)
                .map(|(key, range)| (key, &self.settled.docs[range]))
            })
    }
}

impl Settled {
    fn of(keys: &[u32], starts: &[u32]) -> Self {
        let mut parts = vec![0_u32; (1 << PART_BITS) + 1];
        for key in keys {
            parts[part(*key) + 1] += 1;
        }
        for at in 1..parts.len() {
            parts[at] += parts[at - 1];
        }
        let half = parts.len() / 2;
        let mut pairs = vec![0_u64; keys.len()];
        let (lower, upper) = pairs.split_at_mut(parts[half] as usize);
        let sort = |pairs: &mut [u64], of: std::ops::Range<usize>| {
            sort_parts(pairs, &parts[of.start..=of.end], of.start, keys, starts);
        };
        std::thread::scope(|scope| {
            scope.spawn(|| sort(upper, half..parts.len() - 1));
            sort(lower, 0..half);
        });
        let low = |pair: &u64| u16::try_from(pair >> 32 & 0xffff).unwrap_or(0);
        let doc = |pair: &u64| u32::try_from(pair & 0xffff_ffff).unwrap_or(0);
        Self {
            keys: pairs.iter().map(low).collect(),
            docs: pairs.iter().map(doc).collect(),
            parts,
        }
    }

    fn docs(&self, key: u32) -> &[u32] {
        if self.parts.is_empty() {
            return &[];
        }
        let part = part(key);
        let (from, to) = (self.parts[part] as usize, self.parts[part + 1] as usize);
        let low = u16::try_from(key & 0xffff).unwrap_or(0);
        let keys = &self.keys[from..to];
        let first = keys.partition_point(|other| *other < low);
        let after = first + keys[first..].partition_point(|other| *other == low);
        &self.docs[from + first..from + after]
    }
}

fn part(key: u32) -> usize {
    (key >> (32 - PART_BITS)) as usize
}

/// Puts the occurrences of some parts in order. `bounds` says where each of these parts begins among all, and where the
/// last one ends; `first` is the number of the first of them.
fn sort_parts(pairs: &mut [u64], bounds: &[u32], first: usize, keys: &[u32], starts: &[u32]) {
    let mut next: Vec<u32> = bounds.iter().map(|bound| bound - bounds[0]).collect();
    let ends = starts.iter().skip(1).map(|start| *start as usize);
    let tips = starts.iter().zip(ends.chain([keys.len()]));
    for (doc, (from, to)) in (0_u64..).zip(tips) {
        for key in &keys[*from as usize..to] {
            let Some(at) = part(*key)
                .checked_sub(first)
                .filter(|at| at + 1 < bounds.len())
            else {
                continue;
            };
            pairs[next[at] as usize] = u64::from(*key) << 32 | doc;
            next[at] += 1;
        }
    }
    for bounds in bounds
        .windows(2)
        .map(|pair| [pair[0] - bounds[0], pair[1] - bounds[0]])
    {
        pairs[bounds[0] as usize..bounds[1] as usize].sort_unstable();
    }
}

fn length(length: usize) -> u32 {
    u32::try_from(length).expect("four thousand million occurrences do not fit in memory")
}
