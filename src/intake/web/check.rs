//! Coming back with a code: the field, the status page and additions.

use super::files::{FileTaker, Files, FilesView};
use super::form::Form;
use super::page::Page;
use super::respond::{admitted, frame, problem_page, retry_after, show_padded, sorry};
use super::views::{Check, ErrorView, StatusPage};
use crate::intake::attachments::FileProblem;
use crate::intake::desk::IntakeDesk;
use crate::intake::limits::Limits;
use crate::intake::mailbox::MailboxContent;
use crate::intake::problem::Problem;
use crate::sealing::{OfficeManifest, PickupCode};
use crate::tip::{TipError, check_attachments, parse_reply_text};
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
    let opened = match admitted(&request, &limits).await {
        Ok(()) => look_up(office, &typed, &desk).await,
        Err(problem) => Err(problem),
    };
    match opened {
        Ok((code, content)) => {
            let today = desk.today(office);
            show_padded(
                StatusCode::OK,
                &StatusPage::new(
                    &page,
                    &code,
                    &content,
                    today,
                    FilesView::new(&page, &desk, &[]),
                ),
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
    // Before the look-up: an addition's form must not be a way to try codes without a limit.
    let allowed = admitted(&request, &limits).await;
    let taker = FileTaker::of_reply(&desk, office, allowed);
    let read = Form::read_with_files(&request, payload, limits.config(), &taker).await;
    let (mut form, mut files) = match read {
        Ok(read) => read,
        Err(problem) => return sorry(&page, problem, ""),
    };
    let typed_code = Zeroizing::new(form.take("pickup_code"));
    let typed = Zeroizing::new(form.take("text"));
    if let Err(problem) = allowed {
        return sorry(&page, problem, &typed);
    }
    let looked_up = look_up(office, &typed_code, &desk).await;
    let (code, content) = match looked_up {
        Ok(found) => found,
        Err(problem) => return ask(&page, &typed_code, Some(problem)),
    };
    let stored = store_reply(office, &code, &typed, &files, &desk).await;
    if matches!(stored, Ok(()) | Err(Problem::File(FileProblem::Gone))) {
        files.attachments.clear();
    }
    let kept = FilesView::new(&page, &desk, &files.attachments);
    let mut view = StatusPage::new(&page, &code, &content, desk.today(office), kept);
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
    files: &Files,
    desk: &IntakeDesk,
) -> Result<(), Problem> {
    files.verdict()?;
    let text = parse_reply_text(typed)?;
    let attachments = check_attachments(&files.attachments).map_err(TipError::from)?;
    let stored = desk.reply(office, code, text, &attachments).await?;
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
