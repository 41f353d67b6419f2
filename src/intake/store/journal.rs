//! Emptying SQLite's journal beside the writer. SQLite itself does it within a commit, for which everybody in the group then
//! waits; here a connection of its own copies most of the journal while others write on, and only the rest while none may.

use crate::storage::{StoreError, sqlite_options};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnection;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;

/// Bytes of ciphertext after which the journal is emptied: about a thousand pages, as SQLite would.
const EMPTIED_AFTER_BYTES: usize = 3 * 1024 * 1024;

/// Copies what it can without holding anyone up.
const COPY: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// Counts what is written and calls when it is enough.
pub(super) struct Meter {
    full: Arc<Notify>,
    written_bytes: usize,
}

impl Meter {
    /// Starts whoever empties the journal of the file at `path`; it ends with the meter. `gate` is held while a group is
    /// written.
    pub(super) async fn start(
        path: &Path,
        gate: Arc<Mutex<()>>,
    ) -> Result<(Self, Ending), StoreError> {
        let connection = sqlite_options(path).connect().await?;
        let full = Arc::new(Notify::new());
        let emptying = tokio::spawn(empty(connection, Arc::clone(&full), gate));
        let meter = Self {
            full,
            written_bytes: 0,
        };
        Ok((meter, Ending(emptying)))
    }

    /// So much more was written.
    pub(super) fn add(&mut self, bytes: usize) {
        self.written_bytes += bytes;
        if self.written_bytes >= EMPTIED_AFTER_BYTES {
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

async fn empty(mut connection: SqliteConnection, full: Arc<Notify>, gate: Arc<Mutex<()>>) {
    loop {
        full.notified().await;
        // What fails now is done by the next round, or by SQLite itself once the journal has grown.
        let _ = sqlx::query(COPY).execute(&mut connection).await;
        let _nobody_writes = gate.lock().await;
        // With nothing left in it, the journal begins anew with the next commit.
        let _ = sqlx::query(COPY).execute(&mut connection).await;
    }
}
