//! One mail out of the house: to a mail server, or into a folder.

use super::config::{MailConfig, Security, SmtpConfig, TransportConfig};
use super::digest::{Letter, sealed_letter};
use lettre::message::header::{ContentTransferEncoding, ContentType};
use lettre::message::{Attachment, Body, Mailbox, MaybeString, MultiPart, SinglePart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{
    AsyncFileTransport, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
};
use mifeng_foundation::clock::Day;
use mifeng_sealing::{Recipient, RecipientError, seal_bytes};
use std::net::IpAddr;
use std::path::Path;
use std::time::{Duration, SystemTime};
use zeroize::Zeroizing;

/// Why mail cannot be set up or did not go out. Repeats neither an address nor what a server said.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// A setting that cannot be used.
    #[error("the setting mail.{0} cannot be used")]
    Setting(&'static str),
    /// A file could not be read, or a folder made.
    #[error("cannot use {0}")]
    File(String, #[source] std::io::Error),
    /// The member's address is none.
    #[error("the member's address is not one")]
    Address,
    /// The server is not there, or not the one its certificate is for.
    #[error("the mail server is away")]
    Away,
    /// The server refused the mail, with this reply code.
    #[error("the mail server answered {0}")]
    Refused(u16),
    /// It could not be sealed.
    #[error("the mail could not be sealed")]
    Seal,
    /// The folder did not take the mail.
    #[error("the mail folder cannot be written")]
    Folder,
}

/// What a round of mail takes at most, about, where the server is slow.
const SLOW_SERVER: Duration = Duration::from_mins(15);

enum Transport {
    /// With how long one mail may take: a server that takes the connection and says nothing holds up all others.
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>, Duration),
    Folder(AsyncFileTransport<Tokio1Executor>),
}

/// Sends reminders.
pub struct Mailer {
    from: Mailbox,
    transport: Transport,
    pub(super) digest_interval_s: u64,
    pub(super) daily_hour: u8,
    pub(super) parent_address: Option<String>,
}

impl Mailer {
    /// Reads the secrets and makes the transport; called inside the runtime.
    ///
    /// # Errors
    /// [`MailError::Setting`] with the key, or [`MailError::File`].
    pub fn open(config: &MailConfig) -> Result<Self, MailError> {
        let from = config.from.parse();
        let transport = match &config.transport {
            TransportConfig::Smtp(smtp) => {
                let timeout = Duration::from_secs(smtp.timeout_s.max(1));
                Transport::Smtp(Box::new(connect(smtp)?), timeout)
            }
            TransportConfig::Folder(folder) => {
                std::fs::create_dir_all(&folder.path)
                    .map_err(|e| MailError::File(folder.path.display().to_string(), e))?;
                Transport::Folder(AsyncFileTransport::new(&folder.path))
            }
        };
        Ok(Self {
            from: from.map_err(|_| MailError::Setting("from"))?,
            transport,
            digest_interval_s: config.digest_interval_s.max(1),
            parent_address: parent_address(config)?,
            daily_hour: match config.daily_hour {
                hour @ 0..=23 => hour,
                _ => return Err(MailError::Setting("daily_hour")),
            },
        })
    }

    /// Longest between two rounds of mail: the interval, and what a slow server takes.
    pub(crate) fn run_within(&self) -> Duration {
        Duration::from_secs(self.digest_interval_s) + SLOW_SERVER
    }

    /// Sends `letter` to the address `to`, sealed to `recipient` if there is one; it is dated with the day only.
    ///
    /// # Errors
    /// [`MailError::Address`], [`MailError::Seal`], [`MailError::Away`], [`MailError::Refused`] or [`MailError::Folder`].
    pub async fn send(
        &self,
        to: &str,
        recipient: Option<&Result<Recipient, RecipientError>>,
        letter: &Letter,
        day: Day,
    ) -> Result<(), MailError> {
        let mail = self.compose(to, recipient, letter, day)?;
        match &self.transport {
            Transport::Smtp(smtp, timeout) => {
                let sent = tokio::time::timeout(*timeout, smtp.send(mail)).await;
                sent.map_err(|_| MailError::Away)?
                    .map_err(|error| match error.status() {
                        Some(code) => MailError::Refused(code.into()),
                        None => MailError::Away,
                    })?;
            }
            Transport::Folder(folder) => {
                folder.send(mail).await.map_err(|_| MailError::Folder)?;
            }
        }
        Ok(())
    }

    fn compose(
        &self,
        to: &str,
        recipient: Option<&Result<Recipient, RecipientError>>,
        letter: &Letter,
        day: Day,
    ) -> Result<Message, MailError> {
        // What she wanted sealed does not go out unsealed.
        let recipient = recipient.map(Result::as_ref).transpose();
        let recipient = recipient.map_err(|_| MailError::Seal)?;
        let to: Mailbox = to.parse().map_err(|_| MailError::Address)?;
        // The exact time of a mail would tell when a tip came; midnight of the day tells no more than the store.
        let days = u64::try_from(day.number()).unwrap_or(0);
        let midnight = SystemTime::UNIX_EPOCH + Duration::from_hours(24 * days);
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .date(midnight);
        let message = match recipient {
            None => message
                .subject(letter.subject.as_str())
                .header(ContentType::TEXT_PLAIN)
                .body(in_base64(letter.body.clone())),
            Some(recipient) => {
                // The subject has numbers too: it goes under the seal.
                let envelope = sealed_letter();
                let text = format!("{}\r\n\r\n{}", letter.subject, letter.body);
                let sealed = seal_bytes(text.as_bytes(), std::slice::from_ref(recipient));
                let sealed = sealed.map_err(|_| MailError::Seal)?.into_bytes();
                let words = SinglePart::builder()
                    .header(ContentType::TEXT_PLAIN)
                    .body(in_base64(envelope.body));
                let file = Attachment::new("mail.age".to_owned()).body(in_base64(sealed), octets());
                message
                    .subject(envelope.subject)
                    .multipart(MultiPart::mixed().singlepart(words).singlepart(file))
            }
        };
        message.map_err(|_| MailError::Address)
    }
}

/// `application/octet-stream`: what is sealed says nothing of what it is.
fn octets() -> ContentType {
    ContentType::parse("application/octet-stream").expect("a constant")
}

fn in_base64(content: impl Into<MaybeString>) -> Body {
    Body::new_with_encoding(content, ContentTransferEncoding::Base64)
        .expect("anything has a base64 form")
}

fn parent_address(config: &MailConfig) -> Result<Option<String>, MailError> {
    match &config.parent_address {
        Some(address) if address.parse::<Mailbox>().is_err() => {
            Err(MailError::Setting("parent_address"))
        }
        address => Ok(address.clone()),
    }
}

fn connect(config: &SmtpConfig) -> Result<AsyncSmtpTransport<Tokio1Executor>, MailError> {
    let tls = match config.security {
        Security::Starttls => Tls::Required(tls(config)?),
        Security::Tls => Tls::Wrapper(tls(config)?),
        Security::PlainLoopbackOnly if is_loopback(&config.host) => Tls::None,
        Security::PlainLoopbackOnly => return Err(MailError::Setting("transport.smtp.security")),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&config.host)
        .port(config.port)
        .tls(tls)
        .timeout(Some(Duration::from_secs(config.timeout_s.max(1))));
    match (&config.username, &config.password_file) {
        (Some(username), Some(path)) => {
            let bytes = read(path)?;
            let password = std::str::from_utf8(&bytes)
                .map_err(|_| MailError::Setting("transport.smtp.password_file"))?;
            let password = password.trim_end_matches(['\n', '\r']).to_owned();
            builder = builder.credentials(Credentials::new(username.clone(), password));
        }
        (None, None) => {}
        (Some(_), None) => return Err(MailError::Setting("transport.smtp.password_file")),
        (None, Some(_)) => return Err(MailError::Setting("transport.smtp.username")),
    }
    Ok(builder.build())
}

fn tls(config: &SmtpConfig) -> Result<TlsParameters, MailError> {
    let mut builder = TlsParameters::builder(config.host.clone());
    if let Some(path) = &config.ca_certificate_file {
        let certificate = Certificate::from_pem(&read(path)?)
            .map_err(|_| MailError::Setting("transport.smtp.ca_certificate_file"))?;
        builder = builder.add_root_certificate(certificate);
    }
    builder
        .build_rustls()
        .map_err(|_| MailError::Setting("transport.smtp.host"))
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, MailError> {
    let bytes = std::fs::read(path).map_err(|e| MailError::File(path.display().to_string(), e))?;
    Ok(Zeroizing::new(bytes))
}
