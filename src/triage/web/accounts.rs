//! Accounts: the administrator lists, adds, changes, deactivates, and resets passwords. None of it lets him read a tip:
//! see [`crate::administration::accounts`].

use super::WebState;
use super::account_form::{AccountForm, FIELDS, Wrong, member_from, said};
use super::asked::{Administrators, Admitted, Sent};
use super::page::{Notice, Page, SubmittedForm, failed, render, see};
use super::refusal::refuse;
use crate::administration::{AccountError, Accounts, RequestView};
use crate::model::{Member, MemberId, Role, Viewer};
use crate::staff::{PasswordError, StoredPassword};
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use mifeng_foundation::entropy::random_id;
use mifeng_foundation::words::Language;
use zeroize::Zeroizing;

#[derive(Template)]
#[template(path = "staff_accounts.html")]
struct AccountsPage<'a> {
    p: &'a Page<'a>,
    members: Vec<(String, Member)>,
    form: AccountForm<'a>,
    /// What is wrong, but not with a field.
    error: String,
    /// Changes that wait for an officer.
    requests: Vec<RequestView>,
}

pub(super) async fn page(
    state: &WebState,
    lang: Language,
    viewer: &Viewer,
    typed: &SubmittedForm,
    wrong: Option<Wrong>,
) -> HttpResponse {
    let accounts = Accounts::new(&state.office, &*state.sign_in.store);
    let requests = match accounts.requests(viewer).await {
        Ok(requests) => requests,
        Err(error) => return refused(state, lang, Some(viewer), error),
    };
    let members = match state.sign_in.store.members().await {
        Ok(members) => members,
        Err(cause) => return failed(state, lang, &cause),
    };
    let p = Page::new(state, lang, Some(viewer), "accounts");
    let (status, error, wrong) = said(&p, wrong);
    let members = members
        .into_iter()
        .map(|member| (hex::encode(member.id.0), member))
        .collect();
    let form = AccountForm {
        p: &p,
        fields: &FIELDS,
        roles: Role::ALL,
        f: typed,
        wrong,
    };
    render(
        status,
        &AccountsPage {
            p: &p,
            members,
            form,
            error,
            requests,
        },
    )
}

pub(super) async fn list(who: Admitted<Administrators>, state: Data<WebState>) -> HttpResponse {
    page(
        &state,
        who.lang,
        &who.viewer,
        &SubmittedForm::default(),
        None,
    )
    .await
}

/// The member whose id stands in the address.
pub(super) fn member_id(request: &HttpRequest) -> Option<MemberId> {
    mifeng_foundation::entropy::parse_id(request.match_info().query("id")).map(MemberId)
}

pub(super) async fn add(sent: Sent<Administrators>, state: Data<WebState>) -> HttpResponse {
    let (lang, viewer) = (sent.lang, sent.viewer);
    let mut fields = sent.fields;
    let password = Zeroizing::new(fields.remove("password").unwrap_or_default());
    let typed = SubmittedForm {
        action: "add".to_owned(),
        fields,
    };
    let member = match member_from(&typed, random_id(&*state.entropy), &state.office.rules()) {
        Ok(member) => member,
        Err(wrong) => return page(&state, lang, &viewer, &typed, Some(wrong)).await,
    };
    let password = match hashed(&state, &member, password).await {
        Ok(password) => password,
        Err(key) => {
            let wrong = Some(("password", key));
            return page(&state, lang, &viewer, &typed, wrong).await;
        }
    };
    let accounts = Accounts::new(&state.office, &*state.sign_in.store);
    match accounts.add(&viewer, member, password).await {
        Ok(()) => see(&format!("/{lang}/accounts")),
        Err(error) => match told(&error) {
            Some(wrong) => page(&state, lang, &viewer, &typed, Some(wrong)).await,
            None => refused(&state, lang, Some(&viewer), error),
        },
    }
}

/// The hash of a new password for an account, or the key of the words that say why there is none.
pub(super) async fn hashed(
    state: &WebState,
    member: &Member,
    password: Zeroizing<String>,
) -> Result<StoredPassword, &'static str> {
    let (zh, en) = &state.office_names;
    let about = [member.login.as_str(), &member.name, zh, en];
    let passwords = &state.sign_in.passwords;
    let fits = passwords.check_new(&password, &about).await;
    fits.map_err(|error| match error {
        PasswordError::Common => "error-password-common",
        PasswordError::Length | PasswordError::Failed => "error-password",
    })?;
    let hash = passwords.hash(password).await;
    hash.map_err(|_| "error-password")
}

/// What is told beside the form; `None` for what has a page of its own.
pub(super) fn told(error: &AccountError) -> Option<Wrong> {
    match error {
        AccountError::LoginTaken => Some(("login", "error-login-taken")),
        AccountError::Oneself => Some(("", "error-self")),
        AccountError::WrongCode => Some(("code", "error-key-code")),
        AccountError::NothingToConfirm => Some(("", "error-key-nothing")),
        AccountError::Missing
        | AccountError::NotPermitted
        | AccountError::Changed
        | AccountError::BadText
        | AccountError::Office(_)
        | AccountError::Store(_) => None,
    }
}

/// The page for an account that was not changed.
pub(super) fn refused(
    state: &WebState,
    lang: Language,
    member: Option<&Member>,
    error: AccountError,
) -> HttpResponse {
    let plain = |status, key| Page::new(state, lang, member, "accounts").plain(status, key);
    match error {
        AccountError::Missing => plain(StatusCode::NOT_FOUND, Notice::Missing),
        AccountError::Office(error) => refuse(state, lang, member, &error),
        AccountError::Store(error) => failed(state, lang, &error),
        AccountError::Changed | AccountError::BadText => {
            plain(StatusCode::CONFLICT, Notice::Failed)
        }
        AccountError::LoginTaken
        | AccountError::Oneself
        | AccountError::WrongCode
        | AccountError::NothingToConfirm
        | AccountError::NotPermitted => plain(StatusCode::FORBIDDEN, Notice::Refused),
    }
}
