//! JPEG as a stream: segments pass or stay behind, picture data passes untouched.

use super::bytes::{be16, gather};
use super::exif;
use super::finding::{Account, Findings, Reason, What};
use super::iptc;
use super::xmp;

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const APP1: u8 = 0xE1;
const COMMENT: u8 = 0xFE;
/// A JFIF header without its small picture: marker, length and 14 bytes.
const JFIF_BYTES: usize = 18;

/// Holds at most one segment, which has at most 64 KiB.
#[derive(Debug)]
pub(super) struct JpegFilter {
    state: State,
    held: Vec<u8>,
    oriented: bool,
    findings: Findings,
    account: Account,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The first marker is missing still.
    Start,
    /// Between segments, or in one.
    Segments,
    /// In picture data.
    Scan,
    /// Behind the picture.
    Tail,
    /// Not a JPEG as far as can be told: everything passes.
    Damaged,
}

impl JpegFilter {
    pub fn new() -> Self {
        Self {
            state: State::Start,
            held: Vec::new(),
            oriented: false,
            findings: Findings::default(),
            account: Account::default(),
        }
    }

    pub fn feed(&mut self, mut input: &[u8], out: &mut Vec<u8>) {
        self.account.enter(input.len());
        while !input.is_empty() {
            match self.state {
                State::Start => {
                    if gather(&mut self.held, 2, &mut input) {
                        let good = self.held == [0xFF, SOI];
                        self.pass(out);
                        self.state = if good {
                            State::Segments
                        } else {
                            State::Damaged
                        };
                    }
                }
                State::Segments => self.segments(&mut input, out),
                State::Scan => self.scan(&mut input, out),
                State::Tail => {
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
        // Phones that lose power leave pictures without an end mark; nothing else may be cut short.
        if !matches!(self.state, State::Tail | State::Scan) {
            self.findings.could_not(Reason::Damaged);
        }
        out.append(&mut self.held);
        (self.findings, self.account)
    }

    fn pass(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.held);
    }

    fn segments(&mut self, input: &mut &[u8], out: &mut Vec<u8>) {
        if !gather(&mut self.held, 2, input) {
            return;
        }
        if self.held[0] != 0xFF {
            self.pass(out);
            self.state = State::Damaged;
            return;
        }
        match self.held[1] {
            // A marker may have any number of these before it.
            0xFF => {
                self.held.truncate(1);
            }
            EOI => {
                self.pass(out);
                self.state = State::Tail;
            }
            0x01 | 0xD0..=0xD7 => self.pass(out),
            code => self.segment(code, input, out),
        }
    }

    fn segment(&mut self, code: u8, input: &mut &[u8], out: &mut Vec<u8>) {
        if !gather(&mut self.held, 4, input) {
            return;
        }
        let length = usize::from(be16(&self.held, 2).unwrap_or(0));
        if length < 2 || code == SOI || code == 0 {
            self.pass(out);
            self.state = State::Damaged;
            return;
        }
        if !gather(&mut self.held, 2 + length, input) {
            return;
        }
        let seen = look(code, &self.held[4..], &mut self.findings);
        match seen {
            Segment::Keep => self.pass(out),
            Segment::Header => {
                self.held.truncate(JFIF_BYTES);
                self.held[2..4].copy_from_slice(&[0, 16]);
                self.held[16..18].fill(0);
                self.pass(out);
            }
            Segment::Drop(orientation) => {
                self.held.clear();
                self.orient(orientation, out);
            }
        }
        if code == SOS {
            self.state = State::Scan;
        }
    }

    /// Writes which way up, once.
    fn orient(&mut self, orientation: Option<u8>, out: &mut Vec<u8>) {
        let Some(orientation) = orientation.filter(|_| !self.oriented) else {
            return;
        };
        self.oriented = true;
        // Marker, length, name: 2 + 6 + 26 bytes.
        out.extend_from_slice(&[0xFF, APP1, 0, 34]);
        out.extend_from_slice(b"Exif\0\0");
        out.extend_from_slice(&exif::minimal(orientation));
    }

    fn scan(&mut self, input: &mut &[u8], out: &mut Vec<u8>) {
        if self.held.is_empty() {
            let end = picture_data(input);
            let (data, rest) = input.split_at(end);
            out.extend_from_slice(data);
            *input = rest;
        }
        if input.is_empty() || !gather(&mut self.held, 2, input) {
            return;
        }
        match self.held[1] {
            // An escaped 0xFF, or a restart mark.
            0 | 0xD0..=0xD7 => self.pass(out),
            0xFF => {
                out.push(0xFF);
                self.held.truncate(1);
            }
            _ => self.state = State::Segments,
        }
        // A marker with its two bytes held may be complete already (the end of the picture).
        if self.state == State::Segments && self.held[1] == EOI {
            self.pass(out);
            self.state = State::Tail;
        }
    }
}

/// How far nothing but picture data goes: up to a mark that is none of the two kinds within it, or that is not all there.
fn picture_data(input: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = memchr::memchr(0xFF, &input[at..]) {
        let mark = at + found;
        if !matches!(input.get(mark + 1), Some(0 | 0xD0..=0xD7)) {
            return mark;
        }
        at = mark + 2;
    }
    input.len()
}

/// What becomes of a segment.
enum Segment {
    Keep,
    /// A JFIF header, to be cut to its fixed part.
    Header,
    Drop(Option<u8>),
}

/// Notes what a segment tells and says what becomes of it. Colour profiles and what decoding needs are kept.
fn look(code: u8, payload: &[u8], findings: &mut Findings) -> Segment {
    let dropped = |what: What, findings: &mut Findings| {
        findings.removed(what);
        Segment::Drop(None)
    };
    match code {
        0xE0 if payload.starts_with(b"JFIF\0") && payload.len() >= JFIF_BYTES - 4 => {
            if payload.len() == JFIF_BYTES - 4 && payload[12..14] == [0, 0] {
                return Segment::Keep;
            }
            findings.removed(What::Thumbnail);
            Segment::Header
        }
        0xE0 if payload.starts_with(b"JFXX\0") => dropped(What::Thumbnail, findings),
        APP1 if payload.starts_with(b"Exif\0") => {
            let orientation = exif::look(payload.get(6..).unwrap_or_default(), findings);
            Segment::Drop(orientation)
        }
        APP1 if payload.starts_with(b"http://ns.adobe.com/x") => {
            let start = memchr::memchr(0, payload).map_or(payload.len(), |at| at + 1);
            xmp::look(&payload[start..], findings);
            Segment::Drop(None)
        }
        0xE2 if payload.starts_with(b"ICC_PROFILE\0") => Segment::Keep,
        // Says where further pictures follow behind this one.
        0xE2 if payload.starts_with(b"MPF\0") => dropped(What::Thumbnail, findings),
        0xED if payload.starts_with(b"Photoshop 3.0\0") => {
            iptc::look(&payload[14..], findings);
            Segment::Drop(None)
        }
        // Says how the colours are laid out: decoding needs it.
        0xEE if payload.starts_with(b"Adobe") => Segment::Keep,
        0xE0..=0xEF if payload.iter().all(|byte| *byte == 0) => Segment::Drop(None),
        0xE0..=0xEF => dropped(What::Other, findings),
        COMMENT => dropped(What::Comment, findings),
        _ => Segment::Keep,
    }
}

/// Overwrites with zeros what tells, for a picture inside a file whose offsets must not move.
pub(super) fn blank(jpeg: &mut [u8], findings: &mut Findings) {
    let mut at = 2;
    while let (Some(0xFF), Some(&code)) = (jpeg.get(at), jpeg.get(at + 1)) {
        let Some(length) = be16(jpeg, at + 2) else {
            return;
        };
        let (start, end) = (at + 4, at + 2 + usize::from(length));
        if code == SOS || code == EOI || end < start || end > jpeg.len() {
            return;
        }
        let payload = &mut jpeg[start..end];
        let empty = payload.iter().all(|byte| *byte == 0);
        if !empty && matches!(look(code, payload, findings), Segment::Drop(_)) {
            payload.fill(0);
        }
        at = end;
    }
}
