//! Text that tips about many schools have in common says nothing of any of them.

use super::Index;
use super::table::PlainSet;
use std::collections::HashSet;

/// Schools from which a sentence is a template's.
const SCHOOLS_MIN: usize = 5;
/// Earlier tips that are looked at each time.
const LOOK_BACK: usize = 8;
/// Earlier tips that are looked at now and then: copies about one school may hide those about others.
const LOOK_FAR_BACK: usize = 200;
const LOOK_FAR_EVERY: u32 = 16;
/// A pasted text whose school is misspelled in a few copies is no template: so many tips a school at most.
const TIPS_A_SCHOOL_MAX: usize = 4;

/// Sentences that are templates.
#[derive(Default)]
pub(super) struct Templates(PlainSet);

impl Templates {
    /// Whether a sentence is one.
    #[inline]
    pub fn has(&self, sentence: u32) -> bool {
        self.0.contains(&sentence)
    }
}

impl Index {
    pub(super) fn find_templates(&mut self, doc: u32) {
        let entry = &self.docs[doc as usize];
        if entry.facts.school == 0 {
            return;
        }
        let look_back = if doc.is_multiple_of(LOOK_FAR_EVERY) {
            LOOK_FAR_BACK
        } else {
            LOOK_BACK
        };
        let found: Vec<u32> = self
            .chains
            .keys(doc, entry.sentences)
            .filter(|sentence| {
                !self.templates.has(*sentence) && self.is_said_of_many(*sentence, doc, look_back)
            })
            .collect();
        self.templates.0.extend(found);
    }

    fn is_said_of_many(&self, sentence: u32, until: u32, look_back: usize) -> bool {
        let mut schools = HashSet::new();
        let earlier = self.chains.docs_until(sentence, until).take(look_back);
        for (tips, doc) in earlier.enumerate() {
            let facts = &self.docs[doc as usize].facts;
            if facts.school != 0 {
                schools.insert(facts.school);
            }
            if schools.len() >= SCHOOLS_MIN && tips < SCHOOLS_MIN * TIPS_A_SCHOOL_MAX {
                return true;
            }
        }
        false
    }
}
