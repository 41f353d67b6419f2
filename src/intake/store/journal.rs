//! SQLite's journal, copied into the file and emptied beside the writer. SQLite itself does it within a commit, for which
//! everybody in the group then waits; here a connection of its own copies most of the journal while others write on, and only
//! the rest while none may.

use mifeng_foundation::storage::{StoreError, sqlite_options};
use mifeng_foundation::supervisor::{Heartbeat, Supervisor};
use sqlx::sqlite::SqliteConnection;
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, MutexGuard, Notify};
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// Bytes of ciphertext after which the journal is copied: about a thousand pages, as SQLite would.
const COPIED_AFTER_BYTES: usize = 3 * 1024 * 1024;

/// Copies what it can without holding anyone up.
const COPY: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// Copies what is left, and cuts the journal's file off.
const EMPTY: &str = "PRAGMA wal_checkpoint(TRUNCATE)";

/// Longest that readers may keep the journal from being emptied while nobody may write.
const EMPTYING_WAIT: Duration = Duration::from_millis(50);

/// How long it is tried in all, and how long whoever writes has between two times.
const TRIED_FOR: Duration = Duration::from_secs(10);
const AGAIN_AFTER: Duration = Duration::from_millis(100);

/// What is copied in longer than this left others time to write much more, which is copied too before nobody may write; so often
/// at most.
const COPIED_QUICKLY: Duration = Duration::from_millis(10);
const COPIES: usize = 4;

/// How often whoever copies it says that it is alive, where nothing is written.
const ALIVE_EVERY: Duration = Duration::from_secs(30);

/// The journal of a file, with what keeps the writer from it.
pub(super) struct Journal {
    connection: Mutex<Option<SqliteConnection>>,
    /// Held by the writer while it writes, and by whoever must not meet it.
    gate: Arc<Mutex<()>>,
    /// Held while it is copied, by one at a time.
    copying: Mutex<()>,
}

/// While there is one, the writer waits.
pub(super) type NobodyWrites<'a> = MutexGuard<'a, ()>;

impl Journal {
    /// Of the file at `path`.
    pub(super) async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = sqlite_options(path).create_if_missing(false);
        let connection = options.busy_timeout(EMPTYING_WAIT).connect().await?;
        Ok(Self {
            connection: Mutex::new(Some(connection)),
            gate: Arc::default(),
            copying: Mutex::default(),
        })
    }

    /// What the writer holds while it writes.
    pub(super) fn gate(&self) -> Arc<Mutex<()>> {
        Arc::clone(&self.gate)
    }

    /// Waits until the writer is done with what it writes, and has it wait.
    pub(super) async fn nobody_writes(&self) -> NobodyWrites<'_> {
        self.gate.lock().await
    }

    /// Copies it into the file: most of it while others write on, and what is left while none may. With nothing left in it, the
    /// journal begins anew with the next commit.
    pub(super) async fn copy(&self) -> Result<(), StoreError> {
        let _alone = self.copying.lock().await;
        for _ in 0..COPIES {
            let begun = Instant::now();
            self.run(COPY).await?;
            if begun.elapsed() <= COPIED_QUICKLY {
                break;
            }
        }
        let _nobody_writes = self.nobody_writes().await;
        self.run(COPY).await?;
        Ok(())
    }

    /// Empties it; whether that was done. Readers may hold it back, for whom whoever writes does not wait longer than a little:
    /// then it is emptied another time.
    pub(super) async fn empty(&self) -> Result<bool, StoreError> {
        let nobody_writes = self.nobody_writes().await;
        self.empty_while(&nobody_writes).await
    }

    /// The same for a caller that has the writer wait.
    pub(super) async fn empty_while(&self, _: &NobodyWrites<'_>) -> Result<bool, StoreError> {
        let was_held_back = self.run(EMPTY).await?;
        Ok(!was_held_back)
    }

    /// Empties it and tries again while readers hold it back; what they hold back for long is left to the next time.
    pub(super) async fn empty_soon(&self) -> Result<(), StoreError> {
        let until = Instant::now() + TRIED_FOR;
        loop {
            self.copy().await?;
            if self.empty().await? || Instant::now() >= until {
                return Ok(());
            }
            tokio::time::sleep(AGAIN_AFTER).await;
        }
    }

    /// Runs a statement that says first whether it was held back. Whoever waits here may have the writer wait: so nobody who
    /// runs one waits for the writer meanwhile.
    async fn run(&self, statement: &'static str) -> Result<bool, StoreError> {
        let mut connection = self.connection.lock().await;
        let connection = connection.as_mut().ok_or(StoreError::Closed)?;
        let row = sqlx::query(statement).fetch_one(connection).await?;
        Ok(row.try_get::<i64, _>(0)? != 0)
    }

    pub(super) async fn close(&self) {
        if let Some(connection) = self.connection.lock().await.take() {
            let _ = connection.close().await;
        }
    }
}

/// Counts what is written and calls when it is enough.
pub(super) struct Meter {
    full: Arc<Notify>,
    written_bytes: usize,
}

impl Meter {
    /// Starts whoever copies `journal`; it ends with the meter.
    pub(super) fn start(supervisor: &Supervisor, journal: Arc<Journal>) -> (Self, Ending) {
        let full = Arc::new(Notify::new());
        let called = Arc::clone(&full);
        let copying = supervisor.spawn("journal", ALIVE_EVERY * 2, move |heartbeat| {
            copy_when_full(Arc::clone(&journal), Arc::clone(&called), heartbeat)
        });
        let meter = Self {
            full,
            written_bytes: 0,
        };
        (meter, Ending(copying))
    }

    /// So much more was written.
    pub(super) fn add(&mut self, bytes: usize) {
        self.written_bytes += bytes;
        if self.written_bytes >= COPIED_AFTER_BYTES {
            self.written_bytes = 0;
            self.full.notify_one();
        }
    }
}

/// Ends it.
pub(super) struct Ending(JoinHandle<()>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn copy_when_full(journal: Arc<Journal>, full: Arc<Notify>, heartbeat: Heartbeat) {
    loop {
        heartbeat.done(ALIVE_EVERY * 2);
        let is_full = tokio::time::timeout(ALIVE_EVERY, full.notified()).await;
        if is_full.is_ok() {
            // What fails now is done by the next round, or by SQLite itself once the journal has grown.
            let _ = journal.copy().await;
        }
    }
}
