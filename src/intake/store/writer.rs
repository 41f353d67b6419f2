//! SQLite's one writer, with group commit: whoever waits while a transaction is being made durable shares the next.
//!
//! The service's supervisor looks after it. Whatever the writer died of, whoever waited for it then is told that nothing is
//! known to be stored, and never that it is; what they send again is stored once. Who comes while it is begun anew waits for
//! that, and who comes after it was given up is refused at once.

use super::journal::Meter;
use super::quota::Quota;
use super::sqlite::held_bytes;
use super::written::{Room, append, delete_mailbox, keep, submit_all};
use super::{Appended, NewEnvelope, NewSubmission, Submitted};
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::supervisor::{Heartbeat, Supervisor};
use mifeng_sealing::{EnvelopeKind, LookupDigest};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePool};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinHandle;

/// Most writes in one transaction: beyond it a longer transaction gains nothing.
const GROUP_MAX: usize = 64;

/// How many may wait before senders do.
const QUEUE: usize = 1024;

/// How often it says that it is alive, where nothing is written; and how long one group may take.
const ALIVE_EVERY: Duration = Duration::from_secs(30);
const WRITTEN_WITHIN: Duration = Duration::from_mins(1);

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
    pub journal: Meter,
    /// For a fresh connection, at first and after a failure.
    pub options: SqliteConnectOptions,
    pub readers: SqlitePool,
    pub quota: Quota,
    /// Held while a group is written, and by whoever must not meet one.
    pub gate: Arc<Mutex<()>>,
}

/// What outlives a writer that died.
struct Shared {
    parts: WriterParts,
    queue: mpsc::Receiver<(Write, Tell)>,
}

impl Writer {
    /// Starts the writer; what is returned beside it ends when it has ended for good.
    pub(super) fn start(supervisor: &Supervisor, parts: WriterParts) -> (Self, JoinHandle<()>) {
        let (queue, receiver) = mpsc::channel(QUEUE);
        let shared = Arc::new(Mutex::new(Shared {
            parts,
            queue: receiver,
        }));
        let worker = supervisor.spawn("writer", ALIVE_EVERY * 2, move |heartbeat| {
            let shared = Arc::clone(&shared);
            async move { write_until_closed(&mut *shared.lock().await, &heartbeat).await }
        });
        (Self { queue }, worker)
    }

    /// Whether it died too often, and nothing is written any more.
    pub(super) fn is_gone(&self) -> bool {
        self.queue.is_closed()
    }

    pub(super) async fn write(&self, write: Write) -> Result<Written, StoreError> {
        let (tell, told) = oneshot::channel();
        let sent = self.queue.send((write, tell)).await;
        sent.map_err(|_| StoreError::Closed)?;
        told.await.map_err(|_| StoreError::Closed)?
    }
}

/// The last place that was given out in the order of arrival; places drawn at random are below zero.
async fn highest_place(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    let row = sqlx::query("SELECT MAX(0, COALESCE(MAX(place), 0)) FROM envelope")
        .fetch_one(connection)
        .await?;
    Ok(row.try_get(0)?)
}

struct Worker<'a> {
    parts: &'a mut WriterParts,
    /// `None` after a failure, once no fresh one could be had.
    connection: Option<SqliteConnection>,
    /// Where the next envelope goes.
    next_place: i64,
}

/// Writes what comes until nobody can send any more. Without a connection to the file it ends before, and is begun anew after
/// a while: a disk that went away comes back, or the service ends and says so.
async fn write_until_closed(shared: &mut Shared, heartbeat: &Heartbeat) {
    let Shared { parts, queue } = shared;
    // One that died may have taken room for what was never stored.
    parts.quota.count_soon();
    let Ok(mut connection) = parts.options.connect().await else {
        return;
    };
    let Ok(highest) = highest_place(&mut connection).await else {
        return;
    };
    let mut worker = Worker {
        parts,
        connection: Some(connection),
        next_place: highest + 1,
    };
    worker.run(queue, heartbeat).await;
    if let Some(connection) = worker.connection {
        // Nothing is left to lose by now: every answer was given after its commit.
        let _ = connection.close().await;
    }
}

impl Worker<'_> {
    async fn run(&mut self, queue: &mut mpsc::Receiver<(Write, Tell)>, heartbeat: &Heartbeat) {
        let mut group = Vec::with_capacity(GROUP_MAX);
        while self.connection.is_some() {
            heartbeat.done(ALIVE_EVERY * 2);
            let came = queue.recv_many(&mut group, GROUP_MAX);
            match tokio::time::timeout(ALIVE_EVERY, came).await {
                Err(_) => continue,
                Ok(0) => return,
                Ok(_) => heartbeat.done(WRITTEN_WITHIN),
            }
            self.count_if_due().await;
            let gate = Arc::clone(&self.parts.gate);
            let _passed = gate.lock().await;
            self.commit(&mut group).await;
        }
    }

    /// Has the rows counted, if it is time. They are counted as they are between two groups, so that the sum is right, and while
    /// the next ones are written: it takes as long as there are many.
    async fn count_if_due(&self) {
        let Some(counting) = self.parts.quota.begin_count() else {
            return;
        };
        // Without a connection that nobody uses it is done with another group.
        let Ok(Some(mut reading)) = self.parts.readers.try_begin().await else {
            return;
        };
        // What is read from now on is what was there at this moment.
        if sqlx::query("SELECT 1 FROM envelope LIMIT 1")
            .execute(&mut *reading)
            .await
            .is_err()
        {
            return;
        }
        tokio::spawn(async move {
            if let Ok(held) = held_bytes(&mut *reading).await {
                counting.counted(held);
            }
        });
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
            self.connection = self.parts.options.connect().await.ok();
        }
        result
    }

    async fn try_transaction(
        &mut self,
        writes: &[&Write],
        room: &mut Room,
    ) -> Result<Vec<Written>, StoreError> {
        let connection = self.connection.as_mut().ok_or(StoreError::Closed)?;
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
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
                    let mut appended = appended.await?;
                    if matches!(appended, Appended::Stored | Appended::Closed) {
                        delete_mailbox(&mut transaction, *digest).await?;
                    }
                    if appended == Appended::Closed {
                        // Nobody is left who would want to know.
                        appended = Appended::AlreadyStored;
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
