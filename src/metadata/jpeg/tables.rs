//! The tables of a JPEG: read to their last byte, and held until a scan says which of them it uses.

use super::frame::{Frame, Scan};
use super::huffman::Huffman;
use crate::bytes::be16;

const DHT: u8 = 0xC4;
const JPG: u8 = 0xC8;
const DAC: u8 = 0xCC;
const DQT: u8 = 0xDB;
const DRI: u8 = 0xDD;

/// What is held until a scan.
#[derive(Debug)]
pub(super) enum Held {
    /// A segment that passes whole.
    Plain(u8, Vec<u8>),
    /// DQT or DHT, table by table: its number and its bytes.
    Tables(u8, Vec<(u8, Vec<u8>)>),
}

#[derive(Debug, Default)]
pub(super) struct Tables {
    held: Vec<Held>,
    pub frame: Option<Frame>,
    /// By class and number.
    pub huffman: [[Option<Huffman>; 4]; 2],
    pub restart: usize,
    /// Of a progressive picture, by component: which coefficients of each block are not zero.
    pub history: Vec<Vec<u64>>,
}

/// Marker, length, payload.
pub(super) fn segment(code: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 2).unwrap_or(u16::MAX);
    let mut segment = vec![0xFF, code];
    segment.extend_from_slice(&length.to_be_bytes());
    segment.extend_from_slice(payload);
    segment
}

impl Tables {
    /// Whether a segment is read here.
    pub fn is_one(code: u8) -> bool {
        matches!(code, 0xC0..=0xCF | DQT | DRI) && code != JPG
    }

    /// A segment of another kind that passes in its place among the tables.
    pub fn keep(&mut self, segment: Vec<u8>) {
        self.held.push(Held::Plain(0, segment));
    }

    /// Reads a segment; whether it took the place of another that no scan had used. `None` where it is not as it must be.
    pub fn take(&mut self, code: u8, payload: &[u8]) -> Option<bool> {
        match code {
            DQT => self.quantization(payload),
            DHT => self.codes(payload),
            DRI => {
                self.restart = usize::from(be16(payload, 0).filter(|_| payload.len() == 2)?);
                let before = self.held.len();
                self.held
                    .retain(|held| !matches!(held, Held::Plain(DRI, _)));
                let replaced = self.held.len() < before;
                self.held.push(Held::Plain(DRI, segment(code, payload)));
                Some(replaced)
            }
            // Arithmetic coding: its conditions are two bytes each.
            DAC => {
                let pairs = payload.chunks(2);
                let is_sound = payload.len() <= 32
                    && pairs
                        .clone()
                        .all(|pair| pair.len() == 2 && pair[0] & !0x13 == 0);
                self.held.push(Held::Plain(DAC, segment(code, payload)));
                is_sound.then_some(false)
            }
            _ => {
                let frame = Frame::read(code, payload).filter(|_| self.frame.is_none())?;
                self.history = vec![Vec::new(); frame.components.len()];
                self.frame = Some(frame);
                self.held.push(Held::Plain(code, segment(code, payload)));
                Some(false)
            }
        }
    }

    fn quantization(&mut self, mut payload: &[u8]) -> Option<bool> {
        let (mut tables, mut replaced) = (Vec::new(), false);
        while let Some(head) = payload.first() {
            let (wide, number) = (head >> 4, head & 15);
            let size = 1 + 64 * (1 + usize::from(wide));
            if wide > 1 || number > 3 || payload.len() < size {
                return None;
            }
            replaced |= self.forget(DQT, number);
            tables.push((number, payload[..size].to_vec()));
            payload = &payload[size..];
        }
        replaced |= is_double(&tables);
        self.held.push(Held::Tables(DQT, tables));
        Some(replaced)
    }

    fn codes(&mut self, mut payload: &[u8]) -> Option<bool> {
        let (mut tables, mut replaced) = (Vec::new(), false);
        while let Some(&head) = payload.first() {
            let (class, number) = (usize::from(head >> 4), usize::from(head & 15));
            let counts = payload.get(1..17)?;
            let symbols: usize = counts.iter().map(|count| usize::from(*count)).sum();
            let symbols = payload.get(17..17 + symbols)?;
            if class > 1 || number > 3 {
                return None;
            }
            Huffman::of(class, counts, symbols)?;
            replaced |= self.forget(DHT, head);
            let size = 17 + symbols.len();
            tables.push((head, payload[..size].to_vec()));
            payload = &payload[size..];
        }
        replaced |= is_double(&tables);
        self.held.push(Held::Tables(DHT, tables));
        Some(replaced)
    }

    /// Takes back a table that was held and that another of the same number replaces.
    fn forget(&mut self, kind: u8, number: u8) -> bool {
        let mut found = false;
        for held in &mut self.held {
            if let Held::Tables(code, tables) = held
                && *code == kind
            {
                let before = tables.len();
                tables.retain(|(other, _)| *other != number);
                found |= tables.len() < before;
            }
        }
        found
    }

    /// Reads a scan's head.
    pub fn scan(&self, payload: &[u8]) -> Option<Scan> {
        self.frame.as_ref()?.scan(payload)
    }

    /// Writes what the scan uses; whether anything stayed behind. What a later scan may use is held on.
    pub fn release(&mut self, scan: &Scan, out: &mut Vec<u8>) -> bool {
        let Some(mut frame) = self.frame.take() else {
            return false;
        };
        let progressive = frame.code == 0xC2;
        let wants = |class: usize, number: usize| {
            let mut parts = scan.parts.iter();
            parts.any(|part| match class {
                0 if progressive && (scan.first > 0 || scan.refines) => false,
                1 if progressive && scan.first == 0 => false,
                0 => part.dc == number,
                _ => part.ac == number,
            })
        };
        let (mut later, mut stays) = (Vec::new(), false);
        for held in std::mem::take(&mut self.held) {
            let (code, tables) = match held {
                Held::Plain(_, segment) => {
                    out.extend_from_slice(&segment);
                    continue;
                }
                Held::Tables(code, tables) => (code, tables),
            };
            let (mut now, mut not_now) = (Vec::new(), Vec::new());
            for (number, bytes) in tables {
                let (class, slot) = (usize::from(number >> 4), usize::from(number & 15));
                if code == DQT {
                    let mut components = frame.components.iter();
                    let is_used = components
                        .any(|component| component.quantization == number && !component.begun);
                    if is_used {
                        now.extend_from_slice(&bytes);
                    } else {
                        stays = true;
                    }
                } else if wants(class, slot) {
                    self.huffman[class][slot] = Huffman::of(class, &bytes[1..17], &bytes[17..]);
                    now.extend_from_slice(&bytes);
                } else {
                    stays = true;
                    not_now.push((number, bytes));
                }
            }
            if !now.is_empty() {
                out.extend_from_slice(&segment(code, &now));
            }
            if !not_now.is_empty() {
                later.push(Held::Tables(code, not_now));
            }
        }
        self.held = later;
        for part in &scan.parts {
            frame.components[part.component].begun = true;
        }
        self.frame = Some(frame);
        stays
    }

    /// Writes all that is held, of a file that is not understood.
    pub fn release_all(&mut self, out: &mut Vec<u8>) {
        for held in self.held.drain(..) {
            match held {
                Held::Plain(_, segment) => out.extend_from_slice(&segment),
                Held::Tables(code, tables) => {
                    let payload: Vec<u8> =
                        tables.into_iter().flat_map(|(_, bytes)| bytes).collect();
                    out.extend_from_slice(&segment(code, &payload));
                }
            }
        }
    }

    /// What no scan used stays behind; whether there was any.
    pub fn leave(&mut self) -> bool {
        let any = !self.held.is_empty();
        self.held.clear();
        any
    }
}

fn is_double(tables: &[(u8, Vec<u8>)]) -> bool {
    let mut numbers: Vec<u8> = tables.iter().map(|(number, _)| *number).collect();
    numbers.sort_unstable();
    numbers.windows(2).any(|pair| pair[0] == pair[1])
}
