//! Settings for a flood.

use mifeng_foundation::settings::Unfit;
use serde::Deserialize;

/// When it begins, and what is asked then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FloodConfig {
    /// Tips per minute, of all senders together, from which on something is asked of them.
    pub load_mark_per_minute: u32,
    /// Megabytes of files per minute, of all senders together, from which on uploads cost work, more for each megabyte.
    pub upload_mark_mb_per_minute: u32,
    /// Most tips per minute that are taken at all.
    pub submissions_per_minute: u32,
    /// Leading zero bits of a proof at the mark; one more for each doubling of the load.
    pub proof_least_bits: u8,
    /// Most of them, however large the flood.
    pub proof_most_bits: u8,
    /// How long a challenge can be answered, in seconds.
    pub proof_life_s: u32,
    /// How many that wait with a form are let through per minute.
    pub queue_per_minute: u32,
    /// Most that wait at one moment.
    pub queue_most: usize,
}

/// Most zero bits that are ever asked for: a telephone of today works a minute for them.
const PROOF_MOST_BITS: u8 = 24;

impl FloodConfig {
    pub(crate) fn check(&self, unfit: &mut Unfit) {
        let key = |name: &str| format!("flood.{name}");
        let most = self.submissions_per_minute;
        unfit.within(&key("submissions_per_minute"), most, &(1..=u32::MAX));
        let mark = self.load_mark_per_minute;
        unfit.within(&key("load_mark_per_minute"), mark, &(0..=most));
        let bits = self.proof_most_bits;
        unfit.within(&key("proof_most_bits"), bits, &(1..=PROOF_MOST_BITS));
        let least = self.proof_least_bits;
        unfit.within(&key("proof_least_bits"), least, &(1..=bits));
        unfit.within(&key("proof_life_s"), self.proof_life_s, &(10..=86_400));
        let let_in = self.queue_per_minute;
        unfit.within(&key("queue_per_minute"), let_in, &(1..=u32::MAX));
        unfit.within(&key("queue_most"), self.queue_most, &(1..=1_000_000));
    }
}

impl Default for FloodConfig {
    fn default() -> Self {
        Self {
            load_mark_per_minute: 300,
            upload_mark_mb_per_minute: 600,
            submissions_per_minute: 6000,
            // 4,000 tries, and 130,000 at most: a tenth of a second and three where a browser makes 50,000 a second,
            // and an old telephone takes some times as long.
            proof_least_bits: 12,
            proof_most_bits: 17,
            proof_life_s: 300,
            queue_per_minute: 120,
            queue_most: 500,
        }
    }
}
