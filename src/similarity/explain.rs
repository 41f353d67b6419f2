//! Why two tips are held to be the same or not, for a person who has both open.

use super::features::{Feature, Veto};
use super::index::Index;
use super::reading::{Amount, Gram, Reading, Sentence};
use super::score::Compared;
use super::sketch::Hasher;
use crate::index::tips_with;
use mifeng_foundation::clock::Day;
use mifeng_opening::SketchKey;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Range;

/// A gram in no more tips than this share is worth marking.
const MARKED_SHARE: f32 = 0.01;
/// And in a small office, in no more tips than this.
const MARKED_MIN_TIPS: f32 = 4.0;
/// Share of a clause's grams that the earlier tip has, below which the clause is new.
const KNOWN_FROM: f32 = 0.5;

/// A field that agrees or conflicts, and what it adds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reason {
    /// What was compared.
    pub feature: Feature,
    /// What it adds to the logarithm of the odds; below zero it speaks against.
    pub weight: f32,
}

/// What the later tip says that the earlier one does not.
#[derive(Clone, Default, PartialEq)]
pub struct News {
    /// Clauses, as bytes of the later text.
    pub clauses: Vec<Range<usize>>,
    /// Full names.
    pub names: Vec<String>,
    /// Contacts.
    pub contacts: Vec<String>,
    /// Sums.
    pub sums: Vec<Amount>,
    /// Days.
    pub days: Vec<Day>,
}

/// Both sides laid beside each other. Ranges are bytes of the two texts as they were typed.
#[derive(Clone, PartialEq)]
pub struct Explanation {
    /// Score, tier and features.
    pub compared: Compared,
    /// Clauses that are the same: in the earlier, in the later.
    pub sentences: Vec<(Range<usize>, Range<usize>)>,
    /// Rare words that both have, in the earlier text.
    pub rare_in_earlier: Vec<Range<usize>>,
    /// The same in the later.
    pub rare_in_later: Vec<Range<usize>>,
    /// Template text of the earlier, which was not compared.
    pub template_in_earlier: Vec<Range<usize>>,
    /// Template text of the later.
    pub template_in_later: Vec<Range<usize>>,
    /// What speaks for and against, the weightiest first.
    pub reasons: Vec<Reason>,
    /// Days from the earlier to the later.
    pub days_apart: i32,
    /// What forbids proposing them.
    pub veto: Option<Veto>,
    /// What is new.
    pub news: News,
}

impl fmt::Debug for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Explanation(..)")
    }
}

impl Index {
    /// Explains two tips that a person has open, and how they compare. Which came first is told by their days.
    #[must_use]
    pub fn explain(
        &self,
        compared: Compared,
        earlier: &Reading,
        later: &Reading,
        key: &SketchKey,
    ) -> Explanation {
        let hasher = Hasher(key);
        let template = |reading: &Reading| self.template_text(reading, key);
        let (template_in_earlier, template_in_later) = (template(earlier), template(later));
        let in_template = |ranges: &[Range<usize>], range: &Range<usize>| {
            ranges
                .iter()
                .any(|template| template.start <= range.start && range.end <= template.end)
        };
        let mut sentences = shared_sentences(earlier, later);
        sentences.retain(|(_, range)| !in_template(&template_in_later, range));
        let rare = |reading: &Reading, other: &Reading, template: &[Range<usize>]| {
            let mut ranges = rare_shared(self, reading, other, &hasher);
            ranges.retain(|range| !in_template(template, range));
            ranges
        };
        Explanation {
            compared,
            sentences,
            rare_in_earlier: rare(earlier, later, &template_in_earlier),
            rare_in_later: rare(later, earlier, &template_in_later),
            reasons: self.reasons(&compared),
            days_apart: later.day.days_since(earlier.day),
            veto: compared.veto,
            news: news(earlier, later, &template_in_later),
            template_in_earlier,
            template_in_later,
        }
    }

    /// What each feature that is there adds, the weightiest first.
    #[must_use]
    pub fn reasons(&self, compared: &Compared) -> Vec<Reason> {
        let regression = self.weights().regression(&compared.features);
        let values = regression.weights.iter().zip(compared.features.0);
        let mut reasons: Vec<_> = Feature::ALL
            .iter()
            .zip(values)
            .map(|(feature, (weight, value))| Reason {
                feature: *feature,
                weight: weight * value,
            })
            .filter(|reason| reason.weight != 0.0)
            .collect();
        reasons.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
        reasons
    }
}

/// Words of `reading` that are rare and that `other` has too, neighbours as one.
fn rare_shared(
    index: &Index,
    reading: &Reading,
    other: &Reading,
    hasher: &Hasher<'_>,
) -> Vec<Range<usize>> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "a share needs no more than six digits"
    )]
    let most = (index.counted() as f32 * MARKED_SHARE).max(MARKED_MIN_TIPS);
    #[expect(
        clippy::cast_precision_loss,
        reason = "a share needs no more than six digits"
    )]
    let is_rare = |gram: &Gram| tips_with(index, hasher.gram(&gram.text)) as f32 <= most;
    let others: HashSet<&str> = other
        .grams
        .iter()
        .chain(&other.headline)
        .map(|gram| gram.text.as_str())
        .collect();
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for gram in reading
        .grams
        .iter()
        .filter(|gram| others.contains(gram.text.as_str()) && is_rare(gram))
    {
        match ranges.last_mut() {
            Some((_, to)) if gram.from <= *to => *to = gram.to.max(*to),
            _ => ranges.push((gram.from, gram.to)),
        }
    }
    ranges
        .into_iter()
        .map(|(from, to)| reading.text.bytes(from, to))
        .collect()
}

fn shared_sentences(earlier: &Reading, later: &Reading) -> Vec<(Range<usize>, Range<usize>)> {
    let known: HashMap<&str, &Sentence> = earlier
        .sentences
        .iter()
        .map(|sentence| (sentence.text.as_str(), sentence))
        .collect();
    let shared = later.sentences.iter().filter_map(|sentence| {
        let mate = known.get(sentence.text.as_str())?;
        Some((
            earlier.text.bytes(mate.from, mate.to),
            later.text.bytes(sentence.from, sentence.to),
        ))
    });
    shared.collect()
}

fn news(earlier: &Reading, later: &Reading, template: &[Range<usize>]) -> News {
    let known: HashSet<&str> = earlier
        .grams
        .iter()
        .chain(&earlier.headline)
        .map(|gram| gram.text.as_str())
        .collect();
    let is_new = |sentence: &&Sentence| {
        let grams: Vec<_> = later
            .grams
            .iter()
            .filter(|gram| sentence.from <= gram.from && gram.to <= sentence.to)
            .collect();
        let old = grams
            .iter()
            .filter(|gram| known.contains(gram.text.as_str()))
            .count();
        #[expect(clippy::cast_precision_loss, reason = "the grams of one clause")]
        let share = old as f32 / grams.len().max(1) as f32;
        share < KNOWN_FROM
    };
    let clauses = later
        .sentences
        .iter()
        .filter(is_new)
        .map(|sentence| later.text.bytes(sentence.from, sentence.to));
    News {
        clauses: clauses
            .filter(|clause| !template.contains(clause))
            .collect(),
        names: without(&later.people.names, &earlier.people.names),
        contacts: without(&later.contacts, &earlier.contacts),
        sums: without(&later.sums, &earlier.sums),
        days: without(&later.when.days, &earlier.when.days),
    }
}

fn without<T: Clone + PartialEq>(items: &[T], known: &[T]) -> Vec<T> {
    items
        .iter()
        .filter(|item| !known.contains(item))
        .cloned()
        .collect()
}
