//! What is read of a request, and no more: its body within limits, its language, and for a moment its address.

use super::config::LimitsConfig;
use super::limits::{Limits, Source};
use super::problem::Problem;
use crate::tip::Language;
use actix_web::HttpRequest;
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::web::{Bytes, Data, Payload};
use futures_util::{Stream, StreamExt as _};
use std::time::Duration;
use zeroize::Zeroizing;

/// Largest body, in bytes: a full text in the widest encoding, and the rest of the form.
pub const BODY_MAX_BYTES: usize = 1024 * 1024;

/// The body, whole.
///
/// # Errors
/// [`Problem::TooLarge`] over [`BODY_MAX_BYTES`]; [`Problem::Malformed`] if it breaks off or never ends.
pub async fn body(
    mut payload: Payload,
    limits: &LimitsConfig,
) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let read = async {
        let mut bytes = Zeroizing::new(Vec::new());
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Problem::Malformed)?;
            if bytes.len() + chunk.len() > BODY_MAX_BYTES {
                return Err(Problem::TooLarge);
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    tokio::time::timeout(Duration::from_secs(limits.request_timeout_s), read)
        .await
        .unwrap_or(Err(Problem::Malformed))
}

/// A body of any length, as long as its bytes keep coming: each must follow the one before within `timeout_s`.
pub fn in_time(
    payload: &mut Payload,
    timeout_s: u64,
) -> impl Stream<Item = Result<Bytes, Problem>> + Unpin + use<'_> {
    let timeout = Duration::from_secs(timeout_s);
    Box::pin(futures_util::stream::unfold(
        payload,
        move |payload| async move {
            let next = tokio::time::timeout(timeout, payload.next()).await;
            // Late is as good as broken off.
            let next = next.unwrap_or(Some(Err(PayloadError::Incomplete(None))));
            next.map(|bytes| (bytes.map_err(|_| Problem::Malformed), payload))
        },
    ))
}

/// The language a client without pages asks for.
pub fn language(request: &HttpRequest) -> Language {
    request
        .headers()
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .map(|value| Language::negotiate(value, Language::ALL))
        .unwrap_or_default()
}

/// Which listener a request came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The public one.
    Open,
    /// The onion service's.
    Onion,
}

/// Where a request comes from, for the limiter only. A proxy's word is taken only from this machine, only if set, and
/// never at the onion service's listener, where anyone could say anything.
pub fn source(request: &HttpRequest, limits: &LimitsConfig) -> Source {
    if request.app_data::<Data<Door>>().map(|door| *door.get_ref()) == Some(Door::Onion) {
        return Source::Onion;
    }
    let peer = request.peer_addr().map(|address| address.ip());
    let local = peer.is_none_or(|ip| ip.is_loopback());
    let told = || {
        let forwarded = request.headers().get("x-forwarded-for")?;
        let last = forwarded.to_str().ok()?.rsplit(',').next()?;
        last.trim().parse().ok()
    };
    let proxied = (limits.behind_local_proxy && local).then(told).flatten();
    proxied.or(peer).map_or(Source::Unknown, Source::Address)
}

/// Whether the caller is within the limits, after having waited if need be.
///
/// # Errors
/// [`Problem::TooMany`].
pub async fn admit(request: &HttpRequest, limits: &Limits) -> Result<(), Problem> {
    let verdict = limits.admit(source(request, limits.config())).await;
    verdict.allowed()
}
