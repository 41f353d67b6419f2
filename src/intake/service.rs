//! The service put together: two listeners over one desk.

mod listeners;

use super::attachments::{Attachments, Sweeper};
use super::config::{IntakeConfig, IntakeError};
use super::desk::IntakeDesk;
use super::mixing::mix_until;
use super::offices::Offices;
use super::opened::{OpenedDays, rewrite_until};
use super::rate_limits::RateLimits;
use super::store;
use actix_web::web::Data;
use listeners::{Listeners, Shared};
use mifeng_foundation::clock::Clock;
use mifeng_foundation::entropy::Entropy;
use mifeng_foundation::serving::{Bound, install_tls_provider, told};
use mifeng_foundation::supervisor::{Served, Supervisor};
use mifeng_foundation::telemetry::{Event, log};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

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
    let offices = Offices::load(&config, store.as_ref(), clock.as_ref()).await?;
    let clients = offices.relay_clients(&config)?;
    let limits = limits(&config, &clock, &entropy);
    let desk = Data::new(IntakeDesk {
        attachments: attachments(&config, store.as_ref(), &entropy)?,
        opened: OpenedDays::new(Arc::clone(&store), Arc::clone(&entropy)),
        store,
        offices,
        clock,
        entropy,
    });
    let shared = Shared::new(&config, &desk, limits);
    let listeners = Listeners::bind(&config)?;
    let (public_address, relay_address) = (listeners.public.address(), listeners.relay.address());
    let onion_listener = listeners.onion.as_ref().and_then(Bound::address);
    let health_address = listeners.health.as_ref().and_then(Bound::address);
    let servers = listeners.serve(&shared, clients, &supervisor)?;
    let run = |(task, server)| Served::run(task, server, &supervisor);
    let servers = servers.into_iter().map(run).collect();
    let interval = Duration::from_secs(config.mixing_interval_s);
    let mut chores = vec![
        keep_mixing(&supervisor, &desk, interval, &stopped),
        keep_rewriting(&supervisor, &desk, interval, &stopped),
    ];
    chores.extend(keep_sweeping(&supervisor, &desk, &stopped));
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

/// The limits of the settings.
fn limits(config: &IntakeConfig, clock: &Arc<dyn Clock>, entropy: &Arc<dyn Entropy>) -> RateLimits {
    RateLimits::new(
        config.limits,
        config.flood,
        config.onion.as_ref(),
        Arc::clone(clock),
        Arc::clone(entropy),
    )
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

/// Writes what came anew in an order that means nothing, again and again.
fn keep_mixing(
    supervisor: &Supervisor,
    desk: &Data<IntakeDesk>,
    interval: Duration,
    stopped: &watch::Receiver<bool>,
) -> JoinHandle<()> {
    let (of, until) = (desk.clone(), stopped.clone());
    supervisor.spawn("mixing", MIXED_WITHIN + interval, move |heartbeat| {
        let (store, clock) = (Arc::clone(&of.store), Arc::clone(&of.clock));
        mix_until(told(until.clone()), store, clock, interval, heartbeat)
    })
}

/// Writes the field of the last opening of every mailbox anew, again and again.
fn keep_rewriting(
    supervisor: &Supervisor,
    desk: &Data<IntakeDesk>,
    interval: Duration,
    stopped: &watch::Receiver<bool>,
) -> JoinHandle<()> {
    let (of, until) = (desk.clone(), stopped.clone());
    let within = REWRITTEN_WITHIN + interval;
    supervisor.spawn("opened days", within, move |heartbeat| {
        let (opened, clock) = (of.opened.clone(), Arc::clone(&of.clock));
        rewrite_until(told(until.clone()), opened, clock, interval, heartbeat)
    })
}

/// Deletes files that no tip claimed, again and again, where files are taken.
fn keep_sweeping(
    supervisor: &Supervisor,
    desk: &IntakeDesk,
    stopped: &watch::Receiver<bool>,
) -> Option<JoinHandle<()>> {
    let attachments = Arc::clone(desk.attachments.as_ref()?);
    let sweeper = Arc::new(Sweeper::new(attachments, Arc::clone(&desk.clock)));
    let until = stopped.clone();
    Some(
        supervisor.spawn("sweeping", SWEPT_WITHIN, move |heartbeat| {
            Arc::clone(&sweeper).run_until(told(until.clone()), heartbeat)
        }),
    )
}
