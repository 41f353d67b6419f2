//! How much sealed ciphertext the store may hold, files included. Counting it means reading every row, so the sum is kept in memory
//! and counted anew now and then: for what was released, and for what another replica took in.

use parking_lot::{Mutex, MutexGuard};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Submissions between two counts while there is plenty of room.
const FAR: u32 = 1024;

/// Submissions between two counts close to the quota, where releases decide who is let in.
const NEAR: u32 = 16;

/// How close to the quota is close.
const NEAR_BYTES: u64 = 64 * 1024 * 1024;

/// The sum of held ciphertext as far as this process knows, shared by whoever writes and whoever deletes.
#[derive(Clone, Debug)]
pub(super) struct Quota {
    /// Of envelopes.
    count: Arc<Mutex<Count>>,
    /// Of files, counted where their rows are written.
    file_bytes: Arc<AtomicU64>,
}

#[derive(Debug)]
struct Count {
    held_bytes: u64,
    quota_bytes: u64,
    asked_since: u32,
}

impl Quota {
    /// For a store that holds `held_bytes` of envelopes, and of files what `file_bytes` says.
    pub(super) fn new(held_bytes: u64, file_bytes: Arc<AtomicU64>, quota_bytes: u64) -> Self {
        let count = Count {
            held_bytes,
            quota_bytes,
            asked_since: 0,
        };
        Self {
            count: Arc::new(Mutex::new(count)),
            file_bytes,
        }
    }

    fn file_bytes(&self) -> u64 {
        self.file_bytes.load(Ordering::Relaxed)
    }

    fn count(&self) -> MutexGuard<'_, Count> {
        self.count.lock()
    }

    /// Whether the rows should be counted before the next answer.
    pub(super) fn wants_count(&self) -> bool {
        let count = self.count();
        let held_bytes = count.held_bytes.saturating_add(self.file_bytes());
        let near = held_bytes.saturating_add(NEAR_BYTES) >= count.quota_bytes;
        count.asked_since >= if near { NEAR } else { FAR }
    }

    /// Takes in what the rows sum up to.
    pub(super) fn counted(&self, held_bytes: u64) {
        let mut count = self.count();
        count.held_bytes = held_bytes;
        count.asked_since = 0;
    }

    /// Takes room for `bytes` more, if there is any.
    pub(super) fn take(&self, bytes: usize) -> bool {
        let mut count = self.count();
        count.asked_since = count.asked_since.saturating_add(1);
        let wanted = count.held_bytes.saturating_add(bytes as u64);
        let fits = wanted.saturating_add(self.file_bytes()) <= count.quota_bytes;
        if fits {
            count.held_bytes = wanted;
        }
        fits
    }

    /// Gives room back: what was released, or what was not stored after all.
    pub(super) fn give_back(&self, bytes: u64) {
        let mut count = self.count();
        count.held_bytes = count.held_bytes.saturating_sub(bytes);
    }
}
