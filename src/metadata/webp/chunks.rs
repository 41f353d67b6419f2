//! What becomes of a chunk whose first bytes are held: it passes, is written anew at the same length, or is overwritten.

use super::sizes::{lossless, lossy, measure};
use super::{CHUNK_HEAD_BYTES, FRAME_HEAD_BYTES, State, WebpFilter};
use crate::exif::{self, MINIMAL_BYTES};
use crate::finding::{Reason, What};
use crate::icc;
use crate::xmp;

/// "Has XMP", in the first byte of VP8X.
const XMP_FLAG: u8 = 0x04;
/// Flags there that a decoder needs: profile, opacity, EXIF (which stays, empty) and animation.
const FLAGS_KEPT: u8 = 0b0011_1010;
const VP8X_BYTES: usize = 10;
const ANIM_BYTES: usize = 6;

impl WebpFilter {
    /// Writes the chunk that is held, without what it told.
    pub(super) fn look(&mut self, rest: usize, out: &mut Vec<u8>) {
        let held = std::mem::take(&mut self.held);
        let (start, data) = held.split_at(CHUNK_HEAD_BYTES);
        let name: [u8; 4] = start[..4].try_into().expect("four bytes of eight");
        if name == *b"ANMF"
            && data.len() == FRAME_HEAD_BYTES
            && self.frame_left.is_none()
            && self.seen.animated
        {
            self.begin_frame(start, data, rest, out);
            return;
        }
        if self.is_pixels(name, data) {
            out.extend_from_slice(&held);
            self.next(rest, State::Pass);
            return;
        }
        let written = self.written(name, data);
        if let Some(written) = written {
            // What EXIF told is noted already, and that there is XMP is told of the XMP itself.
            let is_noted = match &name {
                b"EXIF" => true,
                b"VP8X" => data[0] & !XMP_FLAG == written[0] && data[1..] == written[1..],
                _ => written == data,
            };
            if !is_noted {
                self.findings.removed(told(name));
            }
            out.extend_from_slice(start);
            out.extend_from_slice(&written);
        } else {
            self.note(name, data);
            out.extend_from_slice(b"JUNK");
            out.extend_from_slice(&start[4..]);
            out.resize(out.len() + data.len(), 0);
        }
        self.next(rest, State::Blank);
    }

    /// Whether a chunk that begins so is one of packed pixels that are still expected.
    fn is_pixels(&mut self, name: [u8; 4], data: &[u8]) -> bool {
        let is_here = self.frame_left.is_some() || !self.seen.animated;
        let is_sound = match &name {
            b"VP8 " | b"VP8L" if !self.seen.pixels => {
                let size = if name == *b"VP8L" {
                    lossless(data)
                } else {
                    lossy(data)
                };
                size.is_some_and(|size| self.canvas.is_none_or(|canvas| canvas == size))
            }
            // It comes before the colours: how it is packed, and nothing in the bits that mean nothing yet.
            b"ALPH" if !self.seen.pixels && !self.seen.opacity => {
                self.seen.see_through
                    && data
                        .first()
                        .is_some_and(|head| head & 0xC0 == 0 && head & 3 < 2)
            }
            _ => false,
        };
        if !is_here || !is_sound {
            return false;
        }
        if name == *b"ALPH" {
            self.seen.opacity = true;
        } else {
            self.seen.pixels = true;
            // These pixels have their own: what came before them nobody shows.
            if name == *b"VP8L" && self.seen.opacity {
                self.findings.left(What::Hidden, Reason::Unchecked);
            }
        }
        true
    }

    /// What stands in the place of a chunk that is kept, at the same length.
    fn written(&mut self, name: [u8; 4], data: &[u8]) -> Option<Vec<u8>> {
        let mut written = data.to_vec();
        match &name {
            b"VP8X" if data.len() == VP8X_BYTES && !self.seen.extended => {
                self.seen.extended = true;
                self.seen.animated = data[0] & 2 != 0;
                self.seen.promised = data[0] & XMP_FLAG != 0;
                self.seen.see_through = data[0] & 0x10 != 0;
                self.canvas = Some((measure(data, 4), measure(data, 7)));
                written[0] &= FLAGS_KEPT;
                written[1..4].fill(0);
            }
            b"ANIM" if data.len() == ANIM_BYTES && self.seen.animated => {}
            b"EXIF" if data.len() >= MINIMAL_BYTES && !self.seen.exif => {
                self.seen.exif = true;
                let tiff = data.strip_prefix(b"Exif\0\0").unwrap_or(data);
                let orientation = exif::look(tiff, &mut self.findings).unwrap_or(1);
                written.fill(0);
                written[..MINIMAL_BYTES].copy_from_slice(&exif::minimal(orientation));
                // What exif tells of has been noted; anything else that was there is told as well.
                if written != data && self.findings.is_empty() {
                    self.findings.removed(What::Other);
                }
                return Some(written);
            }
            b"ICCP" if !std::mem::replace(&mut self.seen.profile, true) => {
                written = icc::profile_within(icc::space(data)?, data.len())?;
            }
            _ => return None,
        }
        Some(written)
    }

    fn begin_frame(&mut self, start: &[u8], data: &[u8], rest: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(start);
        out.extend_from_slice(&data[..FRAME_HEAD_BYTES - 1]);
        out.push(data[FRAME_HEAD_BYTES - 1] & 3);
        if data[FRAME_HEAD_BYTES - 1] > 3 {
            self.findings.removed(What::Other);
        }
        self.canvas = Some((measure(data, 6), measure(data, 9)));
        self.seen.pixels = false;
        self.seen.opacity = false;
        self.frame_left = Some(rest).filter(|rest| *rest > 0);
        self.state = if self.left == 0 {
            State::Tail
        } else {
            State::Head
        };
    }

    /// Notes what a chunk tells that stays behind.
    fn note(&mut self, name: [u8; 4], data: &[u8]) {
        match &name {
            b"EXIF" => drop(exif::look(data, &mut self.findings)),
            b"XMP " => xmp::look(data, &mut self.findings),
            b"ICCP" => self.findings.removed(What::Device),
            b"C2PA" => self.findings.removed(What::Origin),
            b"VP8 " | b"VP8L" | b"ALPH" | b"ANMF" | b"VP8X" => self.findings.removed(What::Hidden),
            b"JUNK" if data.iter().all(|byte| *byte == 0) => {}
            _ => self
                .findings
                .removed(xmp::label(data).unwrap_or(What::Other)),
        }
    }
}

/// What a chunk told that was written anew.
fn told(name: [u8; 4]) -> What {
    match &name {
        b"ICCP" => What::Device,
        _ => What::Other,
    }
}
