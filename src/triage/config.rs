//! Triage's configuration: TOML, units in names, unknown keys refused, secrets from files.

use crate::deadlines::DeadlinesConfig;
use crate::error::TriageError;
use crate::model::Role;
use crate::notify::MailConfig;
use crate::retention::RetentionConfig;
use crate::staff::TwoPersons;
use mifeng_foundation::blobs::BlobConfig;
use mifeng_foundation::serving::ListenConfig;
use mifeng_foundation::settings::{Unfit, in_file};
use mifeng_foundation::supervisor::HealthConfig;
use mifeng_foundation::telemetry::{LogForm, LogLevel};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// When intake may delete an envelope.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReleasePolicy {
    /// As soon as triage has stored it.
    AtOnce,
    /// After the next verified backup, so that restoring one loses nothing.
    #[default]
    AfterBackup,
}

/// How to reach intake's relay.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelayConfig {
    /// `https://…`, or `http://…` on loopback; the host part is ignored with a socket.
    pub url: String,
    /// A Unix socket instead of the network.
    pub unix_socket: Option<PathBuf>,
    /// Token for plain HTTP and sockets.
    pub token_file: Option<PathBuf>,
    /// Client certificate, PEM.
    pub client_certificate_file: Option<PathBuf>,
    /// Its key, PEM.
    pub client_key_file: Option<PathBuf>,
    /// The only certificates intake's relay may stand under, PEM.
    pub server_certificate_file: Option<PathBuf>,
    /// Mean wait between rounds, in seconds; each wait is drawn from half to one and a half of it.
    #[serde(default = "default_poll_interval_s")]
    pub poll_interval_s: u64,
}

fn default_poll_interval_s() -> u64 {
    20
}

impl RelayConfig {
    fn check(&self, unfit: &mut Unfit) {
        unfit.within("relay.poll_interval_s", self.poll_interval_s, &(1..=86_400));
        let secret = self.url.starts_with("https://");
        let plain = self.url.starts_with("http://");
        let known = secret || plain;
        unfit.demand("relay.url", known, "must begin with https:// or http://");
        let host = self.url.split("://").nth(1).unwrap_or_default();
        let here = ["127.", "localhost", "[::1]"].iter();
        let here = here.clone().any(|begin| host.starts_with(begin));
        let kept = !plain || here || self.unix_socket.is_some();
        let why = "must be https://, unless intake is on this machine: anybody could read along";
        unfit.demand("relay.url", kept, why);
        let both = self.client_certificate_file.is_some() == self.client_key_file.is_some();
        let why = "goes with client_key_file";
        unfit.demand("relay.client_certificate_file", both, why);
        let named = self.client_certificate_file.is_some() || self.token_file.is_some();
        let why = "or a client certificate must be given: intake would not know who asks";
        unfit.demand("relay.token_file", named, why);
    }
}

/// What is logged.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// How much.
    pub level: LogLevel,
    /// In which form.
    pub form: LogForm,
}

/// How files are drawn, to be looked at.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ViewerConfig {
    /// The `mifeng-triage` that draws, in a process of its own; this program if it is left out.
    pub program_file: Option<PathBuf>,
}

/// Second factors.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SecondFactorConfig {
    /// Roles that can do nothing but set one up until they have one.
    pub required_for: BTreeSet<Role>,
}

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriageConfig {
    /// `sqlite:PATH` or `postgres://…`.
    pub store_url: String,
    /// The office's signed manifest: its slug, names and time zone.
    pub manifest_file: PathBuf,
    /// The key that must have signed it, `mifeng-manifest-key-1:…`.
    pub manifest_public_key: String,
    /// The office identity, an age file under a passphrase.
    pub office_identity_file: PathBuf,
    /// File with its passphrase. Without it, and without a credential, it is asked for at the terminal.
    #[serde(default)]
    pub passphrase_file: Option<PathBuf>,
    /// Name of the systemd credential (`LoadCredential=`) with its passphrase.
    #[serde(default)]
    pub passphrase_credential: Option<String>,
    /// Whether to start with the office's key locked, to be opened on a page; no passphrase is looked for then.
    #[serde(default, rename = "start_sealed")]
    pub start_locked: bool,
    /// What `mifeng keys split` made: the identity that so many shares open together.
    #[serde(default)]
    pub office_shares_file: Option<PathBuf>,
    /// Where tips go.
    pub routing_file: PathBuf,
    /// By when.
    #[serde(default, rename = "clocks")]
    pub deadlines: DeadlinesConfig,
    /// How long cases are kept.
    #[serde(default)]
    pub retention: RetentionConfig,
    /// When intake may delete.
    #[serde(default)]
    pub release: ReleasePolicy,
    /// Where the staff come in.
    pub listen: ListenConfig,
    /// Who needs a second factor.
    #[serde(default)]
    pub second_factor: SecondFactorConfig,
    /// What one person does not do alone.
    #[serde(default)]
    pub second_signature: TwoPersons,
    /// How to reach intake.
    pub relay: RelayConfig,
    /// How files are drawn.
    #[serde(default)]
    pub viewer: ViewerConfig,
    /// Reminders by mail; without it none are sent.
    #[serde(default)]
    pub mail: Option<MailConfig>,
    /// Where files lie that go with tips.
    #[serde(default)]
    pub attachments: BlobConfig,
    /// Where health is told in detail; nowhere if it is left out.
    #[serde(default)]
    pub health: Option<HealthConfig>,
    /// What is logged.
    #[serde(default)]
    pub log: LogConfig,
}

impl TriageConfig {
    /// Reads the settings from a file.
    ///
    /// # Errors
    /// [`TriageError::File`], [`TriageError::Config`].
    pub fn read(file: &Path) -> Result<Self, TriageError> {
        let text = std::fs::read_to_string(file)
            .map_err(|cause| TriageError::File(file.display().to_string(), cause))?;
        let read = toml::from_str::<Self>(&text);
        let config =
            read.map_err(|error| TriageError::Config(in_file(file, &error.to_string())))?;
        let mut unfit = Unfit::default();
        config.check(&mut unfit);
        unfit.told(file).map_err(TriageError::Config)?;
        Ok(config)
    }

    /// Finds numbers with which the service could not do its work, and keys that contradict each other.
    fn check(&self, unfit: &mut Unfit) {
        let passphrase = self.passphrase_file.is_none() || self.passphrase_credential.is_none();
        let why = "and passphrase_credential must not both be given";
        unfit.demand("passphrase_file", passphrase, why);
        self.listen.check("listen", unfit);
        self.relay.check(unfit);
        if let Some(health) = &self.health {
            health.check("health", unfit);
        }
        self.second_signature.check(unfit);
        if let Some(mail) = &self.mail {
            mail.check(unfit);
        }
    }

    /// Where the passphrase stands, unless it is to be asked for.
    ///
    /// # Errors
    /// [`TriageError::Setting`] if both ways are set, or a credential is and systemd gave none.
    pub fn passphrase_path(&self) -> Result<Option<PathBuf>, TriageError> {
        match (&self.passphrase_file, &self.passphrase_credential) {
            (Some(_), Some(_)) => Err(TriageError::Setting("passphrase_credential")),
            (Some(file), None) => Ok(Some(file.clone())),
            (None, Some(name)) => std::env::var_os("CREDENTIALS_DIRECTORY")
                .map(|folder| Some(Path::new(&folder).join(name)))
                .ok_or(TriageError::Setting("passphrase_credential")),
            (None, None) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = include_str!("../../deploy/triage.toml");

    #[test]
    fn the_sample_is_read_and_a_misspelt_key_is_not() {
        let config: TriageConfig = toml::from_str(SAMPLE).expect("the sample");
        assert_eq!(config.release, ReleasePolicy::AfterBackup);
        let misspelt = SAMPLE.replace("poll_interval_s", "poll_interval");
        assert!(toml::from_str::<TriageConfig>(&misspelt).is_err());
    }
}
