//! How much sealed ciphertext the store may hold, files included. Counting it means reading every row, so the sum is kept in memory
//! and counted anew now and then: for what was released, and for what another replica took in. A part of the room is kept for
//! text: files never get it, however many there are.

use parking_lot::{Mutex, MutexGuard};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Submissions between two counts while there is plenty of room; and one for so many bytes that are held, so that counting costs
/// each submission the same however much there is.
const FAR: u64 = 1024;
const FAR_BYTES: u64 = 32 * 1024;

/// Submissions between two counts close to the quota, where releases decide who is let in.
const NEAR: u64 = 16;

/// How close to the quota is close.
const NEAR_BYTES: u64 = 64 * 1024 * 1024;

/// What may be held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// Most ciphertext together, in bytes.
    pub quota_bytes: u64,
    /// How much of it no file may take, in bytes.
    pub text_reserve_bytes: u64,
}

impl Allowance {
    /// With a quarter of `quota_bytes` kept for text.
    #[must_use]
    pub fn of(quota_bytes: u64) -> Self {
        Self {
            quota_bytes,
            text_reserve_bytes: quota_bytes / 4,
        }
    }

    /// Most that files may take together, in bytes.
    #[must_use]
    pub fn files_bytes(self) -> u64 {
        self.quota_bytes.saturating_sub(self.text_reserve_bytes)
    }
}

impl From<u64> for Allowance {
    fn from(quota_bytes: u64) -> Self {
        Self::of(quota_bytes)
    }
}

/// The sum of held ciphertext as far as this process knows, shared by whoever writes and whoever deletes.
#[derive(Clone, Debug)]
pub struct Quota {
    /// Of envelopes, and of files that are arriving.
    count: Arc<Mutex<Count>>,
    /// Of files, counted where their rows are written.
    file_bytes: Arc<AtomicU64>,
}

#[derive(Debug)]
struct Count {
    held_bytes: u64,
    arriving_bytes: u64,
    allowance: Allowance,
    asked_since: u32,
    /// What was taken and given back since the rows are being counted, while they are.
    counting: Option<Since>,
}

/// What was taken and given back, in bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Since {
    taken: u64,
    given_back: u64,
}

/// Rows are being counted until this is dropped. It takes as long as there are many, and nobody waits for it.
pub(super) struct Counting(Quota);

impl Counting {
    /// Takes in what the rows summed up to when the count began; what was taken and given back since is added to it.
    pub(super) fn counted(self, held_bytes: u64) {
        let mut count = self.0.count();
        let since = count.counting.take().unwrap_or_default();
        let held = held_bytes.saturating_add(since.taken);
        count.held_bytes = held.saturating_sub(since.given_back);
    }
}

impl Drop for Counting {
    fn drop(&mut self) {
        let mut count = self.0.count();
        // A count that failed is begun again with the next answer.
        if count.counting.take().is_some() {
            count.asked_since = u32::MAX;
        }
    }
}

impl Count {
    /// What text may take up beside `file_bytes` of files: what they leave, and never less than is kept for it.
    fn room_of_text(&self, file_bytes: u64) -> u64 {
        let files = file_bytes.saturating_add(self.arriving_bytes);
        let left = self.allowance.quota_bytes.saturating_sub(files);
        left.max(self.allowance.text_reserve_bytes)
    }

    /// What files may take up: what text leaves, and never what is kept for it.
    fn room_of_files(&self) -> u64 {
        let text = self.held_bytes.max(self.allowance.text_reserve_bytes);
        self.allowance.quota_bytes.saturating_sub(text)
    }
}

impl Quota {
    /// For a store that holds `held_bytes` of envelopes, and of files what `file_bytes` says.
    pub(super) fn new(held_bytes: u64, file_bytes: Arc<AtomicU64>, allowance: Allowance) -> Self {
        let count = Count {
            held_bytes,
            arriving_bytes: 0,
            allowance,
            asked_since: 0,
            counting: None,
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

    /// Takes in what the rows of the files sum up to.
    pub(super) fn counted_files(&self, bytes: u64) {
        self.file_bytes.store(bytes, Ordering::Relaxed);
    }

    /// Begins to have the rows counted, if it is time: the caller sees to it. Of many who ask at once only one is told so.
    pub(super) fn begin_count(&self) -> Option<Counting> {
        let mut count = self.count();
        let room = count.room_of_text(self.file_bytes());
        let near = count.held_bytes.saturating_add(NEAR_BYTES) >= room;
        let far = FAR.max(count.held_bytes / FAR_BYTES);
        let is_time = u64::from(count.asked_since) >= if near { NEAR } else { far };
        if !is_time || count.counting.is_some() {
            return None;
        }
        count.asked_since = 0;
        count.counting = Some(Since::default());
        Some(Counting(self.clone()))
    }

    /// Has the rows counted with the next answer: somebody who had taken room does not know what became of it.
    pub(super) fn count_soon(&self) {
        self.count().asked_since = u32::MAX;
    }

    /// Whether there is room for `bytes` of text.
    #[must_use]
    pub fn fits(&self, bytes: usize) -> bool {
        let count = self.count();
        let wanted = count.held_bytes.saturating_add(bytes as u64);
        wanted <= count.room_of_text(self.file_bytes())
    }

    /// Takes room for `bytes` more of text, if there is any.
    pub(super) fn take(&self, bytes: usize) -> bool {
        let mut count = self.count();
        count.asked_since = count.asked_since.saturating_add(1);
        let wanted = count.held_bytes.saturating_add(bytes as u64);
        let fits = wanted <= count.room_of_text(self.file_bytes());
        if fits {
            count.held_bytes = wanted;
            if let Some(since) = &mut count.counting {
                since.taken += bytes as u64;
            }
        }
        fits
    }

    /// Gives room back: what was released, or what was not stored after all.
    pub(super) fn give_back(&self, bytes: u64) {
        let mut count = self.count();
        count.held_bytes = count.held_bytes.saturating_sub(bytes);
        if let Some(since) = &mut count.counting {
            since.given_back += bytes;
        }
    }

    /// Takes room for `bytes` more of a file that is arriving, if there is any.
    #[must_use]
    pub fn take_for_file(&self, bytes: u64) -> bool {
        let mut count = self.count();
        let arriving = count.arriving_bytes.saturating_add(bytes);
        let fits = arriving.saturating_add(self.file_bytes()) <= count.room_of_files();
        if fits {
            count.arriving_bytes = arriving;
        }
        fits
    }

    /// A file of `bytes` is not arriving any more: its row says by now how large it is, or it is gone.
    pub fn arrived(&self, bytes: u64) {
        let mut count = self.count();
        count.arriving_bytes = count.arriving_bytes.saturating_sub(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quota(quota_bytes: u64) -> Quota {
        Quota::new(0, Arc::default(), Allowance::of(quota_bytes))
    }

    #[test]
    fn what_is_taken_and_given_back_during_a_count_is_in_it() {
        let quota = quota(4000);
        assert!(quota.begin_count().is_none(), "nobody asked");
        quota.count_soon();
        assert!(quota.take(700));
        let counting = quota.begin_count().expect("it is time");
        assert!(quota.begin_count().is_none(), "one is being made");
        assert!(quota.take(100));
        quota.give_back(30);
        counting.counted(500);
        assert_eq!(quota.count().held_bytes, 570);
        quota.count_soon();
        drop(quota.begin_count());
        assert!(
            quota.begin_count().is_some(),
            "one that failed is made again"
        );
        assert_eq!(quota.count().held_bytes, 570);
    }

    proptest! {
        /// Whatever files come, text that is within its own part has room; and all together never pass the quota.
        #[test]
        fn files_never_take_what_is_kept_for_text(
            steps in prop::collection::vec((0..4u8, 1..400u64), 1..200),
        ) {
            let all = 4000;
            let quota = quota(all);
            let reserve = Allowance::of(all).text_reserve_bytes;
            let (mut text, mut whole, mut arriving) = (0, 0, 0);
            for (kind, bytes) in steps {
                match kind {
                    0 | 1 => {
                        if quota.take_for_file(bytes) {
                            arriving += bytes;
                        }
                    }
                    2 => {
                        let taken = quota.take(usize::try_from(bytes).expect("small"));
                        prop_assert!(taken || text + bytes > reserve, "{text} {bytes}");
                        text += if taken { bytes } else { 0 };
                    }
                    _ => {
                        whole += arriving;
                        quota.counted_files(whole);
                        quota.arrived(arriving);
                        arriving = 0;
                    }
                }
                prop_assert!(text + whole + arriving <= all);
            }
        }
    }
}
