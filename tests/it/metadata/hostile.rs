//! Bytes that mean ill: nothing panics, nothing loops, and what comes out is never longer than what went in by more than a
//! head.

use super::samples::{Workshop, photos, run};
use super::{strip, strip_in};
use mifeng_metadata::{Outcome, Reason};
use mifeng_sealing::tip::{FileKind, HEAD_BYTES};
use proptest::prelude::*;
use std::process::Command;
use std::sync::OnceLock;

const KINDS: [FileKind; 7] = [
    FileKind::Jpeg,
    FileKind::Png,
    FileKind::WebP,
    FileKind::Heic,
    FileKind::Pdf,
    FileKind::OfficeZip,
    FileKind::Mp3,
];

/// Real files of every kind that is looked into.
fn real() -> &'static [(FileKind, Vec<u8>)] {
    static REAL: OnceLock<Vec<(FileKind, Vec<u8>)>> = OnceLock::new();
    REAL.get_or_init(|| {
        let shop = Workshop::new();
        let mut files: Vec<_> = photos(&shop)
            .into_iter()
            .map(|(_, kind, file)| (kind, file))
            .collect();
        let mut command = Command::new("heif-enc");
        command
            .args(["-t", "32", "-o"])
            .arg(shop.path("a.heic"))
            .arg(shop.path("phone.jpg"));
        run(&mut command);
        files.push((FileKind::Heic, shop.read("a.heic")));
        files.push((FileKind::Pdf, super::documents::sample(&shop)));
        files.push((FileKind::OfficeZip, super::office::sample(&shop)));
        files
    })
}

fn survives(kind: FileKind, bytes: &[u8]) {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let _ = FileKind::sniff(head);
    let _ = kind.is_two_things(head, bytes);
    let (out, report) = strip(kind, bytes);
    let (pieces, same) = strip_in(kind, bytes, 7);
    assert_eq!((&out, &report), (&pieces, &same));
    // A document that is written anew may come out unpacked; it does not grow beyond all bounds.
    assert!(kind != FileKind::Pdf || out.len() <= 40 * bytes.len() + 4096);
    if matches!(kind, FileKind::Heic | FileKind::WebP)
        && !matches!(report.outcome, Outcome::Cleaned)
    {
        assert!(out.len() <= bytes.len());
    }
    if report.outcome == Outcome::NothingFound && kind != FileKind::WebP {
        assert!(out == bytes, "{kind:?}: nothing found, and yet changed");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        for kind in KINDS {
            survives(kind, &bytes);
        }
    }

    #[test]
    fn any_bytes_behind_a_real_start(
        which in any::<prop::sample::Index>(),
        bytes in proptest::collection::vec(any::<u8>(), 0..600),
        kept in any::<prop::sample::Index>(),
    ) {
        let (kind, file) = which.get(real());
        let start = &file[..kept.index(file.len())];
        survives(*kind, &[start, &bytes].concat());
    }

    #[test]
    fn real_files_cut_short(which in any::<prop::sample::Index>(), kept in any::<prop::sample::Index>()) {
        let (kind, file) = which.get(real());
        survives(*kind, &file[..kept.index(file.len())]);
    }

    #[test]
    fn real_files_with_bytes_changed(
        which in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let (kind, file) = which.get(real());
        let mut file = file.clone();
        for (at, byte) in changes {
            let at = at.index(file.len());
            file[at] = byte;
        }
        survives(*kind, &file);
    }
}

#[test]
fn values_that_never_end_take_no_longer_than_others() {
    let parts: [&[u8]; 6] = [
        b"1 0 obj [ ",
        b"1 0 obj << /A ",
        b"trailer(",
        b"1 0 obj<<>>stream ",
        b"1 1 1 (",
        b"<",
    ];
    for part in parts {
        let mut file = b"%PDF-1.4\n".to_vec();
        while file.len() < 1 << 20 {
            file.extend_from_slice(part);
        }
        strip(FileKind::Pdf, &file);
    }
}

/// Documents in documents, each called a picture of the one around it.
#[test]
fn documents_that_hold_themselves_end() {
    let mut inner = b"\xff\xd8\xff\xd9".to_vec();
    for _ in 0..400 {
        inner = super::office::with_picture(&inner);
    }
    let thread = std::thread::Builder::new().stack_size(512 * 1024);
    let stripped = thread.spawn(move || strip(FileKind::OfficeZip, &inner).1);
    let report = stripped.expect("a thread").join().expect("no panic");
    // Its picture is none, and that is said.
    assert_eq!(report.outcome, Outcome::CouldNot(Reason::Unchecked));
}
