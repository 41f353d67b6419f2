//! How alike the words of two tips are, each gram weighed by its rarity among all others.

use super::forward::Gram;
use super::{Index, Sketch};
use crate::index::common::{shared_matters, shared_places};
use crate::index::{facts_at, gram_count_of};
use crate::measure::{Dated, TextLikeness};
use crate::sketch::Facts;
use std::sync::LazyLock;

/// A tip laid open for comparing.
pub(super) struct Side {
    pub grams: Vec<Gram>,
    pub sentences: Vec<u32>,
    pub facts: Facts,
    pub day: i32,
    /// Whether the index counts it: its own grams are then no sign that a gram is common.
    pub is_counted: bool,
}

impl Side {
    pub fn dated(&self) -> Dated<'_> {
        Dated {
            facts: &self.facts,
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

/// Two long copies share grams of a rarity of about 600; its logarithm.
const EVIDENCE_SCALE: f32 = 6.4;

/// What a gram weighs by where it stands.
pub(super) fn factor(is_headline: bool) -> f32 {
    if is_headline { HEADLINE_WEIGHT } else { 1.0 }
}

/// Sums over the grams of one tip.
#[derive(Default)]
struct Own {
    squared: f32,
    plain: f32,
    headline: f32,
    /// Of the headline, what the other's whole text has.
    headline_found: f32,
}

impl Own {
    fn add(&mut self, rarity: f32, is_headline: bool, is_found: bool) {
        self.squared += rarity * rarity * factor(is_headline);
        self.plain += rarity;
        if is_headline {
            self.headline += rarity * rarity;
            if is_found {
                self.headline_found += rarity * rarity;
            }
        }
    }

    fn found(&self) -> f32 {
        ratio(self.headline_found, self.headline)
    }
}

/// Sums over the grams that both have.
#[derive(Default)]
struct Shared {
    squared: f32,
    plain: f32,
    headline: f32,
    rare: f32,
}

impl Shared {
    fn add(&mut self, rarity: f32, tips: u32, headlines: (bool, bool)) {
        self.squared += rarity * rarity * (factor(headlines.0) * factor(headlines.1)).sqrt();
        self.plain += rarity;
        if headlines == (true, true) {
            self.headline += rarity * rarity;
        }
        if tips <= RARE_MAX_TIPS {
            self.rare += rarity;
        }
    }
}

pub(super) fn side_of(index: &Index, sketch: &Sketch) -> Side {
    let mut grams: Vec<Gram> = sketch
        .grams
        .iter()
        .map(|gram| (index.table.id(gram.key), gram.is_headline))
        .collect();
    grams.sort_unstable();
    Side {
        grams,
        sentences: sketch.sentences.clone(),
        facts: sketch.facts,
        day: sketch.day.number(),
        is_counted: false,
    }
}

pub(super) fn side_at(index: &Index, doc: u32) -> Side {
    let sentences = index.docs[doc as usize].sentences;
    Side {
        grams: gram_count_of(index, doc).collect(),
        sentences: index.chains.keys(doc, sentences).collect(),
        facts: facts_at(index, doc),
        day: index.day_of(doc),
        is_counted: index.counts(doc),
    }
}

/// How rare a gram is that `tips` other tips have.
pub(super) fn rarity_of(index: &Index, tips: u32) -> f32 {
    rarest(index) - ln_after(tips)
}

/// How rare a gram is that no other tip has.
pub(super) fn rarest(index: &Index) -> f32 {
    (as_f32(index.counted as usize) + TIPS_BEFORE).ln()
}

pub(super) fn likeness_of(index: &Index, a: &Side, b: &Side) -> TextLikeness {
    let (mut own_a, mut own_b, mut shared) = (Own::default(), Own::default(), Shared::default());
    let (mut left, mut right) = (a.grams.as_slice(), b.grams.as_slice());
    let rarest = rarest(index);
    let next = |grams: &[Gram]| grams.first().map_or(u32::MAX, |gram| gram.0);
    while !left.is_empty() || !right.is_empty() {
        let (x, y) = (next(left), next(right));
        let (in_a, in_b) = (x <= y, y <= x);
        let own = u32::from(in_a && a.is_counted) + u32::from(in_b && b.is_counted);
        let tips = index.table.count(x.min(y)).saturating_sub(own);
        let rarity = (rarest - ln_after(tips)).max(0.0);
        if in_a {
            own_a.add(rarity, left[0].1, in_b);
        }
        if in_b {
            own_b.add(rarity, right[0].1, in_a);
        }
        if in_a && in_b {
            shared.add(rarity, tips, (left[0].1, right[0].1));
        }
        left = &left[usize::from(in_a)..];
        right = &right[usize::from(in_b)..];
    }
    let counted = (u32::from(a.is_counted), u32::from(b.is_counted));
    TextLikeness {
        evidence: shared.plain.ln_1p() / EVIDENCE_SCALE,
        cosine: ratio(shared.squared, (own_a.squared * own_b.squared).sqrt()),
        contained: ratio(shared.squared, own_a.squared.min(own_b.squared)),
        breadth: ratio(shared.plain, (own_a.plain * own_b.plain).sqrt()),
        headline: ratio(shared.headline, (own_a.headline * own_b.headline).sqrt()),
        headline_in_text: own_a.found().min(own_b.found()),
        headline_in_either: own_a.found().max(own_b.found()),
        rare: (shared.rare / RARE_ENOUGH).min(1.0),
        sentences: shared_sentences(index, &a.sentences, &b.sentences),
        places: shared_places(index, &a.facts, &b.facts, counted.0 + counted.1),
        matters: shared_matters(index, &a.facts, &b.facts, counted),
    }
}

/// Share of the shorter side's sentences that both have, template ones not counted.
fn shared_sentences(index: &Index, a: &[u32], b: &[u32]) -> f32 {
    let own = |sentences: &[u32]| {
        sentences
            .iter()
            .filter(|s| !index.templates.has(**s))
            .count()
    };
    let shared = a
        .iter()
        .filter(|s| b.contains(s) && !index.templates.has(**s))
        .count();
    ratio(as_f32(shared), as_f32(own(a).min(own(b))))
}

/// Logarithms that are looked up: most grams are in few tips.
const KNOWN_LN: usize = 1 << 12;

/// The logarithm of the next number.
pub(super) fn ln_after(tips: u32) -> f32 {
    static KNOWN: LazyLock<Vec<f32>> =
        LazyLock::new(|| (1..=KNOWN_LN).map(|count| as_f32(count).ln()).collect());
    let known = KNOWN.get(tips as usize).copied();
    known.unwrap_or_else(|| (as_f32(tips as usize) + 1.0).ln())
}

pub(super) fn ratio(part: f32, whole: f32) -> f32 {
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
