//! Accounts: the administrator lists, adds, changes, deactivates, and resets passwords. None of it lets him read a tip:
//! see [`crate::desk::accounts`].

use super::WebState;
use super::account_form::{
    AccountForm, FIELDS, Wrong, leave_fields, member_from, said, skill_field, titles_field,
};
use super::asked::{Administrators, Admitted, Sent};
use super::page::{Notice, Page, SubmittedForm, failed, render, see};
use super::refusal::refuse;
use crate::desk::RequestView;
use crate::desk::accounts::{AccountError, Outcome};
use crate::model::{Member, MemberId, Role, Viewer};
use crate::staff::{PasswordError, StoredPassword};
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use mifeng_foundation::entropy::random_id;
use mifeng_foundation::words::Language;
use std::collections::HashMap;
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

#[derive(Template)]
#[template(path = "staff_account.html")]
struct AccountPage<'a> {
    p: &'a Page<'a>,
    id: String,
    login: String,
    form: AccountForm<'a>,
    error: String,
}

async fn page(
    state: &WebState,
    lang: Language,
    viewer: &Viewer,
    typed: &SubmittedForm,
    wrong: Option<Wrong>,
) -> HttpResponse {
    let accounts = state.desk.accounts(&*state.sign_in.store);
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

/// The account in the address, or the page that says that there is none.
async fn account(
    request: &HttpRequest,
    state: &WebState,
    lang: Language,
) -> Result<Member, HttpResponse> {
    let missing =
        || Page::new(state, lang, None, "accounts").plain(StatusCode::NOT_FOUND, Notice::Missing);
    let id = member_id(request).ok_or_else(missing)?;
    let found = state.sign_in.store.member(id).await;
    let found = found.map_err(|cause| failed(state, lang, &cause))?;
    found.ok_or_else(missing)
}

/// The member whose id stands in the address.
pub(super) fn member_id(request: &HttpRequest) -> Option<MemberId> {
    mifeng_foundation::entropy::parse_id(request.match_info().query("id")).map(MemberId)
}

fn edit_page(
    state: &WebState,
    lang: Language,
    viewer: &Member,
    account: &Member,
    typed: &SubmittedForm,
    wrong: Option<Wrong>,
) -> HttpResponse {
    let id = hex::encode(account.id.0);
    let p = Page::new(state, lang, Some(viewer), "accounts").at(format!("accounts/{id}"));
    let (status, error, wrong) = said(&p, wrong);
    let form = AccountForm {
        p: &p,
        fields: &FIELDS[1..],
        roles: Role::ALL,
        f: typed,
        wrong,
    };
    let login = account.login.clone();
    render(
        status,
        &AccountPage {
            p: &p,
            id,
            login,
            form,
            error,
        },
    )
}

/// One account, to be changed.
pub(super) async fn show(
    who: Admitted<Administrators>,
    request: HttpRequest,
    state: Data<WebState>,
) -> HttpResponse {
    let (lang, viewer) = (who.lang, who.viewer);
    let account = match account(&request, &state, lang).await {
        Ok(account) => account,
        Err(answer) => return answer,
    };
    let list = |list: &[String]| list.join(", ");
    let fields = [
        ("name", account.name.clone()),
        ("email", account.email.clone()),
        ("unit", account.unit.clone().unwrap_or_default()),
        ("role", account.role.code().to_owned()),
        ("titles", titles_field(&account.titles)),
        ("recused_schools", list(&account.recused_schools)),
        ("recused_names", list(&account.recused_names)),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value));
    let skills = account.skills.iter();
    let skills = skills.map(|skill| (skill_field(*skill), "yes".to_owned()));
    let typed = SubmittedForm {
        action: "edit".to_owned(),
        fields: fields
            .into_iter()
            .chain(leave_fields(account.leave))
            .chain(skills)
            .collect(),
    };
    edit_page(&state, lang, &viewer, &account, &typed, None)
}

pub(super) async fn add(sent: Sent<Administrators>, state: Data<WebState>) -> HttpResponse {
    let (lang, viewer) = (sent.lang, sent.viewer);
    let mut fields = sent.fields;
    let password = Zeroizing::new(fields.remove("password").unwrap_or_default());
    let typed = SubmittedForm {
        action: "add".to_owned(),
        fields,
    };
    let member = match member_from(&typed, random_id(&*state.entropy), &state.desk.rules()) {
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
    let accounts = state.desk.accounts(&*state.sign_in.store);
    match accounts.add(&viewer, member, password).await {
        Ok(()) => see(&format!("/{lang}/accounts")),
        Err(error) => match told(&error) {
            Some(wrong) => page(&state, lang, &viewer, &typed, Some(wrong)).await,
            None => refused(&state, lang, Some(&viewer), error),
        },
    }
}

/// The hash of a new password for an account, or the key of the words that say why there is none.
async fn hashed(
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
        | AccountError::Desk(_)
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
        AccountError::Desk(error) => refuse(state, lang, member, &error),
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

/// What can be done with an account, by the last word of the address. What is not named here is not done.
pub const ACTIONS: [&str; 3] = ["edit", "password", "deactivate"];

pub(super) async fn change(
    sent: Sent<Administrators>,
    request: HttpRequest,
    state: Data<WebState>,
) -> HttpResponse {
    let (lang, viewer) = (sent.lang, sent.viewer);
    let account = match account(&request, &state, lang).await {
        Ok(account) => account,
        Err(answer) => return answer,
    };
    let action = request.match_info().query("action");
    let mut fields = sent.fields;
    if action == "edit" {
        return edit(&state, lang, &viewer, &account, fields).await;
    }
    let accounts = state.desk.accounts(&*state.sign_in.store);
    let done = match action {
        _ if !ACTIONS.contains(&action) => Err(AccountError::Missing),
        "password" => {
            let password = Zeroizing::new(fields.remove("password").unwrap_or_default());
            let hash = match hashed(&state, &account, password).await {
                Ok(hash) => hash,
                Err(key) => {
                    let wrong = Some(("", key));
                    return page(&state, lang, &viewer, &SubmittedForm::default(), wrong).await;
                }
            };
            accounts.reset(&viewer, account.id, hash).await
        }
        "deactivate" => accounts.close(&viewer, account.id).await,
        _ => Err(AccountError::Missing),
    };
    match done {
        Ok(outcome) => {
            if outcome == Outcome::Done {
                state.sign_in.sessions.end_all_of(account.id);
            }
            see(&format!("/{lang}/accounts"))
        }
        Err(error) => match told(&error) {
            Some(wrong) => {
                page(
                    &state,
                    lang,
                    &viewer,
                    &SubmittedForm::default(),
                    Some(wrong),
                )
                .await
            }
            None => refused(&state, lang, Some(&viewer), error),
        },
    }
}

/// Changes an account. What it may do is looked up for each request: its sessions go on.
async fn edit(
    state: &WebState,
    lang: Language,
    viewer: &Member,
    account: &Member,
    fields: HashMap<String, String>,
) -> HttpResponse {
    let mut typed = SubmittedForm {
        action: "edit".to_owned(),
        fields,
    };
    // The login stays as it is.
    let login = account.login.clone();
    typed.fields.insert("login".to_owned(), login);
    let member = match member_from(&typed, account.id.0, &state.desk.rules()) {
        Ok(member) => member,
        Err(wrong) => return edit_page(state, lang, viewer, account, &typed, Some(wrong)),
    };
    let accounts = state.desk.accounts(&*state.sign_in.store);
    match accounts.edit(viewer, member).await {
        Ok(_) => see(&format!("/{lang}/accounts")),
        Err(error) => match told(&error) {
            Some(wrong) => edit_page(state, lang, viewer, account, &typed, Some(wrong)),
            None => refused(state, lang, Some(viewer), error),
        },
    }
}
