//! Colour profiles. A profile names the screen or the camera it was made for, and when; in its place stands one of our own,
//! that says which of two colour spaces is nearest.

use super::bytes::{be32, length};
use flate2::{Decompress, FlushDecompress, Status};

/// The colour spaces that pictures for people are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    Srgb,
    DisplayP3,
}

/// Red, green and blue in the connection space (D50), in 65,536ths: IEC 61966-2-1, and SMPTE EG 432-1 with its white point.
type Primaries = [[i32; 3]; 3];
const SRGB: Primaries = [
    [0x6FA2, 0x38F5, 0x0390],
    [0x6299, 0xB785, 0x18DA],
    [0x24A0, 0x0F84, 0xB6CF],
];
const DISPLAY_P3: Primaries = [
    [0x83DF, 0x3DBF, -0x45],
    [0x4ABF, 0xB137, 0x0AB9],
    [0x2838, 0x110B, 0xC8B9],
];
const WHITE: [i32; 3] = [0xF6D6, 0x1_0000, 0xD32D];
/// From D65 to D50 (Bradford).
const ADAPTATION: [i32; 9] = [
    0x1_0C42, 0x05DE, -0x0CDB, 0x0793, 0xFD90, -0x045E, -0x025D, 0x03DC, 0xC06E,
];
/// IEC 61966-2-1: exponent and the four numbers of its two parts.
const CURVE: [i32; 5] = [0x2_6666, 0xF2A7, 0x0D59, 0x13D0, 0x0A5B];

const HEAD_BYTES: usize = 128;
const ENTRY_BYTES: usize = 12;
/// No profile has more entries.
const ENTRIES_MAX: usize = 100;

/// Which space comes nearest to that of a profile; `None` for one that is not of red, green and blue: such a picture is
/// shown well without.
pub(super) fn space(profile: &[u8]) -> Option<Space> {
    if profile.get(36..40) != Some(b"acsp") || profile.get(16..20) != Some(b"RGB ") {
        return None;
    }
    let columns = [b"rXYZ", b"gXYZ", b"bXYZ"].map(|name| column(profile, *name));
    let [Some(red), Some(green), Some(blue)] = columns else {
        return Some(Space::Srgb);
    };
    let far = |from: &Primaries| -> i64 {
        let pairs = from
            .iter()
            .flatten()
            .zip([red, green, blue].into_iter().flatten());
        pairs
            .map(|(one, other)| i64::from(*one).abs_diff(i64::from(other)).cast_signed())
            .sum()
    };
    Some(if far(&DISPLAY_P3) < far(&SRGB) {
        Space::DisplayP3
    } else {
        Space::Srgb
    })
}

fn column(profile: &[u8], name: [u8; 4]) -> Option<[i32; 3]> {
    let count = length(be32(profile, HEAD_BYTES)?).min(ENTRIES_MAX);
    let mut entries = (0..count).map(|index| HEAD_BYTES + 4 + index * ENTRY_BYTES);
    let entry = entries.find(|entry| profile.get(*entry..entry + 4) == Some(&name))?;
    let at = length(be32(profile, entry + 4)?);
    let number = |index: usize| be32(profile, at.checked_add(8 + 4 * index)?).map(u32::cast_signed);
    Some([number(0)?, number(1)?, number(2)?])
}

/// Our own profile (ICC.1:2010, 4.2): name, licence, white, three primaries, one curve, and no date or maker.
pub(super) fn profile(space: Space) -> Vec<u8> {
    let (name, primaries) = match space {
        Space::Srgb => ("sRGB", SRGB),
        Space::DisplayP3 => ("Display P3", DISPLAY_P3),
    };
    let curve = numbers(b"para\0\0\0\0\0\x03\0\0", &CURVE);
    let xyz = |column: &[i32; 3]| numbers(b"XYZ \0\0\0\0", column);
    let entries: [(&[u8; 4], Vec<u8>); 10] = [
        (b"desc", text(name)),
        (b"cprt", text("CC0")),
        (b"wtpt", xyz(&WHITE)),
        (b"chad", numbers(b"sf32\0\0\0\0", &ADAPTATION)),
        (b"rXYZ", xyz(&primaries[0])),
        (b"gXYZ", xyz(&primaries[1])),
        (b"bXYZ", xyz(&primaries[2])),
        (b"rTRC", curve),
        (b"gTRC", Vec::new()),
        (b"bTRC", Vec::new()),
    ];
    let start = HEAD_BYTES + 4 + ENTRY_BYTES * entries.len();
    let (mut list, mut data, mut place) = (Vec::new(), Vec::new(), (0, 0));
    for (name, value) in &entries {
        // The other two curves are the same one.
        if !value.is_empty() {
            place = (start + data.len(), value.len());
            data.extend_from_slice(value);
            data.resize(data.len().next_multiple_of(4), 0);
        }
        list.extend_from_slice(*name);
        list.extend_from_slice(&short(place.0));
        list.extend_from_slice(&short(place.1));
    }
    let mut out = short(start + data.len()).to_vec();
    out.extend_from_slice(b"\0\0\0\0\x04\x20\0\0mntrRGB XYZ \x07\xD0\0\x01\0\x01\0\0\0\0\0\0acsp");
    out.resize(68, 0);
    for number in WHITE {
        out.extend_from_slice(&number.to_be_bytes());
    }
    out.resize(HEAD_BYTES, 0);
    out.extend_from_slice(&short(entries.len()));
    out.extend_from_slice(&list);
    out.extend_from_slice(&data);
    out
}

/// A length in four bytes.
fn short(length: usize) -> [u8; 4] {
    u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes()
}

fn numbers(head: &[u8], numbers: &[i32]) -> Vec<u8> {
    let mut out = head.to_vec();
    out.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
    out
}

/// One text in one language.
fn text(words: &str) -> Vec<u8> {
    let letters: Vec<u8> = words.bytes().flat_map(|letter| [0, letter]).collect();
    let mut out = b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0CenUS".to_vec();
    out.extend_from_slice(&short(letters.len()));
    out.extend_from_slice(&short(28));
    out.extend_from_slice(&letters);
    out
}

/// Our own profile in the room of another: zeros follow it. `None` where there is too little room.
pub(super) fn profile_within(space: Space, room: usize) -> Option<Vec<u8>> {
    let mut own = profile(space);
    let fits = own.len() <= room;
    own.resize(room.max(own.len()), 0);
    fits.then_some(own)
}

/// The first bytes of what is packed in `packed`, as far as they can be had.
pub(super) fn unpacked(packed: &[u8], limit_bytes: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(limit_bytes);
    let mut unpack = Decompress::new(true);
    let _: Result<Status, _> = unpack.decompress_vec(packed, &mut out, FlushDecompress::Finish);
    out
}

/// The same bytes as a zlib stream of one block that is stored as it is.
pub(super) fn stored(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    let mut out = vec![0x78, 0x01, 0x01];
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&(!length).to_le_bytes());
    out.extend_from_slice(bytes);
    out.extend_from_slice(&(high << 16 | low).to_be_bytes());
    out
}

/// Chromaticities as PNG has them, in 100,000ths: white, red, green, blue.
pub(super) fn space_of_chromaticities(numbers: &[u8]) -> Space {
    let red = be32(numbers, 8).unwrap_or(0);
    // Half way between the red of the two: 0.640 and 0.680.
    if red > 66_000 {
        Space::DisplayP3
    } else {
        Space::Srgb
    }
}

#[cfg(test)]
mod tests {
    use super::super::bytes::be16;
    use super::*;

    #[test]
    fn each_of_our_own_is_told_for_itself() {
        for own in [Space::Srgb, Space::DisplayP3] {
            let bytes = profile(own);
            assert_eq!(space(&bytes), Some(own));
            assert_eq!(be32(&bytes, 0).map(length), Some(bytes.len()));
            assert_eq!(be16(&bytes, 8), Some(0x0420));
            assert_eq!(unpacked(&stored(&bytes), 4096), bytes);
        }
        let mut gray = profile(Space::Srgb);
        gray[16..20].copy_from_slice(b"GRAY");
        assert_eq!(space(&gray), None);
        assert_eq!(space(b"no profile"), None);
    }
}
