//! Photos taken apart and put together wrongly: what is called clean holds nothing that was put where no pixels are.

use super::mutation::{Anatomy, CANARY, Dice, cases, hold};
use super::samples::{Workshop, case, encoded, photos, screen_profile};
use image::ImageFormat;
use mifeng_sealing::tip::FileKind;

/// What decodes as the sample does, although something was done to it, decodes so once it is cleaned.
fn same_pixels(format: ImageFormat) -> impl FnMut(&[u8], &[u8], &[u8]) -> Result<(), String> {
    let decoded = move |bytes: &[u8]| {
        let picture = image::load_from_memory_with_format(bytes, format);
        picture.map(|picture| picture.to_rgba8())
    };
    move |sample, before, after| {
        let sample = decoded(sample).expect("a sound sample");
        if !decoded(before).is_ok_and(|before| before == sample) {
            return Ok(());
        }
        match decoded(after) {
            Ok(after) if after == sample => Ok(()),
            Ok(_) => Err("other pixels".to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn samples(shop: &Workshop, kind: FileKind) -> Vec<Vec<u8>> {
    let all = photos(shop).into_iter();
    let sound = all.filter(|(name, of, _)| {
        *of == kind
            && ["plain", "phone", "upright"]
                .iter()
                .any(|start| name.starts_with(start))
    });
    sound.map(|(.., file)| file).collect()
}

/// The canary in its company, of any length, odd or even.
fn telling(dice: &mut Dice) -> Vec<u8> {
    let mut data = CANARY.to_vec();
    data.resize(data.len() + dice.below(9), b'.');
    data
}

pub struct Jpeg;

impl Anatomy for Jpeg {
    /// Markers with their segments; a scan with its data.
    fn take_apart(&self, file: &[u8]) -> Vec<Vec<u8>> {
        let (mut pieces, mut at) = (vec![file[..2].to_vec()], 2);
        while at < file.len() {
            let mut end = at + 2;
            if !matches!(file[at + 1], 0xD8 | 0xD9) {
                end += usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]]));
            }
            if file[at + 1] == 0xDA {
                while file[end] != 0xFF || matches!(file[end + 1], 0 | 0xD0..=0xD7) {
                    end += 1;
                }
            }
            pieces.push(file[at..end].to_vec());
            at = end;
        }
        pieces
    }

    fn foreign(&self, dice: &mut Dice) -> Vec<u8> {
        const NAMES: &[&[u8]] = &[
            b"",
            b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01",
            b"JFXX\0\x10",
            b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0",
            b"http://ns.adobe.com/xap/1.0/\0<x>",
            b"ICC_PROFILE\0\x01\x01",
            b"ICC_PROFILE\0\x02\x02",
            b"MPF\0MM\0*",
            b"JP\0\x01\0\0\0\0jumb",
            b"Photoshop 3.0\08BIM\x04\x04",
            b"Adobe\0d\0\0",
        ];
        let code = match dice.below(6) {
            0 => 0xE0 + dice.number().to_le_bytes()[0] % 16,
            1 => *dice.one_of(&[
                0xFE, 0xF0, 0xF7, 0xFD, 0xDC, 0xDD, 0xDE, 0xDF, 0xC8, 0xCC, 0x02, 0xBF,
            ]),
            2 => {
                // A table that no part of the picture uses.
                let mut table = vec![*dice.one_of(&[2, 3])];
                table.extend(telling(dice));
                table.resize(65, 1);
                return segment(0xDB, &table);
            }
            3 => {
                // A code of twelve letters, among them the canary's.
                let mut table = vec![*dice.one_of(&[0x02, 0x13, 0x03]), 0, 0, 0, 12];
                table.resize(17, 0);
                table.extend_from_slice(&CANARY[..12]);
                return segment(0xC4, &table);
            }
            _ => *dice.one_of(&[0xE0, 0xE1, 0xE1, 0xE2, 0xE2, 0xEB, 0xED, 0xEE]),
        };
        let mut data = dice.one_of(NAMES).to_vec();
        data.extend(telling(dice));
        segment(code, &data)
    }

    fn tainted(&self, piece: &[u8], dice: &mut Dice) -> Option<Vec<u8>> {
        let mut tainted = piece.to_vec();
        match piece[1] {
            // Behind the last block, and between the end of the picture and that of the file.
            0xDA | 0xD9 => tainted.extend(telling(dice)),
            0xD8 => return None,
            _ if dice.is(2) => {
                tainted.extend(telling(dice));
                let length = u16::try_from(tainted.len() - 2).ok()?;
                tainted[2..4].copy_from_slice(&length.to_be_bytes());
            }
            // Fill bytes before a marker.
            _ => tainted.splice(0..0, [0xFF; 3]).for_each(drop),
        }
        Some(tainted)
    }
}

fn segment(code: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).expect("a short segment");
    [&[0xFF, code], &length.to_be_bytes()[..], data].concat()
}

pub struct Png;

pub(super) fn chunk(name: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut named = name.to_vec();
    named.extend_from_slice(data);
    let length = u32::try_from(data.len()).expect("a short chunk");
    let mut crc = flate2::Crc::new();
    crc.update(&named);
    [
        &length.to_be_bytes()[..],
        &named,
        &crc.sum().to_be_bytes()[..],
    ]
    .concat()
}

impl Anatomy for Png {
    fn take_apart(&self, file: &[u8]) -> Vec<Vec<u8>> {
        let (mut pieces, mut at) = (vec![file[..8].to_vec()], 8);
        while at < file.len() {
            let length = u32::from_be_bytes(file[at..at + 4].try_into().expect("four bytes"));
            let end = at + 12 + usize::try_from(length).expect("fits");
            pieces.push(file[at..end].to_vec());
            at = end;
        }
        pieces
    }

    fn foreign(&self, dice: &mut Dice) -> Vec<u8> {
        const NAMES: &[&[u8; 4]] = &[
            b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"tIME", b"caBX", b"prVt", b"vpAg", b"iDOT",
            b"PLTE", b"tRNS", b"cHRM", b"gAMA", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI",
            b"bKGD", b"hIST", b"pHYs", b"sPLT", b"acTL", b"fcTL", b"fdAT", b"IDAT", b"IEND",
            b"IHDR", b"CANR", b"oFFs",
        ];
        if dice.is(6) {
            let mut data = b"CANARY-MIFENG\0\0".to_vec();
            let mut packer =
                flate2::write::ZlibEncoder::new(&mut data, flate2::Compression::fast());
            std::io::Write::write_all(&mut packer, &screen_profile()).expect("memory");
            packer.finish().expect("memory");
            return chunk(*b"iCCP", &data);
        }
        let name = **dice.one_of(NAMES);
        let mut data = if dice.is(2) {
            b"Comment\0".to_vec()
        } else {
            Vec::new()
        };
        data.extend(telling(dice));
        // Of the very length that the kind has.
        let length = match &name {
            b"cHRM" => 32,
            b"mDCV" => 24,
            b"fcTL" => 26,
            b"IHDR" => 13,
            b"PLTE" => 15,
            _ => data.len(),
        };
        data.resize(length, 0);
        chunk(name, &data)
    }

    fn tainted(&self, piece: &[u8], dice: &mut Dice) -> Option<Vec<u8>> {
        let mut data = piece.get(8..piece.len() - 4)?.to_vec();
        let name: [u8; 4] = piece.get(4..8)?.try_into().ok()?;
        data.extend(telling(dice));
        Some(chunk(name, &data))
    }
}

pub struct WebP;

impl Anatomy for WebP {
    fn take_apart(&self, file: &[u8]) -> Vec<Vec<u8>> {
        let (mut pieces, mut at) = (vec![file[..12].to_vec()], 12);
        while at < file.len() {
            let length = u32::from_le_bytes(file[at + 4..at + 8].try_into().expect("four bytes"));
            let length = usize::try_from(length).expect("fits");
            let end = (at + 8 + length + length % 2).min(file.len());
            pieces.push(file[at..end].to_vec());
            at = end;
        }
        pieces
    }

    fn foreign(&self, dice: &mut Dice) -> Vec<u8> {
        const NAMES: &[&[u8; 4]] = &[
            b"EXIF",
            b"XMP ",
            b"ICCP",
            b"JUNK",
            b"C2PA",
            b"PSAI",
            b"VP8X",
            b"VP8L",
            b"VP8 ",
            b"ALPH",
            b"ANIM",
            b"ANMF",
            b"fooo",
            b"\0\0\0\0",
        ];
        let name = **dice.one_of(NAMES);
        let mut data = if dice.is(3) {
            screen_profile()
        } else {
            telling(dice)
        };
        match &name {
            b"VP8X" => data.resize(10, 0),
            b"ANIM" => data.resize(6, 0),
            b"EXIF" => data.resize(64, 0),
            _ => {}
        }
        riff(name, &data)
    }

    fn tainted(&self, piece: &[u8], dice: &mut Dice) -> Option<Vec<u8>> {
        let name: [u8; 4] = piece.get(..4)?.try_into().ok()?;
        match &name {
            // What stands behind packed pixels of this kind nobody looks at but who unpacks them.
            b"RIFF" | b"VP8L" | b"VP8 " => None,
            b"VP8X" => {
                let mut tainted = piece.to_vec();
                tainted[9..12].copy_from_slice(&CANARY[..3]);
                tainted[8] |= 0xC1;
                Some(tainted)
            }
            _ => {
                let mut data = piece[8..].to_vec();
                data.extend(telling(dice));
                Some(riff(name, &data))
            }
        }
    }

    fn follows_pixels(&self) -> bool {
        false
    }

    /// The length may be one short, or go beyond the end; the last byte of padding may be missing.
    fn put_together(&self, pieces: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
        let mut file = pieces.concat();
        let last = pieces.last().expect("pieces");
        let length = last.get(4..8).map_or(0, |size| u32::from(size[0]));
        if length % 2 == 1 && dice.is(3) {
            file.pop();
        }
        let length = u32::try_from(file.len() - 8).expect("fits");
        let length = match dice.below(8) {
            0 => length + 1,
            1 => length - 1,
            2 => length + 1000,
            _ => length,
        };
        if file.starts_with(b"RIFF") {
            file[4..8].copy_from_slice(&length.to_le_bytes());
        }
        file
    }
}

fn riff(name: [u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).expect("a short chunk");
    let mut chunk = [&name[..], &length.to_le_bytes()[..], data].concat();
    chunk.resize(chunk.len().next_multiple_of(2), 0);
    chunk
}

#[test]
fn nothing_that_was_put_into_a_jpeg_stays_where_it_is_called_clean() {
    let mut samples = samples(&Workshop::new(), FileKind::Jpeg);
    samples.extend(["progressive.jpg", "restarts.jpg", "gray.jpg"].map(case));
    let sound = same_pixels(ImageFormat::Jpeg);
    let seen = hold(FileKind::Jpeg, &Jpeg, &samples, cases(4_000), sound);
    assert!(seen["cleaned"] > 1_000, "{seen:?}");
}

#[test]
fn nothing_that_was_put_into_a_png_stays_where_it_is_called_clean() {
    let mut samples = samples(&Workshop::new(), FileKind::Png);
    samples.push(case("m04_screen_icc.png"));
    samples.push(encoded(ImageFormat::Png));
    let sound = same_pixels(ImageFormat::Png);
    let seen = hold(FileKind::Png, &Png, &samples, cases(2_000), sound);
    assert!(seen["cleaned"] > 500, "{seen:?}");
}

#[test]
fn nothing_that_was_put_into_a_webp_stays_where_it_is_called_clean() {
    let samples = samples(&Workshop::new(), FileKind::WebP);
    let sound = same_pixels(ImageFormat::WebP);
    let seen = hold(FileKind::WebP, &WebP, &samples, cases(4_000), sound);
    assert!(seen["cleaned"] > 1_000, "{seen:?}");
}
