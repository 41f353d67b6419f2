//! Emptying SQLite's journal beside the writer. SQLite itself does it within a commit, for which everybody in the group then
//! waits; here a connection of its own copies most of the journal while others write on, and only the rest while none may.

use mifeng_foundation::storage::sqlite_options;
use mifeng_foundation::supervisor::{Heartbeat, Supervisor};
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnection;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, Notify};
use tokio::task::JoinHandle;

/// Bytes of ciphertext after which the journal is emptied: about a thousand pages, as SQLite would.
const EMPTIED_AFTER_BYTES: usize = 3 * 1024 * 1024;

/// Copies what it can without holding anyone up.
const COPY: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// How often whoever empties it says that it is alive, where nothing is written.
const ALIVE_EVERY: Duration = Duration::from_secs(30);

/// Counts what is written and calls when it is enough.
pub(super) struct Meter {
    full: Arc<Notify>,
    written_bytes: usize,
}

impl Meter {
    /// Starts whoever empties the journal of the file at `path`; it ends with the meter. `gate` is held while a group is
    /// written.
    pub(super) fn start(
        supervisor: &Supervisor,
        path: &Path,
        gate: Arc<Mutex<()>>,
    ) -> (Self, Ending) {
        let options = sqlite_options(path).create_if_missing(false);
        let full = Arc::new(Notify::new());
        let called = Arc::clone(&full);
        let emptying = supervisor.spawn("journal", ALIVE_EVERY * 2, move |heartbeat| {
            let (options, full, gate) = (options.clone(), Arc::clone(&called), Arc::clone(&gate));
            async move {
                // Without a connection this counts as a death, and is tried again.
                if let Ok(connection) = options.connect().await {
                    empty(connection, full, gate, heartbeat).await;
                }
            }
        });
        let meter = Self {
            full,
            written_bytes: 0,
        };
        (meter, Ending(emptying))
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

async fn empty(
    mut connection: SqliteConnection,
    full: Arc<Notify>,
    gate: Arc<Mutex<()>>,
    heartbeat: Heartbeat,
) {
    loop {
        heartbeat.done(ALIVE_EVERY * 2);
        let is_full = tokio::time::timeout(ALIVE_EVERY, full.notified()).await;
        if is_full.is_err() {
            continue;
        }
        // What fails now is done by the next round, or by SQLite itself once the journal has grown.
        let _ = sqlx::query(COPY).execute(&mut connection).await;
        let _nobody_writes = gate.lock().await;
        // With nothing left in it, the journal begins anew with the next commit.
        let _ = sqlx::query(COPY).execute(&mut connection).await;
    }
}
