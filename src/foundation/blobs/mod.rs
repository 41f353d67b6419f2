//! Plumbing shared by both services: where sealed files lie, a folder or an S3 bucket. A file is written under a random
//! id, read in ranges and deleted; nothing here knows what is in one.

mod config;
mod folder;
mod s3;
mod spares;

pub use config::{BlobConfig, BlobConfigError};
pub use folder::FolderBlobs;
pub use s3::{S3Blobs, S3Settings};

use crate::clock::Day;
use crate::entropy::Entropy;
use async_trait::async_trait;

/// A file's random id.
pub type BlobId = [u8; 16];

/// Most that is read at once, in bytes.
pub const READ_MAX_BYTES: usize = 1024 * 1024;

/// What went wrong. Names no file.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// No room on the disk.
    #[error("the place for files is full")]
    Full,
    /// The place does not answer, or refuses.
    #[error("the place for files is away")]
    Away(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The disk failed.
    #[error("the place for files failed")]
    Io(#[source] std::io::Error),
}

impl From<std::io::Error> for BlobError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        match error.kind() {
            StorageFull | QuotaExceeded | FileTooLarge => Self::Full,
            _ => Self::Io(error),
        }
    }
}

/// A place for sealed files.
#[async_trait]
pub trait BlobStore: Send + Sync {
    /// Begins a file. It is there for readers only once it is finished; times on disk say `day` and no more.
    ///
    /// # Errors
    /// [`BlobError`]; so for every method here.
    async fn begin(&self, id: BlobId, day: Day) -> Result<Box<dyn BlobWriter>, BlobError>;

    /// At most [`READ_MAX_BYTES`] from `offset`; fewer only at the end, none beyond it. `None` if there is no such file.
    async fn read(
        &self,
        id: BlobId,
        offset: u64,
        length_bytes: usize,
    ) -> Result<Option<Vec<u8>>, BlobError>;

    /// Deletes a file, finished or not. What is not there is deleted.
    async fn delete(&self, id: BlobId) -> Result<(), BlobError>;

    /// Evens out what the place itself notes of a file's arrival beside its day.
    async fn settle(&self, entropy: &dyn Entropy) -> Result<(), BlobError>;
}

/// A file being written.
#[async_trait]
pub trait BlobWriter: Send {
    /// Writes on.
    ///
    /// # Errors
    /// [`BlobError`]; the file cannot be finished then.
    async fn write(&mut self, bytes: Vec<u8>) -> Result<(), BlobError>;

    /// Makes the file durable, whole, under its id.
    ///
    /// # Errors
    /// [`BlobError`].
    async fn finish(self: Box<Self>) -> Result<(), BlobError>;

    /// Gives it up; nothing is left.
    async fn abort(self: Box<Self>);
}
