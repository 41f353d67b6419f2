//! Sessions, in memory only: a restart signs everyone out.

use crate::model::MemberId;
use mifeng_foundation::clock::Clock;
use mifeng_foundation::entropy::{Entropy, random_bytes};
use mifeng_opening::Identity;
use parking_lot::{Mutex, MutexGuard};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

/// Time without a request after which a session ends.
const IDLE: Duration = Duration::from_mins(10);

/// Time after which a session ends in any case: a working day.
const LONGEST: Duration = Duration::from_hours(12);

/// What the browser holds: 32 random bytes in hex. Only its hash is kept here.
pub struct SessionToken(Zeroizing<String>);

impl SessionToken {
    /// For the cookie.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Whose session it is, with the key that her password opened. `None` for a password that somebody else set: such a
/// session is only good for choosing another.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// Who.
    pub member: MemberId,
    /// Her key, wiped when the session ends and the last request in it is answered.
    pub identity: Option<Arc<Identity>>,
    /// Whether she gave a second factor besides the password.
    pub by_two: bool,
}

struct Session {
    who: SignedIn,
    started: Duration,
    used: Duration,
}

impl Session {
    fn is_over(&self, now: Duration) -> bool {
        now.saturating_sub(self.used) >= IDLE || now.saturating_sub(self.started) >= LONGEST
    }
}

/// Who is signed in.
pub struct Sessions {
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    open: Mutex<HashMap<[u8; 32], Session>>,
}

impl Sessions {
    /// Nobody yet.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            clock,
            entropy,
            open: Mutex::default(),
        }
    }

    /// Starts a session and forgets those that are over.
    #[must_use]
    pub fn start(&self, who: SignedIn) -> SessionToken {
        let bytes = Zeroizing::new(random_bytes::<32>(&*self.entropy));
        let token = Zeroizing::new(hex::encode(*bytes));
        let now = self.clock.elapsed();
        let session = Session {
            who,
            started: now,
            used: now,
        };
        self.forget_over();
        self.lock().insert(digest(&token), session);
        SessionToken(token)
    }

    /// Forgets sessions that are over, and the keys in them. To be called now and then: a key is not to outlive its
    /// session because nobody else signs in.
    pub fn forget_over(&self) {
        let now = self.clock.elapsed();
        self.lock().retain(|_, session| !session.is_over(now));
    }

    /// How many sessions are remembered, over or not.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lock().len()
    }

    /// Whose session this is, if it is not over; counts as use.
    #[must_use]
    pub fn who(&self, token: &str) -> Option<SignedIn> {
        let now = self.clock.elapsed();
        let key = digest(token);
        let mut open = self.lock();
        let session = open.get_mut(&key)?;
        if session.is_over(now) {
            open.remove(&key);
            return None;
        }
        session.used = now;
        Some(session.who.clone())
    }

    /// Signs out.
    pub fn end(&self, token: &str) {
        self.lock().remove(&digest(token));
    }

    /// Ends every session of a member whose account or password was changed.
    pub fn end_all_of(&self, member: MemberId) {
        self.lock()
            .retain(|_, session| session.who.member != member);
    }

    /// A holder that panicked left a whole map: each change is one call.
    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Session>> {
        self.open.lock()
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mifeng_foundation::clock::ManualClock;
    use mifeng_foundation::entropy::SystemEntropy;

    #[test]
    fn a_session_ends_when_idle_when_old_and_when_told() {
        let clock = Arc::new(ManualClock::at(jiff::Timestamp::UNIX_EPOCH));
        let sessions = Sessions::new(clock.clone(), Arc::new(SystemEntropy));
        let member = MemberId([1; 16]);
        let identity = Arc::new(Identity::generate());
        let start = || {
            sessions.start(SignedIn {
                member,
                identity: Some(Arc::clone(&identity)),
                by_two: false,
            })
        };
        let whose = |token: &SessionToken| sessions.who(token.expose()).map(|who| who.member);
        let idle = start();
        clock.advance(Duration::from_mins(9));
        assert_eq!(whose(&idle), Some(member));
        clock.advance(IDLE);
        assert_eq!(whose(&idle), None);

        let old = start();
        for _ in 0..79 {
            clock.advance(Duration::from_mins(9));
            assert_eq!(whose(&old), Some(member));
        }
        clock.advance(Duration::from_mins(9));
        assert_eq!(whose(&old), None);

        assert_eq!(
            Arc::strong_count(&identity),
            1,
            "over when it was asked for"
        );
        let unasked = start();
        clock.advance(IDLE);
        assert_eq!(Arc::strong_count(&identity), 2);
        sessions.forget_over();
        assert_eq!(Arc::strong_count(&identity), 1, "and when nobody asks");
        assert_eq!(whose(&unasked), None);

        let told = start();
        sessions.end(told.expose());
        assert_eq!(whose(&told), None);
        let all = start();
        sessions.end_all_of(member);
        assert_eq!(whose(&all), None);
    }
}
