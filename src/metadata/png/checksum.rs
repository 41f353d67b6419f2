//! The sum that stands behind each chunk.

/// CRC-32 as PNG has it, of what was read and of what is written in its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Checksum {
    pub read: u32,
    pub written: u32,
}

impl Checksum {
    pub fn new() -> Self {
        Self {
            read: 0,
            written: 0,
        }
    }

    pub fn add(&mut self, bytes: &[u8]) {
        self.add_changed(bytes, bytes);
    }

    pub fn add_changed(&mut self, read: &[u8], written: &[u8]) {
        let same = self.read == self.written && read == written;
        self.read = more(self.read, read);
        self.written = if same {
            self.read
        } else {
            more(self.written, written)
        };
    }
}

const fn crc_table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut index = 0_u32;
    while index < 256 {
        let (mut sum, mut bit) = (index, 0);
        while bit < 8 {
            sum = (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg());
            bit += 1;
        }
        table[index as usize] = sum;
        index += 1;
    }
    table
}

static CRC_TABLE: [u32; 256] = crc_table();

/// The sum of what had the sum `sum`, and `bytes` behind it.
fn more(sum: u32, bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!sum, |sum, byte| {
        (sum >> 8) ^ CRC_TABLE[usize::from(sum.to_le_bytes()[0] ^ byte)]
    })
}

pub(super) fn checksum(bytes: &[u8]) -> u32 {
    more(0, bytes)
}
