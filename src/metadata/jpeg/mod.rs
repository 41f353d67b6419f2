//! JPEG as a stream: only what a decoder needs passes. Tables that no scan uses stay behind, and picture data are walked
//! through to the last block, so that nothing can stand behind it.

mod bits;
mod frame;
mod huffman;
mod picture_data;
mod scan;
mod segments;
mod tables;

use super::account::Account;
use super::bytes::{be16, gather};
use super::finding::{Findings, Reason, What};
use scan::Walk;
use segments::{Once, Segment, look};
use tables::Tables;

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;

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
}
