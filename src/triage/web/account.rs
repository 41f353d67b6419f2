//! One account: its page, and what is changed of it.

use super::WebState;
use super::account_form::{
    AccountForm, FIELDS, Wrong, leave_fields, member_from, said, skill_field, titles_field,
};
use super::accounts::{hashed, member_id, page, refused, told};
use super::asked::{Administrators, Admitted, Sent};
use super::page::{Notice, Page, SubmittedForm, failed, render, see};
use crate::administration::{AccountError, Accounts, Outcome};
use crate::model::{Member, Role};
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use mifeng_foundation::words::Language;
use std::collections::HashMap;
use zeroize::Zeroizing;

#[derive(Template)]
#[template(path = "staff_account.html")]
struct AccountPage<'a> {
    p: &'a Page<'a>,
    id: String,
    login: String,
    form: AccountForm<'a>,
    error: String,
}

/// The account in the address, or the page that says that there is none.
pub(super) async fn account(
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
    let accounts = Accounts::new(&state.office, &*state.sign_in.store);
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
    let member = match member_from(&typed, account.id.0, &state.office.rules()) {
        Ok(member) => member,
        Err(wrong) => return edit_page(state, lang, viewer, account, &typed, Some(wrong)),
    };
    let accounts = Accounts::new(&state.office, &*state.sign_in.store);
    match accounts.edit(viewer, member).await {
        Ok(_) => see(&format!("/{lang}/accounts")),
        Err(error) => match told(&error) {
            Some(wrong) => edit_page(state, lang, viewer, account, &typed, Some(wrong)),
            None => refused(state, lang, Some(viewer), error),
        },
    }
}
