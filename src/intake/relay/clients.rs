//! Who asks: known by the certificate of the connection, or by a token.

use super::RelayError;
use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::dev::{self, Extensions};
use actix_web::http::header::HeaderMap;
use actix_web::rt::net::TcpStream;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use sha2::{Digest as _, Sha256};
use std::any::Any;
use std::collections::BTreeMap;
use std::future::{Ready, ready};

/// Who may ask, and for which office.
#[derive(Clone, Debug, Default)]
pub struct RelayClients {
    /// SHA-256 of a client certificate to the slug it stands for.
    pub by_certificate: BTreeMap<[u8; 32], String>,
    /// SHA-256 of a token to the slug it stands for; for plain listeners.
    pub by_token: BTreeMap<[u8; 32], String>,
    /// Whether the listener speaks TLS, so that the certificate decides.
    pub tls: bool,
}

/// The certificate a connection came with, by its hash.
#[derive(Clone, Copy)]
struct PeerCertificate([u8; 32]);

/// Remembers a connection's client certificate for its requests.
pub fn remember_certificate(connection: &dyn Any, extensions: &mut Extensions) {
    if let Some(stream) = connection.downcast_ref::<TlsStream<TcpStream>>()
        && let Some(certificate) = stream
            .get_ref()
            .1
            .peer_certificates()
            .and_then(<[_]>::first)
    {
        extensions.insert(PeerCertificate(Sha256::digest(certificate).into()));
    }
}

/// The slug that a request may speak for.
pub(super) struct Caller(pub(super) String);

impl FromRequest for Caller {
    type Error = RelayError;
    type Future = Ready<Result<Self, RelayError>>;

    fn from_request(request: &HttpRequest, _: &mut dev::Payload) -> Self::Future {
        let clients = request.app_data::<Data<RelayClients>>();
        let slug = clients.and_then(|clients| clients.slug_of(request));
        ready(slug.map(Self).ok_or(RelayError::Unknown))
    }
}

impl RelayClients {
    fn slug_of(&self, request: &HttpRequest) -> Option<String> {
        let slug = if self.tls {
            request
                .conn_data::<PeerCertificate>()
                .and_then(|certificate| self.by_certificate.get(&certificate.0))
        } else {
            // Looked up by hash, so that the time taken says nothing of the token.
            bearer(request.headers())
                .and_then(|token| self.by_token.get(&<[u8; 32]>::from(Sha256::digest(token))))
        };
        slug.cloned()
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers
        .get("authorization")?
        .to_str()
        .ok()?
        .strip_prefix("Bearer ")
}
