//! Why the service does not start.

use mifeng_foundation::blobs::BlobConfigError;
use mifeng_foundation::serving::ListenError;
use mifeng_foundation::storage::StoreError;
use mifeng_sealing::ManifestError;
use std::path::PathBuf;

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
