//! HEIC, made by libheif from a tagged photo and read by it again.

use super::mutation::{Anatomy, CANARY, Dice, cases, has_canary, hold};
use super::samples::{Workshop, photos, run, tells};
use super::{assert_removed, assert_settled, strip};
use mifeng_metadata::{Outcome, Reason, What};
use mifeng_sealing::tip::FileKind;
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
        .filter(|tag| {
            let shown = ["Meta", "Quick", "ICC"];
            !shown.iter().any(|start| tag.starts_with(start))
        })
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

struct Heic;

/// The places of the boxes of `bytes[range]` that have no boxes in them, down from `meta`.
fn leaves(bytes: &[u8], mut at: usize, end: usize, found: &mut Vec<std::ops::Range<usize>>) {
    while at + 8 <= end {
        let size = u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
        let size = usize::try_from(size).expect("fits").clamp(8, end - at);
        let skip = match &bytes[at + 4..at + 8] {
            b"meta" | b"iref" => Some(12),
            b"iinf" => Some(14),
            b"iprp" | b"ipco" => Some(8),
            // Where things are, and how the pixels are packed.
            b"iloc" | b"hvcC" | b"ipma" | b"av1C" | b"idat" => None,
            _ => {
                found.push(at..at + size);
                None
            }
        };
        if let Some(skip) = skip {
            leaves(bytes, (at + skip).min(at + size), at + size, found);
        }
        at += size;
    }
}

impl Anatomy for Heic {
    fn take_apart(&self, file: &[u8]) -> Vec<Vec<u8>> {
        let (mut pieces, mut at) = (Vec::new(), 0);
        while at < file.len() {
            let size = u32::from_be_bytes(file[at..at + 4].try_into().expect("four bytes"));
            let end = at + usize::try_from(size).expect("fits");
            pieces.push(file[at..end].to_vec());
            at = end;
        }
        pieces
    }

    /// Motion, Samsung's and Apple's additions, provenance, and what is anybody's.
    fn foreign(&self, dice: &mut Dice) -> Vec<u8> {
        const NAMES: &[&[u8; 4]] = &[
            b"mpvd", b"sefd", b"uuid", b"free", b"skip", b"mdat", b"moov", b"udta", b"CANR",
            b"meta",
        ];
        let mut data = CANARY.to_vec();
        data.resize(data.len() + dice.below(40), 0);
        let size = u32::try_from(data.len() + 8).expect("short").to_be_bytes();
        [&size[..], *dice.one_of(NAMES), &data].concat()
    }

    /// A box without others in it: its body, or its name.
    fn tainted(&self, piece: &[u8], dice: &mut Dice) -> Option<Vec<u8>> {
        let mut found = Vec::new();
        leaves(piece, 0, piece.len(), &mut found);
        found.retain(|place| &piece[place.start + 4..place.start + 8] != b"mdat");
        if found.is_empty() {
            return None;
        }
        let place = dice.one_of(&found).clone();
        let mut tainted = piece.to_vec();
        if dice.is(3) {
            tainted[place.start + 4..place.start + 8].copy_from_slice(b"udes");
        }
        let body = place.start + 8..place.end;
        if body.len() > CANARY.len() {
            let at = body.start + dice.below(body.len() - CANARY.len());
            tainted[at..at + CANARY.len()].copy_from_slice(CANARY);
        }
        Some(tainted)
    }
}

#[test]
fn nothing_that_was_put_into_a_heic_stays_where_it_is_called_clean() {
    let shop = Workshop::new();
    let samples = [&[][..], &["-t", "32"], &["-A"]].map(|arguments| sample(&shop, arguments));
    let seen = hold(FileKind::Heic, &Heic, &samples, cases(4_000), |_, _, _| {
        Ok(())
    });
    assert!(seen["cleaned"] > 500, "{seen:?}");
}

/// A gain map's description, motion, and provenance, as telephones write them behind the picture.
#[test]
fn what_telephones_hang_onto_a_picture_is_told_by_name() {
    let shop = Workshop::new();
    let file = sample(&shop, &[]);
    let c2pa = b"\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81CANARY-MIFENG";
    for (name, data, what) in [
        (b"mpvd", CANARY, What::Hidden),
        (b"sefd", CANARY, What::Hidden),
        (b"uuid", c2pa.as_slice(), What::Origin),
    ] {
        let size = u32::try_from(data.len() + 8).expect("short").to_be_bytes();
        let more = [file.as_slice(), &size, name.as_slice(), data].concat();
        let (out, report) = strip(FileKind::Heic, &more);
        assert_eq!(report.outcome, Outcome::Cleaned, "{report:?}");
        assert_removed(&report, &[what]);
        assert!(!has_canary(&out));
        assert!(decoded(&shop, &file) == decoded(&shop, &out));
        assert_settled(FileKind::Heic, &out);
    }
    // A film inside has tracks and times of its own: told, and left.
    let sequence = [file.as_slice(), b"\0\0\0\x15moovCANARY-MIFENG"].concat();
    let (_, report) = strip(FileKind::Heic, &sequence);
    assert_eq!(report.outcome, Outcome::CouldNot(Reason::Structure));
}
