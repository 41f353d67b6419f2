//! PDF files of the test, put together object by object.

use super::super::documents;
use super::super::mutated_documents::{chain, named, packed};
use super::super::mutation::Dice;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Numbers of the first objects: catalogue, pages, page, content, font.
pub(super) const FIXED: usize = 5;

/// A document of one page that is being put together. Of each key the first value counts.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) catalogue: BTreeMap<String, String>,
    pub(super) page: BTreeMap<String, String>,
    pub(super) resources: BTreeMap<&'static str, String>,
    pub(super) content: String,
    pub(super) marks: String,
    pub(super) objects: Vec<Vec<u8>>,
}

impl Draft {
    pub(super) fn add(&mut self, object: String) -> usize {
        self.objects.push(object.into_bytes());
        FIXED + self.objects.len()
    }

    pub(super) fn stream(&mut self, dice: &mut Dice, entries: &str, data: &str) -> usize {
        let filters = chain(dice);
        let entries = format!("{entries}{}", named(&filters));
        let data = packed(data.as_bytes(), &filters);
        self.objects.push(documents::stream(&entries, &data));
        FIXED + self.objects.len()
    }

    /// A form with letters in it.
    pub(super) fn form(&mut self, dice: &mut Dice, words: &str) -> usize {
        let entries = "/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</Font<</F1 5 0 R>>>>";
        self.stream(dice, entries, &format!("BT /F1 9 Tf ({words}) Tj ET"))
    }

    pub(super) fn mark(&mut self, entries: &str) -> usize {
        let number = self.add(format!("<</Type/Annot{entries}>>"));
        write!(self.marks, " {number} 0 R").expect("memory");
        number
    }

    pub(super) fn resource(&mut self, part: &'static str, name: &str, value: &str) {
        let part = self.resources.entry(part).or_default();
        write!(part, "/{name} {value}").expect("memory");
    }

    pub(super) fn file(mut self, dice: &mut Dice) -> Vec<u8> {
        self.resource("Font", "F1", "5 0 R");
        let written = |entries: &BTreeMap<String, String>| {
            let each = entries
                .iter()
                .flat_map(|(key, value)| ["/", key, " ", value]);
            each.collect::<String>()
        };
        let parts = self.resources.iter();
        let resources: String = parts
            .flat_map(|(part, names)| ["/", part, "<<", names, ">>"])
            .collect();
        let filters = chain(dice);
        let content = format!("BT /F1 12 Tf (Text stays) Tj ET{}", self.content);
        let fixed = [
            format!("<</Type/Catalog/Pages 2 0 R{}>>", written(&self.catalogue)).into_bytes(),
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
            format!(
                "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Annots[{}]/Resources<<{resources}>>{}>>",
                self.marks,
                written(&self.page)
            )
            .into_bytes(),
            documents::stream(&named(&filters), &packed(content.as_bytes(), &filters)),
            b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec(),
        ];
        let objects: Vec<_> = fixed.into_iter().chain(self.objects).collect();
        documents::pdf(&objects, "")
    }
}

pub(super) const RECT: &str = "/Rect[10 10 50 50]";
