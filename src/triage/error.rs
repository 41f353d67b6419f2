//! Why triage did not start, or ended.

use crate::deadlines::DeadlinesError;
use crate::notify::MailError;
use crate::office::OfficeError;
use crate::retention::RetentionError;
use crate::routing::RulesError;
use crate::staff::PasswordError;
use mifeng_foundation::blobs::BlobConfigError;
use mifeng_foundation::serving::ListenError;
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::supervisor::Panicked;
use mifeng_opening::OfficeKeyError;
use mifeng_sealing::ManifestError;

/// Why triage did not start.
#[derive(Debug, thiserror::Error)]
pub enum TriageError {
    /// A file could not be read.
    #[error("cannot read {0}")]
    File(String, #[source] std::io::Error),
    /// The office identity did not unlock.
    #[error(transparent)]
    Key(#[from] OfficeKeyError),
    /// The routing rules cannot be used.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// The deadlines' rules or a calendar cannot be used.
    #[error(transparent)]
    Clocks(#[from] DeadlinesError),
    /// The rules of retention cannot be used.
    #[error(transparent)]
    Retention(#[from] RetentionError),
    /// The store did not open.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What cases name is not in the routing file any more.
    #[error(
        "the routing file has no {0} any more, which open cases name: put it back until they are concluded or given to another"
    )]
    Named(String),
    /// What is stored did not load.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// The settings cannot be read.
    #[error("the settings cannot be used: {0}")]
    Config(String),
    /// A setting that cannot be used.
    #[error("the setting {0} cannot be used")]
    Setting(&'static str),
    /// The manifest is refused.
    #[error("refusing the manifest: {0}")]
    Manifest(#[from] ManifestError),
    /// The listener cannot listen.
    #[error("cannot listen: {0}")]
    Listen(#[from] ListenError),
    /// Mail cannot be sent as set.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// Passwords cannot be hashed on this machine.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The place for files cannot be used.
    #[error(transparent)]
    Blobs(#[from] BlobConfigError),
    /// Something failed in a way that nobody foresaw.
    #[error(transparent)]
    Panicked(#[from] Panicked),
    /// A long task died again and again, or a server ended by itself.
    #[error("the task {0} died too often, or ended by itself")]
    GaveUp(&'static str),
    /// The server failed.
    #[error("the server failed")]
    Server(#[source] std::io::Error),
    /// The relay's client could not be made.
    #[error("the relay's certificates cannot be used")]
    Client(#[from] reqwest::Error),
}

impl TriageError {
    /// Whether it is the store that failed, which may be away for a moment; not a file or a setting, which a person mends.
    pub(super) fn may_pass(&self) -> bool {
        matches!(self, Self::Store(_) | Self::Office(_) | Self::Panicked(_))
    }
}
