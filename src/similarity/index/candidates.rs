//! Which tips are worth comparing with one: those that share its rarest grams, and those that share an exact thing.

use super::likeness::Side;
use super::table::PlainMap;
use super::{Candidate, Compared, Index, Sketch, TipId};
use crate::index::company::hear_company;
use crate::index::compare_sides;
use crate::index::likeness::{rarity_of, side_at, side_of};
use crate::sketch::Facts;
use std::cmp::Reverse;

/// Tips taken by their shared grams.
const BY_GRAMS: usize = 50;
/// Tips taken by one exact thing, the latest first.
const BY_KEY: usize = 50;
/// Tips taken by one sentence: copies of one text are many and all alike.
const BY_SENTENCE: usize = 50;
/// Tips that are compared: of those found by a place, a school or a sentence, the ones that share the rarest grams.
const COMPARED_MAX: usize = 400;
/// Postings that are read for one tip, the rarest grams first. It bounds the time: some nanoseconds each.
const POSTINGS_MAX: usize = 80_000;
/// Grams that are read however common they are, so that a tip of common words finds something.
const GRAMS_MIN: usize = 6;
/// Candidates that are given back.
const GIVEN_MAX: usize = 50;

/// Mixes a kind into a key, so that a name and a contact of one hash do not meet.
fn key(kind: u32, parts: [u32; 2]) -> u32 {
    let mixed = [kind, parts[0], parts[1]]
        .into_iter()
        .fold(0x9e37_79b9_u32, |hash, part| {
            (hash ^ part)
                .wrapping_mul(0x85eb_ca6b)
                .rotate_left(13)
                .wrapping_add(kind)
        });
    mixed ^ mixed >> 16
}

pub(super) fn text_key(facts: &Facts) -> u32 {
    let [low, high] =
        [facts.text, facts.text >> 32].map(|half| u32::try_from(half & 0xffff_ffff).unwrap_or(0));
    key(1, [low, high])
}

/// What a tip is looked up by exactly, its sentences first.
pub(super) fn keys(sketch: &Sketch) -> impl Iterator<Item = u32> {
    let sentences = sketch.sentences.iter().copied();
    sentences.chain(exact_keys(&sketch.facts))
}

/// What is looked up exactly, sentences apart.
pub(super) fn exact_keys(facts: &Facts) -> impl Iterator<Item = u32> {
    let school = facts.school;
    let at_school = (school != 0).then(|| {
        let persons = facts
            .pinyin
            .iter()
            .map(move |person| key(5, [school, person]));
        [
            key(3, [school, 0]),
            key(4, [school, u32::from(facts.main_offence)]),
        ]
        .into_iter()
        .chain(persons)
    });
    let names = facts.names.iter().map(|name| key(6, [name, 0]));
    let contacts = facts.contacts.iter().map(|contact| key(7, [contact, 0]));
    let places = facts
        .places
        .iter()
        .map(|place| key(8, [place, u32::from(facts.main_offence)]));
    std::iter::once(text_key(facts))
        .chain(at_school.into_iter().flatten())
        .chain(names)
        .chain(contacts)
        .chain(places)
}

impl Index {
    /// The tips most like one that is not in the index, best first.
    #[must_use]
    pub fn candidates(&self, sketch: &Sketch) -> Vec<Candidate> {
        candidates_of_side(self, &side_of(self, sketch), None, |_| true)
    }

    /// Of the tips that somebody may see, those most like one that is in the index, best first; `None` if it is not.
    /// What she may not see takes no place among them, and says nothing of the others.
    #[must_use]
    pub fn candidates_of(
        &self,
        tip: &TipId,
        sees: impl FnMut(&TipId) -> bool,
    ) -> Option<Vec<Candidate>> {
        let doc = *self.numbers.get(tip)?;
        Some(candidates_of_side(
            self,
            &side_at(self, doc),
            Some(doc),
            sees,
        ))
    }

    /// How another tip compares with one, as [`Self::candidates_of`] has it; `None` if either is not in the index.
    #[must_use]
    pub fn compared(
        &self,
        tip: &TipId,
        other: &TipId,
        sees: impl FnMut(&TipId) -> bool,
    ) -> Option<Compared> {
        let (doc, mate) = (*self.numbers.get(tip)?, *self.numbers.get(other)?);
        let near = self.candidates_of(tip, sees)?;
        let listed = near.into_iter().find(|near| near.tip == *other);
        let listed = listed.map(|near| near.compared);
        Some(
            listed
                .unwrap_or_else(|| compare_sides(self, &side_at(self, doc), &side_at(self, mate))),
        )
    }
}

fn candidates_of_side(
    index: &Index,
    side: &Side,
    own: Option<u32>,
    mut sees: impl FnMut(&TipId) -> bool,
) -> Vec<Candidate> {
    // What she may not see is left out before anything is counted: it takes no place of what she may.
    let mut known: PlainMap<bool> = PlainMap::default();
    let mut is_seen = |doc: u32| {
        let entry = &index.docs[doc as usize];
        let is_other = Some(doc) != own && !entry.is_gone;
        is_other && *known.entry(doc).or_insert_with(|| sees(&entry.tip))
    };
    let sums = sums_of(index, side);
    let mut docs = best_seen(&sums, BY_GRAMS, &mut is_seen);
    docs.extend(by_exact_things(index, side, &sums, &mut is_seen));
    docs.sort_unstable();
    docs.dedup();
    let mut candidates: Vec<_> = docs
        .into_iter()
        .map(|doc| {
            let compared = compare_sides(index, side, &side_at(index, doc));
            (Reverse(Ordered(compared.score)), Reverse(doc), compared)
        })
        .collect();
    // Of two that are equally like, the later one: it is the one being handled.
    candidates.sort_unstable_by_key(|(score, doc, _)| (*score, *doc));
    candidates.truncate(GIVEN_MAX);
    let nearest = candidates.iter_mut();
    if hear_company(index, nearest.map(|(_, doc, compared)| (doc.0, compared))) {
        for (score, _, compared) in &mut candidates {
            *score = Reverse(Ordered(compared.score));
        }
        candidates.sort_unstable_by_key(|(score, doc, _)| (*score, *doc));
    }
    let given = candidates.into_iter();
    given
        .map(|(_, doc, compared)| Candidate {
            tip: index.docs[doc.0 as usize].tip,
            compared,
        })
        .collect()
}

/// Tips that share an exact thing; where they are too many, those with the most rarity in shared grams.
fn by_exact_things(
    index: &Index,
    side: &Side,
    sums: &[f32],
    is_seen: &mut impl FnMut(u32) -> bool,
) -> Vec<u32> {
    let mut docs: Vec<u32> = Vec::new();
    for key in exact_keys(&side.facts) {
        let with = index.chains.docs(key).filter(|doc| is_seen(*doc));
        docs.extend(with.take(BY_KEY));
    }
    let own_sentences = side
        .sentences
        .iter()
        .filter(|sentence| !index.templates.has(**sentence));
    for sentence in own_sentences {
        let with = index.chains.docs(*sentence).filter(|doc| is_seen(*doc));
        docs.extend(with.take(BY_SENTENCE));
    }
    docs.sort_unstable();
    docs.dedup();
    if docs.len() > COMPARED_MAX {
        let sum = |doc: &u32| Reverse(Ordered(sums[*doc as usize]));
        docs.select_nth_unstable_by_key(COMPARED_MAX, |doc| (sum(doc), Reverse(*doc)));
        docs.truncate(COMPARED_MAX);
    }
    docs
}

/// Each tip's rarity in shared grams.
fn sums_of(index: &Index, side: &Side) -> Vec<f32> {
    let mut grams: Vec<_> = side
        .grams
        .iter()
        .filter(|(id, _)| index.table.is_known(*id))
        .map(|(id, _)| (index.table.count(*id), *id))
        .collect();
    grams.sort_unstable();
    let mut sums = vec![0.0_f32; index.docs.len()];
    let mut read = 0;
    for (at, (count, id)) in grams.iter().enumerate() {
        read += *count as usize;
        if read > POSTINGS_MAX && at >= GRAMS_MIN {
            break;
        }
        let rarity = rarity_of(index, *count).max(0.01);
        for doc in index.table.docs(*id) {
            sums[doc as usize] += rarity * rarity;
        }
    }
    sums
}

/// Sums that are looked at together.
const BLOCK: usize = 64;

/// The places of the `count` largest numbers above zero.
fn best(sums: &[f32], count: usize) -> Vec<u32> {
    let mut top: Vec<(Ordered, u32)> = Vec::with_capacity(count * 4);
    let mut least = 0.0;
    for (from, block) in (0..).step_by(BLOCK).zip(sums.chunks(BLOCK)) {
        // Without a branch, so that many are looked at together: most blocks have nothing.
        let above: u32 = block.iter().map(|sum| u32::from(*sum > least)).sum();
        if above == 0 {
            continue;
        }
        for (doc, sum) in (from..).zip(block).filter(|(_, sum)| **sum > least) {
            top.push((Ordered(*sum), doc));
        }
        if top.len() >= count * 4 {
            top.select_nth_unstable_by_key(count, |(sum, doc)| (Reverse(*sum), Reverse(*doc)));
            top.truncate(count);
            least = top.iter().map(|(sum, _)| sum.0).fold(f32::MAX, f32::min);
        }
    }
    top.sort_unstable_by_key(|(sum, doc)| (Reverse(*sum), Reverse(*doc)));
    top.truncate(count);
    top.into_iter().map(|(_, doc)| doc).collect()
}

/// The same of those that `is_seen` lets through.
fn best_seen(sums: &[f32], count: usize, is_seen: &mut impl FnMut(u32) -> bool) -> Vec<u32> {
    let mut looked = count;
    loop {
        let top = best(sums, looked);
        let is_all = top.len() < looked;
        let mut seen: Vec<u32> = top.into_iter().filter(|doc| is_seen(*doc)).collect();
        if is_all || seen.len() >= count {
            seen.truncate(count);
            return seen;
        }
        looked *= 4;
    }
}

/// A number that is never NaN, in order.
#[derive(Clone, Copy, PartialEq)]
struct Ordered(f32);

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}
