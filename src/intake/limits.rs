//! Limits by address prefix, without keeping an address: the key is a hash under a salt that lives an hour, in memory
//! only. Many people behind one address (a school, a Tor exit) are slowed, not locked out.

use super::config::{LimitsConfig, OnionConfig};
use crate::clock::Clock;
use crate::entropy::{Entropy, random_bytes};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How long a salt lives.
const SALT_LIFE: Duration = Duration::from_hours(1);

/// How often keys that no longer matter are forgotten.
const SWEEP: Duration = Duration::from_mins(1);

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

/// The limiter of a service.
pub struct Limits {
    config: LimitsConfig,
    limiter: DefaultKeyedRateLimiter<[u8; 16]>,
    onion: DefaultKeyedRateLimiter<[u8; 16]>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    state: Mutex<State>,
}

struct State {
    salt: [u8; 32],
    salt_made: Duration,
    swept: Duration,
}

impl Limits {
    /// A limiter with a fresh salt.
    #[must_use]
    pub fn new(
        config: LimitsConfig,
        onion: Option<&OnionConfig>,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let (per_minute, burst) = onion.map_or((1, 1), |it| (it.requests_per_minute, it.burst));
        let state = State {
            salt: random_bytes(entropy.as_ref()),
            salt_made: clock.elapsed(),
            swept: clock.elapsed(),
        };
        Self {
            config,
            limiter: RateLimiter::keyed(quota(config.requests_per_minute, config.burst)),
            onion: RateLimiter::keyed(quota(per_minute, burst)),
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
        let (limiter, key) = match source {
            _ if !self.config.enabled => return Verdict::Go,
            Source::Unknown => return Verdict::Go,
            Source::Address(address) => (&self.limiter, self.key(address)),
            // One key for all; the address says nothing of who it is.
            Source::Onion => (&self.onion, [0; 16]),
        };
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

    fn key(&self, address: IpAddr) -> [u8; 16] {
        let now = self.clock.elapsed();
        let mut state = self.state.lock().expect("no holder of this lock can panic");
        if now.saturating_sub(state.salt_made) >= SALT_LIFE {
            state.salt = random_bytes(self.entropy.as_ref());
            state.salt_made = now;
        }
        if now.saturating_sub(state.swept) >= SWEEP {
            state.swept = now;
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&state.salt).expect("HMAC takes any key length");
        mac.update(&prefix(address));
        let full: [u8; 32] = mac.finalize().into_bytes().into();
        let mut key = [0; 16];
        key.copy_from_slice(&full[..16]);
        key
    }
}

fn quota(per_minute: u32, burst: u32) -> Quota {
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
