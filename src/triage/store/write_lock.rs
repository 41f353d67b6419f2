//! The write lock of a store, and the queue of rows for the audit log. SQLite has one writer: a connection that waits inside
//! the engine polls ever less often and is overtaken, while a task that waits here is served in order. Rows of the audit log
//! that wait meanwhile are made durable together (group commit).

use crate::model::Link;
use mifeng_foundation::storage::StoreError;
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use sqlx::{Database, Transaction};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

/// Pages that the connection which writes keeps in memory, in KiB, negative as SQLite wants it. Rows stand under random keys, so
/// that each goes to a page of its own in every table and index.
const WRITING_CACHE_KIB: &str = "-32768";

/// Pages in the journal after which the connection that writes copies them into the file: a page that was written in the
/// meantime again is copied once.
const COPIED_AFTER_PAGES: &str = "4000";

/// The one connection for writing transactions on the file of `readers`. Single statements over `readers` write too; what this one
/// keeps in memory is read anew then.
pub(super) fn writing_pool(readers: &SqlitePool) -> SqlitePool {
    let options = SqlitePool::connect_options(readers);
    let options = Arc::unwrap_or_clone(options);
    let options = options
        .pragma("cache_size", WRITING_CACHE_KIB)
        .pragma("wal_autocheckpoint", COPIED_AFTER_PAGES);
    SqlitePoolOptions::new()
        .max_connections(1)
        .connect_lazy_with(options)
}

/// The right to write, until it is dropped.
pub(super) type WriteLock = OwnedMutexGuard<()>;

/// A transaction that writes and holds the write lock until it ends.
pub(super) struct WriteTransaction<'a, DB: Database> {
    transaction: Transaction<'a, DB>,
    _lock: Option<WriteLock>,
}

impl<'a, DB: Database> WriteTransaction<'a, DB> {
    pub fn new(transaction: Transaction<'a, DB>, lock: Option<WriteLock>) -> Self {
        Self {
            transaction,
            _lock: lock,
        }
    }

    /// Makes it durable.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.transaction.commit().await
    }
}

impl<DB: Database> Deref for WriteTransaction<'_, DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &Self::Target {
        &self.transaction
    }
}

impl<DB: Database> DerefMut for WriteTransaction<'_, DB> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.transaction
    }
}

/// Where the outcome of a waiting row is sent.
type Tell = oneshot::Sender<Result<(), StoreError>>;

/// A row of the audit log that waits.
pub(super) type WaitingLink = (Link, Tell);

/// Rows of the audit log that wait for the next transaction.
#[derive(Clone, Debug, Default)]
pub(super) struct AuditQueue {
    waiting: Arc<parking_lot::Mutex<Vec<WaitingLink>>>,
    lock: Arc<Mutex<()>>,
}

/// What a task that waits with a row does next.
pub(super) enum Next {
    /// Nothing: another task has written the row, or failed to.
    Told(Result<(), StoreError>),
    /// Write all rows that wait, its own among them.
    Write(Vec<WaitingLink>, WriteLock),
}

impl AuditQueue {
    /// Puts a row into the queue, and waits for the lock or until another task has written the row.
    pub async fn next(&self, link: &Link) -> (Next, oneshot::Receiver<Result<(), StoreError>>) {
        let (tell, mut told) = oneshot::channel();
        self.lock().push((link.clone(), tell));
        let next = tokio::select! {
            biased;
            answer = &mut told => Next::Told(answer.unwrap_or(Err(StoreError::Closed))),
            lock = Arc::clone(&self.lock).lock_owned() => match told.try_recv() {
                Ok(answer) => Next::Told(answer),
                // Whoever wrote it went away with the runtime that it ran in.
                Err(oneshot::error::TryRecvError::Closed) => Next::Told(Err(StoreError::Closed)),
                Err(oneshot::error::TryRecvError::Empty) => {
                    Next::Write(std::mem::take(&mut *self.lock()), lock)
                }
            },
        };
        (next, told)
    }

    fn lock(&self) -> parking_lot::MutexGuard<'_, Vec<WaitingLink>> {
        self.waiting.lock()
    }
}
