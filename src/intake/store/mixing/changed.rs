//! Whether there is anything to mix.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How often something was written, and up to where it is mixed. Shared by whoever writes.
#[derive(Clone)]
pub(in super::super) struct Changed {
    written: Arc<AtomicU64>,
    mixed: Arc<AtomicU64>,
}

impl Changed {
    /// What a process left behind that was killed is mixed first of all.
    pub(in super::super) fn at_start() -> Self {
        Self {
            written: Arc::new(AtomicU64::new(1)),
            mixed: Arc::default(),
        }
    }

    /// Something is being written until what this returns is dropped. It counts at its beginning, for a mixing that waits
    /// for it, and again at its end, for one that was over before.
    #[must_use]
    pub(in super::super) fn writing(&self) -> Writing {
        Writing::begin(&self.written)
    }

    /// The count to give to [`Self::all_mixed`] when everything is done; `None` where nothing was written since.
    pub(super) fn unmixed(&self) -> Option<u64> {
        let written = self.written.load(Ordering::Acquire);
        (written != self.mixed.load(Ordering::Acquire)).then_some(written)
    }

    /// What was written up to `count` is mixed, journals and all. A mixing that fails or is broken off never says so, and
    /// the next one does it.
    pub(super) fn all_mixed(&self, count: u64) {
        self.mixed.store(count, Ordering::Release);
    }
}

/// Something is being written.
pub(in super::super) struct Writing(Arc<AtomicU64>);

impl Writing {
    fn begin(written: &Arc<AtomicU64>) -> Self {
        written.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(written))
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_committed_while_a_mixing_runs_is_mixed_by_the_next() {
        let changed = Changed::at_start();
        let first = changed.unmixed().expect("what a killed process left");
        changed.all_mixed(first);
        assert_eq!(changed.unmixed(), None);

        let writing = changed.writing();
        let second = changed.unmixed().expect("begun");
        changed.all_mixed(second);
        assert_eq!(changed.unmixed(), None);
        drop(writing);
        assert!(changed.unmixed().is_some(), "committed after the mixing");
    }

    #[test]
    fn a_mixing_that_was_broken_off_is_done_again() {
        let changed = Changed::at_start();
        assert!(changed.unmixed().is_some());
        assert!(changed.unmixed().is_some());
    }
}
