//! Who asks: signed in or not, from a page of ours or from elsewhere, and in a role that may.

#![expect(
    clippy::result_large_err,
    reason = "the error is the answer itself, made once a refused request"
)]

use super::WebState;
use super::page::{Notice, Page, failed, see};
use crate::audit::{Act, Kind};
use crate::model::{Member, Role, Viewer};
use crate::staff::{SignedIn, Source};
use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::{self, Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpRequest, HttpResponse};
use mifeng_foundation::cross_site::{Unsaid, is_ours};
use mifeng_foundation::words::Language;

/// Name of the session's cookie; over TLS the prefix binds it to this host.
pub(super) fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-desk" } else { "desk" }
}

/// The session's cookie, whose value is its token, if the browser sent one.
pub(super) fn session_cookie(request: &HttpRequest, state: &WebState) -> Option<Cookie<'static>> {
    request.cookie_raw(cookie_name(state.secure))
}

/// What sets the session's cookie, or takes it away where there is no token.
fn cookie_with(secure: bool, token: Option<&str>) -> Cookie<'_> {
    let mut cookie = Cookie::build(cookie_name(secure), token.unwrap_or_default())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(secure)
        .finish();
    if token.is_none() {
        // Not `make_removal`, which also writes a date and for that reads the clock.
        cookie.set_max_age(cookie::time::Duration::ZERO);
    }
    cookie
}

/// Has the browser keep the session's token, or forget it where there is none.
pub(super) fn set_cookie(answer: &mut HttpResponse, state: &WebState, token: Option<&str>) {
    answer
        .add_cookie(&cookie_with(state.secure, token))
        .expect("a name and hex digits of ours");
}

pub(super) fn language(request: &HttpRequest) -> Result<Language, HttpResponse> {
    let tag = request.match_info().get("lang").unwrap_or_default();
    let offered = Language::OF_STAFF.into_iter().find(|it| it.tag() == tag);
    offered.ok_or_else(|| HttpResponse::NotFound().finish())
}

/// Where it comes from, for whoever counts failures.
pub(super) fn source(request: &HttpRequest) -> Source {
    Source::of(request.peer_addr().map(|address| address.ip()))
}

/// Refuses a changing request that does not come from our own pages, before anything else is made of it.
///
/// # Errors
/// What the page's own handler fails with.
pub(super) async fn own_pages_only(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let state = request.app_data::<Data<WebState>>().cloned();
    let secure = state.as_ref().is_some_and(|state| state.secure);
    if is_ours(request.head(), &[], secure, Unsaid::Refused) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let [chinese, english] = Language::OF_STAFF;
    let asked_in = request.path().split('/').nth(1).unwrap_or_default();
    let lang = if asked_in == english.tag() {
        english
    } else {
        chinese
    };
    let answer = match &state {
        Some(state) => {
            Page::new(state, lang, None, "login").plain(StatusCode::FORBIDDEN, Notice::Origin)
        }
        None => HttpResponse::Forbidden().finish(),
    };
    Ok(request.into_response(answer))
}

/// Parts of the pages, as the audit log names them.
pub(super) const AREAS: [&str; 14] = [
    "board",
    "search",
    "ledger",
    "type-in",
    "queue",
    "expiring",
    "case",
    "quarantine",
    "accounts",
    "keys",
    "signatures",
    "routing",
    "trail",
    "unlock",
];

/// The part of the pages that an address leads to.
fn area(request: &HttpRequest) -> &'static str {
    let part = request.path().split('/').nth(2).unwrap_or_default();
    let known = AREAS.into_iter().find(|area| *area == part);
    known.unwrap_or_default()
}

/// Who is signed in, active, in whatever way; otherwise the answer to give.
pub(super) async fn signed_in(
    request: &HttpRequest,
    state: &WebState,
) -> Result<(Language, Member, SignedIn), HttpResponse> {
    let lang = language(request)?;
    let to_login = || see(&format!("/{lang}/login"));
    let cookie = session_cookie(request, state).ok_or_else(to_login)?;
    let who = state.sign_in.sessions.who(cookie.value());
    let who = who.ok_or_else(to_login)?;
    let member = state.sign_in.store.member(who.member).await;
    let member = member.map_err(|error| failed(state, lang, &error))?;
    let member = member.filter(|member| member.active).ok_or_else(to_login)?;
    Ok((lang, member, who))
}

/// Who asks, if signed in, active and in a role that may; otherwise the answer to give.
pub(super) async fn admit(
    request: &HttpRequest,
    state: &WebState,
    allowed: &[Role],
) -> Result<(Language, Viewer), HttpResponse> {
    let (lang, member, who) = signed_in(request, state).await?;
    // A password that somebody else set opens no key, and is good for one thing.
    let to_own = || see(&format!("/{lang}/own"));
    if !state.sign_in.suffices(member.role, &who) {
        return Err(to_own());
    }
    let identity = who.identity.ok_or_else(to_own)?;
    if !allowed.contains(&member.role) {
        let act = Act::new(Kind::RefusedRole).detailed(area(request));
        let recorded = state.office.audit_log().record(Some(member.id), act).await;
        recorded.map_err(|error| failed(state, lang, &error))?;
        return Err(Page::new(state, lang, Some(&member), "login")
            .plain(StatusCode::FORBIDDEN, Notice::Refused));
    }
    Ok((lang, Viewer::new(member, identity)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_for_this_host_alone_and_has_no_date() {
        for (secure, token, expected) in [
            (
                true,
                Some("0f"),
                "__Host-desk=0f; HttpOnly; SameSite=Strict; Secure; Path=/",
            ),
            (
                true,
                None,
                "__Host-desk=; HttpOnly; SameSite=Strict; Secure; Path=/; Max-Age=0",
            ),
            (
                false,
                Some("0f"),
                "desk=0f; HttpOnly; SameSite=Strict; Path=/",
            ),
            (
                false,
                None,
                "desk=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0",
            ),
        ] {
            assert_eq!(cookie_with(secure, token).to_string(), expected);
        }
    }
}
