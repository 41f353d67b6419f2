//! How far loading the cases at start is.

use mifeng_foundation::telemetry::{Event, log};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// How often it is logged on the way.
const LOGGED_STEPS: usize = 10;

/// How far loading is. Shared with the page that is shown meanwhile.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicUsize,
    total: AtomicUsize,
    broken_off: AtomicBool,
}

impl Progress {
    /// In hundredths; 0 while it is not known how much there is.
    #[must_use]
    pub fn percent(&self) -> usize {
        let total = self.total.load(Ordering::Relaxed);
        let done = self.done.load(Ordering::Relaxed);
        (done * 100).checked_div(total).unwrap_or(0)
    }

    /// Whether it was broken off, and is tried again later.
    #[must_use]
    pub fn is_broken_off(&self) -> bool {
        self.broken_off.load(Ordering::Relaxed)
    }

    /// Takes note that it was broken off.
    pub fn break_off(&self) {
        self.broken_off.store(true, Ordering::Relaxed);
    }

    pub(crate) fn begin(&self, total: usize) {
        self.done.store(0, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
        self.broken_off.store(false, Ordering::Relaxed);
        log(Event::Loading { percent: 0 });
    }

    /// One more; logged now and then.
    pub(crate) fn step(&self) {
        let total = self.total.load(Ordering::Relaxed);
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let part = |count: usize| count * LOGGED_STEPS / total.max(1);
        if part(done) > part(done - 1) {
            log(Event::Loading {
                percent: self.percent(),
            });
        }
    }
}
