//! The store on SQLite: one writer for what reporters send, a pool for everything else.

use super::attachments::{AttachmentRows, SqliteAttachmentRows};
use super::journal::{Ending, Meter};
use super::mixing::{Changed, SqliteMixing};
use super::quota::Quota;
use super::writer::{Write, Writer, WriterParts, Written};
use super::{
    Appended, EnvelopeName, IntakeStore, ListedEnvelope, NewEnvelope, NewMessage, NewSubmission,
    Submitted, listed,
};
use crate::sealing::{EnvelopeKind, LookupDigest, SubmissionTag};
use crate::storage::{MigrationSource, StoreError, open_sqlite, sqlite_options};
use async_trait::async_trait;
use sqlx::ConnectOptions as _;
use sqlx::Row as _;
use sqlx::sqlite::SqlitePool;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

const MIGRATIONS: &[MigrationSource] = &[
    (
        1,
        "intake",
        include_str!("../../../migrations/intake/sqlite/0001_intake.sql"),
    ),
    (
        2,
        "attachments",
        include_str!("../../../migrations/intake/sqlite/0002_attachments.sql"),
    ),
    (
        3,
        "places",
        include_str!("../../../migrations/intake/sqlite/0003_places.sql"),
    ),
];

/// Connections for reading and for the relay's rare writes.
const POOL: u32 = 4;

/// Pages in the journal at which the writer empties it after all: many more than it should ever hold.
const GROWN_PAGES: &str = "16000";

/// The store in a SQLite file.
pub struct SqliteIntakeStore {
    pub(super) pool: SqlitePool,
    attachments: Arc<SqliteAttachmentRows>,
    writer: Mutex<Option<Arc<Writer>>>,
    worker: Mutex<Option<JoinHandle<()>>>,
    quota: Quota,
    mixing: SqliteMixing,
    pub(super) changed: Changed,
    _emptying: Ending,
}

/// Envelopes' ciphertext held, in bytes.
pub(super) async fn held_bytes(pool: &SqlitePool) -> Result<u64, StoreError> {
    let row = sqlx::query("SELECT COALESCE(SUM(LENGTH(ciphertext)), 0) FROM envelope")
        .fetch_one(pool)
        .await?;
    Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
}

impl SqliteIntakeStore {
    /// Opens the file, made if need be.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(path: &Path, quota_bytes: u64) -> Result<Self, StoreError> {
        let pool = open_sqlite(path, POOL, MIGRATIONS).await?;
        let options = sqlite_options(path);
        let held = held_bytes(&pool).await?;
        let changed = Changed::at_start();
        let file_bytes = Arc::new(AtomicU64::new(0));
        let attachments =
            SqliteAttachmentRows::open(pool.clone(), file_bytes.clone(), changed.clone()).await?;
        let quota = Quota::new(held, file_bytes, quota_bytes);
        let mixing = SqliteMixing::open(path, pool.clone(), changed.clone()).await?;
        let (journal, emptying) = Meter::start(path, mixing.gate()).await?;
        let options = options.pragma("wal_autocheckpoint", GROWN_PAGES);
        let connection = options.connect().await?;
        let parts = WriterParts {
            connection,
            journal,
            options,
            readers: pool.clone(),
            quota: quota.clone(),
            gate: mixing.gate(),
        };
        let (writer, worker) = Writer::start(parts).await?;
        Ok(Self {
            attachments: Arc::new(attachments),
            pool,
            writer: Mutex::new(Some(Arc::new(writer))),
            worker: Mutex::new(Some(worker)),
            quota,
            mixing,
            changed,
            _emptying: emptying,
        })
    }

    /// Deleted bytes would otherwise stay in the WAL. Readers may hold it back; the next deletion tries again.
    async fn overwrite_deleted(&self) -> Result<(), StoreError> {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&self.pool)
            .await?;
        Ok(())
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
        self.overwrite_deleted().await?;
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
        let rows = sqlx::query(
            "SELECT id, kind, content_sha256, LENGTH(ciphertext), received_day FROM envelope \
             WHERE addressee = ? AND id > ? AND (is_stored = 0 OR NOT ?) ORDER BY id LIMIT ?",
        )
        .bind(addressee)
        .bind(after.map(Vec::from).unwrap_or_default())
        .bind(only_waiting)
        .bind(limit)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                listed(
                    row.try_get(0)?,
                    row.try_get(1)?,
                    row.try_get(2)?,
                    row.try_get(3)?,
                    row.try_get(4)?,
                )
            })
            .collect()
    }

    async fn waiting(&self, addressee: &str) -> Result<u64, StoreError> {
        let row =
            sqlx::query("SELECT COUNT(*) FROM envelope WHERE addressee = ? AND is_stored = 0")
                .bind(addressee)
                .fetch_one(&self.pool)
                .await?;
        Ok(row.try_get::<i64, _>(0)?.unsigned_abs())
    }

    async fn fetch(&self, addressee: &str, id: [u8; 16]) -> Result<Option<Vec<u8>>, StoreError> {
        let row = sqlx::query("SELECT ciphertext FROM envelope WHERE id = ? AND addressee = ?")
            .bind(id.as_slice())
            .bind(addressee)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| row.try_get(0)).transpose()?)
    }

    async fn acknowledge(
        &self,
        addressee: &str,
        names: &[EnvelopeName],
    ) -> Result<u64, StoreError> {
        let _writing = self.changed.writing();
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let mut changed = 0;
        for (id, content) in names {
            let done = sqlx::query(
                "UPDATE envelope SET is_stored = 1 \
                 WHERE id = ? AND content_sha256 = ? AND addressee = ? AND is_stored = 0",
            )
            .bind(id.as_slice())
            .bind(content.as_bytes().as_slice())
            .bind(addressee)
            .execute(&mut *transaction)
            .await?;
            changed += done.rows_affected();
        }
        transaction.commit().await?;
        Ok(changed)
    }

    async fn release(&self, addressee: &str, names: &[EnvelopeName]) -> Result<u64, StoreError> {
        let _writing = self.changed.writing();
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let (mut changed, mut freed_bytes) = (0, 0);
        for (id, content) in names {
            sqlx::query(
                "UPDATE attachment SET state = 'gone', envelope_id = NULL WHERE envelope_id = \
                 (SELECT id FROM envelope WHERE id = ? AND content_sha256 = ? AND addressee = ?)",
            )
            .bind(id.as_slice())
            .bind(content.as_bytes().as_slice())
            .bind(addressee)
            .execute(&mut *transaction)
            .await?;
            let gone = sqlx::query(
                "DELETE FROM envelope WHERE id = ? AND content_sha256 = ? AND addressee = ? \
                 RETURNING LENGTH(ciphertext)",
            )
            .bind(id.as_slice())
            .bind(content.as_bytes().as_slice())
            .bind(addressee)
            .fetch_optional(&mut *transaction)
            .await?;
            if let Some(row) = gone {
                changed += 1;
                freed_bytes += row.try_get::<i64, _>(0)?.unsigned_abs();
            }
        }
        transaction.commit().await?;
        self.quota.give_back(freed_bytes);
        if changed > 0 {
            self.overwrite_deleted().await?;
        }
        Ok(changed)
    }

    async fn post(&self, addressee: &str, message: NewMessage) -> Result<bool, StoreError> {
        let _writing = self.changed.writing();
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let known = sqlx::query("SELECT 1 FROM mailbox WHERE lookup_digest = ? AND addressee = ?")
            .bind(message.lookup_digest.as_bytes().as_slice())
            .bind(addressee)
            .fetch_optional(&mut *transaction)
            .await?;
        if known.is_none() {
            return Ok(false);
        }
        sqlx::query(
            "INSERT INTO message (id, lookup_digest, ciphertext) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        )
        .bind(message.id.as_slice())
        .bind(message.lookup_digest.as_bytes().as_slice())
        .bind(message.ciphertext)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(true)
    }

    fn attachments(&self) -> Option<Arc<dyn AttachmentRows>> {
        Some(self.attachments.clone())
    }

    async fn forget_order(&self) -> Result<bool, StoreError> {
        self.mixing.mix().await
    }

    async fn check(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    async fn close(&self) {
        // Without senders the writer commits what is queued and ends.
        drop(self.writer.lock().await.take());
        if let Some(worker) = self.worker.lock().await.take() {
            let _ = worker.await;
        }
        self.mixing.close().await;
        self.pool.close().await;
    }
}
