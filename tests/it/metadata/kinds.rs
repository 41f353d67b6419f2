//! What a file is, and what it pretends to be.

use super::samples::{Workshop, photos};
use mifeng_metadata::{Outcome, Reason};
use mifeng_sealing::tip::{FileKind, HEAD_BYTES, TAIL_BYTES};

fn disguised(kind: FileKind, file: &[u8]) -> bool {
    let head = &file[..file.len().min(HEAD_BYTES)];
    kind.is_two_things(head, &file[file.len().saturating_sub(TAIL_BYTES)..])
}

#[test]
fn kinds_are_told_by_their_first_bytes() {
    let shop = Workshop::new();
    for (name, kind, file) in photos(&shop) {
        let head = &file[..file.len().min(HEAD_BYTES)];
        assert_eq!(FileKind::sniff(head), Some(kind), "{name}");
    }
}

#[test]
fn what_is_not_taken_has_no_kind() {
    let refused: &[&[u8]] = &[
        b"",
        b"M",
        b"MZ\x90\0",
        b"\x7FELF",
        b"<html>",
        b"<?xml version",
        b"<svg xmlns",
        b"#!/bin/sh",
        b"PK\x03\x04",
        b"PK\x05\x06",
        b"Rar!\x1A\x07",
        b"7z\xBC\xAF",
        b"{\\rtf1",
        b"\xFF\xD8",
    ];
    for head in refused {
        assert_eq!(FileKind::sniff(head), None, "{head:?}");
    }
}

#[test]
fn a_file_that_is_two_things_is_told() {
    let shop = Workshop::new();
    let samples = photos(&shop);
    for (name, kind, file) in &samples {
        assert!(!disguised(*kind, file), "{name}");
    }
    let plain = &samples[0].2;
    // A comment with a PDF's head, right behind the first marker.
    let comment = b"\xFF\xFE\0\x0B%PDF-1.4\n";
    let also_pdf = [&plain[..2], comment, &plain[2..]].concat();
    assert!(disguised(FileKind::Jpeg, &also_pdf));
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("a", zip::write::SimpleFileOptions::default())
        .expect("starts");
    let zip = zip.finish().expect("finishes").into_inner();
    let also_zip = [plain.as_slice(), &zip].concat();
    assert!(disguised(FileKind::Jpeg, &also_zip));
    assert!(!disguised(FileKind::OfficeZip, &zip));
    // What passes the filter is one thing only.
    let (out, _) = super::strip(FileKind::Jpeg, &also_zip);
    assert!(&out == plain);
    let (out, _) = super::strip(FileKind::Jpeg, &also_pdf);
    assert!(!disguised(FileKind::Jpeg, &out));
}

#[test]
fn kinds_that_are_not_cleaned_say_so() {
    for kind in [
        FileKind::Mp3,
        FileKind::Mp4,
        FileKind::Matroska,
        FileKind::OfficeOle,
    ] {
        let (out, report) = super::strip(kind, b"anything");
        assert_eq!(report.outcome, Outcome::CouldNot(Reason::Kind));
        assert_eq!(out, b"anything");
    }
}

#[test]
fn what_must_be_held_whole_has_a_bound() {
    let large = vec![b' '; mifeng_metadata::WHOLE_LIMIT_BYTES + 1];
    let (out, report) = super::strip_in(FileKind::Pdf, &large, 8 << 20);
    assert_eq!(report.outcome, Outcome::CouldNot(Reason::TooLarge));
    assert!(out == large);
}

/// The list that the pages' script is held to says of each kind who cleans it.
#[test]
fn intake_can_clean_what_the_pages_say_it_can() {
    let samples = include_str!("../../vectors/file-kinds.json");
    let samples: serde_json::Value = serde_json::from_str(samples).expect("JSON");
    let mut seen = 0;
    for sample in samples.as_array().expect("a list") {
        let word = |key: &str| sample[key].as_str().expect("a word");
        let (name, expected) = (word("name"), word("is"));
        let Some((_, by_whom)) = expected.split_once(' ') else {
            continue;
        };
        let letters = word("head").chars().map(u32::from);
        let head: Vec<u8> = letters
            .map(|letter| u8::try_from(letter).expect("a byte"))
            .collect();
        let known = FileKind::of(name, &head).expect("a kind");
        let kind = known.kind;
        let (_, report) = super::strip(kind, &head);
        let never = report.outcome == Outcome::CouldNot(Reason::Kind);
        assert_eq!(never, by_whom == "nobody", "{name}");
        seen += 1;
    }
    assert!(seen > 80, "{seen}");
}
