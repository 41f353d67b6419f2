//! Debian's nginx before intake, with the sample that operators copy: it ends TLS on loopback.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// The name in the sample.
pub const HOST: &str = "tips.example";

/// A running proxy.
pub struct TlsProxy {
    child: Child,
    pub port: u16,
    folder: TempDir,
}

impl TlsProxy {
    /// Stands before the plain listener at `port` of this machine.
    pub async fn before(intake_port: u16) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|one| one.local_addr());
        let port = free.expect("a free port").port();
        write_certificate(folder.path());
        let settings = settings(folder.path(), port, intake_port);
        fs::write(folder.path().join("nginx.conf"), settings).expect("our own folder");
        let child = Command::new("nginx")
            .arg("-p")
            .arg(folder.path())
            .args(["-c", "nginx.conf", "-e", "stderr"])
            .stdin(Stdio::null())
            .spawn()
            .expect("nginx; `make test` installs it");
        let mut proxy = Self {
            child,
            port,
            folder,
        };
        for _ in 0..200 {
            let ended = proxy.child.try_wait().expect("a child");
            assert!(
                ended.is_none(),
                "nginx did not start; its sample is read by its own version"
            );
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return proxy;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("nginx does not listen");
    }

    /// A client that trusts its certificate and knows its name.
    pub fn client(&self) -> reqwest::Client {
        let pem = fs::read(self.folder.path().join("cert.pem")).expect("just made");
        let certificate = reqwest::Certificate::from_pem(&pem).expect("a certificate");
        reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([certificate])
            .resolve(HOST, ([127, 0, 0, 1], self.port).into())
            .build()
            .expect("a client")
    }

    pub fn origin(&self) -> String {
        format!("https://{HOST}:{}", self.port)
    }
}

impl Drop for TlsProxy {
    fn drop(&mut self) {
        // Its worker goes with it only if it is asked.
        let id = i32::try_from(self.child.id()).ok();
        if let Some(id) = id.and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
        }
        let _ = self.child.wait();
    }
}

fn write_certificate(folder: &Path) {
    let pair = rcgen::generate_simple_self_signed([HOST.to_owned()]).expect("a certificate");
    fs::write(folder.join("cert.pem"), pair.cert.pem()).expect("our own folder");
    fs::write(folder.join("key.pem"), pair.signing_key.serialize_pem()).expect("our own folder");
}

/// The sample with this test's ports and certificate, and around it what Debian's own file has.
fn settings(folder: &Path, port: u16, intake_port: u16) -> String {
    let sample = include_str!("../../../deploy/nginx/mifeng-intake.conf");
    let live = format!("/etc/letsencrypt/live/{HOST}");
    let mut server = String::new();
    for (theirs, ours) in [
        (
            "listen 443 ssl".to_owned(),
            format!("listen 127.0.0.1:{port} ssl"),
        ),
        ("    listen [::]:443 ssl http2;\n".to_owned(), String::new()),
        (format!("{live}/fullchain.pem"), "cert.pem".to_owned()),
        (format!("{live}/privkey.pem"), "key.pem".to_owned()),
        (
            "http://127.0.0.1:8080".to_owned(),
            format!("http://127.0.0.1:{intake_port}"),
        ),
    ] {
        let text = if server.is_empty() { sample } else { &server };
        assert!(text.contains(&theirs), "the sample says {theirs}");
        server = text.replace(&theirs, &ours);
    }
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("    {kind}_temp_path {kind};\n"))
        .concat();
    format!(
        "daemon off;\nworker_processes 1;\npid {}/nginx.pid;\nevents {{}}\nhttp {{\n{temporary}{server}}}\n",
        folder.display()
    )
}
