//! A member's calendar: made, renewed and taken away on the page of her account, and read by programs at its address.

use super::WebState;
use super::admission::{admit, language};
use super::cases::{READERS, refuse};
use super::own;
use super::page::{Page, see};
use crate::tip::Language;
use crate::triage::desk::DeskError;
use crate::triage::feed::{Event, FeedToken, calendar};
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

/// What can be done with one's calendar, by the last word of the address.
pub const ACTIONS: [&str; 2] = ["make", "revoke"];

pub(super) async fn change(request: HttpRequest, state: Data<WebState>) -> HttpResponse {
    let (lang, viewer) = match admit(&request, &state, &READERS).await {
        Ok(admitted) => admitted,
        Err(answer) => return answer,
    };
    let done = match request.match_info().get("action") {
        Some("make") => match state.desk.make_feed(&viewer).await {
            Ok(token) => {
                let address = address(&request, &state, lang, &token);
                return own::with_feed(&state, lang, &viewer, address).await;
            }
            Err(error) => Err(error),
        },
        Some("revoke") => state.desk.revoke_feed(&viewer).await,
        _ => Err(DeskError::NotYours),
    };
    match done {
        // One that is gone already is gone.
        Ok(()) | Err(DeskError::NotYours) => see(&format!("/{lang}/own")),
        Err(error) => refuse(&state, lang, &error),
    }
}

/// The address as the browser knows this service.
fn address(request: &HttpRequest, state: &WebState, lang: Language, token: &FeedToken) -> String {
    let host = request.headers().get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    let scheme = if state.secure { "https" } else { "http" };
    format!("{scheme}://{host}/{lang}/calendar/{}", token.expose())
}

pub(super) async fn read(request: HttpRequest, state: Data<WebState>) -> HttpResponse {
    let lang = match language(&request) {
        Ok(lang) => lang,
        Err(answer) => return answer,
    };
    let typed = request.match_info().get("token").unwrap_or_default();
    let found = match FeedToken::parse(typed) {
        Some(token) => state.desk.feed(token.hash()).await,
        None => Ok(None),
    };
    match found {
        Ok(Some(clocks)) => {
            let p = Page::new(&state, lang, None, "login");
            let event = |clock: crate::triage::desk::DueClock| Event {
                id: clock.id,
                day: clock.due_day,
                name: format!("{} {}", clock.number.0, p.clock(&clock.rule)),
            };
            let events: Vec<Event> = clocks.into_iter().map(event).collect();
            let text = calendar(&p.w.say("calendar-name"), state.desk.today(), &events);
            HttpResponse::Ok()
                .content_type("text/calendar; charset=utf-8")
                .body(text)
        }
        Ok(None) => wrong(&state).await,
        // It comes again by itself.
        Err(DeskError::Sealed) => HttpResponse::ServiceUnavailable()
            .insert_header((header::RETRY_AFTER, "600"))
            .finish(),
        Err(error) => refuse(&state, lang, &error),
    }
}

/// Gone, so that programs stop asking: made up, renewed and taken away look the same.
async fn wrong(state: &WebState) -> HttpResponse {
    let refused = state.wrong_feeds.count(state.desk.today());
    if let Some(many) = refused.on_record
        && state.desk.record_wrong_feeds(many).await.is_err()
    {
        return HttpResponse::ServiceUnavailable().finish();
    }
    if refused.too_many {
        return HttpResponse::TooManyRequests()
            .insert_header((header::RETRY_AFTER, "60"))
            .finish();
    }
    HttpResponse::build(StatusCode::GONE).finish()
}
