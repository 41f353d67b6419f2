//! Slows guessing, by who is guessed at and from where: failures for a login from one source double that pair's wait, and
//! nobody else's. A source that fails with many logins is slowed as a whole, and a login that many sources fail with is slowed
//! for strange sources; whoever signed in from a source before is held up there by neither. So a hundred wrong tries keep
//! neither the office out nor one person from her own machine.

use mifeng_foundation::clock::Clock;
use parking_lot::{Mutex, MutexGuard};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

/// Failures of a login from one source that cost nothing: people mistype.
const FREE_FAILURES: u32 = 4;

/// The longest wait of that pair.
const LONGEST_WAIT: Duration = Duration::from_mins(15);

/// Failures of a login from all strange sources that cost nothing: more than one source ever gets.
const FREE_FAILURES_OF_LOGIN: u32 = 60;

/// The longest wait of a login for strange sources.
const LONGEST_WAIT_OF_LOGIN: Duration = Duration::from_mins(1);

/// Failures of a source with whatever logins that cost nothing: an office may sit behind one address.
const FREE_FAILURES_OF_SOURCE: u32 = 120;

/// How often a failure of a source is forgotten.
const SOURCE_FORGETS_ONE_IN: Duration = Duration::from_secs(2);

/// After this long without a try, failures are forgotten.
const FORGET: Duration = Duration::from_hours(1);

/// How long a source stays known after a sign-in.
const KNOWN_FOR: Duration = Duration::from_hours(24 * 30);

/// Entries of each list at once; more are forgotten, the longest unused first.
const MOST_ENTRIES: usize = 4096;

/// Where somebody comes from: an address, of IPv6 its network of 64 bits, or the one socket that has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source(Option<IpAddr>);

impl Source {
    /// Of a peer's address; `None` on a Unix socket.
    #[must_use]
    pub fn of(peer: Option<IpAddr>) -> Self {
        Self(peer.map(|address| match address.to_canonical() {
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
            whole @ IpAddr::V4(_) => whole,
        }))
    }
}

type Key = [u8; 32];

/// Failures, and when the last one was.
#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    last: Duration,
}

/// Failures by key, of which only so many are kept.
#[derive(Default)]
struct Counts(HashMap<Key, Failures>);

impl Counts {
    /// How many are remembered of `key`.
    fn of(&self, key: &Key, now: Duration) -> u32 {
        let known = self.0.get(key);
        let fresh = known.filter(|known| now.saturating_sub(known.last) < FORGET);
        fresh.map_or(0, |known| known.count)
    }

    /// How long `key` has to wait still, where the first `free` cost nothing and no wait is over `longest`.
    fn wait(&self, key: &Key, now: Duration, free: u32, longest: Duration) -> Duration {
        let Some(known) = self.0.get(key) else {
            return Duration::ZERO;
        };
        let wait = match self.of(key, now).checked_sub(free) {
            None => Duration::ZERO,
            Some(over) => Duration::from_secs(1 << over.min(16)).min(longest),
        };
        (known.last + wait).saturating_sub(now)
    }

    fn set(&mut self, key: Key, count: u32, last: Duration) {
        if count == 0 {
            self.0.remove(&key);
            return;
        }
        if self.0.len() >= MOST_ENTRIES && !self.0.contains_key(&key) {
            let oldest = self.0.iter().min_by_key(|(_, known)| known.last);
            if let Some(oldest) = oldest.map(|(key, _)| *key) {
                self.0.remove(&oldest);
            }
        }
        self.0.insert(key, Failures { count, last });
    }

    fn add(&mut self, key: Key, now: Duration) {
        let count = self.of(&key, now).saturating_add(1);
        self.set(key, count, now);
    }

    /// Takes one back that was no failure.
    fn take_back(&mut self, key: Key) {
        if let Some(known) = self.0.get(&key).copied() {
            self.set(key, known.count.saturating_sub(1), known.last);
        }
    }
}

#[derive(Default)]
struct Tries {
    by_pair: Counts,
    by_login: Counts,
    by_source: Counts,
    /// Pairs that signed in; the count is of no meaning.
    known: Counts,
}

impl Tries {
    fn is_known(&self, pair: &Key, now: Duration) -> bool {
        let known = self.known.0.get(pair);
        known.is_some_and(|known| now.saturating_sub(known.last) < KNOWN_FOR)
    }

    /// Failures of a source, of which one is forgotten every few seconds.
    fn of_source(&self, source: &Key, now: Duration) -> u32 {
        let Some(known) = self.by_source.0.get(source) else {
            return 0;
        };
        let since = now.saturating_sub(known.last).as_secs();
        let forgotten = since / SOURCE_FORGETS_ONE_IN.as_secs();
        let forgotten = u32::try_from(forgotten).unwrap_or(u32::MAX);
        known.count.saturating_sub(forgotten)
    }
}

/// Counts tries in memory, by hashes of the login and of where it came from.
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

    fn tries(&self) -> MutexGuard<'_, Tries> {
        self.tries.lock()
    }

    /// Takes one try, counted as a failure until [`Throttle::succeeded`], so that many at once gain nothing.
    ///
    /// # Errors
    /// The wait until the next try is taken.
    pub fn take(&self, login: &str, source: Source) -> Result<(), Duration> {
        let now = self.clock.elapsed();
        let [pair, login, source] = keys(login, source);
        let mut tries = self.tries();
        let mut wait = tries.by_pair.wait(&pair, now, FREE_FAILURES, LONGEST_WAIT);
        let known = tries.is_known(&pair, now);
        let of_source = tries.of_source(&source, now);
        if !known {
            let (free, longest) = (FREE_FAILURES_OF_LOGIN, LONGEST_WAIT_OF_LOGIN);
            wait = wait.max(tries.by_login.wait(&login, now, free, longest));
            if of_source >= FREE_FAILURES_OF_SOURCE {
                wait = wait.max(SOURCE_FORGETS_ONE_IN);
            }
        }
        if !wait.is_zero() {
            return Err(wait);
        }
        tries.by_pair.add(pair, now);
        if !known {
            tries.by_login.add(login, now);
            tries.by_source.set(source, of_source + 1, now);
        }
        Ok(())
    }

    /// Forgets the failures of a login from a source, and knows that source from now on.
    pub fn succeeded(&self, login: &str, source: Source) {
        let now = self.clock.elapsed();
        let [pair, login, source] = keys(login, source);
        let mut tries = self.tries();
        tries.by_pair.set(pair, 0, now);
        if !tries.is_known(&pair, now) {
            tries.by_login.take_back(login);
            tries.by_source.take_back(source);
        }
        tries.known.set(pair, 1, now);
    }
}

/// The keys of a login from a source, of the login and of the source.
fn keys(login: &str, source: Source) -> [Key; 3] {
    let login = Sha256::digest(login.as_bytes());
    let source = match source.0 {
        None => Sha256::digest(b"socket"),
        Some(IpAddr::V4(address)) => Sha256::digest(address.octets()),
        Some(IpAddr::V6(address)) => Sha256::digest(address.octets()),
    };
    let pair = Sha256::new().chain_update(login).chain_update(source);
    [pair.finalize().into(), login.into(), source.into()]
}

#[cfg(test)]
mod tests;
