//! Slows guessing: each failure for a login doubles the wait, and the process takes only so many failures a minute.

use crate::clock::Clock;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Failures that cost nothing: people mistype.
const FREE_FAILURES: u32 = 4;

/// The longest wait, so that nobody can lock a colleague out for a day.
const LONGEST_WAIT: Duration = Duration::from_mins(15);

/// After this long without a try, a login's failures are forgotten.
const FORGET: Duration = Duration::from_hours(1);

/// Tries a minute over all logins.
const PROCESS_TRIES: u32 = 120;

/// Logins remembered at once; more are forgotten, the longest unused first.
const MOST_LOGINS: usize = 4096;

#[derive(Default)]
struct Tries {
    by_login: HashMap<[u8; 32], (u32, Duration)>,
    minute: u64,
    in_minute: u32,
}

/// Counts tries in memory, by a hash of the login.
pub struct Throttle {
    clock: Arc<dyn Clock>,
    tries: Mutex<Tries>,
}

impl Throttle {
    /// No tries yet.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            tries: Mutex::default(),
        }
    }

    /// Takes one try, counted as a failure until [`Throttle::succeeded`], so that many at once gain nothing.
    ///
    /// # Errors
    /// The wait until the next try is taken.
    pub fn take(&self, login: &str) -> Result<(), Duration> {
        let now = self.clock.elapsed();
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now.as_secs() / 60;
        if tries.minute != minute {
            (tries.minute, tries.in_minute) = (minute, 0);
        }
        if tries.in_minute >= PROCESS_TRIES {
            return Err(Duration::from_secs(60 - now.as_secs() % 60));
        }
        let key = digest(login);
        let known = tries.by_login.get(&key).copied();
        let failures = match known {
            Some((failures, last)) if now.saturating_sub(last) < FORGET => {
                let free_at = last + wait_after(failures);
                if now < free_at {
                    return Err(free_at.saturating_sub(now));
                }
                failures
            }
            _ => 0,
        };
        if known.is_none() && tries.by_login.len() >= MOST_LOGINS {
            let oldest = tries.by_login.iter().min_by_key(|(_, (_, last))| *last);
            if let Some(oldest) = oldest.map(|(key, _)| *key) {
                tries.by_login.remove(&oldest);
            }
        }
        tries.in_minute += 1;
        tries
            .by_login
            .insert(key, (failures.saturating_add(1), now));
        Ok(())
    }

    /// Forgets a login's failures.
    pub fn succeeded(&self, login: &str) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        tries.by_login.remove(&digest(login));
    }
}

fn wait_after(failures: u32) -> Duration {
    match failures.checked_sub(FREE_FAILURES) {
        None => Duration::ZERO,
        Some(over) => Duration::from_secs(1 << over.min(16)).min(LONGEST_WAIT),
    }
}

fn digest(login: &str) -> [u8; 32] {
    Sha256::digest(login.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    #[test]
    fn each_failure_doubles_the_wait_and_a_success_ends_it() {
        let clock = Arc::new(ManualClock::at(jiff::Timestamp::UNIX_EPOCH));
        let throttle = Throttle::new(clock.clone());
        for _ in 0..FREE_FAILURES {
            assert_eq!(throttle.take("li"), Ok(()));
        }
        for wait_s in [1, 2, 4, 8] {
            assert_eq!(throttle.take("li"), Err(Duration::from_secs(wait_s)));
            clock.advance(Duration::from_secs(wait_s));
            assert_eq!(throttle.take("li"), Ok(()));
        }
        assert_eq!(throttle.take("chen"), Ok(()));
        throttle.succeeded("li");
        assert_eq!(throttle.take("li"), Ok(()));
    }

    #[test]
    fn the_process_takes_only_so_many() {
        let throttle = Throttle::new(Arc::new(ManualClock::at(jiff::Timestamp::UNIX_EPOCH)));
        for n in 0..PROCESS_TRIES {
            assert_eq!(throttle.take(&n.to_string()), Ok(()));
        }
        assert!(throttle.take("another").is_err());
    }
}
