//! The public service's settings, a TOML file. Unknown keys are refused; secrets come from files.

use super::address::{OnionAddress, PublicUrl};
pub use super::flood::FloodConfig;
use crate::attachments::COPIES;
use crate::store::Allowance;
use mifeng_foundation::blobs::{BlobConfig, BlobConfigError};
use mifeng_foundation::serving::{ListenConfig, ListenError};
use mifeng_foundation::settings::{Unfit, in_file};
use mifeng_foundation::storage::{StoreError, StoreUrl};
use mifeng_foundation::supervisor::HealthConfig;
use mifeng_foundation::telemetry::{LogForm, LogLevel};
use mifeng_metadata::WHOLE_LIMIT_BYTES;
use mifeng_sealing::tip::ATTACHMENTS_MAX;
use mifeng_sealing::{ATTACHMENT_MAX_BYTES, ManifestError, ManifestPublicKey, OfficeManifest};
use serde::Deserialize;
use std::path::{Path, PathBuf};

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

/// One office.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeConfig {
    /// The signed manifest.
    pub manifest_file: PathBuf,
    /// The key that must have signed it, `mifeng-manifest-key-1:…`.
    pub manifest_public_key: String,
    /// File with the token that triage gives on a plain relay listener. Not needed with TLS.
    #[serde(default)]
    pub relay_token_file: Option<PathBuf>,
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

/// The onion service. Everyone who comes through it has the same address, so it has a listener and limits of its own;
/// nor is anything believed there that a proxy would say.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnionConfig {
    /// Its address, 56 letters and digits and `.onion`: told to Tor Browser and on posters.
    pub onion_address: OnionAddress,
    /// What tor connects to.
    pub listen: ListenConfig,
    /// Requests that change or look something up, per minute, of all who come this way together.
    #[serde(default = "default_onion_requests_per_minute")]
    pub requests_per_minute: u32,
    /// As many may come at once.
    #[serde(default = "default_onion_burst")]
    pub burst: u32,
}

fn default_mixing_interval_s() -> u64 {
    60
}

fn default_onion_requests_per_minute() -> u32 {
    600
}

fn default_onion_burst() -> u32 {
    120
}

/// Limits on what one address prefix (/24 or /48) may ask. Who goes over is slowed first, then asked to wait.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Whether there are any. Off only where another machine sees to it.
    pub enabled: bool,
    /// Requests that change or look something up, per minute.
    pub requests_per_minute: u32,
    /// As many may come at once.
    pub burst: u32,
    /// Look-ups of codes that do not exist, per minute.
    pub guesses_per_minute: u32,
    /// The same of all prefixes together.
    pub guesses_together_per_minute: u32,
    /// Look-ups of one code that does exist, per minute.
    pub visits_per_minute: u32,
    /// Longest that a request is held back before it is refused, in milliseconds.
    pub slow_down_max_ms: u64,
    /// Time for a request's head and body to arrive, in seconds.
    pub request_timeout_s: u64,
    /// Whether a proxy on this machine tells the client's address in `X-Forwarded-For`.
    pub behind_local_proxy: bool,
}

/// Limits on files that go with tips.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AttachmentLimits {
    /// Most files with one tip or addition.
    pub files_max: usize,
    /// Largest file, in bytes.
    pub file_max_bytes: u64,
    /// All files of one tip or addition together, in bytes.
    pub together_max_bytes: u64,
    /// How long a file is kept that no tip has claimed, in hours.
    pub unclaimed_hours: u64,
    /// How long a form with files may take to arrive, in seconds.
    pub upload_timeout_s: u64,
    /// Most files that arrive at one moment; each takes a thread and a few megabytes.
    pub uploads_at_once_max: usize,
    /// Most of them from one address prefix.
    pub uploads_per_prefix_max: usize,
    /// Least that a file's sender must send in the long run, in bytes a second; 0 for any.
    pub least_bytes_per_s: u64,
    /// Most that files take up together that no tip has claimed, in bytes; half of what files may take if it is left out.
    pub unclaimed_max_bytes: Option<u64>,
    /// Most of that from one address prefix, in bytes.
    pub unclaimed_prefix_max_bytes: u64,
    /// Most memory that HEIC, PDF and office files take together while they are cleaned, in bytes. One takes twice its
    /// size, and none is cleaned that is larger than 64 MiB.
    pub held_max_bytes: u64,
    /// How long a file waits for that memory, or for its place, before its sender is asked to come again, in seconds.
    pub held_wait_s: u64,
}

impl Default for AttachmentLimits {
    fn default() -> Self {
        Self {
            files_max: 20,
            file_max_bytes: 200_000_000,
            together_max_bytes: 500_000_000,
            unclaimed_hours: 24,
            upload_timeout_s: 3600,
            uploads_at_once_max: 64,
            uploads_per_prefix_max: 16,
            least_bytes_per_s: 1000,
            unclaimed_max_bytes: None,
            unclaimed_prefix_max_bytes: 1_000_000_000,
            held_max_bytes: 256 * 1024 * 1024,
            held_wait_s: 10,
        }
    }
}

impl AttachmentLimits {
    fn check(&self, unfit: &mut Unfit) {
        let key = |name: &str| format!("attachment_limits.{name}");
        unfit.within(&key("files_max"), self.files_max, &(1..=ATTACHMENTS_MAX));
        let (file, together) = (self.file_max_bytes, self.together_max_bytes);
        let most = ATTACHMENT_MAX_BYTES;
        unfit.within(&key("file_max_bytes"), file, &(1..=most));
        unfit.within(&key("together_max_bytes"), together, &(file..=most));
        unfit.within(
            &key("unclaimed_hours"),
            self.unclaimed_hours,
            &(0..=24 * 365),
        );
        let timeout_s = self.upload_timeout_s;
        unfit.within(&key("upload_timeout_s"), timeout_s, &(1..=86_400));
        let at_once = self.uploads_at_once_max;
        unfit.within(&key("uploads_at_once_max"), at_once, &(1..=100_000));
        let of_prefix = self.uploads_per_prefix_max;
        unfit.within(&key("uploads_per_prefix_max"), of_prefix, &(1..=at_once));
        let least = self.least_bytes_per_s;
        unfit.within(&key("least_bytes_per_s"), least, &(0..=1_000_000));
        // What one tip may bring must have room before the tip is there.
        let unclaimed = together..=u64::MAX;
        let of_prefix = self.unclaimed_prefix_max_bytes;
        unfit.within(&key("unclaimed_prefix_max_bytes"), of_prefix, &unclaimed);
        if let Some(most) = self.unclaimed_max_bytes {
            unfit.within(&key("unclaimed_max_bytes"), most, &unclaimed);
        }
        // One that fits into no room would wait in vain, each time.
        let largest = (WHOLE_LIMIT_BYTES as u64).min(file);
        let room = COPIES.saturating_mul(largest)..=u64::MAX;
        unfit.within(&key("held_max_bytes"), self.held_max_bytes, &room);
        unfit.within(&key("held_wait_s"), self.held_wait_s, &(0..=timeout_s));
    }
}

impl LimitsConfig {
    fn check(&self, unfit: &mut Unfit) {
        for (name, number) in [
            ("requests_per_minute", self.requests_per_minute),
            ("burst", self.burst),
            ("guesses_per_minute", self.guesses_per_minute),
            (
                "guesses_together_per_minute",
                self.guesses_together_per_minute,
            ),
            ("visits_per_minute", self.visits_per_minute),
        ] {
            unfit.within(&format!("limits.{name}"), number, &(1..=u32::MAX));
        }
        let key = "limits.slow_down_max_ms";
        unfit.within(key, self.slow_down_max_ms, &(0..=60_000));
        let key = "limits.request_timeout_s";
        unfit.within(key, self.request_timeout_s, &(1..=3600));
    }
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            requests_per_minute: 60,
            burst: 30,
            guesses_per_minute: 30,
            guesses_together_per_minute: 600,
            visits_per_minute: 60,
            slow_down_max_ms: 4000,
            request_timeout_s: 15,
            behind_local_proxy: false,
        }
    }
}

fn default_quota_bytes() -> u64 {
    10 * 1024 * 1024 * 1024
}

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The settings cannot be read.
    #[error("the settings cannot be used: {0}")]
    Config(String),
    /// A file that the settings name cannot be read.
    #[error("cannot read {}", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// A manifest is refused.
    #[error("refusing the manifest {}: {cause}", file.display())]
    Manifest {
        /// Which.
        file: PathBuf,
        /// Why.
        #[source]
        cause: ManifestError,
    },
    /// A listener cannot listen.
    #[error("cannot listen: {0}")]
    Listen(#[from] ListenError),
    /// The store cannot be opened.
    #[error("cannot open the store: {0}")]
    Store(#[from] StoreError),
    /// The place for files cannot be used.
    #[error(transparent)]
    Blobs(#[from] BlobConfigError),
    /// A long task died again and again, or a server ended by itself.
    #[error("the task {0} died too often, or ended by itself")]
    GaveUp(&'static str),
    /// The server failed.
    #[error("the server failed")]
    Server(#[from] std::io::Error),
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
            onion.listen.check("onion.listen", unfit);
            let key = "onion.requests_per_minute";
            unfit.within(key, onion.requests_per_minute, &(1..=u32::MAX));
            unfit.within("onion.burst", onion.burst, &(1..=u32::MAX));
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

impl OfficeConfig {
    /// The office's manifest, verified as of the office's own today.
    ///
    /// # Errors
    /// [`IntakeError::File`], [`IntakeError::Manifest`].
    pub fn manifest(
        &self,
        clock: &dyn mifeng_foundation::clock::Clock,
    ) -> Result<OfficeManifest, IntakeError> {
        let refuse = |cause| IntakeError::Manifest {
            file: self.manifest_file.clone(),
            cause,
        };
        let trusted: ManifestPublicKey = self.manifest_public_key.parse().map_err(refuse)?;
        let text = read_text(&self.manifest_file)?;
        // The zone is inside: the earliest today on earth first, then the office's own.
        let utc = clock.today(&jiff::tz::TimeZone::UTC).plus_days(-1);
        let manifest = OfficeManifest::verify(&text, &trusted, utc).map_err(refuse)?;
        let today = clock.today(&manifest.zone());
        OfficeManifest::verify(&text, &trusted, today).map_err(refuse)
    }

    /// The relay token, if one is set.
    ///
    /// # Errors
    /// [`IntakeError::File`].
    pub fn relay_token(&self) -> Result<Option<String>, IntakeError> {
        let text = self
            .relay_token_file
            .as_deref()
            .map(read_text)
            .transpose()?;
        Ok(text.map(|token| token.trim().to_owned()))
    }
}

fn read_text(file: &Path) -> Result<String, IntakeError> {
    std::fs::read_to_string(file).map_err(|cause| IntakeError::File {
        file: file.to_owned(),
        cause,
    })
}
