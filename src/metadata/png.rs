//! PNG as a stream: chunks that make the picture pass, each held against what it must be; all others stay behind. Packed
//! pixels are unpacked and counted, so that nothing can stand behind the last of them.

mod checksum;
mod colours;
mod image_data;
mod known;
mod notes;
mod pixels;
mod rows;

use super::account::Account;
use super::bytes::{be32, gather, length};
use super::finding::{Findings, Reason, What};
use checksum::{Checksum, checksum};
use known::{Fate, Header};
use notes::look;
use pixels::Packed;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Length and name before a chunk's data, and its checksum behind.
const CHUNK_HEAD_BYTES: usize = 8;
const CHECKSUM_BYTES: usize = 4;
/// As much of a chunk as is looked at. What matters stands at the start.
const LOOK_BYTES: usize = 64 * 1024;
/// The specification's own limit (PNG 3, 5.3).
const CHUNK_MAX_BYTES: u32 = 0x7FFF_FFFF;

/// Holds at most the start of one chunk.
#[derive(Debug)]
pub(super) struct PngFilter {
    state: State,
    held: Vec<u8>,
    header: Option<Header>,
    /// Chunks that are there once.
    seen: Vec<[u8; 4]>,
    oriented: bool,
    pixels: Option<Packed>,
    /// The colours that pixels are numbers of, how transparent each is, and which of them were used.
    palette: Vec<u8>,
    transparency: Vec<u8>,
    used: Box<[bool; 256]>,
    /// Pixels have begun: what says how to show them comes too late.
    begun: bool,
    /// Number of the next chunk of a moving picture.
    sequence: u32,
    sum: Checksum,
    findings: Findings,
    account: Account,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Signature,
    Head,
    /// A chunk of pixels: this many bytes of data are to come.
    Pixels(usize),
    /// The checksum behind them.
    Sum,
    /// This many bytes of another chunk are to come; its name and first bytes are held.
    Small(usize),
    Tail,
    Damaged,
}

impl PngFilter {
    pub fn new() -> Self {
        Self {
            state: State::Signature,
            held: Vec::new(),
            header: None,
            seen: Vec::new(),
            oriented: false,
            pixels: None,
            palette: Vec::new(),
            transparency: Vec::new(),
            used: Box::new([false; 256]),
            begun: false,
            sequence: 0,
            sum: Checksum::new(),
            findings: Findings::default(),
            account: Account::default(),
        }
    }

    pub fn feed(&mut self, mut input: &[u8], out: &mut Vec<u8>) {
        while !input.is_empty() {
            match self.state {
                State::Signature => {
                    if gather(&mut self.held, SIGNATURE.len(), &mut input) {
                        if self.held == SIGNATURE {
                            self.pass(out);
                            self.state = State::Head;
                        } else {
                            self.damaged(out);
                        }
                    }
                }
                State::Head => {
                    if gather(&mut self.held, CHUNK_HEAD_BYTES, &mut input) {
                        self.chunk(out);
                    }
                }
                State::Pixels(left) => self.pixels(&mut input, left, out),
                State::Sum => {
                    if gather(&mut self.held, CHECKSUM_BYTES, &mut input) {
                        self.close_pixels(out);
                    }
                }
                State::Small(left) => self.small(&mut input, left, out),
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
        if self.state != State::Tail {
            self.damaged(out);
        }
        (self.findings, self.account)
    }

    /// From here on nothing is known: what is held and what follows passes.
    fn damaged(&mut self, out: &mut Vec<u8>) {
        self.findings.could_not(Reason::Damaged);
        out.append(&mut self.held);
        self.state = State::Damaged;
    }

    fn pass(&mut self, out: &mut Vec<u8>) {
        self.account.enter(self.held.len());
        out.append(&mut self.held);
    }

    fn chunk(&mut self, out: &mut Vec<u8>) {
        let size = be32(&self.held, 0).unwrap_or(u32::MAX);
        let name: [u8; 4] = self.held[4..8].try_into().expect("four bytes of eight");
        let is_named = name.iter().all(u8::is_ascii_alphabetic);
        // The first chunk says how many bytes of pixels there are.
        if size > CHUNK_MAX_BYTES || !is_named || (self.header.is_none() && name != *b"IHDR") {
            return self.damaged(out);
        }
        if self.is_of_pixels(name, length(size)) {
            self.sum = Checksum::new();
            self.sum.add(&name);
            self.pass(out);
            self.begun = true;
            self.state = if size == 0 {
                State::Sum
            } else {
                State::Pixels(length(size))
            };
        } else {
            self.account.enter(CHUNK_HEAD_BYTES);
            self.state = State::Small(length(size) + CHECKSUM_BYTES);
        }
    }

    fn small(&mut self, input: &mut &[u8], left: usize, out: &mut Vec<u8>) {
        let taken = left.min(input.len());
        let (now, later) = input.split_at(taken);
        *input = later;
        self.account.enter(taken);
        // Length, name, what is looked at, and for what is kept its checksum.
        let room = (CHUNK_HEAD_BYTES + LOOK_BYTES + CHECKSUM_BYTES).saturating_sub(self.held.len());
        self.held.extend_from_slice(&now[..taken.min(room)]);
        self.state = State::Small(left - taken);
        if left == taken {
            let chunk = std::mem::take(&mut self.held);
            self.state = State::Head;
            self.close_small(&chunk, out);
        }
    }

    fn close_small(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        let size = length(be32(chunk, 0).unwrap_or(0));
        let name: [u8; 4] = chunk[4..8].try_into().expect("four bytes of eight");
        let data = &chunk[CHUNK_HEAD_BYTES..(CHUNK_HEAD_BYTES + size).min(chunk.len())];
        let is_first = !self.seen.contains(&name);
        let fate = match &name {
            b"IEND" => return self.end(chunk, data, out),
            b"fcTL" => self.frame(data),
            _ if !is_first || self.begun => known::late(name),
            _ => known::fate(name, data, self.header.as_ref(), &self.palette),
        };
        match fate {
            Fate::Keep => {
                self.seen.push(name);
                // Of a chunk that is kept each byte is there: it is a short one.
                let sum = be32(chunk, CHUNK_HEAD_BYTES + size);
                if sum != Some(checksum(&chunk[4..CHUNK_HEAD_BYTES + size])) {
                    self.findings.could_not(Reason::Damaged);
                }
                match &name {
                    b"IHDR" => self.header = Header::read(data),
                    b"PLTE" => self.palette = data.to_vec(),
                    b"tRNS" => self.transparency = data.to_vec(),
                    _ => {}
                }
                out.extend_from_slice(chunk);
            }
            Fate::Write(data) => {
                self.seen.push(name);
                self.findings.removed(What::Hidden);
                write(name, &data, out);
                self.transparency = data;
            }
            Fate::Colours(space) => {
                self.findings.removed(What::Device);
                self.colours(space, out);
            }
            Fate::Profile => self.profile(chunk, data, out),
            Fate::Drop(what) => self.findings.removed(what),
            Fate::Look => {
                let orientation = look(name, data, &mut self.findings);
                self.orient(orientation, out);
            }
            Fate::Broken => {
                self.findings.could_not(Reason::Damaged);
                out.extend_from_slice(chunk);
                self.state = State::Damaged;
            }
        }
    }

    fn end(&mut self, chunk: &[u8], data: &[u8], out: &mut Vec<u8>) {
        let is_whole = self.pixels.as_ref().is_some_and(Packed::is_whole);
        if !is_whole {
            self.findings.could_not(Reason::Damaged);
        }
        self.look_at_palette();
        if !data.is_empty() || chunk.get(8..12) != Some(&checksum(b"IEND").to_be_bytes()) {
            self.findings.removed(What::Hidden);
        }
        write(*b"IEND", &[], out);
        self.state = State::Tail;
    }
}

fn write(name: [u8; 4], data: &[u8], out: &mut Vec<u8>) {
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    let named = [name.as_slice(), data].concat();
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&named);
    out.extend_from_slice(&checksum(&named).to_be_bytes());
}
