//! A bound on the memory of files that must be held whole to be cleaned: on all of them together, however many come at
//! one moment.

use parking_lot::{Condvar, Mutex};
use std::io::{self, ErrorKind};
use std::time::Duration;

/// Bytes that may be held at one moment.
pub struct HeldBytes {
    free_bytes: Mutex<u64>,
    freed: Condvar,
    longest_wait: Duration,
}

impl HeldBytes {
    /// Room for `most_bytes`. Where there is none left, whoever needs more waits for `longest_wait`.
    #[must_use]
    pub fn new(most_bytes: u64, longest_wait: Duration) -> Self {
        Self {
            free_bytes: Mutex::new(most_bytes),
            freed: Condvar::new(),
            longest_wait,
        }
    }

    /// A file's share, nothing yet.
    pub fn share(&self) -> Share<'_> {
        Share { of: self, bytes: 0 }
    }
}

/// What one file holds; given back when dropped.
pub struct Share<'a> {
    of: &'a HeldBytes,
    bytes: u64,
}

impl Share<'_> {
    /// Takes `bytes` more. Several files that wait for each other do so no longer than the longest wait: one that gives
    /// up makes room. Call it off the runtime's threads.
    ///
    /// # Errors
    /// [`ErrorKind::ResourceBusy`] where there was no room for as long as one waits.
    pub fn grow(&mut self, bytes: u64) -> io::Result<()> {
        let mut free_bytes = self.of.free_bytes.lock();
        let waited = self.of.freed.wait_while_for(
            &mut free_bytes,
            |free| *free < bytes,
            self.of.longest_wait,
        );
        if waited.timed_out() {
            return Err(ErrorKind::ResourceBusy.into());
        }
        *free_bytes -= bytes;
        self.bytes += bytes;
        Ok(())
    }

    /// Gives all of it back.
    pub fn give_back(&mut self) {
        if self.bytes > 0 {
            *self.of.free_bytes.lock() += self.bytes;
            self.bytes = 0;
            self.of.freed.notify_all();
        }
    }
}

impl Drop for Share<'_> {
    fn drop(&mut self) {
        self.give_back();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;
    use std::thread;

    #[test]
    fn who_waits_is_served_when_there_is_room() {
        let held = HeldBytes::new(100, Duration::from_hours(1));
        thread::scope(|scope| {
            let mut first = held.share();
            first.grow(60).expect("room");
            let (begun, begins) = channel();
            let waits = scope.spawn({
                let held = &held;
                move || {
                    let mut second = held.share();
                    second.grow(30).expect("room");
                    begun.send(()).expect("heard");
                    second.grow(50)
                }
            });
            begins.recv().expect("begun");
            assert!(!waits.is_finished(), "there is room for ten more");
            drop(first);
            waits.join().expect("no panic").expect("room in the end");
        });
        held.share().grow(100).expect("all was given back");
    }

    #[test]
    fn without_room_the_wait_has_an_end() {
        let held = HeldBytes::new(100, Duration::from_millis(1));
        let mut first = held.share();
        first.grow(60).expect("room");
        let refused = held.share().grow(50).expect_err("no room");
        assert_eq!(refused.kind(), ErrorKind::ResourceBusy);
        first.give_back();
        held.share().grow(100).expect("room again");
    }
}
