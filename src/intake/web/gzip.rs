//! Compression, for what holds no secret: assets, and pages that are the same for everyone.

use crate::connection_buffers::harmless;
use actix_web::http::header::{self, AcceptEncoding, Encoding, Header as _, Preference, Quality};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;

/// `body`, compressed if the browser takes that.
pub fn compressed(request: &HttpRequest, content_type: &'static str, body: &[u8]) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    if is_accepted(request) {
        return answer(&mut response, content_type, Some(gzip(body)), body);
    }
    answer(&mut response, content_type, None, body)
}

/// The answer with `packed` in place of `body`, if there is one.
pub fn answer(
    response: &mut HttpResponseBuilder,
    content_type: &'static str,
    packed: Option<Vec<u8>>,
    body: &[u8],
) -> HttpResponse {
    response
        .content_type(content_type)
        .insert_header((header::VARY, "accept-encoding"));
    harmless(match packed {
        Some(packed) => response
            .insert_header((header::CONTENT_ENCODING, "gzip"))
            .body(packed),
        None => response.body(body.to_vec()),
    })
}

/// Whether the request takes gzip.
pub fn is_accepted(request: &HttpRequest) -> bool {
    let Ok(AcceptEncoding(codings)) = AcceptEncoding::parse(request) else {
        return false;
    };
    let gzip = Preference::Specific(Encoding::gzip());
    codings
        .iter()
        .any(|coding| coding.item == gzip && coding.quality > Quality::ZERO)
}

/// `body` as gzip. Without a name or a time in its head.
pub fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 3), Compression::best());
    // Writing to memory does not fail.
    let _ = encoder.write_all(body);
    encoder.finish().unwrap_or_default()
}
