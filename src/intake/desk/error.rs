//! Why a request could not be served.

use crate::attachments::FileProblem;
use mifeng_foundation::storage::StoreError;
use mifeng_sealing::SealError;

/// Why a request could not be served.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The quota or the disk is full; nothing was stored.
    #[error("no room for more")]
    Full,
    /// Another tip was sent under this code before; nothing was stored.
    #[error("the code was used for another tip")]
    CodeUsed,
    /// The office said its last words in the mailbox, and closed it; nothing was stored.
    #[error("the mailbox is closed")]
    MailboxClosed,
    /// Only the office above may open it, and there is none; nothing was stored.
    #[error("there is no office above")]
    NobodyAbove,
    /// The office's manifest has run out since the start.
    #[error("the office's manifest has run out")]
    ManifestExpired,
    /// A file that goes with it cannot; nothing was stored.
    #[error("a file that goes with it cannot")]
    File(FileProblem),
    /// Sealing failed.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Full => Self::Full,
            other => Self::Store(other),
        }
    }
}
