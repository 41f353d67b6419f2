//! The store on SQLite: one writer for what reporters send, a pool for everything else.

use super::attachments::{AttachmentRows, SqliteAttachmentRows};
use super::journal::{Ending, Meter};
use super::mixing::{Changed, SqliteMixing};
use super::opened::{OpenedRows, SqliteOpenedRows};
use super::quota::{Allowance, Quota};
use super::writer::{Write, Writer, WriterParts, Written};
use super::{
    Appended, EnvelopeName, IntakeStore, ListedEnvelope, NewEnvelope, NewMessage, NewSubmission,
    ServedManifest, Submitted, listed,
};
use async_trait::async_trait;
use mifeng_foundation::clock::SystemClock;
use mifeng_foundation::storage::{MigrationSource, StoreError, open_sqlite, sqlite_options};
use mifeng_foundation::supervisor::Supervisor;
use mifeng_sealing::{EnvelopeKind, LookupDigest, SubmissionTag};
use sqlx::Row as _;
use sqlx::sqlite::SqlitePool;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{Mutex, watch};
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
    (
        4,
        "serials",
        include_str!("../../../migrations/intake/sqlite/0004_serials.sql"),
    ),
    (
        6,
        "opened",
        include_str!("../../../migrations/intake/sqlite/0006_opened.sql"),
    ),
    (
        8,
        "closed_mailboxes",
        include_str!("../../../migrations/intake/sqlite/0008_closed_mailboxes.sql"),
    ),
    (
        11,
        "served_content",
        include_str!("../../../migrations/intake/sqlite/0011_served_content.sql"),
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
    opened: Arc<SqliteOpenedRows>,
    writer: Mutex<Option<Arc<Writer>>>,
    worker: Mutex<Option<JoinHandle<()>>>,
    /// Tells the supervisor of a store that has one of its own that what ends now ends as it should.
    stop: Option<watch::Sender<bool>>,
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
        let mixing = SqliteMixing::open(path, changed.clone()).await?;
        let (journal, emptying) = Meter::start(supervisor, path, mixing.gate());
        let parts = WriterParts {
            journal,
            // A file that is gone is not made anew, empty: what would be said to be in it then?
            options: options
                .pragma("wal_autocheckpoint", GROWN_PAGES)
                .create_if_missing(false),
            readers: pool.clone(),
            quota: quota.clone(),
            gate: mixing.gate(),
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
        self.pool.close().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mifeng_foundation::clock::Day;
    use mifeng_foundation::entropy::{SystemEntropy, random_bytes};
    use mifeng_sealing::{ContentHash, Lookup};
    use sha2::{Digest as _, Sha256};
    use std::sync::atomic::{AtomicBool, Ordering};

    /// Enough that the file is far too large to be written anew at once.
    const TIPS: usize = 3000;

    fn hash_of(ciphertext: &[u8]) -> ContentHash {
        ContentHash::from_bytes(Sha256::digest(ciphertext).into())
    }

    fn submission() -> NewSubmission {
        let ciphertext = random_bytes::<4096>(&SystemEntropy).to_vec();
        let lookup = hex::encode(random_bytes::<32>(&SystemEntropy));
        NewSubmission {
            envelope: NewEnvelope {
                id: random_bytes(&SystemEntropy),
                addressee: "qingxi".to_owned(),
                content_hash: hash_of(&ciphertext),
                ciphertext,
                received_day: Day::from_number(20_000).expect("a day"),
                attachments: Vec::new(),
            },
            office: "qingxi".to_owned(),
            lookup_digest: Lookup::from_hex(&lookup).expect("hex").digest(),
            submission_tag: SubmissionTag::from_hex(&lookup).expect("hex"),
        }
    }

    async fn stored(store: &SqliteIntakeStore) -> EnvelopeName {
        let submission = submission();
        let name = (submission.envelope.id, submission.envelope.content_hash);
        let submitted = store.submit(submission).await.expect("a disk");
        assert_eq!(submitted, Submitted::Stored);
        name
    }

    async fn in_order_of_arrival(store: &SqliteIntakeStore) -> usize {
        let row = sqlx::query("SELECT COUNT(*) FROM envelope WHERE place > 0");
        let row = row.fetch_one(&store.pool).await.expect("a store");
        usize::try_from(row.get::<i64, _>(0)).expect("a count")
    }

    #[tokio::test]
    async fn a_backlog_is_mixed_in_pieces_and_tips_are_stored_between_them() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("intake.sqlite");
        let store = SqliteIntakeStore::open(&path, u64::MAX / 4).await;
        let store = store.expect("a store");
        let mut names = Vec::new();
        while names.len() < TIPS {
            let some = (0..100).map(|_| stored(&store));
            names.extend(futures_util::future::join_all(some).await);
        }
        assert_eq!(in_order_of_arrival(&store).await, TIPS);
        let over = AtomicBool::new(false);
        let mixing = async {
            assert!(store.forget_order().await.expect("mixed"));
            over.store(true, Ordering::Relaxed);
        };
        let sending = async {
            let mut meanwhile = Vec::new();
            while !over.load(Ordering::Relaxed) {
                meanwhile.push(stored(&store).await);
            }
            meanwhile
        };
        let ((), meanwhile) = tokio::join!(mixing, sending);
        let holds = store.mixing.holds();
        let most_rows = holds.most_rows.load(Ordering::Relaxed);
        let count = holds.count.load(Ordering::Relaxed);
        assert!(most_rows <= 512, "{most_rows}");
        assert!(count >= TIPS as u64 / 512, "{count}");
        let served = meanwhile.len() as u64;
        assert!(
            served + 1 >= count,
            "one is served after each piece at least: {served} of {count}"
        );
        assert!(in_order_of_arrival(&store).await <= meanwhile.len());
        names.extend(meanwhile);
        for (id, content) in &names {
            let found = store.fetch("qingxi", *id).await.expect("a store");
            assert_eq!(hash_of(&found.expect("it is there")), *content);
        }
        // What is left when the service stops is mixed within a few seconds, or after the next start.
        store.close().await;
        let store = SqliteIntakeStore::open(&path, u64::MAX / 4).await;
        let store = store.expect("a store");
        assert_eq!(in_order_of_arrival(&store).await, 0);
        store.close().await;
    }
}
