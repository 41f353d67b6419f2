//! Chunks of packed pixels as they pass, of the picture and of the frames of a moving one: counted, and cleared behind
//! their end.

use super::known::{self, Fate};
use super::pixels::{Packed, Verdict};
use super::{PngFilter, State};
use crate::bytes::{be32, gather};
use crate::finding::{Reason, What};

impl PngFilter {
    /// Whether a chunk is one of pixels that are still expected.
    pub(super) fn is_of_pixels(&mut self, name: [u8; 4], size: usize) -> bool {
        match &name {
            b"IDAT" if !self.begun => {
                self.pixels = self.header.as_ref().map(|header| Packed::of(header, 0));
                true
            }
            b"IDAT" => self
                .pixels
                .as_ref()
                .is_some_and(|pixels| pixels.is_still(0)),
            b"fdAT" if size >= 4 => self
                .pixels
                .as_ref()
                .is_some_and(|pixels| pixels.is_still(1)),
            _ => false,
        }
    }

    pub(super) fn pixels(&mut self, input: &mut &[u8], left: usize, out: &mut Vec<u8>) {
        let Some(pixels) = &mut self.pixels else {
            return self.damaged(out);
        };
        // Before the pixels of a further frame stands which chunk of the moving picture this is.
        if pixels.is_numbered() && self.held.len() < 4 {
            if !gather(&mut self.held, 4, input) {
                return;
            }
            if be32(&self.held, 0) != Some(self.sequence) {
                return self.damaged(out);
            }
            self.sequence += 1;
            self.sum.add(&self.held);
            out.extend_from_slice(&self.held);
            self.account.enter(4);
            self.state = if left == 4 {
                State::Sum
            } else {
                State::Pixels(left - 4)
            };
            if left == 4 {
                self.held.clear();
            }
            return;
        }
        let (now, later) = input.split_at(left.min(input.len()));
        *input = later;
        let was_whole = pixels.is_whole();
        let (used, verdict) = pixels.take(now);
        if !was_whole && pixels.is_whole() {
            // Between the rows, which would have to be packed anew.
            if pixels.rows().hides() {
                self.findings.left(What::Hidden, Reason::Structure);
            }
            for (used, now) in self.used.iter_mut().zip(pixels.rows().used()) {
                *used |= now;
            }
        }
        self.account.enter(now.len());
        match verdict {
            Verdict::Goes => {}
            Verdict::Broken => self.findings.could_not(Reason::Damaged),
            // Inside the packed stream, which would have to be packed anew.
            Verdict::TooMany => self.findings.left(What::Hidden, Reason::Structure),
        }
        let mut written = now.to_vec();
        if now[used..].iter().any(|byte| *byte != 0) {
            self.findings.removed(What::Hidden);
            written[used..].fill(0);
        }
        self.sum.add_changed(now, &written);
        out.extend_from_slice(&written);
        if left == now.len() {
            self.held.clear();
            self.state = State::Sum;
        } else {
            self.state = State::Pixels(left - now.len());
        }
    }

    pub(super) fn close_pixels(&mut self, out: &mut Vec<u8>) {
        let sum = be32(&self.held, 0).unwrap_or(0);
        if sum != self.sum.read {
            self.findings.could_not(Reason::Damaged);
        } else if self.sum.read != self.sum.written {
            let written = self.sum.written.to_be_bytes();
            self.held.copy_from_slice(&written);
        }
        self.pass(out);
        self.state = State::Head;
    }

    /// A further frame of a moving picture; the first may be the picture itself.
    pub(super) fn frame(&mut self, data: &[u8]) -> Fate {
        if data.len() != 26 || !self.seen.contains(b"acTL") {
            return Fate::Drop(What::Hidden);
        }
        if be32(data, 0) != Some(self.sequence) || !self.is_sound_frame(data) {
            return Fate::Broken;
        }
        self.sequence += 1;
        if self.begun {
            let is_whole = self.pixels.as_ref().is_some_and(Packed::is_whole);
            let frame = self.header.as_ref().and_then(|header| header.frame(data));
            match frame {
                Some(frame) if is_whole => self.pixels = Some(Packed::of(&frame, 1)),
                _ => return Fate::Broken,
            }
        }
        Fate::Keep
    }

    /// Whether a frame is within the picture and says what is done with it; the one before the pixels is the picture itself, of
    /// which there is one.
    fn is_sound_frame(&self, data: &[u8]) -> bool {
        let Some(header) = &self.header else {
            return false;
        };
        let number = |at: usize| be32(data, at).map_or(u64::MAX, u64::from);
        let (width, height) = (u64::from(header.width), u64::from(header.height));
        let within = number(4) + number(12) <= width && number(8) + number(16) <= height;
        let is_first = number(4) == width && number(8) == height && self.sequence == 0;
        within && data[24] <= 2 && data[25] <= 1 && (self.begun || is_first)
    }

    /// Colours that no pixel uses are seen by nobody. They stand before the pixels, and have passed.
    pub(super) fn look_at_palette(&mut self) {
        let count = self.palette.len() / 3;
        let is_hidden = known::has_unused_colours(&self.palette, &self.used)
            || self
                .transparency
                .iter()
                .zip(self.used.iter())
                .any(|(opacity, used)| count > 0 && !used && !matches!(opacity, 0 | 255));
        if is_hidden {
            self.findings.left(What::Hidden, Reason::Structure);
        }
        if count > 0 && self.used[count..].contains(&true) {
            self.findings.could_not(Reason::Damaged);
        }
    }
}
