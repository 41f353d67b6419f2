//! The public service's settings, a TOML file. Unknown keys are refused; secrets come from files.

mod attachment_limits;
mod error;
mod limits;
mod office;
mod onion;

use crate::address::PublicUrl;
use crate::store::Allowance;
use mifeng_foundation::blobs::BlobConfig;
use mifeng_foundation::serving::ListenConfig;
use mifeng_foundation::settings::{Unfit, in_file};
use mifeng_foundation::storage::StoreUrl;
use mifeng_foundation::supervisor::HealthConfig;
use mifeng_foundation::telemetry::{LogForm, LogLevel};
use serde::Deserialize;
use std::path::{Path, PathBuf};

pub use crate::flood::FloodConfig;
pub use attachment_limits::AttachmentLimits;
pub use error::IntakeError;
pub use limits::LimitsConfig;
pub use office::OfficeConfig;
pub use onion::OnionConfig;

/// Everything that can be set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IntakeConfig {
    /// `sqlite:PATH` or `postgres://…`; or give `store_url_file`.
    #[serde(default)]
    pub store_url: Option<String>,
    /// File that holds the store's URL, when it has a password in it.
    #[serde(default)]
    pub store_url_file: Option<PathBuf>,
    /// Most ciphertext held, in bytes; beyond it tips are refused with 503 and no code.
    #[serde(default = "default_quota_bytes")]
    pub quota_bytes: u64,
    /// How much of it no file may take, so that text has room however many files come, in bytes; a quarter if it is left
    /// out.
    #[serde(default)]
    pub text_reserve_bytes: Option<u64>,
    /// How long what came may stand on disk in the order in which it came, in seconds.
    #[serde(default = "default_mixing_interval_s")]
    pub mixing_interval_s: u64,
    /// Where reporters come in.
    pub public: ListenConfig,
    /// Where triage comes in.
    pub relay: ListenConfig,
    /// What reporters type to get here, `https://tips.example`: for posters. Without it a poster shows the address
    /// that it was itself asked for under.
    #[serde(default)]
    pub public_url: Option<PublicUrl>,
    /// The onion service, if there is one.
    #[serde(default)]
    pub onion: Option<OnionConfig>,
    /// The offices served.
    pub office: Vec<OfficeConfig>,
    /// Logging.
    #[serde(default)]
    pub log: LogConfig,
    /// Limits on what one address may ask.
    #[serde(default)]
    pub limits: LimitsConfig,
    /// What is asked when many come.
    #[serde(default)]
    pub flood: FloodConfig,
    /// Where files lie that go with tips.
    #[serde(default)]
    pub attachments: BlobConfig,
    /// Limits on those files.
    #[serde(default)]
    pub attachment_limits: AttachmentLimits,
    /// Where health is told in detail; nowhere if it is left out.
    #[serde(default)]
    pub health: Option<HealthConfig>,
}

/// Logging.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogConfig {
    /// How much.
    pub level: LogLevel,
    /// As text or JSON.
    pub form: LogForm,
}

fn default_mixing_interval_s() -> u64 {
    60
}

fn default_quota_bytes() -> u64 {
    10 * 1024 * 1024 * 1024
}

impl IntakeConfig {
    /// Reads the settings from a file.
    ///
    /// # Errors
    /// [`IntakeError::File`], [`IntakeError::Config`].
    pub fn read(file: &Path) -> Result<Self, IntakeError> {
        let read = toml::from_str::<Self>(&read_text(file)?);
        let config =
            read.map_err(|error| IntakeError::Config(in_file(file, &error.to_string())))?;
        let mut unfit = Unfit::default();
        config.check(&mut unfit);
        unfit.told(file).map_err(IntakeError::Config)?;
        Ok(config)
    }

    /// Finds numbers with which the service could not do its work, and keys that contradict each other.
    fn check(&self, unfit: &mut Unfit) {
        unfit.within("quota_bytes", self.quota_bytes, &(1 << 20..=1 << 50));
        if let Some(reserve) = self.text_reserve_bytes {
            let most = self.quota_bytes;
            unfit.within("text_reserve_bytes", reserve, &(0..=most));
        }
        unfit.within("mixing_interval_s", self.mixing_interval_s, &(1..=86_400));
        let one_of_two = self.store_url.is_some() != self.store_url_file.is_some();
        let why = "or store_url_file must be given, and not both";
        unfit.demand("store_url", one_of_two, why);
        let some = !self.office.is_empty();
        unfit.demand("[[office]]", some, "must be there at least once");
        self.public.check("public", unfit);
        self.relay.check("relay", unfit);
        if let Some(onion) = &self.onion {
            onion.check(unfit);
        }
        if let Some(health) = &self.health {
            health.check("health", unfit);
        }
        self.limits.check(unfit);
        self.flood.check(unfit);
        self.attachment_limits.check(unfit);
    }

    /// What may be held.
    #[must_use]
    pub fn allowance(&self) -> Allowance {
        let usual = Allowance::of(self.quota_bytes);
        Allowance {
            text_reserve_bytes: self.text_reserve_bytes.unwrap_or(usual.text_reserve_bytes),
            ..usual
        }
    }

    /// Where the store is.
    ///
    /// # Errors
    /// [`IntakeError::Config`] if neither or both of the two keys are given.
    pub fn store(&self) -> Result<StoreUrl, IntakeError> {
        let url = match (&self.store_url, &self.store_url_file) {
            (Some(url), None) => url.clone(),
            (None, Some(file)) => read_text(file)?.trim().to_owned(),
            _ => {
                let what = "give either store_url or store_url_file";
                return Err(IntakeError::Config(what.to_owned()));
            }
        };
        Ok(url.parse()?)
    }
}

fn read_text(file: &Path) -> Result<String, IntakeError> {
    std::fs::read_to_string(file).map_err(|cause| IntakeError::File {
        file: file.to_owned(),
        cause,
    })
}
