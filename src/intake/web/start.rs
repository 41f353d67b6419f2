//! The start page, help, and the ways to them.

use super::page::Page;
use super::respond::{frame, problem_page, show_open};
use super::views::{Help, Start};
use crate::desk::IntakeDesk;
use crate::problem::Problem;
use crate::request::language;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

/// Calendar days in which the office says whether it takes a tip up: 信访工作条例 art. 23.
pub const ACKNOWLEDGE_DAYS: i32 = 15;

/// Calendar days in which it normally concludes: 信访工作条例 art. 34, taken over by the default office profile.
const CONCLUDE_DAYS: i32 = 60;

/// `/`: to the first office's page.
pub async fn choose_office(request: HttpRequest, desk: Data<IntakeDesk>) -> HttpResponse {
    match desk.front_office() {
        Some(office) => to_start(&request, office.slug()),
        None => HttpResponse::NotFound().finish(),
    }
}

/// `/{office}/`: to its page in the browser's language.
pub async fn choose_language(request: HttpRequest, desk: Data<IntakeDesk>) -> HttpResponse {
    match desk.office(request.match_info().query("office")) {
        Ok(office) => to_start(&request, office.slug()),
        Err(problem) => problem_page(&request, &desk, problem),
    }
}

fn to_start(request: &HttpRequest, slug: &str) -> HttpResponse {
    let address = format!("/{slug}/{}/", language(request).tag());
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, address))
        .finish()
}

/// The start page.
pub async fn start(request: HttpRequest, desk: Data<IntakeDesk>) -> HttpResponse {
    match frame(&request, &desk, "") {
        Ok((office, page)) => {
            let today = desk.today(office);
            let template = Start {
                page: &page,
                acknowledge_day: &page.day(today.plus_days(ACKNOWLEDGE_DAYS)),
                conclude_day: &page.day(today.plus_days(CONCLUDE_DAYS)),
            };
            show_open(&request, &template)
        }
        Err(problem) => problem_page(&request, &desk, problem),
    }
}

/// How to protect oneself.
pub async fn help(request: HttpRequest, desk: Data<IntakeDesk>) -> HttpResponse {
    let page: Result<(_, Page<'_>), _> = frame(&request, &desk, "help");
    match page {
        Ok((_, page)) => show_open(&request, &Help { page: &page }),
        Err(problem) => problem_page(&request, &desk, problem),
    }
}

/// Anything else.
pub async fn not_found(request: HttpRequest, desk: Data<IntakeDesk>) -> HttpResponse {
    problem_page(&request, &desk, Problem::NotFound)
}
