//! Changes of which it is not known whether they were stored: the database's answer did not come, or whoever asked was gone
//! before it came. The caseload does not guess; it reads those cases again before anybody changes anything the next time.

use super::rereading::reread_case;
use super::{CaseLock, Office, OfficeError};
use crate::model::CaseId;
use mifeng_foundation::telemetry::{Event, log};
use parking_lot::Mutex;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::RwLockWriteGuard;

/// Cases that stand in the store in a way the caseload may not know.
#[derive(Default)]
pub(crate) struct CasesToReload(Mutex<BTreeSet<CaseId>>);

/// A change on its way to the store. Unless it is [confirmed](Self::confirmed), by whoever has brought the caseload into step with
/// what was stored, its cases are read again.
#[must_use = "dropped at once it would have the cases read before they are stored"]
pub(crate) struct UnconfirmedWrite {
    office: Arc<CasesToReload>,
    cases: Vec<CaseId>,
}

impl UnconfirmedWrite {
    /// The caseload has what the store has.
    pub fn confirmed(mut self) {
        self.cases.clear();
    }
}

impl Drop for UnconfirmedWrite {
    fn drop(&mut self) {
        if !self.cases.is_empty() {
            self.office.0.lock().extend(self.cases.drain(..));
        }
    }
}

impl Office {
    /// To be held from before a change of these cases is given to the store until the caseload has it too.
    pub(crate) fn unconfirmed(&self, cases: impl IntoIterator<Item = CaseId>) -> UnconfirmedWrite {
        UnconfirmedWrite {
            office: Arc::clone(&self.to_reload),
            cases: cases.into_iter().collect(),
        }
    }

    /// The lock of the whole office: nobody else changes anything until it is dropped. What the caseload may not know of the
    /// store is read first.
    pub(crate) async fn exclusive(&self) -> RwLockWriteGuard<'_, ()> {
        let exclusive = self.locks.exclusive().await;
        // Nearly always there is nothing to read: whoever waits here does not carry the room for it.
        Box::pin(self.reread()).await;
        exclusive
    }

    /// The lock of the case that `lead` finds; see [`CaseLocks::of_case`](super::locks::CaseLocks::of_case). What the caseload
    /// may not know of the store is read first.
    pub(crate) async fn lock_case(&self, lead: impl Fn() -> Option<CaseId>) -> CaseLock<'_> {
        let lock = self.locks.of_case(&lead).await;
        if self.to_reload.0.lock().is_empty() {
            return lock;
        }
        // Whoever held it before may have left something to be read.
        drop(lock);
        drop(self.exclusive().await);
        self.locks.of_case(lead).await
    }

    /// Reads again what the caseload may not know; to be called by whoever holds the lock of the whole office. What cannot be read
    /// now, since the store is away, stays to be read; what does not open is told in the log and left as it was, as at a start.
    pub(crate) async fn reread(&self) {
        let cases = self.to_reload.0.lock().clone();
        for case in cases {
            let reread = reread_case(self, case).await;
            if let Err(cause) = &reread {
                log(Event::RequestFailed {
                    place: "case read again",
                    cause,
                });
            }
            if matches!(&reread, Err(OfficeError::Store(cause)) if cause.may_pass()) {
                return;
            }
            self.to_reload.0.lock().remove(&case);
        }
    }
}
