//! Deleting files that no envelope names: those that were given up, and those that go so that others have room.

use super::Attachments;
use super::upload::PLACE_STEP;
use super::uploads::Evicted;
use crate::store::{AttachmentId, AttachmentRows};
use mifeng_foundation::blobs::BlobStore;

/// Deletes a file that no envelope names; what cannot be deleted now, the sweep does.
pub(super) async fn delete(rows: &dyn AttachmentRows, blobs: &dyn BlobStore, id: AttachmentId) {
    if let Ok(true) = rows.condemn(id).await
        && blobs.delete(id).await.is_ok()
    {
        let _ = rows.forget(&[id]).await;
    }
}

impl Attachments {
    /// Deletes those of `ids` that no envelope names, as far as that can be done now.
    pub async fn discard(&self, ids: &[AttachmentId]) {
        self.uploads.forget(ids);
        for id in ids {
            delete(&*self.rows, &*self.blobs, *id).await;
        }
    }

    /// Those of `ids` are a tip's by now.
    pub fn claimed(&self, ids: &[AttachmentId]) {
        self.uploads.forget(ids);
    }

    /// Makes room for `bytes` of text where there is none, of what no tip has claimed but for the files that are `kept` for it.
    pub async fn make_room(&self, bytes: usize, kept: &[AttachmentId]) {
        let quota = self.rows.quota();
        if quota.fits(bytes) {
            return;
        }
        // What was released meanwhile is room too.
        let _ = self.rows.count_anew().await;
        while !quota.fits(bytes)
            && let Some(gone) = self.uploads.evict(None, kept)
        {
            self.delete_evicted(gone).await;
            if !gone.is_whole {
                // It hears of it, and gives back what it holds.
                tokio::time::sleep(PLACE_STEP).await;
            }
        }
    }

    pub(super) async fn delete_evicted(&self, gone: Evicted) {
        if gone.is_whole {
            delete(&*self.rows, &*self.blobs, gone.id).await;
        }
    }
}
