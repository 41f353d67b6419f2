//! The second factor: setting it up on one's own account, its codes at the door, and taking it off a colleague's account.

use super::WebState;
use super::account_form::Wrong;
use super::accounts::{member_id, refused};
use super::admission::{language, set_cookie, signed_in, source};
use super::asked::{Admitted, Officers};
use super::door::{came_in, login_page, told_to_wait};
use super::own_changes::is_right;
use super::page::{Notice, Page, failed, render, see};
use super::typed_form::Form;
use crate::administration::AccountError;
use crate::audit::{Act, Kind};
use crate::model::Member;
use crate::staff::{
    RECOVERY_CODES, RecoveryCode, SecondFactor, SignInError, SignedIn, StoredFactor,
};
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use mifeng_foundation::qr::Qr;
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::words::Language;
use std::collections::HashMap;
use std::sync::Arc;
use zeroize::Zeroizing;

#[derive(Template)]
#[template(path = "staff_factor.html")]
struct FactorPage<'a> {
    p: &'a Page<'a>,
    typed: Zeroizing<String>,
    qr: Option<Qr>,
    wrong: (&'static str, String),
}

impl FactorPage<'_> {
    fn wrong(&self, field: &str) -> &str {
        if self.wrong.0 == field {
            &self.wrong.1
        } else {
            ""
        }
    }
}

#[derive(Template)]
#[template(path = "staff_recovery.html")]
struct RecoveryPage<'a> {
    p: &'a Page<'a>,
    codes: Vec<Zeroizing<String>>,
}

#[derive(Template)]
#[template(path = "staff_code.html")]
struct CodePage<'a> {
    p: &'a Page<'a>,
    token: &'a str,
    error: String,
}

/// The page that asks for a code, after a password that was right; `token` says whose.
pub(super) fn code_page(
    state: &WebState,
    lang: Language,
    token: &str,
    (status, error): (StatusCode, String),
) -> HttpResponse {
    let p = Page::new(state, lang, None, "login");
    render(
        status,
        &CodePage {
            p: &p,
            token,
            error,
        },
    )
}

pub(super) async fn enter_code(
    request: HttpRequest,
    state: Data<WebState>,
    form: Form<HashMap<String, String>>,
) -> HttpResponse {
    let lang = match language(&request) {
        Ok(lang) => lang,
        Err(answer) => return answer,
    };
    let get = |name: &str| form.get(name).map_or("", String::as_str);
    let (token, words) = (get("token"), state.words.of(lang));
    let entered = state
        .sign_in
        .second_step(token, get("code"), source(&request));
    match entered.await {
        Ok(session) => came_in(&state, lang, &session).await,
        Err(SignInError::Over) => {
            let said = words.say("code-over");
            login_page(&state, lang, StatusCode::UNAUTHORIZED, "", said)
        }
        Err(SignInError::Wait(wait)) => told_to_wait(words, wait, |status, error| {
            code_page(&state, lang, token, (status, error))
        }),
        Err(SignInError::Store(error)) => failed(&state, lang, &error),
        Err(SignInError::Refused | SignInError::Key(_)) => {
            let error = words.say("code-refused");
            code_page(&state, lang, token, (StatusCode::UNAUTHORIZED, error))
        }
    }
}

fn page(
    state: &WebState,
    lang: Language,
    member: &Member,
    factor: &SecondFactor,
    wrong: Option<Wrong>,
) -> HttpResponse {
    let p = Page::new(state, lang, Some(member), "own");
    // The name that a telephone shows has no colon.
    let issuer = p.office.replace(':', " ");
    let url = factor.to_url(&issuer, &member.login.replace(':', " "));
    let status = wrong.map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    let said = wrong.map(|(field, key)| (field, p.w.say(key)));
    render(
        status,
        &FactorPage {
            typed: factor.to_typed(),
            qr: url.and_then(|url| Qr::of(&url)),
            wrong: said.unwrap_or_default(),
            p: &p,
        },
    )
}

/// Sets a second factor up: without a code shows a new secret, with one takes it.
pub(super) async fn set_up(
    request: HttpRequest,
    state: Data<WebState>,
    form: Form<HashMap<String, String>>,
) -> HttpResponse {
    let (lang, member, who) = match signed_in(&request, &state).await {
        Ok(known) => known,
        Err(answer) => return answer,
    };
    // A password that somebody else set is only good for choosing another.
    let Some(identity) = who.identity.clone() else {
        return see(&format!("/{lang}/own"));
    };
    let mut typed = form.into_inner();
    let mut take = |name: &str| Zeroizing::new(typed.remove(name).unwrap_or_default());
    let (secret, code, password) = (take("secret"), take("code"), take("password-now"));
    let Ok(factor) = SecondFactor::parse(&secret) else {
        let new = SecondFactor::generate(&*state.entropy);
        return page(&state, lang, &member, &new, None);
    };
    let wrong = |wrong| page(&state, lang, &member, &factor, Some(wrong));
    match is_right(&state, &member, password).await {
        Ok(true) => {}
        Ok(false) => return wrong(("password-now", "error-password-now")),
        Err(error) => return failed(&state, lang, &error),
    }
    let Some(step) = factor.step_of(&code, state.sign_in.now_s()) else {
        return wrong(("code", "error-factor-code"));
    };
    let Ok(sealed) = factor.seal(&identity.recipient()) else {
        let p = Page::new(&state, lang, Some(&member), "own");
        return p.plain(StatusCode::SERVICE_UNAVAILABLE, Notice::Failed);
    };
    let stored = StoredFactor {
        sealed,
        last_step: step,
    };
    match keep(&state, &member, &stored).await {
        Err(error) => failed(&state, lang, &error),
        Ok(codes) => {
            // Whoever else was signed in without it is out.
            state.sign_in.sessions.end_all_of(member.id);
            let token = state.sign_in.sessions.start(SignedIn {
                member: member.id,
                identity: Some(Arc::clone(&identity)),
                by_two: true,
            });
            let p = Page::new(&state, lang, Some(&member), "own");
            let mut answer = render(StatusCode::OK, &RecoveryPage { p: &p, codes });
            set_cookie(&mut answer, &state, Some(token.expose()));
            answer
        }
    }
}

/// Stores a second factor with new recovery codes, on record; what is written down of those.
async fn keep(
    state: &WebState,
    member: &Member,
    factor: &StoredFactor,
) -> Result<Vec<Zeroizing<String>>, StoreError> {
    let made = std::iter::repeat_with(|| RecoveryCode::generate(&*state.entropy).to_typed());
    let codes: Vec<_> = made.take(RECOVERY_CODES).collect();
    let hashes = codes
        .iter()
        .filter_map(|code| RecoveryCode::hash_of(member.id, code));
    let hashes: Vec<_> = hashes.collect();
    let store = &state.sign_in.store;
    let kept = store.set_second_factor(member.id, factor, &hashes);
    let act = Act::new(Kind::SecondFactorSet);
    let audit_log = state.office.audit_log();
    audit_log.around(Some(member.id), act, kept).await?;
    Ok(codes)
}

/// An officer takes the second factor off a colleague's account who has lost the telephone and the recovery codes.
pub(super) async fn take_off(
    who: Admitted<Officers>,
    request: HttpRequest,
    state: Data<WebState>,
) -> HttpResponse {
    let (lang, officer) = (who.lang, who.viewer);
    let Some(id) = member_id(&request) else {
        return refused(&state, lang, Some(&officer), AccountError::Missing);
    };
    if id == officer.id {
        return refused(&state, lang, Some(&officer), AccountError::Oneself);
    }
    let (audit_log, store) = (state.office.audit_log(), &state.sign_in.store);
    let act = Act::new(Kind::SecondFactorReset).of(id.0);
    let done = async {
        audit_log.record(Some(officer.id), act).await?;
        let removed = store.remove_second_factor(id).await;
        if !matches!(removed, Ok(true)) {
            audit_log.record(Some(officer.id), act.failed()).await?;
        }
        removed
    };
    match done.await {
        // Taken off by another meanwhile is taken off as well.
        Ok(_) => {
            state.sign_in.sessions.end_all_of(id);
            state.sign_in.pending.end_all_of(id);
            see(&format!("/{lang}/keys"))
        }
        Err(error) => failed(&state, lang, &error),
    }
}
