//! Following picture data block by block, without working out a single pixel, to know where it ends.

use super::bits::{Bits, Reader, Stop};
use super::frame::{Frame, Scan};
use super::tables::Tables;

/// Blocks of which a progressive picture's history is kept: 8 MiB.
const BLOCKS_MAX: usize = 1 << 20;

/// How far it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Walked {
    /// More of it must come.
    Waits,
    /// All blocks were there.
    Whole,
    /// A marker came too early, or a code that there is not.
    Broken,
}

/// Which blocks a scan consists of, and how far it is.
#[derive(Debug)]
pub(super) struct Walk {
    scan: Scan,
    mode: Mode,
    /// Units to come, and how many of them before the next restart mark.
    units: usize,
    until_restart: usize,
    restart: usize,
    next_mark: u8,
    /// Blocks of one unit: of which part of the scan, in order.
    unit: Vec<usize>,
    /// Blocks to come that have no coefficients in this scan.
    empty_run: u32,
    /// The block that comes next, of a scan of one component.
    block: usize,
    /// Bits of the byte before that are not used yet.
    bits: Bits,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Sequential,
    FirstDc,
    RefineDc,
    FirstAc,
    RefineAc,
}

impl Walk {
    /// `None` for a coding that cannot be followed here: arithmetic, lossless, in layers; and a progressive picture beyond
    /// [`BLOCKS_MAX`].
    pub fn of(scan: &Scan, tables: &mut Tables) -> Option<Self> {
        let frame = tables.frame.as_ref()?;
        let mode = match (frame.code, scan.first, scan.refines) {
            (0xC0 | 0xC1, 0, false) if scan.last == 63 => Mode::Sequential,
            (0xC2, 0, refines) if scan.last == 0 => {
                if refines {
                    Mode::RefineDc
                } else {
                    Mode::FirstDc
                }
            }
            (0xC2, first, refines)
                if first <= scan.last && scan.last < 64 && scan.parts.len() == 1 =>
            {
                if refines {
                    Mode::RefineAc
                } else {
                    Mode::FirstAc
                }
            }
            _ => return None,
        };
        let (units, unit) = layout(frame, scan);
        if matches!(mode, Mode::FirstAc | Mode::RefineAc) {
            if units > BLOCKS_MAX {
                return None;
            }
            let history = &mut tables.history[scan.parts[0].component];
            history.resize(units, 0);
        }
        for part in &scan.parts {
            let (dc, ac) = (&tables.huffman[0][part.dc], &tables.huffman[1][part.ac]);
            let is_there = match mode {
                Mode::Sequential => dc.is_some() && ac.is_some(),
                Mode::FirstDc => dc.is_some(),
                Mode::RefineDc => true,
                Mode::FirstAc | Mode::RefineAc => ac.is_some(),
            };
            if !is_there {
                return None;
            }
        }
        Some(Self {
            scan: scan.clone(),
            mode,
            units,
            until_restart: tables.restart,
            restart: tables.restart,
            next_mark: 0,
            unit,
            empty_run: 0,
            block: 0,
            bits: Bits::default(),
        })
    }

    /// Goes on through `data`, which begins where the last call ended; how many bytes were used up.
    pub fn on(&mut self, data: &[u8], tables: &mut Tables) -> (Walked, usize) {
        let mut reader = Reader {
            data,
            at: 0,
            bits: self.bits,
        };
        let walked = loop {
            if self.units == 0 {
                reader.give_back();
                // What is left of the last byte belongs to it.
                reader.bits = Bits::default();
                break Walked::Whole;
            }
            let before = (reader.at, reader.bits, self.empty_run);
            let done = if self.restart > 0 && self.until_restart == 0 {
                self.restart_mark(&mut reader)
            } else {
                self.one_unit(&mut reader, tables)
            };
            if let Err(stop) = done {
                (reader.at, reader.bits, self.empty_run) = before;
                break match stop {
                    Stop::More => Walked::Waits,
                    Stop::Broken => Walked::Broken,
                };
            }
        };
        // Bits may be kept from one call to the next, bytes not: the file is written byte by byte.
        if walked != Walked::Whole {
            reader.give_back();
        }
        self.bits = reader.bits;
        (walked, reader.at)
    }

    fn restart_mark(&mut self, reader: &mut Reader<'_>) -> Result<(), Stop> {
        reader.give_back();
        let Some(mark) = reader.data.get(reader.at..reader.at + 2) else {
            return Err(Stop::More);
        };
        if mark != [0xFF, 0xD0 + self.next_mark] {
            return Err(Stop::Broken);
        }
        reader.at += 2;
        reader.bits = Bits::default();
        self.next_mark = (self.next_mark + 1) % 8;
        self.until_restart = self.restart;
        self.empty_run = 0;
        Ok(())
    }

    fn one_unit(&mut self, reader: &mut Reader<'_>, tables: &mut Tables) -> Result<(), Stop> {
        let component = self.scan.parts[0].component;
        let huffman = &tables.huffman;
        let table =
            |class: usize, number: usize| huffman[class][number].as_ref().ok_or(Stop::Broken);
        let mut bits = tables.history[component]
            .get(self.block)
            .copied()
            .unwrap_or(0);
        for index in &self.unit {
            let part = &self.scan.parts[*index];
            match self.mode {
                Mode::Sequential => {
                    reader.difference(table(0, part.dc)?)?;
                    reader.coefficients(table(1, part.ac)?)?;
                }
                Mode::FirstDc => reader.difference(table(0, part.dc)?)?,
                Mode::RefineDc => drop(reader.take(1)?),
                Mode::FirstAc => {
                    self.empty_run =
                        reader.first(table(1, part.ac)?, &self.scan, self.empty_run, &mut bits)?;
                }
                Mode::RefineAc => {
                    self.empty_run =
                        reader.refine(table(1, part.ac)?, &self.scan, self.empty_run, &mut bits)?;
                }
            }
        }
        if matches!(self.mode, Mode::FirstAc | Mode::RefineAc) {
            tables.history[component][self.block] = bits;
        }
        self.block += 1;
        self.units -= 1;
        self.until_restart = self.until_restart.saturating_sub(1);
        Ok(())
    }
}

/// How many units a scan has, and the blocks of one.
fn layout(frame: &Frame, scan: &Scan) -> (usize, Vec<usize>) {
    let all = frame.components.iter();
    let across = all.clone().map(|one| one.across).max().unwrap_or(1);
    let down = all.map(|one| one.down).max().unwrap_or(1);
    if let [part] = scan.parts.as_slice() {
        let component = &frame.components[part.component];
        let wide = (frame.width * component.across)
            .div_ceil(across)
            .div_ceil(8);
        let high = (frame.height * component.down).div_ceil(down).div_ceil(8);
        return (wide * high, vec![0]);
    }
    let units = frame.width.div_ceil(8 * across) * frame.height.div_ceil(8 * down);
    let mut unit = Vec::new();
    for (index, part) in scan.parts.iter().enumerate() {
        let component = &frame.components[part.component];
        unit.extend(std::iter::repeat_n(
            index,
            component.across * component.down,
        ));
    }
    (units, unit)
}
