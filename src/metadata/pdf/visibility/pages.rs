//! The pages that a document shows, what is drawn on them, and the marks that are seen there.

use super::{MARKS_MAX, Visibility, reference};
use crate::finding::{Findings, Reason, What};
use crate::pdf::marks::{self, MarkContent};
use crate::pdf::scan::Object;
use crate::pdf::syntax::Value;
use crate::pdf::uses::Resources;
use crate::pdf::values::number;
use std::rc::Rc;

/// Pages, and groups of them.
const PAGES_MAX: usize = 100_000;

/// Left, bottom, right, top.
type Area = [f64; 4];

/// What a page has from the groups that it is in.
#[derive(Clone, Default)]
struct Inherited<'a> {
    resources: Resources<'a>,
    media: Option<Area>,
    crop: Option<Area>,
}

impl<'a> Visibility<'a> {
    /// Goes through the pages, from their first group on.
    pub(super) fn find_pages(
        &mut self,
        catalogue: &Object<'a>,
        findings: &mut Findings,
    ) -> Result<(), Reason> {
        let (mut waiting, mut shown) = (Vec::new(), 0_usize);
        if let Some(number) = reference(catalogue, "Pages") {
            waiting.push((number, None, Inherited::default()));
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
            let said = reference(&page, "Parent");
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

    /// Looks at what is on a page: its contents, and the marks on them.
    fn page(
        &mut self,
        page: &Object<'a>,
        from: &Inherited<'a>,
        findings: &mut Findings,
    ) -> Result<(), Reason> {
        let seen = shown_area(from, findings);
        self.draw_contents(page, from)?;
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

    /// Follows what a page is drawn with.
    fn draw_contents(&mut self, page: &Object<'a>, from: &Inherited<'a>) -> Result<(), Reason> {
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
}

/// The part of a page that is shown; told where something is cut off.
fn shown_area(from: &Inherited<'_>, findings: &mut Findings) -> Option<Area> {
    match (from.media, from.crop) {
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
    }
}
