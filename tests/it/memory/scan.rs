//! Another process's memory, read as whoever seizes the running machine reads it.

use memchr::memmem::Finder;
use mifeng_sealing::PickupCode;
use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::fs::FileExt as _;

/// Bytes that are read at once.
const STEP_BYTES: usize = 1024 * 1024;

/// More than any needle is long: steps overlap by it.
const OVERLAP_BYTES: usize = 256;

/// What is looked for, each with what is said of it.
#[derive(Default)]
pub struct Needles(Vec<(String, Finder<'static>)>);

impl Needles {
    fn add(&mut self, what: String, bytes: &[u8]) {
        assert!(bytes.len() < OVERLAP_BYTES, "{what} is too long");
        self.0.push((what, Finder::new(bytes).into_owned()));
    }

    fn add_text(&mut self, what: &str, text: &str) {
        self.add(what.to_owned(), text.as_bytes());
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.add(format!("{what} as UTF-16"), &wide);
    }

    /// Words, as they are and as a form's address encoding has them.
    pub fn words(&mut self, words: &str) {
        self.add_text(words, words);
        for upper in [true, false] {
            let escaped: String = words
                .bytes()
                .map(|byte| {
                    if upper {
                        format!("%{byte:02X}")
                    } else {
                        format!("%{byte:02x}")
                    }
                })
                .collect();
            self.add(format!("{words} escaped"), escaped.as_bytes());
        }
    }

    /// A code: its halves, each alone, in every shape it has on its way.
    pub fn code(&mut self, code: &PickupCode) {
        let (first, second) = code.digits().split_at(14);
        for half in [first, second] {
            self.add_text("half a code", half);
            let values: Vec<u8> = half.bytes().map(|digit| digit - b'0').collect();
            self.add("half a code as numbers".to_owned(), &values);
        }
        let groups = code.groups();
        for part in [&groups[..4], &groups[3..]] {
            for between in [" ", "-", "%20", "+", "</span></li><li><span>"] {
                self.add_text("groups of a code", &part.join(between));
            }
        }
    }
}

/// Where something was found.
#[derive(Debug)]
pub struct Found {
    #[expect(dead_code, reason = "printed where a test fails")]
    pub what: String,
    #[expect(dead_code, reason = "printed where a test fails")]
    pub mapping: String,
    #[expect(dead_code, reason = "printed where a test fails")]
    pub around: String,
}

/// Everything of `needles` in the writable memory of process `pid`: heap, stacks, and the rest.
pub fn found_in(pid: u32, needles: &Needles) -> Vec<Found> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps"));
    let maps = maps.expect("the process runs, and this test may look into it: run it as root");
    let memory = File::open(format!("/proc/{pid}/mem"));
    let memory = memory.expect("this test must look into another process: run it as root");
    let (mut found, mut looked_at_bytes) = (Vec::new(), 0);
    for line in maps.lines() {
        let mut parts = line.split_whitespace();
        let (range, rights) = (
            parts.next().expect("a range"),
            parts.next().expect("rights"),
        );
        if !rights.contains('w') {
            continue;
        }
        let (from, to) = range.split_once('-').expect("two addresses");
        let address = |text| u64::from_str_radix(text, 16).expect("hex");
        looked_at_bytes += look(
            &memory,
            address(from)..address(to),
            line,
            needles,
            &mut found,
        );
    }
    assert!(looked_at_bytes > 1_000_000, "there is a memory to look at");
    found
}

fn look(
    memory: &File,
    range: std::ops::Range<u64>,
    mapping: &str,
    needles: &Needles,
    found: &mut Vec<Found>,
) -> u64 {
    let (mut at, mut bytes, mut looked_at_bytes) = (range.start, vec![0; STEP_BYTES], 0);
    while at < range.end {
        let left = usize::try_from(range.end - at).unwrap_or(STEP_BYTES);
        let piece = &mut bytes[..left.min(STEP_BYTES)];
        match memory.read_exact_at(piece, at) {
            Ok(()) => {}
            // A guard page, or one that went away meanwhile.
            Err(error) if error.raw_os_error() == Some(rustix::io::Errno::IO.raw_os_error()) => {
                return looked_at_bytes;
            }
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => return looked_at_bytes,
            Err(error) => panic!("{mapping}: {error}"),
        }
        looked_at_bytes += piece.len() as u64;
        for (what, finder) in &needles.0 {
            for place in finder.find_iter(piece) {
                let around = &piece[place.saturating_sub(64)..(place + 96).min(piece.len())];
                found.push(Found {
                    what: what.clone(),
                    mapping: format!("{:x} in {mapping}", at + place as u64),
                    around: around.escape_ascii().to_string(),
                });
            }
        }
        let step = if piece.len() == STEP_BYTES {
            STEP_BYTES - OVERLAP_BYTES
        } else {
            piece.len()
        };
        at += step as u64;
    }
    looked_at_bytes
}
