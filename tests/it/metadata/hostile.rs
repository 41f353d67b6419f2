//! Bytes that mean ill: nothing panics, nothing loops, and what comes out is never longer than what went in by more than a
//! head.

use super::samples::{Workshop, photos, run};
use super::{strip, strip_in};
use mifeng::intake::metadata::{Disguise, FileKind, Outcome, SNIFF_BYTES, sniff};
use proptest::prelude::*;
use std::process::Command;
use std::sync::OnceLock;

const KINDS: [FileKind; 7] = [
    FileKind::Jpeg,
    FileKind::Png,
    FileKind::Webp,
    FileKind::Heic,
    FileKind::Pdf,
    FileKind::Docx,
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
        files.push((FileKind::Docx, super::office::sample(&shop)));
        files
    })
}

fn survives(kind: FileKind, bytes: &[u8]) {
    let _ = sniff(&bytes[..bytes.len().min(SNIFF_BYTES)]);
    let mut disguise = Disguise::new(kind);
    disguise.feed(bytes);
    let _ = disguise.finish();
    let (out, report) = strip(kind, bytes);
    let (pieces, same) = strip_in(kind, bytes, 7);
    assert_eq!((&out, &report), (&pieces, &same));
    if matches!(kind, FileKind::Heic | FileKind::Pdf | FileKind::Webp)
        && !matches!(report.outcome, Outcome::Cleaned)
    {
        assert!(out.len() <= bytes.len());
    }
    if report.outcome == Outcome::NothingFound && kind != FileKind::Webp {
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
