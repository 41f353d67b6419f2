//! Documents made by chance, with a word in every place where something private can be: it must be gone from each, but for
//! what is told. A second word stands where something is told: there the page must not say that the file is clean.

#![allow(
    clippy::format_push_string,
    clippy::too_many_lines,
    reason = "a list of places, each put together once"
)]

mod pdf_files;

pub(super) use pdf_files::{chain, named, packed, streams};

use super::mutation::{CANARY, Dice, cases, has_canary, outcome};
use super::office::unzipped;
use super::samples::{Workshop, jpeg};
use super::strip;
use mifeng_metadata::{Outcome, Report};
use mifeng_sealing::tip::FileKind;
use office_files::{word, workbook};
use pdf_files::pdf;
use std::collections::BTreeMap;
use std::sync::OnceLock;

mod office_files;

pub(super) const WORD: &str = "CANARY-MIFENG";

/// Stands in what is told and stays.
pub(super) const TOLD: &str = "TOLD-MIFENG";

/// A photo with the word in its tags.
fn photo() -> &'static [u8] {
    static PHOTO: OnceLock<Vec<u8>> = OnceLock::new();
    PHOTO.get_or_init(|| {
        let shop = Workshop::new();
        shop.write("a.jpg", &jpeg(16, 12));
        let make = format!("-EXIF:Make={WORD}");
        shop.tag(
            "a.jpg",
            &[&make, "-EXIF:GPSLatitude=31.2", "-Comment=CANARY-MIFENG"],
        );
        shop.read("a.jpg")
    })
}

/// Judges one file: the word is gone, and the outcome is that of what was put in.
pub(super) fn judge(
    kind: FileKind,
    case: usize,
    file: &[u8],
    told: bool,
    seen: &mut BTreeMap<&'static str, usize>,
) {
    let (out, report) = strip(kind, file);
    *seen.entry(outcome(&report)).or_insert(0) += 1;
    if let Err(why) = verdict(kind, &out, &report, told) {
        let path = std::env::temp_dir().join(format!("mifeng-{kind:?}-{case}"));
        std::fs::write(&path, file).expect("writes");
        panic!(
            "{kind:?}, case {case}: {why}: {report:?}: {}",
            path.display()
        );
    }
}

fn verdict(kind: FileKind, out: &[u8], report: &Report, told: bool) -> Result<(), String> {
    let clean = !matches!(report.outcome, Outcome::CouldNot(_));
    if clean == told {
        return Err("wrong outcome".to_owned());
    }
    let mut all = vec![("the file".to_owned(), out.to_vec())];
    if kind == FileKind::OfficeZip {
        all.extend(unzipped(out));
    } else {
        all.extend(streams(out));
    }
    for (name, content) in &all {
        let hexed = [hex::encode(CANARY), hex::encode_upper(CANARY)];
        let in_hex = hexed
            .iter()
            .any(|word| content.windows(word.len()).any(|it| it == word.as_bytes()));
        if has_canary(content) || in_hex || name.contains(WORD) {
            return Err(format!("the word is in {name} still"));
        }
        if clean && content.windows(TOLD.len()).any(|it| it == TOLD.as_bytes()) {
            return Err(format!("what is to be told is in {name}, and is not told"));
        }
    }
    let (again, second) = strip(kind, out);
    if clean && (again != out || second.outcome != Outcome::NothingFound) {
        return Err(format!("a second time: {second:?}"));
    }
    Ok(())
}

#[test]
fn nothing_that_was_put_into_an_office_file_stays_untold() {
    let mut seen = BTreeMap::new();
    for case in 0..cases(1500) {
        let mut dice = Dice::of(case);
        let (file, told) = if dice.is(2) {
            word(&mut dice)
        } else {
            workbook(&mut dice)
        };
        judge(FileKind::OfficeZip, case, &file, told, &mut seen);
    }
    println!("office: {seen:?}");
    assert!(seen["cleaned"] > 100 && seen["reviewable"] > 50, "{seen:?}");
}

#[test]
fn nothing_that_was_put_into_a_pdf_stays_untold() {
    let mut seen = BTreeMap::new();
    for case in 0..cases(3000) {
        let mut dice = Dice::of(case);
        let (file, told) = pdf(&mut dice);
        // Keys that are there twice, of which the first counts, may hide what would be told: then it is left out.
        let twice = ["/XObject<<", "/Names<<"].iter().any(|key| {
            let text = String::from_utf8_lossy(&file).into_owned();
            text.matches(key).count() > 1
        });
        if !(told && twice) {
            judge(FileKind::Pdf, case, &file, told, &mut seen);
        }
    }
    println!("pdf: {seen:?}");
    assert!(seen["cleaned"] > 1000 && seen["embedded"] > 50, "{seen:?}");
}
