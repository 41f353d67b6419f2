//! SQLite's one writer, with group commit: whoever waits while a transaction is being made durable shares the next.

use super::journal::Meter;
use super::quota::Quota;
use super::sqlite::held_bytes;
use super::{Appended, AttachmentId, NewEnvelope, NewSubmission, Submitted};
use crate::sealing::{EnvelopeKind, LookupDigest};
use crate::storage::StoreError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePool};
use sqlx::{ConnectOptions as _, Connection as _, QueryBuilder, Row as _, Sqlite};
use std::collections::HashSet;
use std::sync::Arc;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;

/// Most writes in one transaction: beyond it a longer transaction gains nothing.
const GROUP_MAX: usize = 64;

/// How many may wait before senders do.
const QUEUE: usize = 1024;

/// Something to write.
pub(super) enum Write {
    /// A tip with its mailbox.
    Submit(NewSubmission),
    /// An addition to the mailbox of an office.
    Append(String, LookupDigest, NewEnvelope),
    /// The same, and the mailbox goes.
    Forget(String, LookupDigest, NewEnvelope),
    /// What another office passes up, which has its mailbox.
    PassUp(NewEnvelope, EnvelopeKind),
}

/// What became of it.
#[derive(Clone, Copy)]
pub(super) enum Written {
    Submit(Submitted),
    Append(Appended),
}

type Tell = oneshot::Sender<Result<Written, StoreError>>;

/// The way to the writer.
pub(super) struct Writer {
    queue: mpsc::Sender<(Write, Tell)>,
}

/// What the writer works with.
pub(super) struct WriterParts {
    pub connection: SqliteConnection,
    pub journal: Meter,
    /// For a fresh connection after a failure.
    pub options: SqliteConnectOptions,
    pub readers: SqlitePool,
    pub quota: Quota,
    /// Held while a group is written, and by whoever must not meet one.
    pub gate: Arc<Mutex<()>>,
}

impl Writer {
    pub(super) async fn start(parts: WriterParts) -> Result<(Self, JoinHandle<()>), StoreError> {
        let (queue, receiver) = mpsc::channel(QUEUE);
        let next_place = highest_place(&parts.readers).await? + 1;
        let worker = Worker { parts, next_place };
        Ok((Self { queue }, tokio::spawn(worker.run(receiver))))
    }

    pub(super) async fn write(&self, write: Write) -> Result<Written, StoreError> {
        let (tell, told) = oneshot::channel();
        let sent = self.queue.send((write, tell)).await;
        sent.map_err(|_| StoreError::Closed)?;
        told.await.map_err(|_| StoreError::Closed)?
    }
}

/// The last place that was given out in the order of arrival; places drawn at random are below zero.
async fn highest_place(readers: &SqlitePool) -> Result<i64, StoreError> {
    let row = sqlx::query("SELECT MAX(0, COALESCE(MAX(place), 0)) FROM envelope")
        .fetch_one(readers)
        .await?;
    Ok(row.try_get(0)?)
}

struct Worker {
    parts: WriterParts,
    /// Where the next envelope goes.
    next_place: i64,
}

impl Worker {
    async fn run(mut self, mut queue: mpsc::Receiver<(Write, Tell)>) {
        let mut group = Vec::with_capacity(GROUP_MAX);
        while queue.recv_many(&mut group, GROUP_MAX).await > 0 {
            if self.parts.quota.wants_count()
                && let Ok(held) = held_bytes(&self.parts.readers).await
            {
                self.parts.quota.counted(held);
            }
            let gate = Arc::clone(&self.parts.gate);
            let _passed = gate.lock().await;
            self.commit(&mut group).await;
        }
        // Nothing is left to lose by now: every answer was given after its commit.
        let _ = self.parts.connection.close().await;
    }

    /// One transaction for the group; if that fails, one for each, so that a bad write fails alone. A full disk is
    /// full for all of them.
    async fn commit(&mut self, group: &mut Vec<(Write, Tell)>) {
        let writes: Vec<&Write> = group.iter().map(|(write, _)| write).collect();
        // A client that went away meanwhile does not want to know what it would be told.
        match self.transaction(&writes).await {
            Ok(written) => {
                for ((_, tell), written) in group.drain(..).zip(written) {
                    let _ = tell.send(Ok(written));
                }
            }
            Err(StoreError::Full) => {
                for (_, tell) in group.drain(..) {
                    let _ = tell.send(Err(StoreError::Full));
                }
            }
            Err(_) => {
                for (write, tell) in group.drain(..) {
                    let written = self.transaction(&[&write]).await;
                    let first =
                        written.and_then(|all| all.first().copied().ok_or(StoreError::Closed));
                    let _ = tell.send(first);
                }
            }
        }
    }

    /// One transaction; after a failure on a fresh connection, since the engine may have rolled back by itself (a
    /// full disk) and the old one would no longer know where it stands.
    async fn transaction(&mut self, writes: &[&Write]) -> Result<Vec<Written>, StoreError> {
        let mut room = Room {
            quota: self.parts.quota.clone(),
            taken_bytes: 0,
            next_place: self.next_place,
        };
        let result = self.try_transaction(writes, &mut room).await;
        if result.is_ok() {
            self.next_place = room.next_place;
            let bytes = usize::try_from(room.taken_bytes).unwrap_or(usize::MAX);
            self.parts.journal.add(bytes);
        } else {
            self.parts.quota.give_back(room.taken_bytes);
            self.parts.connection = self.parts.options.connect().await?;
        }
        result
    }

    async fn try_transaction(
        &mut self,
        writes: &[&Write],
        room: &mut Room,
    ) -> Result<Vec<Written>, StoreError> {
        let mut transaction = self.parts.connection.begin_with("BEGIN IMMEDIATE").await?;
        let submissions = writes.iter().filter_map(|write| match write {
            Write::Submit(submission) => Some(submission),
            Write::Append(..) | Write::Forget(..) | Write::PassUp(..) => None,
        });
        let mut submitted = submit_all(&mut transaction, submissions.collect(), room)
            .await?
            .into_iter();
        let mut written = Vec::with_capacity(writes.len());
        for write in writes {
            written.push(match write {
                Write::Submit(_) => {
                    Written::Submit(submitted.next().expect("one answer a submission"))
                }
                Write::Append(office, digest, envelope) => {
                    let appended = append(&mut transaction, office, *digest, envelope, room);
                    Written::Append(appended.await?)
                }
                Write::Forget(office, digest, envelope) => {
                    let appended = append(&mut transaction, office, *digest, envelope, room);
                    let appended = appended.await?;
                    if appended == Appended::Stored {
                        delete_mailbox(&mut transaction, *digest).await?;
                    }
                    Written::Append(appended)
                }
                Write::PassUp(envelope, kind) => {
                    let kept = keep(&mut transaction, envelope, *kind, room);
                    Written::Append(kept.await?)
                }
            });
        }
        transaction.commit().await?;
        Ok(written)
    }
}

/// What a transaction took of the quota, to be given back if it fails, and of the places.
struct Room {
    quota: Quota,
    taken_bytes: u64,
    next_place: i64,
}

impl Room {
    fn place(&mut self) -> i64 {
        let place = self.next_place;
        self.next_place += 1;
        place
    }

    fn take(&mut self, bytes: usize) -> bool {
        let fits = self.quota.take(bytes);
        if fits {
            self.taken_bytes += bytes as u64;
        }
        fits
    }

    fn give_back(&mut self, bytes: usize) {
        self.taken_bytes -= bytes as u64;
        self.quota.give_back(bytes as u64);
    }
}

/// Many tips by two statements, since each statement is a way to the engine's thread and back.
async fn submit_all(
    connection: &mut SqliteConnection,
    submissions: Vec<&NewSubmission>,
    room: &mut Room,
) -> Result<Vec<Submitted>, StoreError> {
    let size = |submission: &NewSubmission| submission.envelope.ciphertext.len();
    let mut fits = Vec::with_capacity(submissions.len());
    let mut files_gone = Vec::with_capacity(submissions.len());
    for submission in &submissions {
        let gone = !are_ready(connection, &submission.envelope).await?;
        files_gone.push(gone);
        fits.push(!gone && room.take(size(submission)));
    }
    let fitting = || submissions.iter().zip(&fits).filter(|(_, fits)| **fits);
    let mut new = insert_mailboxes(connection, fitting().map(|(s, _)| *s).collect()).await?;
    let mut answers = Vec::with_capacity(submissions.len());
    let mut stored = Vec::with_capacity(submissions.len());
    for ((submission, fits), gone) in submissions.iter().zip(&fits).zip(files_gone) {
        // Of two under one code in one group, the first was inserted.
        if *fits && new.remove(submission.lookup_digest.as_bytes().as_slice()) {
            stored.push(&submission.envelope);
            answers.push(Submitted::Stored);
            continue;
        }
        if *fits {
            room.give_back(size(submission));
        }
        let unless_known = if gone {
            Submitted::FileGone
        } else {
            Submitted::QuotaFull
        };
        answers.push(told_apart(connection, submission, unless_known).await?);
    }
    if !stored.is_empty() {
        insert(connection, &stored, EnvelopeKind::Tip, room, false).await?;
    }
    for envelope in stored {
        claim(connection, envelope.id, &envelope.attachments).await?;
    }
    Ok(answers)
}

/// Inserts the mailboxes that are not there yet, and returns the digests of those.
async fn insert_mailboxes(
    connection: &mut SqliteConnection,
    submissions: Vec<&NewSubmission>,
) -> Result<HashSet<Vec<u8>>, StoreError> {
    if submissions.is_empty() {
        return Ok(HashSet::new());
    }
    let mut sql = QueryBuilder::<Sqlite>::new(
        "INSERT INTO mailbox (lookup_digest, office, addressee, submission_tag) ",
    );
    sql.push_values(submissions, |mut row, submission| {
        row.push_bind(submission.lookup_digest.as_bytes().as_slice())
            .push_bind(&submission.office)
            .push_bind(&submission.envelope.addressee)
            .push_bind(submission.submission_tag.as_bytes().as_slice());
    });
    sql.push(" ON CONFLICT DO NOTHING RETURNING lookup_digest");
    let rows = sql.build().fetch_all(connection).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// What a submission that was not inserted is: a repeat, another tip under the same code, or else what it is said to be.
async fn told_apart(
    connection: &mut SqliteConnection,
    submission: &NewSubmission,
    unless_known: Submitted,
) -> Result<Submitted, StoreError> {
    let existing = sqlx::query("SELECT submission_tag FROM mailbox WHERE lookup_digest = ?")
        .bind(submission.lookup_digest.as_bytes().as_slice())
        .fetch_optional(connection)
        .await?;
    let Some(row) = existing else {
        return Ok(unless_known);
    };
    let tag: &[u8] = row.try_get(0)?;
    Ok(if tag == submission.submission_tag.as_bytes() {
        Submitted::AlreadyStored
    } else {
        Submitted::OtherContent
    })
}

async fn append(
    connection: &mut SqliteConnection,
    office: &str,
    lookup_digest: LookupDigest,
    envelope: &NewEnvelope,
    room: &mut Room,
) -> Result<Appended, StoreError> {
    let known = sqlx::query("SELECT 1 FROM mailbox WHERE lookup_digest = ? AND office = ?")
        .bind(lookup_digest.as_bytes().as_slice())
        .bind(office)
        .fetch_optional(&mut *connection)
        .await?;
    if known.is_none() {
        return Ok(Appended::NoMailbox);
    }
    keep(connection, envelope, EnvelopeKind::Reply, room).await
}

/// Stores an envelope whose mailbox is known, once.
async fn keep(
    connection: &mut SqliteConnection,
    envelope: &NewEnvelope,
    kind: EnvelopeKind,
    room: &mut Room,
) -> Result<Appended, StoreError> {
    if !room.take(envelope.ciphertext.len()) {
        return Ok(Appended::QuotaFull);
    }
    if !are_ready(connection, envelope).await? {
        room.give_back(envelope.ciphertext.len());
        return Ok(Appended::FileGone);
    }
    if insert(connection, &[envelope], kind, room, true).await? == 0 {
        room.give_back(envelope.ciphertext.len());
        return Ok(Appended::AlreadyStored);
    }
    claim(connection, envelope.id, &envelope.attachments).await?;
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

async fn delete_mailbox(
    connection: &mut SqliteConnection,
    lookup_digest: LookupDigest,
) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM message WHERE lookup_digest = ?",
        "DELETE FROM mailbox WHERE lookup_digest = ?",
    ] {
        sqlx::query(sql)
            .bind(lookup_digest.as_bytes().as_slice())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Inserts envelopes and returns how many; what is there already, and may be, stays as it is.
async fn insert(
    connection: &mut SqliteConnection,
    envelopes: &[&NewEnvelope],
    kind: EnvelopeKind,
    room: &mut Room,
    may_be_there: bool,
) -> Result<u64, StoreError> {
    let mut sql = QueryBuilder::<Sqlite>::new(
        "INSERT INTO envelope (place, id, addressee, kind, content_sha256, received_day, ciphertext) ",
    );
    sql.push_values(envelopes, |mut row, envelope| {
        row.push_bind(room.place())
            .push_bind(envelope.id.as_slice())
            .push_bind(&envelope.addressee)
            .push_bind(kind.code())
            .push_bind(envelope.content_hash.as_bytes().as_slice())
            .push_bind(envelope.received_day.number())
            .push_bind(&envelope.ciphertext);
    });
    if may_be_there {
        sql.push(" ON CONFLICT (id) DO NOTHING");
    }
    Ok(sql.build().execute(connection).await?.rows_affected())
}
