//! On which day a mailbox was last opened: told to whoever opens it next, so that she sees whether somebody else has her code.
//!
//! Which were opened lately only memory knows. Now and then the field of *every* mailbox is written anew, at once for those that
//! were opened and for those that were not, so that neither one look at the disk nor two tell anything (see
//! [`OpenedField`]). What a process that is killed had not written is lost, and the page then says an earlier day.

mod rewriting;

pub(super) use rewriting::rewrite_until;

use super::store::IntakeStore;
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::Entropy;
use mifeng_foundation::storage::StoreError;
use mifeng_sealing::{LookupDigest, OpenedField, OpenedKey};
use parking_lot::{Mutex, MutexGuard};
use std::collections::HashMap;
use std::sync::Arc;

/// Most mailboxes that are remembered between two writings; what comes after that is not told.
const REMEMBERED_MAX: usize = 200_000;

/// What memory knows since the last writing.
#[derive(Default)]
struct Lately {
    days: HashMap<LookupDigest, Day>,
    keys: HashMap<LookupDigest, OpenedKey>,
}

/// The days of openings.
#[derive(Clone)]
pub struct OpenedDays {
    store: Arc<dyn IntakeStore>,
    entropy: Arc<dyn Entropy>,
    lately: Arc<Mutex<Lately>>,
}

impl OpenedDays {
    /// Of the mailboxes in `store`.
    #[must_use]
    pub fn new(store: Arc<dyn IntakeStore>, entropy: Arc<dyn Entropy>) -> Self {
        Self {
            store,
            entropy,
            lately: Arc::default(),
        }
    }

    fn lately(&self) -> MutexGuard<'_, Lately> {
        self.lately.lock()
    }

    /// A new mailbox, with what its days are encrypted to.
    pub fn begin(&self, mailbox: LookupDigest, key: OpenedKey) {
        let mut lately = self.lately();
        if lately.keys.len() < REMEMBERED_MAX {
            lately.keys.insert(mailbox, key);
        }
    }

    /// When `mailbox` was opened before, for whoever has its code; and that it is opened now, on `today`. For a mailbox that
    /// there is not (`None`), something that looks alike and takes as long.
    ///
    /// # Errors
    /// What the store says.
    pub async fn open(
        &self,
        mailbox: Option<LookupDigest>,
        today: Day,
    ) -> Result<OpenedField, StoreError> {
        let nobody = LookupDigest::from_bytes([0; 32]);
        let row = match self.store.opened() {
            Some(rows) => rows.one(mailbox.unwrap_or(nobody)).await?,
            None => None,
        };
        let (before, key) = match mailbox {
            None => (None, None),
            Some(mailbox) => {
                let mut lately = self.lately();
                let key = lately.keys.get(&mailbox).copied();
                let known = lately.days.contains_key(&mailbox);
                let has_room = known || lately.days.len() < REMEMBERED_MAX;
                let before = has_room
                    .then(|| lately.days.insert(mailbox, today))
                    .flatten();
                (before, key)
            }
        };
        let key = key.or(row.as_ref().map(|row| row.key));
        Ok(match (before, key, row) {
            (Some(day), Some(key), _) => OpenedField::of(&key, day, self.entropy.as_ref()),
            (None, _, Some(row)) => row.field.anew(self.entropy.as_ref()),
            _ => OpenedField::none(self.entropy.as_ref()),
        })
    }
}
