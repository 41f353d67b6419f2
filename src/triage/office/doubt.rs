//! Changes of which it is not known whether they were stored: the database's answer did not come, or whoever asked was gone
//! before it came. The board does not guess; it reads those cases again before anybody changes anything the next time.

use super::{CaseTurn, Office};
use crate::model::CaseId;
use mifeng_foundation::telemetry::{Event, log};
use parking_lot::Mutex;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::RwLockWriteGuard;

/// Cases that stand in the store in a way the board may not know.
#[derive(Default)]
pub(crate) struct Doubted(Mutex<BTreeSet<CaseId>>);

/// A change on its way to the store. Unless it is [settled](Self::settled), by whoever has brought the board into step with
/// what was stored, its cases are read again.
#[must_use = "dropped at once it would have the cases read before they are stored"]
pub(crate) struct Doubt {
    office: Arc<Doubted>,
    cases: Vec<CaseId>,
}

impl Doubt {
    /// The board has what the store has.
    pub fn settled(mut self) {
        self.cases.clear();
    }
}

impl Drop for Doubt {
    fn drop(&mut self) {
        if !self.cases.is_empty() {
            self.office.0.lock().extend(self.cases.drain(..));
        }
    }
}

impl Office {
    /// To be held from before a change of these cases is given to the store until the board has it too.
    pub(crate) fn doubt(&self, cases: impl IntoIterator<Item = CaseId>) -> Doubt {
        Doubt {
            office: Arc::clone(&self.doubted),
            cases: cases.into_iter().collect(),
        }
    }

    /// The turn to change anything; nobody else changes anything until it ends. What the board may not know of the store is
    /// read first.
    pub(crate) async fn alone(&self) -> RwLockWriteGuard<'_, ()> {
        let alone = self.turns.alone().await;
        self.reread().await;
        alone
    }

    /// The turn to change the case that `lead` finds; see [`Turns::of_case`](super::turns::Turns::of_case). What the board may
    /// not know of the store is read first.
    pub(crate) async fn turn_of_case(&self, lead: impl FnOnce() -> Option<CaseId>) -> CaseTurn<'_> {
        if !self.doubted.0.lock().is_empty() {
            drop(self.alone().await);
        }
        self.turns.of_case(lead).await
    }

    /// Reads again what the board may not know; to be called by whoever has the turn to change anything. What cannot be read
    /// now stays to be read.
    pub(crate) async fn reread(&self) {
        let cases = self.doubted.0.lock().clone();
        for case in cases {
            match self.reread_case(case).await {
                Ok(()) => {
                    self.doubted.0.lock().remove(&case);
                }
                Err(cause) => {
                    log(Event::RequestFailed {
                        place: "case read again",
                        cause: &cause,
                    });
                    return;
                }
            }
        }
    }
}
