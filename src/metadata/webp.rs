//! WebP as a stream. The file's length stands in its first bytes, before anything is known of what follows, so nothing
//! is cut out: all but what a decoder needs is overwritten with zeros, at the same length.

use super::bytes::{gather, le32, length};
use super::exif::{self, MINIMAL_BYTES};
use super::finding::{Account, Findings, Reason, What};
use super::icc;
use super::xmp;

const FILE_HEAD_BYTES: usize = 12;
const CHUNK_HEAD_BYTES: usize = 8;
/// As much of a chunk as is looked at.
const LOOK_BYTES: usize = 64 * 1024;
/// "Has XMP", in the first byte of VP8X.
const XMP_FLAG: u8 = 0x04;
/// Flags there that a decoder needs: profile, opacity, EXIF (which stays, empty) and animation.
const FLAGS_KEPT: u8 = 0b0011_1010;
const VP8X_BYTES: usize = 10;
const ANIM_BYTES: usize = 6;
/// As much of packed pixels as says how large the picture is.
const PIXELS_HEAD_BYTES: usize = 10;
/// Place, size, duration and flags before a frame's own chunks.
const FRAME_HEAD_BYTES: usize = 16;

/// Holds at most the start of one chunk.
#[derive(Debug)]
pub(super) struct WebpFilter {
    state: State,
    held: Vec<u8>,
    /// Bytes of the file, as its head says, that have not come yet.
    left: usize,
    /// Of these, those of the frame of a moving picture.
    frame_left: Option<usize>,
    /// Width and height of the picture, or of the frame.
    canvas: Option<(u32, u32)>,
    seen: Seen,
    findings: Findings,
    account: Account,
}

/// What is there once, in the file or in a frame.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a chunk that is there once"
)]
struct Seen {
    extended: bool,
    animated: bool,
    /// Its head says that there is XMP.
    promised: bool,
    /// There is opacity.
    see_through: bool,
    profile: bool,
    exif: bool,
    pixels: bool,
    opacity: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    FileHead,
    Head,
    /// This many bytes pass.
    Pass(usize),
    /// As much is gathered to be looked at, then as much again is overwritten.
    Look {
        gather: usize,
        rest: usize,
    },
    Blank(usize),
    Tail,
    Damaged,
}

impl WebpFilter {
    pub fn new() -> Self {
        Self {
            state: State::FileHead,
            held: Vec::new(),
            left: 0,
            frame_left: None,
            canvas: None,
            seen: Seen::default(),
            findings: Findings::default(),
            account: Account::default(),
        }
    }

    pub fn feed(&mut self, mut input: &[u8], out: &mut Vec<u8>) {
        while !input.is_empty() {
            match self.state {
                State::FileHead => self.file_head(&mut input, out),
                State::Head => self.chunk(&mut input, out),
                State::Pass(left) => {
                    let now = self.take(&mut input, left);
                    out.extend_from_slice(now);
                    self.next(left - now.len(), State::Pass);
                }
                State::Look { gather: all, rest } => {
                    let before = self.held.len();
                    let done = gather(&mut self.held, all, &mut input);
                    self.count(self.held.len() - before);
                    if done {
                        self.look(rest, out);
                    }
                }
                State::Blank(left) => {
                    let now = self.take(&mut input, left);
                    if now.iter().any(|byte| *byte != 0) {
                        self.findings.removed(What::Other);
                    }
                    out.resize(out.len() + now.len(), 0);
                    self.next(left - now.len(), State::Blank);
                }
                State::Tail => {
                    self.account.enter(input.len());
                    self.findings.removed(What::Hidden);
                    return;
                }
                State::Damaged => {
                    out.extend_from_slice(input);
                    return;
                }
            }
        }
    }

    pub fn finish(mut self, out: &mut Vec<u8>) -> (Findings, Account) {
        match self.state {
            State::Tail => {}
            // Writers count one byte too many, or leave out the one that makes the last chunk even.
            State::Pass(1) | State::Blank(1) if self.left == 1 => {}
            State::Head
                if self.held.is_empty() && self.left < CHUNK_HEAD_BYTES && self.seen.pixels => {}
            State::Head
                if self.held.is_empty() && self.seen.pixels && self.frame_left.is_none() => {}
            _ => {
                self.findings.could_not(Reason::Damaged);
                out.append(&mut self.held);
            }
        }
        if !self.seen.pixels {
            self.findings.could_not(Reason::Damaged);
        }
        // It was said that there is XMP, and there was none.
        if self.seen.promised && self.findings.is_empty() {
            self.findings.removed(What::Other);
        }
        (self.findings, self.account)
    }

    fn damaged(&mut self, out: &mut Vec<u8>) {
        self.findings.could_not(Reason::Damaged);
        out.append(&mut self.held);
        self.state = State::Damaged;
    }

    /// This many bytes of the file have come, and are understood.
    fn count(&mut self, bytes: usize) {
        self.left -= bytes;
        self.frame_left = self.frame_left.map(|left| left - bytes);
        self.account.enter(bytes);
    }

    fn take<'a>(&mut self, input: &mut &'a [u8], left: usize) -> &'a [u8] {
        let (now, later) = input.split_at(left.min(input.len()));
        *input = later;
        self.count(now.len());
        now
    }

    fn next(&mut self, left: usize, same: fn(usize) -> State) {
        if left > 0 {
            self.state = same(left);
            return;
        }
        if self.frame_left == Some(0) {
            self.frame_left = None;
        }
        self.state = if self.left == 0 {
            State::Tail
        } else {
            State::Head
        };
    }

    fn file_head(&mut self, input: &mut &[u8], out: &mut Vec<u8>) {
        if !gather(&mut self.held, FILE_HEAD_BYTES, input) {
            return;
        }
        let size = length(le32(&self.held, 4).unwrap_or(0));
        let good = self.held.starts_with(b"RIFF") && &self.held[8..] == b"WEBP";
        // The length counts from behind itself, so it has the last four bytes of the head in it.
        self.left = size.saturating_sub(4);
        if !good || self.left < CHUNK_HEAD_BYTES {
            return self.damaged(out);
        }
        self.account.enter(FILE_HEAD_BYTES);
        out.append(&mut self.held);
        self.state = State::Head;
    }

    fn chunk(&mut self, input: &mut &[u8], out: &mut Vec<u8>) {
        if !gather(&mut self.held, CHUNK_HEAD_BYTES, input) {
            return;
        }
        let size = length(le32(&self.held, 4).unwrap_or(u32::MAX));
        let room = self.frame_left.unwrap_or(self.left);
        // Chunks start at even places; the last one may do without the byte that makes it even.
        let padded = size.saturating_add(size % 2);
        let Some(inside) = room
            .checked_sub(CHUNK_HEAD_BYTES)
            .filter(|inside| size <= *inside)
        else {
            return self.damaged(out);
        };
        let padded = padded.min(inside);
        self.count(CHUNK_HEAD_BYTES);
        let name: [u8; 4] = self.held[..4].try_into().expect("four bytes of eight");
        let whole = size.min(LOOK_BYTES);
        let all = match &name {
            b"ANMF" if size >= FRAME_HEAD_BYTES => FRAME_HEAD_BYTES,
            b"VP8 " | b"VP8L" | b"ALPH" => size.min(PIXELS_HEAD_BYTES),
            _ => whole,
        };
        let rest = padded - all;
        if all == 0 {
            self.look(rest, out);
        } else {
            let gather = CHUNK_HEAD_BYTES + all;
            self.state = State::Look { gather, rest };
        }
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

    /// Writes the chunk that is held, without what it told.
    fn look(&mut self, rest: usize, out: &mut Vec<u8>) {
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

/// A measure in three bytes, less one.
fn measure(data: &[u8], at: usize) -> u32 {
    let bytes = data.get(at..at + 3).unwrap_or(&[0; 3]);
    1 + u32::from_le_bytes([bytes[0], bytes[1], bytes[2], 0])
}

/// Width and height by the head of a VP8L stream (RFC 9649, 3.4).
fn lossless(data: &[u8]) -> Option<(u32, u32)> {
    let bits = le32(data, 1).filter(|bits| data[0] == 0x2F && bits >> 29 == 0)?;
    Some((1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)))
}

/// Width and height by the head of a VP8 key frame (RFC 6386, 9.1).
fn lossy(data: &[u8]) -> Option<(u32, u32)> {
    let bits = le32(data, 6).filter(|_| data[0] & 1 == 0 && data[3..6] == [0x9D, 0x01, 0x2A])?;
    Some((bits & 0x3FFF, bits >> 16 & 0x3FFF))
}

/// What a chunk told that was written anew.
fn told(name: [u8; 4]) -> What {
    match &name {
        b"ICCP" => What::Device,
        _ => What::Other,
    }
}
