//! The service put together: the staff's pages, and the loop that pulls.

use crate::audit::AuditLog;
use crate::config::TriageConfig;
use crate::desk::{Desk, rules_in_force};
use crate::engine::{Engine, FILES_WITHIN, JOBS_WITHIN, Stores, open_stores, read, unlocked};
use crate::error::TriageError;
use crate::feed::WrongTokens;
use crate::notify::{self, Mailer};
use crate::office::unlocking::Unlocking;
use crate::office::{Office, Parts, Progress};
use crate::routing::Rules;
use crate::served::{Waiting, serve};
use crate::staff::{Directory, SignIn};
use crate::viewer::Renderer;
use crate::web::{StaffWords, WebState, configure, sign_in};
use actix_web::http::KeepAlive;
use actix_web::web::Data;
use jiff::tz::TimeZone;
use mifeng_foundation::backoff::Backoff;
use mifeng_foundation::clock::Clock;
use mifeng_foundation::entropy::Entropy;
use mifeng_foundation::serving::{Bound, install_tls_provider, told};
use mifeng_foundation::supervisor::{
    EssentialTask, Heartbeat, Served, Supervisor, fenced, serve_health,
};
use mifeng_foundation::telemetry::{Event, log};
use mifeng_opening::{Identity, OfficeIdentityFile};
use mifeng_sealing::{ManifestPublicKey, OfficeManifest};
use std::collections::BTreeMap;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

/// How often sessions that are over are looked for.
const SESSIONS_LOOKED_AT: Duration = Duration::from_secs(30);

/// How long after the cases could not be read that is tried again: at first, and at most.
const RELOAD_FIRST: Duration = Duration::from_secs(1);
const RELOAD_MAX: Duration = Duration::from_mins(1);

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
struct Place {
    config: TriageConfig,
    manifest: OfficeManifest,
    rules_text: String,
    rules: Rules,
    stores: Stores,
    bound: Bound,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    sign_in: Arc<SignIn>,
    renderer: Option<Renderer>,
    mailer: Option<Mailer>,
    wrong_feeds: Arc<WrongTokens>,
    supervisor: Supervisor,
    stopped: watch::Receiver<bool>,
}

/// Pages that are served, and what else is done meanwhile.
struct Serving {
    server: Served,
    work: Vec<JoinHandle<()>>,
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

    fn audit_log(&self) -> AuditLog {
        let store = Arc::clone(&self.stores.cases);
        AuditLog::new(store, self.clock.clone(), self.manifest.zone())
    }

    fn parts(&self, identity: Identity) -> Result<Parts, TriageError> {
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

    fn state(&self, desk: Arc<Desk>, unlocking: Option<Unlocking>) -> Data<WebState> {
        let body = self.manifest.body();
        Data::new(WebState {
            desk,
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

    fn serve(&self, state: Data<WebState>, keep: KeepAlive) -> Result<Served, TriageError> {
        let bound = self.bound.try_clone().map_err(TriageError::Server)?;
        let server = serve(bound, keep, move |config| configure(state.clone())(config))?;
        Ok(Served::run("pages", server, &self.supervisor))
    }

    /// The pages of a locked office, and where its key comes from.
    fn serve_sealed(&self) -> Result<(Served, mpsc::Receiver<Identity>), TriageError> {
        let (found, comes) = mpsc::channel(1);
        let file = read(&self.config.office_identity_file)?.to_vec();
        let shares = self.config.office_shares_file.as_deref();
        let shares = shares.map(read).transpose()?;
        let unlocking = Unlocking::new(
            OfficeIdentityFile::from_bytes(file),
            shares.map(|file| file.to_vec()),
            self.manifest.body().recipients.clone(),
            found,
        );
        let blobs = self
            .config
            .attachments
            .open(&self.config.store_url.parse()?)?;
        let office = Office::locked(self.parts(Identity::generate())?)
            .with_blobs(blobs)
            .with_retention(self.config.retention.read()?)
            .with_two_persons(self.config.second_signature);
        let desk = Arc::new(Desk::new(Arc::new(office)));
        // Connections do not outlive it: the open office takes over the socket.
        let served = self.serve(self.state(desk, Some(unlocking)), KeepAlive::Disabled)?;
        log(Event::OfficeLocked);
        Ok((served, comes))
    }

    /// Waits for the key, and then opens the office. Whoever is signed in stays so.
    async fn open_when_found(
        self,
        served: Served,
        mut found: mpsc::Receiver<Identity>,
    ) -> Result<(), TriageError> {
        let identity = tokio::select! {
            () = told(self.stopped.clone()) => None,
            identity = found.recv() => identity,
        };
        served.end().await;
        let Some(identity) = identity else {
            return Ok(());
        };
        let waiting = Waiting::begin(&self.bound, &self.supervisor)?;
        let tried = self.load(identity.clone(), &waiting.progress).await;
        Box::pin(self.open_in_the_end(waiting, identity, tried)).await
    }

    /// Serves the pages of an office that was loaded, or was tried to be. Where the cases cannot be read, since the database is
    /// away for a moment, say, that is logged, told to whoever comes, and tried until they can or the service is stopped: the
    /// key may have been given by people, who are not asked again.
    async fn open_in_the_end(
        self,
        waiting: Waiting,
        identity: Identity,
        mut tried: Result<Engine, TriageError>,
    ) -> Result<(), TriageError> {
        let mut waits = Backoff::doubling(RELOAD_FIRST, RELOAD_MAX);
        let engine = loop {
            match tried {
                Ok(engine) => break Some(engine),
                Err(cause) => not_opened(&cause),
            }
            waiting.progress.break_off();
            tokio::select! {
                () = told(self.stopped.clone()) => break None,
                () = tokio::time::sleep(waits.longer()) => {}
            }
            tried = self.load(identity.clone(), &waiting.progress).await;
        };
        // Whoever comes now waits in the socket's queue until the pages are served.
        waiting.served.end().await;
        let stopped = told(self.stopped.clone());
        if let Some(engine) = engine {
            self.serve_open(engine)?.until(stopped).await;
        }
        Ok(())
    }

    async fn load(&self, identity: Identity, progress: &Progress) -> Result<Engine, TriageError> {
        let opened = Engine::open(&self.config, self.parts(identity)?, progress);
        // What loading carries makes it too large to lie in every future around it.
        fenced(Box::pin(opened)).await?
    }

    fn serve_open(self, engine: Engine) -> Result<Serving, TriageError> {
        let state = self.state(engine.desk(), None);
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
    async fn until(self, stopped: impl Future<Output = ()>) {
        stopped.await;
        self.server.end().await;
        for task in self.work {
            let _ = task.await;
        }
    }
}

fn not_opened(cause: &TriageError) {
    let place = "open";
    log(Event::RequestFailed { place, cause });
}

/// Ends sessions that are over, and so the keys in them, where nobody signs in meanwhile.
async fn forget_sessions(
    sign_in: Arc<SignIn>,
    heartbeat: Heartbeat,
    stopped: impl Future<Output = ()>,
) {
    let mut stopped = std::pin::pin!(stopped);
    loop {
        heartbeat.done(SESSIONS_LOOKED_AT * 2);
        tokio::select! {
            () = &mut stopped => return,
            () = tokio::time::sleep(SESSIONS_LOOKED_AT) => {
                sign_in.sessions.forget_over();
                sign_in.pending.forget_over();
            }
        }
    }
}

/// The office's manifest. One whose term has run out still names the office: what was sealed under it must be opened.
fn manifest(config: &TriageConfig, clock: &dyn Clock) -> Result<OfficeManifest, TriageError> {
    let file = read(&config.manifest_file)?;
    let text = std::str::from_utf8(&file).map_err(|_| TriageError::Setting("manifest_file"))?;
    let trusted: ManifestPublicKey = config.manifest_public_key.parse()?;
    let today = clock.today(&TimeZone::UTC);
    match OfficeManifest::verify(text, &trusted, today) {
        Err(mifeng_sealing::ManifestError::Expired { not_after }) => {
            let what = "the manifest has run out";
            log(Event::Weakness { what });
            Ok(OfficeManifest::verify(text, &trusted, not_after)?)
        }
        verified => Ok(verified?),
    }
}

/// What sends mail, where any is sent.
fn mailer(config: &TriageConfig) -> Result<Option<Mailer>, TriageError> {
    let Some(mail) = &config.mail else {
        return Ok(None);
    };
    if mail.parent_address.is_none() {
        let what = "no address of the office above is set: what is late is escalated no further than the supervisors";
        log(Event::Weakness { what });
    }
    Ok(Some(Mailer::open(mail)?))
}

/// What draws files, if it can do nothing else.
async fn confined(renderer: Renderer) -> Option<Renderer> {
    if matches!(renderer.is_confined().await, Ok(true)) {
        return Some(renderer);
    }
    let what = "files cannot be drawn in confinement, and are only to be saved";
    log(Event::Weakness { what });
    None
}
