//! Picture data as they pass: followed block by block where they can be, and to the next marker where they cannot.

use super::scan::Walked;
use super::{JpegFilter, State};
use crate::bytes::gather;
use crate::finding::{Reason, What};

impl JpegFilter {
    /// Passes as many blocks of a scan as are there.
    pub(super) fn scan(&mut self, input: &mut &[u8], out: &mut Vec<u8>) {
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
    pub(super) fn behind(&mut self, input: &mut &[u8], out: &mut Vec<u8>) {
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

    /// Passes picture data that cannot be followed, up to the next marker.
    pub(super) fn loose(&mut self, input: &mut &[u8], out: &mut Vec<u8>) {
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
