//! Text that tips about many schools have in common says nothing of any of them.

use super::Index;
use super::table::PlainSet;
use crate::TipId;
use crate::reading::Reading;
use crate::sketch::Hasher;
use mifeng_opening::SketchKey;
use std::ops::Range;

/// Schools from which a sentence is a template's.
pub(super) const SCHOOLS_MIN: usize = 5;
/// Earlier tips that are looked at each time.
const LOOK_BACK: usize = 8;
/// Earlier tips that are looked at now and then: copies about one school may hide those about others. But a pasted text
/// whose school is misspelled in a few copies is no template: so many tips a school at most.
const LOOK_FAR_BACK: usize = SCHOOLS_MIN * 4;
const LOOK_FAR_EVERY: u8 = 16;

/// Sentences that are templates.
#[derive(Default)]
pub(super) struct Templates(pub(super) PlainSet);

impl Templates {
    /// Whether a sentence is one.
    #[inline]
    pub fn has(&self, sentence: u32) -> bool {
        self.0.contains(&sentence)
    }
}

impl Index {
    /// Whether a tip in the index has a sentence that is a template's.
    #[must_use]
    pub fn has_template(&self, tip: &TipId) -> bool {
        self.numbers.get(tip).is_some_and(|doc| {
            let count = self.docs[*doc as usize].sentences;
            let mut sentences = self.chains.keys(*doc, count);
            sentences.any(|sentence| self.templates.has(sentence))
        })
    }

    /// Where in a tip's account as it was typed template text stands, in bytes.
    #[must_use]
    pub fn template_text(&self, reading: &Reading, key: &SketchKey) -> Vec<Range<usize>> {
        let hasher = Hasher(key);
        let sentences = reading.sentences.iter();
        let template = sentences.filter(|it| self.templates.has(hasher.sentence(&it.text)));
        template
            .map(|sentence| reading.text.bytes(sentence.from, sentence.to))
            .collect()
    }
}

/// Whether a sentence is a template's, as its tips are now: after who may see one of them changed.
pub(super) fn find_template_anew(index: &mut Index, sentence: u32) {
    let docs: Vec<u32> = index.chains.docs(sentence).collect();
    let is_template = (0..docs.len())
        .rev()
        .any(|at| makes_template(index, docs[at], docs[at..].iter().copied()));
    if is_template {
        index.templates.0.insert(sentence);
    } else {
        index.templates.0.remove(&sentence);
    }
}

pub(super) fn find_templates(index: &mut Index, doc: u32) {
    let entry = &index.docs[doc as usize];
    let found: Vec<u32> = index
        .chains
        .keys(doc, entry.sentences)
        .filter(|sentence| {
            !index.templates.has(*sentence)
                && makes_template(index, doc, index.chains.docs_until(*sentence, doc))
        })
        .collect();
    index.templates.0.extend(found);
}

/// Whether a sentence that tip `doc` has is a template's from it on; `until` are the tips that have it, from `doc`
/// back. Only those have a say that everybody may see.
pub(super) fn makes_template(index: &Index, doc: u32, until: impl Iterator<Item = u32>) -> bool {
    let school_of = |doc: u32| index.briefs[doc as usize].school;
    if school_of(doc) == 0 || !index.counts(doc) {
        return false;
    }
    // By its random id: how many tips came before it is no matter.
    let is_one_of_many = index.docs[doc as usize].tip[15].is_multiple_of(LOOK_FAR_EVERY);
    let look_back = if is_one_of_many {
        LOOK_FAR_BACK
    } else {
        LOOK_BACK
    };
    let mut schools = [0; SCHOOLS_MIN];
    let mut count = 0;
    let near = until.filter(|doc| index.counts(*doc)).take(look_back);
    for school in near.map(school_of).filter(|school| *school != 0) {
        if !schools[..count].contains(&school) {
            schools[count] = school;
            count += 1;
        }
        if count == SCHOOLS_MIN {
            return true;
        }
    }
    false
}
