//! Sketches of tips that were never written, out of those of two that were: inventing a million accounts takes longer
//! than comparing them.

use super::Chance;
use crate::Sketch;
use crate::sketch::{GRAMS_MAX, KeyedGram, SENTENCES_MAX};

/// A sketch with about half of what each of two has.
#[must_use]
pub fn spliced(a: &Sketch, b: &Sketch, chance: &mut Chance) -> Sketch {
    let mut made = a.clone();
    let mut either = |_: &KeyedGram| chance.percent(50);
    made.grams.retain(&mut either);
    made.grams
        .extend(b.grams.iter().copied().filter(&mut either));
    made.grams.sort_unstable_by_key(|gram| gram.key);
    made.grams.dedup_by_key(|gram| gram.key);
    made.grams.truncate(GRAMS_MAX);
    let half = made.sentences.len().div_ceil(2);
    made.sentences.truncate(half);
    let others = b.sentences.iter().skip(b.sentences.len() / 2);
    made.sentences.extend(others);
    made.sentences.sort_unstable();
    made.sentences.dedup();
    made.sentences.truncate(SENTENCES_MAX);
    made.facts.text = a.facts.text.rotate_left(17) ^ b.facts.text;
    made.facts.places = b.facts.places;
    made
}
