//! What may be sent here, decided once for every address: from our own pages or from a program, and called what it is. A
//! page of somebody else's cannot make its visitor's browser send a tip, look a code up or delete a mailbox: it would have to
//! say where it comes from ([`mifeng_foundation::cross_site`]), and a browser too old to say that sends JSON and files only to where it
//! was asked whether it may.

use super::address::Addresses;
use super::api::problem as problem_document;
use super::desk::IntakeDesk;
use super::problem::Problem;
use super::request::language;
use super::web::problem_page;
use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{Method, header};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpResponse};
use mifeng_foundation::cross_site::{Unsaid, is_ours};

/// What begins the addresses that programs and scripts use.
const API: &str = "/api/";

/// What an address takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Form,
    Json,
    File,
}

impl Takes {
    fn at(path: &str) -> Self {
        match path.strip_prefix(API) {
            None => Self::Form,
            Some(rest) if rest.split('/').any(|part| part == "attachments") => Self::File,
            Some(_) => Self::Json,
        }
    }

    /// Whether a body that calls itself `kind` may be one.
    fn may_be(self, kind: &str) -> bool {
        let kind = kind.split(';').next().unwrap_or_default().trim();
        let called: &[&str] = match self {
            Self::Form => &["multipart/form-data", "application/x-www-form-urlencoded"],
            Self::Json => &["application/json"],
            Self::File => &["application/octet-stream"],
        };
        called.iter().any(|one| kind.eq_ignore_ascii_case(one))
    }
}

/// Refuses what comes from another site, and what does not call itself what its address takes, before anything of it is
/// read, looked up or counted.
///
/// # Errors
/// What the address's own handler fails with.
pub async fn own_pages_only(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    match refusal(&request) {
        None => Ok(next.call(request).await?.map_into_boxed_body()),
        Some(problem) => {
            let answer = refused(&request, problem);
            Ok(request.into_response(answer))
        }
    }
}

fn refusal(request: &ServiceRequest) -> Option<Problem> {
    let known = request.app_data::<Data<Addresses>>();
    let known = known.map(|addresses| addresses.origins());
    let known: Vec<&str> = known.iter().flatten().map(String::as_str).collect();
    let secure = request.app_config().secure();
    if !is_ours(request.head(), &known, secure, Unsaid::Passes) {
        return Some(Problem::CrossSite);
    }
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let mut kinds = request.headers().get_all(header::CONTENT_TYPE);
    let takes = Takes::at(request.path());
    let called = match (kinds.next(), kinds.next()) {
        // Programs send a file's bytes without a word about them, and no form does.
        (None, _) => takes == Takes::File,
        (Some(kind), None) => kind.to_str().is_ok_and(|kind| takes.may_be(kind)),
        (Some(_), Some(_)) => false,
    };
    (!called).then_some(Problem::WrongType)
}

fn refused(request: &ServiceRequest, problem: Problem) -> HttpResponse {
    let Some(desk) = request.app_data::<Data<IntakeDesk>>() else {
        return HttpResponse::build(problem.status()).finish();
    };
    if request.path().starts_with(API) {
        problem_document(problem, language(request.request()), None)
    } else {
        problem_page(request.request(), desk, problem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_takes_one_kind_of_body() {
        for (path, takes) in [
            ("/api/v1/offices/a/tips", Takes::Json),
            ("/api/v1/offices/a/pickups/replies", Takes::Json),
            ("/api/v1/offices/a/attachments", Takes::File),
            ("/api/v1/offices/a/attachments/cleaned", Takes::File),
            ("/a/en/write", Takes::Form),
            ("/a/en/l/check/forget", Takes::Form),
        ] {
            assert_eq!(Takes::at(path), takes, "{path}");
        }
        assert!(Takes::Json.may_be("application/json; charset=utf-8"));
        assert!(Takes::Json.may_be("Application/JSON"));
        assert!(Takes::Form.may_be("multipart/form-data; boundary=x"));
        for kind in [
            "",
            "text/plain",
            "application/json-patch",
            "json",
            "text/plain; application/json",
        ] {
            assert!(!Takes::Json.may_be(kind), "{kind}");
            assert!(!Takes::Form.may_be(kind), "{kind}");
            assert!(!Takes::File.may_be(kind), "{kind}");
        }
    }
}
