//! Limits by address prefix, without keeping an address: the key is a hash under a salt that lives an hour, in memory
//! only. Many people behind one address (a school, a Tor exit) are slowed, not locked out.

#[cfg(test)]
mod tests;

use crate::attachments::Lane;
use crate::config::{FloodConfig, LimitsConfig, OnionConfig};
use crate::flood::Flood;
use crate::problem::Problem;
use governor::clock::{Clock as _, DefaultClock, QuantaInstant};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter};
use hmac::{Hmac, Mac};
use mifeng_foundation::clock::Clock;
use mifeng_foundation::entropy::{Entropy, random_bytes};
use mifeng_sealing::LookupDigest;
use parking_lot::Mutex;
use sha2::Sha256;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// How long a salt lives.
const SALT_LIFE: Duration = Duration::from_hours(1);

/// How often keys that no longer matter are forgotten.
const SWEEP: Duration = Duration::from_mins(1);

/// Prefixes that are told apart at one moment. Beyond it they share what is left, so that no number of addresses fills
/// the memory.
const KEYS_MAX: usize = 100_000;

/// Shortest time to wait for a place: the limiter may say none where another request was quicker.
const SHORTEST_WAIT: Duration = Duration::from_millis(5);

/// Where a request comes from, as far as the limits need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// An address on the network.
    Address(IpAddr),
    /// The onion service: everyone's address is the same.
    Onion,
    /// A Unix socket without a word about the client: whoever stands before it sees to limits.
    Unknown,
}

/// Whether a request may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Now, or after having waited.
    Go,
    /// Not before this many seconds.
    Later {
        /// For `Retry-After`.
        retry_after_s: u64,
    },
}

impl Verdict {
    /// As a result.
    ///
    /// # Errors
    /// [`Problem::TooMany`].
    pub fn allowed(self) -> Result<(), Problem> {
        match self {
            Self::Go => Ok(()),
            Self::Later { retry_after_s } => Err(Problem::TooMany { retry_after_s }),
        }
    }
}

/// The limiter of a service.
pub struct RateLimits {
    config: LimitsConfig,
    limiter: DefaultKeyedRateLimiter<[u8; 16]>,
    onion: DefaultKeyedRateLimiter<[u8; 16]>,
    guesses: DefaultKeyedRateLimiter<[u8; 16]>,
    guesses_together: DefaultDirectRateLimiter,
    visits: DefaultKeyedRateLimiter<[u8; 16]>,
    flood: Flood,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    state: Mutex<State>,
}

struct State {
    salt: [u8; 32],
    salt_made: Duration,
    swept: Duration,
}

impl RateLimits {
    /// A limiter with a fresh salt.
    #[must_use]
    pub fn new(
        config: LimitsConfig,
        flood: FloodConfig,
        onion: Option<&OnionConfig>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let (per_minute, burst) = onion.map_or((1, 1), |it| (it.requests_per_minute, it.burst));
        let together = config.guesses_together_per_minute;
        let keyed = |per_minute| RateLimiter::keyed(quota(per_minute, per_minute));
        let state = State {
            salt: random_bytes(entropy.as_ref()),
            salt_made: clock.elapsed(),
            swept: clock.elapsed(),
        };
        Self {
            config,
            limiter: RateLimiter::keyed(quota(config.requests_per_minute, config.burst)),
            onion: RateLimiter::keyed(quota(per_minute, burst)),
            guesses: keyed(config.guesses_per_minute),
            guesses_together: RateLimiter::direct(quota(together, together)),
            visits: keyed(config.visits_per_minute),
            flood: Flood::new(flood, config.enabled, clock.clone(), entropy.clone()),
            clock,
            entropy,
            state: Mutex::new(state),
        }
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &LimitsConfig {
        &self.config
    }

    /// Waits as long as it takes to stay within the limit, if that is not too long. Of those who wait for one place
    /// the quickest gets it, and the others wait on: a shared address is slowed, and refused only when even the
    /// longest wait was not enough.
    pub async fn admit(&self, source: Source) -> Verdict {
        let limiter = match source {
            _ if !self.config.enabled => return Verdict::Go,
            Source::Unknown => return Verdict::Go,
            Source::Address(_) => &self.limiter,
            Source::Onion => &self.onion,
        };
        let key = self.lane(source);
        let longest = Duration::from_millis(self.config.slow_down_max_ms);
        let mut waited = Duration::ZERO;
        while let Err(refusal) = limiter.check_key(&key) {
            let wait = refusal.wait_time_from(DefaultClock::default().now());
            let wait = wait.max(SHORTEST_WAIT);
            if waited + wait > longest {
                return Verdict::Later {
                    retry_after_s: wait.as_secs() + 1,
                };
            }
            waited += wait;
            tokio::time::sleep(wait).await;
        }
        Verdict::Go
    }

    /// Charges a look-up: to the mailbox if it is `known`, else to whoever guessed and to all guesses together. Nothing
    /// waits here, so that the time taken tells nothing.
    pub fn look_up(&self, source: Source, known: Option<LookupDigest>) -> Verdict {
        if !self.config.enabled {
            return Verdict::Go;
        }
        verdict(if let Some(digest) = known {
            let key = self.keyed(digest.as_bytes());
            self.visits.check_key(&key)
        } else {
            let own = self.guesses.check_key(&self.lane(source));
            own.and_then(|()| self.guesses_together.check())
        })
    }

    /// Charges what cannot be a code to whoever typed it. It costs no look-up, so where all have one address, and
    /// somebody's slips would be everybody's, it is free.
    pub fn slip(&self, source: Source) -> Verdict {
        match source {
            Source::Address(_) if self.config.enabled => {
                verdict(self.guesses.check_key(&self.lane(source)))
            }
            _ => Verdict::Go,
        }
    }

    /// What is asked of senders when many come.
    #[must_use]
    pub fn flood(&self) -> &Flood {
        &self.flood
    }

    /// The key of a source's prefix. One for all who come by the onion service: the address says nothing of who it is.
    pub fn lane(&self, source: Source) -> [u8; 16] {
        match source {
            Source::Address(address) => self.keyed(&prefix(address)),
            Source::Onion => [0; 16],
            Source::Unknown => [1; 16],
        }
    }

    /// Whose an upload is. Where addresses say nothing, or nothing is limited, all share one lane.
    pub fn lane_of_uploads(&self, source: Source) -> Lane {
        match source {
            Source::Address(_) if self.config.enabled => Lane::Prefix(self.lane(source)),
            _ => Lane::Shared,
        }
    }

    fn keyed(&self, what: &[u8]) -> [u8; 16] {
        let now = self.clock.elapsed();
        let mut state = self.state.lock();
        if now.saturating_sub(state.salt_made) >= SALT_LIFE {
            state.salt = random_bytes(self.entropy.as_ref());
            state.salt_made = now;
        }
        if now.saturating_sub(state.swept) >= SWEEP {
            state.swept = now;
            for limiter in [&self.limiter, &self.guesses, &self.visits] {
                limiter.retain_recent();
                limiter.shrink_to_fit();
            }
        }
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&state.salt).expect("HMAC takes any key length");
        mac.update(what);
        let full: [u8; 32] = mac.finalize().into_bytes().into();
        let mut key = [0; 16];
        let told_apart = if self.tracked() < KEYS_MAX { 16 } else { 2 };
        key[..told_apart].copy_from_slice(&full[..told_apart]);
        key
    }

    /// Keys in memory.
    fn tracked(&self) -> usize {
        self.limiter.len() + self.guesses.len() + self.visits.len()
    }
}

/// Whether there was room, and if not, when there is.
fn verdict(checked: Result<(), NotUntil<QuantaInstant>>) -> Verdict {
    let Err(refusal) = checked else {
        return Verdict::Go;
    };
    let wait = refusal.wait_time_from(DefaultClock::default().now());
    Verdict::Later {
        retry_after_s: wait.as_secs() + 1,
    }
}

/// `per_minute` in the long run, and `burst` at once; at least one of each.
#[must_use]
pub fn quota(per_minute: u32, burst: u32) -> Quota {
    let at_least_one = |number| NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN);
    Quota::per_minute(at_least_one(per_minute)).allow_burst(at_least_one(burst))
}

/// The /24 or /48 an address is in: what one subscriber can hop about in.
fn prefix(address: IpAddr) -> Vec<u8> {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.octets()[..3].to_vec(),
        IpAddr::V6(v6) => v6.octets()[..6].to_vec(),
    }
}
