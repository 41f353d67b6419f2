//! How many tips come, without a record of when.

use std::time::Duration;

/// What came is forgotten within about this time.
const MEMORY_S: f64 = 60.0;

/// A count that fades: at a steady pace it is the number per minute.
#[derive(Debug, Default)]
pub struct Load {
    count: f64,
    at: Duration,
}

impl Load {
    /// Tips per minute as of `now`.
    pub fn per_minute(&self, now: Duration) -> f64 {
        let passed = now.saturating_sub(self.at).as_secs_f64();
        self.count * (-passed / MEMORY_S).exp()
    }

    /// Counts one.
    pub fn count(&mut self, now: Duration) {
        self.add(1.0, now);
    }

    /// Counts `amount` of what is counted.
    pub fn add(&mut self, amount: f64, now: Duration) {
        self.count = self.per_minute(now) + amount;
        self.at = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_steady_pace_is_told_and_an_end_is_noticed() {
        let mut load = Load::default();
        let step = Duration::from_millis(100);
        for number in 0..6000 {
            load.count(step * number);
        }
        let end = step * 6000;
        let told = load.per_minute(end);
        assert!((590.0..610.0).contains(&told), "600 a minute: {told}");
        assert!(load.per_minute(end + Duration::from_mins(5)) < 5.0);
    }
}
