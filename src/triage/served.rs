//! What is served on the socket: the pages, and before them how far loading is.

use crate::error::TriageError;
use crate::office::Progress;
use crate::web::configure_loading;
use actix_web::dev::Server;
use actix_web::http::KeepAlive;
use actix_web::web::ServiceConfig;
use actix_web::{App, HttpServer};
use mifeng_foundation::serving::{Bound, server_tls};
use mifeng_foundation::supervisor::{Served, Supervisor};
use std::sync::Arc;

/// How long a stop waits for requests that are being answered, in seconds.
const SHUTDOWN_TIMEOUT_S: u64 = 20;

/// Says how far loading is, on the socket that the pages will be served on.
pub(super) struct Waiting {
    pub(super) progress: Arc<Progress>,
    pub(super) served: Served,
}

impl Waiting {
    pub(super) fn begin(bound: &Bound, supervisor: &Supervisor) -> Result<Self, TriageError> {
        let progress = Arc::new(Progress::default());
        let shown = Arc::clone(&progress);
        let secure = matches!(bound, Bound::Tls(..));
        let routes = move |config: &mut ServiceConfig| {
            configure_loading(Arc::clone(&shown), secure)(config);
        };
        let bound = bound.try_clone().map_err(TriageError::Server)?;
        let server = serve(bound, KeepAlive::Disabled, routes)?;
        Ok(Self {
            progress,
            served: Served::run("loading", server, supervisor),
        })
    }
}

pub(super) fn serve(
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
