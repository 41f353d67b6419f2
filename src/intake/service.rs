//! The service put together: two listeners over one desk.

use super::address::Addresses;
use super::attachments::{Attachments, Sweeper};
use super::config::{IntakeConfig, IntakeError};
use super::desk::IntakeDesk;
use super::forgetful::forget_connection;
use super::limits::Limits;
use super::mixing::mix_until;
use super::onion::tell_onion_location;
use super::opened::{OpenedDays, rewrite_until};
use super::own_pages::own_pages_only;
use super::relay::{RelayClients, remember_certificate};
use super::request::Door;
use super::{api, relay, store, web};
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::sealing::{ManifestError, OfficeManifest};
use crate::serving::{Bound, install_tls_provider, security_headers, server_tls, told};
use crate::supervisor::{HealthConfig, Served, Supervisor, serve_health};
use crate::telemetry::{Event, log};
use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use rustls::RootCertStore;
use rustls::ServerConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::server::WebPkiClientVerifier;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
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
    let (offices, clients) = load_offices(&config, clock.as_ref())?;
    let (stop, stopped) = watch::channel(false);
    let supervisor = Supervisor::new(clock.clone(), stopped.clone());
    let store = store::open_under(&supervisor, &config.store()?, config.allowance()).await?;
    let onion = config.onion.as_ref();
    refuse_older(&config, &offices, store.as_ref()).await?;
    let limits = Limits::new(
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
        servers.push((
            "health",
            serve_health(health, "intake", supervisor.clone())?,
        ));
    }
    let run = |(task, server)| Served::run(task, server, &supervisor);
    let servers = servers.into_iter().map(run).collect();
    let interval = Duration::from_secs(config.mixing_interval_s);
    let (of, until) = (desk.clone(), stopped.clone());
    let mixing = supervisor.spawn("mixing", MIXED_WITHIN + interval, move |pulse| {
        let (store, clock) = (Arc::clone(&of.store), Arc::clone(&of.clock));
        mix_until(told(until.clone()), store, clock, interval, pulse)
    });
    let (of, until) = (desk.clone(), stopped.clone());
    let rewriting = supervisor.spawn("opened days", REWRITTEN_WITHIN + interval, move |pulse| {
        let (opened, clock) = (of.opened.clone(), Arc::clone(&of.clock));
        rewrite_until(told(until.clone()), opened, clock, interval, pulse)
    });
    let mut chores = vec![mixing, rewriting];
    chores.extend(sweeper.map(|sweeper| {
        supervisor.spawn("sweeping", SWEPT_WITHIN, move |pulse| {
            Arc::clone(&sweeper).run_until(told(stopped.clone()), pulse)
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

    /// Finishes what was acknowledged, then closes the store.
    pub async fn stop(self) {
        for server in self.servers {
            server.end().await;
        }
        // Nobody listens any more only if the chores have ended already.
        let _ = self.stop.send(true);
        for chore in self.chores {
            let _ = chore.await;
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

type Offices = BTreeMap<String, Arc<OfficeManifest>>;

fn load_offices(
    config: &IntakeConfig,
    clock: &dyn Clock,
) -> Result<(Offices, RelayClients), IntakeError> {
    let mut offices = BTreeMap::new();
    let mut clients = RelayClients {
        tls: config.relay.certificate_file.is_some(),
        ..RelayClients::default()
    };
    for office in &config.office {
        let manifest = office.manifest(clock)?;
        let slug = manifest.slug().to_owned();
        for missing in manifest.body().missing_words() {
            log(Event::WordsMissing {
                office: &slug,
                language: missing.language.tag(),
                keys: &missing.keys,
            });
        }
        if let Ok(certificate) = client_certificate(&manifest) {
            let hash = Sha256::digest(&certificate).into();
            clients.by_certificate.insert(hash, slug.clone());
        }
        if let Some(token) = office.relay_token()? {
            clients
                .by_token
                .insert(Sha256::digest(token).into(), slug.clone());
        }
        if offices.insert(slug.clone(), Arc::new(manifest)).is_some() {
            return Err(IntakeError::Config(format!("two manifests for {slug}")));
        }
    }
    if offices.is_empty() {
        return Err(IntakeError::Config("no office to serve".to_owned()));
    }
    refuse_revoked(config, &offices)?;
    Ok((offices, clients))
}

/// The file that the settings name for an office.
fn refused(
    config: &IntakeConfig,
    slug: &str,
    offices: &Offices,
    cause: ManifestError,
) -> IntakeError {
    // They were read in the order of the settings, and each slug comes once.
    let file = config.office.iter().find(|office| {
        let text = std::fs::read_to_string(&office.manifest_file);
        text.is_ok_and(|text| offices.get(slug).is_some_and(|it| it.file() == text))
    });
    IntakeError::Manifest {
        file: file.map_or_else(PathBuf::new, |office| office.manifest_file.clone()),
        cause,
    }
}

/// Refuses the manifest of an office below whose keys one of an office above takes back.
fn refuse_revoked(config: &IntakeConfig, offices: &Offices) -> Result<(), IntakeError> {
    for above in offices.values() {
        for below in offices.values() {
            if let Some(key) = above.revokes(below) {
                let cause = ManifestError::Revoked {
                    by: above.slug().to_owned(),
                    key: key.to_string(),
                };
                return Err(refused(config, below.slug(), offices, cause));
            }
        }
    }
    Ok(())
}

/// Refuses a manifest that is older than one that was served from this store before.
async fn refuse_older(
    config: &IntakeConfig,
    offices: &Offices,
    store: &dyn store::IntakeStore,
) -> Result<(), IntakeError> {
    for (slug, office) in offices {
        let serial = office.body().serial;
        let served = store.raise_serial(slug, serial).await?;
        if serial < served {
            let cause = ManifestError::Older { serial, served };
            return Err(refused(config, slug, offices, cause));
        }
    }
    Ok(())
}

fn client_certificate(manifest: &OfficeManifest) -> Result<CertificateDer<'static>, IntakeError> {
    CertificateDer::from_pem_slice(manifest.body().relay_client.certificate_pem.as_bytes())
        .map_err(|_| IntakeError::Config("a manifest's relay certificate is not PEM".to_owned()))
}

/// What the public listener and the onion service's have in common.
struct Shared {
    desk: Data<IntakeDesk>,
    limits: Data<Limits>,
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
        Bound::Tls(..) => Some(client_roots(&desk)?),
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

/// The certificates of the offices' triages: nobody else gets past the handshake.
fn client_roots(desk: &IntakeDesk) -> Result<RootCertStore, IntakeError> {
    let mut roots = RootCertStore::empty();
    for manifest in desk.offices.values() {
        roots
            .add(client_certificate(manifest)?)
            .map_err(|error| IntakeError::Config(error.to_string()))?;
    }
    Ok(roots)
}

fn mutual_tls(
    files: crate::serving::CertifiedFiles,
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
