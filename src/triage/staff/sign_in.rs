//! Signing in: one answer for every cause but the wait.

use super::keys::{Credentials, MemberKeys};
use super::password::{Form, PasswordError, Passwords};
use super::second_factor::{RecoveryCode, SecondFactor};
use super::session::{SessionToken, Sessions, SignedIn};
use super::store::StaffStore;
use super::throttle::{Source, Throttle};
use crate::audit::{Act, AuditLog, Kind};
use crate::model::{Member, MemberId, Role};
use mifeng_foundation::clock::Clock;
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_opening::Identity;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Unknown login, wrong password or an account that is not active: not said which.
    #[error("login and password do not match")]
    Refused,
    /// The password was given too long ago for the code that follows it.
    #[error("the password was given too long ago")]
    Over,
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

/// Whose account is looked up where there is none: no member has this id, they are random.
const NOBODY: MemberId = MemberId([0; 16]);

/// The door to the staff's pages.
pub struct SignIn {
    /// The accounts.
    pub store: Arc<dyn StaffStore>,
    /// Hashing.
    pub passwords: Passwords,
    /// Who is in.
    pub sessions: Sessions,
    /// Whose password was right, and whose code is waited for.
    pub pending: Sessions,
    /// Roles that need a second factor.
    pub by_two: BTreeSet<Role>,
    /// For the codes, which change with the time.
    pub clock: Arc<dyn Clock>,
    /// Who must wait.
    pub throttle: Throttle,
    /// Where it goes on record.
    pub audit_log: AuditLog,
}

/// What a right password leads to.
pub enum Entered {
    /// A session.
    In(SessionToken),
    /// The question for a code; the token says whose.
    Asked(SessionToken),
}

impl SignIn {
    /// Checks login and password, which come from `source`, and starts a session or waits for a code. Who is unknown or not
    /// active is looked up and checked like anybody else.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn sign_in(
        &self,
        login: &str,
        password: Zeroizing<String>,
        source: Source,
    ) -> Result<Entered, SignInError> {
        let tried = self.throttle.take(login, source);
        tried.map_err(SignInError::Wait)?;
        // PostgreSQL's texts have no such letter, and so has no login.
        let looked_up = if login.contains('\0') { "" } else { login };
        let member = self.store.member_by_login(looked_up).await?;
        let member = member.filter(|member| member.active);
        let id = member.as_ref().map_or(NOBODY, |member| member.id);
        let credentials = self.store.credentials(id).await?;
        let stored = credentials.as_ref().map(|it| it.password.clone());
        let form = self.passwords.check(password.clone(), stored).await;
        let accepted = form.is_some();
        log(Event::SignIn { accepted });
        match member.zip(credentials) {
            Some((member, credentials)) if accepted => {
                self.throttle.succeeded(login, source);
                let factor = self.store.second_factor(member.id).await?;
                // Nobody is in yet who has to enter a code: on record is that the password was known.
                let (actor, act) = match &factor {
                    None => (Some(member.id), Act::new(Kind::SignedIn)),
                    Some(_) => (None, Act::new(Kind::CodeAsked).of(member.id.0)),
                };
                self.audit_log.record(actor, act).await?;
                let old = credentials.password.clone();
                let identity = self
                    .identity(member.id, credentials, password.clone())
                    .await?;
                if form == Some(Form::AsTyped) {
                    let anew = self
                        .passwords
                        .hashed_anew(password, identity.as_ref())
                        .await?;
                    self.store.hash_anew(member.id, &old, &anew).await?;
                }
                let who = SignedIn {
                    member: member.id,
                    identity: identity.map(Arc::new),
                    by_two: false,
                };
                Ok(match factor {
                    None => Entered::In(self.sessions.start(who)),
                    Some(_) => Entered::Asked(self.pending.start(who)),
                })
            }
            // Who it was is not known; what was typed is no part of the audit log: it may be a password.
            meant => {
                let act = Act::new(Kind::SignInFailed);
                let act = meant.map_or(act, |(member, _)| act.of(member.id.0));
                self.audit_log.record(None, act).await?;
                Err(SignInError::Refused)
            }
        }
    }

    /// Checks the code that follows a right password, and starts the session. A code is taken once; so is a recovery code.
    ///
    /// # Errors
    /// [`SignInError`]; [`SignInError::Over`] where the password was given too long ago, or the account was changed since.
    pub async fn second_step(
        &self,
        token: &str,
        code: &str,
        source: Source,
    ) -> Result<SessionToken, SignInError> {
        let who = self.pending.who(token).ok_or(SignInError::Over)?;
        let identity = who.identity.clone().ok_or(SignInError::Over)?;
        // By the account, not by the password's try: neither resets the other's wait.
        let slowed = format!("code of {}", hex::encode(who.member.0));
        let tried = self.throttle.take(&slowed, source);
        tried.map_err(SignInError::Wait)?;
        let member = self.store.member(who.member).await?;
        let member = member.filter(|member| member.active);
        let member = member.ok_or(SignInError::Over)?;
        let accepted = self.takes_code(&member, &identity, code).await?;
        log(Event::SignIn { accepted });
        if !accepted {
            let act = Act::new(Kind::SecondFactorFailed).of(member.id.0);
            self.audit_log.record(None, act).await?;
            return Err(SignInError::Refused);
        }
        let act = Act::new(Kind::SignedIn);
        self.audit_log.record(Some(member.id), act).await?;
        self.throttle.succeeded(&slowed, source);
        self.pending.end(token);
        Ok(self.sessions.start(SignedIn {
            by_two: true,
            ..who
        }))
    }

    async fn takes_code(
        &self,
        member: &Member,
        identity: &Identity,
        code: &str,
    ) -> Result<bool, SignInError> {
        let stored = self.store.second_factor(member.id).await?;
        let stored = stored.ok_or(SignInError::Over)?;
        let factor = SecondFactor::open(&stored.sealed, identity);
        let factor = factor.map_err(|_| PasswordError::Failed)?;
        if let Some(step) = factor.step_of(code, self.now_s()) {
            return Ok(self.store.use_step(member.id, step).await?);
        }
        let Some(hash) = RecoveryCode::hash_of(member.id, code) else {
            return Ok(false);
        };
        let used = self.store.use_recovery(member.id, hash).await?;
        if used {
            let act = Act::new(Kind::RecoveryCodeUsed);
            self.audit_log.record(Some(member.id), act).await?;
        }
        Ok(used)
    }

    /// Seconds since 1970, by which codes change.
    #[must_use]
    pub fn now_s(&self) -> u64 {
        self.clock.now().as_second().unsigned_abs()
    }

    /// Whether somebody in this role may go on who is signed in so.
    #[must_use]
    pub fn suffices(&self, role: Role, who: &SignedIn) -> bool {
        who.by_two || !self.by_two.contains(&role)
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
            member => {
                self.audit_log
                    .record(member, Act::new(Kind::SignedOut))
                    .await
            }
        }
    }
}
