//! The form, and the page with the code that answers it.

use super::files::{FileTaker, kept_files};
use super::findings::Findings;
use super::form::Form;
use super::page::Page;
use super::respond::{self, frame, problem_page, retry_after, show_with, sorry};
use super::start::ACKNOWLEDGE_DAYS;
use super::views::{Code, Write};
use crate::intake::attachments::FileProblem;
use crate::intake::desk::{DeskError, IntakeDesk};
use crate::intake::limits::Limits;
use crate::intake::problem::Problem;
use crate::intake::request::admit;
use crate::sealing::{OfficeManifest, PickupCode};
use crate::tip::{RawTip, Tip, TipError};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

/// The empty form, with the code it will use: a repeated POST then means the same tip.
fn empty_form(page: &Page<'_>, office: &OfficeManifest, desk: &IntakeDesk) -> HttpResponse {
    let code = PickupCode::generate(desk.entropy.as_ref());
    respond::show(&Write::new(
        page,
        desk,
        office,
        &code,
        (&RawTip::default(), &Findings::new()),
        None,
    ))
}

/// `GET`.
pub async fn show(request: HttpRequest, desk: Data<IntakeDesk>) -> HttpResponse {
    match frame(&request, &desk, "write") {
        Ok((office, page)) => empty_form(&page, office, &desk),
        Err(problem) => problem_page(&request, &desk, problem),
    }
}

/// `POST`.
pub async fn submit(
    request: HttpRequest,
    payload: Payload,
    desk: Data<IntakeDesk>,
    limits: Data<Limits>,
) -> HttpResponse {
    let (office, page) = match frame(&request, &desk, "write") {
        Ok(framed) => framed,
        Err(problem) => return problem_page(&request, &desk, problem),
    };
    let allowed = admit(&request, &limits).await;
    let taker = FileTaker::of_tip(&desk, office, allowed);
    let read = Form::read(&request, payload, limits.config(), &taker).await;
    let (mut form, files) = match read {
        Ok(read) => read,
        Err(broken) => return sorry(&page, broken.problem, &broken.text),
    };
    // A form whose hidden field was lost gets a code of its own; only its repeat would be a second tip.
    let code = PickupCode::parse(&form.take("code"))
        .unwrap_or_else(|_| PickupCode::generate(desk.entropy.as_ref()));
    let raw = RawTip {
        category: form.take("category"),
        school: form.take("school"),
        subject: form.take("subject"),
        when: form.take("when"),
        text: form.take("text"),
        language: page.language().tag().to_owned(),
        attachments: files.attachments.clone(),
    };
    let submitted = match allowed.and(files.verdict()) {
        Ok(()) => take(office, &raw, &code, &desk).await,
        Err(problem) => Err(problem),
    };
    match submitted {
        Ok(received_day) => respond::show(&Code {
            page: &page,
            groups: code.groups(),
            received_day: &page.day(received_day),
            acknowledge_day: &page.day(received_day.plus_days(ACKNOWLEDGE_DAYS)),
            sealed_by: "code-sealed-by-server",
            files: kept_files(&page, &raw.attachments, &files.findings),
        }),
        Err(Problem::CodeUsed) => sorry(&page, Problem::CodeUsed, &raw.text),
        Err(problem) => again(&page, &desk, office, &code, (raw, &files.findings), problem),
    }
}

async fn take(
    office: &OfficeManifest,
    raw: &RawTip,
    code: &PickupCode,
    desk: &IntakeDesk,
) -> Result<crate::clock::Day, Problem> {
    let tip = Tip::parse(raw)?;
    desk.submit(office, &tip, code)
        .await
        .map_err(|error: DeskError| error.into())
}

/// The form with what was typed, and what to change.
fn again(
    page: &Page<'_>,
    desk: &IntakeDesk,
    office: &OfficeManifest,
    code: &PickupCode,
    (mut raw, findings): (RawTip, &Findings),
    problem: Problem,
) -> HttpResponse {
    if problem == Problem::File(FileProblem::Gone) {
        raw.attachments.clear();
    }
    if let Problem::Tip(TipError::ControlCharacter(_)) = problem {
        for text in [
            &mut raw.text,
            &mut raw.school,
            &mut raw.subject,
            &mut raw.when,
        ] {
            text.retain(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'));
        }
    }
    let form = Write::new(page, desk, office, code, (&raw, findings), Some(problem));
    retry_after(show_with(problem.status(), &form), Some(problem))
}
