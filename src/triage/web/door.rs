//! Signing in and out.

use super::WebState;
use super::admission::{language, session_cookie, set_cookie, source};
use super::factor::code_page;
use super::page::{Notice, Page, failed, render, see};
use crate::model::Role;
use crate::staff::{Entered, SessionToken, SignInError};
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Form};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_foundation::words::{Language, Words};
use serde::Deserialize;
use std::time::Duration;
use zeroize::Zeroizing;

/// What a browser forgets at signing out: whoever goes back finds no page.
const CLEARED: &str = "\"cache\", \"storage\"";

#[derive(Template)]
#[template(path = "staff_login.html")]
struct LoginPage<'a> {
    p: &'a Page<'a>,
    login: &'a str,
    error: String,
}

#[derive(Deserialize)]
pub(super) struct LoginForm {
    login: String,
    password: String,
}

pub(super) async fn start(request: HttpRequest) -> HttpResponse {
    let wanted = request.headers().get(header::ACCEPT_LANGUAGE);
    let lang = Language::negotiate(
        wanted
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default(),
        &Language::OF_STAFF,
    );
    see(&format!("/{lang}/login"))
}

pub(super) async fn show(
    request: HttpRequest,
    state: Data<WebState>,
) -> Result<HttpResponse, actix_web::Error> {
    Ok(match language(&request) {
        Ok(lang) => login_page(&state, lang, StatusCode::OK, "", String::new()),
        Err(answer) => answer,
    })
}

pub(super) fn login_page(
    state: &WebState,
    lang: Language,
    status: StatusCode,
    login: &str,
    error: String,
) -> HttpResponse {
    render(
        status,
        &LoginPage {
            p: &Page::new(state, lang, None, "login"),
            login,
            error,
        },
    )
}

pub(super) async fn enter(
    request: HttpRequest,
    state: Data<WebState>,
    form: Form<LoginForm>,
) -> HttpResponse {
    let lang = match language(&request) {
        Ok(lang) => lang,
        Err(answer) => return answer,
    };
    let LoginForm { login, password } = form.into_inner();
    let words = state.words.of(lang);
    match state
        .sign_in
        .sign_in(&login, Zeroizing::new(password), source(&request))
        .await
    {
        Ok(Entered::Asked(token)) => code_page(
            &state,
            lang,
            token.expose(),
            (StatusCode::OK, String::new()),
        ),
        Ok(Entered::In(token)) => came_in(&state, lang, &token).await,
        Err(SignInError::Refused | SignInError::Over) => login_page(
            &state,
            lang,
            StatusCode::UNAUTHORIZED,
            &login,
            words.say("login-refused"),
        ),
        Err(SignInError::Wait(wait)) => told_to_wait(words, wait, |status, error| {
            login_page(&state, lang, status, &login, error)
        }),
        Err(SignInError::Store(error)) => failed(&state, lang, &error),
        Err(SignInError::Key(cause)) => {
            let place = "sign-in";
            log(Event::RequestFailed {
                place,
                cause: &cause,
            });
            Page::new(&state, lang, None, "login")
                .plain(StatusCode::SERVICE_UNAVAILABLE, Notice::Failed)
        }
    }
}

/// The answer to whoever guesses too fast: `page`, saying how long to wait.
pub(super) fn told_to_wait(
    words: &Words,
    wait: Duration,
    page: impl FnOnce(StatusCode, String) -> HttpResponse,
) -> HttpResponse {
    let seconds = wait.as_secs().max(1).to_string();
    let error = words.say_with("login-wait", &[("seconds", &seconds)]);
    let mut answer = page(StatusCode::TOO_MANY_REQUESTS, error);
    if let Ok(value) = header::HeaderValue::from_str(&seconds) {
        answer.headers_mut().insert(header::RETRY_AFTER, value);
    }
    answer
}

/// The answer to whoever has just signed in.
pub(super) async fn came_in(
    state: &WebState,
    lang: Language,
    token: &SessionToken,
) -> HttpResponse {
    // An account that the operator's tool has just made gets its keys now. It does not matter to the sign-in.
    if let Err(cause) = state.office.align().await {
        let place = "keys";
        log(Event::RequestFailed {
            place,
            cause: &cause,
        });
    }
    let mut answer = see(&format!("/{lang}/{}", home(state, token.expose()).await));
    set_cookie(&mut answer, state, Some(token.expose()));
    answer
}

/// The first page of the role that has just signed in.
async fn home(state: &WebState, token: &str) -> &'static str {
    let Some(who) = state.sign_in.sessions.who(token) else {
        return "login";
    };
    if who.identity.is_none() {
        return "own";
    }
    match state
        .sign_in
        .store
        .member(who.member)
        .await
        .ok()
        .flatten()
        .map(|member| member.role)
    {
        Some(role) if !state.sign_in.suffices(role, &who) => "own",
        Some(Role::Administrator) => "accounts",
        Some(Role::Auditor) => "trail",
        _ => "queue",
    }
}

pub(super) async fn leave(request: HttpRequest, state: Data<WebState>) -> HttpResponse {
    let lang = match language(&request) {
        Ok(lang) => lang,
        Err(answer) => return answer,
    };
    let mut answer = see(&format!("/{lang}/login"));
    if let Some(cookie) = session_cookie(&request, &state)
        && let Err(error) = state.sign_in.sign_out(cookie.value()).await
    {
        answer = failed(&state, lang, &error);
    }
    // Cookies are not cleared with the rest: the session's is taken away by itself, and no other is ours.
    set_cookie(&mut answer, &state, None);
    let cleared = header::HeaderValue::from_static(CLEARED);
    answer
        .headers_mut()
        .insert(header::CLEAR_SITE_DATA, cleared);
    answer
}
