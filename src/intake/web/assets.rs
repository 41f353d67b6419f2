//! Style, scripts (built from `script/` by its `build.mjs`) and emblem, compiled in. Nothing is loaded from anywhere else.

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::{ServiceConfig, get};

/// Assets change with the program only; an hour keeps a page light and an update close.
const CACHE: &str = "public, max-age=3600";

const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Adds the assets' routes.
pub fn configure(service: &mut ServiceConfig) {
    service
        .route("/public.css", get().to(style))
        .route("/public.js", get().to(public_script))
        .route("/code.js", get().to(code_script))
        .route("/write.js", get().to(write_script))
        .route("/licences.txt", get().to(licences))
        .route("/seal.svg", get().to(emblem));
}

async fn style() -> HttpResponse {
    asset("text/css; charset=utf-8", include_str!("assets/public.css"))
}

async fn public_script() -> HttpResponse {
    asset(SCRIPT, include_str!("assets/public.js"))
}

async fn code_script() -> HttpResponse {
    asset(SCRIPT, include_str!("assets/code.js"))
}

async fn write_script() -> HttpResponse {
    asset(SCRIPT, include_str!("assets/write.js"))
}

async fn licences() -> HttpResponse {
    asset(
        "text/plain; charset=utf-8",
        include_str!("assets/licences.txt"),
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
