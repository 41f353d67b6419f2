//! What the drawing process says: pages as plain pixels, then an end or a refusal. Each word starts with one byte.

use std::io::{self, Write};

/// A page: width and height, 32 bits each, the large end first, then three bytes a pixel, row by row.
pub(super) const PAGE: u8 = b'P';
/// A page that could not be drawn; the next ones can.
pub(super) const SKIPPED: u8 = b'S';
/// Some letters are missing: their fonts are neither in the file nor on this machine.
pub(super) const LETTERS: u8 = b'L';
/// The end: how many pages the file has, 32 bits.
pub(super) const END: u8 = b'E';
/// Nothing was drawn: one byte says why.
pub(super) const REFUSED: u8 = b'R';
/// What the process could do that it should not: one bit each.
pub(super) const PROBED: u8 = b'T';

/// Why nothing was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    TooLarge,
    Damaged,
    Encrypted,
}

impl Refusal {
    const ALL: [(u8, Self); 3] = [
        (b'L', Self::TooLarge),
        (b'D', Self::Damaged),
        (b'E', Self::Encrypted),
    ];

    pub fn of_byte(byte: u8) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|(code, _)| *code == byte)
            .map(|(_, refusal)| refusal)
    }

    fn byte(self) -> u8 {
        let found = Self::ALL.into_iter().find(|(_, refusal)| *refusal == self);
        found.expect("every refusal is in the list").0
    }
}

pub(super) fn write_page(
    out: &mut impl Write,
    width: u32,
    height: u32,
    rgb: &[u8],
) -> io::Result<()> {
    out.write_all(&[PAGE])?;
    out.write_all(&width.to_be_bytes())?;
    out.write_all(&height.to_be_bytes())?;
    out.write_all(rgb)
}

/// Says something that is one byte.
pub(super) fn write_word(out: &mut impl Write, word: u8) -> io::Result<()> {
    out.write_all(&[word])
}

pub(super) fn write_end(out: &mut impl Write, pages: u32) -> io::Result<()> {
    out.write_all(&[END])?;
    out.write_all(&pages.to_be_bytes())?;
    out.flush()
}

pub(super) fn write_refusal(out: &mut impl Write, refusal: Refusal) -> io::Result<()> {
    out.write_all(&[REFUSED, refusal.byte()])?;
    out.flush()
}
