//! What the service listens on, and the server behind each listener: pages, relay, onion service, health.

use crate::address::Addresses;
use crate::config::{IntakeConfig, IntakeError};
use crate::connection_buffers::forget_connection;
use crate::desk::IntakeDesk;
use crate::onion::tell_onion_location;
use crate::own_pages::own_pages_only;
use crate::rate_limits::RateLimits;
use crate::relay::{RelayClients, remember_certificate};
use crate::request::Door;
use crate::{api, relay, web};
use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use mifeng_foundation::serving::{Bound, security_headers, server_tls};
use mifeng_foundation::supervisor::{HealthConfig, Supervisor, serve_health};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use std::sync::Arc;
use std::time::Duration;

/// How long SIGTERM waits for requests that are being answered, in seconds.
const SHUTDOWN_TIMEOUT_S: u64 = 20;

/// What the public listener and the onion service's have in common.
pub(super) struct Shared {
    desk: Data<IntakeDesk>,
    limits: Data<RateLimits>,
    addresses: Data<Addresses>,
    request_timeout: Duration,
}

impl Shared {
    /// Of the service with these settings.
    pub(super) fn new(config: &IntakeConfig, desk: &Data<IntakeDesk>, limits: RateLimits) -> Self {
        let onion = config.onion.as_ref();
        Self {
            desk: desk.clone(),
            limits: Data::new(limits),
            addresses: Data::new(Addresses {
                public: config.public_url.clone(),
                onion: onion.map(|onion| onion.onion_address.clone()),
            }),
            request_timeout: Duration::from_secs(config.limits.request_timeout_s),
        }
    }
}

/// What the service listens on.
pub(super) struct Listeners {
    pub(super) public: Bound,
    pub(super) relay: Bound,
    pub(super) onion: Option<Bound>,
    pub(super) health: Option<Bound>,
}

impl Listeners {
    /// Those of the settings.
    pub(super) fn bind(config: &IntakeConfig) -> Result<Self, IntakeError> {
        let onion = config.onion.as_ref();
        Ok(Self {
            public: config.public.bind()?,
            relay: config.relay.bind()?,
            onion: onion.map(|onion| onion.listen.bind()).transpose()?,
            health: config.health.as_ref().map(HealthConfig::bind).transpose()?,
        })
    }

    /// A server for each, with the name of its task.
    pub(super) fn serve(
        self,
        shared: &Shared,
        clients: RelayClients,
        supervisor: &Supervisor,
    ) -> Result<Vec<(&'static str, Server)>, IntakeError> {
        let desk = &shared.desk;
        let mut servers = vec![
            ("pages", serve_public(self.public, Door::Open, shared)?),
            ("relay", serve_relay(self.relay, desk.clone(), clients)?),
        ];
        if let Some(onion) = self.onion {
            servers.push(("onion", serve_public(onion, Door::Onion, shared)?));
        }
        if let Some(health) = self.health {
            let not_served = desk.offices.refused.iter();
            let not_served = not_served.map(|office| (office.name(), office.cause.to_string()));
            let not_served = not_served.collect();
            servers.push((
                "health",
                serve_health(health, "intake", supervisor.clone(), not_served)?,
            ));
        }
        Ok(servers)
    }
}

fn serve_public(bound: Bound, door: Door, shared: &Shared) -> Result<Server, IntakeError> {
    let (desk, limits) = (shared.desk.clone(), shared.limits.clone());
    let (addresses, door) = (shared.addresses.clone(), Data::new(door));
    let secure = matches!(bound, Bound::Tls(..));
    let server = HttpServer::new(move || {
        App::new()
            .wrap(from_fn(own_pages_only))
            .wrap(from_fn(tell_onion_location))
            .wrap(security_headers("no-referrer", secure))
            .wrap(from_fn(forget_connection))
            .app_data(desk.clone())
            .app_data(limits.clone())
            .app_data(addresses.clone())
            .app_data(door.clone())
            .configure(api::configure)
            .configure(web::configure)
    })
    .client_request_timeout(shared.request_timeout)
    .shutdown_timeout(SHUTDOWN_TIMEOUT_S)
    .disable_signals();
    Ok(match bound {
        Bound::Plain(listener) => server.listen(listener)?,
        Bound::Tls(listener, files) => server.listen_rustls_0_23(listener, server_tls(files)?)?,
        Bound::Unix(listener) => server.listen_uds(listener)?,
    }
    .run())
}

fn serve_relay(
    bound: Bound,
    desk: Data<IntakeDesk>,
    clients: RelayClients,
) -> Result<Server, IntakeError> {
    let tls = match &bound {
        Bound::Tls(..) => Some(desk.offices.client_roots()?),
        _ => None,
    };
    let clients = Data::new(clients);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(desk.clone())
            .app_data(clients.clone())
            .configure(relay::configure)
    })
    .on_connect(remember_certificate)
    .workers(1)
    .shutdown_timeout(SHUTDOWN_TIMEOUT_S)
    .disable_signals();
    Ok(match (bound, tls) {
        (Bound::Tls(listener, files), Some(roots)) => {
            server.listen_rustls_0_23(listener, mutual_tls(files, roots)?)?
        }
        (Bound::Plain(listener) | Bound::Tls(listener, _), _) => server.listen(listener)?,
        (Bound::Unix(listener), _) => server.listen_uds(listener)?,
    }
    .run())
}

fn mutual_tls(
    files: mifeng_foundation::serving::CertifiedFiles,
    roots: RootCertStore,
) -> Result<ServerConfig, IntakeError> {
    let config = |error: &dyn std::error::Error| IntakeError::Config(error.to_string());
    let verifier = WebPkiClientVerifier::builder(Arc::new(roots))
        .build()
        .map_err(|error| config(&error))?;
    ServerConfig::builder()
        .with_client_cert_verifier(verifier)
        .with_single_cert(files.chain, files.key)
        .map_err(|error| config(&error))
}
