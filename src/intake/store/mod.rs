//! What intake keeps: sealed envelopes until triage has them safe, and mailboxes it cannot read.

mod attachments;
mod journal;
mod mailboxes;
mod mixing;
mod opened;
mod postgres;
mod quota;
mod records;
mod sqlite;
mod writer;
mod written;

use async_trait::async_trait;
use mifeng_foundation::storage::{StoreError, StoreUrl};
use mifeng_foundation::supervisor::Supervisor;
use mifeng_sealing::{EnvelopeKind, LookupDigest, SubmissionTag};
use std::collections::BTreeMap;
use std::sync::Arc;

pub use attachments::{AttachmentId, AttachmentRows, Unclaimed};
pub use opened::{NewOpened, OpenedRow, OpenedRows};
pub use postgres::PgIntakeStore;
pub use quota::{Allowance, Quota};
pub use records::{
    Appended, EnvelopeName, ListedEnvelope, NewEnvelope, NewMessage, NewSubmission, ServedManifest,
    Submitted,
};
pub use sqlite::SqliteIntakeStore;

/// The store. Every write is durable when it returns.
#[async_trait]
pub trait IntakeStore: Send + Sync {
    /// Stores envelope and mailbox in one transaction.
    async fn submit(&self, submission: NewSubmission) -> Result<Submitted, StoreError>;

    /// Stores an addition if `office` has such a mailbox. The same id twice is one addition.
    async fn append(
        &self,
        office: &str,
        lookup_digest: LookupDigest,
        envelope: NewEnvelope,
    ) -> Result<Appended, StoreError>;

    /// Deletes a mailbox of `office` with everything in it, and stores the farewell in the same transaction. Of a closed one
    /// no farewell is stored: it answers as if it had been before.
    async fn forget(
        &self,
        office: &str,
        lookup_digest: LookupDigest,
        farewell: NewEnvelope,
    ) -> Result<Appended, StoreError>;

    /// The addressee of a mailbox of `office`, if there is one.
    async fn mailbox_addressee(
        &self,
        office: &str,
        lookup_digest: LookupDigest,
    ) -> Result<Option<String>, StoreError>;

    /// The sealed messages in a mailbox, in no order.
    async fn messages(&self, lookup_digest: LookupDigest) -> Result<Vec<Vec<u8>>, StoreError>;

    /// Envelopes for `addressee` with ids after `after`, at most `limit`, in the order of ids.
    async fn list(
        &self,
        addressee: &str,
        only_waiting: bool,
        after: Option<[u8; 16]>,
        limit: u32,
    ) -> Result<Vec<ListedEnvelope>, StoreError>;

    /// How many envelopes for `addressee` triage has not said to have.
    async fn waiting(&self, addressee: &str) -> Result<u64, StoreError>;

    /// The ciphertext of one of `addressee`'s envelopes.
    async fn fetch(&self, addressee: &str, id: [u8; 16]) -> Result<Option<Vec<u8>>, StoreError>;

    /// Marks envelopes as stored by triage; returns how many changed.
    async fn acknowledge(&self, addressee: &str, names: &[EnvelopeName])
    -> Result<u64, StoreError>;

    /// Deletes envelopes that triage has safe, and marks their files for deletion; returns how many there were.
    async fn release(&self, addressee: &str, names: &[EnvelopeName]) -> Result<u64, StoreError>;

    /// Puts a message into a mailbox that `addressee` may answer; `false` if there is none. The same id twice is
    /// one message.
    async fn post(&self, addressee: &str, message: NewMessage) -> Result<bool, StoreError>;

    /// Puts the last message into a mailbox that `addressee` may answer, and closes it in the same step: nothing is
    /// [appended](Self::append) to it any more. `false` if there is none. The same again changes nothing.
    async fn close_mailbox(&self, addressee: &str, last: NewMessage) -> Result<bool, StoreError>;

    /// Opens a mailbox of `office` that it answers itself, for a tip that never comes this way. `false` if another is under
    /// this digest; the same digest and tag twice is one mailbox.
    async fn open_mailbox(
        &self,
        office: &str,
        lookup_digest: LookupDigest,
        submission_tag: SubmissionTag,
    ) -> Result<bool, StoreError>;

    /// Hands a mailbox that `addressee` answers over to another office, which answers it from now on, if there is one.
    async fn hand_over(
        &self,
        addressee: &str,
        to: &str,
        lookup_digest: LookupDigest,
    ) -> Result<(), StoreError>;

    /// Stores an envelope that another office passes up, without a mailbox of its own. The same id twice is one envelope.
    async fn pass_up(
        &self,
        envelope: NewEnvelope,
        kind: EnvelopeKind,
    ) -> Result<Appended, StoreError>;

    /// What was served last of each office, by slug.
    async fn served_manifests(&self) -> Result<BTreeMap<String, ServedManifest>, StoreError>;

    /// Notes that a manifest of `office` is served, unless one with a higher number was, or another with the same; the one that
    /// is noted then.
    async fn note_served(
        &self,
        office: &str,
        manifest: &ServedManifest,
    ) -> Result<ServedManifest, StoreError>;

    /// The rows of the files that go with envelopes; a store that keeps none has no such rows.
    fn attachments(&self) -> Option<Arc<dyn AttachmentRows>> {
        None
    }

    /// When mailboxes were last opened; a store that does not keep it has no such rows.
    fn opened(&self) -> Option<Arc<dyn OpenedRows>> {
        None
    }

    /// Rewrites what is held so that nothing on disk tells in which order it came; `false` if nothing has changed since
    /// the last time, or it is too soon. Broken off at any moment, it leaves what it has done.
    async fn forget_order(&self) -> Result<bool, StoreError>;

    /// The same before the store is closed, for some seconds at most and with less time for whoever writes: so that little is
    /// left to be done when nobody is answered any more.
    async fn forget_order_before_stop(&self) -> Result<bool, StoreError> {
        self.forget_order().await
    }

    /// Whether the store answers, and takes what is written.
    async fn check(&self) -> Result<(), StoreError>;

    /// Finishes what was accepted and closes.
    async fn close(&self);
}

/// Opens the store at `url`, which refuses tips beyond what is allowed to be held.
///
/// # Errors
/// [`StoreError`].
pub async fn open(
    url: &StoreUrl,
    allowance: impl Into<Allowance>,
) -> Result<Arc<dyn IntakeStore>, StoreError> {
    let allowance = allowance.into();
    Ok(match url {
        StoreUrl::Sqlite(path) => Arc::new(SqliteIntakeStore::open(path, allowance).await?),
        StoreUrl::Postgres(url) => Arc::new(PgIntakeStore::open(url, allowance).await?),
    })
}

/// The same for a service, whose `supervisor` looks after the store's long tasks.
///
/// # Errors
/// [`StoreError`].
pub async fn open_under(
    supervisor: &Supervisor,
    url: &StoreUrl,
    allowance: impl Into<Allowance>,
) -> Result<Arc<dyn IntakeStore>, StoreError> {
    let allowance = allowance.into();
    Ok(match url {
        StoreUrl::Sqlite(path) => {
            Arc::new(SqliteIntakeStore::open_under(supervisor, path, allowance).await?)
        }
        StoreUrl::Postgres(url) => Arc::new(PgIntakeStore::open(url, allowance).await?),
    })
}
