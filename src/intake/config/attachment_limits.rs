//! The settings `[attachment_limits]`: how many files, how large, how slow, and how much room they take.

use crate::attachments::COPIES;
use mifeng_foundation::settings::Unfit;
use mifeng_metadata::WHOLE_LIMIT_BYTES;
use mifeng_sealing::ATTACHMENT_MAX_BYTES;
use mifeng_sealing::tip::ATTACHMENTS_MAX;
use serde::Deserialize;

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
    pub(super) fn check(&self, unfit: &mut Unfit) {
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
