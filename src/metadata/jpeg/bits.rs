//! Picture data bit by bit: the codes of one block are read over, without working out a single pixel.

use super::frame::Scan;
use super::huffman::Huffman;

/// Why a block could not be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    More,
    Broken,
}

/// Bits that were read and not used.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bits {
    word: u64,
    count: u32,
}

/// Reads codes out of picture data, from where it stands.
pub(super) struct Reader<'a> {
    pub(super) data: &'a [u8],
    pub(super) at: usize,
    pub(super) bits: Bits,
}

impl Reader<'_> {
    /// Reads bytes up to the next marker, as far as there is room.
    fn fill(&mut self) {
        while self.bits.count <= 48 {
            let byte = match self.data.get(self.at) {
                Some(0xFF) if self.data.get(self.at + 1) == Some(&0) => {
                    self.at += 2;
                    0xFF
                }
                Some(0xFF) | None => return,
                Some(byte) => {
                    self.at += 1;
                    *byte
                }
            };
            self.bits.word = self.bits.word << 8 | u64::from(byte);
            self.bits.count += 8;
        }
    }

    /// Puts back whole bytes: an escaped one takes two.
    pub(super) fn give_back(&mut self) {
        while self.bits.count >= 8 {
            let byte = self.bits.word & 0xFF;
            self.at -= if byte == 0xFF { 2 } else { 1 };
            self.bits.word >>= 8;
            self.bits.count -= 8;
        }
    }

    /// Why there are no more bits: a marker is there, or the file goes on elsewhere.
    fn dry(&self) -> Stop {
        match self.data.get(self.at..self.at + 2) {
            Some(_) => Stop::Broken,
            None => Stop::More,
        }
    }

    pub(super) fn take(&mut self, count: u32) -> Result<u32, Stop> {
        if self.bits.count < count {
            self.fill();
            if self.bits.count < count {
                return Err(self.dry());
            }
        }
        self.bits.count -= count;
        let taken = (self.bits.word >> self.bits.count) & ((1 << count) - 1);
        Ok(u32::try_from(taken).unwrap_or(0))
    }

    fn symbol(&mut self, table: &Huffman) -> Result<u8, Stop> {
        if self.bits.count < 16 {
            self.fill();
        }
        let Bits { word, count } = self.bits;
        let ahead = if count >= 16 {
            word >> (count - 16)
        } else {
            word << (16 - count)
        };
        let ahead = u32::try_from(ahead & 0xFFFF).unwrap_or(0);
        let (length, symbol) = table.short[(ahead >> 8) as usize];
        let (length, symbol) = if length > 0 {
            (u32::from(length), symbol)
        } else {
            let found = (9..=16_u32).find_map(|length| {
                let (end, start, place) = table.long[length as usize];
                let code = ahead >> (16 - length);
                let at = (place + code.checked_sub(start)?) as usize;
                (code < end).then(|| (length, table.symbols[at]))
            });
            match found {
                Some(found) => found,
                None if count < 16 => return Err(self.dry()),
                None => return Err(Stop::Broken),
            }
        };
        if length > count {
            return Err(self.dry());
        }
        self.bits.count -= length;
        Ok(symbol)
    }

    pub(super) fn difference(&mut self, table: &Huffman) -> Result<(), Stop> {
        let size = self.symbol(table)?;
        self.take(u32::from(size)).map(drop)
    }

    pub(super) fn coefficients(&mut self, table: &Huffman) -> Result<(), Stop> {
        let mut at = 1;
        while at < 64 {
            let symbol = self.symbol(table)?;
            match (usize::from(symbol >> 4), u32::from(symbol & 15)) {
                (15, 0) => at += 16,
                (_, 0) => return Ok(()),
                (run, size) => {
                    at += run + 1;
                    self.take(size)?;
                }
            }
            if at > 64 {
                return Err(Stop::Broken);
            }
        }
        Ok(())
    }

    /// How many blocks of nothing follow this one.
    fn run(&mut self, size: usize) -> Result<u32, Stop> {
        let more = self.take(u32::try_from(size).unwrap_or(0))?;
        Ok((1 << size) - 1 + more)
    }

    pub(super) fn first(
        &mut self,
        table: &Huffman,
        scan: &Scan,
        run: u32,
        bits: &mut u64,
    ) -> Result<u32, Stop> {
        if run > 0 {
            return Ok(run - 1);
        }
        let mut at = scan.first;
        while at <= scan.last {
            let symbol = self.symbol(table)?;
            match (usize::from(symbol >> 4), u32::from(symbol & 15)) {
                (15, 0) => at += 16,
                (run, 0) => return self.run(run),
                (run, size) => {
                    at += run;
                    if at > scan.last {
                        return Err(Stop::Broken);
                    }
                    self.take(size)?;
                    *bits |= 1 << at;
                    at += 1;
                }
            }
        }
        Ok(0)
    }

    pub(super) fn refine(
        &mut self,
        table: &Huffman,
        scan: &Scan,
        run: u32,
        bits: &mut u64,
    ) -> Result<u32, Stop> {
        let (mut at, mut run) = (scan.first, run);
        if run == 0 {
            while at <= scan.last {
                let symbol = self.symbol(table)?;
                let (mut zeros, size) = (usize::from(symbol >> 4), symbol & 15);
                if size == 0 && zeros < 15 {
                    run = self.run(zeros)? + 1;
                    break;
                }
                if size > 1 {
                    return Err(Stop::Broken);
                }
                self.take(u32::from(size))?;
                while at <= scan.last {
                    if *bits >> at & 1 == 1 {
                        self.take(1)?;
                    } else if zeros == 0 {
                        break;
                    } else {
                        zeros -= 1;
                    }
                    at += 1;
                }
                if size == 1 {
                    if at > scan.last {
                        return Err(Stop::Broken);
                    }
                    *bits |= 1 << at;
                }
                at += 1;
            }
        }
        if run == 0 {
            return Ok(0);
        }
        while at <= scan.last {
            if *bits >> at & 1 == 1 {
                self.take(1)?;
            }
            at += 1;
        }
        Ok(run - 1)
    }
}
