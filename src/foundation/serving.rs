//! What both services' listeners have in common: where they listen, TLS, headers, and the hardening of the process.

use crate::settings::Unfit;
use actix_web::http::header;
use actix_web::middleware::DefaultHeaders;
use rustix::mm::{MlockAllFlags, mlockall};
use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde::Deserialize;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use tokio::sync::watch;

/// Where a listener listens. Plain HTTP only on loopback or a Unix socket.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListenConfig {
    /// Address and port, `127.0.0.1:8080`; port 0 takes a free one.
    pub address: Option<SocketAddr>,
    /// Path of a Unix socket, instead of an address.
    pub unix_socket: Option<PathBuf>,
    /// Certificate chain, PEM. With it the listener speaks TLS.
    pub certificate_file: Option<PathBuf>,
    /// Private key, PEM.
    pub key_file: Option<PathBuf>,
}

/// Why a listener cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Neither or both of an address and a socket.
    #[error("a listener needs either an address or a unix_socket")]
    Where,
    /// Plain HTTP where others could read along.
    #[error(
        "plain HTTP is allowed on loopback and Unix sockets only; give certificate_file and key_file"
    )]
    PlainOnOpenNetwork,
    /// One of the two TLS files is missing, or does not hold what it should.
    #[error("the certificate or key file cannot be used: {0}")]
    Tls(String),
    /// The system refused.
    #[error("cannot listen there")]
    Io(#[from] std::io::Error),
}

/// A socket that is bound but not served yet.
#[derive(Debug)]
pub enum Bound {
    /// Plain HTTP on loopback.
    Plain(TcpListener),
    /// TLS.
    Tls(TcpListener, CertifiedFiles),
    /// Plain HTTP on a Unix socket.
    Unix(std::os::unix::net::UnixListener),
}

/// A certificate chain with its key.
#[derive(Debug)]
pub struct CertifiedFiles {
    /// The chain, the server's own first.
    pub chain: Vec<CertificateDer<'static>>,
    /// Its private key.
    pub key: PrivateKeyDer<'static>,
}

impl ListenConfig {
    /// Finds keys that contradict each other; `section` is where they stand.
    pub fn check(&self, section: &str, unfit: &mut Unfit) {
        let one = self.address.is_some() != self.unix_socket.is_some();
        let key = format!("{section}.address");
        unfit.demand(&key, one, "or unix_socket must be given, and not both");
        let both = self.certificate_file.is_some() == self.key_file.is_some();
        let key = format!("{section}.certificate_file");
        unfit.demand(&key, both, "goes with key_file");
        let open = |address: &SocketAddr| !address.ip().is_loopback();
        let plain = self.address.as_ref().is_some_and(open) && self.certificate_file.is_none();
        let why = "is no loopback address, so that certificate_file and key_file must be given";
        unfit.demand(&format!("{section}.address"), !plain, why);
    }

    /// Binds the socket.
    ///
    /// # Errors
    /// [`ListenError`].
    pub fn bind(&self) -> Result<Bound, ListenError> {
        match (&self.address, &self.unix_socket) {
            (Some(address), None) => self.bind_address(*address),
            (None, Some(path)) => {
                if path.exists() {
                    std::fs::remove_file(path)?;
                }
                let listener = std::os::unix::net::UnixListener::bind(path)?;
                Ok(Bound::Unix(listener))
            }
            _ => Err(ListenError::Where),
        }
    }

    fn bind_address(&self, address: SocketAddr) -> Result<Bound, ListenError> {
        let files = match (&self.certificate_file, &self.key_file) {
            (Some(certificate), Some(key)) => Some(CertifiedFiles {
                chain: read_certificates(certificate)?,
                key: PrivateKeyDer::from_pem_file(key)
                    .map_err(|e| ListenError::Tls(e.to_string()))?,
            }),
            (None, None) => None,
            _ => return Err(ListenError::Tls("only one of the two is given".to_owned())),
        };
        if files.is_none() && !address.ip().is_loopback() {
            return Err(ListenError::PlainOnOpenNetwork);
        }
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(match files {
            Some(files) => Bound::Tls(listener, files),
            None => Bound::Plain(listener),
        })
    }
}

impl Bound {
    /// The address, unless it is a Unix socket.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        match self {
            Self::Plain(listener) | Self::Tls(listener, _) => listener.local_addr().ok(),
            Self::Unix(_) => None,
        }
    }

    /// The same socket once more, for another to serve after this one.
    ///
    /// # Errors
    /// What the system says.
    pub fn try_clone(&self) -> std::io::Result<Self> {
        Ok(match self {
            Self::Plain(listener) => Self::Plain(listener.try_clone()?),
            Self::Unix(listener) => Self::Unix(listener.try_clone()?),
            Self::Tls(listener, files) => Self::Tls(
                listener.try_clone()?,
                CertifiedFiles {
                    chain: files.chain.clone(),
                    key: files.key.clone_key(),
                },
            ),
        })
    }
}

/// Certificates from a PEM file.
///
/// # Errors
/// [`ListenError::Tls`] if there is none.
pub fn read_certificates(
    file: &std::path::Path,
) -> Result<Vec<CertificateDer<'static>>, ListenError> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_file_iter(file)
        .map_err(|e| ListenError::Tls(e.to_string()))?
        .collect();
    let certificates = certificates.map_err(|e| ListenError::Tls(e.to_string()))?;
    if certificates.is_empty() {
        return Err(ListenError::Tls("it holds no certificate".to_owned()));
    }
    Ok(certificates)
}

/// TLS settings without client certificates.
///
/// # Errors
/// [`ListenError::Tls`] if chain and key do not belong together.
pub fn server_tls(files: CertifiedFiles) -> Result<ServerConfig, ListenError> {
    ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(files.chain, files.key)
        .map_err(|e| ListenError::Tls(e.to_string()))
}

/// Makes ring the provider of every TLS connection in this process; safe to repeat.
pub fn install_tls_provider() {
    // A second call finds the first one's provider, which is the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// How long a browser that was here over TLS comes back over nothing else: a year. Other hosts of the same name are not
/// spoken for, which may have no TLS.
const STRICT_TRANSPORT: &str = "max-age=31536000";

/// The headers of every answer: nothing is loaded from elsewhere, kept, framed or told to others. `secure` is whether the
/// listener speaks TLS.
///
/// `referrer_policy` is `no-referrer` for the public, and `same-origin` for staff: without a referrer browsers send
/// `Origin: null` with a form, and the check of where a request comes from ([`crate::cross_site`]) would have nothing to go by.
#[must_use]
pub fn security_headers(referrer_policy: &'static str, secure: bool) -> DefaultHeaders {
    let headers = DefaultHeaders::new()
        .add((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
             form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
             require-trusted-types-for 'script'; trusted-types 'none'",
        ))
        .add((header::REFERRER_POLICY, referrer_policy))
        .add((header::CACHE_CONTROL, "no-store"))
        .add((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .add((header::X_FRAME_OPTIONS, "DENY"))
        .add(("Cross-Origin-Opener-Policy", "same-origin"))
        .add(("Cross-Origin-Resource-Policy", "same-origin"))
        .add(("Cross-Origin-Embedder-Policy", "require-corp"))
        .add(("X-Robots-Tag", "noindex"))
        .add((
            "Permissions-Policy",
            "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        ));
    if secure {
        headers.add((header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT))
    } else {
        headers
    }
}

/// Keeps this process's memory off the disk: no core dump, not readable by its own user's other processes, and
/// locked where the system allows it. Returns whether it could be locked.
#[must_use]
pub fn harden_process() -> bool {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    mlockall(MlockAllFlags::CURRENT | MlockAllFlags::FUTURE).is_ok()
}

/// Resolves when a part of a service is to stop: `stopped` says so, or whoever could say it is gone.
pub async fn told(mut stopped: watch::Receiver<bool>) {
    // An error means that nobody is left to tell.
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// Waits for SIGTERM or Ctrl-C.
///
/// # Errors
/// If the system gives no signals.
pub async fn until_told_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
