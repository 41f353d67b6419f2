//! Health in detail, for whoever looks after the machine: on a listener of its own that only this machine reaches.

use super::{Supervisor, TaskHealth};
use crate::serving::{Bound, ListenConfig, ListenError};
use crate::settings::Unfit;
use actix_web::dev::Server;
use actix_web::web::{self, Data};
use actix_web::{App, HttpResponse, HttpServer};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Where it is asked for. 200 where every task has done its round lately, 503 where one has not; JSON either way.
pub const HEALTH_PATH: &str = "/health";

/// Where health is told in detail. Only a loopback address or a Unix socket: it says how the service is made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HealthConfig {
    /// Loopback address and port, `127.0.0.1:9091`; port 0 takes a free one.
    pub address: Option<SocketAddr>,
    /// Path of a Unix socket, instead of an address.
    pub unix_socket: Option<PathBuf>,
}

#[derive(Serialize)]
struct Told {
    service: &'static str,
    fine: bool,
    tasks: Vec<TaskHealth>,
    /// What is not served, and why.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    not_served: BTreeMap<String, String>,
}

impl HealthConfig {
    /// Finds keys that contradict each other; `section` is where they stand.
    pub fn check(&self, section: &str, unfit: &mut Unfit) {
        let one = self.address.is_some() != self.unix_socket.is_some();
        let key = format!("{section}.address");
        unfit.demand(&key, one, "or unix_socket must be given, and not both");
        let near = self
            .address
            .is_none_or(|address| address.ip().is_loopback());
        unfit.demand(&key, near, "must be a loopback address");
    }

    /// Binds the socket.
    ///
    /// # Errors
    /// [`ListenError`].
    pub fn bind(&self) -> Result<Bound, ListenError> {
        let listen = ListenConfig {
            address: self.address,
            unix_socket: self.unix_socket.clone(),
            ..ListenConfig::default()
        };
        listen.bind()
    }
}

/// Tells on `bound` how the tasks of `service` are, and what of it is `not_served`, with the reason.
///
/// # Errors
/// What the system says.
pub fn serve_health(
    bound: Bound,
    service: &'static str,
    supervisor: Supervisor,
    not_served: BTreeMap<String, String>,
) -> std::io::Result<Server> {
    let watched = Data::new((supervisor, not_served));
    let server = HttpServer::new(move || {
        App::new().app_data(watched.clone()).route(
            HEALTH_PATH,
            web::get().to(move |watched: Data<Watched>| async move {
                let (supervisor, not_served) = watched.get_ref();
                answer(service, supervisor, not_served)
            }),
        )
    })
    .workers(1)
    .disable_signals();
    let server = match bound {
        Bound::Plain(listener) | Bound::Tls(listener, _) => server.listen(listener)?,
        Bound::Unix(listener) => server.listen_uds(listener)?,
    };
    Ok(server.run())
}

type Watched = (Supervisor, BTreeMap<String, String>);

fn answer(
    service: &'static str,
    supervisor: &Supervisor,
    not_served: &BTreeMap<String, String>,
) -> HttpResponse {
    let tasks = supervisor.health();
    let fine = tasks.iter().all(TaskHealth::is_fine) && not_served.is_empty();
    let mut answer = if fine {
        HttpResponse::Ok()
    } else {
        HttpResponse::ServiceUnavailable()
    };
    answer.json(Told {
        service,
        fine,
        tasks,
        not_served: not_served.clone(),
    })
}
