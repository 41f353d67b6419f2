//! WebP as a stream. The file's length stands in its first bytes, before anything is known of what follows, so nothing
//! is cut out: all but what a decoder needs is overwritten with zeros, at the same length.

mod chunks;
mod sizes;

use super::account::Account;
use super::bytes::{gather, le32, length};
use super::finding::{Findings, Reason, What};

const FILE_HEAD_BYTES: usize = 12;
const CHUNK_HEAD_BYTES: usize = 8;
/// As much of a chunk as is looked at.
const LOOK_BYTES: usize = 64 * 1024;
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
}
