//! Tips that share an exact thing (a sentence, a contact, a name): each occurrence points at the one before.

use super::table::PlainMap;

const NONE: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Slot {
    key: u32,
    before: u32,
    doc: u32,
}

/// Occurrences of keys, those of one tip side by side.
#[derive(Default)]
pub(super) struct Chains {
    last: PlainMap<u32>,
    slots: Vec<Slot>,
    /// First slot of each tip, by its number.
    starts: Vec<u32>,
}

impl Chains {
    /// Adds the next tip's keys.
    pub fn push(&mut self, keys: impl Iterator<Item = u32>) {
        let doc = u32::try_from(self.starts.len()).expect("more tips than slots do not fit");
        self.starts.push(self.next_slot());
        for key in keys {
            let slot = self.next_slot();
            let before = self.last.insert(key, slot).unwrap_or(NONE);
            self.slots.push(Slot { key, before, doc });
        }
    }

    fn next_slot(&self) -> u32 {
        u32::try_from(self.slots.len())
            .expect("four thousand million occurrences do not fit in memory")
    }

    /// The first `count` keys of a tip.
    pub fn keys(&self, doc: u32, count: u8) -> impl Iterator<Item = u32> {
        let from = self.starts[doc as usize] as usize;
        self.slots[from..from + usize::from(count)]
            .iter()
            .map(|slot| slot.key)
    }

    /// Tips that have a key, the latest first.
    pub fn docs(&self, key: u32) -> impl Iterator<Item = u32> {
        let mut at = self.last.get(&key).copied().unwrap_or(NONE);
        std::iter::from_fn(move || {
            let slot = self.slots.get(at as usize)?;
            at = slot.before;
            Some(slot.doc)
        })
    }
}
