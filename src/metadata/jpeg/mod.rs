//! JPEG as a stream: only what a decoder needs passes. Tables that no scan uses stay behind, and picture data are walked
//! through to the last block, so that nothing can stand behind it.

mod scan;
mod tables;

use super::bytes::{be16, gather};
use super::exif;
use super::finding::{Account, Findings, Reason, What};
use super::icc;
use super::iptc;
use super::xmp;
use scan::{Walk, Walked};
use tables::Tables;

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
const DNL: u8 = 0xDC;
const APP1: u8 = 0xE1;
const ADOBE: u8 = 0xEE;
const COMMENT: u8 = 0xFE;
/// A JFIF header without its small picture: 14 bytes behind marker and length.
const JFIF_BYTES: usize = 14;
const ADOBE_BYTES: usize = 12;

/// Holds at most one segment, which has at most 64 KiB, a few tables, and one step of picture data. Of a progressive
/// picture it remembers 64 bits a block, within a bound.
#[derive(Debug)]
pub(super) struct JpegFilter {
    state: State,
    held: Vec<u8>,
    /// Of segments that are there once, which have been seen.
    seen: Vec<Once>,
    tables: Tables,
    findings: Findings,
    account: Account,
}

/// A segment that a decoder or a viewer needs, and needs once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Once {
    /// JFIF: the density of dots.
    Header,
    /// How the colours are laid out.
    Adobe,
    /// Which way up.
    Orientation,
    /// The colour space.
    Profile,
}

impl Once {
    /// What is told of it where it was written anew, or was there twice. What EXIF tells is noted already.
    fn tells(self) -> What {
        match self {
            Self::Header => What::Thumbnail,
            Self::Adobe => What::Software,
            Self::Orientation => What::Other,
            Self::Profile => What::Device,
        }
    }
}

#[derive(Debug)]
enum State {
    /// The first marker is missing still.
    Start,
    /// Between segments, or in one.
    Segments,
    /// In picture data that is followed block by block.
    Scan(Box<Walk>),
    /// In picture data of a kind that cannot be followed, or that did not hold what it must.
    Loose,
    /// Behind the last block of a scan, before the next marker.
    Behind,
    /// Behind the picture.
    Tail,
    /// Not a JPEG as far as can be told: everything passes.
    Damaged,
}

impl Default for JpegFilter {
    fn default() -> Self {
        Self {
            state: State::Start,
            held: Vec::new(),
            seen: Vec::new(),
            tables: Tables::default(),
            findings: Findings::default(),
            account: Account::default(),
        }
    }
}

impl JpegFilter {
    pub fn feed(&mut self, mut input: &[u8], out: &mut Vec<u8>) {
        while !input.is_empty() {
            match self.state {
                State::Start => {
                    if gather(&mut self.held, 2, &mut input) {
                        if self.held == [0xFF, SOI] {
                            self.pass(out);
                            self.state = State::Segments;
                        } else {
                            self.damaged(out);
                        }
                    }
                }
                State::Segments => self.segments(&mut input, out),
                State::Scan(_) => self.scan(&mut input, out),
                State::Loose => self.loose(&mut input, out),
                State::Behind => self.behind(&mut input, out),
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
            // Whole to its last block. Telephones that lose power leave such pictures, and so does who cuts them.
            State::Behind => {
                self.findings.could_not(Reason::Damaged);
                out.extend_from_slice(&[0xFF, EOI]);
            }
            _ => self.damaged(out),
        }
        (self.findings, self.account)
    }

    /// From here on nothing is known: what is held and what follows passes.
    fn damaged(&mut self, out: &mut Vec<u8>) {
        self.findings.could_not(Reason::Damaged);
        self.tables.release_all(out);
        out.append(&mut self.held);
        self.state = State::Damaged;
    }

    fn pass(&mut self, out: &mut Vec<u8>) {
        self.account.enter(self.held.len());
        out.append(&mut self.held);
    }

    /// What is held stays behind.
    fn drop(&mut self, what: What) {
        self.findings.removed(what);
        self.account.enter(self.held.len());
        self.held.clear();
    }

    fn segments(&mut self, input: &mut &[u8], out: &mut Vec<u8>) {
        if !gather(&mut self.held, 2, input) {
            return;
        }
        if self.held[0] != 0xFF {
            return self.damaged(out);
        }
        match self.held[1] {
            // A marker may have any number of these before it.
            0xFF => {
                self.held.truncate(1);
                self.account.enter(1);
                self.findings.removed(What::Other);
            }
            EOI => {
                if self.tables.leave() {
                    self.findings.removed(What::Other);
                }
                self.pass(out);
                self.state = State::Tail;
            }
            0x01 | 0xD0..=0xD7 => self.drop(What::Other),
            code => self.segment(code, input, out),
        }
    }

    fn segment(&mut self, code: u8, input: &mut &[u8], out: &mut Vec<u8>) {
        if !gather(&mut self.held, 4, input) {
            return;
        }
        let length = usize::from(be16(&self.held, 2).unwrap_or(0));
        if length < 2 || code == SOI || code == 0 {
            return self.damaged(out);
        }
        if !gather(&mut self.held, 2 + length, input) {
            return;
        }
        if code == SOS {
            return self.begin_scan(out);
        }
        let payload = &self.held[4..];
        if Tables::is_one(code) {
            match self.tables.take(code, payload) {
                Some(replaced) => {
                    if replaced {
                        self.findings.removed(What::Other);
                    }
                    self.account.enter(self.held.len());
                    self.held.clear();
                }
                None => self.damaged(out),
            }
            return;
        }
        let kept = look(code, payload, &mut self.findings);
        self.account.enter(self.held.len());
        let held = std::mem::take(&mut self.held);
        if let Segment::Place(once, own) = kept {
            self.place(once, own, &held);
        }
    }

    /// Puts our own segment, if there is one, in the place of `held`.
    fn place(&mut self, once: Once, own: Option<Vec<u8>>, held: &[u8]) {
        let own = own.filter(|_| !self.seen.contains(&once));
        let is_same = own.as_deref() == Some(held);
        if !is_same && (once != Once::Orientation || self.findings.is_empty()) {
            self.findings.removed(once.tells());
        }
        if let Some(own) = own {
            self.seen.push(once);
            self.tables.keep(own);
        }
    }

    /// Writes the tables that the scan uses, and its own head.
    fn begin_scan(&mut self, out: &mut Vec<u8>) {
        let Some(scan) = self.tables.scan(&self.held[4..]) else {
            return self.damaged(out);
        };
        if self.tables.release(&scan, out) {
            self.findings.removed(What::Other);
        }
        self.state = if let Some(walk) = Walk::of(&scan, &mut self.tables) {
            State::Scan(Box::new(walk))
        } else {
            self.findings.could_not(Reason::Unchecked);
            State::Loose
        };
        self.pass(out);
    }

    fn scan(&mut self, input: &mut &[u8], out: &mut Vec<u8>) {
        self.held.extend_from_slice(input);
        *input = &[];
        let State::Scan(walk) = &mut self.state else {
            return;
        };
        let (walked, bytes) = walk.on(&self.held, &mut self.tables);
        self.account.enter(bytes);
        out.extend(self.held.drain(..bytes));
        if walked == Walked::Waits {
            return;
        }
        let rest = std::mem::take(&mut self.held);
        self.state = if walked == Walked::Whole {
            State::Behind
        } else {
            self.findings.could_not(Reason::Damaged);
            State::Loose
        };
        self.feed(&rest, out);
    }

    /// Up to the next marker there is nothing that a decoder looks at.
    fn behind(&mut self, input: &mut &[u8], out: &mut Vec<u8>) {
        if !gather(&mut self.held, 2, input) {
            return;
        }
        match (self.held[0], self.held[1]) {
            (0xFF, 0xFF) => {
                self.held.truncate(1);
                self.account.enter(1);
                self.findings.removed(What::Other);
            }
            (0xFF, 0xD0..=0xD7) => self.drop(What::Other),
            (0xFF, code) if code != 0 => self.marker(input, out),
            _ => {
                self.held.remove(0);
                self.account.enter(1);
                self.findings.removed(What::Hidden);
                // The rest at once, up to what may begin a marker.
                let rest = if self.held == [0xFF] {
                    0
                } else {
                    let rest = memchr::memchr(0xFF, input).unwrap_or(input.len());
                    self.account.enter(1 + rest);
                    self.held.clear();
                    rest
                };
                *input = &input[rest..];
            }
        }
    }

    fn loose(&mut self, input: &mut &[u8], out: &mut Vec<u8>) {
        if self.held.is_empty() {
            let end = memchr::memchr(0xFF, input).unwrap_or(input.len());
            let (data, rest) = input.split_at(end);
            out.extend_from_slice(data);
            *input = rest;
        }
        if input.is_empty() || !gather(&mut self.held, 2, input) {
            return;
        }
        match self.held[1] {
            // An escaped 0xFF, or a restart mark.
            0 | 0xD0..=0xD7 => out.append(&mut self.held),
            0xFF => {
                out.push(0xFF);
                self.held.truncate(1);
            }
            _ => self.marker(input, out),
        }
    }

    /// A marker is held, which may be the last thing in the file.
    fn marker(&mut self, input: &mut &[u8], out: &mut Vec<u8>) {
        self.state = State::Segments;
        self.segments(input, out);
    }
}

/// What becomes of a segment that is no table.
enum Segment {
    Drop,
    /// Our own takes its place, or nothing does.
    Place(Once, Option<Vec<u8>>),
}

/// Notes what a segment tells and says what becomes of it.
fn look(code: u8, payload: &[u8], findings: &mut Findings) -> Segment {
    let dropped = |what: What, findings: &mut Findings| {
        findings.removed(what);
        Segment::Drop
    };
    match code {
        0xE0 if payload.starts_with(b"JFIF\0") && payload.len() >= JFIF_BYTES => {
            Segment::Place(Once::Header, Some(header(payload)))
        }
        0xE0 if payload.starts_with(b"JFXX\0") => dropped(What::Thumbnail, findings),
        APP1 if payload.starts_with(b"Exif\0") => {
            let way = exif::look(payload.get(6..).unwrap_or_default(), findings);
            Segment::Place(Once::Orientation, way.map(oriented))
        }
        APP1 if payload.starts_with(b"http://ns.adobe.com/x") => {
            let start = memchr::memchr(0, payload).map_or(payload.len(), |at| at + 1);
            xmp::look(&payload[start..], findings);
            Segment::Drop
        }
        0xE2 if payload.starts_with(b"ICC_PROFILE\0") => {
            Segment::Place(Once::Profile, profile(payload))
        }
        // Says where further pictures follow behind this one.
        0xE2 if payload.starts_with(b"MPF\0") => dropped(What::Thumbnail, findings),
        // JUMBF: boxes of C2PA among others.
        0xEB if payload.starts_with(b"JP") => dropped(What::Origin, findings),
        0xED if payload.starts_with(b"Photoshop 3.0\0") => {
            iptc::look(&payload[14..], findings);
            Segment::Drop
        }
        ADOBE if payload.starts_with(b"Adobe") && payload.len() >= ADOBE_BYTES => {
            Segment::Place(Once::Adobe, Some(adobe(payload)))
        }
        0xE0..=0xEF if payload.iter().all(|byte| *byte == 0) => dropped(What::Other, findings),
        0xE0..=0xEF => dropped(xmp::label(payload).unwrap_or(What::Other), findings),
        COMMENT => dropped(xmp::label(payload).unwrap_or(What::Comment), findings),
        DNL => dropped(What::Other, findings),
        _ => dropped(What::Hidden, findings),
    }
}

fn whole(code: u8, payload: &[u8]) -> Vec<u8> {
    tables::segment(code, payload)
}

fn oriented(way: u8) -> Vec<u8> {
    whole(
        APP1,
        &[b"Exif\0\0".as_slice(), &exif::minimal(way)].concat(),
    )
}

/// Version, unit and density, and no small picture.
fn header(payload: &[u8]) -> Vec<u8> {
    let mut fixed = payload[..JFIF_BYTES].to_vec();
    fixed[5] = 1;
    fixed[6] = fixed[6].min(2);
    fixed[7] = fixed[7].min(2);
    fixed[12..14].fill(0);
    whole(0xE0, &fixed)
}

/// Version 100, no flags, and which transformation.
fn adobe(payload: &[u8]) -> Vec<u8> {
    let mut fixed = payload[..ADOBE_BYTES].to_vec();
    fixed[5..11].copy_from_slice(&[0, 100, 0, 0, 0, 0]);
    whole(ADOBE, &fixed)
}

/// Our own profile in the place of the first part of another; nothing for its other parts, and where a picture does
/// without.
fn profile(payload: &[u8]) -> Option<Vec<u8>> {
    let (part, data) = (payload.get(12)?, payload.get(14..)?);
    let space = icc::space(data).filter(|_| *part == 1)?;
    let own = [b"ICC_PROFILE\0\x01\x01".as_slice(), &icc::profile(space)].concat();
    Some(whole(0xE2, &own))
}
