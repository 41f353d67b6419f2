//! The service put together: the staff's pages, and the loop that pulls.

use super::config::TriageConfig;
use super::loading::Progress;
use super::notify::{self, Mailer};
use super::routing::Rules;
use super::run::{Engine, TriageError, open_stores, read};
use super::viewer::Renderer;
use super::web::{StaffWords, WebState, configure, configure_loading, sign_in};
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::sealing::{ManifestPublicKey, OfficeManifest};
use crate::serving::{Bound, install_tls_provider, server_tls, told};
use crate::telemetry::{Event, log};
use actix_web::dev::{Server, ServerHandle};
use actix_web::http::KeepAlive;
use actix_web::web::{Data, ServiceConfig};
use actix_web::{App, HttpServer};
use jiff::tz::TimeZone;
use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long a stop waits for requests that are being answered, in seconds.
const SHUTDOWN_TIMEOUT_S: u64 = 20;

/// How often sessions that are over are looked for.
const SESSIONS_LOOKED_AT: Duration = Duration::from_secs(30);

/// A running triage.
pub struct Triage {
    /// Where the staff come in; `None` on a Unix socket.
    pub address: Option<SocketAddr>,
    stop: watch::Sender<bool>,
    handle: ServerHandle,
    server: JoinHandle<std::io::Result<()>>,
    work: Vec<JoinHandle<()>>,
}

/// Starts the service: manifest checked, office unlocked, cases loaded, listener bound, pulling begun.
///
/// # Errors
/// [`TriageError`]; nothing listens then.
pub async fn start(
    config: TriageConfig,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<Triage, TriageError> {
    install_tls_provider();
    let manifest = manifest(&config, clock.as_ref())?;
    let rules_text = read(&config.routing_file)?;
    let rules_text = std::str::from_utf8(&rules_text)
        .map_err(|_| TriageError::Setting("routing_file"))?
        .to_owned();
    let rules = Rules::parse(&rules_text)?;
    let stores = open_stores(&config.store_url.parse()?).await?;
    let bound = config.listen.bind()?;
    let address = bound.address();
    let waiting = Waiting::begin(&bound)?;
    let engine = Engine::open(
        &config,
        &manifest,
        rules,
        &stores,
        clock.clone(),
        entropy.clone(),
        &waiting.progress,
    )
    .await;
    // Whoever comes now waits in the socket's queue until the pages are served.
    waiting.end().await;
    let engine = engine?;
    let trail = engine.office().trail();
    let sign_in = sign_in(Arc::clone(&stores.staff), clock, entropy.clone(), trail)?;
    let body = manifest.body();
    let state = Data::new(WebState {
        desk: engine.desk(),
        sign_in,
        entropy,
        office_names: (body.name_zh.clone(), body.name_en.clone()),
        routing_rules: rules_text,
        secure: matches!(bound, Bound::Tls(..)),
        renderer: confined(
            config
                .viewer
                .program_file
                .clone()
                .map_or_else(Renderer::default, Renderer::new),
        )
        .await,
        words: StaffWords::new(),
    });
    let (stop, stopped) = watch::channel(false);
    let mut work = vec![tokio::spawn(forget_sessions(
        state.clone(),
        told(stopped.clone()),
    ))];
    let server = serve(bound, KeepAlive::default(), move |config| {
        configure(state.clone())(config);
    })?;
    if let Some(mail) = &config.mail {
        if mail.parent_address.is_none() {
            let what = "no address of the office above is set: what is late climbs no further than the supervisors";
            log(Event::Weakness { what });
        }
        let mailer = Mailer::open(mail)?;
        let told = told(stopped.clone());
        work.push(tokio::spawn(notify::run(engine.office(), mailer, told)));
    }
    work.push(tokio::spawn(async move { engine.run(told(stopped)).await }));
    log(Event::Started { service: "triage" });
    Ok(Triage {
        address,
        stop,
        handle: server.handle(),
        server: tokio::spawn(server),
        work,
    })
}

impl Triage {
    /// Finishes the round that has begun and the requests that are being answered.
    pub async fn stop(self) {
        // Nobody listens any more only if the work has ended already.
        let _ = self.stop.send(true);
        self.handle.stop(true).await;
        let _ = self.server.await;
        for task in self.work {
            let _ = task.await;
        }
        log(Event::Stopped { service: "triage" });
    }
}

/// Ends sessions that are over, and so the keys in them, where nobody signs in meanwhile.
async fn forget_sessions(state: Data<WebState>, stopped: impl Future<Output = ()>) {
    let mut stopped = std::pin::pin!(stopped);
    loop {
        tokio::select! {
            () = &mut stopped => return,
            () = tokio::time::sleep(SESSIONS_LOOKED_AT) => state.sign_in.sessions.forget_over(),
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
        Err(crate::sealing::ManifestError::Expired { not_after }) => {
            let what = "the manifest has run out";
            log(Event::Weakness { what });
            Ok(OfficeManifest::verify(text, &trusted, not_after)?)
        }
        verified => Ok(verified?),
    }
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

/// Says how far loading is, on the socket that the pages will be served on.
struct Waiting {
    progress: Arc<Progress>,
    handle: ServerHandle,
    server: JoinHandle<std::io::Result<()>>,
}

impl Waiting {
    fn begin(bound: &Bound) -> Result<Self, TriageError> {
        let progress = Arc::new(Progress::default());
        let shown = Arc::clone(&progress);
        let routes = move |config: &mut ServiceConfig| {
            configure_loading(Arc::clone(&shown))(config);
        };
        let bound = bound.try_clone().map_err(TriageError::Server)?;
        let server = serve(bound, KeepAlive::Disabled, routes)?;
        Ok(Self {
            progress,
            handle: server.handle(),
            server: tokio::spawn(server),
        })
    }

    async fn end(self) {
        self.handle.stop(true).await;
        let _ = self.server.await;
    }
}

fn serve(
    bound: Bound,
    keep_alive: KeepAlive,
    routes: impl Fn(&mut ServiceConfig) + Clone + Send + 'static,
) -> Result<Server, TriageError> {
    let server = HttpServer::new(move || App::new().configure(routes.clone()))
        .shutdown_timeout(SHUTDOWN_TIMEOUT_S)
        .keep_alive(keep_alive)
        .disable_signals();
    let server = match bound {
        Bound::Plain(listener) => server.listen(listener),
        Bound::Tls(listener, files) => server.listen_rustls_0_23(listener, server_tls(files)?),
        Bound::Unix(listener) => server.listen_uds(listener),
    };
    Ok(server.map_err(TriageError::Server)?.run())
}
