//! Accounts: the administrator lists, adds, deactivates, and resets passwords.

use super::WebState;
use super::page::{Page, Typed, admit, failed, render, see};
use crate::entropy::random_id;
use crate::storage::StoreError;
use crate::tip::Language;
use crate::triage::staff::{Member, MemberId, Role};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Form};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use std::collections::HashMap;
use zeroize::Zeroizing;

const FIELDS: [&str; 6] = [
    "login",
    "name",
    "email",
    "unit",
    "recused_schools",
    "recused_names",
];

#[derive(Template)]
#[template(path = "staff_accounts.html")]
struct AccountsPage<'a> {
    p: &'a Page<'a>,
    members: Vec<(String, Member)>,
    fields: [&'static str; 6],
    roles: [Role; 5],
    f: &'a Typed,
    error: String,
}

async fn page(
    state: &WebState,
    lang: Language,
    viewer: &Member,
    typed: &Typed,
    error: &str,
) -> HttpResponse {
    let members = match state.sign_in.store.members().await {
        Ok(members) => members,
        Err(cause) => return failed(state, lang, &cause),
    };
    let p = Page::new(state, lang, Some(viewer), "accounts");
    let (status, error) = if error.is_empty() {
        (StatusCode::OK, String::new())
    } else {
        (StatusCode::UNPROCESSABLE_ENTITY, p.w.say(error))
    };
    let members = members
        .into_iter()
        .map(|member| (hex::encode(member.id.0), member))
        .collect();
    render(
        status,
        &AccountsPage {
            p: &p,
            members,
            fields: FIELDS,
            roles: Role::ALL,
            f: typed,
            error,
        },
    )
}

pub(super) async fn list(request: HttpRequest, state: Data<WebState>) -> HttpResponse {
    match admit(&request, &state, &[Role::Administrator]).await {
        Ok((lang, member)) => page(&state, lang, &member, &Typed::default(), "").await,
        Err(answer) => answer,
    }
}

fn split(list: &str) -> Vec<String> {
    let parts = list.split([',', '，', '、']).map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

fn member_from(typed: &Typed, id: [u8; 16]) -> Option<Member> {
    let text = |name| Some(typed.get(name).trim()).filter(|text| text.chars().count() <= 200);
    let (login, name, unit) = (text("login")?, text("name")?, text("unit")?);
    (!login.is_empty() && !name.is_empty()).then_some(())?;
    Some(Member {
        id: MemberId(id),
        login: login.to_owned(),
        name: name.to_owned(),
        role: Role::from_code(typed.get("role"))?,
        unit: (!unit.is_empty()).then(|| unit.to_owned()),
        email: text("email")?.to_owned(),
        recused_schools: split(typed.get("recused_schools")),
        recused_names: split(typed.get("recused_names")),
        active: true,
    })
}

pub(super) async fn add(
    request: HttpRequest,
    state: Data<WebState>,
    form: Form<HashMap<String, String>>,
) -> HttpResponse {
    let (lang, viewer) = match admit(&request, &state, &[Role::Administrator]).await {
        Ok(admitted) => admitted,
        Err(answer) => return answer,
    };
    let mut fields = form.into_inner();
    let password = Zeroizing::new(fields.remove("password").unwrap_or_default());
    let typed = Typed {
        action: "add".to_owned(),
        fields,
    };
    let Some(member) = member_from(&typed, random_id(&*state.entropy)) else {
        return page(&state, lang, &viewer, &typed, "error-account").await;
    };
    let Ok(password) = state.sign_in.passwords.hash(password).await else {
        return page(&state, lang, &viewer, &typed, "error-account").await;
    };
    match state.sign_in.store.add(&member, &password).await {
        Ok(true) => see(&format!("/{lang}/accounts")),
        Ok(false) => page(&state, lang, &viewer, &typed, "error-login-taken").await,
        Err(error) => failed(&state, lang, &error),
    }
}

pub(super) async fn change(
    request: HttpRequest,
    state: Data<WebState>,
    form: Form<HashMap<String, String>>,
) -> HttpResponse {
    let (lang, viewer) = match admit(&request, &state, &[Role::Administrator]).await {
        Ok(admitted) => admitted,
        Err(answer) => return answer,
    };
    let part = |name| request.match_info().get(name).unwrap_or_default();
    let mut id = [0; 16];
    let known = hex::decode_to_slice(part("id"), &mut id).is_ok();
    let id = MemberId(id);
    let none = Typed::default();
    let done: Result<bool, StoreError> = match part("action") {
        _ if !known => Ok(false),
        "deactivate" if id == viewer.id => {
            return page(&state, lang, &viewer, &none, "error-self").await;
        }
        "deactivate" => deactivate(&state, id).await,
        "password" => {
            let password = form.into_inner().remove("password").unwrap_or_default();
            match state.sign_in.passwords.hash(Zeroizing::new(password)).await {
                Ok(hash) => state.sign_in.store.set_password(id, &hash).await,
                Err(_) => return page(&state, lang, &viewer, &none, "error-account").await,
            }
        }
        _ => Ok(false),
    };
    match done {
        Ok(true) => {
            state.sign_in.sessions.end_all_of(id);
            see(&format!("/{lang}/accounts"))
        }
        Ok(false) => {
            Page::new(&state, lang, None, "accounts").plain(StatusCode::NOT_FOUND, "missing")
        }
        Err(error) => failed(&state, lang, &error),
    }
}

async fn deactivate(state: &WebState, id: MemberId) -> Result<bool, StoreError> {
    match state.sign_in.store.member(id).await? {
        Some(mut member) => {
            member.active = false;
            state.sign_in.store.update(&member).await
        }
        None => Ok(false),
    }
}
