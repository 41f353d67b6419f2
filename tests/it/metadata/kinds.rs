//! What a file is, and what it pretends to be.

use super::samples::{Workshop, photos};
use mifeng::intake::metadata::{Disguise, FileKind, Outcome, Reason, SNIFF_BYTES, sniff};

fn disguised(kind: FileKind, file: &[u8]) -> bool {
    let mut disguise = Disguise::new(kind);
    for part in file.chunks(1000) {
        disguise.feed(part);
    }
    disguise.finish()
}

#[test]
fn kinds_are_told_by_their_first_bytes() {
    let shop = Workshop::new();
    for (name, kind, file) in photos(&shop) {
        assert_eq!(
            sniff(&file[..file.len().min(SNIFF_BYTES)]),
            Some(kind),
            "{name}"
        );
    }
    let named: &[(&[u8], FileKind)] = &[
        (b"ID3\x04\0\0", FileKind::Mp3),
        (b"\xFF\xFB\x90\x64\0\0", FileKind::Mp3),
        (b"\xFF\xF1\x50\x80\0\0", FileKind::Aac),
        (b"#!AMR\n", FileKind::Amr),
        (b"RIFF\0\0\0\0WAVEfmt ", FileKind::Wav),
        (b"OggS\0", FileKind::Ogg),
        (b"\0\0\0\x18ftypM4A \0\0\0\0", FileKind::M4a),
        (b"\0\0\0\x18ftypisom\0\0\0\0", FileKind::Mp4),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", FileKind::Mp4),
        (b"\0\0\0\x14ftypqt  \0\0\0\0", FileKind::Mov),
        (b"\0\0\0\x18ftyp3gp5\0\0\0\0", FileKind::ThreeGp),
        (b"\0\0\0\x18ftypheic\0\0\0\0", FileKind::Heic),
        (b"\0\0\0\x1Cftypabcd\0\0\0\0mif1", FileKind::Heic),
        (b"\x1A\x45\xDF\xA3\x9FB\x82\x84webm", FileKind::Webm),
        (b"%PDF-1.7\n", FileKind::Pdf),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", FileKind::OldOffice),
    ];
    for (head, kind) in named {
        assert_eq!(sniff(head), Some(*kind), "{head:?}");
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
        b"#!/bin/sh",
        b"PK\x03\x04",
        b"GIF89a",
        b"Rar!\x1A\x07",
        b"7z\xBC\xAF",
        b"RIFF\0\0\0\0AVI ",
        b"\0\0\0\x18ftypavif",
        b"{\\rtf1",
        b"\x1A\x45\xDF\xA3\x9FB\x82\x88matroska",
        b"\xFF\xD8",
        b"  %PDF-1.4",
    ];
    for head in refused {
        assert_eq!(sniff(head), None, "{head:?}");
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
    assert!(!disguised(FileKind::Docx, &zip));
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
        FileKind::Webm,
        FileKind::OldOffice,
    ] {
        let (out, report) = super::strip(kind, b"anything");
        assert_eq!(report.outcome, Outcome::CouldNot(Reason::Kind));
        assert_eq!(out, b"anything");
    }
}

#[test]
fn what_must_be_held_whole_has_a_bound() {
    let large = vec![b' '; mifeng::intake::metadata::WHOLE_LIMIT_BYTES + 1];
    let (out, report) = super::strip_in(FileKind::Pdf, &large, 8 << 20);
    assert_eq!(report.outcome, Outcome::CouldNot(Reason::TooLarge));
    assert!(out == large);
}
