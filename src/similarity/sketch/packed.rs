//! Facts in few bytes, as the index keeps them: a tip names few of all the things that it might.

use super::Facts;
use super::row::{Reader, Row};
use std::sync::LazyLock;

/// A word of the row in which facts are written.
const WORD_BYTES: usize = size_of::<u32>();
const WORDS: usize = 46;
/// Bytes in which there is a bit for each word.
const MASK_BYTES: usize = WORDS.div_ceil(8);

type Words = [u8; WORDS * WORD_BYTES];

/// What a tip has that names nothing.
static NOTHING: LazyLock<Words> = LazyLock::new(|| {
    let mut row = Vec::new();
    Facts::default().write(&mut Row(&mut row));
    row.resize(size_of::<Words>(), 0);
    row.try_into().expect("the row was made as long")
});

/// The words of packed facts that are not as in a tip that names nothing, a bit each; and all that follows.
fn split(packed: &[u8]) -> (u64, &[u8]) {
    let (bits, rest) = packed.split_at(MASK_BYTES);
    let mut mask = [0; size_of::<u64>()];
    mask[..MASK_BYTES].copy_from_slice(bits);
    (u64::from_le_bytes(mask), rest)
}

impl Facts {
    /// Appends them as [`Self::unpack`] reads them.
    pub(crate) fn pack(&self, bytes: &mut Vec<u8>) {
        let mask_at = bytes.len();
        bytes.extend([0; MASK_BYTES]);
        let row_at = bytes.len();
        self.write(&mut Row(bytes));
        bytes.resize(row_at + size_of::<Words>(), 0);
        let mut kept_to = row_at;
        for (at, nothing) in NOTHING.as_chunks::<WORD_BYTES>().0.iter().enumerate() {
            let from = row_at + at * WORD_BYTES;
            if bytes[from..from + WORD_BYTES] != *nothing {
                bytes[mask_at + at / 8] |= 1 << (at % 8);
                bytes.copy_within(from..from + WORD_BYTES, kept_to);
                kept_to += WORD_BYTES;
            }
        }
        bytes.truncate(kept_to);
    }

    /// Reads facts that were [packed](Self::pack), whatever bytes follow them.
    pub(crate) fn unpack(packed: &[u8]) -> Self {
        let (mut mask, rest) = split(packed);
        let mut words = *NOTHING;
        let (places, _) = words.as_chunks_mut::<WORD_BYTES>();
        for word in rest.as_chunks().0 {
            if mask == 0 {
                break;
            }
            places[mask.trailing_zeros() as usize] = *word;
            mask &= mask - 1;
        }
        Self::read(&mut Reader(&words)).expect("as many bytes as were written")
    }

    /// What follows packed facts.
    pub(crate) fn after_packed(packed: &[u8]) -> &[u8] {
        let (mask, rest) = split(packed);
        &rest[mask.count_ones() as usize * WORD_BYTES..]
    }
}

#[cfg(test)]
mod tests {
    use super::{Facts, MASK_BYTES, NOTHING, Reader, WORD_BYTES, Words};
    use crate::generate::{Chance, school_tips};
    use crate::{Fields, Index, Reading, Schools};
    use mifeng_foundation::clock::Day;
    use mifeng_opening::{Identity, SketchKey};

    /// Facts of which one word in `one_in` is there.
    fn facts(one_in: usize, chance: &mut Chance) -> Facts {
        let mut words = *NOTHING;
        for word in words.chunks_mut(WORD_BYTES) {
            if chance.below(one_in) == 0 {
                word.fill_with(|| u8::try_from(chance.below(256)).expect("a byte"));
            }
        }
        Facts::read(&mut Reader(&words)).expect("any words are facts")
    }

    #[test]
    fn packed_facts_are_read_back_whatever_they_name_and_whatever_follows() {
        let mut chance = Chance::new(1);
        for one_in in (1..200).flat_map(|one_in| [one_in; 20]) {
            let facts = facts(one_in, &mut chance);
            let mut packed = Vec::new();
            facts.pack(&mut packed);
            assert!(packed.len() <= MASK_BYTES + size_of::<Words>());
            packed.extend(b"and more");
            assert_eq!(Facts::unpack(&packed), facts);
            assert_eq!(Facts::after_packed(&packed), b"and more");
        }
    }

    #[test]
    fn what_parents_name_takes_less_than_half_of_a_row() {
        let key = SketchKey::derive(&Identity::generate());
        let index = Index::default();
        let (mut packed, mut tips) = (Vec::new(), 0);
        for tip in school_tips(5, 40).0 {
            let fields = Fields {
                title: &tip.title,
                ..Fields::of_account(
                    &tip.text,
                    tip.submitted[..10].parse::<Day>().expect("a day"),
                )
            };
            let sketch = index.sketch(&Reading::of(&fields, &Schools::default()), &key);
            let from = packed.len();
            sketch.facts.pack(&mut packed);
            assert_eq!(Facts::unpack(&packed[from..]), sketch.facts);
            tips += 1;
        }
        let row = size_of::<Words>();
        assert!(
            tips > 0 && packed.len() < tips * row / 2,
            "{} bytes of {row} a tip",
            packed.len() / tips
        );
    }

    #[test]
    fn a_tip_that_names_nothing_takes_next_to_no_bytes() {
        let mut packed = Vec::new();
        Facts::default().pack(&mut packed);
        assert_eq!(packed.len(), MASK_BYTES);
        assert_eq!(Facts::unpack(&packed), Facts::default());
    }
}
