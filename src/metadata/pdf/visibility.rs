//! What a viewer shows of a document, looked at before anything is written: its pages and the marks on them, titles in the
//! sidebar, layers, forms, and where names lead to. What is not shown is left behind, or told.

use super::super::finding::{Findings, Reason, What};
use super::marks::{self, MarkContent};
use super::scan::{Index, Object};
use super::syntax::Value;
use super::uses::{Resources, Uses};
use super::values::number;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Pages, and groups of them.
const PAGES_MAX: usize = 100_000;
/// Marks of all pages, and titles.
const MARKS_MAX: usize = 1_000_000;

/// Left, bottom, right, top.
type Area = [f64; 4];

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

/// What a page has from the groups that it is in.
#[derive(Clone, Default)]
struct Inherited<'a> {
    resources: Resources<'a>,
    media: Option<Area>,
    crop: Option<Area>,
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

    fn find_pages(
        &mut self,
        catalogue: &Object<'a>,
        findings: &mut Findings,
    ) -> Result<(), Reason> {
        let (mut waiting, mut shown) = (Vec::new(), 0_usize);
        if let Some(Value::Reference(number)) = catalogue.value.get(catalogue.bytes, "Pages") {
            waiting.push((*number, None, Inherited::default()));
        }
        while let Some((number, parent, mut from)) = waiting.pop() {
            if self.pages.len() > PAGES_MAX {
                return Err(Reason::Bomb);
            }
            if !self.pages.insert(number) {
                continue;
            }
            let Some(page) = self.index.read(number, &mut Findings::default()) else {
                continue;
            };
            // A page that says that it is in another group has from there what is not looked at here.
            let said = match page.value.get(page.bytes, "Parent") {
                Some(Value::Reference(number)) => Some(*number),
                _ => None,
            };
            if parent.is_some() && said.is_some() && said != parent {
                findings.left(What::Hidden, Reason::Structure);
            }
            if let Some(own) = self.get(&page, "Resources") {
                from.resources = Some(Rc::new(own));
            }
            from.media = self.area(&page, "MediaBox").or(from.media);
            from.crop = self.area(&page, "CropBox").or(from.crop);
            if let Some(kids) = self.get(&page, "Kids")
                && let Value::Array(items) = &kids.value
            {
                for kid in items {
                    if let Value::Reference(kid) = kid {
                        waiting.push((*kid, Some(number), from.clone()));
                    }
                }
            } else {
                shown += 1;
                self.page(&page, &from, findings)?;
            }
        }
        // A viewer shows as many pages as the first group says that there are.
        let counted = self
            .get(catalogue, "Pages")
            .and_then(|pages| self.get(&pages, "Count"));
        if let Some(Value::Integer(counted)) = counted.map(|counted| counted.value)
            && counted < shown
        {
            findings.left(What::Hidden, Reason::Structure);
        }
        Ok(())
    }

    /// Four numbers, the smaller ones first.
    fn area(&self, object: &Object<'a>, key: &str) -> Option<Area> {
        let found = self.get(object, key)?;
        let Value::Array(items) = &found.value else {
            return None;
        };
        let mut area = [0.0; 4];
        for (side, item) in area.iter_mut().zip(items) {
            let item = self.index.resolve(found.bytes, item)?;
            *side = number(item.bytes, &item.value)?;
        }
        let [a, b, c, d] = area;
        (items.len() >= 4).then(|| [a.min(c), b.min(d), a.max(c), b.max(d)])
    }

    fn page(
        &mut self,
        page: &Object<'a>,
        from: &Inherited<'a>,
        findings: &mut Findings,
    ) -> Result<(), Reason> {
        let seen = match (from.media, from.crop) {
            (Some(media), Some(crop)) => {
                let cut = [
                    media[0].max(crop[0]),
                    media[1].max(crop[1]),
                    media[2].min(crop[2]),
                    media[3].min(crop[3]),
                ];
                // What is cut off is in the file still.
                if cut
                    .iter()
                    .zip(media)
                    .any(|(cut, whole)| (cut - whole).abs() > 1.0)
                {
                    findings.left(What::Hidden, Reason::Reviewable);
                }
                Some(cut)
            }
            (media, crop) => media.or(crop),
        };
        if let Some(contents) = self.get(page, "Contents") {
            let parts: Vec<_> = match &contents.value {
                Value::Array(items) => items
                    .iter()
                    .filter_map(|item| self.index.resolve(contents.bytes, item))
                    .collect(),
                _ => vec![contents],
            };
            for part in parts {
                self.uses.draw(part, &from.resources)?;
            }
        }
        let Some(list) = self.get(page, "Annots") else {
            return Ok(());
        };
        let Value::Array(items) = &list.value else {
            return Ok(());
        };
        for item in items {
            let Some(mark) = self.index.resolve(list.bytes, item) else {
                continue;
            };
            let is_seen = self.mark(&mark, seen, from)?;
            match item {
                Value::Reference(number) if is_seen => {
                    self.marks.insert(*number);
                }
                Value::Reference(_) => {}
                _ if !is_seen => findings.left(What::Hidden, Reason::Reviewable),
                _ => {}
            }
            if self.marks.len() > MARKS_MAX {
                return Err(Reason::Bomb);
            }
        }
        Ok(())
    }

    /// Looks at a mark; false where it is left behind, since nobody sees it.
    fn mark(
        &mut self,
        mark: &Object<'a>,
        seen: Option<Area>,
        from: &Inherited<'a>,
    ) -> Result<bool, Reason> {
        if marks::is_hidden(self.index, mark.bytes, &mark.value) {
            // It is left behind when it is met.
            return Ok(true);
        }
        let subtype = mark.value.get(mark.bytes, "Subtype");
        let subtype = subtype.and_then(|it| it.name(mark.bytes));
        let has_a_size = !matches!(
            subtype.as_deref(),
            Some(b"Text" | b"FileAttachment" | b"Popup")
        );
        let is_seen = self
            .area(mark, "Rect")
            .is_some_and(|[left, bottom, right, top]| {
                let is_there = !has_a_size || (left < right && bottom < top);
                let is_on_page = seen.is_none_or(|seen| {
                    left < seen[2] && right > seen[0] && bottom < seen[3] && top > seen[1]
                });
                is_there && (is_on_page || !has_a_size)
            });
        if !is_seen {
            return Ok(false);
        }
        let appearance = marks::appearance(self.index, mark.bytes, &mark.value);
        if let Some(form) = appearance.clone() {
            self.uses.draw(form, &from.resources)?;
        }
        let is_drawn = marks::is_drawn(self.index, mark.bytes, &mark.value);
        let has_letters = appearance.is_some_and(|form| self.uses.has_letters(&form));
        self.keeps_fields |= match marks::says(self.index, mark) {
            MarkContent::Nothing => false,
            MarkContent::State => !is_drawn,
            // Where its viewer draws a field anew, what is drawn is not what is seen.
            MarkContent::Words => !has_letters || self.draws_anew,
        };
        Ok(true)
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
                let name = super::syntax::plain_name(&old.bytes[key.clone()]).into_owned();
                if let Some(place) = self.index.resolve(old.bytes, value) {
                    self.places.insert(name, place);
                }
            }
        }
        let tree = self
            .get(catalogue, "Names")
            .and_then(|names| self.get(&names, "Dests"));
        let leaves = tree.map(|tree| super::trees::leaves(self.index, tree.bytes, &tree.value));
        for (bytes, key, value) in leaves.unwrap_or_default() {
            let name = super::values::plain_string(bytes, &key);
            if let Some(place) = self.index.resolve(bytes, &value) {
                self.places.entry(name).or_insert(place);
            }
        }
    }
}

fn reference(object: &Object<'_>, key: &str) -> Option<usize> {
    match object.value.get(object.bytes, key) {
        Some(Value::Reference(number)) => Some(*number),
        _ => None,
    }
}

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

/// Whether some layer is not shown when the document is opened, or whether it is may hang on something.
fn hides_layers(index: &Index<'_>, catalogue: &Object<'_>) -> bool {
    let get = |object: &Object<'_>, key: &str| -> Option<bool> {
        let found = index.resolve(object.bytes, object.value.get(object.bytes, key)?)?;
        Some(match &found.value {
            Value::Array(items) => !items.is_empty(),
            value => value.name(found.bytes).is_some_and(|name| &*name != b"ON"),
        })
    };
    let layers = catalogue.value.get(catalogue.bytes, "OCProperties");
    let layers = layers.and_then(|layers| index.resolve(catalogue.bytes, layers));
    if let Some(layers) = layers {
        let shown = layers.value.get(layers.bytes, "D");
        let Some(shown) = shown.and_then(|shown| index.resolve(layers.bytes, shown)) else {
            return true;
        };
        if ["OFF", "BaseState", "AS"]
            .iter()
            .any(|key| get(&shown, key) == Some(true))
        {
            return true;
        }
    }
    let mut numbers = index.numbers();
    numbers.any(|number| {
        let object = index.read(number, &mut Findings::default());
        object.is_some_and(|object| hangs_on_layers(object.bytes, &object.value))
    })
}

/// Whether a dictionary somewhere in a value shows what is on it where layers are hidden.
fn hangs_on_layers(bytes: &[u8], value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| hangs_on_layers(bytes, item)),
        Value::Dict(entries) => {
            value.get(bytes, "VE").is_some()
                || value.is(bytes, "P", "AllOff")
                || value.is(bytes, "P", "AnyOff")
                || entries
                    .iter()
                    .any(|(_, value)| hangs_on_layers(bytes, value))
        }
        _ => false,
    }
}
