//! Every sketch, in memory only, so that the tips most like one are found in milliseconds.

mod audience;
mod bursts;
mod candidates;
mod chains;
mod common;
mod company;
mod flood;
mod forward;
mod likeness;
mod linking;
mod live;
mod rebuild;
mod removal;
mod table;
mod template;
mod varint;
mod weighing;

pub use audience::Audience;
pub use flood::Flood;
pub use live::{LiveIndex, Renewed, Standing, Steps};

use super::TipId;
use super::burst::Arrivals;
use super::measure::measure;
use super::reading::Reading;
use super::score::Compared;
use super::sketch::{Facts, Sketch};
use super::weights::Weights;
use crate::index::audience::discount_audience;
use crate::index::flood::find_flood;
use crate::index::likeness::{likeness_of, side_of};
use crate::index::template::find_templates;
use chains::Chains;
use common::Common;
use flood::Floods;
use forward::{Forward, Gram, Place};
use likeness::Side;
use mifeng_foundation::clock::Day;
use mifeng_opening::SketchKey;
use std::collections::HashMap;
use table::GramTable;
use template::Templates;

/// A tip as the index keeps it.
#[derive(Clone)]
struct Doc {
    tip: TipId,
    kept: Place,
    sentences: u8,
    is_gone: bool,
    /// Who may see it.
    audience: Audience,
}

/// What is asked of very many tips in a row: kept in few bytes, apart from the rest.
#[derive(Clone, Copy)]
struct Brief {
    day: i32,
    school: u32,
}

/// A tip that is like another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Which.
    pub tip: TipId,
    /// How like.
    pub compared: Compared,
}

/// Every sketch.
#[derive(Default)]
pub struct Index {
    weights: Weights,
    numbers: HashMap<TipId, u32>,
    docs: Vec<Doc>,
    briefs: Vec<Brief>,
    gone: u32,
    /// Tips that everybody may see: they say what is common.
    counted: u32,
    table: GramTable,
    forward: Forward,
    chains: Chains,
    templates: Templates,
    floods: Floods,
    arrivals: Arrivals,
    common: Common,
}

impl Index {
    /// An empty index that scores by `weights`.
    #[must_use]
    pub fn new(weights: Weights) -> Self {
        Self {
            weights,
            ..Self::default()
        }
    }

    /// The weights it scores by.
    #[must_use]
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// How many tips it knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// How many tips say what is common: those that everybody may see.
    pub(super) fn counted(&self) -> u32 {
        self.counted
    }

    /// Whether it knows none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// How many different grams its tips have.
    #[must_use]
    pub fn vocabulary(&self) -> usize {
        self.table.len()
    }

    /// The sketch of a tip that comes in now: what is rare, and what is a template, is what the tips before it say.
    #[must_use]
    pub fn sketch(&self, reading: &Reading, key: &SketchKey) -> Sketch {
        Sketch::of(
            reading,
            key,
            |sentence| is_template(self, sentence),
            |gram| tips_with(self, gram),
        )
    }

    /// Takes a tip in that everybody may see. One that is there already is left as it is.
    pub fn add(&mut self, tip: TipId, sketch: &Sketch) {
        self.add_for(tip, sketch, Audience::EVERYBODY);
    }

    /// Takes a tip in that some may see. One that is there already is left as it is.
    pub fn add_for(&mut self, tip: TipId, sketch: &Sketch, audience: Audience) {
        if self.numbers.contains_key(&tip) {
            return;
        }
        let doc = self.next_number();
        let mut grams: Vec<u32> = sketch
            .grams
            .iter()
            .map(|gram| forward::coded((self.table.add(gram.key, doc), gram.is_headline)))
            .collect();
        grams.sort_unstable();
        let mut packed = Vec::new();
        forward::pack(&sketch.facts, &grams, &mut packed);
        self.numbers.insert(tip, doc);
        self.push(tip, sketch, &packed);
        self.chains.push(candidates::keys(sketch));
        if !audience.is_everybody() {
            self.docs[doc as usize].audience = audience;
            discount_audience(self, doc);
        }
        // What it is a copy of is looked for once it is known who may see it.
        if audience != Audience::UNKNOWN {
            self.link(doc);
        }
    }

    /// The number of the day on which a tip came.
    #[inline]
    fn day_of(&self, doc: u32) -> i32 {
        self.briefs[doc as usize].day
    }

    /// What the next tip is numbered.
    fn next_number(&self) -> u32 {
        u32::try_from(self.docs.len()).expect("four thousand million tips do not fit in memory")
    }

    /// All but the lists it is found by.
    fn push(&mut self, tip: TipId, sketch: &Sketch, packed: &[u8]) {
        self.briefs.push(Brief {
            day: sketch.day.number(),
            school: sketch.facts.school,
        });
        self.docs.push(Doc {
            tip,
            kept: self.forward.push(packed),
            sentences: u8::try_from(sketch.sentences.len()).unwrap_or(u8::MAX),
            is_gone: false,
            audience: Audience::EVERYBODY,
        });
        self.counted += 1;
        self.arrivals.add(&sketch.facts, sketch.day.number());
        self.common.add(&sketch.facts);
    }

    /// Finds whether the newest tip is one of a flood, and whether it makes a sentence a template.
    pub(super) fn link(&mut self, doc: u32) {
        find_templates(self, doc);
        find_flood(self, doc);
    }

    /// Tips whose letters and digits are the same, from the first that came.
    #[must_use]
    pub fn same_text(&self, sketch: &Sketch) -> Vec<TipId> {
        let key = candidates::text_key(&sketch.facts);
        let mut tips: Vec<_> = self
            .chains
            .docs(key)
            .filter(|doc| facts_at(self, *doc).text == sketch.facts.text)
            .map(|doc| &self.docs[doc as usize])
            .filter(|doc| !doc.is_gone)
            .map(|doc| doc.tip)
            .collect();
        tips.reverse();
        tips.dedup();
        tips
    }

    /// Compares two tips that need not be in the index, by what its tips say is rare.
    #[must_use]
    pub fn compare(&self, a: &Sketch, b: &Sketch) -> Compared {
        compare_sides(self, &side_of(self, a), &side_of(self, b))
    }

    /// The day a tip came.
    #[must_use]
    pub fn day(&self, tip: &TipId) -> Option<Day> {
        let doc = *self.numbers.get(tip)?;
        Day::from_number(self.day_of(doc)).ok()
    }
}

pub(super) fn facts_at(index: &Index, doc: u32) -> Facts {
    index.forward.facts(index.docs[doc as usize].kept)
}

pub(super) fn gram_count_of(index: &Index, doc: u32) -> impl Iterator<Item = Gram> {
    index.forward.grams(index.docs[doc as usize].kept)
}

/// Has what is kept of these tips in a core's cache before it is read: looking into all of them at once waits for
/// memory about as long as looking into one.
pub(super) fn bring_near(index: &Index, docs: &[u32]) {
    let kept = docs.iter().map(|doc| index.docs[*doc as usize].kept);
    let looked: u32 = kept
        .map(|kept| u32::from(index.forward.bytes(kept)[0]))
        .sum();
    std::hint::black_box(looked);
}

/// How many tips that everybody may see have a gram, by its hash.
pub(super) fn tips_with(index: &Index, gram: u32) -> u32 {
    index.table.count(index.table.id(gram))
}

/// Whether a sentence is a template's, by its hash.
pub(super) fn is_template(index: &Index, sentence: u32) -> bool {
    index.templates.has(sentence)
}

fn compare_sides(index: &Index, a: &Side, b: &Side) -> Compared {
    let text = likeness_of(index, a, b);
    let (features, veto) = measure(&text, a.dated(), b.dated());
    Compared::new(features, veto, &index.weights)
}
