//! The second person's part: what was asked for is approved and carried out, refused or taken back.

use super::account_error::AccountError;
use super::account_requests::State;
use super::accounts::{Accounts, check_role};
use crate::audit::{Act, Kind};
use crate::casework::{REASON_MAX_CHARS, check_text};
use crate::model::{Member, MemberId, Role};
use crate::office::seal_json;
use crate::staff::{AccountRequest, Credentials, Refusal, RequestKind};

impl Accounts<'_> {
    /// An officer signs: the change is made.
    ///
    /// # Errors
    /// [`AccountError::NotPermitted`] for all but officers somebody vouched for; [`AccountError::Oneself`] for whose account it
    /// is; [`AccountError::Missing`] where nothing of this id waits; [`AccountError::Changed`] where the account was changed
    /// since, and the request is void.
    pub async fn approve_request(
        &self,
        officer: &Member,
        id: [u8; 16],
    ) -> Result<MemberId, AccountError> {
        check_officer(officer)?;
        let _exclusive = self.office.exclusive().await;
        let request = self.waiting(id).await?;
        check_other(officer, &request)?;
        let act = Act::new(Kind::AccountChangeApproved)
            .of(request.member.0)
            .detailed(request.kind.code());
        let audit_log = self.office.audit_log();
        audit_log.record(Some(officer.id), act).await?;
        let done = self.carry_out(officer, &request).await;
        if done.is_err() {
            audit_log.record(Some(officer.id), act.failed()).await?;
        }
        done.map(|()| request.member)
    }

    pub(super) async fn carry_out(
        &self,
        officer: &Member,
        request: &AccountRequest,
    ) -> Result<(), AccountError> {
        let before = self.member(request.member).await?;
        if !self.store.take_account_request(request.id).await? {
            return Err(AccountError::Missing);
        }
        if State::of(&before) != request.before {
            return Err(AccountError::Changed);
        }
        let after = State::put_on(&request.after, &before)?;
        let kind = match request.kind {
            RequestKind::Close => Kind::AccountClosed,
            RequestKind::Edit => Kind::AccountChanged,
            RequestKind::Reset => Kind::PasswordSet,
        };
        let credentials = request.password.clone().map(Credentials::set_by_another);
        self.change(officer, kind, after, credentials).await
    }

    /// An officer refuses with a reason, which whoever asked can read.
    ///
    /// # Errors
    /// As [`Self::approve_request`]; [`AccountError::BadText`].
    pub async fn refuse_request(
        &self,
        officer: &Member,
        id: [u8; 16],
        reason: &str,
    ) -> Result<(), AccountError> {
        check_officer(officer)?;
        check_text("reason", reason, REASON_MAX_CHARS).map_err(|_| AccountError::BadText)?;
        let _exclusive = self.office.exclusive().await;
        let request = self.waiting(id).await?;
        check_other(officer, &request)?;
        let asker = self.member(request.asked_by).await?;
        let why = match &asker.recipient {
            Some(recipient) => seal_json(&reason.trim(), recipient)?,
            None => Vec::new(),
        };
        let refused = AccountRequest {
            refusal: Some(Refusal {
                by: officer.id,
                day: self.office.today(),
                why,
            }),
            password: None,
            ..request
        };
        let act = Act::new(Kind::AccountChangeRefused)
            .of(refused.member.0)
            .detailed(refused.kind.code());
        let put = self.store.put_account_request(&refused);
        Ok(self
            .office
            .audit_log()
            .around(Some(officer.id), act, put)
            .await?)
    }

    /// Whoever asked takes it back, or takes note that it was refused.
    ///
    /// # Errors
    /// [`AccountError::NotPermitted`] for whoever did not ask; [`AccountError::Missing`].
    pub async fn withdraw_request(&self, actor: &Member, id: [u8; 16]) -> Result<(), AccountError> {
        check_role(actor, &[Role::Administrator])?;
        let _exclusive = self.office.exclusive().await;
        let known = self.store.account_requests().await?;
        let request = known.into_iter().find(|one| one.id == id);
        let request = request.ok_or(AccountError::Missing)?;
        if request.asked_by != actor.id {
            return Err(AccountError::NotPermitted);
        }
        let act = Act::new(Kind::AccountChangeWithdrawn)
            .of(request.member.0)
            .detailed(request.kind.code());
        let taken = self.store.take_account_request(id);
        self.office
            .audit_log()
            .around(Some(actor.id), act, taken)
            .await?;
        Ok(())
    }

    /// Requests that have not fallen away.
    pub(super) async fn fresh(&self) -> Result<Vec<AccountRequest>, AccountError> {
        let (today, days) = (self.office.today(), self.office.two_persons.request_days);
        let known = self.store.account_requests().await?;
        let fresh = known
            .into_iter()
            .filter(|one| today.days_since(one.asked_day) <= i32::from(days));
        Ok(fresh.collect())
    }

    /// The request with this id that waits.
    pub(super) async fn waiting(&self, id: [u8; 16]) -> Result<AccountRequest, AccountError> {
        let mut fresh = self.fresh().await?.into_iter();
        let found = fresh.find(|one| one.id == id && one.refusal.is_none());
        found.ok_or(AccountError::Missing)
    }
}

pub(super) fn may_sign(viewer: &Member, request: &AccountRequest) -> bool {
    check_officer(viewer).is_ok() && check_other(viewer, request).is_ok()
}

fn check_officer(officer: &Member) -> Result<(), AccountError> {
    check_role(officer, &[Role::Dispatcher, Role::Supervisor])?;
    officer
        .confirmed
        .then_some(())
        .ok_or(AccountError::NotPermitted)
}

/// Nobody signs for his own account, nor for what he asked himself.
fn check_other(officer: &Member, request: &AccountRequest) -> Result<(), AccountError> {
    let other = officer.id != request.member && officer.id != request.asked_by;
    other.then_some(()).ok_or(AccountError::Oneself)
}
