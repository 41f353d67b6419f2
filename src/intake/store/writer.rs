//! SQLite's one writer, with group commit: whoever waits while a transaction is being made durable shares the next.

use super::sqlite::held_bytes;
use super::{Appended, AttachmentId, NewEnvelope, NewSubmission, Submitted};
use crate::sealing::{EnvelopeKind, LookupDigest};
use crate::storage::StoreError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePool};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// Most writes in one transaction: beyond it a longer transaction gains nothing.
const GROUP_MAX: usize = 64;

/// How many may wait before senders do.
const QUEUE: usize = 1024;

/// Held bytes are counted anew when this close to the quota, so that what was released makes room.
const NEAR_BYTES: u64 = 64 * 1024 * 1024;

/// Something to write.
pub(super) enum Write {
    /// A tip with its mailbox.
    Submit(NewSubmission),
    /// An addition to the mailbox of an office.
    Append(String, LookupDigest, NewEnvelope),
}

/// What became of it.
#[derive(Clone, Copy)]
pub(super) enum Written {
    Submit(Submitted),
    Append(Appended),
}

type Tell = oneshot::Sender<Result<Written, StoreError>>;

/// How much is held, and how much may be, in bytes.
pub(super) struct Quota {
    /// Of envelopes, counted here as they come.
    pub envelopes: u64,
    /// Of files, counted where their rows are written.
    pub files: Arc<AtomicU64>,
    /// At most, together.
    pub most: u64,
}

impl Quota {
    /// What envelopes may fill.
    fn for_envelopes(&self) -> u64 {
        let files = self.files.load(Ordering::Relaxed);
        self.most.saturating_sub(files)
    }
}

/// The way to the writer.
pub(super) struct Writer {
    queue: mpsc::Sender<(Write, Tell)>,
}

impl Writer {
    pub(super) fn start(
        connection: SqliteConnection,
        options: SqliteConnectOptions,
        readers: SqlitePool,
        quota: Quota,
    ) -> (Self, JoinHandle<()>) {
        let (queue, receiver) = mpsc::channel(QUEUE);
        let worker = Worker {
            connection,
            options,
            readers,
            quota,
        };
        (Self { queue }, tokio::spawn(worker.run(receiver)))
    }

    pub(super) async fn write(&self, write: Write) -> Result<Written, StoreError> {
        let (tell, told) = oneshot::channel();
        let sent = self.queue.send((write, tell)).await;
        sent.map_err(|_| StoreError::Closed)?;
        told.await.map_err(|_| StoreError::Closed)?
    }
}

struct Worker {
    connection: SqliteConnection,
    options: SqliteConnectOptions,
    readers: SqlitePool,
    quota: Quota,
}

impl Worker {
    async fn run(mut self, mut queue: mpsc::Receiver<(Write, Tell)>) {
        let mut group = Vec::with_capacity(GROUP_MAX);
        while queue.recv_many(&mut group, GROUP_MAX).await > 0 {
            let quota = &mut self.quota;
            let near = quota.envelopes.saturating_add(NEAR_BYTES) >= quota.for_envelopes();
            if near && let Ok(held) = held_bytes(&self.readers).await {
                quota.envelopes = held;
            }
            self.commit(&mut group).await;
        }
        // Nothing is left to lose by now: every answer was given after its commit.
        let _ = self.connection.close().await;
    }

    /// One transaction for the group; if that fails, one for each, so that a bad write fails alone.
    async fn commit(&mut self, group: &mut Vec<(Write, Tell)>) {
        let writes: Vec<&Write> = group.iter().map(|(write, _)| write).collect();
        if let Ok(written) = self.transaction(&writes).await {
            for ((_, tell), written) in group.drain(..).zip(written) {
                // A client that went away meanwhile does not want to know.
                let _ = tell.send(Ok(written));
            }
            return;
        }
        for (write, tell) in group.drain(..) {
            let written = self.transaction(&[&write]).await;
            let first = written.and_then(|all| all.first().copied().ok_or(StoreError::Closed));
            let _ = tell.send(first);
        }
    }

    /// One transaction; after a failure on a fresh connection, since the engine may have rolled back by itself (a
    /// full disk) and the old one would no longer know where it stands.
    async fn transaction(&mut self, writes: &[&Write]) -> Result<Vec<Written>, StoreError> {
        let result = self.try_transaction(writes).await;
        if result.is_err() {
            self.connection = self.options.connect().await?;
        }
        result
    }

    async fn try_transaction(&mut self, writes: &[&Write]) -> Result<Vec<Written>, StoreError> {
        let mut transaction = self.connection.begin_with("BEGIN IMMEDIATE").await?;
        let mut held = self.quota.envelopes;
        let quota = self.quota.for_envelopes();
        let mut written = Vec::with_capacity(writes.len());
        for write in writes {
            let outcome = match write {
                Write::Submit(submission) => {
                    Written::Submit(submit(&mut transaction, submission, &mut held, quota).await?)
                }
                Write::Append(office, digest, envelope) => Written::Append(
                    append(
                        &mut transaction,
                        office,
                        *digest,
                        envelope,
                        &mut held,
                        quota,
                    )
                    .await?,
                ),
            };
            written.push(outcome);
        }
        transaction.commit().await?;
        self.quota.envelopes = held;
        Ok(written)
    }
}

async fn submit(
    connection: &mut SqliteConnection,
    submission: &NewSubmission,
    held_bytes: &mut u64,
    quota_bytes: u64,
) -> Result<Submitted, StoreError> {
    let existing = sqlx::query("SELECT submission_tag FROM mailbox WHERE lookup_digest = ?")
        .bind(submission.lookup_digest.as_bytes().as_slice())
        .fetch_optional(&mut *connection)
        .await?;
    if let Some(row) = existing {
        let tag: &[u8] = row.try_get(0)?;
        return Ok(if tag == submission.submission_tag.as_bytes() {
            Submitted::AlreadyStored
        } else {
            Submitted::OtherContent
        });
    }
    let size = submission.envelope.ciphertext.len() as u64;
    if *held_bytes + size > quota_bytes {
        return Ok(Submitted::QuotaFull);
    }
    if !are_ready(connection, &submission.envelope).await? {
        return Ok(Submitted::FileGone);
    }
    sqlx::query(
        "INSERT INTO mailbox (lookup_digest, office, addressee, submission_tag) VALUES (?, ?, ?, ?)",
    )
    .bind(submission.lookup_digest.as_bytes().as_slice())
    .bind(&submission.office)
    .bind(&submission.envelope.addressee)
    .bind(submission.submission_tag.as_bytes().as_slice())
    .execute(&mut *connection)
    .await?;
    insert(connection, &submission.envelope, EnvelopeKind::Tip).await?;
    *held_bytes += size;
    Ok(Submitted::Stored)
}

async fn append(
    connection: &mut SqliteConnection,
    office: &str,
    lookup_digest: LookupDigest,
    envelope: &NewEnvelope,
    held_bytes: &mut u64,
    quota_bytes: u64,
) -> Result<Appended, StoreError> {
    let known = sqlx::query("SELECT 1 FROM mailbox WHERE lookup_digest = ? AND office = ?")
        .bind(lookup_digest.as_bytes().as_slice())
        .bind(office)
        .fetch_optional(&mut *connection)
        .await?;
    if known.is_none() {
        return Ok(Appended::NoMailbox);
    }
    let size = envelope.ciphertext.len() as u64;
    if *held_bytes + size > quota_bytes {
        return Ok(Appended::QuotaFull);
    }
    if !are_ready(connection, envelope).await? {
        return Ok(Appended::FileGone);
    }
    insert(connection, envelope, EnvelopeKind::Reply).await?;
    *held_bytes += size;
    Ok(Appended::Stored)
}

/// Whether every file is there for the envelope. Asked before anything is written, since others share the transaction.
async fn are_ready(
    connection: &mut SqliteConnection,
    envelope: &NewEnvelope,
) -> Result<bool, StoreError> {
    for id in &envelope.attachments {
        let row = sqlx::query(
            "SELECT 1 FROM attachment WHERE id = ? AND addressee = ? AND state = 'ready'",
        )
        .bind(id.as_slice())
        .bind(&envelope.addressee)
        .fetch_optional(&mut *connection)
        .await?;
        if row.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn claim(
    connection: &mut SqliteConnection,
    envelope: [u8; 16],
    attachments: &[AttachmentId],
) -> Result<(), StoreError> {
    for id in attachments {
        sqlx::query("UPDATE attachment SET state = 'claimed', envelope_id = ? WHERE id = ?")
            .bind(envelope.as_slice())
            .bind(id.as_slice())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

async fn insert(
    connection: &mut SqliteConnection,
    envelope: &NewEnvelope,
    kind: EnvelopeKind,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO envelope (id, addressee, kind, content_sha256, ciphertext, received_day) \
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(envelope.id.as_slice())
    .bind(&envelope.addressee)
    .bind(kind.code())
    .bind(envelope.content_hash.as_bytes().as_slice())
    .bind(&envelope.ciphertext)
    .bind(envelope.received_day.number())
    .execute(&mut *connection)
    .await?;
    claim(connection, envelope.id, &envelope.attachments).await
}
