//! PNG as a stream: chunks that make the picture pass, all others stay behind.

use super::bytes::{be32, gather, length};
use super::exif;
use super::finding::{Account, Findings, Reason, What};
use super::xmp;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Length and name before a chunk's data, and its checksum behind.
const CHUNK_HEAD_BYTES: usize = 8;
const CHECKSUM_BYTES: usize = 4;
/// As much of a chunk as is looked at. What matters stands at the start.
const LOOK_BYTES: usize = 64 * 1024;
/// The specification's own limit (PNG 3, 5.3).
const CHUNK_MAX_BYTES: u32 = 0x7FFF_FFFF;

/// What decoding or faithful colours need, moving pictures included.
const KEPT: &[&[u8; 4]] = &[
    b"IHDR", b"PLTE", b"IDAT", b"tRNS", b"cHRM", b"gAMA", b"sBIT", b"sRGB", b"iCCP", b"cICP",
    b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"acTL", b"fcTL", b"fdAT",
];

/// Holds at most the start of one chunk.
#[derive(Debug)]
pub(super) struct PngFilter {
    state: State,
    held: Vec<u8>,
    oriented: bool,
    findings: Findings,
    account: Account,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Signature,
    Head,
    /// This many bytes pass.
    Pass(usize),
    /// This many bytes stay behind; the chunk's name and first bytes are held.
    Drop(usize),
    /// This many bytes are the end of the last chunk.
    Last(usize),
    Tail,
    Damaged,
}

impl PngFilter {
    pub fn new() -> Self {
        Self {
            state: State::Signature,
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
                State::Signature => {
                    if gather(&mut self.held, SIGNATURE.len(), &mut input) {
                        let good = self.held == SIGNATURE;
                        out.append(&mut self.held);
                        self.state = if good { State::Head } else { State::Damaged };
                    }
                }
                State::Head => {
                    if gather(&mut self.held, CHUNK_HEAD_BYTES, &mut input) {
                        self.chunk(out);
                    }
                }
                State::Pass(left) => {
                    let left = pass(&mut input, left, out);
                    self.state = if left == 0 {
                        State::Head
                    } else {
                        State::Pass(left)
                    };
                }
                State::Last(left) => {
                    let left = pass(&mut input, left, out);
                    self.state = if left == 0 {
                        State::Tail
                    } else {
                        State::Last(left)
                    };
                }
                State::Drop(left) => self.drop(&mut input, left, out),
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

    fn chunk(&mut self, out: &mut Vec<u8>) {
        let size = be32(&self.held, 0).unwrap_or(u32::MAX);
        let name = &self.held[4..8];
        if size > CHUNK_MAX_BYTES || !name.iter().all(u8::is_ascii_alphabetic) {
            out.append(&mut self.held);
            self.state = State::Damaged;
            return;
        }
        let whole = length(size) + CHECKSUM_BYTES;
        if name == b"IEND" {
            out.append(&mut self.held);
            self.state = State::Last(whole);
        } else if KEPT.iter().any(|kept| *kept == name) {
            out.append(&mut self.held);
            self.state = State::Pass(whole);
        } else {
            self.held.drain(..4);
            self.state = State::Drop(whole);
        }
    }

    fn drop(&mut self, input: &mut &[u8], left: usize, out: &mut Vec<u8>) {
        let taken = left.min(input.len());
        let (now, later) = input.split_at(taken);
        *input = later;
        // The checksum is no part of the data.
        let data = now.len().min(left.saturating_sub(CHECKSUM_BYTES));
        let room = LOOK_BYTES.saturating_sub(self.held.len());
        self.held.extend_from_slice(&now[..data.min(room)]);
        self.state = State::Drop(left - taken);
        if left == taken {
            let orientation = look(&self.held[..4], &self.held[4..], &mut self.findings);
            self.held.clear();
            self.orient(orientation, out);
            self.state = State::Head;
        }
    }

    fn orient(&mut self, orientation: Option<u8>, out: &mut Vec<u8>) {
        let Some(orientation) = orientation.filter(|_| !self.oriented) else {
            return;
        };
        self.oriented = true;
        let mut chunk = b"eXIf".to_vec();
        chunk.extend_from_slice(&exif::minimal(orientation));
        out.extend_from_slice(&[0, 0, 0, 26]);
        out.extend_from_slice(&chunk);
        out.extend_from_slice(&checksum(&chunk).to_be_bytes());
    }
}

fn pass(input: &mut &[u8], left: usize, out: &mut Vec<u8>) -> usize {
    let (now, later) = input.split_at(left.min(input.len()));
    out.extend_from_slice(now);
    *input = later;
    left - now.len()
}

/// Notes what a chunk tells; returns the orientation if it has one.
fn look(name: &[u8], data: &[u8], findings: &mut Findings) -> Option<u8> {
    match name {
        b"eXIf" => return exif::look(data, findings),
        b"tIME" => findings.removed(What::Date),
        b"tEXt" | b"zTXt" | b"iTXt" => text(name, data, findings),
        _ => findings.removed(What::Other),
    }
    None
}

fn text(name: &[u8], data: &[u8], findings: &mut Findings) {
    let end = memchr::memchr(0, data).unwrap_or(data.len());
    let keyword = String::from_utf8_lossy(&data[..end]).to_ascii_lowercase();
    let what = match keyword.as_str() {
        "xml:com.adobe.xmp" if name == b"iTXt" && data.get(end + 1) == Some(&0) => {
            return xmp::look(&data[end + 1..], findings);
        }
        "author" | "copyright" | "artist" => What::Author,
        "software" => What::Software,
        "source" | "make" | "model" => What::Device,
        "creation time" | "date:create" | "date:modify" | "date:timestamp" | "create-date"
        | "modify-date" => What::Date,
        "xml:com.adobe.xmp" => What::Other,
        keyword if keyword.starts_with("raw profile type") => What::Other,
        _ => What::Comment,
    };
    findings.removed(what);
}

/// CRC-32 as PNG has it; only for the few bytes written here.
fn checksum(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg())
        })
    })
}
