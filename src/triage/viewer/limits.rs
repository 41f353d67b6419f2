//! How much one drawing may cost.

use std::time::Duration;

/// Bounds on one drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest file, in bytes.
    pub input_bytes: u64,
    /// Most pixels of one picture; checked before it is decoded.
    pub pixels: u64,
    /// Most pages of a document; further ones are counted, not drawn.
    pub pages: u32,
    /// Longer side of a document's page, in pixels.
    pub page_side: u16,
    /// Address space of the process, in bytes.
    pub memory_bytes: u64,
    /// Processor time, in seconds.
    pub cpu_s: u64,
    /// Time on the clock until the process is killed.
    pub wall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            input_bytes: 64 * 1024 * 1024,
            // The largest sensors in phones that write pictures whole have 50; 100 and more is refused.
            pixels: 64_000_000,
            pages: 40,
            // 190 dots an inch on A4: small print can be read.
            page_side: 2200,
            // A picture of 64 million pixels twice (turned), with its file.
            memory_bytes: 1024 * 1024 * 1024,
            cpu_s: 30,
            wall: Duration::from_secs(45),
        }
    }
}

impl Limits {
    /// As arguments for the process.
    pub(super) fn to_arguments(self) -> [String; 6] {
        [
            self.input_bytes.to_string(),
            self.pixels.to_string(),
            self.pages.to_string(),
            self.page_side.to_string(),
            self.memory_bytes.to_string(),
            self.cpu_s.to_string(),
        ]
    }

    /// From the arguments of the process; the clock is the parent's.
    pub(super) fn from_arguments(mut arguments: impl Iterator<Item = String>) -> Option<Self> {
        let mut next = || arguments.next();
        let limits = Self {
            input_bytes: next()?.parse().ok()?,
            pixels: next()?.parse().ok()?,
            pages: next()?.parse().ok()?,
            page_side: next()?.parse().ok()?,
            memory_bytes: next()?.parse().ok()?,
            cpu_s: next()?.parse().ok()?,
            wall: Duration::ZERO,
        };
        next().is_none().then_some(limits)
    }
}
