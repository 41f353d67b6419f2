//! Style, script and emblem, compiled in. Nothing is loaded from anywhere else.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{ServiceConfig, get};

/// Assets change with the program only; an hour keeps a page light and an update close.
const CACHE: &str = "public, max-age=3600";

/// Adds the assets' routes.
pub fn configure(service: &mut ServiceConfig) {
    service
        .route("/public.css", get().to(style))
        .route("/public.js", get().to(script))
        .route("/seal.svg", get().to(emblem));
}

async fn style() -> HttpResponse {
    asset("text/css; charset=utf-8", include_str!("assets/public.css"))
}

async fn script() -> HttpResponse {
    asset(
        "text/javascript; charset=utf-8",
        include_str!("assets/public.js"),
    )
}

async fn emblem() -> HttpResponse {
    asset("image/svg+xml", include_str!("assets/seal.svg"))
}

fn asset(content_type: &'static str, body: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header((header::CACHE_CONTROL, CACHE))
        .body(body)
}
