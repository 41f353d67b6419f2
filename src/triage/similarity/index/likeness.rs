//! How alike the words of two tips are, each gram weighed by its rarity among all others.

use super::forward::Gram;
use super::{Index, Sketch};
use crate::triage::similarity::features::{Dated, TextLikeness};
use crate::triage::similarity::sketch::Facts;

/// A tip laid open for comparing.
pub(super) struct Side<'a> {
    pub grams: Vec<Gram>,
    pub sentences: Vec<u32>,
    pub facts: &'a Facts,
    pub day: i32,
    /// Whether the index counts it: its own grams are then no sign that a gram is common.
    pub is_counted: bool,
}

impl Side<'_> {
    pub fn dated(&self) -> Dated<'_> {
        Dated {
            facts: self.facts,
            day: self.day,
        }
    }
}

/// Tips that there seem to have been before the first: a few early ones make nothing common.
const TIPS_BEFORE: f32 = 100.0;
/// How much more a gram of a title or a field weighs.
const HEADLINE_WEIGHT: f32 = 1.5;
/// A gram in no more tips than this says almost by itself what a tip is about.
const RARE_MAX_TIPS: u32 = 4;
/// Weight of rare grams at which there is nothing more to say.
const RARE_ENOUGH: f32 = 60.0;

/// Sums over the grams of two tips.
#[derive(Default)]
struct Sums {
    shared: f32,
    a: f32,
    b: f32,
    headline_shared: f32,
    headline_a: f32,
    headline_b: f32,
    rare: f32,
}

impl Index {
    pub(super) fn side_of<'a>(&self, sketch: &'a Sketch) -> Side<'a> {
        let mut grams: Vec<Gram> = sketch
            .grams
            .iter()
            .map(|gram| (self.table.id(gram.key), gram.is_headline))
            .collect();
        grams.sort_unstable();
        Side {
            grams,
            sentences: sketch.sentences.clone(),
            facts: &sketch.facts,
            day: sketch.day.number(),
            is_counted: false,
        }
    }

    pub(super) fn side(&self, doc: u32) -> Side<'_> {
        let entry = &self.docs[doc as usize];
        Side {
            grams: self.forward.get(entry.grams).collect(),
            sentences: self.chains.keys(doc, entry.sentences).collect(),
            facts: &entry.facts,
            day: entry.day,
            is_counted: true,
        }
    }

    /// How rare a gram is that `tips` other tips have.
    pub(super) fn rarity(&self, tips: u32) -> f32 {
        as_f32(self.len()).max(0.0).mul_add(1.0, TIPS_BEFORE).ln()
            - (as_f32(tips as usize) + 1.0).ln()
    }

    pub(super) fn likeness(&self, a: &Side<'_>, b: &Side<'_>) -> TextLikeness {
        let mut sums = Sums::default();
        let (mut x, mut y) = (a.grams.as_slice(), b.grams.as_slice());
        loop {
            match (x.first(), y.first()) {
                (None, None) => break,
                (Some(gram), other) if other.is_none_or(|other| gram.0 < other.0) => {
                    let (squared, headline) = self.weigh(gram.0, u32::from(a.is_counted), gram.1);
                    sums.a += squared;
                    sums.headline_a += headline;
                    x = &x[1..];
                }
                (Some(gram), Some(other)) if gram.0 == other.0 => {
                    self.both(*gram, *other, (a.is_counted, b.is_counted), &mut sums);
                    (x, y) = (&x[1..], &y[1..]);
                }
                (_, Some(gram)) => {
                    let (squared, headline) = self.weigh(gram.0, u32::from(b.is_counted), gram.1);
                    sums.b += squared;
                    sums.headline_b += headline;
                    y = &y[1..];
                }
                (Some(_), None) => {
                    unreachable!("the second arm takes every gram that has no other")
                }
            }
        }
        TextLikeness {
            cosine: ratio(sums.shared, (sums.a * sums.b).sqrt()),
            contained: ratio(sums.shared, sums.a.min(sums.b)),
            headline: ratio(
                sums.headline_shared,
                (sums.headline_a * sums.headline_b).sqrt(),
            ),
            rare: (sums.rare / RARE_ENOUGH).min(1.0),
            sentences: self.shared_sentences(&a.sentences, &b.sentences),
        }
    }

    /// The square of a gram's rarity, alone and as part of the headline.
    fn weigh(&self, id: u32, own: u32, is_headline: bool) -> (f32, f32) {
        let rarity = self
            .rarity(self.table.count(id).saturating_sub(own))
            .max(0.0);
        let factor = if is_headline { HEADLINE_WEIGHT } else { 1.0 };
        (
            rarity * rarity * factor,
            if is_headline { rarity * rarity } else { 0.0 },
        )
    }

    fn both(&self, gram: Gram, other: Gram, counted: (bool, bool), sums: &mut Sums) {
        let own = u32::from(counted.0) + u32::from(counted.1);
        let tips = self.table.count(gram.0).saturating_sub(own);
        let rarity = self.rarity(tips).max(0.0);
        let squared = rarity * rarity;
        let factor = |is_headline: bool| if is_headline { HEADLINE_WEIGHT } else { 1.0 };
        sums.a += squared * factor(gram.1);
        sums.b += squared * factor(other.1);
        sums.shared += squared * (factor(gram.1) * factor(other.1)).sqrt();
        if gram.1 {
            sums.headline_a += squared;
        }
        if other.1 {
            sums.headline_b += squared;
        }
        if gram.1 && other.1 {
            sums.headline_shared += squared;
        }
        if tips <= RARE_MAX_TIPS {
            sums.rare += rarity;
        }
    }

    /// Share of the shorter side's sentences that both have, template ones not counted.
    fn shared_sentences(&self, a: &[u32], b: &[u32]) -> f32 {
        let own = |sentences: &[u32]| {
            sentences
                .iter()
                .filter(|s| !self.templates.has(**s))
                .count()
        };
        let shared = a
            .iter()
            .filter(|s| b.contains(s) && !self.templates.has(**s))
            .count();
        ratio(as_f32(shared), as_f32(own(a).min(own(b))))
    }
}

fn ratio(part: f32, whole: f32) -> f32 {
    if whole > 0.0 {
        (part / whole).min(1.0)
    } else {
        0.0
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a rarity needs no more than six digits"
)]
fn as_f32(count: usize) -> f32 {
    count as f32
}
