//! The service put together: two listeners over one desk.

use super::address::Addresses;
use super::attachments::{Attachments, Sweeper};
use super::config::{IntakeConfig, IntakeError};
use super::connection_buffers::forget_connection;
use super::desk::IntakeDesk;
use super::mixing::mix_until;
use super::offices::Offices;
use super::onion::tell_onion_location;
use super::opened::{OpenedDays, rewrite_until};
use super::own_pages::own_pages_only;
use super::rate_limits::RateLimits;
use super::relay::{RelayClients, remember_certificate};
use super::request::Door;
use super::{api, relay, store, web};
use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use mifeng_foundation::clock::Clock;
use mifeng_foundation::entropy::Entropy;
use mifeng_foundation::serving::{Bound, install_tls_provider, security_headers, server_tls, told};
use mifeng_foundation::supervisor::{HealthConfig, Served, Supervisor, serve_health};
use mifeng_foundation::telemetry::{Event, log};
use rustls::RootCertStore;
use rustls::ServerConfig;
use rustls::server::WebPkiClientVerifier;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long SIGTERM waits for requests that are being answered, in seconds.
const SHUTDOWN_TIMEOUT_S: u64 = 20;

/// How long one round of mixing, and of sweeping, may take before it is called overdue.
const MIXED_WITHIN: Duration = Duration::from_mins(2);
const REWRITTEN_WITHIN: Duration = Duration::from_mins(10);
const SWEPT_WITHIN: Duration = Duration::from_mins(30);

/// A running intake.
pub struct Intake {
    /// Where reporters come in; `None` on a Unix socket.
    pub public_address: Option<SocketAddr>,
    /// Where triage comes in; `None` on a Unix socket.
    pub relay_address: Option<SocketAddr>,
    /// Where the onion service comes in; `None` on a Unix socket, or if there is none.
    pub onion_listener: Option<SocketAddr>,
    /// Where health is told in detail; `None` on a Unix socket, or if it is told nowhere.
    pub health_address: Option<SocketAddr>,
    desk: Data<IntakeDesk>,
    servers: Vec<Served>,
    stop: watch::Sender<bool>,
    supervisor: Supervisor,
    chores: Vec<JoinHandle<()>>,
}

/// Starts the service: manifests checked, store open, both listeners bound.
///
/// # Errors
/// [`IntakeError`]; nothing listens then.
pub async fn start(
    config: IntakeConfig,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<Intake, IntakeError> {
    install_tls_provider();
    let (stop, stopped) = watch::channel(false);
    let supervisor = Supervisor::new(clock.clone(), stopped.clone());
    let store = store::open_under(&supervisor, &config.store()?, config.allowance()).await?;
    let onion = config.onion.as_ref();
    let offices = Offices::load(&config, store.as_ref(), clock.as_ref()).await?;
    let clients = offices.relay_clients(&config)?;
    let limits = RateLimits::new(
        config.limits,
        config.flood,
        onion,
        clock.clone(),
        entropy.clone(),
    );
    let attachments = attachments(&config, store.as_ref(), &entropy)?;
    let sweeper = attachments
        .as_ref()
        .map(|attachments| Arc::new(Sweeper::new(Arc::clone(attachments), clock.clone())));
    let desk = Data::new(IntakeDesk {
        opened: OpenedDays::new(Arc::clone(&store), Arc::clone(&entropy)),
        store,
        attachments,
        offices,
        clock,
        entropy,
    });
    let shared = Shared {
        desk: desk.clone(),
        limits: Data::new(limits),
        addresses: Data::new(Addresses {
            public: config.public_url.clone(),
            onion: onion.map(|onion| onion.onion_address.clone()),
        }),
        request_timeout: Duration::from_secs(config.limits.request_timeout_s),
    };
    let public = config.public.bind()?;
    let relay = config.relay.bind()?;
    let onion = onion.map(|onion| onion.listen.bind()).transpose()?;
    let health = config.health.as_ref().map(HealthConfig::bind).transpose()?;
    let health_address = health.as_ref().and_then(Bound::address);
    let (public_address, relay_address) = (public.address(), relay.address());
    let onion_listener = onion.as_ref().and_then(Bound::address);
    let mut servers = vec![
        ("pages", serve_public(public, Door::Open, &shared)?),
        ("relay", serve_relay(relay, desk.clone(), clients)?),
    ];
    if let Some(onion) = onion {
        servers.push(("onion", serve_public(onion, Door::Onion, &shared)?));
    }
    if let Some(health) = health {
        let not_served = desk.offices.refused.iter();
        let not_served = not_served.map(|office| (office.name(), office.cause.to_string()));
        let not_served = not_served.collect();
        servers.push((
            "health",
            serve_health(health, "intake", supervisor.clone(), not_served)?,
        ));
    }
    let run = |(task, server)| Served::run(task, server, &supervisor);
    let servers = servers.into_iter().map(run).collect();
    let interval = Duration::from_secs(config.mixing_interval_s);
    let (of, until) = (desk.clone(), stopped.clone());
    let mixing = supervisor.spawn("mixing", MIXED_WITHIN + interval, move |heartbeat| {
        let (store, clock) = (Arc::clone(&of.store), Arc::clone(&of.clock));
        mix_until(told(until.clone()), store, clock, interval, heartbeat)
    });
    let (of, until) = (desk.clone(), stopped.clone());
    let rewriting = supervisor.spawn(
        "opened days",
        REWRITTEN_WITHIN + interval,
        move |heartbeat| {
            let (opened, clock) = (of.opened.clone(), Arc::clone(&of.clock));
            rewrite_until(told(until.clone()), opened, clock, interval, heartbeat)
        },
    );
    let mut chores = vec![mixing, rewriting];
    chores.extend(sweeper.map(|sweeper| {
        supervisor.spawn("sweeping", SWEPT_WITHIN, move |heartbeat| {
            Arc::clone(&sweeper).run_until(told(stopped.clone()), heartbeat)
        })
    }));
    log(Event::Started { service: "intake" });
    Ok(Intake {
        public_address,
        relay_address,
        onion_listener,
        health_address,
        desk,
        servers,
        stop,
        supervisor,
        chores,
    })
}

impl Intake {
    /// Resolves when a long task died too often, or a server ended by itself: then the service is to be stopped, and the program to say that it failed.
    pub async fn gave_up(&self) -> &'static str {
        self.supervisor.gave_up().await
    }

    /// Mixes what came while it still answers, finishes what was acknowledged, then closes the store.
    pub async fn stop(self) {
        // Nobody listens any more only if the chores have ended already.
        let _ = self.stop.send(true);
        for chore in self.chores {
            let _ = chore.await;
        }
        if let Err(cause) = self.desk.store.forget_order_before_stop().await {
            log(Event::RequestFailed {
                place: "mixing",
                cause: &cause,
            });
        }
        for server in self.servers {
            server.end().await;
        }
        self.desk.store.close().await;
        log(Event::Stopped { service: "intake" });
    }
}

/// The files' place with its rows, if there is one.
fn attachments(
    config: &IntakeConfig,
    store: &dyn store::IntakeStore,
    entropy: &Arc<dyn Entropy>,
) -> Result<Option<Arc<Attachments>>, IntakeError> {
    let allowance = config.allowance();
    let kept_free = allowance.text_reserve_bytes;
    let blobs = config
        .attachments
        .open_beside_text(&config.store()?, kept_free)?;
    let both = blobs.zip(store.attachments());
    Ok(both.map(|(blobs, rows)| {
        Arc::new(Attachments::new(
            blobs,
            rows,
            Arc::clone(entropy),
            config.attachment_limits,
            allowance,
        ))
    }))
}

/// What the public listener and the onion service's have in common.
struct Shared {
    desk: Data<IntakeDesk>,
    limits: Data<RateLimits>,
    addresses: Data<Addresses>,
    request_timeout: Duration,
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
