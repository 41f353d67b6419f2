//! Photos taken apart and put together wrongly: what is called clean holds nothing that was put where no pixels are.

use super::mutation::{Anatomy, CANARY, Dice, cases, hold};
use super::samples::{encoded, pixels};
use image::ImageFormat;
use mifeng::tip::FileKind;

/// What still decodes, decodes to the same pixels once it is cleaned.
fn same_pixels(format: ImageFormat) -> impl FnMut(&[u8], &[u8]) -> Result<(), String> {
    move |before, after| {
        let decoded = |bytes: &[u8]| image::load_from_memory_with_format(bytes, format);
        match (decoded(before), decoded(after)) {
            (Ok(before), Ok(after)) if before.to_rgba8() == after.to_rgba8() => Ok(()),
            (Ok(_), Ok(_)) => Err("other pixels".to_owned()),
            (Ok(_), Err(error)) => Err(error.to_string()),
            (Err(_), _) => Ok(()),
        }
    }
}

struct Png;

fn chunk(name: [u8; 4], data: &[u8]) -> Vec<u8> {
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
        ];
        let mut data = b"Comment\0".to_vec();
        data.extend_from_slice(CANARY);
        data.resize(data.len() + dice.below(5), 0);
        chunk(**dice.one_of(NAMES), &data)
    }

    fn tainted(&self, _piece: &[u8], _dice: &mut Dice) -> Option<Vec<u8>> {
        None
    }
}

#[test]
fn nothing_that_was_put_into_a_png_stays_where_it_is_called_clean() {
    let samples = [encoded(ImageFormat::Png)];
    assert!(pixels(&samples[0], ImageFormat::Png).width() > 0);
    let seen = hold(
        FileKind::Png,
        &Png,
        &samples,
        cases(500),
        same_pixels(ImageFormat::Png),
    );
    assert!(seen["cleaned"] > 100, "{seen:?}");
}
