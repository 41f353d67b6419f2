//! `Onion-Location`: Tor Browser is told that the same page is to be had as an onion service.

use super::address::Addresses;
use super::request::Door;
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::web::Data;

const ONION_LOCATION: HeaderName = HeaderName::from_static("onion-location");

/// Adds the header to pages that were asked for and found at the public listener. Never to an answer to a form: a browser
/// that follows by itself would leave the page with the code on it.
///
/// # Errors
/// What the page's own handler fails with.
pub async fn tell_onion_location(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let addresses = request.app_data::<Data<Addresses>>();
    let onion = addresses.and_then(|addresses| addresses.onion.as_ref());
    let there = onion.map(|onion| format!("http://{onion}{}", request.path()));
    let is_open = request.app_data::<Data<Door>>().map(|door| *door.get_ref()) == Some(Door::Open);
    let wanted = is_open && request.method() == Method::GET;
    let mut response = next.call(request).await?;
    let is_page = response.headers().get(header::CONTENT_TYPE);
    let is_page = is_page.is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    if wanted
        && is_page
        && response.status() == StatusCode::OK
        && let Some(value) = there.and_then(|url| HeaderValue::try_from(url).ok())
    {
        response.headers_mut().insert(ONION_LOCATION, value);
    }
    Ok(response)
}
