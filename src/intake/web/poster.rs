//! What an office puts up: a poster on paper, and a card for its website.

use super::page::Page;
use super::respond::{frame, problem_page, show_open};
use super::start::ACKNOWLEDGE_DAYS;
use crate::address::{Addresses, PublicUrl};
use crate::desk::IntakeDesk;
use crate::problem::Problem;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use mifeng_foundation::qr::Qr;

#[derive(Template)]
#[template(path = "poster.html")]
struct Poster<'a> {
    page: &'a Page<'a>,
    place: Placed,
    days: String,
}

#[derive(Template)]
#[template(path = "card.html")]
struct Card<'a> {
    page: &'a Page<'a>,
    place: Placed,
}

/// Where an office's start page is.
struct Placed {
    /// The whole address.
    url: String,
    /// The same as people type it.
    typed: String,
    /// The onion address with the office's path.
    onion: Option<String>,
    qr: Qr,
}

/// `GET`: the poster.
pub async fn poster(
    request: HttpRequest,
    desk: Data<IntakeDesk>,
    addresses: Data<Addresses>,
) -> HttpResponse {
    match placed(&request, &desk, &addresses, "poster") {
        Ok((page, place)) => {
            let days = ACKNOWLEDGE_DAYS.to_string();
            let template = Poster {
                page: &page,
                place,
                days,
            };
            show_open(&request, &template)
        }
        Err(problem) => problem_page(&request, &desk, problem),
    }
}

/// `GET`: the card.
pub async fn card(
    request: HttpRequest,
    desk: Data<IntakeDesk>,
    addresses: Data<Addresses>,
) -> HttpResponse {
    match placed(&request, &desk, &addresses, "card") {
        Ok((page, place)) => show_open(&request, &Card { page: &page, place }),
        Err(problem) => problem_page(&request, &desk, problem),
    }
}

fn placed<'a>(
    request: &HttpRequest,
    desk: &'a IntakeDesk,
    addresses: &Addresses,
    name: &'static str,
) -> Result<(Page<'a>, Placed), Problem> {
    let (office, page) = frame(request, desk, name)?;
    Ok((page, Placed::find(request, addresses, office.slug())?))
}

impl Placed {
    fn find(request: &HttpRequest, addresses: &Addresses, slug: &str) -> Result<Self, Problem> {
        // What the request was sent to, not what a proxy's headers say: those anyone can send.
        let host = request
            .headers()
            .get("host")
            .and_then(|host| host.to_str().ok());
        let asked = || PublicUrl::of_host(host?);
        let base = addresses
            .public
            .clone()
            .or_else(asked)
            .ok_or(Problem::Malformed)?;
        let url = format!("{base}/{slug}/");
        let typed = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        Ok(Self {
            typed: typed.trim_end_matches('/').to_owned(),
            onion: addresses
                .onion
                .as_ref()
                .map(|onion| format!("{onion}/{slug}")),
            qr: Qr::of(&url).ok_or(Problem::Internal)?,
            url,
        })
    }
}
