//! Style, scripts (built from `script/` by its `build.mjs`) and emblem, compiled in. Nothing is loaded from anywhere else.

use super::gzip::{answer, gzip, is_accepted};
use actix_web::http::header;
use actix_web::web::{ServiceConfig, get};
use actix_web::{HttpRequest, HttpResponse};
use std::sync::LazyLock;

/// Assets change with the program only; an hour keeps a page light and an update close.
const CACHE: &str = "public, max-age=3600";

/// A file that is served, and the same packed: the same for everyone, so its length says nothing.
struct Asset {
    path: &'static str,
    content_type: &'static str,
    body: &'static str,
    packed: LazyLock<Vec<u8>>,
}

/// Path, content type, file.
macro_rules! assets {
    ($($path:literal, $content_type:literal, $file:literal;)+) => {
        [$(Asset {
            path: $path,
            content_type: $content_type,
            body: include_str!(concat!("assets/", $file)),
            packed: LazyLock::new(|| gzip(include_str!(concat!("assets/", $file)).as_bytes())),
        }),+]
    };
}

static ASSETS: [Asset; 12] = assets! {
    "/public.css", "text/css; charset=utf-8", "public.css";
    "/waiting.css", "text/css; charset=utf-8", "waiting.css";
    "/waited.css", "text/css; charset=utf-8", "waited.css";
    "/poster.css", "text/css; charset=utf-8", "poster.css";
    "/public.js", "text/javascript; charset=utf-8", "public.js";
    "/code.js", "text/javascript; charset=utf-8", "code.js";
    "/write.js", "text/javascript; charset=utf-8", "write.js";
    "/check.js", "text/javascript; charset=utf-8", "check.js";
    "/files.js", "text/javascript; charset=utf-8", "files.js";
    "/shared.js", "text/javascript; charset=utf-8", "shared.js";
    "/licences.txt", "text/plain; charset=utf-8", "licences.txt";
    "/seal.svg", "image/svg+xml", "seal.svg";
};

/// Adds the assets' routes.
pub fn configure(service: &mut ServiceConfig) {
    for asset in &ASSETS {
        service.route(
            asset.path,
            get().to(move |request: HttpRequest| async move { serve(&request, asset) }),
        );
    }
}

fn serve(request: &HttpRequest, asset: &'static Asset) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CACHE_CONTROL, CACHE));
    let packed = is_accepted(request).then(|| asset.packed.clone());
    answer(
        &mut response,
        asset.content_type,
        packed,
        asset.body.as_bytes(),
    )
}
