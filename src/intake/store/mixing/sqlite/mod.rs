//! Mixing in a SQLite file: a little at a time, so that whoever sends something waits for one piece at most, however much
//! there is. What came is moved in the order of its random ids; each row takes a place that another one left.

mod round;

use super::{BEFORE_STOP, CLOSING, Changed};
use crate::store::journal::Journal;
use mifeng_foundation::storage::{StoreError, sqlite_options};
use round::{KEYED, Round};
use sqlx::sqlite::SqliteConnection;
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// A file of which no more pages than these are in use is written anew whole, which takes no longer than a piece.
const WHOLE_MAX_PAGES: i64 = 1024;

/// Of so many parts of time at most one is spent on [tables with random keys](KEYED).
const SELDOM: u32 = 100;

/// The engine does not copy the journal within the commit of a piece, for which whoever writes would wait.
const NEVER_COPIED: &str = "0";

/// Mixing in a SQLite file, over a connection of its own.
pub(in super::super) struct SqliteMixing {
    connection: Mutex<Option<SqliteConnection>>,
    journal: Arc<Journal>,
    changed: Changed,
    seldom: Mutex<Seldom>,
    holds: Holds,
}

/// When the tables with random keys are written anew next.
#[derive(Default)]
struct Seldom {
    next: Option<Instant>,
}

/// How the writer was held up so far.
#[derive(Default)]
pub(in super::super) struct Holds {
    /// How often.
    pub count: AtomicU64,
    /// Most rows that were moved in one of them.
    pub most_rows: AtomicU64,
}

impl SqliteMixing {
    pub(in super::super) async fn open(
        path: &Path,
        journal: Arc<Journal>,
        changed: Changed,
    ) -> Result<Self, StoreError> {
        let options = sqlite_options(path).pragma("wal_autocheckpoint", NEVER_COPIED);
        Ok(Self {
            connection: Mutex::new(Some(options.connect().await?)),
            journal,
            changed,
            seldom: Mutex::default(),
            holds: Holds::default(),
        })
    }

    /// How the writer was held up.
    #[cfg(test)]
    pub(in super::super) fn holds(&self) -> &Holds {
        &self.holds
    }

    pub(in super::super) async fn mix(&self) -> Result<bool, StoreError> {
        self.mix_until(None).await
    }

    /// The same in a hurry, while whoever sends something is still answered.
    pub(in super::super) async fn mix_before_stop(&self) -> Result<bool, StoreError> {
        self.mix_until(Some(Instant::now() + BEFORE_STOP)).await
    }

    async fn mix_until(&self, until: Option<Instant>) -> Result<bool, StoreError> {
        let mut connection = self.connection.lock().await;
        let connection = connection.as_mut().ok_or(StoreError::Closed)?;
        let Some(count) = self.changed.unmixed() else {
            return Ok(false);
        };
        let free = number(connection, "PRAGMA freelist_count").await?;
        let pages = number(connection, "PRAGMA page_count").await? - free;
        if pages <= WHOLE_MAX_PAGES {
            self.write_anew(connection).await?;
            return Ok(true);
        }
        let mut round = Round::new(connection, &self.journal, &self.holds, until);
        let mut whole = round.move_envelopes().await?;
        let mut seldom = self.seldom.lock().await;
        let is_due = seldom.next.is_none_or(|next| Instant::now() >= next);
        if until.is_some() || is_due {
            let others = round.held();
            for table in KEYED {
                whole &= round.sort_anew(table).await?;
            }
            let held: Duration = round.held().saturating_sub(others);
            seldom.next = Some(Instant::now() + held * SELDOM);
        } else {
            whole = false;
        }
        self.journal.copy().await?;
        self.journal.empty().await?;
        if whole {
            self.changed.all_mixed(count);
        }
        Ok(true)
    }

    /// Random places, then the whole file anew: pages in the order of keys, none left over from before.
    async fn write_anew(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let nobody_writes = self.journal.nobody_writes().await;
        let Some(count) = self.changed.unmixed() else {
            return Ok(());
        };
        self.holds.count.fetch_add(1, Ordering::Relaxed);
        for statement in [
            "UPDATE envelope SET place = -1 - ABS(RANDOM() % 4611686018427387904) WHERE place > 0",
            "VACUUM",
        ] {
            sqlx::query(statement).execute(&mut *connection).await?;
        }
        // Readers may hold it back; then the journal is emptied after the next deletion or mixing.
        self.journal.empty_while(&nobody_writes).await?;
        self.changed.all_mixed(count);
        Ok(())
    }

    pub(in super::super) async fn close(&self) {
        // What is not mixed now is mixed at the next start.
        let _ = self.mix_until(Some(Instant::now() + CLOSING)).await;
        if let Some(connection) = self.connection.lock().await.take() {
            let _ = connection.close().await;
        }
    }
}

async fn number(
    connection: &mut SqliteConnection,
    pragma: &'static str,
) -> Result<i64, StoreError> {
    let row = sqlx::query(pragma).fetch_one(connection).await?;
    Ok(row.try_get(0)?)
}
