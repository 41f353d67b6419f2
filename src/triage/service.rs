//! The service put together: the staff's pages, and the loop that pulls.

use crate::administration::rules_in_force;
use crate::audit::AuditLog;
use crate::config::TriageConfig;
use crate::engine::{Engine, FILES_WITHIN, JOBS_WITHIN, Stores, open_stores};
use crate::error::TriageError;
use crate::feed::WrongTokens;
use crate::from_settings::{confined, mailer, manifest};
use crate::notify::{self, Mailer};
use crate::office::unlocking::Unlocking;
use crate::office::{Office, Parts};
use crate::routing::Rules;
use crate::served::{Waiting, serve};
use crate::sessions::{SESSIONS_LOOKED_AT, forget_sessions};
use crate::staff::{Directory, SignIn};
use crate::unlocking::{read, unlocked};
use crate::viewer::Renderer;
use crate::web::{StaffWords, WebState, configure, sign_in};
use actix_web::http::KeepAlive;
use actix_web::web::Data;
use mifeng_foundation::clock::Clock;
use mifeng_foundation::entropy::Entropy;
use mifeng_foundation::serving::{Bound, install_tls_provider, told};
use mifeng_foundation::supervisor::{EssentialTask, Served, Supervisor, serve_health};
use mifeng_foundation::telemetry::{Event, log};
use mifeng_opening::Identity;
use mifeng_sealing::OfficeManifest;
use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A running triage.
pub struct Triage {
    /// Where the staff come in; `None` on a Unix socket.
    pub address: Option<SocketAddr>,
    /// Where health is told in detail; `None` on a Unix socket, or if it is told nowhere.
    pub health_address: Option<SocketAddr>,
    stop: watch::Sender<bool>,
    supervisor: Supervisor,
    /// Opens the office and serves its pages.
    main: EssentialTask,
    sessions: JoinHandle<()>,
    health: Option<Served>,
}

/// Everything that an office needs but its key.
pub(super) struct Place {
    pub(super) config: TriageConfig,
    pub(super) manifest: OfficeManifest,
    pub(super) rules_text: String,
    pub(super) rules: Rules,
    pub(super) stores: Stores,
    pub(super) bound: Bound,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) entropy: Arc<dyn Entropy>,
    pub(super) sign_in: Arc<SignIn>,
    pub(super) renderer: Option<Renderer>,
    pub(super) mailer: Option<Mailer>,
    pub(super) wrong_feeds: Arc<WrongTokens>,
    pub(super) supervisor: Supervisor,
    pub(super) stopped: watch::Receiver<bool>,
}

/// Pages that are served, and what else is done meanwhile.
pub(super) struct Serving {
    pub(super) server: Served,
    pub(super) work: Vec<JoinHandle<()>>,
}

/// Starts the service: manifest checked, office unlocked, cases loaded, listener bound, pulling begun. Where the settings
/// say so the office stays locked until somebody opens it on a page; each member has her own cases meanwhile. Where the cases
/// cannot be read, that is tried again after the start until they can; the pages say so meanwhile.
///
/// # Errors
/// [`TriageError`] for all else; nothing listens then.
pub async fn start(
    config: TriageConfig,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<Triage, TriageError> {
    install_tls_provider();
    let (stop, stopped) = watch::channel(false);
    let locked = config.start_locked;
    let supervisor = Supervisor::new(clock.clone(), stopped.clone());
    let health = config.health.clone();
    let supervised = (supervisor.clone(), stopped.clone());
    let place = Place::prepare(config, clock, entropy, supervised).await?;
    let address = place.bound.address();
    let health = health.map(|health| health.bind()).transpose()?;
    let health_address = health.as_ref().and_then(Bound::address);
    let health =
        health.map(|bound| serve_health(bound, "triage", supervisor.clone(), BTreeMap::new()));
    let health = health.transpose().map_err(TriageError::Server)?;
    let health = health.map(|server| Served::run("health", server, &supervisor));
    let (sign_in, until) = (Arc::clone(&place.sign_in), stopped.clone());
    let sessions = supervisor.spawn("sessions", SESSIONS_LOOKED_AT * 2, move |heartbeat| {
        forget_sessions(Arc::clone(&sign_in), heartbeat, told(until.clone()))
    });
    let main = if locked {
        let (served, found) = place.serve_sealed()?;
        supervisor.keep("opening", place.open_when_found(served, found))
    } else {
        let identity = unlocked(&place.config, &place.manifest, &place.audit_log()).await?;
        let waiting = Waiting::begin(&place.bound, &supervisor)?;
        let tried = Box::pin(place.load(identity.clone(), &waiting.progress)).await;
        if tried.as_ref().is_err_and(TriageError::may_pass) {
            let opened = place.open_in_the_end(waiting, identity, tried);
            supervisor.keep("opening", opened)
        } else {
            waiting.served.end().await;
            let serving = place.serve_open(tried?)?;
            supervisor.keep("serving", async {
                serving.until(told(stopped)).await;
                Ok::<_, TriageError>(())
            })
        }
    };
    log(Event::Started { service: "triage" });
    Ok(Triage {
        address,
        health_address,
        stop,
        supervisor,
        main,
        sessions,
        health,
    })
}

impl Triage {
    /// Resolves when a long task died too often, or a server ended by itself: then the service is to be stopped, and the program to say that it failed.
    pub async fn gave_up(&self) -> &'static str {
        self.supervisor.gave_up().await
    }

    /// Finishes the round that has begun and the requests that are being answered.
    pub async fn stop(self) {
        // Nobody listens any more only if the work has ended already.
        let _ = self.stop.send(true);
        self.main.end().await;
        let _ = self.sessions.await;
        if let Some(health) = self.health {
            health.end().await;
        }
        log(Event::Stopped { service: "triage" });
    }
}

impl Place {
    async fn prepare(
        config: TriageConfig,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        (supervisor, stopped): (Supervisor, watch::Receiver<bool>),
    ) -> Result<Self, TriageError> {
        let manifest = manifest(&config, clock.as_ref())?;
        let rules_text = read(&config.routing_file)?;
        let rules_text = std::str::from_utf8(&rules_text)
            .map_err(|_| TriageError::Setting("routing_file"))?
            .to_owned();
        let rules = Rules::parse(&rules_text)?;
        let stores = open_stores(&config.store_url.parse()?).await?;
        let rules = rules_in_force(&*stores.cases, rules).await?;
        let audit_log = AuditLog::new(Arc::clone(&stores.cases), clock.clone(), manifest.zone());
        let staff = Arc::clone(&stores.staff);
        let by_two = config.second_factor.required_for.clone();
        let sign_in = sign_in(staff, clock.clone(), entropy.clone(), audit_log, by_two)?;
        let bound = config.listen.bind()?;
        let program = config.viewer.program_file.clone();
        let renderer = program.map_or_else(Renderer::default, Renderer::new);
        Ok(Self {
            manifest,
            rules_text,
            rules,
            stores,
            bound,
            wrong_feeds: Arc::new(WrongTokens::new(clock.clone())),
            clock,
            entropy,
            sign_in: Arc::new(sign_in),
            renderer: confined(renderer).await,
            mailer: mailer(&config)?,
            supervisor,
            stopped,
            config,
        })
    }

    pub(super) fn audit_log(&self) -> AuditLog {
        let store = Arc::clone(&self.stores.cases);
        AuditLog::new(store, self.clock.clone(), self.manifest.zone())
    }

    pub(super) fn parts(&self, identity: Identity) -> Result<Parts, TriageError> {
        Ok(Parts {
            slug: self.manifest.slug().to_owned(),
            zone: self.manifest.zone(),
            identity,
            store: Arc::clone(&self.stores.cases),
            directory: Arc::clone(&self.stores.staff) as Arc<dyn Directory>,
            rules: self.rules.clone(),
            deadline_rules: self.config.deadlines.read()?,
            parent: self.manifest.body().parent.clone(),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
        })
    }

    pub(super) fn state(
        &self,
        office: Arc<Office>,
        unlocking: Option<Unlocking>,
    ) -> Data<WebState> {
        let body = self.manifest.body();
        Data::new(WebState {
            office,
            sign_in: Arc::clone(&self.sign_in),
            entropy: self.entropy.clone(),
            office_names: (body.name_zh.clone(), body.name_en.clone()),
            manifest_until: body.not_after,
            routing_rules: self.rules_text.clone(),
            secure: matches!(self.bound, Bound::Tls(..)),
            renderer: self.renderer.clone(),
            words: StaffWords::new(),
            unlocking,
            wrong_feeds: Arc::clone(&self.wrong_feeds),
            supervisor: self.supervisor.clone(),
        })
    }

    pub(super) fn serve(
        &self,
        state: Data<WebState>,
        keep: KeepAlive,
    ) -> Result<Served, TriageError> {
        let bound = self.bound.try_clone().map_err(TriageError::Server)?;
        let server = serve(bound, keep, move |config| configure(state.clone())(config))?;
        Ok(Served::run("pages", server, &self.supervisor))
    }

    pub(super) fn serve_open(self, engine: Engine) -> Result<Serving, TriageError> {
        let state = self.state(engine.office(), None);
        let server = self.serve(state, KeepAlive::default())?;
        let (engine, supervisor, stopped) = (Arc::new(engine), self.supervisor, self.stopped);
        let mut work = Vec::new();
        if let Some(mailer) = self.mailer.map(Arc::new) {
            let (office, until) = (engine.office(), stopped.clone());
            let within = mailer.run_within();
            work.push(supervisor.spawn("mail", within, move |heartbeat| {
                let (office, mailer) = (Arc::clone(&office), Arc::clone(&mailer));
                notify::run(office, mailer, heartbeat, told(until.clone()))
            }));
        }
        let (of, until) = (Arc::clone(&engine), stopped.clone());
        work.push(
            supervisor.spawn("pull", engine.first_pull_within(), move |heartbeat| {
                let (engine, until) = (Arc::clone(&of), told(until.clone()));
                async move { engine.pull(heartbeat, until).await }
            }),
        );
        let (of, until) = (Arc::clone(&engine), stopped.clone());
        work.push(supervisor.spawn("files", FILES_WITHIN, move |heartbeat| {
            let (engine, until) = (Arc::clone(&of), told(until.clone()));
            async move { engine.exchange_files(heartbeat, until).await }
        }));
        work.push(supervisor.spawn("rounds", JOBS_WITHIN, move |heartbeat| {
            let (engine, until) = (Arc::clone(&engine), told(stopped.clone()));
            async move { Box::pin(engine.run_jobs(heartbeat, until)).await }
        }));
        Ok(Serving { server, work })
    }
}

impl Serving {
    /// Serves until `stopped` resolves; finishes what has begun.
    pub(super) async fn until(self, stopped: impl Future<Output = ()>) {
        stopped.await;
        self.server.end().await;
        for task in self.work {
            let _ = task.await;
        }
    }
}
