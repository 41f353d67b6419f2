//! The index: for each piece the cases that it stands in.

use super::text::{Part, Query, Text, Token, Tokens, compact};
use crate::model::CaseId;
use mifeng_foundation::clock::Day;
use mifeng_names::Folded;
use std::collections::HashMap;

/// What is known of a case: its texts, folded, to look for whole phrases in.
struct Case {
    id: CaseId,
    /// The day it came: later cases come first.
    day: i32,
    texts: Vec<Text>,
}

/// What is to be put into the index of one case.
pub struct Filed {
    /// The case.
    pub case: CaseId,
    /// The day it came, by which results are ordered.
    pub day: Day,
    /// Its texts, or those that are new.
    pub texts: Vec<Text>,
}

/// A case that was found, and where the words stand in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The case.
    pub case: CaseId,
    /// Parts of it with any of the words.
    pub parts: Vec<Part>,
}

/// Every text of every case.
#[derive(Default)]
pub struct Index {
    tokens: Tokens,
    cases: Vec<Case>,
    /// Slots of cases that were destroyed, for others to have.
    free: Vec<u32>,
    slots: HashMap<CaseId, u32>,
    /// Slots with each piece, ascending.
    postings: HashMap<Token, Vec<u32>>,
}

impl Index {
    /// Takes in a case, or what is new in one.
    pub fn add(&mut self, filed: Filed) {
        let Filed { case, day, texts } = filed;
        let slot = self.slot(case, day);
        for Text { part, about, words } in texts {
            let folded = Folded::of(&words);
            let whole = compact(&folded);
            let known = &self.cases[slot as usize].texts;
            let same = |one: &Text| (one.part, one.about) == (part, about) && one.words == whole;
            // An opinion is filed with each change of its case.
            if known.iter().any(same) {
                continue;
            }
            for token in self.tokens.of(&folded) {
                let slots = self.postings.entry(token).or_default();
                if let Err(at) = slots.binary_search(&slot) {
                    slots.insert(at, slot);
                }
            }
            let words = whole;
            let text = Text { part, about, words };
            self.cases[slot as usize].texts.push(text);
        }
    }

    fn slot(&mut self, case: CaseId, day: Day) -> u32 {
        if let Some(known) = self.slots.get(&case) {
            return *known;
        }
        let new = Case {
            id: case,
            day: day.number(),
            texts: Vec::new(),
        };
        let slot = if let Some(free) = self.free.pop() {
            self.cases[free as usize] = new;
            free
        } else {
            self.cases.push(new);
            u32::try_from(self.cases.len() - 1).expect("no office has four billion cases")
        };
        self.slots.insert(case, slot);
        slot
    }

    /// Forgets cases that were destroyed: no word of them is left in it. Only the lists of their own words are looked into.
    pub fn forget(&mut self, cases: &[CaseId]) {
        for case in cases {
            let Some(slot) = self.slots.remove(case) else {
                continue;
            };
            for text in std::mem::take(&mut self.cases[slot as usize].texts) {
                self.forget_text(slot, &text.words);
            }
            self.free.push(slot);
        }
    }

    /// Takes a case out of the lists of each piece of a text. What is kept of a text has every piece that the text had, and
    /// some more: where signs stood between Chinese characters.
    fn forget_text(&mut self, slot: u32, compact: &str) {
        for token in self.tokens.of_compact(compact) {
            let Some(slots) = self.postings.get_mut(&token) else {
                continue;
            };
            if let Ok(at) = slots.binary_search(&slot) {
                slots.remove(at);
            }
            if slots.is_empty() {
                self.postings.remove(&token);
            }
        }
    }

    /// Cases with all the words, the latest first, that `sees` lets through: after the first `skip` of those as many as
    /// `most`; and where to go on, if there are more. What it does not let through is counted nowhere.
    pub fn find(
        &self,
        query: &Query,
        skip: usize,
        most: usize,
        mut sees: impl FnMut(CaseId) -> bool,
    ) -> (Vec<Found>, Option<usize>) {
        let mut slots = self.candidates(query);
        // Of one day in the order of random ids, which says nothing.
        slots.sort_unstable_by_key(|slot| {
            let case = &self.cases[*slot as usize];
            (std::cmp::Reverse(case.day), case.id)
        });
        let (mut found, mut passed) = (Vec::new(), 0);
        for slot in slots {
            let case = &self.cases[slot as usize];
            let Some(parts) = case.parts_with(query, &mut sees) else {
                continue;
            };
            if !sees(case.id) {
                continue;
            }
            if passed < skip {
                passed += 1;
                continue;
            }
            if found.len() == most {
                return (found, Some(skip + most));
            }
            found.push(Found {
                case: case.id,
                parts,
            });
        }
        (found, None)
    }

    /// Cases with every piece; all of them where there is no piece to go by.
    fn candidates(&self, query: &Query) -> Vec<u32> {
        let tokens = query.tokens(&self.tokens);
        let lists = tokens.iter().map(|token| self.postings.get(token));
        let Some(mut lists) = lists.collect::<Option<Vec<_>>>() else {
            return Vec::new();
        };
        lists.sort_by_key(|list| list.len());
        let Some((shortest, others)) = lists.split_first() else {
            return self.slots.values().copied().collect();
        };
        let everywhere = |slot: &&u32| others.iter().all(|list| list.binary_search(slot).is_ok());
        shortest.iter().filter(everywhere).copied().collect()
    }
}

impl Case {
    /// Where the words stand, if all of them stand somewhere where `sees` lets them be read.
    fn parts_with(&self, query: &Query, mut sees: impl FnMut(CaseId) -> bool) -> Option<Vec<Part>> {
        let mut parts = 0;
        for term in &query.terms {
            let with = self.texts.iter().filter(|one| one.words.contains(&**term));
            let shown = with.filter(|one| one.about.is_none_or(&mut sees));
            let in_parts = shown.fold(0, |parts, one| parts | one.part.bit());
            if in_parts == 0 {
                return None;
            }
            parts |= in_parts;
        }
        let all = Part::ALL.into_iter();
        Some(all.filter(|part| parts & part.bit() != 0).collect())
    }
}

#[cfg(test)]
mod tests;
