//! The `[mail]` section.

use mifeng_foundation::settings::Unfit;
use serde::Deserialize;
use std::path::PathBuf;

/// How members are reminded. Without the section nobody is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    /// Sender: `office@example.org` or `Name <office@example.org>`.
    pub from: String,
    /// Wait between rounds, in seconds: a member gets at most one mail in it.
    #[serde(default = "default_digest_interval_s")]
    pub digest_interval_s: u64,
    /// Hour of the office's day from which the daily mail goes out, 0 to 23.
    #[serde(default = "default_daily_hour")]
    pub daily_hour: u8,
    /// Where the office above is told how many cases are late for long. Without it they are escalated no further than the
    /// supervisors.
    pub parent_address: Option<String>,
    /// `[mail.transport.smtp]` or `[mail.transport.folder]`.
    pub transport: TransportConfig,
}

impl MailConfig {
    pub(crate) fn check(&self, unfit: &mut Unfit) {
        let key = "mail.digest_interval_s";
        unfit.within(key, self.digest_interval_s, &(1..=7 * 86_400));
        unfit.within("mail.daily_hour", self.daily_hour, &(0..=23));
        let TransportConfig::Smtp(smtp) = &self.transport else {
            return;
        };
        let key = |name: &str| format!("mail.transport.smtp.{name}");
        unfit.within(&key("port"), smtp.port, &(1..=u16::MAX));
        unfit.within(&key("timeout_s"), smtp.timeout_s, &(1..=3600));
        let both = smtp.username.is_some() == smtp.password_file.is_some();
        unfit.demand(&key("username"), both, "goes with password_file");
    }
}

fn default_digest_interval_s() -> u64 {
    900
}

fn default_daily_hour() -> u8 {
    8
}

/// How mail leaves.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TransportConfig {
    /// To a mail server.
    Smtp(SmtpConfig),
    /// Into a folder, for demonstrations.
    Folder(FolderConfig),
}

/// A mail server.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpConfig {
    /// Its name, as in its certificate, or its address.
    pub host: String,
    /// Usually 587 for `starttls`, 465 for `tls`.
    pub port: u16,
    /// How the way to it is protected.
    pub security: Security,
    /// Account at the server; goes with `password_file`.
    pub username: Option<String>,
    /// File with the account's password.
    pub password_file: Option<PathBuf>,
    /// A certificate to trust beside the public ones, PEM: for a mail server of the office's own.
    pub ca_certificate_file: Option<PathBuf>,
    /// Longest wait for any one answer of the server, and for one mail as a whole, in seconds.
    #[serde(default = "default_timeout_s")]
    pub timeout_s: u64,
}

fn default_timeout_s() -> u64 {
    30
}

/// How the way to a mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Security {
    /// Begins in the clear and must change to TLS before anything is said.
    Starttls,
    /// TLS from the first byte.
    Tls,
    /// Not at all; refused unless the host is this machine.
    PlainLoopbackOnly,
}

/// A folder of `.eml` files.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderConfig {
    /// Made if it is missing.
    pub path: PathBuf,
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMTP: &str = "from = 'a@example.org'\n[transport.smtp]\nhost = 'mail.example.org'\nport = 587\n\
        security = 'starttls'\nusername = 'a'\npassword_file = 'p'\n";

    #[test]
    fn a_section_is_read_strictly() {
        let config: MailConfig = toml::from_str(SMTP).expect("a section");
        assert_eq!(config.digest_interval_s, 900);
        let TransportConfig::Smtp(smtp) = config.transport else {
            panic!("not SMTP");
        };
        assert_eq!((smtp.security, smtp.timeout_s), (Security::Starttls, 30));
        for (from, to) in [
            ("username", "user"),
            ("'starttls'", "'plain'"),
            ("transport.smtp", "transport.pigeon"),
            ("port = 587", "port = 70000"),
            ("from =", "sender ="),
        ] {
            let bad = SMTP.replace(from, to);
            assert!(toml::from_str::<MailConfig>(&bad).is_err(), "{bad}");
        }
        let folder = "from = 'a@example.org'\ntransport = { folder = { path = 'mail' } }";
        assert!(toml::from_str::<MailConfig>(folder).is_ok());
    }
}
