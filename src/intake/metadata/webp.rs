//! WebP as a stream. The file's length stands in its first bytes, before anything is known of what follows, so nothing
//! is cut out: what tells is overwritten with zeros, at the same length.

use super::bytes::{gather, le32, length};
use super::exif::{self, MINIMAL_BYTES};
use super::finding::{Account, Findings, Reason, What};
use super::xmp;

const FILE_HEAD_BYTES: usize = 12;
const CHUNK_HEAD_BYTES: usize = 8;
/// As much of a chunk as is looked at.
const LOOK_BYTES: usize = 64 * 1024;
/// "Has XMP", in the first byte of VP8X.
const XMP_FLAG: u8 = 0x04;
/// What decoding or faithful colours need, moving pictures included.
const KEPT: &[&[u8; 4]] = &[b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];

/// Holds at most the start of one chunk.
#[derive(Debug)]
pub(super) struct WebpFilter {
    state: State,
    held: Vec<u8>,
    /// Bytes of the file, as its head says, that have not come yet.
    left: usize,
    findings: Findings,
    account: Account,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    FileHead,
    Head,
    Flags,
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
            findings: Findings::default(),
            account: Account::default(),
        }
    }

    pub fn feed(&mut self, mut input: &[u8], out: &mut Vec<u8>) {
        self.account.enter(input.len());
        while !input.is_empty() {
            match self.state {
                State::FileHead => self.file_head(&mut input, out),
                State::Head => self.chunk(&mut input, out),
                State::Flags => {
                    if gather(&mut self.held, 1, &mut input) {
                        out.push(self.held[0] & !XMP_FLAG);
                        self.held.clear();
                        self.left -= 1;
                        self.state = State::Pass(9);
                    }
                }
                State::Pass(left) => {
                    let now = self.take(&mut input, left);
                    out.extend_from_slice(now);
                    self.next(left - now.len(), State::Pass);
                }
                State::Look { gather: all, rest } => {
                    let before = self.held.len();
                    let done = gather(&mut self.held, all, &mut input);
                    self.left -= self.held.len() - before;
                    if done {
                        self.look(rest, out);
                    }
                }
                State::Blank(left) => {
                    let now = self.take(&mut input, left);
                    out.resize(out.len() + now.len(), 0);
                    self.next(left - now.len(), State::Blank);
                }
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
        if self.state != State::Tail {
            self.findings.could_not(Reason::Damaged);
            out.append(&mut self.held);
        }
        (self.findings, self.account)
    }

    fn damaged(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.held);
        self.state = State::Damaged;
    }

    fn take<'a>(&mut self, input: &mut &'a [u8], left: usize) -> &'a [u8] {
        let (now, later) = input.split_at(left.min(input.len()));
        *input = later;
        self.left -= now.len();
        now
    }

    fn next(&mut self, left: usize, same: fn(usize) -> State) {
        self.state = match left {
            0 if self.left == 0 => State::Tail,
            0 => State::Head,
            left => same(left),
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
        out.append(&mut self.held);
        self.state = State::Head;
    }

    fn chunk(&mut self, input: &mut &[u8], out: &mut Vec<u8>) {
        if !gather(&mut self.held, CHUNK_HEAD_BYTES, input) {
            return;
        }
        let size = length(le32(&self.held, 4).unwrap_or(u32::MAX));
        // Chunks start at even places.
        let padded = size.saturating_add(size % 2);
        if self.left < CHUNK_HEAD_BYTES || padded > self.left - CHUNK_HEAD_BYTES {
            return self.damaged(out);
        }
        self.left -= CHUNK_HEAD_BYTES;
        let name: [u8; 4] = self.held[..4].try_into().expect("four bytes of eight");
        match &name {
            b"VP8X" if size == 10 => {
                out.append(&mut self.held);
                self.state = State::Flags;
            }
            name if KEPT.contains(&name) => {
                out.append(&mut self.held);
                self.next(padded, State::Pass);
            }
            _ => {
                let all = CHUNK_HEAD_BYTES + size.min(LOOK_BYTES);
                let rest = CHUNK_HEAD_BYTES + padded - all;
                self.state = State::Look { gather: all, rest };
                if size == 0 {
                    self.look(rest, out);
                }
            }
        }
    }

    /// Writes the chunk that is held, without what it told.
    fn look(&mut self, rest: usize, out: &mut Vec<u8>) {
        let data = &self.held[CHUNK_HEAD_BYTES..];
        let blank_from = out.len() + self.held.len();
        match &self.held[..4] {
            b"EXIF" => {
                let tiff = data.strip_prefix(b"Exif\0\0").unwrap_or(data);
                let orientation = exif::look(tiff, &mut self.findings).unwrap_or(1);
                out.extend_from_slice(&self.held[..CHUNK_HEAD_BYTES]);
                if data.len() >= MINIMAL_BYTES {
                    out.extend_from_slice(&exif::minimal(orientation));
                }
            }
            name => {
                if name == b"XMP " {
                    xmp::look(data, &mut self.findings);
                } else if name != b"JUNK" || data.iter().any(|byte| *byte != 0) {
                    self.findings.removed(What::Other);
                }
                out.extend_from_slice(b"JUNK");
                out.extend_from_slice(&self.held[4..CHUNK_HEAD_BYTES]);
            }
        }
        out.resize(blank_from, 0);
        self.held.clear();
        self.next(rest, State::Blank);
    }
}
