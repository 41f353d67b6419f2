//! Reminders over STARTTLS and TLS with a login, to a server that knows what it may be told in the clear.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mifeng_foundation::clock::Day;
use mifeng_operator::{CertificatePair, server_certificate};
use mifeng_triage::notify::{
    Digest, MailConfig, MailError, Mailer, Security, SmtpConfig, TransportConfig,
};
use parking_lot::Mutex;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

const LOGIN: &str = "mifeng";
const PASSWORD: &str = "post horn";

/// A mail server that takes mail from whoever logged in, over TLS only.
struct Server {
    acceptor: TlsAcceptor,
    offers_starttls: bool,
    in_the_clear: Mutex<String>,
    mails: Mutex<Vec<String>>,
}

impl Server {
    fn new(pair: &CertificatePair, offers_starttls: bool) -> Arc<Self> {
        let certificate = CertificateDer::from_pem_slice(pair.certificate_pem.as_bytes());
        let key = PrivateKeyDer::from_pem_slice(pair.key_pem.as_bytes());
        let config = rustls::ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.expect("PEM")], key.expect("PEM"))
            .expect("a pair");
        Arc::new(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            offers_starttls,
            in_the_clear: Mutex::default(),
            mails: Mutex::default(),
        })
    }

    async fn listen(self: &Arc<Self>, security: Security) -> u16 {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let server = Arc::clone(self);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let plain = match security {
                    Security::Starttls => server.greet(stream).await,
                    _ => Some(stream),
                };
                let Some(plain) = plain else { continue };
                let greeting = if security == Security::Starttls {
                    ""
                } else {
                    "220 test\r\n"
                };
                // A client that does not trust us hangs up here.
                if let Ok(stream) = server.acceptor.accept(plain).await {
                    server.take_mail(stream, greeting).await;
                }
            }
        });
        port
    }

    /// What is said before TLS; `None` if the client goes away without it.
    async fn greet(&self, stream: tokio::net::TcpStream) -> Option<tokio::net::TcpStream> {
        let mut stream = BufReader::new(stream);
        let mut answer = "220 test\r\n";
        loop {
            stream.write_all(answer.as_bytes()).await.ok()?;
            if answer.starts_with("220 go") {
                return Some(stream.into_inner());
            }
            let mut line = String::new();
            if stream.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            answer = match line.get(..4) {
                Some("EHLO") if self.offers_starttls => "250-test\r\n250 STARTTLS\r\n",
                Some("STAR") if self.offers_starttls => "220 go ahead\r\n",
                Some("STAR") => "502 no\r\n",
                _ => "250 test\r\n",
            };
            self.in_the_clear.lock().push_str(&line);
        }
    }

    async fn take_mail<S: AsyncRead + AsyncWrite + Unpin>(&self, stream: S, greeting: &str) {
        let mut stream = BufReader::new(stream);
        let (mut answer, mut known, mut mail) = (greeting.to_owned(), false, None::<String>);
        loop {
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            if let Some(text) = &mut mail {
                if line == ".\r\n" {
                    self.mails.lock().extend(mail.take());
                    "250 kept\r\n".clone_into(&mut answer);
                } else {
                    text.push_str(&line);
                    answer.clear();
                }
                continue;
            }
            let said = match line.get(..4) {
                Some("EHLO") => "250-test\r\n250 AUTH PLAIN\r\n",
                Some("AUTH") => {
                    known = line.trim_end() == format!("AUTH PLAIN {}", credentials());
                    if known {
                        "235 welcome\r\n"
                    } else {
                        "535 no\r\n"
                    }
                }
                Some("DATA") if known => {
                    mail = Some(String::new());
                    "354 go on\r\n"
                }
                Some("MAIL" | "RCPT" | "DATA") if !known => "530 who are you\r\n",
                _ => "250 ok\r\n",
            };
            said.clone_into(&mut answer);
        }
    }
}

fn credentials() -> String {
    STANDARD.encode(format!("\0{LOGIN}\0{PASSWORD}"))
}

fn pair() -> CertificatePair {
    let day = |year| Day::new(year, 1, 1).expect("a day");
    server_certificate(&["127.0.0.1".to_owned()], day(2020), day(2100)).expect("a pair")
}

/// Sends one reminder to a server on `port`, trusting `trusted`.
async fn send(
    folder: &Path,
    port: u16,
    security: Security,
    trusted: &CertificatePair,
    password: &str,
) -> Result<(), MailError> {
    let (ca, secret) = (folder.join("ca.pem"), folder.join("password"));
    std::fs::write(&ca, &trusted.certificate_pem).expect("written");
    std::fs::write(&secret, format!("{password}\n")).expect("written");
    let config = MailConfig {
        from: "office@example.org".to_owned(),
        digest_interval_s: 1,
        daily_hour: 8,
        parent_address: None,
        transport: TransportConfig::Smtp(SmtpConfig {
            host: "127.0.0.1".to_owned(),
            port,
            security,
            username: Some(LOGIN.to_owned()),
            password_file: Some(secret),
            ca_certificate_file: Some(ca),
            timeout_s: 10,
        }),
    };
    let mailer = Mailer::open(&config).expect("the settings are good");
    let today = Day::new(2026, 11, 24).expect("a day");
    mailer
        .send(
            "wen@example.org",
            None,
            &Digest { new: 2, soon: 1 }.letter(),
            today,
        )
        .await
}

#[tokio::test]
async fn mail_goes_out_over_tls_to_the_right_server_with_the_right_password_only() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().expect("a folder");
    let (ours, other) = (pair(), pair());
    for security in [Security::Starttls, Security::Tls] {
        let server = Server::new(&ours, true);
        let port = server.listen(security).await;
        let sent = send(folder.path(), port, security, &ours, PASSWORD).await;
        sent.unwrap_or_else(|error| panic!("{security:?}: {error}"));
        let mails = std::mem::take(&mut *server.mails.lock());
        assert_eq!(mails.len(), 1, "{security:?}");
        assert!(mails[0].contains("To: wen@example.org"));

        let wrong = send(folder.path(), port, security, &ours, "posthorn").await;
        assert!(
            matches!(wrong, Err(MailError::Refused(535))),
            "{security:?}"
        );
        let stranger = send(folder.path(), port, security, &other, PASSWORD).await;
        assert!(matches!(stranger, Err(MailError::Away)), "{security:?}");
        assert!(server.mails.lock().is_empty());
        let clear = server.in_the_clear.lock().clone();
        for line in clear.lines() {
            assert!(line.starts_with("EHLO") || line == "STARTTLS", "{line}");
        }
    }
}

#[tokio::test]
async fn nothing_is_said_to_a_server_that_offers_no_tls() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let folder = tempfile::tempdir().expect("a folder");
    let ours = pair();
    let server = Server::new(&ours, false);
    let port = server.listen(Security::Starttls).await;
    let sent = send(folder.path(), port, Security::Starttls, &ours, PASSWORD).await;
    assert!(sent.is_err());
    let clear = server.in_the_clear.lock().clone();
    assert!(
        !clear.contains("AUTH") && !clear.contains("wen@"),
        "{clear}"
    );
}
