//! JPEG, PNG and WebP.

use super::mutation::outcome;
use super::samples::{Workshop, case, photos, pixels, samples_file, tells};
use super::{assert_settled, found, strip, strip_in};
use image::ImageFormat;
use mifeng_metadata::{Outcome, Stripper};
use mifeng_sealing::tip::FileKind;
use proptest::prelude::*;

fn format(kind: FileKind) -> ImageFormat {
    match kind {
        FileKind::Jpeg => ImageFormat::Jpeg,
        FileKind::Png => ImageFormat::Png,
        _ => ImageFormat::WebP,
    }
}

#[test]
fn each_sample_is_reported_as_expected() {
    let shop = Workshop::new();
    let mut seen = serde_json::Map::new();
    for (name, kind, file) in photos(&shop) {
        let (_, report) = strip(kind, &file);
        let told = serde_json::json!({ "found": found(&report), "outcome": outcome(&report) });
        seen.insert(name.to_owned(), told);
    }
    let expected = samples_file();
    let seen = serde_json::Value::from(seen);
    assert!(expected == seen, "{seen:#}");
}

#[test]
fn nothing_that_tells_remains_and_the_pixels_are_the_same() {
    let shop = Workshop::new();
    for (name, kind, file) in photos(&shop) {
        let (out, report) = strip(kind, &file);
        if matches!(report.outcome, Outcome::CouldNot(_)) {
            continue;
        }
        assert_eq!(tells(&out), None, "{name}");
        let kept = [
            "ICC_Profile",
            "ICC-header",
            "PNG:",
            "PNG-",
            "RIFF:",
            "IFD0:Orientation",
        ];
        let tags = shop.tags(&out);
        let told: Vec<_> = tags
            .iter()
            .filter(|tag| !kept.iter().any(|kept| tag.starts_with(kept)))
            .collect();
        assert!(told.is_empty(), "{name}: {told:?}");
        let before = pixels(&file, format(kind));
        assert!(before == pixels(&out, format(kind)), "{name}: other pixels");
        assert_settled(kind, &out);
    }
}

#[test]
fn which_way_up_is_kept_and_the_colour_profile_is_one_of_our_own() {
    let shop = Workshop::new();
    for (name, kind, file) in photos(&shop)
        .into_iter()
        .filter(|(name, ..)| name.starts_with("phone"))
    {
        let (out, _) = strip(kind, &file);
        let tags = shop.tags(&out);
        assert!(tags.iter().any(|tag| tag == "IFD0:Orientation"), "{name}");
        let has_profile = |tags: &[String]| tags.iter().any(|tag| tag.starts_with("ICC_Profile"));
        assert_eq!(has_profile(&shop.tags(&file)), has_profile(&tags), "{name}");
        let is_there = |word: &str| memchr::memmem::find(&out, word.as_bytes()).is_some();
        assert!(!is_there("CANARY-MIFENG") && !is_there("mmod"), "{name}");
    }
    let (upright, _) = strip(FileKind::Jpeg, &shop.read("upright.jpg"));
    assert!(
        !shop
            .tags(&upright)
            .iter()
            .any(|tag| tag.starts_with("IFD0"))
    );
}

/// What people really send, from public reports: each is cleaned, and what was in it is told by name.
#[test]
fn each_case_is_cleaned_and_told() {
    let cases = [
        ("m01_motion.jpg", FileKind::Jpeg, "cleaned", "hidden"),
        ("m02_noeoi_tail.jpg", FileKind::Jpeg, "damaged", "hidden"),
        ("m04_screen_icc.png", FileKind::Png, "cleaned", "device"),
        ("m06_nopad.webp", FileKind::WebP, "cleaned", "position"),
        ("m07_aigc.png", FileKind::Png, "cleaned", "origin"),
    ];
    for (name, kind, ending, what) in cases {
        let file = case(name);
        let (out, report) = strip(kind, &file);
        assert_eq!(outcome(&report), ending, "{name}: {report:?}");
        assert!(found(&report).contains(&what), "{name}: {report:?}");
        assert!(!super::mutation::has_canary(&out), "{name}");
        assert!(
            pixels(&out, format(kind)) == pixels(&file, format(kind)),
            "{name}"
        );
        assert_eq!(report.has_origin(), what == "origin");
    }
    for name in ["progressive.jpg", "restarts.jpg", "gray.jpg"] {
        let (out, report) = strip(FileKind::Jpeg, &case(name));
        assert_eq!(report.outcome, Outcome::NothingFound, "{name}: {report:?}");
        assert!(out == case(name), "{name}");
    }
}

/// One byte at the end of the length that a file says of itself, as other programs write it.
#[test]
fn webp_files_with_lengths_that_are_a_little_wrong_are_cleaned() {
    let file = case("m06_nopad.webp");
    let length = u32::try_from(file.len() - 8).expect("fits");
    let padded = [file.as_slice(), &[0]].concat();
    for (bytes, says) in [
        (&file, length),
        (&file, length + 1),
        (&padded, length),
        (&padded, length + 1),
        (&padded, length + 1 + 4096),
    ] {
        let mut bytes = bytes.clone();
        bytes[4..8].copy_from_slice(&says.to_le_bytes());
        let (out, report) = strip(FileKind::WebP, &bytes);
        assert_eq!(report.outcome, Outcome::Cleaned, "{says}: {report:?}");
        assert!(!super::mutation::has_canary(&out), "{says}");
        let decoded = image::load_from_memory_with_format(&out, ImageFormat::WebP);
        assert!(decoded.is_ok(), "{says}");
    }
}

#[test]
fn a_large_photo_passes_in_constant_memory() {
    let shop = Workshop::new();
    for (name, kind, file) in photos(&shop)
        .into_iter()
        .filter(|(name, ..)| name.starts_with("phone"))
    {
        let (mut stripper, mut out, mut longest) = (Stripper::new(kind), Vec::new(), 0);
        for part in file.chunks(512) {
            stripper.feed(part, &mut out);
            longest = longest.max(out.len());
            out.clear();
        }
        stripper.finish(&mut out);
        // What comes out at once is one chunk and what was held before it.
        assert!(longest <= 512 + 64 * 1024, "{name}: {longest}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn the_size_of_the_chunks_makes_no_difference(chunk in 1_usize..2000) {
        thread_local! {
            static SAMPLES: Vec<(&'static str, FileKind, Vec<u8>)> = photos(&Workshop::new());
        }
        SAMPLES.with(|samples| {
            for (name, kind, file) in samples {
                let (whole, pieces) = (strip(*kind, file), strip_in(*kind, file, chunk));
                assert_eq!(whole, pieces, "{name}");
            }
        });
    }
}
