//! Huffman tables, made ready for use.

/// Lengths and symbols of a Huffman table, made ready for use.
#[derive(Clone, Debug)]
pub(super) struct Huffman {
    /// By the next eight bits: the code's length (0: it is longer) and its symbol.
    pub short: Vec<(u8, u8)>,
    /// By length: the first code that is too large for it, the code of its first symbol, and that symbol's place.
    pub long: [(u32, u32, u32); 17],
    pub symbols: Vec<u8>,
}

impl Huffman {
    /// A table whose codes are all different, whose symbols are too, and of which each can come up.
    pub fn of(class: usize, counts: &[u8], symbols: &[u8]) -> Option<Self> {
        let mut once = [false; 256];
        for symbol in symbols {
            let size = if class == 0 { *symbol } else { symbol & 15 };
            let is_double = std::mem::replace(&mut once[usize::from(*symbol)], true);
            if is_double || size > 15 {
                return None;
            }
        }
        let (mut code, mut place) = (0_u32, 0_u32);
        let mut long = [(0, 0, 0); 17];
        let mut short = vec![(0, 0); 256];
        for length in 1..=16_u8 {
            let count = u32::from(counts[usize::from(length) - 1]);
            long[usize::from(length)] = (code + count, code, place);
            for at in 0..if length <= 8 { count } else { 0 } {
                let symbol = symbols[(place + at) as usize];
                let from = ((code + at) as usize) << (8 - length);
                let cells = short.get_mut(from..from + (1 << (8 - length)))?;
                cells.fill((length, symbol));
            }
            code += count;
            place += count;
            // More codes than there is room for.
            if code > 1 << length {
                return None;
            }
            code <<= 1;
        }
        Some(Self {
            short,
            long,
            symbols: symbols.to_vec(),
        })
    }
}
