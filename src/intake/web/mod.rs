//! The public pages. They work without scripts; addresses hold the office, the language and the size of the text,
//! and never a code.

mod assets;
mod calendar;
mod check;
mod files;
mod files_view;
pub(super) mod findings;
mod form;
mod gzip;
mod not_served;
mod page;
mod parts;
mod poster;
mod respond;
mod script_words;
mod start;
mod status;
mod views;
mod waiting;
pub mod words;
mod write;

pub(super) use respond::problem_page;

use actix_web::web::{ServiceConfig, get, post, scope};

/// Adds the pages' routes.
pub fn configure(service: &mut ServiceConfig) {
    service.service(scope("/assets").configure(assets::configure));
    service.route("/", get().to(start::choose_office));
    service.route("/{office}", get().to(start::choose_language));
    service.route("/{office}/", get().to(start::choose_language));
    for base in ["/{office}/{language}/l", "/{office}/{language}"] {
        service.service(
            scope(base)
                .route("", get().to(start::start))
                .route("/", get().to(start::start))
                .route("/help", get().to(start::help))
                .route("/poster", get().to(poster::poster))
                .route("/card", get().to(poster::card))
                .route("/day/{day}.ics", get().to(calendar::day))
                .route("/write", get().to(write::show))
                .route("/write", post().to(write::submit))
                .route("/check", get().to(check::show))
                .route("/check", post().to(check::visit))
                .route(check::ACTS, post().to(check::visit))
                .route("/check/parts", get().to(parts::show))
                .route("/check/{act}", get().to(check::show)),
        );
    }
    service.default_service(actix_web::web::route().to(start::not_found));
}
