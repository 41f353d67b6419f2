//! A member's calendar: made, renewed and taken away on the page of her account, and read by programs at its address.

use super::admission::language;
use super::asked::{Admitted, Readers};
use super::page::{Page, see};
use super::refusal::refuse;
use super::{WebState, own};
use crate::feed::{Event, FeedToken, calendar};
use crate::office::OfficeError;
use crate::views;
use actix_web::http::header::{ETag, EntityTag, IfNoneMatch};
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse};
use mifeng_foundation::words::Language;
use sha2::{Digest as _, Sha256};

/// What can be done with one's calendar, by the last word of the address.
pub const ACTIONS: [&str; 2] = ["make", "revoke"];

pub(super) async fn change(
    who: Admitted<Readers>,
    request: HttpRequest,
    state: Data<WebState>,
) -> HttpResponse {
    let (lang, viewer) = (who.lang, who.viewer);
    let done = match request.match_info().get("action") {
        Some("make") => match views::make_feed(&state.office, &viewer).await {
            Ok(token) => {
                let address = address(&request, &state, lang, &token);
                return own::with_feed(&state, lang, &viewer, address).await;
            }
            Err(error) => Err(error),
        },
        Some("revoke") => views::revoke_feed(&state.office, &viewer).await,
        _ => Err(OfficeError::NotYours),
    };
    match done {
        // One that is gone already is gone.
        Ok(()) | Err(OfficeError::NotYours) => see(&format!("/{lang}/own")),
        Err(error) => refuse(&state, lang, Some(&viewer), &error),
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
        Some(token) => views::feed(&state.office, token.hash()).await,
        None => Ok(None),
    };
    match found {
        Ok(Some(deadlines)) => {
            let p = Page::new(&state, lang, None, "login");
            let event = |deadline: crate::views::UpcomingDeadline| Event {
                id: deadline.id,
                day: deadline.due_day,
                name: format!("{} {}", deadline.number.0, p.deadline(&deadline.rule)),
                sequence: deadline.sequence,
                changed_day: deadline.changed_day,
            };
            let events: Vec<Event> = deadlines.into_iter().map(event).collect();
            answer(&request, calendar(&p.w.say("calendar-name"), &events))
        }
        Ok(None) => wrong(&state).await,
        // It comes again by itself.
        Err(OfficeError::Locked) => HttpResponse::ServiceUnavailable()
            .insert_header((header::RETRY_AFTER, "600"))
            .finish(),
        Err(error) => refuse(&state, lang, None, &error),
    }
}

/// The calendar, or that the program has it already. Nobody on the way keeps it.
fn answer(request: &HttpRequest, text: String) -> HttpResponse {
    let hash = hex::encode(Sha256::digest(text.as_bytes()));
    let tag = EntityTag::new_strong(hash[..32].to_owned());
    let known = match request.get_header::<IfNoneMatch>() {
        Some(IfNoneMatch::Any) => true,
        Some(IfNoneMatch::Items(tags)) => tags.iter().any(|one| one.weak_eq(&tag)),
        None => false,
    };
    let mut answer = if known {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    answer
        .insert_header(ETag(tag))
        .insert_header((header::CACHE_CONTROL, "private, no-store"));
    if known {
        return answer.finish();
    }
    answer
        .content_type("text/calendar; charset=utf-8")
        .body(text)
}

/// Gone, so that programs stop asking: made up, renewed and taken away look the same.
async fn wrong(state: &WebState) -> HttpResponse {
    let refused = state.wrong_feeds.count(state.office.today());
    if let Some(many) = refused.on_record
        && views::record_wrong_feeds(&state.office, many)
            .await
            .is_err()
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
