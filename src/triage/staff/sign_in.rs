//! Signing in: one answer for every cause but the wait.

use super::password::Passwords;
use super::session::{SessionToken, Sessions};
use super::store::StaffStore;
use super::throttle::Throttle;
use crate::storage::StoreError;
use crate::telemetry::{Event, log};
use crate::triage::trail::{Act, Kind, Trail};
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Unknown login, wrong password or an account that is not active: not said which.
    #[error("login and password do not match")]
    Refused,
    /// Too many tries; this long until the next.
    #[error("too many tries")]
    Wait(Duration),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The door to the staff's pages.
pub struct SignIn {
    /// The accounts.
    pub store: Arc<dyn StaffStore>,
    /// Hashing.
    pub passwords: Passwords,
    /// Who is in.
    pub sessions: Sessions,
    /// Who must wait.
    pub throttle: Throttle,
    /// Where it goes on record.
    pub trail: Trail,
}

impl SignIn {
    /// Checks login and password and starts a session.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn sign_in(
        &self,
        login: &str,
        password: Zeroizing<String>,
    ) -> Result<SessionToken, SignInError> {
        self.throttle.take(login).map_err(SignInError::Wait)?;
        let member = self.store.member_by_login(login).await?;
        let member = member.filter(|member| member.active);
        let stored = match &member {
            Some(member) => self.store.password_hash(member.id).await?,
            None => None,
        };
        let accepted = self.passwords.verify(password, stored).await;
        log(Event::SignIn { accepted });
        match member {
            Some(member) if accepted => {
                let act = Act::new(Kind::SignedIn);
                self.trail.record(Some(member.id), act).await?;
                self.throttle.succeeded(login);
                Ok(self.sessions.start(member.id))
            }
            // Who it was is not known; what was typed is no part of the trail: it may be a password.
            meant => {
                let act = Act::new(Kind::SignInFailed);
                let act = meant.map_or(act, |member| act.of(member.id.0));
                self.trail.record(None, act).await?;
                Err(SignInError::Refused)
            }
        }
    }

    /// Ends the session with this token.
    ///
    /// # Errors
    /// What the store says; the session is over all the same.
    pub async fn sign_out(&self, token: &str) -> Result<(), StoreError> {
        let member = self.sessions.member(token);
        self.sessions.end(token);
        match member {
            None => Ok(()),
            member => self.trail.record(member, Act::new(Kind::SignedOut)).await,
        }
    }
}
