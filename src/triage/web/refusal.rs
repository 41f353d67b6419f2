//! What is told of an error: beside the form that was sent, or on a page of its own.

use super::WebState;
use super::page::{Notice, Page};
use crate::model::Member;
use crate::office::OfficeError;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_foundation::words::Language;

/// What is told beside the form that was sent: status, field (empty for the whole form), key of words.
pub(super) type Told = (StatusCode, &'static str, &'static str);

/// What is told beside the form that was sent. `None` for what has a page of its own.
pub(super) fn told(error: &OfficeError) -> Option<Told> {
    let unsound = StatusCode::UNPROCESSABLE_ENTITY;
    match error {
        OfficeError::Changed => Some((StatusCode::CONFLICT, "", "error-changed")),
        OfficeError::Locked => Some((StatusCode::SERVICE_UNAVAILABLE, "", "error-locked")),
        OfficeError::NotPossible => Some((unsound, "", "error-not-possible")),
        OfficeError::SecondPerson => Some((unsound, "", "error-second-person")),
        OfficeError::NoOpinion => Some((unsound, "", "error-no-opinion")),
        OfficeError::NotTold => Some((unsound, "", "error-not-told")),
        OfficeError::LastReader => Some((unsound, "", "error-last-reader")),
        OfficeError::TooEarly => Some((unsound, "", "error-too-early")),
        OfficeError::Unsound(field, key) => Some((unsound, field, key)),
        OfficeError::HandlerRecused => Some((unsound, "", "error-handler-recused")),
        OfficeError::BadText(field) => Some((unsound, field, "error-bad-text")),
        _ => None,
    }
}

/// What a viewer is told in place of a page that she does not get, with her menu: the same whether a case is not hers or not
/// there.
pub(super) fn refuse(
    state: &WebState,
    lang: Language,
    member: Option<&Member>,
    error: &OfficeError,
) -> HttpResponse {
    let p = Page::new(state, lang, member, "queue");
    match error {
        OfficeError::NotYours => p.plain(StatusCode::NOT_FOUND, Notice::Missing),
        OfficeError::NotPermitted => p.plain(StatusCode::FORBIDDEN, Notice::Refused),
        OfficeError::Changed
        | OfficeError::NotPossible
        | OfficeError::HandlerRecused
        | OfficeError::SecondPerson
        | OfficeError::NotTold
        | OfficeError::Objected(_)
        | OfficeError::TooEarly
        | OfficeError::LastReader
        | OfficeError::NoOpinion
        | OfficeError::Unsound(..)
        | OfficeError::Passage(_)
        | OfficeError::BadText(_) => p.plain(StatusCode::CONFLICT, Notice::Failed),
        OfficeError::Locked => p.plain(StatusCode::SERVICE_UNAVAILABLE, Notice::Locked),
        OfficeError::Damaged | OfficeError::Files(_) | OfficeError::Store(_) => {
            log(Event::RequestFailed {
                place: "desk",
                cause: error,
            });
            p.plain(StatusCode::SERVICE_UNAVAILABLE, Notice::Failed)
        }
    }
}
