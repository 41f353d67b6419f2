//! Files in a bucket that speaks S3. An object is there once its last part is acknowledged; a bucket keeps the time of
//! arrival by itself, which its owner can read (see deploy/OPERATING.md).

use super::{BlobError, BlobId, BlobStore, BlobWriter, READ_MAX_BYTES};
use crate::clock::Day;
use crate::entropy::Entropy;
use async_trait::async_trait;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{
    BackoffConfig, ClientOptions, MultipartUpload, ObjectStoreExt as _, RetryConfig,
};
use std::time::Duration;

/// One part of an upload, in bytes: S3 wants five mebibytes at least, and this much is held in memory.
const PART_BYTES: usize = 6 * 1024 * 1024;

/// How long a request may take, and how long a failing one is tried again.
const TIMEOUT: Duration = Duration::from_secs(30);
const RETRY: Duration = Duration::from_secs(20);

/// Where a bucket is and who asks.
#[derive(Clone, Debug)]
pub struct S3Settings {
    /// Its name.
    pub bucket: String,
    /// What object names begin with; may be empty.
    pub prefix: String,
    /// Address of the service, where it is not Amazon's.
    pub endpoint: Option<String>,
    /// Region.
    pub region: String,
    /// Id of the access key.
    pub access_key_id: String,
    /// The access key.
    pub secret_access_key: secrecy::SecretString,
}

/// A bucket.
#[derive(Debug)]
pub struct S3Blobs {
    store: AmazonS3,
    prefix: String,
}

impl S3Blobs {
    /// The files under the settings' prefix. Nothing is asked of the bucket yet.
    ///
    /// # Errors
    /// [`BlobError::Away`] for an address that cannot be one.
    pub fn new(settings: &S3Settings) -> Result<Self, BlobError> {
        use secrecy::ExposeSecret as _;
        crate::serving::install_tls_provider();
        let plain = settings
            .endpoint
            .as_deref()
            .is_some_and(|endpoint| endpoint.starts_with("http://"));
        let options = ClientOptions::new()
            .with_timeout(TIMEOUT)
            .with_allow_http(plain);
        let retry = RetryConfig {
            backoff: BackoffConfig::default(),
            max_retries: 4,
            retry_timeout: RETRY,
        };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_access_key_id(&settings.access_key_id)
            .with_secret_access_key(settings.secret_access_key.expose_secret())
            .with_client_options(options)
            .with_retry(retry);
        if let Some(endpoint) = &settings.endpoint {
            builder = builder.with_endpoint(endpoint.trim_end_matches('/'));
        }
        Ok(Self {
            store: builder.build().map_err(away)?,
            prefix: settings.prefix.trim_matches('/').to_owned(),
        })
    }

    fn path(&self, id: BlobId) -> Path {
        Path::from(format!("{}/{}", self.prefix, hex::encode(id)))
    }
}

fn away(error: object_store::Error) -> BlobError {
    BlobError::Away(Box::new(error))
}

#[async_trait]
impl BlobStore for S3Blobs {
    async fn begin(&self, id: BlobId, _day: Day) -> Result<Box<dyn BlobWriter>, BlobError> {
        let upload = self.store.put_multipart(&self.path(id)).await;
        Ok(Box::new(S3Writer {
            upload: upload.map_err(away)?,
            part: Vec::with_capacity(PART_BYTES),
        }))
    }

    async fn read(
        &self,
        id: BlobId,
        offset: u64,
        length_bytes: usize,
    ) -> Result<Option<Vec<u8>>, BlobError> {
        let path = self.path(id);
        let size_bytes = match self.store.head(&path).await {
            Ok(meta) => meta.size,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(away(error)),
        };
        let end = size_bytes.min(offset + length_bytes.min(READ_MAX_BYTES) as u64);
        if offset >= end {
            return Ok(Some(Vec::new()));
        }
        let bytes = self.store.get_range(&path, offset..end).await;
        Ok(Some(bytes.map_err(away)?.to_vec()))
    }

    async fn delete(&self, id: BlobId) -> Result<(), BlobError> {
        match self.store.delete(&self.path(id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(away(error)),
        }
    }

    async fn settle(&self, _entropy: &dyn Entropy) -> Result<(), BlobError> {
        Ok(())
    }
}

struct S3Writer {
    upload: Box<dyn MultipartUpload>,
    part: Vec<u8>,
}

impl S3Writer {
    async fn send(&mut self) -> Result<(), BlobError> {
        let part = std::mem::replace(&mut self.part, Vec::with_capacity(PART_BYTES));
        self.upload.put_part(part.into()).await.map_err(away)
    }
}

#[async_trait]
impl BlobWriter for S3Writer {
    async fn write(&mut self, bytes: Vec<u8>) -> Result<(), BlobError> {
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let taken = rest.len().min(PART_BYTES - self.part.len());
            self.part.extend_from_slice(&rest[..taken]);
            rest = &rest[taken..];
            if self.part.len() == PART_BYTES {
                self.send().await?;
            }
        }
        Ok(())
    }

    async fn finish(mut self: Box<Self>) -> Result<(), BlobError> {
        if !self.part.is_empty() {
            self.send().await?;
        }
        self.upload.complete().await.map(|_| ()).map_err(away)
    }

    async fn abort(mut self: Box<Self>) {
        // Where the bucket is away too, its own rule for unfinished uploads takes the parts (see deploy/OPERATING.md).
        let _ = self.upload.abort().await;
    }
}
