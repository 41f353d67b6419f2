//! What a viewer does not show of a PDF, made by chance: a word that must be gone, or something that must be told. Each
//! piece is a way to hide something in a file that looks clean.

#![allow(
    clippy::too_many_lines,
    reason = "a list of hiding places, each put together once"
)]

mod reviewable;

use super::documents;
use super::mutated_documents::judge;
use super::mutation::{Dice, cases};
use super::strip;
use drafts::{Draft, RECT};
use hidden::gone;
use mifeng_metadata::{Outcome, Reason};
use mifeng_sealing::tip::FileKind;
use reviewable::told;
use std::collections::BTreeMap;

mod hidden;

mod drafts;

#[test]
fn what_a_viewer_does_not_show_is_gone_or_told() {
    let mut seen = BTreeMap::new();
    for case in 0..cases(3000) {
        let mut dice = Dice::of(case);
        let mut draft = Draft::default();
        let is_told = dice.is(3);
        if is_told {
            told(&mut draft, &mut dice);
        } else {
            for _ in 0..=dice.below(3) {
                gone(&mut draft, &mut dice);
            }
        }
        let file = draft.file(&mut dice);
        judge(FileKind::Pdf, case, &file, is_told, &mut seen);
    }
    println!("unseen: {seen:?}");
    assert!(
        seen["cleaned"] > 1000 && seen["reviewable"] > 100,
        "{seen:?}"
    );
}

#[test]
fn what_is_shown_stays_where_it_is() {
    for case in 0..200 {
        let mut dice = Dice::of(case);
        let mut draft = Draft::default();
        let inner = draft.form(&mut dice, "inner stays");
        let outer = draft.stream(&mut dice, "/Subtype/Form/BBox[0 0 99 99]", "/LongName Do");
        draft.resource("XObject", "LongName", &format!("{inner} 0 R"));
        draft.resource("XObject", "Other", &format!("{outer} 0 R"));
        draft.content += " /Other Do";
        let stamp = draft.form(&mut dice, "stamp stays");
        draft.mark(&format!("/Subtype/Stamp{RECT}/AP<</N {stamp} 0 R>>"));
        draft.mark(&format!("/Subtype/Link{RECT}/Dest/Chosen"));
        draft
            .catalogue
            .insert("Dests".to_owned(), "<</Chosen[3 0 R/Fit]>>".to_owned());
        let file = draft.file(&mut dice);
        let (out, report) = strip(FileKind::Pdf, &file);
        assert_eq!(report.outcome, Outcome::Cleaned, "{case}");
        let all: Vec<u8> = super::mutated_documents::streams(&out)
            .into_iter()
            .flat_map(|(_, plain)| plain)
            .chain(out.iter().copied())
            .collect();
        let all = String::from_utf8_lossy(&all).into_owned();
        for words in ["inner stays", "stamp stays", "Text stays", "/Fit"] {
            assert!(all.contains(words), "{case}: {words}");
        }
    }
}

#[test]
fn a_page_that_is_not_counted_is_told() {
    let count = |counted: usize| {
        let page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>";
        let objects = [
            b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
            format!("<</Type/Pages/Kids[3 0 R 4 0 R]/Count {counted}>>").into_bytes(),
            page.to_vec(),
            page.to_vec(),
        ];
        strip(FileKind::Pdf, &documents::pdf(&objects, ""))
            .1
            .outcome
    };
    assert_eq!(count(2), Outcome::NothingFound);
    assert_eq!(count(1), Outcome::CouldNot(Reason::Structure));
}
