//! JPEG, PNG and WebP.

use super::samples::{Workshop, photos, pixels, samples_file, tells};
use super::{assert_settled, found, strip, strip_in};
use image::ImageFormat;
use mifeng::intake::metadata::{Outcome, Report, Stripper};
use mifeng::tip::FileKind;
use proptest::prelude::*;

fn format(kind: FileKind) -> ImageFormat {
    match kind {
        FileKind::Jpeg => ImageFormat::Jpeg,
        FileKind::Png => ImageFormat::Png,
        _ => ImageFormat::WebP,
    }
}

fn outcome(report: &Report) -> &'static str {
    match report.outcome {
        Outcome::Cleaned => "cleaned",
        Outcome::NothingFound => "nothing-found",
        Outcome::CouldNot(reason) => reason.key(),
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
fn which_way_up_and_the_colour_profile_are_kept() {
    let shop = Workshop::new();
    for (name, kind, file) in photos(&shop)
        .into_iter()
        .filter(|(name, ..)| name.starts_with("phone"))
    {
        let (out, _) = strip(kind, &file);
        assert!(
            shop.tags(&out).iter().any(|tag| tag == "IFD0:Orientation"),
            "{name}"
        );
        let profile = |bytes: &[u8]| bytes.windows(11).any(|window| window == b"ICC_PROFILE");
        assert_eq!(profile(&file), profile(&out), "{name}");
    }
    let (upright, _) = strip(FileKind::Jpeg, &shop.read("upright.jpg"));
    assert!(
        !shop
            .tags(&upright)
            .iter()
            .any(|tag| tag.starts_with("IFD0"))
    );
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
