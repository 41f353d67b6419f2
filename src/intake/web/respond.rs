//! From a request to the frame of a page, and from a template to an answer.

use super::page::Page;
use super::views::{ErrorView, ProblemPage};
use crate::intake::api::PAGE_CLASS_BYTES;
use crate::intake::desk::IntakeDesk;
use crate::intake::limits::{Limits, Verdict};
use crate::intake::problem::Problem;
use crate::intake::request::client_address;
use crate::intake::request::language as preferred;
use crate::sealing::OfficeManifest;
use crate::tip::Language;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

/// The office and the frame that a request's address names.
pub fn frame<'a>(
    request: &HttpRequest,
    desk: &'a IntakeDesk,
    place: &'static str,
) -> Result<(&'a OfficeManifest, Page<'a>), Problem> {
    let matched = request.match_info();
    let office = desk.offices.get(matched.query("office"));
    let language: Option<Language> = matched.query("language").parse().ok();
    match (office, language) {
        (Some(office), Some(language)) => {
            let large = request.match_pattern().is_some_and(|p| p.contains("/l"));
            let large = large && request.path().split('/').nth(3) == Some("l");
            Ok((office, Page::new(office, language, large, place)))
        }
        (None, _) => Err(Problem::UnknownOffice),
        (_, None) => Err(Problem::NotFound),
    }
}

/// A page with status 200.
pub fn show(template: &impl Template) -> HttpResponse {
    show_with(StatusCode::OK, template)
}

/// A page with another status.
pub fn show_with(status: StatusCode, template: &impl Template) -> HttpResponse {
    match template.render() {
        Ok(html) => HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .body(html),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

/// A page filled up with spaces to a size class, so that its length says nothing of what is in it.
pub fn show_padded(status: StatusCode, template: &impl Template) -> HttpResponse {
    match template.render() {
        Ok(html) => HttpResponse::build(status)
            .content_type("text/html; charset=utf-8")
            .body(crate::intake::api::padded_to(html, ' ', PAGE_CLASS_BYTES)),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

/// A page that says what is wrong, with what was typed if it can be kept.
pub fn sorry(page: &Page<'_>, problem: Problem, kept: &str) -> HttpResponse {
    let error = ErrorView::new(page, problem);
    let template = ProblemPage {
        page,
        text: &error.text,
        kept,
    };
    retry_after(show_with(problem.status(), &template), Some(problem))
}

/// The answer with the time to wait, where `problem` is that too many came.
pub fn retry_after(mut response: HttpResponse, problem: Option<Problem>) -> HttpResponse {
    if let Some(Problem::TooMany { retry_after_s }) = problem {
        response
            .headers_mut()
            .insert(header::RETRY_AFTER, retry_after_s.into());
    }
    response
}

/// The same where the address names no office: shown in the frame of the first.
pub fn problem_page(request: &HttpRequest, desk: &IntakeDesk, problem: Problem) -> HttpResponse {
    let language = request.match_info().query("language").parse();
    let language = language.unwrap_or_else(|_| preferred(request));
    match desk.offices.values().next() {
        Some(office) => sorry(&Page::new(office, language, false, ""), problem, ""),
        None => HttpResponse::build(problem.status()).finish(),
    }
}

/// Whether the caller is within the limits.
pub async fn admitted(request: &HttpRequest, limits: &Limits) -> Result<(), Problem> {
    let address = client_address(request, limits.config());
    match limits.admit(address).await {
        Verdict::Go => Ok(()),
        Verdict::Later { retry_after_s } => Err(Problem::TooMany { retry_after_s }),
    }
}
