//! Signing in: one answer for every cause but the wait.

use super::keys::{Credentials, MemberKeys};
use super::member::MemberId;
use super::password::{PasswordError, Passwords};
use super::session::{SessionToken, Sessions, SignedIn};
use super::store::StaffStore;
use super::throttle::Throttle;
use crate::opening::Identity;
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
    /// The member's key did not open with the password that was right.
    #[error("a member's key does not open")]
    Key(#[from] PasswordError),
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
        let credentials = match &member {
            Some(member) => self.store.credentials(member.id).await?,
            None => None,
        };
        let stored = credentials.as_ref().map(|it| it.password.clone());
        let accepted = self.passwords.verify(password.clone(), stored).await;
        log(Event::SignIn { accepted });
        match member.zip(credentials) {
            Some((member, credentials)) if accepted => {
                let act = Act::new(Kind::SignedIn);
                self.trail.record(Some(member.id), act).await?;
                self.throttle.succeeded(login);
                let identity = self.identity(member.id, credentials, password).await?;
                Ok(self.sessions.start(SignedIn {
                    member: member.id,
                    identity: identity.map(Arc::new),
                }))
            }
            // Who it was is not known; what was typed is no part of the trail: it may be a password.
            meant => {
                let act = Act::new(Kind::SignInFailed);
                let act = meant.map_or(act, |(member, _)| act.of(member.id.0));
                self.trail.record(None, act).await?;
                Err(SignInError::Refused)
            }
        }
    }

    /// The member's key, opened with her password; a new one where the account is older than keys are. `None` where
    /// somebody else set the password.
    async fn identity(
        &self,
        id: MemberId,
        credentials: Credentials,
        password: Zeroizing<String>,
    ) -> Result<Option<Identity>, SignInError> {
        if !credentials.own {
            return Ok(None);
        }
        let keys = match credentials.keys {
            Some(keys) => keys,
            None => self.first_keys(id, password.clone()).await?,
        };
        Ok(Some(self.passwords.open_identity(password, keys).await?))
    }

    /// Of two sign-ins at once the one that is second takes what the first has made.
    async fn first_keys(
        &self,
        id: MemberId,
        password: Zeroizing<String>,
    ) -> Result<MemberKeys, SignInError> {
        let keys = self.passwords.seal_identity(password, Identity::generate());
        let keys = keys.await?;
        if self.store.add_keys(id, &keys).await? {
            return Ok(keys);
        }
        let stored = self.store.credentials(id).await?;
        Ok(stored.and_then(|it| it.keys).ok_or(PasswordError::Failed)?)
    }

    /// Ends the session with this token.
    ///
    /// # Errors
    /// What the store says; the session is over all the same.
    pub async fn sign_out(&self, token: &str) -> Result<(), StoreError> {
        let member = self.sessions.who(token).map(|who| who.member);
        self.sessions.end(token);
        match member {
            None => Ok(()),
            member => self.trail.record(member, Act::new(Kind::SignedOut)).await,
        }
    }
}
