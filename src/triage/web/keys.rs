//! Accounts that wait for an officer to vouch for their keys: he hears the code from the person herself.

use super::WebState;
use super::accounts::{member_id, refused, told};
use super::asked::{Admitted, Officers, Sent};
use super::page::{Page, failed, render, see};
use crate::administration::{AccountError, Accounts, RequestView};
use crate::model::{Member, Viewer};
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use mifeng_foundation::words::Language;

#[derive(Template)]
#[template(path = "staff_keys.html")]
struct KeysPage<'a> {
    p: &'a Page<'a>,
    waiting: Vec<(String, Member)>,
    /// Who has a second factor.
    by_two: Vec<(String, Member)>,
    /// Whose code was wrong, and what is said of it.
    wrong: (String, String),
    error: String,
    /// Changes of accounts that wait for an officer.
    requests: Vec<RequestView>,
}

impl KeysPage<'_> {
    fn wrong(&self, id: &str) -> &str {
        if self.wrong.0 == id {
            &self.wrong.1
        } else {
            ""
        }
    }

    fn is_own(&self, member: &Member) -> bool {
        self.p.member.is_some_and(|viewer| viewer.id == member.id)
    }
}

impl Page<'_> {
    /// A school's name; its id if the rules no longer have it.
    pub fn school(&self, id: &str) -> String {
        let rules = self.state.office.rules();
        let school = rules.school_by_id(id);
        school.map_or(id, |school| school.name.as_str()).to_owned()
    }
}

async fn page(
    state: &WebState,
    lang: Language,
    viewer: &Viewer,
    wrong: Option<(String, &AccountError)>,
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
    let factors = match state.sign_in.store.second_factors().await {
        Ok(factors) => factors,
        Err(cause) => return failed(state, lang, &cause),
    };
    let named = |member: Member| (hex::encode(member.id.0), member);
    let by_two = members
        .iter()
        .filter(|one| one.active && factors.contains(&one.id));
    let by_two = by_two.cloned().map(named).collect();
    let waits = |member: &Member| member.active && !member.confirmed && member.role.reads_tips();
    let waiting = members.into_iter().filter(waits);
    let p = Page::new(state, lang, Some(viewer), "keys");
    let said = wrong.and_then(|(id, error)| Some((id, told(error)?)));
    let status = said
        .as_ref()
        .map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    let (wrong, error) = match said {
        None => Default::default(),
        Some((_, ("", key))) => ((String::new(), String::new()), p.w.say(key)),
        Some((id, (_, key))) => ((id, p.w.say(key)), String::new()),
    };
    let waiting = waiting.map(named).collect();
    render(
        status,
        &KeysPage {
            p: &p,
            waiting,
            by_two,
            wrong,
            error,
            requests,
        },
    )
}

pub(super) async fn list(who: Admitted<Officers>, state: Data<WebState>) -> HttpResponse {
    page(&state, who.lang, &who.viewer, None).await
}

pub(super) async fn confirm(
    sent: Sent<Officers>,
    request: HttpRequest,
    state: Data<WebState>,
) -> HttpResponse {
    let (lang, viewer, form) = (sent.lang, sent.viewer, sent.fields);
    let Some(id) = member_id(&request) else {
        return refused(&state, lang, Some(&viewer), AccountError::Missing);
    };
    let code = form.get("code").map_or("", String::as_str);
    let accounts = Accounts::new(&state.office, &*state.sign_in.store);
    match accounts.confirm(&viewer, id, code).await {
        Ok(()) => see(&format!("/{lang}/keys")),
        Err(error) if told(&error).is_some() => {
            page(&state, lang, &viewer, Some((hex::encode(id.0), &error))).await
        }
        Err(error) => refused(&state, lang, Some(&viewer), error),
    }
}
