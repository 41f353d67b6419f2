//! PNGs made by chance, with something where no pixel is: in the way a row is filtered, in the bits behind its last pixel, in
//! colours that no pixel uses, in what a chunk has too much. It is gone, or the file is not called clean.

#![allow(
    clippy::too_many_lines,
    reason = "a file is put together once, from its first byte to its last"
)]

use super::mutated_photos::chunk;
use super::mutation::{CANARY, Dice, cases, has_canary};
use super::strip;
use mifeng_metadata::{Outcome, Reason};
use mifeng_sealing::tip::FileKind;
use std::io::Write as _;

/// What is to become of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Nothing is hidden in it.
    Sound,
    /// What is hidden can be taken out.
    Cleaned,
    Told,
    Damaged,
}

/// Colour type and depth.
const KINDS: &[(u8, u8)] = &[
    (0, 1),
    (0, 2),
    (0, 4),
    (0, 8),
    (0, 16),
    (2, 8),
    (3, 1),
    (3, 2),
    (3, 4),
    (3, 8),
    (4, 8),
    (6, 8),
    (6, 16),
];

fn samples(colours: u8) -> usize {
    match colours {
        2 => 3,
        4 => 2,
        6 => 4,
        _ => 1,
    }
}

/// The measures of each pass.
fn passes(width: usize, height: usize, interlaced: bool) -> Vec<(usize, usize)> {
    if !interlaced {
        return vec![(width, height)];
    }
    let adam7 = [
        (0, 0, 8, 8),
        (4, 0, 8, 8),
        (0, 4, 4, 8),
        (2, 0, 4, 4),
        (0, 2, 2, 4),
        (1, 0, 2, 2),
        (0, 1, 1, 2),
    ];
    let part = |side: usize, from: usize, step: usize| side.saturating_sub(from).div_ceil(step);
    let pass = |(x, y, across, down)| (part(width, x, across), part(height, y, down));
    adam7.into_iter().map(pass).collect()
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i32::from(left) + i32::from(up) - i32::from(corner);
    let far = |byte: u8| (guess - i32::from(byte)).abs();
    let mut all = [left, up, corner];
    all.sort_by_key(|byte| far(*byte));
    // The first of those that are as near.
    [left, up, corner]
        .into_iter()
        .find(|byte| far(*byte) == far(all[0]))
        .expect("one of three")
}

/// A row as it is filtered by `filter`.
fn filtered(filter: u8, row: &[u8], above: &[u8], pixel: usize) -> Vec<u8> {
    let before = |row: &[u8], at: usize| at.checked_sub(pixel).map_or(0, |at| row[at]);
    let each = row.iter().enumerate().map(|(at, byte)| {
        let (left, up, corner) = (before(row, at), above[at], before(above, at));
        let guess = match filter {
            1 => left,
            2 => up,
            3 => left.midpoint(up),
            4 => paeth(left, up, corner),
            _ => 0,
        };
        byte.wrapping_sub(guess)
    });
    each.collect()
}

/// A file, and what is to become of it.
pub fn png(dice: &mut Dice) -> (Vec<u8>, Fate) {
    let (colours, depth) = *dice.one_of(KINDS);
    let (width, height) = (1 + dice.below(40), 1 + dice.below(12));
    let interlaced = dice.is(3);
    let bits = samples(colours) * usize::from(depth);
    let (mut fate, hidden) = (Fate::Sound, dice.below(9));
    let in_palette = if colours == 3 { 1 << depth } else { 0 };
    // Of the last colour no pixel is.
    let leaves_out = colours == 3 && hidden == 0;
    let ones = dice.is(4);
    let (mut rows, mut used) = (Vec::new(), vec![false; in_palette]);
    for (wide, high) in passes(width, height, interlaced) {
        let length = (wide * bits).div_ceil(8);
        let mut above = vec![0; length];
        for _ in 0..if wide == 0 { 0 } else { high } {
            let mut row = vec![0_u8; length];
            for place in 0..wide * samples(colours) {
                let mut number = dice.below(1 << depth.min(8));
                if colours == 3 {
                    number = number.min(in_palette - 1 - usize::from(leaves_out));
                    used[number] = true;
                }
                let number = u8::try_from(number).expect("a byte");
                match depth {
                    16 => row[2 * place] = number,
                    8 => row[place] = number,
                    _ => {
                        let at = place * usize::from(depth);
                        row[at / 8] |= number << (8 - usize::from(depth) - at % 8);
                    }
                }
            }
            let behind = length * 8 - wide * bits;
            if let Some(last) = row.last_mut().filter(|_| behind > 0 && ones) {
                *last |= (1 << behind) - 1;
            }
            if let Some(last) = row.last_mut().filter(|_| behind > 1 && hidden == 1) {
                *last ^= 1;
                fate = Fate::Told;
            }
            let filter = u8::try_from(dice.below(5)).expect("small");
            let mut packed = filtered(filter, &row, &above, bits.div_ceil(8));
            let mut said = filter;
            if hidden == 2 && dice.is(3) && fate == Fate::Sound {
                said = CANARY[dice.below(CANARY.len())];
                fate = Fate::Damaged;
            }
            packed.insert(0, said);
            rows.extend(packed);
            above = row;
        }
    }
    if hidden == 3 {
        rows.extend_from_slice(CANARY);
        fate = Fate::Told;
    }
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&rows).expect("packs");
    let mut packed = encoder.finish().expect("packs");
    if hidden == 4 {
        let end = packed.len();
        packed[end - 4..].copy_from_slice(&CANARY[..4]);
        fate = Fate::Damaged;
    }
    if hidden == 5 {
        packed.extend_from_slice(CANARY);
        fate = Fate::Cleaned;
    }
    let side = |side: usize| u32::try_from(side).expect("small").to_be_bytes();
    let head = [
        &side(width)[..],
        &side(height),
        &[depth, colours, 0, 0, u8::from(interlaced)],
    ]
    .concat();
    let mut file = [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(*b"IHDR", &head)].concat();
    if hidden == 6 {
        let count = if colours == 3 { 3 } else { samples(colours) };
        let most = if colours == 3 { 8 } else { depth };
        if most > 1 {
            file.extend(chunk(*b"sBIT", &vec![most - 1; count]));
            fate = Fate::Cleaned;
        }
    }
    let palette: Vec<u8> = (0..in_palette)
        .flat_map(|index| {
            let index = u8::try_from(index).expect("a byte");
            // What no pixel uses is black, but where something is hidden.
            if used[usize::from(index)] {
                [index, 7, 9]
            } else if leaves_out && usize::from(index) + 1 == in_palette {
                fate = Fate::Told;
                [b'C', b'A', b'N']
            } else {
                [0, 0, 0]
            }
        })
        .collect();
    if colours == 3 {
        file.extend(chunk(*b"PLTE", &palette));
    }
    match (hidden, colours) {
        (7, 0) if depth < 16 => {
            file.extend(chunk(*b"tRNS", b"CA"));
            fate = Fate::Cleaned;
        }
        (7, 2) => {
            file.extend(chunk(*b"tRNS", b"CANARY"));
            fate = Fate::Cleaned;
        }
        (7, 3) => {
            let mut opacity = vec![255; in_palette];
            opacity.extend_from_slice(CANARY);
            file.extend(chunk(*b"tRNS", &opacity));
            fate = Fate::Cleaned;
        }
        _ => {}
    }
    let at = dice.below(packed.len());
    file.extend(chunk(*b"IDAT", &packed[..at]));
    file.extend(chunk(*b"IDAT", &packed[at..]));
    file.extend(chunk(*b"IEND", b""));
    (file, fate)
}

#[test]
fn nothing_between_the_pixels_of_a_png_stays_untold() {
    let mut seen = [0; 4];
    for case in 0..cases(3000) {
        let (file, fate) = png(&mut Dice::of(case));
        let (out, report) = strip(FileKind::Png, &file);
        let expected = match fate {
            Fate::Sound => Outcome::NothingFound,
            Fate::Cleaned => Outcome::Cleaned,
            Fate::Told => Outcome::CouldNot(Reason::Structure),
            Fate::Damaged => Outcome::CouldNot(Reason::Damaged),
        };
        assert_eq!(report.outcome, expected, "case {case}: {fate:?} {report:?}");
        seen[fate as usize] += 1;
        if matches!(fate, Fate::Sound | Fate::Cleaned) {
            assert!(!has_canary(&out), "case {case}");
            // Of one transparent colour in more bits than the picture has, decoders make this or that.
            let is_strange = file.windows(4).any(|it| it == b"tRNS") && file[25] != 3;
            let decoded =
                |bytes: &[u8]| image::load_from_memory(bytes).expect("decodes").to_rgba8();
            assert!(
                is_strange || decoded(&file) == decoded(&out),
                "case {case}: other pixels"
            );
            let (again, second) = strip(FileKind::Png, &out);
            assert!(again == out && second.outcome == Outcome::NothingFound);
        }
    }
    println!("{seen:?}");
    assert!(seen.iter().all(|count| *count > 50), "{seen:?}");
}
