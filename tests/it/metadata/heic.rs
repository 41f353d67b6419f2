//! HEIC, made by libheif from a tagged photo and read by it again.

use super::samples::{Workshop, photos, run, tells};
use super::{assert_removed, assert_settled, strip};
use mifeng::intake::metadata::{Outcome, What};
use mifeng::tip::FileKind;
use std::process::Command;

fn sample(shop: &Workshop, arguments: &[&str]) -> Vec<u8> {
    photos(shop);
    let mut command = Command::new("heif-enc");
    command
        .args(arguments)
        .args(["-q", "50", "-o"])
        .arg(shop.path("phone.heic"));
    run(command.arg(shop.path("phone.jpg")));
    shop.read("phone.heic")
}

/// The picture as plain samples.
fn decoded(shop: &Workshop, heic: &[u8]) -> Vec<u8> {
    shop.write("in.heic", heic);
    let mut command = Command::new("heif-convert");
    run(command.arg(shop.path("in.heic")).arg(shop.path("out.y4m")));
    shop.read("out.y4m")
}

#[test]
fn what_tells_is_overwritten_and_the_picture_is_the_same() {
    let shop = Workshop::new();
    let file = sample(&shop, &[]);
    assert_eq!(FileKind::sniff(&file), Some(FileKind::Heic));
    assert!(tells(&file).is_some());
    let (out, report) = strip(FileKind::Heic, &file);
    assert_eq!(report.outcome, Outcome::Cleaned, "{report:?}");
    assert_removed(
        &report,
        &[
            What::Position,
            What::Device,
            What::Author,
            What::Software,
            What::Date,
        ],
    );
    assert_eq!(tells(&out), None);
    assert_eq!(out.len(), file.len());
    let told: Vec<_> = shop
        .tags(&out)
        .into_iter()
        .filter(|tag| !tag.starts_with("Meta") && !tag.starts_with("Quick"))
        .collect();
    assert_eq!(told, ["IFD0:Orientation"]);
    assert!(decoded(&shop, &file) == decoded(&shop, &out));
    assert_settled(FileKind::Heic, &out);
}

#[test]
fn the_small_copy_goes_and_the_picture_stays() {
    let shop = Workshop::new();
    let file = sample(&shop, &["-t", "32"]);
    let listed = |bytes: &[u8]| {
        shop.write("in.heic", bytes);
        let shown = run(Command::new("heif-info").arg(shop.path("in.heic")));
        String::from_utf8_lossy(&shown).into_owned()
    };
    assert!(listed(&file).contains("thumbnail: "));
    let (out, report) = strip(FileKind::Heic, &file);
    assert_eq!(report.outcome, Outcome::Cleaned, "{report:?}");
    assert_removed(&report, &[What::Thumbnail]);
    assert!(!listed(&out).contains("thumbnail: "), "{}", listed(&out));
    assert_eq!(listed(&out).matches("image: ").count(), 1);
    assert!(decoded(&shop, &file) == decoded(&shop, &out));
    assert_settled(FileKind::Heic, &out);
}

#[test]
fn what_stands_between_and_behind_is_overwritten() {
    let shop = Workshop::new();
    let file = sample(&shop, &[]);
    let video = b"\0\0\0\x1Cmpvda film of Zhang Wei ";
    let with_video = [file.as_slice(), video].concat();
    let (out, report) = strip(FileKind::Heic, &with_video);
    assert_removed(&report, &[What::Hidden]);
    assert_eq!(report.outcome, Outcome::Cleaned);
    assert_eq!(tells(&out), None);
    assert!(decoded(&shop, &file) == decoded(&shop, &out));
}
