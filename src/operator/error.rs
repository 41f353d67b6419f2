//! Why the tool stopped, in words for the person at the terminal.

use mifeng_foundation::storage::StoreError;
use mifeng_opening::OfficeKeyError;
use mifeng_sealing::ManifestError;
use std::path::{Path, PathBuf};

/// Why a command of the tool did not do what was asked. Repeats no secret.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// A file could not be read or written.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A file that would be overwritten holds a key that nobody could make again.
    #[error("{0} is there already; nothing was overwritten")]
    Exists(PathBuf),
    /// A file is not what it should be.
    #[error("{path}: {reason}")]
    Malformed {
        /// Which.
        path: PathBuf,
        /// Why, without its content.
        reason: String,
    },
    /// What was typed at the prompt, or given as an argument, will not do.
    #[error("{0}")]
    Argument(String),
    /// The manifest is refused.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The office identity does not lock or unlock.
    #[error(transparent)]
    OfficeKey(#[from] OfficeKeyError),
    /// A certificate could not be made.
    #[error("the certificate could not be made: {0}")]
    Certificate(#[from] rcgen::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another program (a service of the demo, `pg_dump`) failed.
    #[error("{program}: {reason}")]
    Program {
        /// Which.
        program: String,
        /// How.
        reason: String,
    },
    /// The demo could not talk to a service it had started.
    #[error("{what}: {reason}")]
    Service {
        /// What was asked of it.
        what: &'static str,
        /// What came back; never a body.
        reason: String,
    },
}

impl OperatorError {
    /// Turns an I/O error into one that names the file.
    pub fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |cause| Self::File {
            path: path.to_owned(),
            cause,
        }
    }

    /// A file that is not what it should be.
    #[must_use]
    pub fn malformed(path: &Path, reason: impl std::fmt::Display) -> Self {
        Self::Malformed {
            path: path.to_owned(),
            reason: format!("{reason}"),
        }
    }
}
