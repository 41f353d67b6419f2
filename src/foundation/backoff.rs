//! How long to wait before something that failed is tried again.

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use std::time::Duration;

/// Most doublings worth counting: whatever the first wait, the longest has been reached by then.
const DOUBLINGS_MAX: u32 = 64;

/// The waits after one failure, two, three and so on: `first`, then twice as long after each, and never over `longest`. It
/// reads no clock and draws nothing; whoever waits does that.
#[derive(Debug)]
pub struct Backoff {
    waits: ExponentialBackoff,
    longest: Duration,
}

impl Backoff {
    /// From `first` on, doubling until `longest`.
    #[must_use]
    pub fn doubling(first: Duration, longest: Duration) -> Self {
        let waits = ExponentialBuilder::new()
            .with_min_delay(first.min(longest))
            .with_max_delay(longest)
            .without_max_times()
            .build();
        Self { waits, longest }
    }

    /// The wait after one more failure.
    pub fn longer(&mut self) -> Duration {
        self.waits.next().unwrap_or(self.longest)
    }

    /// The wait after so many failures, for whoever counts them; after none, the same as after one.
    #[must_use]
    pub fn after(mut self, failures: u32) -> Duration {
        let before = failures.saturating_sub(1).min(DOUBLINGS_MAX);
        let wait = self.waits.nth(usize::try_from(before).unwrap_or(0));
        wait.unwrap_or(self.longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wait_is_twice_the_last_up_to_the_longest() {
        let (first, longest) = (Duration::from_millis(500), Duration::from_secs(3));
        let mut waits = Backoff::doubling(first, longest);
        for (at, milliseconds) in (1..).zip([500, 1000, 2000, 3000, 3000]) {
            let expected = Duration::from_millis(milliseconds);
            assert_eq!(waits.longer(), expected);
            assert_eq!(Backoff::doubling(first, longest).after(at), expected);
        }
        assert_eq!(Backoff::doubling(first, longest).after(u32::MAX), longest);
        assert_eq!(Backoff::doubling(first, longest).after(0), first);
    }

    #[test]
    fn a_first_wait_over_the_longest_is_cut() {
        let longest = Duration::from_mins(5);
        let mut waits = Backoff::doubling(Duration::from_hours(48), longest);
        assert_eq!((waits.longer(), waits.longer()), (longest, longest));
    }
}
