//! Whose turn it is to change what. The board and the store never part: a case is changed by one at a time, from the moment it
//! is looked at until the board has what was stored. Whoever changes one case waits only for whoever changes the same one;
//! what concerns several cases, the accounts or the rules waits until nobody changes anything, and is by itself then.

use crate::model::CaseId;
use tokio::sync::{Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Cases are told apart by the first byte of their random ids: no list of locks grows, and two of thirty people who are at
/// work on different cases seldom wait for each other.
const LANES: usize = 256;

/// The turns of an office.
pub(crate) struct Turns {
    office: RwLock<()>,
    lanes: Vec<Mutex<()>>,
}

/// The turn to change one case, with all that are handled with it. What it locked last is let go first.
pub(crate) struct CaseTurn<'a> {
    _case: Option<MutexGuard<'a, ()>>,
    _office: RwLockReadGuard<'a, ()>,
}

impl Default for Turns {
    fn default() -> Self {
        Self {
            office: RwLock::default(),
            lanes: std::iter::repeat_with(Mutex::default).take(LANES).collect(),
        }
    }
}

impl Turns {
    /// The turn to change anything; nobody else changes anything until it ends. In order of asking: who asks for a case's turn
    /// later waits for it too, so that none waits for ever. So nobody asks for it before he knows that there is something to
    /// do, and looks again once he has it.
    pub async fn alone(&self) -> RwLockWriteGuard<'_, ()> {
        self.office.write().await
    }

    /// The turn to change the case that `lead` finds: the one that leads, where several are handled together. That is looked
    /// up once nobody can join or split any more. Where it finds none there is nothing to wait for.
    pub async fn of_case(&self, lead: impl FnOnce() -> Option<CaseId>) -> CaseTurn<'_> {
        let office = self.office.read().await;
        let case = match lead() {
            Some(case) => Some(self.lanes[usize::from(case.0[0])].lock().await),
            None => None,
        };
        CaseTurn {
            _case: case,
            _office: office,
        }
    }
}
