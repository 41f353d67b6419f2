//! Changes of accounts that an administrator does not make alone, since they take away access to many cases or that of a case's
//! last officer: an officer signs them, or refuses with a reason. What protects one case or another by taking away one
//! person's access to it is done at once.

use super::account_error::AccountError;
use super::accounts::{Accounts, Outcome, check_role};
use super::signing_requests::may_sign;
use crate::audit::{Act, Kind};
use crate::model::{Leave, Member, MemberId, Role, Viewer};
use crate::office::{OfficeError, loss_of, open_json, takes_two};
use crate::staff::{AccountRequest, Credentials, RequestKind, StoredPassword};
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::Category;
use serde::{Deserialize, Serialize};

/// What can be changed of an account by an administrator, as it is kept while it waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    name: String,
    role: Role,
    unit: Option<String>,
    email: String,
    recused_schools: Vec<String>,
    recused_names: Vec<String>,
    active: bool,
    confirmed: bool,
    recipient: Option<String>,
    leave: Option<(Day, Day)>,
    skills: Vec<Category>,
}

impl State {
    pub(super) fn of(member: &Member) -> String {
        let state = Self {
            name: member.name.clone(),
            role: member.role,
            unit: member.unit.clone(),
            email: member.email.clone(),
            recused_schools: member.recused_schools.clone(),
            recused_names: member.recused_names.clone(),
            active: member.active,
            confirmed: member.confirmed,
            recipient: member.recipient.as_ref().map(ToString::to_string),
            leave: member.leave.map(|leave| (leave.from(), leave.to())),
            skills: member.skills.clone(),
        };
        serde_json::to_string(&state).expect("strings, days and codes always have a JSON form")
    }

    /// The account that was to be, made of the one that is: nothing but what was asked for changes.
    pub(super) fn put_on(text: &str, member: &Member) -> Result<Member, OfficeError> {
        let state: Self = serde_json::from_str(text).map_err(|_| OfficeError::Damaged)?;
        let recipient = member.recipient.clone();
        Ok(Member {
            name: state.name,
            role: state.role,
            unit: state.unit,
            email: state.email,
            recused_schools: state.recused_schools,
            recused_names: state.recused_names,
            active: state.active,
            confirmed: state.confirmed,
            recipient: recipient.filter(|_| state.recipient.is_some()),
            leave: state.leave.and_then(|(from, to)| Leave::new(from, to)),
            skills: state.skills,
            ..member.clone()
        })
    }
}

/// A change that may have to wait.
pub(super) struct Asking {
    kind: RequestKind,
    before: String,
    password: Option<StoredPassword>,
}

impl Asking {
    pub(super) fn of(kind: RequestKind, before: &Member, password: Option<StoredPassword>) -> Self {
        Self {
            kind,
            before: State::of(before),
            password,
        }
    }
}

/// A change that waits or was refused, as a page shows it.
#[derive(Clone, Debug)]
pub struct RequestView {
    /// What an officer signs, hex.
    pub id: String,
    /// What is to be done.
    pub kind: RequestKind,
    /// The account as it is.
    pub before: Member,
    /// The account as it shall be.
    pub after: Member,
    /// Who asked.
    pub asked_by: String,
    /// When.
    pub asked_day: Day,
    /// To how many cases it takes access away, by today's count.
    pub cases: u32,
    /// How many of these nobody else would oversee.
    pub orphaned: u32,
    /// Whether the viewer can sign or refuse it.
    pub can_sign: bool,
    /// Whether the viewer asked for it, and can take it back.
    pub is_own: bool,
    /// Who refused it, when, and why as far as the viewer asked for it.
    pub refused: Option<(String, Day, String)>,
}

impl Accounts<'_> {
    /// Makes a change, or has it wait for an officer where the administrator does not make it alone. The caller holds the lock.
    pub(super) async fn change_or_ask(
        &self,
        actor: &Member,
        kind: Kind,
        after: Member,
        asked: Asking,
    ) -> Result<Outcome, AccountError> {
        let office = self.office;
        let members = self.store.members().await?;
        let loss = loss_of(office, &after, &members).await?;
        let today = office.today();
        let since = today.plus_days(-i32::from(office.two_persons.within_days));
        let taken = self.store.access_taken_since(since).await?;
        if takes_two(office, after.id, loss, &taken) {
            let act = Act::new(Kind::AccountChangeAsked)
                .of(after.id.0)
                .detailed(asked.kind.code());
            let request = AccountRequest {
                id: office.new_id(),
                member: after.id,
                kind: asked.kind,
                asked_by: actor.id,
                asked_day: today,
                before: asked.before,
                after: State::of(&after),
                password: asked.password,
                refusal: None,
            };
            let put = self.store.put_account_request(&request);
            office.audit_log().around(Some(actor.id), act, put).await?;
            return Ok(Outcome::Asked);
        }
        if loss.cases > 0 {
            self.store
                .note_access_taken(after.id, today, loss.cases, since)
                .await?;
        }
        let credentials = asked.password.map(Credentials::set_by_another);
        self.change(actor, kind, after, credentials).await?;
        Ok(Outcome::Done)
    }

    /// The changes that wait, and those that were refused lately.
    ///
    /// # Errors
    /// [`AccountError::NotPermitted`] for all but administrators and officers.
    pub async fn requests(&self, viewer: &Viewer) -> Result<Vec<RequestView>, AccountError> {
        check_role(
            viewer,
            &[Role::Administrator, Role::Dispatcher, Role::Supervisor],
        )?;
        let members = self.store.members().await?;
        let mut views = Vec::new();
        for request in self.fresh().await? {
            let Some(before) = members.iter().find(|one| one.id == request.member) else {
                continue;
            };
            let after = State::put_on(&request.after, before)?;
            let loss = loss_of(self.office, &after, &members).await?;
            let named = |id: MemberId| {
                let member = members.iter().find(|one| one.id == id);
                member.map_or_else(String::new, |one| one.name.clone())
            };
            let is_own = request.asked_by == viewer.id;
            let refused = request.refusal.as_ref().map(|refusal| {
                let why = open_json::<String>(viewer.identity(), &refusal.why);
                (named(refusal.by), refusal.day, why.unwrap_or_default())
            });
            views.push(RequestView {
                id: hex::encode(request.id),
                kind: request.kind,
                asked_by: named(request.asked_by),
                asked_day: request.asked_day,
                cases: loss.cases,
                orphaned: loss.orphaned,
                can_sign: refused.is_none() && may_sign(viewer, &request),
                is_own,
                refused,
                before: before.clone(),
                after,
            });
        }
        views.sort_by(|a, b| (a.asked_day, &a.before.login).cmp(&(b.asked_day, &b.before.login)));
        Ok(views)
    }

    /// How many changes wait for the signature of `viewer`.
    ///
    /// # Errors
    /// What the store says.
    pub async fn to_sign(&self, viewer: &Member) -> Result<usize, AccountError> {
        let fresh = self.fresh().await?;
        let waits =
            |request: &&AccountRequest| request.refusal.is_none() && may_sign(viewer, request);
        Ok(fresh.iter().filter(waits).count())
    }
}
