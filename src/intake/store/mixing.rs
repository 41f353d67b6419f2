//! Forgetting the order of arrival. What comes is written one after another, since that is what disks are quick at; now
//! and then all of it is written anew in an order that means nothing, and the journals that saw it come are emptied.

use crate::storage::{StoreError, sqlite_options};
use crate::telemetry::{Event, log};
use sqlx::postgres::PgPool;
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Mutex;

/// Up to this size a database is written anew in memory, beyond it through a temporary file, in bytes.
const IN_MEMORY_MAX_BYTES: i64 = 64 * 1024 * 1024;

/// Whether anything was written since the last mixing. Shared by whoever writes.
#[derive(Clone)]
pub(super) struct Changed(Arc<AtomicBool>);

impl Changed {
    /// What a process left behind that was killed is mixed first of all.
    pub(super) fn at_start() -> Self {
        Self(Arc::new(AtomicBool::new(true)))
    }

    /// Something is being written.
    pub(super) fn note(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn take(&self) -> bool {
        self.0.swap(false, Ordering::Relaxed)
    }
}

/// Mixing in a SQLite file, over a connection of its own.
pub(super) struct SqliteMixing {
    connection: Mutex<Option<SqliteConnection>>,
    readers: SqlitePool,
    gate: Arc<Mutex<()>>,
    changed: Changed,
}

impl SqliteMixing {
    pub(super) async fn open(
        path: &Path,
        readers: SqlitePool,
        changed: Changed,
    ) -> Result<Self, StoreError> {
        let connection = sqlite_options(path).connect().await?;
        Ok(Self {
            connection: Mutex::new(Some(connection)),
            readers,
            gate: Arc::default(),
            changed,
        })
    }

    /// What the writer holds while it writes.
    pub(super) fn gate(&self) -> Arc<Mutex<()>> {
        Arc::clone(&self.gate)
    }

    pub(super) async fn mix(&self) -> Result<bool, StoreError> {
        let mut connection = self.connection.lock().await;
        let connection = connection.as_mut().ok_or(StoreError::Closed)?;
        let _nobody_writes = self.gate.lock().await;
        if !self.changed.take() {
            return Ok(false);
        }
        if let Err(error) = self.rewrite(connection).await {
            self.changed.note();
            return Err(error);
        }
        Ok(true)
    }

    /// Random places, then the whole file anew: pages in the order of keys, none left over from before.
    async fn rewrite(&self, connection: &mut SqliteConnection) -> Result<(), StoreError> {
        let pages = number(connection, "PRAGMA page_count").await?;
        let page_bytes = number(connection, "PRAGMA page_size").await?;
        let temporary = if pages.saturating_mul(page_bytes) <= IN_MEMORY_MAX_BYTES {
            "PRAGMA temp_store = MEMORY"
        } else {
            "PRAGMA temp_store = FILE"
        };
        for statement in [
            temporary,
            "UPDATE envelope SET place = -1 - ABS(RANDOM() % 4611686018427387904) WHERE place > 0",
            "VACUUM",
        ] {
            sqlx::query(statement).execute(&mut *connection).await?;
        }
        // Readers may hold it back; then the journal is emptied after the next deletion or mixing.
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&self.readers)
            .await?;
        Ok(())
    }

    pub(super) async fn close(&self) {
        // What is not mixed now is mixed at the next start.
        let _ = self.mix().await;
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

/// The tables in the order in which a submission locks them, each with its key.
const TABLES: [(&str, &str); 4] = [
    ("mailbox", "lookup_digest"),
    ("message", "id"),
    ("envelope", "id"),
    ("attachment", "id"),
];

/// What empties PostgreSQL's own journal. It needs the role `pg_checkpoint` and the right to call `pg_switch_wal`.
const EMPTY_JOURNAL: [&str; 2] = ["SELECT pg_switch_wal()", "CHECKPOINT"];

/// Mixing in a PostgreSQL database.
pub(super) struct PgMixing {
    changed: Changed,
    refused: AtomicBool,
}

impl PgMixing {
    pub(super) fn new(changed: Changed) -> Self {
        Self {
            changed,
            refused: AtomicBool::new(false),
        }
    }

    pub(super) async fn mix(&self, pool: &PgPool) -> Result<bool, StoreError> {
        if !self.changed.take() {
            return Ok(false);
        }
        if let Err(error) = rewrite(pool).await {
            self.changed.note();
            return Err(error);
        }
        for statement in EMPTY_JOURNAL {
            match sqlx::query(statement).execute(pool).await {
                Ok(_) => {}
                Err(error) if is_refused(&error) => {
                    if !self.refused.swap(true, Ordering::Relaxed) {
                        log(Event::Weakness {
                            what: "the database's journal keeps the order of arrival: grant pg_checkpoint and pg_switch_wal",
                        });
                    }
                    break;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    }
}

/// SQLSTATE 42501: the privilege is missing.
fn is_refused(error: &sqlx::Error) -> bool {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    code.is_some_and(|code| code == "42501")
}

/// One transaction in which every row is written anew in the order of its key: by it, place, chunk and number of the
/// transaction are the same for all. Gives up where somebody writes for long; the next time does it.
async fn rewrite(pool: &PgPool) -> Result<(), StoreError> {
    let mut transaction = pool.begin().await?;
    sqlx::query("SET LOCAL lock_timeout = '500ms'")
        .execute(&mut *transaction)
        .await?;
    sqlx::query("LOCK TABLE mailbox, message, envelope, attachment IN ACCESS EXCLUSIVE MODE")
        .execute(&mut *transaction)
        .await?;
    for (table, key) in TABLES {
        for statement in [
            format!("CREATE TEMPORARY TABLE mixed_{table} ON COMMIT DROP AS TABLE {table}"),
            format!("TRUNCATE {table}"),
            format!("INSERT INTO {table} SELECT * FROM mixed_{table} ORDER BY {key}"),
        ] {
            sqlx::query(AssertSqlSafe(statement))
                .execute(&mut *transaction)
                .await?;
        }
    }
    transaction.commit().await?;
    Ok(())
}
