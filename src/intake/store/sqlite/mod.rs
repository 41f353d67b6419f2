//! The store on SQLite: one writer for what reporters send, a pool for everything else.

mod envelopes;
mod schema;

pub(in crate::store) use envelopes::held_bytes;

use crate::store::attachments::{AttachmentRows, SqliteAttachmentRows};
use crate::store::journal::{Ending, Journal, Meter};
use crate::store::mixing::{Changed, SqliteMixing};
use crate::store::opened::{OpenedRows, SqliteOpenedRows};
use crate::store::quota::{Allowance, Quota};
use crate::store::writer::{Write, Writer, WriterParts, Written};
use crate::store::{
    Appended, EnvelopeName, IntakeStore, ListedEnvelope, NewEnvelope, NewMessage, NewSubmission,
    ServedManifest, Submitted,
};
use async_trait::async_trait;
use mifeng_foundation::clock::SystemClock;
use mifeng_foundation::storage::{StoreError, open_sqlite, sqlite_options};
use mifeng_foundation::supervisor::Supervisor;
use mifeng_sealing::{EnvelopeKind, LookupDigest, SubmissionTag};
use schema::MIGRATIONS;
use sqlx::sqlite::SqlitePool;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;

/// Connections for reading and for the relay's rare writes.
const POOL: u32 = 4;

/// Pages in the journal at which the writer empties it after all: many more than it should ever hold.
const GROWN_PAGES: &str = "16000";

/// The store in a SQLite file.
pub struct SqliteIntakeStore {
    pub(in crate::store) pool: SqlitePool,
    attachments: Arc<SqliteAttachmentRows>,
    opened: Arc<SqliteOpenedRows>,
    writer: Mutex<Option<Arc<Writer>>>,
    worker: Mutex<Option<JoinHandle<()>>>,
    /// Tells the supervisor of a store that has one of its own that what ends now ends as it should.
    stop: Option<watch::Sender<bool>>,
    quota: Quota,
    journal: Arc<Journal>,
    mixing: SqliteMixing,
    pub(in crate::store) changed: Changed,
    _copying: Ending,
}

impl SqliteIntakeStore {
    /// Opens the file, made if need be.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(path: &Path, allowance: impl Into<Allowance>) -> Result<Self, StoreError> {
        let (stop, stopped) = watch::channel(false);
        let supervisor = Supervisor::new(Arc::new(SystemClock::new()), stopped);
        let opened = Self::open_under(&supervisor, path, allowance).await?;
        Ok(Self {
            stop: Some(stop),
            ..opened
        })
    }

    /// The same for a service, whose `supervisor` looks after the writer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_under(
        supervisor: &Supervisor,
        path: &Path,
        allowance: impl Into<Allowance>,
    ) -> Result<Self, StoreError> {
        let pool = open_sqlite(path, POOL, MIGRATIONS).await?;
        let options = sqlite_options(path);
        let held = held_bytes(&pool).await?;
        let changed = Changed::at_start();
        let quota = Quota::new(held, Arc::default(), allowance.into());
        let attachments =
            SqliteAttachmentRows::open(pool.clone(), quota.clone(), changed.clone()).await?;
        let journal = Arc::new(Journal::open(path).await?);
        let mixing = SqliteMixing::open(path, Arc::clone(&journal), changed.clone()).await?;
        let (meter, copying) = Meter::start(supervisor, Arc::clone(&journal));
        let parts = WriterParts {
            journal: meter,
            // A file that is gone is not made anew, empty: what would be said to be in it then?
            options: options
                .pragma("wal_autocheckpoint", GROWN_PAGES)
                .create_if_missing(false),
            readers: pool.clone(),
            quota: quota.clone(),
            gate: journal.gate(),
        };
        let (writer, worker) = Writer::start(supervisor, parts);
        Ok(Self {
            attachments: Arc::new(attachments),
            opened: Arc::new(SqliteOpenedRows::new(pool.clone(), changed.clone())),
            pool,
            writer: Mutex::new(Some(Arc::new(writer))),
            worker: Mutex::new(Some(worker)),
            stop: None,
            quota,
            journal,
            mixing,
            changed,
            _copying: copying,
        })
    }

    async fn write(&self, write: Write) -> Result<Written, StoreError> {
        let _writing = self.changed.writing();
        let writer = self.writer.lock().await.clone().ok_or(StoreError::Closed)?;
        writer.write(write).await
    }
}

#[async_trait]
impl IntakeStore for SqliteIntakeStore {
    async fn submit(&self, submission: NewSubmission) -> Result<Submitted, StoreError> {
        match self.write(Write::Submit(submission)).await? {
            Written::Submit(submitted) => Ok(submitted),
            Written::Append(_) => Err(StoreError::Damaged("the writer answered another write")),
        }
    }

    async fn append(
        &self,
        office: &str,
        lookup_digest: LookupDigest,
        envelope: NewEnvelope,
    ) -> Result<Appended, StoreError> {
        let write = Write::Append(office.to_owned(), lookup_digest, envelope);
        match self.write(write).await? {
            Written::Append(appended) => Ok(appended),
            Written::Submit(_) => Err(StoreError::Damaged("the writer answered another write")),
        }
    }

    async fn forget(
        &self,
        office: &str,
        lookup_digest: LookupDigest,
        farewell: NewEnvelope,
    ) -> Result<Appended, StoreError> {
        let write = Write::Forget(office.to_owned(), lookup_digest, farewell);
        let forgotten = match self.write(write).await? {
            Written::Append(appended) => appended,
            Written::Submit(_) => {
                return Err(StoreError::Damaged("the writer answered another write"));
            }
        };
        // Deleted bytes would otherwise stay in the journal.
        self.journal.empty_soon().await?;
        Ok(forgotten)
    }

    async fn mailbox_addressee(
        &self,
        office: &str,
        lookup_digest: LookupDigest,
    ) -> Result<Option<String>, StoreError> {
        self.addressee_of(office, lookup_digest).await
    }

    async fn open_mailbox(
        &self,
        office: &str,
        lookup_digest: LookupDigest,
        submission_tag: SubmissionTag,
    ) -> Result<bool, StoreError> {
        self.open_empty(office, lookup_digest, submission_tag).await
    }

    async fn hand_over(
        &self,
        addressee: &str,
        to: &str,
        lookup_digest: LookupDigest,
    ) -> Result<(), StoreError> {
        self.change_addressee(addressee, to, lookup_digest).await
    }

    async fn pass_up(
        &self,
        envelope: NewEnvelope,
        kind: EnvelopeKind,
    ) -> Result<Appended, StoreError> {
        match self.write(Write::PassUp(envelope, kind)).await? {
            Written::Append(appended) => Ok(appended),
            Written::Submit(_) => Err(StoreError::Damaged("the writer answered another write")),
        }
    }

    async fn messages(&self, lookup_digest: LookupDigest) -> Result<Vec<Vec<u8>>, StoreError> {
        self.messages_in(lookup_digest).await
    }

    async fn list(
        &self,
        addressee: &str,
        only_waiting: bool,
        after: Option<[u8; 16]>,
        limit: u32,
    ) -> Result<Vec<ListedEnvelope>, StoreError> {
        self.list_of(addressee, only_waiting, after, limit).await
    }

    async fn waiting(&self, addressee: &str) -> Result<u64, StoreError> {
        self.waiting_for(addressee).await
    }

    async fn fetch(&self, addressee: &str, id: [u8; 16]) -> Result<Option<Vec<u8>>, StoreError> {
        self.ciphertext_of(addressee, id).await
    }

    async fn acknowledge(
        &self,
        addressee: &str,
        names: &[EnvelopeName],
    ) -> Result<u64, StoreError> {
        self.mark_stored(addressee, names).await
    }

    async fn release(&self, addressee: &str, names: &[EnvelopeName]) -> Result<u64, StoreError> {
        self.delete_stored(addressee, names).await
    }

    async fn post(&self, addressee: &str, message: NewMessage) -> Result<bool, StoreError> {
        self.put_message(addressee, message).await
    }

    async fn served_manifests(&self) -> Result<BTreeMap<String, ServedManifest>, StoreError> {
        self.served().await
    }

    async fn note_served(
        &self,
        office: &str,
        manifest: &ServedManifest,
    ) -> Result<ServedManifest, StoreError> {
        self.note(office, manifest).await
    }

    async fn close_mailbox(&self, addressee: &str, last: NewMessage) -> Result<bool, StoreError> {
        self.close_with(addressee, last).await
    }

    fn attachments(&self) -> Option<Arc<dyn AttachmentRows>> {
        Some(self.attachments.clone())
    }

    fn opened(&self) -> Option<Arc<dyn OpenedRows>> {
        Some(self.opened.clone())
    }

    async fn forget_order(&self) -> Result<bool, StoreError> {
        self.mixing.mix().await
    }

    async fn forget_order_before_stop(&self) -> Result<bool, StoreError> {
        self.mixing.mix_before_stop().await
    }

    async fn check(&self) -> Result<(), StoreError> {
        let writer = self.writer.lock().await.clone().ok_or(StoreError::Closed)?;
        if writer.is_gone() {
            return Err(StoreError::Closed);
        }
        sqlx::query("SELECT 1 FROM envelope LIMIT 1")
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn close(&self) {
        if let Some(stop) = &self.stop {
            let _ = stop.send(true);
        }
        // Without senders the writer commits what is queued and ends.
        drop(self.writer.lock().await.take());
        if let Some(worker) = self.worker.lock().await.take() {
            let _ = worker.await;
        }
        self.mixing.close().await;
        self.journal.close().await;
        self.pool.close().await;
    }
}

#[cfg(test)]
mod tests;
