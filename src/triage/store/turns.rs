//! Whose turn it is to write. SQLite has one writer: who waits inside the engine asks again and again, ever less often, and
//! is overtaken; who waits here is served in order. And rows of the trail that wait meanwhile are made durable together.

use crate::model::Link;
use mifeng_foundation::storage::StoreError;
use sqlx::{Database, Transaction};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

/// A turn.
pub(super) type Turn = OwnedMutexGuard<()>;

/// A transaction that writes; whoever comes next is let in when it ends.
pub(super) struct Writing<'a, DB: Database> {
    transaction: Transaction<'a, DB>,
    _turn: Option<Turn>,
}

impl<'a, DB: Database> Writing<'a, DB> {
    pub fn new(transaction: Transaction<'a, DB>, turn: Option<Turn>) -> Self {
        Self {
            transaction,
            _turn: turn,
        }
    }

    /// Makes it durable.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.transaction.commit().await
    }
}

impl<DB: Database> Deref for Writing<'_, DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &Self::Target {
        &self.transaction
    }
}

impl<DB: Database> DerefMut for Writing<'_, DB> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.transaction
    }
}

/// How a waiting row is told what became of it.
type Tell = oneshot::Sender<Result<(), StoreError>>;

/// A row of the trail that waits.
pub(super) type WaitingLink = (Link, Tell);

/// Rows of the trail that wait for the next transaction.
#[derive(Clone, Debug, Default)]
pub(super) struct TrailQueue {
    waiting: Arc<parking_lot::Mutex<Vec<WaitingLink>>>,
    turn: Arc<Mutex<()>>,
}

/// What somebody who waits with a row is to do.
pub(super) enum Next {
    /// Nothing: another has written it, or failed to.
    Told(Result<(), StoreError>),
    /// Write all that wait, his own among them.
    Write(Vec<WaitingLink>, Turn),
}

impl TrailQueue {
    /// Puts a row into the queue, and waits for its turn or until another has written it.
    pub async fn next(&self, link: &Link) -> (Next, oneshot::Receiver<Result<(), StoreError>>) {
        let (tell, mut told) = oneshot::channel();
        self.lock().push((link.clone(), tell));
        let next = tokio::select! {
            biased;
            answer = &mut told => Next::Told(answer.unwrap_or(Err(StoreError::Closed))),
            turn = Arc::clone(&self.turn).lock_owned() => match told.try_recv() {
                Ok(answer) => Next::Told(answer),
                // Whoever wrote it went away with the runtime that it ran in.
                Err(oneshot::error::TryRecvError::Closed) => Next::Told(Err(StoreError::Closed)),
                Err(oneshot::error::TryRecvError::Empty) => {
                    Next::Write(std::mem::take(&mut *self.lock()), turn)
                }
            },
        };
        (next, told)
    }

    fn lock(&self) -> parking_lot::MutexGuard<'_, Vec<WaitingLink>> {
        self.waiting.lock()
    }
}
