//! Accounts: the administrator lists, adds, deactivates, and resets passwords.

use super::WebState;
use super::page::{Page, Typed, admit, failed, render, see};
use crate::entropy::random_id;
use crate::storage::StoreError;
use crate::tip::Language;
use crate::triage::routing::Rules;
use crate::triage::staff::{Member, MemberId, Role};
use crate::triage::trail::{Act, Kind};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Form};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use std::collections::HashMap;
use zeroize::Zeroizing;

const FIELDS: [&str; 5] = ["login", "name", "email", "recused_schools", "recused_names"];

/// The field that is wrong (empty for none in particular), and the key of the words that say how.
type Wrong = (&'static str, &'static str);

#[derive(Template)]
#[template(path = "staff_accounts.html")]
struct AccountsPage<'a> {
    p: &'a Page<'a>,
    members: Vec<(String, Member)>,
    fields: [&'static str; 5],
    roles: [Role; 5],
    f: &'a Typed,
    error: (&'static str, String),
}

impl AccountsPage<'_> {
    /// What is wrong with a field of the new account, if anything.
    fn wrong(&self, field: &str) -> &str {
        if self.error.0 == field {
            &self.error.1
        } else {
            ""
        }
    }
}

async fn page(
    state: &WebState,
    lang: Language,
    viewer: &Member,
    typed: &Typed,
    error: Option<Wrong>,
) -> HttpResponse {
    let members = match state.sign_in.store.members().await {
        Ok(members) => members,
        Err(cause) => return failed(state, lang, &cause),
    };
    let p = Page::new(state, lang, Some(viewer), "accounts");
    let status = error.map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    let error = error
        .map(|(field, key)| (field, p.w.say(key)))
        .unwrap_or_default();
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
        Ok((lang, member)) => page(&state, lang, &member, &Typed::default(), None).await,
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

/// Ids of the schools that were typed as ids, names or short forms.
fn school_ids(rules: &Rules, list: &str) -> Option<Vec<String>> {
    let id = |typed: String| {
        let school = rules.school_by_id(&typed).or_else(|| rules.school(&typed));
        school.map(|school| school.id.clone())
    };
    split(list).into_iter().map(id).collect()
}

fn member_from(typed: &Typed, id: [u8; 16], rules: &Rules) -> Result<Member, Wrong> {
    let text = |name: &'static str| {
        let text = typed.get(name).trim();
        let fits = text.chars().count() <= 200;
        fits.then_some(text).ok_or((name, "error-bad-text"))
    };
    let given = |name| {
        let text = text(name)?;
        let given = !text.is_empty();
        given.then_some(text).ok_or((name, "error-bad-text"))
    };
    let unit = Some(text("unit")?).filter(|unit| !unit.is_empty());
    if unit.is_some_and(|unit| rules.unit(unit).is_none()) {
        return Err(("unit", "error-unit"));
    }
    let schools = typed.get("recused_schools");
    Ok(Member {
        id: MemberId(id),
        login: given("login")?.to_owned(),
        name: given("name")?.to_owned(),
        role: Role::from_code(typed.get("role")).ok_or(("role", "error-bad-text"))?,
        unit: unit.map(str::to_owned),
        email: text("email")?.to_owned(),
        recused_schools: school_ids(rules, schools).ok_or(("recused_schools", "error-school"))?,
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
    let member = match member_from(&typed, random_id(&*state.entropy), state.desk.rules()) {
        Ok(member) => member,
        Err(wrong) => return page(&state, lang, &viewer, &typed, Some(wrong)).await,
    };
    let Ok(password) = state.sign_in.passwords.hash(password).await else {
        let wrong = ("password", "error-password");
        return page(&state, lang, &viewer, &typed, Some(wrong)).await;
    };
    let act = Act::new(Kind::AccountAdded).of(member.id.0);
    if let Err(error) = state.desk.trail().record(Some(viewer.id), act).await {
        return failed(&state, lang, &error);
    }
    match state.sign_in.store.add(&member, &password).await {
        Ok(true) => see(&format!("/{lang}/accounts")),
        Ok(false) => {
            let wrong = ("login", "error-login-taken");
            if let Err(error) = state
                .desk
                .trail()
                .record(Some(viewer.id), act.failed())
                .await
            {
                return failed(&state, lang, &error);
            }
            page(&state, lang, &viewer, &typed, Some(wrong)).await
        }
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
    let trail = state.desk.trail();
    let record = async |kind| trail.record(Some(viewer.id), Act::new(kind).of(id.0)).await;
    let done: Result<bool, StoreError> = match part("action") {
        _ if !known => Ok(false),
        "deactivate" if id == viewer.id => {
            return page(&state, lang, &viewer, &none, Some(("", "error-self"))).await;
        }
        "deactivate" => match record(Kind::AccountClosed).await {
            Ok(()) => deactivate(&state, id).await,
            Err(error) => Err(error),
        },
        "password" => {
            let password = form.into_inner().remove("password").unwrap_or_default();
            match state.sign_in.passwords.hash(Zeroizing::new(password)).await {
                Ok(hash) => match record(Kind::PasswordSet).await {
                    Ok(()) => state.sign_in.store.set_password(id, &hash).await,
                    Err(error) => Err(error),
                },
                Err(_) => {
                    return page(&state, lang, &viewer, &none, Some(("", "error-password"))).await;
                }
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
