//! From a request to the frame of a page, and from a template to an answer.

use super::gzip::compressed;
use super::not_served::not_served;
use super::page::Page;
use super::views::{ErrorView, ProblemPage};
use crate::api::{PAGE_CLASS_BYTES, padded_to};
use crate::desk::IntakeDesk;
use crate::offices::Refused;
use crate::problem::Problem;
use crate::request::language as preferred;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use mifeng_foundation::words::Language;
use mifeng_sealing::OfficeManifest;
use std::sync::Arc;

/// How the main part begins in `public.html`.
const MAIN_BEGINS: &str = r#"<main id="main" class="wrap">"#;

/// The type of every page.
pub const HTML: &str = "text/html; charset=utf-8";

/// The office and the frame that a request's address names.
pub fn frame<'a>(
    request: &HttpRequest,
    desk: &'a IntakeDesk,
    place: &'static str,
) -> Result<(&'a OfficeManifest, Page<'a>), Problem> {
    let named = Named::of(request, desk);
    let office = named.office?;
    let language = named.language.ok_or(Problem::NotFound)?;
    Ok((office, Page::new(office, language, named.large, place)))
}

/// What an address says, whether or not there is a page under it: `/{office}/{language}/l/…`.
struct Named<'a> {
    office: Result<&'a OfficeManifest, Problem>,
    refused: Option<&'a Refused>,
    language: Option<Language>,
    large: bool,
}

impl<'a> Named<'a> {
    fn of(request: &HttpRequest, desk: &'a IntakeDesk) -> Self {
        let mut parts = request.path().split('/').skip(1);
        let slug = parts.next().unwrap_or_default();
        let language = parts.next().and_then(|tag| tag.parse().ok());
        Self {
            office: desk.office(slug).map(Arc::as_ref),
            refused: desk.offices.refused(slug),
            language,
            large: parts.next() == Some("l"),
        }
    }
}

/// A page with status 200.
pub fn show(template: &impl Template) -> HttpResponse {
    show_with(StatusCode::OK, template)
}

/// A page with another status.
pub fn show_with(status: StatusCode, template: &impl Template) -> HttpResponse {
    match template.render() {
        Ok(html) => whole(status, html),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

/// A page that is rendered already.
pub fn whole(status: StatusCode, html: String) -> HttpResponse {
    HttpResponse::build(status).content_type(HTML).body(html)
}

/// A page that is the same for everyone: nothing on it is secret, and nothing that was typed or asked for. Only such
/// pages are compressed. Where a secret (a code, an answer) and words of someone else's choosing share a compressed
/// body, its length tells how much they have in common (BREACH); and a padded page's length must say nothing.
pub fn show_open(request: &HttpRequest, template: &impl Template) -> HttpResponse {
    match template.render() {
        Ok(html) => compressed(request, HTML, html.as_bytes()),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

/// A page filled up with spaces to a size class, so that its length says nothing of what is in it.
pub fn show_padded(status: StatusCode, template: &impl Template) -> HttpResponse {
    match template.render() {
        Ok(html) => whole(status, padded_to(html, ' ', PAGE_CLASS_BYTES)),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

/// What stands between the frame's head and foot on a whole page.
pub fn main_of(html: &str) -> &str {
    let after = html.split_once(MAIN_BEGINS).map_or(html, |(_, rest)| rest);
    after.rsplit_once("</main>").map_or(after, |(main, _)| main)
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

/// The same where the frame could not be made: in the address's office, language and size as far as it names them.
pub fn problem_page(request: &HttpRequest, desk: &IntakeDesk, problem: Problem) -> HttpResponse {
    let named = Named::of(request, desk);
    let language = named.language.unwrap_or_else(|| preferred(request));
    if let Some(office) = named.refused {
        return not_served(desk, office, language);
    }
    match named.office.ok().or_else(|| desk.front_office()) {
        Some(office) => {
            let page = Page::new(office, language, named.large, Page::PROBLEM);
            sorry(&page, problem, "")
        }
        None => HttpResponse::build(problem.status()).finish(),
    }
}
