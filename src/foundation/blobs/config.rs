//! Where files lie, as both services' settings say it.

use super::{BlobError, BlobStore, FolderBlobs, S3Blobs, S3Settings};
use crate::storage::StoreUrl;
use serde::Deserialize;
use std::path::PathBuf;
use std::sync::Arc;
use zeroize::Zeroizing;

/// The keys for a place of files.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BlobConfig {
    /// `folder:PATH` or `s3://BUCKET/PREFIX`. Without it: a folder beside a SQLite store, named like it with the
    /// ending `attachments`, and none beside PostgreSQL, whose machines would each see another folder.
    pub url: Option<String>,
    /// Address of the S3 service, where it is not Amazon's.
    pub s3_endpoint: Option<String>,
    /// Region of the bucket.
    pub s3_region: Option<String>,
    /// File with two lines: id of the access key, and the key.
    pub s3_credentials_file: Option<PathBuf>,
}

/// Why a place of files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BlobConfigError {
    /// A key is missing or has a value that cannot be used.
    #[error("the setting {0} of the place for files cannot be used")]
    Setting(&'static str),
    /// The file with the credentials cannot be read.
    #[error("cannot read {}", .0.display())]
    File(PathBuf, #[source] std::io::Error),
    /// The settings fit no bucket.
    #[error(transparent)]
    Place(#[from] BlobError),
}

impl BlobConfig {
    /// The place, which nothing is asked of yet; `None` if there is none.
    ///
    /// # Errors
    /// [`BlobConfigError`].
    pub fn open(&self, beside: &StoreUrl) -> Result<Option<Arc<dyn BlobStore>>, BlobConfigError> {
        self.open_beside_text(beside, 0)
    }

    /// The same, where `kept_free_bytes` of a folder's disk, or a tenth of it where that is less, are for what lies beside it.
    ///
    /// # Errors
    /// [`BlobConfigError`].
    pub fn open_beside_text(
        &self,
        beside: &StoreUrl,
        kept_free_bytes: u64,
    ) -> Result<Option<Arc<dyn BlobStore>>, BlobConfigError> {
        match self.folder(beside) {
            Some(folder) => {
                let folder = FolderBlobs::new(folder).keeping_free(kept_free_bytes);
                Ok(Some(Arc::new(folder)))
            }
            None => match self.url.as_deref() {
                None => Ok(None),
                Some(url) => {
                    let place = url.strip_prefix("s3://");
                    let place = place.ok_or(BlobConfigError::Setting("url"))?;
                    Ok(Some(Arc::new(S3Blobs::new(&self.s3(place)?)?)))
                }
            },
        }
    }

    /// The folder, if it is one.
    #[must_use]
    pub fn folder(&self, beside: &StoreUrl) -> Option<PathBuf> {
        match (self.url.as_deref(), beside) {
            (Some(url), _) => url.strip_prefix("folder:").map(PathBuf::from),
            (None, StoreUrl::Sqlite(path)) => Some(path.with_extension("attachments")),
            (None, StoreUrl::Postgres(_)) => None,
        }
    }

    fn s3(&self, place: &str) -> Result<S3Settings, BlobConfigError> {
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        let file = self.s3_credentials_file.clone();
        let file = file.ok_or(BlobConfigError::Setting("s3_credentials_file"))?;
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => Zeroizing::new(text),
            Err(error) => return Err(BlobConfigError::File(file, error)),
        };
        let mut lines = text.lines().map(str::trim);
        match (lines.next(), lines.next()) {
            (Some(id), Some(key)) if !id.is_empty() && !key.is_empty() && !bucket.is_empty() => {
                Ok(S3Settings {
                    bucket: bucket.to_owned(),
                    prefix: prefix.to_owned(),
                    endpoint: self.s3_endpoint.clone(),
                    region: self
                        .s3_region
                        .clone()
                        .unwrap_or_else(|| "us-east-1".to_owned()),
                    access_key_id: id.to_owned(),
                    secret_access_key: key.to_owned().into(),
                })
            }
            _ => Err(BlobConfigError::Setting("s3_credentials_file")),
        }
    }
}
