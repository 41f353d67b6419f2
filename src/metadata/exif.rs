//! EXIF: a TIFF structure inside photos. Read only to say what it told and to keep which way up the picture is.

use super::finding::{Findings, What};
use super::xmp;

/// No real camera writes more entries into one directory.
const ENTRIES_MAX: usize = 1_000;
const EXIF_IFD: u16 = 0x8769;
const GPS_IFD: u16 = 0x8825;
const ORIENTATION: u16 = 0x0112;

/// A TIFF with one entry, the orientation, is this long.
pub(super) const MINIMAL_BYTES: usize = 26;

/// A TIFF that says which way up, and nothing else.
pub(super) fn minimal(orientation: u8) -> [u8; MINIMAL_BYTES] {
    let mut tiff = *b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\0\0\0\0\0\0\0\0";
    tiff[18] = orientation;
    tiff
}

/// Notes what `tiff` tells. Returns the orientation where it is other than upright (2 to 8).
pub(super) fn look(tiff: &[u8], findings: &mut Findings) -> Option<u8> {
    note(xmp::label(tiff), findings);
    let order = match tiff.get(..4) {
        Some(b"II*\0") => Order::Little,
        Some(b"MM\0*") => Order::Big,
        _ => {
            if tiff.iter().any(|byte| *byte != 0) {
                findings.removed(What::Other);
            }
            return None;
        }
    };
    let tiff = Tiff { bytes: tiff, order };
    let first = tiff.u32(4)?;
    let mut orientation = None;
    let next = tiff.entries(first, |tag, at| match tag {
        ORIENTATION => {
            let value = tiff.u16(at + 8).and_then(|value| u8::try_from(value).ok());
            orientation = value.filter(|value| (2..=8).contains(value));
        }
        EXIF_IFD => tiff.directory(at, findings, tells),
        // Tag 0 is the version of the GPS directory.
        GPS_IFD => tiff.directory(at, findings, |tag| (tag != 0).then_some(What::Position)),
        tag => note(tells(tag), findings),
    });
    // The second directory in line describes the thumbnail.
    if next.is_some_and(|next| next != 0) {
        findings.removed(What::Thumbnail);
    }
    orientation
}

fn note(what: Option<What>, findings: &mut Findings) {
    if let Some(what) = what {
        findings.removed(what);
    }
}

#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

#[derive(Clone, Copy)]
struct Tiff<'a> {
    bytes: &'a [u8],
    order: Order,
}

impl Tiff<'_> {
    fn u16(self, at: usize) -> Option<u16> {
        let bytes = self.bytes.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(match self.order {
            Order::Little => u16::from_le_bytes(bytes),
            Order::Big => u16::from_be_bytes(bytes),
        })
    }

    fn u32(self, at: usize) -> Option<usize> {
        let bytes = self.bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        let value = match self.order {
            Order::Little => u32::from_le_bytes(bytes),
            Order::Big => u32::from_be_bytes(bytes),
        };
        usize::try_from(value).ok()
    }

    /// Calls `each` with every entry's tag and place; returns where the next directory is.
    fn entries(self, at: usize, mut each: impl FnMut(u16, usize)) -> Option<usize> {
        let count = usize::from(self.u16(at)?).min(ENTRIES_MAX);
        for index in 0..count {
            let entry = at + 2 + index * 12;
            each(self.u16(entry)?, entry);
        }
        self.u32(at + 2 + count * 12)
    }

    /// Looks through the directory that the entry at `entry` points to.
    fn directory(self, entry: usize, findings: &mut Findings, told: fn(u16) -> Option<What>) {
        if let Some(at) = self.u32(entry + 8) {
            self.entries(at, |tag, _| note(told(tag), findings));
        }
    }
}

/// What a tag tells; `None` for those that only say how to show the picture. Numbers: Exif 2.32, tables 4 to 9.
fn tells(tag: u16) -> Option<What> {
    Some(match tag {
        // Sizes, resolution, colour layout, versions, pointers.
        0x0100..=0x0103
        | 0x0106
        | 0x0112
        | 0x0115
        | 0x011A
        | 0x011B
        | 0x011C
        | 0x0128
        | 0x013E
        | 0x013F
        | 0x0211..=0x0214
        | 0x9000
        | 0x9101
        | 0xA000..=0xA003
        | 0xA005 => return None,
        0x010F | 0x0110 | 0x013C | 0x927C | 0xA420 | 0xA431..=0xA435 => What::Device,
        // How the camera was set: exposure, lens, flash, scene.
        0x829A | 0x829D | 0x8822..=0x8833 | 0x9102..=0x920A | 0x9214 | 0xA20B..=0xA40C => {
            What::Device
        }
        0x013B | 0x8298 | 0x9C9D | 0xA430 => What::Author,
        0x000B | 0x0131 => What::Software,
        0x0132 | 0x9003 | 0x9004 | 0x9010..=0x9012 | 0x9290..=0x9292 => What::Date,
        0x010E | 0x9286 | 0x9C9B | 0x9C9C | 0x9C9E | 0x9C9F => What::Comment,
        _ => What::Other,
    })
}
