//! Files that go with tips and additions. Each arrives before its tip, sealed in the browser or sealed here as it
//! streams by; it belongs to nobody until a tip's transaction claims it, and is swept if none does.

mod cleaning;
mod deletion;
mod held;
mod plain_upload;
mod problem;
mod sealed_upload;
mod sealing;
mod sweep;
mod upload;
mod uploads;

pub use cleaning::{COPIES, clean};
pub use problem::FileProblem;
pub use sweep::Sweeper;
pub use upload::{Room, Target};
pub use uploads::Lane;

use self::held::HeldBytes;
use self::uploads::{Bounds, Uploads};
use super::config::AttachmentLimits;
use super::store::{Allowance, AttachmentId, AttachmentRows};
use mifeng_foundation::blobs::{BlobStore, READ_MAX_BYTES};
use mifeng_foundation::entropy::Entropy;
use mifeng_foundation::storage::StoreError;
use mifeng_sealing::tip::Attachment;
use parking_lot::Mutex;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// An upload that sends less than so many times the least rate gives its place up where others wait for one.
const SLOW_BELOW: u64 = 2;

/// Where files are taken in and kept. Cheap to share.
pub struct Attachments {
    blobs: Arc<dyn BlobStore>,
    rows: Arc<dyn AttachmentRows>,
    /// How quick a sender is, is measured from here.
    begun: Instant,
    entropy: Arc<dyn Entropy>,
    limits: AttachmentLimits,
    uploads: Arc<Uploads>,
    held: Arc<HeldBytes>,
    /// Files that another office is just passing up.
    passing: Mutex<HashSet<AttachmentId>>,
}

impl Attachments {
    /// Files in `blobs`, noted in `rows`.
    #[must_use]
    pub fn new(
        blobs: Arc<dyn BlobStore>,
        rows: Arc<dyn AttachmentRows>,
        entropy: Arc<dyn Entropy>,
        limits: AttachmentLimits,
        allowance: Allowance,
    ) -> Self {
        let files = allowance.files_bytes();
        let bounds = Bounds {
            unclaimed_bytes: limits.unclaimed_max_bytes.unwrap_or(files / 2).min(files),
            prefix_bytes: limits.unclaimed_prefix_max_bytes,
            places: limits.uploads_at_once_max.max(1),
            prefix_places: limits.uploads_per_prefix_max.max(1),
            slow_below: SLOW_BELOW * limits.least_bytes_per_s,
        };
        Self {
            blobs,
            rows,
            begun: Instant::now(),
            entropy,
            uploads: Arc::new(Uploads::new(bounds)),
            held: Arc::new(HeldBytes::new(
                limits.held_max_bytes,
                Duration::from_secs(limits.held_wait_s),
            )),
            limits,
            passing: Mutex::default(),
        }
    }

    /// The limits.
    #[must_use]
    pub fn limits(&self) -> &AttachmentLimits {
        &self.limits
    }

    /// The ids of `list`, if the files are all there for `addressee` and within the limits.
    ///
    /// # Errors
    /// [`FileProblem`].
    pub async fn check(
        &self,
        addressee: &str,
        list: &[Attachment],
    ) -> Result<Vec<AttachmentId>, FileProblem> {
        let room = Room::of(list);
        self.check_count(room.count)?;
        if room.bytes > self.limits.together_max_bytes {
            return Err(self.limits.too_large_together());
        }
        let ids: Option<Vec<AttachmentId>> = list.iter().map(Attachment::id_bytes).collect();
        let ids = ids.ok_or(FileProblem::Gone)?;
        if self.missing(addressee, &ids).await?.is_empty() {
            Ok(ids)
        } else {
            Err(FileProblem::Gone)
        }
    }

    /// Those of `ids` that are not here for an envelope to `addressee` to claim.
    ///
    /// # Errors
    /// What the store says.
    pub async fn missing(
        &self,
        addressee: &str,
        ids: &[AttachmentId],
    ) -> Result<Vec<AttachmentId>, StoreError> {
        let ready = self.rows.ready(addressee, ids).await?;
        let missing = ids.iter().filter(|id| !ready.contains(*id));
        Ok(missing.copied().collect())
    }

    /// Whether so many files may go together.
    ///
    /// # Errors
    /// [`FileProblem`].
    pub fn check_count(&self, count: usize) -> Result<(), FileProblem> {
        if count > self.limits.files_max {
            return Err(self.limits.too_many());
        }
        Ok(())
    }

    /// Which files an envelope of `addressee` names, with their sealed lengths.
    ///
    /// # Errors
    /// What the store says.
    pub async fn of_envelope(
        &self,
        addressee: &str,
        envelope: [u8; 16],
    ) -> Result<Vec<(AttachmentId, u64)>, StoreError> {
        self.rows.of_envelope(addressee, envelope).await
    }

    /// A part of a sealed file, of at most [`READ_MAX_BYTES`]; `None` if there is no such file.
    ///
    /// # Errors
    /// What the place for files says.
    pub async fn read(
        &self,
        id: AttachmentId,
        offset: u64,
    ) -> Result<Option<Vec<u8>>, mifeng_foundation::blobs::BlobError> {
        self.blobs.read(id, offset, READ_MAX_BYTES).await
    }
}
