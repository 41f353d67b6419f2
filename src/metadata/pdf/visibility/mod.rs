//! What a viewer shows of a document, looked at before anything is written: its pages and the marks on them, titles in the
//! sidebar, layers, forms, and where names lead to. What is not shown is left behind, or told.

mod layers;
mod pages;

use super::scan::{Index, Object};
use super::strings::plain_string;
use super::syntax::{Value, plain_name};
use super::trees::leaves;
use super::uses::Uses;
use crate::finding::{Findings, Reason, What};
use layers::hides_layers;
use std::collections::{HashMap, HashSet};

/// Marks of all pages, and titles.
const MARKS_MAX: usize = 1_000_000;

/// What a viewer shows of a document.
pub(super) struct Visibility<'a> {
    index: &'a Index<'a>,
    /// The pages that the document shows, and their groups: no other is written, whatever points to it.
    pub pages: HashSet<usize>,
    /// Marks on these pages.
    pub marks: HashSet<usize>,
    /// Titles in the sidebar, and what they hang on.
    pub titles: HashSet<usize>,
    pub sidebar: Option<usize>,
    /// Some layer is not shown, or may not be.
    pub keeps_layers: bool,
    /// Some field has a value that no drawing shows.
    pub keeps_fields: bool,
    /// Viewers are asked to draw each field anew.
    draws_anew: bool,
    /// Places by the names that somebody gave them.
    pub places: HashMap<Vec<u8>, Object<'a>>,
    pub uses: Uses<'a>,
}

impl<'a> Visibility<'a> {
    pub fn of(index: &'a Index<'a>, root: usize, findings: &mut Findings) -> Result<Self, Reason> {
        let catalogue = index.read(root, &mut Findings::default());
        let catalogue = catalogue.ok_or(Reason::Damaged)?;
        let mut visibility = Self {
            index,
            pages: HashSet::new(),
            marks: HashSet::new(),
            titles: HashSet::new(),
            sidebar: reference(&catalogue, "Outlines"),
            keeps_layers: hides_layers(index, &catalogue),
            keeps_fields: false,
            draws_anew: draws_anew(index, &catalogue),
            places: HashMap::new(),
            uses: Uses::new(index),
        };
        if visibility.keeps_layers {
            findings.left(What::Hidden, Reason::Reviewable);
        }
        visibility.find_titles(&catalogue);
        visibility.find_places(&catalogue);
        visibility.find_pages(&catalogue, findings)?;
        if visibility.keeps_fields {
            // What their values are drawn with is not followed.
            visibility.uses.unsure = true;
            findings.left(What::Hidden, Reason::Reviewable);
        }
        if visibility.uses.unseen {
            findings.left(What::Hidden, Reason::Reviewable);
        }
        Ok(visibility)
    }

    fn get(&self, object: &Object<'a>, key: &str) -> Option<Object<'a>> {
        self.uses.of(object, key)
    }

    fn find_titles(&mut self, catalogue: &Object<'a>) {
        let Some(root) = self.get(catalogue, "Outlines") else {
            return;
        };
        let mut waiting: Vec<usize> = reference(&root, "First").into_iter().collect();
        while let Some(number) = waiting.pop() {
            if self.titles.len() > MARKS_MAX || !self.titles.insert(number) {
                continue;
            }
            if let Some(title) = self.index.read(number, &mut Findings::default()) {
                waiting.extend(reference(&title, "First"));
                waiting.extend(reference(&title, "Next"));
            }
        }
    }

    fn find_places(&mut self, catalogue: &Object<'a>) {
        if let Some(old) = self.get(catalogue, "Dests")
            && let Value::Dict(entries) = &old.value
        {
            for (key, value) in entries {
                let name = plain_name(&old.bytes[key.clone()]).into_owned();
                if let Some(place) = self.index.resolve(old.bytes, value) {
                    self.places.insert(name, place);
                }
            }
        }
        let tree = self
            .get(catalogue, "Names")
            .and_then(|names| self.get(&names, "Dests"));
        let found = tree.map(|tree| leaves(self.index, tree.bytes, &tree.value));
        for (bytes, key, value) in found.unwrap_or_default() {
            let name = plain_string(bytes, &key);
            if let Some(place) = self.index.resolve(bytes, &value) {
                self.places.entry(name).or_insert(place);
            }
        }
    }
}

/// The number of the object that an entry points to.
fn reference(object: &Object<'_>, key: &str) -> Option<usize> {
    match object.value.get(object.bytes, key) {
        Some(Value::Reference(number)) => Some(*number),
        _ => None,
    }
}

/// Whether viewers are asked to draw the fields of the form anew.
fn draws_anew(index: &Index<'_>, catalogue: &Object<'_>) -> bool {
    let form = catalogue.value.get(catalogue.bytes, "AcroForm");
    let form = form.and_then(|form| index.resolve(catalogue.bytes, form));
    form.is_some_and(|form| {
        let asked = form.value.get(form.bytes, "NeedAppearances");
        let asked = asked.and_then(|asked| index.resolve(form.bytes, asked));
        asked.is_some_and(|asked| match &asked.value {
            Value::Word(word) => &asked.bytes[word.clone()] != b"false",
            _ => true,
        })
    })
}
