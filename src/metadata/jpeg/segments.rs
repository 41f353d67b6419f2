//! Segments that are no tables: what each tells, and which of them is written anew.

use super::tables::segment;
use crate::exif;
use crate::finding::{Findings, What};
use crate::icc;
use crate::iptc;
use crate::xmp;

const DNL: u8 = 0xDC;
const APP1: u8 = 0xE1;
const ADOBE: u8 = 0xEE;
const COMMENT: u8 = 0xFE;
/// A JFIF header without its small picture: 14 bytes behind marker and length.
const JFIF_BYTES: usize = 14;
const ADOBE_BYTES: usize = 12;

/// A segment that a decoder or a viewer needs, and needs once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Once {
    /// JFIF: the density of dots.
    Header,
    /// How the colours are laid out.
    Adobe,
    /// Which way up.
    Orientation,
    /// The colour space.
    Profile,
}

impl Once {
    /// What is told of it where it was written anew, or was there twice. What EXIF tells is noted already.
    pub(super) fn tells(self) -> What {
        match self {
            Self::Header => What::Thumbnail,
            Self::Adobe => What::Software,
            Self::Orientation => What::Other,
            Self::Profile => What::Device,
        }
    }
}

/// What becomes of a segment that is no table.
pub(super) enum Segment {
    Drop,
    /// Our own takes its place, or nothing does.
    Place(Once, Option<Vec<u8>>),
}

/// Notes what a segment tells and says what becomes of it.
pub(super) fn look(code: u8, payload: &[u8], findings: &mut Findings) -> Segment {
    let dropped = |what: What, findings: &mut Findings| {
        findings.removed(what);
        Segment::Drop
    };
    match code {
        0xE0 if payload.starts_with(b"JFIF\0") && payload.len() >= JFIF_BYTES => {
            Segment::Place(Once::Header, Some(header(payload)))
        }
        0xE0 if payload.starts_with(b"JFXX\0") => dropped(What::Thumbnail, findings),
        APP1 if payload.starts_with(b"Exif\0") => {
            let way = exif::look(payload.get(6..).unwrap_or_default(), findings);
            Segment::Place(Once::Orientation, way.map(oriented))
        }
        APP1 if payload.starts_with(b"http://ns.adobe.com/x") => {
            let start = memchr::memchr(0, payload).map_or(payload.len(), |at| at + 1);
            xmp::look(&payload[start..], findings);
            Segment::Drop
        }
        0xE2 if payload.starts_with(b"ICC_PROFILE\0") => {
            Segment::Place(Once::Profile, profile(payload))
        }
        // Says where further pictures follow behind this one.
        0xE2 if payload.starts_with(b"MPF\0") => dropped(What::Thumbnail, findings),
        // JUMBF: boxes of C2PA among others.
        0xEB if payload.starts_with(b"JP") => dropped(What::Origin, findings),
        0xED if payload.starts_with(b"Photoshop 3.0\0") => {
            iptc::look(&payload[14..], findings);
            Segment::Drop
        }
        ADOBE if payload.starts_with(b"Adobe") && payload.len() >= ADOBE_BYTES => {
            Segment::Place(Once::Adobe, Some(adobe(payload)))
        }
        0xE0..=0xEF if payload.iter().all(|byte| *byte == 0) => dropped(What::Other, findings),
        0xE0..=0xEF => dropped(xmp::label(payload).unwrap_or(What::Other), findings),
        COMMENT => dropped(xmp::label(payload).unwrap_or(What::Comment), findings),
        DNL => dropped(What::Other, findings),
        _ => dropped(What::Hidden, findings),
    }
}

fn oriented(way: u8) -> Vec<u8> {
    segment(
        APP1,
        &[b"Exif\0\0".as_slice(), &exif::minimal(way)].concat(),
    )
}

/// Version, unit and density, and no small picture.
fn header(payload: &[u8]) -> Vec<u8> {
    let mut fixed = payload[..JFIF_BYTES].to_vec();
    fixed[5] = 1;
    fixed[6] = fixed[6].min(2);
    fixed[7] = fixed[7].min(2);
    fixed[12..14].fill(0);
    segment(0xE0, &fixed)
}

/// Version 100, no flags, and which transformation.
fn adobe(payload: &[u8]) -> Vec<u8> {
    let mut fixed = payload[..ADOBE_BYTES].to_vec();
    fixed[5..11].copy_from_slice(&[0, 100, 0, 0, 0, 0]);
    segment(ADOBE, &fixed)
}

/// Our own profile in the place of the first part of another; nothing for its other parts, and where a picture does
/// without.
fn profile(payload: &[u8]) -> Option<Vec<u8>> {
    let (part, data) = (payload.get(12)?, payload.get(14..)?);
    let space = icc::space(data).filter(|_| *part == 1)?;
    let own = [b"ICC_PROFILE\0\x01\x01".as_slice(), &icc::profile(space)].concat();
    Some(segment(0xE2, &own))
}
