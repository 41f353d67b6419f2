//! Locks that order changes, so that the caseload in memory and the store never differ: one change of a case at a time, from
//! the moment the case is looked at until the caseload has what was stored. A change of one case waits only for another change
//! of the same case. A change of several cases, of accounts or of rules holds the lock of the whole office alone.

use crate::model::CaseId;
use tokio::sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// How many locks all cases share (lock striping), chosen by the first byte of a case's random id: no list of locks grows,
/// and two of thirty people who are at work on different cases seldom wait for each other.
const STRIPES: usize = 256;

/// The locks of an office: one for the whole, and one for each stripe of cases.
pub(crate) struct CaseLocks {
    office: RwLock<()>,
    stripes: Vec<Mutex<()>>,
}

/// The lock of one case, with all that are handled with it. It is released when it is dropped, last taken first.
pub(crate) struct CaseLock<'a> {
    _case: Option<MutexGuard<'a, ()>>,
    _office: RwLockReadGuard<'a, ()>,
}

impl Default for CaseLocks {
    fn default() -> Self {
        Self {
            office: RwLock::default(),
            stripes: std::iter::repeat_with(Mutex::default)
                .take(STRIPES)
                .collect(),
        }
    }
}

impl CaseLocks {
    /// Takes the lock of the whole office: nobody else changes anything until it is dropped. Locks are given in order of
    /// asking, so that nobody waits for ever; whoever asks for a case's lock later waits for this one too. So ask for it only
    /// once it is known that there is something to do, and look again once it is held.
    pub async fn exclusive(&self) -> RwLockWriteGuard<'_, ()> {
        self.office.write().await
    }

    /// Takes the lock of the case that `lead` finds: the one that leads, where several are handled together. It is looked up
    /// once nobody can join or split any more. Where it finds none, only the office is locked against exclusive changes.
    pub async fn of_case(&self, lead: impl FnOnce() -> Option<CaseId>) -> CaseLock<'_> {
        let office = self.office.read().await;
        let case = match lead() {
            Some(case) => Some(self.stripes[usize::from(case.0[0])].lock().await),
            None => None,
        };
        CaseLock {
            _case: case,
            _office: office,
        }
    }
}
