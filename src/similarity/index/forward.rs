//! The facts and the grams of each tip, in few bytes.

use super::varint::{self, Numbers};
use crate::sketch::Facts;

/// A chunk's size: large enough to be few, small enough that growing copies nothing.
const CHUNK_BYTES: usize = 1 << 20;

/// Byte strings one after another; never moved, never changed.
#[derive(Default)]
pub(super) struct Forward {
    chunks: Vec<Vec<u8>>,
}

/// Where a tip's bytes begin, and how many bytes they take.
#[derive(Clone, Copy)]
pub(super) struct Place {
    at: u32,
    length: u16,
}

/// A gram's number, and whether it stands in the title or a field.
pub(super) type Gram = (u32, bool);

/// A gram as one number: the flag rides on the lowest bit.
pub(super) fn coded((id, is_headline): Gram) -> u32 {
    id << 1 | u32::from(is_headline)
}

/// Appends a tip as it is kept; its coded grams are given in ascending order.
pub(super) fn pack(facts: &Facts, coded: &[u32], bytes: &mut Vec<u8>) {
    facts.pack(bytes);
    let mut last = 0;
    for gram in coded {
        varint::push(bytes, gram - last);
        last = gram & !1;
    }
}

impl Forward {
    /// Keeps a packed tip.
    pub fn push(&mut self, bytes: &[u8]) -> Place {
        let is_full = self
            .chunks
            .last()
            .is_none_or(|chunk| chunk.len() + bytes.len() > CHUNK_BYTES);
        if is_full {
            self.chunks.push(Vec::with_capacity(CHUNK_BYTES));
        }
        let number = self.chunks.len() - 1;
        let chunk = &mut self.chunks[number];
        let at = number * CHUNK_BYTES + chunk.len();
        chunk.extend_from_slice(bytes);
        Place {
            at: u32::try_from(at)
                .expect("four GiB of grams are twelve million tips, far above what fits"),
            length: u16::try_from(bytes.len())
                .expect("128 grams take at most 640 bytes, facts far fewer"),
        }
    }

    /// The packed tip at a place.
    pub fn bytes(&self, place: Place) -> &[u8] {
        let (number, from) = (
            place.at as usize / CHUNK_BYTES,
            place.at as usize % CHUNK_BYTES,
        );
        &self.chunks[number][from..from + usize::from(place.length)]
    }

    /// The facts kept at a place.
    pub fn facts(&self, place: Place) -> Facts {
        Facts::unpack(self.bytes(place))
    }

    /// The grams kept at a place.
    pub fn grams(&self, place: Place) -> impl Iterator<Item = Gram> {
        let bytes = Facts::after_packed(self.bytes(place));
        Numbers(bytes).scan(0, |last, coded| {
            *last += coded >> 1;
            Some((*last, coded & 1 == 1))
        })
    }
}
