//! Changes of accounts, with the keys that follow from them, in one transaction and on record. An administrator keeps
//! accounts and gains nothing by it: what he makes, opens anew or widens holds no key until an officer vouches for it.

use super::account_error::AccountError;
use super::account_requests::Asking;
use crate::audit::{Act, Kind};
use crate::model::{Leave, Member, MemberId, Role};
use crate::office::{Office, OfficeError};
use crate::staff::{Credentials, MemberChange, RequestKind, StaffStore, StoredPassword};

/// What became of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Outcome {
    /// It is done.
    Done,
    /// It takes away access to many cases, or that of a case's last officer: it waits for an officer's signature.
    Asked,
}

/// The accounts of an office.
pub struct Accounts<'a> {
    pub(super) office: &'a Office,
    pub(super) store: &'a dyn StaffStore,
}

impl<'a> Accounts<'a> {
    /// The accounts of `office` in `store`.
    #[must_use]
    pub fn new(office: &'a Office, store: &'a dyn StaffStore) -> Self {
        Self { office, store }
    }
}

impl Accounts<'_> {
    /// Adds an account with a password that its owner has to change, and that an officer has to vouch for.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn add(
        &self,
        actor: &Member,
        member: Member,
        password: StoredPassword,
    ) -> Result<(), AccountError> {
        check_role(actor, &[Role::Administrator])?;
        let member = Member {
            recipient: None,
            confirmed: false,
            ..member
        };
        let act = Act::new(Kind::AccountAdded).of(member.id.0);
        let audit_log = self.office.audit_log();
        audit_log.record(Some(actor.id), act).await?;
        let credentials = Credentials::set_by_another(password);
        let added = self.store.add(&member, &credentials).await;
        if !matches!(added, Ok(true)) {
            audit_log.record(Some(actor.id), act.failed()).await?;
        }
        added?.then_some(()).ok_or(AccountError::LoginTaken)
    }

    /// Closes an account: whoever had it signs in no more and holds no key.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn close(&self, actor: &Member, id: MemberId) -> Result<Outcome, AccountError> {
        check_role(actor, &[Role::Administrator])?;
        if actor.id == id {
            return Err(AccountError::Oneself);
        }
        let _exclusive = self.office.exclusive().await;
        let before = self.member(id).await?;
        let member = Member {
            active: false,
            ..before.clone()
        };
        let asked = Asking::of(RequestKind::Close, &before, None);
        self.change_or_ask(actor, Kind::AccountClosed, member, asked)
            .await
    }

    /// Changes everything of an account but login, password and key. What could then read more than before has to be
    /// vouched for anew.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn edit(&self, actor: &Member, edited: Member) -> Result<Outcome, AccountError> {
        check_role(actor, &[Role::Administrator])?;
        // Which keys a recusal takes is known only where the cases are.
        if self.office.locked {
            return Err(OfficeError::Locked.into());
        }
        let _exclusive = self.office.exclusive().await;
        let before = self.member(edited.id).await?;
        if actor.id == edited.id && edited.role != before.role {
            return Err(AccountError::Oneself);
        }
        let mut member = Member {
            login: before.login.clone(),
            recipient: before.recipient.clone(),
            active: before.active,
            ..edited
        };
        member.confirmed = before.confirmed && !member.is_wider_than(&before);
        let asked = Asking::of(RequestKind::Edit, &before, None);
        self.change_or_ask(actor, Kind::AccountChanged, member, asked)
            .await
    }

    /// Sets a password that its owner has to change. Her key is gone with the old one; she gets another when she chooses
    /// a password, and cases when an officer vouches for it.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn reset(
        &self,
        actor: &Member,
        id: MemberId,
        password: StoredPassword,
    ) -> Result<Outcome, AccountError> {
        check_role(actor, &[Role::Administrator])?;
        let _exclusive = self.office.exclusive().await;
        let before = self.member(id).await?;
        let member = Member {
            recipient: None,
            confirmed: false,
            ..before.clone()
        };
        let asked = Asking::of(RequestKind::Reset, &before, Some(password));
        self.change_or_ask(actor, Kind::PasswordSet, member, asked)
            .await
    }

    /// Puts a password that its owner chose in place of the old one, with her key: the one that she has, or her first.
    ///
    /// # Errors
    /// [`AccountError`]; [`AccountError::NotPermitted`] for another key than she has.
    pub async fn choose(&self, id: MemberId, chosen: Credentials) -> Result<(), AccountError> {
        let _exclusive = self.office.exclusive().await;
        let mut member = self.member(id).await?;
        let recipient = chosen.keys.as_ref().map(|keys| keys.recipient.clone());
        if member.recipient.is_some() && member.recipient != recipient {
            return Err(AccountError::NotPermitted);
        }
        member.recipient = recipient;
        self.change(&member.clone(), Kind::PasswordChosen, member, Some(chosen))
            .await
    }

    /// Sets the days on which a member is away, by herself; no key depends on it.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn set_leave(
        &self,
        actor: &Member,
        leave: Option<Leave>,
    ) -> Result<(), AccountError> {
        let _exclusive = self.office.exclusive().await;
        let member = Member {
            leave,
            ..self.member(actor.id).await?
        };
        self.change(actor, Kind::LeaveSet, member, None).await
    }

    /// Vouches that a key is the one of the person whose account it is, who read `code` to the officer; she gets the keys
    /// of the cases that she may see; where the office is sealed, once it is open.
    ///
    /// # Errors
    /// [`AccountError`].
    pub async fn confirm(
        &self,
        officer: &Member,
        id: MemberId,
        code: &str,
    ) -> Result<(), AccountError> {
        check_role(officer, &[Role::Dispatcher, Role::Supervisor])?;
        if !officer.confirmed {
            return Err(AccountError::NotPermitted);
        }
        if officer.id == id {
            return Err(AccountError::Oneself);
        }
        let _exclusive = self.office.exclusive().await;
        let member = self.member(id).await?;
        let known = member.key_code();
        let known = known.filter(|_| member.active && !member.confirmed);
        let known = known.ok_or(AccountError::NothingToConfirm)?;
        if !known.is(code) {
            let act = Act::new(Kind::KeyConfirmed).of(id.0).failed();
            self.office
                .audit_log()
                .record(Some(officer.id), act)
                .await?;
            return Err(AccountError::WrongCode);
        }
        let member = Member {
            confirmed: true,
            ..member
        };
        self.change(officer, Kind::KeyConfirmed, member, None).await
    }

    pub(super) async fn member(&self, id: MemberId) -> Result<Member, AccountError> {
        let member = self.store.member(id).await?;
        member.ok_or(AccountError::Missing)
    }

    /// Changes an account together with the keys that follow from it. The caller holds the lock.
    pub(super) async fn change(
        &self,
        actor: &Member,
        kind: Kind,
        member: Member,
        credentials: Option<Credentials>,
    ) -> Result<(), AccountError> {
        let locked = self.office.locked;
        let (given, taken, rewraps) = if member.is_reader() && !locked {
            let rewraps = self.office.rewraps_of(&member).await?;
            let given = rewraps.iter().any(|one| !one.give.is_empty());
            let taken = rewraps.iter().any(|one| !one.take.is_empty());
            (given, taken, rewraps)
        } else {
            let held = self
                .office
                .caseload(|caseload| caseload.holds_any(member.id));
            (false, !member.is_reader() && (held || locked), Vec::new())
        };
        let of = |kind| Act::new(kind).of(member.id.0);
        let acts: Vec<Act> = [
            Some(of(kind)),
            taken.then(|| of(Kind::KeysTaken)),
            given.then(|| of(Kind::KeysGiven)),
        ]
        .into_iter()
        .flatten()
        .collect();
        let audit_log = self.office.audit_log();
        for act in &acts {
            audit_log.record(Some(actor.id), *act).await?;
        }
        let change = MemberChange {
            member,
            credentials,
            rewraps,
        };
        let done = self.store.change(&change).await;
        if !matches!(done, Ok(true)) {
            // Where the answer was lost it may be stored.
            self.office.align_anew().await;
            for act in acts {
                audit_log.record(Some(actor.id), act.failed()).await?;
            }
        }
        if !done? {
            return Err(AccountError::Missing);
        }
        self.office.caseload_mut(|caseload| {
            if change.member.is_reader() {
                caseload.rewrap(&change.rewraps);
            } else {
                caseload.forget_holder(change.member.id);
            }
        });
        self.office.aligned_with(&change.member).await;
        Ok(())
    }
}

pub(super) fn check_role(actor: &Member, allowed: &[Role]) -> Result<(), AccountError> {
    let may = actor.active && allowed.contains(&actor.role);
    may.then_some(()).ok_or(AccountError::NotPermitted)
}
