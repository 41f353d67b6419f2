//! Coming back with a code: the field, the status page and additions.

use super::form::Form;
use super::page::Page;
use super::respond::{frame, problem_page, retry_after, show_padded, sorry};
use super::views::{Check, ErrorView, StatusPage};
use crate::intake::desk::IntakeDesk;
use crate::intake::limits::Limits;
use crate::intake::mailbox::MailboxContent;
use crate::intake::problem::Problem;
use crate::intake::request::admit;
use crate::sealing::{OfficeManifest, PickupCode};
use crate::tip::parse_reply_text;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use zeroize::Zeroizing;

/// `GET`: the empty field.
pub async fn show(request: HttpRequest, desk: Data<IntakeDesk>) -> HttpResponse {
    match frame(&request, &desk, "check") {
        Ok((_, page)) => ask(&page, "", None),
        Err(problem) => problem_page(&request, &desk, problem),
    }
}

/// `POST`: what lies under a code.
pub async fn open(
    request: HttpRequest,
    payload: Payload,
    desk: Data<IntakeDesk>,
    limits: Data<Limits>,
) -> HttpResponse {
    let (office, page) = match frame(&request, &desk, "check") {
        Ok(framed) => framed,
        Err(problem) => return problem_page(&request, &desk, problem),
    };
    let mut form = match Form::read(&request, payload, limits.config()).await {
        Ok(form) => form,
        Err(problem) => return sorry(&page, problem, ""),
    };
    let typed = Zeroizing::new(form.take("pickup_code"));
    let opened = match admit(&request, &limits).await {
        Ok(()) => look_up(office, &typed, &desk).await,
        Err(problem) => Err(problem),
    };
    match opened {
        Ok((code, content)) => {
            let today = desk.today(office);
            show_padded(
                StatusCode::OK,
                &StatusPage::new(&page, &code, &content, today),
            )
        }
        Err(problem) => ask(&page, &typed, Some(problem)),
    }
}

/// `POST`: an addition. What was typed comes back if it could not be taken.
pub async fn reply(
    request: HttpRequest,
    payload: Payload,
    desk: Data<IntakeDesk>,
    limits: Data<Limits>,
) -> HttpResponse {
    let (office, page) = match frame(&request, &desk, "check") {
        Ok(framed) => framed,
        Err(problem) => return problem_page(&request, &desk, problem),
    };
    let mut form = match Form::read(&request, payload, limits.config()).await {
        Ok(form) => form,
        Err(problem) => return sorry(&page, problem, ""),
    };
    let typed_code = Zeroizing::new(form.take("pickup_code"));
    let typed = Zeroizing::new(form.take("text"));
    // Before the look-up: an addition's form must not be a way to try codes without a limit.
    if let Err(problem) = admit(&request, &limits).await {
        return sorry(&page, problem, &typed);
    }
    let looked_up = look_up(office, &typed_code, &desk).await;
    let (code, content) = match looked_up {
        Ok(found) => found,
        Err(problem) => return ask(&page, &typed_code, Some(problem)),
    };
    let stored = store_reply(office, &code, &typed, &desk).await;
    let mut view = StatusPage::new(&page, &code, &content, desk.today(office));
    match stored {
        Ok(()) => {
            view.sent = true;
            show_padded(StatusCode::OK, &view)
        }
        Err(problem) => {
            view.typed = &typed;
            view.error = Some(ErrorView::new(&page, problem));
            show_padded(problem.status(), &view)
        }
    }
}

async fn look_up(
    office: &OfficeManifest,
    typed: &str,
    desk: &IntakeDesk,
) -> Result<(PickupCode, MailboxContent), Problem> {
    let code = PickupCode::parse(typed)?;
    let content = desk.pick_up(office, &code).await?;
    content
        .map(|content| (code, content))
        .ok_or(Problem::UnknownCode)
}

async fn store_reply(
    office: &OfficeManifest,
    code: &PickupCode,
    typed: &str,
    desk: &IntakeDesk,
) -> Result<(), Problem> {
    let text = parse_reply_text(typed)?;
    let stored = desk.reply(office, code, text).await?;
    stored.ok_or(Problem::UnknownCode)
}

/// The field, with what is wrong about what was typed.
fn ask(page: &Page<'_>, typed: &str, problem: Option<Problem>) -> HttpResponse {
    let status = problem.map_or(StatusCode::OK, Problem::status);
    let template = Check {
        page,
        typed,
        error: problem.map(|problem| ErrorView::new(page, problem)),
    };
    retry_after(show_padded(status, &template), problem)
}
